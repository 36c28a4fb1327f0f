"""What a comparison of two settings is allowed to say."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from relukit.errors import InvalidValueError
from relukit.quantities import real
from relukit.statistics.intervals import Interval, student_interval
from relukit.statistics.values import confidence_level, finite_values


@dataclass(frozen=True)
class Comparison:
    """What paired values say about a - b, once a margin is granted.

    Args:
        difference: interval of the mean of a - b, in the unit of the values.
        margin: difference that is too small to matter, in the same unit.
        verdict: "a is higher", "b is higher", "the same within the margin" or "not decided".

    Example:
        >>> print(paired_difference([3.0, 4.1, 5.2], [1.0, 2.0, 3.0], margin=0.5))
        a is higher: 2.10 [1.85, 2.35] (3 pairs, 95 %), margin 0.5
    """

    difference: Interval
    margin: float
    verdict: str

    def __str__(self) -> str:
        return f"{self.verdict}: {self.difference}, margin {self.margin:g}"


def paired_difference(
    a: Iterable[float], b: Iterable[float], *, level: float = 0.95, margin: float = 0.0
) -> Comparison:
    """Return the interval of the mean of a - b over pairs, and the verdict that it allows.

    Args:
        a: one number for each seed, shape (n,) with n >= 2.
        b: the other setting's numbers for the same seeds in the same order, shape (n,).
        level: confidence level between 0 and 1, dimensionless.
        margin: difference that is too small to matter, at least 0, in the unit of a and b.

    Returns:
        A Comparison: "a is higher" only if the whole interval lies above +margin, "b is higher"
        only if it lies below -margin, "the same within the margin" only if it lies between the two,
        otherwise "not decided".

    Raises:
        InvalidTypeError: values or a margin that are not numbers.
        InvalidValueError: unequal lengths, a negative or infinite margin, or what `interval`
            refuses.

    Conventions: an interval that ends exactly at the margin decides nothing; without a margin
        nothing is shown to be the same. A pair that differs by rounding only (four units in the
        last place of float64) differs by 0.

    Example:
        >>> paired_difference([0.97, 0.96, 0.98], [0.96, 0.97, 0.97]).verdict
        'not decided'
        >>> paired_difference([0.97, 0.96, 0.98], [0.96, 0.97, 0.97], margin=0.05).verdict
        'the same within the margin'
    """
    first, second = finite_values("a", a), finite_values("b", b)
    if len(first) != len(second):
        raise InvalidValueError(
            "a and b of equal length, one pair for each seed",
            f"{len(first)} and {len(second)} values",
            "run both settings with the same seeds",
        )
    margin = real("margin", margin, least=0, do="pass 0.0 for none")
    with np.errstate(over="ignore"):  # an overflow is refused with the other infinities
        gaps = first - second
    gaps[np.abs(gaps) <= 4 * np.spacing(np.maximum(np.abs(first), np.abs(second)))] = 0.0
    difference = student_interval(gaps, confidence_level(level), "pairs")
    verdict = "not decided"
    if difference.low > margin:
        verdict = "a is higher"
    elif difference.high < -margin:
        verdict = "b is higher"
    elif -margin < difference.low and difference.high < margin:
        verdict = "the same within the margin"
    return Comparison(difference=difference, margin=margin, verdict=verdict)
