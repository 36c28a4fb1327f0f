"""What an experiment returns: measurements held against thresholds stated before the run."""

import math
from dataclasses import dataclass

from relukit.errors import InvalidValueError
from relukit.statistics import Interval

RELATIONS = {
    "below": lambda value, threshold: value < threshold,
    "above": lambda value, threshold: value > threshold,
    "equal to": lambda value, threshold: value == threshold,
}


@dataclass(frozen=True)
class Measurement:
    """One part of a claim: a number, and the relation to a threshold that would make it hold.

    Attributes:
        what: what was measured, as the claim would have it.
        value: a number, or an interval over seeds.
        relation: "below", "above" or "equal to".
        threshold: the number stated before the run.
        shown: the value as text where it is the same on every machine; None shows no number, but
            an interval to two decimals, outwards, which rounding errors do not reach. What trained
            networks measure differs between processors: pass "" and no number is shown.
    """

    what: str
    value: float | Interval
    relation: str
    threshold: float
    shown: str | None = None

    def __post_init__(self) -> None:
        if self.relation not in RELATIONS:
            raise InvalidValueError(
                f"a relation out of {', '.join(RELATIONS)}", repr(self.relation), "correct it"
            )

    @property
    def holds(self) -> bool | None:
        """True, False, or None where the interval lies on both sides of the threshold."""
        test = RELATIONS[self.relation]
        if not isinstance(self.value, Interval):
            return not math.isnan(self.value) and bool(test(self.value, self.threshold))
        sides = {bool(test(end, self.threshold)) for end in (self.value.low, self.value.high)}
        return sides.pop() if len(sides) == 1 else None

    def __str__(self) -> str:
        said = {True: "holds", False: "does not hold", None: "no difference shown"}[self.holds]
        value = self.shown or ""
        if isinstance(self.value, Interval) and not self.shown:
            value = _outwards(self.value) if self.shown is None else f"{self.value.n} seeds"
        stated = f"(stated: {self.relation} {self.threshold:g})"
        return " ".join(filter(None, [f"{self.what}:", value, f"{stated}:", said]))


@dataclass(frozen=True)
class Finding:
    """The outcome of an experiment: its measurements and the verdict they add up to.

    Attributes:
        measurements: the parts of the claim, each with its own threshold.
        n_seeds: how many random networks or data sets each interval rests on; 0 where nothing
            is random.
    """

    measurements: tuple[Measurement, ...]
    n_seeds: int = 0

    @property
    def verdict(self) -> str:
        """ "true" if every part holds, "wrong" if none does, "depends" if some do.

        A part that is neither shown nor refuted makes it "no difference shown".
        """
        held = {m.holds for m in self.measurements}
        if None in held:
            return "no difference shown"
        return "depends" if len(held) == 2 else ("true" if held == {True} else "wrong")

    @property
    def lines(self) -> tuple[str, ...]:
        """One line a measurement, the same on every machine."""
        return tuple(str(m) for m in self.measurements)

    @property
    def measured(self) -> tuple[str, ...]:
        """One line a measurement with the numbers of this run, which differ between machines."""
        return tuple(f"{m}; measured {_figure(m.value)}" for m in self.measurements)


def _outwards(value: Interval) -> str:
    low, high = math.floor(100 * value.low) / 100, math.ceil(100 * value.high) / 100
    level = f"{100 * value.level:g} %"
    return f"{value.mean:.2f}, {level} interval {low:.2f} to {high:.2f} over {value.n} seeds"


def _figure(value: float | Interval) -> str:
    return str(value) if isinstance(value, Interval) else f"{value:.6g}"
