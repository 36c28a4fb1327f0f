"""What an experiment measures, held against the bounds that were stated before the run."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from relukit.errors import InvalidValueError
from relukit.statistics import Interval

Value = float | Interval
Measured = Mapping[str, Value]  # what an experiment returns: each quantity by its name

# of each relation to a threshold t: all between low and high has it, and nothing between them has
RELATIONS = {
    "below": (lambda low, high, t: high < t, lambda low, high, t: low >= t),
    "above": (lambda low, high, t: low > t, lambda low, high, t: high <= t),
    "equal to": (lambda low, high, t: low == t == high, lambda low, high, t: not low <= t <= high),
    "within": (
        lambda low, high, t: -t < low <= high < t,
        lambda low, high, t: low >= t or high <= -t,
    ),
}


def ends(value: Value) -> tuple[float, float]:
    """Return between which numbers a value lies: an interval's ends, or a number twice."""
    return (value.low, value.high) if isinstance(value, Interval) else (value, value)


def needs(relation: str, threshold: float) -> str:
    """Return in words where a measured value has to lie.

    Args:
        relation: one of RELATIONS.
        threshold: the number stated before the run.

    Example:
        >>> needs("above", 0.9), needs("equal to", 3), needs("within", 0.01)
        ('above 0.9', 'exactly 3', 'between -0.01 and 0.01')
    """
    if relation == "equal to":
        return f"exactly {threshold:g}"
    if relation == "within":
        return f"between {-threshold:g} and {threshold:g}"
    return f"{relation} {threshold:g}"


@dataclass(frozen=True)
class Measurement:
    """One part of a claim: a number, and the relation to a threshold that would make it hold.

    Attributes:
        what: what was measured, as the claim would have it.
        value: a number, or an interval over seeds.
        relation: "below", "above", "equal to", or "within" (its size is below).
        threshold: the number stated before the run.
        shown: how a number is printed that is the same on every machine, such as ".2f"; "" prints
            none, for what differs between machines. An interval prints itself.
        margin: a difference of this size does not matter; an interval inside of it shows that
            what was claimed to differ is the same. 0 where there is none.
    """

    what: str
    value: Value
    relation: str
    threshold: float
    shown: str = ""
    margin: float = 0.0

    def __post_init__(self) -> None:
        if self.relation not in RELATIONS:
            raise InvalidValueError(
                f"a relation out of {', '.join(RELATIONS)}", repr(self.relation), "correct it"
            )

    @property
    def holds(self) -> bool | None:
        """True, False, or None where part of the interval is as stated and part is not."""
        everywhere, nowhere = RELATIONS[self.relation]
        low, high = ends(self.value)
        if everywhere(low, high, self.threshold):
            return True
        return False if nowhere(low, high, self.threshold) or math.isnan(low) else None

    @property
    def same(self) -> bool:
        """Whether the value is shown to lie inside the margin, on which a difference is none."""
        return all(abs(end) < self.margin for end in ends(self.value))

    @property
    def became(self) -> str:
        """What the stated relation came to, in words."""
        if not self.holds and self.same:
            return f"the same within {self.margin:g}"
        return {True: "holds", False: "does not hold", None: "not decided"}[self.holds]

    def __str__(self) -> str:
        value = "differs between computers"
        if isinstance(self.value, Interval):
            value = str(self.value)
        elif self.shown:
            value = format(self.value, self.shown)
        needed = f"(the claim needs {needs(self.relation, self.threshold)}):"
        return f"{self.what}: {value} {needed} {self.became}"


@dataclass(frozen=True)
class Demand:
    """What a claim demands of one measured quantity, stated before the run.

    Attributes:
        what: the quantity's name, as the experiment returns it.
        bounds: pairs of a relation and a number; two of them make a demand with two sides.
        shown: as in `Measurement`.
        margin: as in `Measurement`.
    """

    what: str
    bounds: tuple[tuple[str, float], ...]
    shown: str = ""
    margin: float = 0.0

    def held(self, value: Value) -> tuple[Measurement, ...]:
        """Return a measured value beside each of the bounds."""
        return tuple(
            Measurement(self.what, value, *b, self.shown, self.margin) for b in self.bounds
        )


@dataclass(frozen=True)
class Finding:
    """The outcome of an experiment: its measurements and the verdict they add up to.

    Attributes:
        measurements: the parts of the claim, each with its own threshold.
    """

    measurements: tuple[Measurement, ...]

    @property
    def n_seeds(self) -> int:
        """How many random networks or data sets each interval rests on; 0 without intervals."""
        values = (m.value for m in self.measurements)
        return max((value.n for value in values if isinstance(value, Interval)), default=0)

    @property
    def verdict(self) -> str:
        """The verdict to which the measured quantities add up.

        "true" if all are as demanded, "wrong" if none is, "depends" if some are. A quantity
        between two bounds is as demanded where both hold. One of which neither is shown nor
        refuted makes it "not decided", unless others are as demanded and others again are not:
        then it "depends", whatever became of that one. Where none is as demanded because all of
        them lie inside their margins, it is "the same".
        """
        parts: dict[str, list[Measurement]] = {}
        for measurement in self.measurements:
            parts.setdefault(measurement.what, []).append(measurement)
        held = {_both(sides) for sides in parts.values()}
        if {True, False} <= held or {True, "same"} <= held:
            return "depends"
        if None in held:
            return "not decided"
        if held == {"same"}:
            return "the same"
        return "true" if held == {True} else "wrong"

    @property
    def lines(self) -> tuple[str, ...]:
        """One line a measurement; numbers that differ between machines come with intervals."""
        return tuple(str(m) for m in self.measurements)

    @property
    def measured(self) -> tuple[str, ...]:
        """One line a measurement, with the number of this run also where none is printed."""
        return tuple(
            str(m) if m.shown or isinstance(m.value, Interval) else f"{m}; measured {m.value:.6g}"
            for m in self.measurements
        )


def _both(sides: list[Measurement]) -> bool | str | None:
    """Return whether all sides of one quantity hold; one that is refuted refutes it."""
    held = [side.holds for side in sides]
    if all(held):
        return True
    if any(side.same for side in sides):
        return "same"
    return False if False in held else None
