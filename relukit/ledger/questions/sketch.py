"""A sketch: values at given places, held against a measured curve."""

from dataclasses import dataclass
from typing import ClassVar

from relukit.errors import RelukitError
from relukit.ledger.finding import Measured, ends
from relukit.ledger.questions.question import (
    Question,
    Score,
    distance,
    figure,
    mean,
    rounded,
    with_unit,
)
from relukit.quantities import real
from relukit.record import Answer

RIGHT, CLOSE = 0.1, 0.25  # of the range of what is measured


@dataclass(frozen=True, kw_only=True)
class Sketch(Question):
    r"""A sketch, judged by its mean distance from the intervals, relative to their range.

    $$\frac{\mathrm{mean}_i\,d(y_i, [l_i, h_i])}{\max_i h_i - \min_i l_i}$$

    Right is a mean distance of at most a tenth of the range, close of at most a quarter.

    Attributes:
        at: the places, increasing.
        x_name: what the places are, such as "steps".
        y_name: what is sketched, such as "lead of SiLU".
        whats: the quantity's name at each place.
    """

    KIND: ClassVar[str] = "sketch"
    at: tuple[float, ...]
    x_name: str
    y_name: str
    whats: tuple[str, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.at) < 2 or any(a >= b for a, b in zip(self.at, self.at[1:], strict=False)):
            raise self.amiss("two places or more, increasing, as at", str(self.at), "sort them")
        if len(self.whats) != len(self.at):
            got, do = f"{len(self.whats)} for {len(self.at)}", "name the quantity at each place"
            raise self.amiss("as many whats as places", got, do)

    @property
    def quantities(self) -> tuple[str, ...]:
        """The quantity's name at each place."""
        return self.whats

    @property
    def how(self) -> str:
        """How it is answered."""
        places = ", ".join(f"{x:g}" for x in self.at)
        unit = f" (in {self.unit})" if self.unit else ""
        return (
            f"Replace ... by a list of {len(self.at)} numbers{unit}: "
            f"{self.y_name} at {places} {self.x_name}."
        )

    @property
    def rule(self) -> str:
        """What counts as right and as close."""
        return (
            "right if your points are, on average, no farther from the measured intervals than "
            "a tenth of the curve's range; close within a quarter"
        )

    def read(self, answer: object) -> Answer:
        """Return the numbers as floats."""
        entries = self.listed(answer, len(self.at), "numbers")
        try:
            return tuple(real("value", entry) for entry in entries)
        except RelukitError as error:
            kind = isinstance(error, TypeError)
            raise self.refused("finite numbers", error.got, kind=kind) from None

    def said(self, answer: Answer) -> str:
        """Return the numbers with their unit."""
        return with_unit(", ".join(f"{value:.6g}" for value in answer), self.unit)  # type: ignore[union-attr]

    def settled(self, measured: Measured) -> Answer:
        """Return the mean at each place."""
        return tuple(mean(self.value(measured, what)) for what in self.whats)

    def score(self, answer: Answer, measured: Measured) -> Score:
        """Right, close or off by the mean distance."""
        values = [self.value(measured, what) for what in self.whats]
        away = [distance(float(y), v) for y, v in zip(answer, values, strict=True)]  # type: ignore[arg-type]
        typical = sum(away) / len(away)
        span = max(ends(v)[1] for v in values) - min(ends(v)[0] for v in values)
        if typical <= RIGHT * span:
            return Score("right")
        said = f"{with_unit(rounded(typical), self.unit, difference=True)} on average"
        return Score("close" if typical <= CLOSE * span else "off", said)

    def shown(self, measured: Measured) -> tuple[tuple[str, str], ...]:
        """Return what was measured at each place."""
        return tuple(
            (f"{x:g} {self.x_name}", with_unit(figure(self.value(measured, what)), self.unit))
            for x, what in zip(self.at, self.whats, strict=True)
        )
