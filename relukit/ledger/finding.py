"""What an experiment measures, held against the bounds that were stated before the run."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from relukit.errors import InvalidValueError
from relukit.statistics import Interval

Value = float | Interval
Measured = Mapping[str, Value]  # what an experiment returns: each quantity by its name

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
    value: Value
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
class Demand:
    """What a claim demands of one measured quantity, stated before the run.

    Attributes:
        what: the quantity's name, as the experiment returns it.
        bounds: pairs of a relation and a number; two of them make a demand with two sides.
        shown: how the number is written where it is the same on every machine, such as ".2f";
            None writes no number, but an interval to two decimals; "" writes none of either.
    """

    what: str
    bounds: tuple[tuple[str, float], ...]
    shown: str | None = None

    def held(self, value: Value) -> tuple[Measurement, ...]:
        """Return a measured value beside each of the bounds."""
        said = self.shown
        if said:
            said = format(value.mean if isinstance(value, Interval) else float(value), said)
        return tuple(Measurement(self.what, value, *bound, said) for bound in self.bounds)


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
        """Return "true" if all quantities are as demanded, "wrong" if none is, else "depends".

        A quantity between two bounds is as demanded where both hold. One of which neither is shown
        nor refuted makes it "no difference shown".
        """
        sides: dict[str, list[bool | None]] = {}
        for measurement in self.measurements:
            sides.setdefault(measurement.what, []).append(measurement.holds)
        held = {_both(found) for found in sides.values()}
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


def _both(found: list[bool | None]) -> bool | None:
    """Return whether all sides of one quantity hold; one that is refuted refutes it."""
    return False if False in found else (None if None in found else True)


def _outwards(value: Interval) -> str:
    low, high = math.floor(100 * value.low) / 100, math.ceil(100 * value.high) / 100
    level = f"{100 * value.level:g} %"
    return f"{value.mean:.2f}, {level} interval {low:.2f} to {high:.2f} over {value.n} seeds"


def _figure(value: Value) -> str:
    return str(value) if isinstance(value, Interval) else f"{value:.6g}"
