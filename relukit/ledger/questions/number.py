"""A number, which is right near to what is measured."""

from dataclasses import dataclass
from typing import ClassVar

from relukit.errors import RelukitError
from relukit.ledger.finding import Measured
from relukit.ledger.questions.question import (
    Question,
    Score,
    distance,
    figure,
    labelled,
    mean,
    rounded,
    with_unit,
)
from relukit.quantities import real
from relukit.record import Answer

RIGHT, CLOSE = 0.1, 0.25  # of what is measured, where the entry names no tolerances


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """A number: right near to what is measured, close in a wider range, else off.

    Right is inside the interval, or within `right` of its mean; close is within `close` of it.

    Attributes:
        what: the quantity's name, or "" for the only one that is measured.
        right: the tolerance in the question's unit; None takes a tenth of what is measured.
        close: the same, for close; None takes a quarter.
    """

    KIND: ClassVar[str] = "number"
    what: str = ""
    right: float | None = None
    close: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.right is None) != (self.close is None):
            raise self.amiss("both right and close, or neither", "one", "state the other one")
        if self.right is not None and not 0 <= self.right <= (self.close or 0):
            got = f"right = {self.right:g}, close = {self.close:g}"
            raise self.amiss("0 <= right <= close", got, "state them in the question's unit")

    @property
    def quantities(self) -> tuple[str, ...]:
        """The name of what is measured, where it has one."""
        return (self.what,) if self.what else ()

    @property
    def how(self) -> str:
        """How it is answered."""
        return f"Replace ... by a number{f' (in {self.unit})' if self.unit else ''}."

    @property
    def rule(self) -> str:
        """What counts as right and as close."""
        if self.right is None or self.close is None:
            return "right within a tenth of what is measured, or inside its interval; close within \
a quarter"
        right, close = (
            with_unit(f"{tolerance:g}", self.unit, difference=True)
            for tolerance in (self.right, self.close)
        )
        return f"right within {right}, or inside the interval; close within {close}"

    def read(self, answer: object) -> Answer:
        """Return the number as a float."""
        number = answer.item() if getattr(answer, "ndim", None) == 0 else answer  # type: ignore[attr-defined]
        try:
            return real("prediction", number)
        except RelukitError as error:
            kind = isinstance(error, TypeError)
            raise self.refused("a finite number", error.got, kind=kind) from None

    def said(self, answer: Answer) -> str:
        """Return the number with its unit."""
        return with_unit(f"{answer:.6g}", self.unit)

    def settled(self, measured: Measured) -> Answer:
        """Return the mean of what was measured."""
        return mean(self.value(measured, self.what))

    def score(self, answer: Answer, measured: Measured) -> Score:
        """Right or close by the tolerances, else off by the distance to the mean."""
        number, value = float(answer), self.value(measured, self.what)  # type: ignore[arg-type]
        away = abs(number - mean(value))
        right = RIGHT * abs(mean(value)) if self.right is None else self.right
        close = CLOSE * abs(mean(value)) if self.close is None else self.close
        said = with_unit(rounded(away), self.unit, difference=True)
        if distance(number, value) == 0 or away <= right:
            return Score("right")
        return Score("close" if away <= close else "off", said)

    def shown(self, measured: Measured) -> tuple[tuple[str, str], ...]:
        """Return what was measured or, without an interval, computed."""
        value = self.value(measured, self.what)
        return ((labelled(value, self.unit), figure(value)),)
