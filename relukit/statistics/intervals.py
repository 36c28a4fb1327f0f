"""An estimate over seeds or trials, with the interval that says how well it is known."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from relukit.errors import InvalidValueError
from relukit.quantities import integer
from relukit.statistics.values import confidence_level, finite_values


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence interval, low <= mean <= high.

    Args:
        mean: the estimate, in the unit of the values.
        low: lower end, in the same unit.
        high: upper end, in the same unit.
        n: how many observations it rests on.
        level: share of such intervals that hold the true value, dimensionless, such as 0.95.
        counted: what the n observations are.

    Raises:
        InvalidValueError: the three numbers are out of order, or one of them is nan.

    Conventions: printed with so many digits that one unit of the last is at most a fifth of the
        interval's width.

    Example:
        >>> print(Interval(mean=0.97312, low=0.97011, high=0.97613, n=16, level=0.95))
        0.973 [0.970, 0.976] (16 seeds, 95 %)
    """

    mean: float
    low: float
    high: float
    n: int
    level: float
    counted: str = "seeds"

    def __post_init__(self) -> None:
        if not self.low <= self.mean <= self.high:
            raise InvalidValueError(
                "low <= mean <= high",
                f"low {self.low}, mean {self.mean}, high {self.high}",
                "build it with interval() or proportion()",
            )

    def contains(self, value: float) -> bool:
        """Return whether low <= value <= high.

        Raises:
            InvalidValueError: value is nan, which no interval contains or excludes.

        Example:
            >>> Interval(mean=0.5, low=0.4, high=0.6, n=9, level=0.95).contains(0.6)
            True
        """
        if math.isnan(value):
            raise InvalidValueError("a number to compare with", "nan", "find out where it arose")
        return bool(self.low <= value <= self.high)

    def excludes(self, value: float) -> bool:
        """Return whether value < low or value > high.

        Raises:
            InvalidValueError: value is nan, which no interval contains or excludes.

        Example:
            >>> Interval(mean=0.5, low=0.4, high=0.6, n=9, level=0.95).excludes(0.0)
            True
        """
        return not self.contains(value)

    def __str__(self) -> str:
        size, unit = max(abs(self.low), abs(self.high)), (self.high - self.low) / 5
        if not 2e-13 * size < unit < math.inf:  # no width, or one of rounding only
            form = ".6g"
        else:
            decimals = math.ceil(-math.log10(unit))
            if 1e-4 <= size < 1e7:
                form = f".{max(decimals, 0)}f"
            else:
                form = f".{max(decimals + math.floor(math.log10(size)), 0)}e"
        mean, low, high = (format(value, form) for value in (self.mean, self.low, self.high))
        return f"{mean} [{low}, {high}] ({self.n} {self.counted}, {100 * self.level:g} %)"


def interval(values: Iterable[float], *, level: float = 0.95) -> Interval:
    r"""Return the mean with Student's interval, $\bar v \pm t_{n-1}\,s/\sqrt n$.

    $t_{n-1}$ is the (1 + level)/2 quantile of Student's distribution, s the standard deviation.

    Args:
        values: one number for each seed, shape (n,) with n >= 2, in any unit.
        level: confidence level between 0 and 1, dimensionless.

    Returns:
        An Interval in the unit of the values; equal values give one of width 0.

    Raises:
        InvalidTypeError: values that are not numbers, or yes/no values.
        InvalidValueError: fewer than two values, not one axis, nan, infinity, squares that
            overflow, or a level outside (0, 1).

    References: [Student1908].

    Example:
        >>> print(interval([0.971, 0.975, 0.969, 0.977]))
        0.973 [0.967, 0.979] (4 seeds, 95 %)
    """
    return student_interval(finite_values("values", values), confidence_level(level), "seeds")


def proportion(successes: int, n: int, *, level: float = 0.95) -> Interval:
    """Return successes / n with Wilson's score interval, which stays inside 0 to 1.

    Args:
        successes: how many of the n trials succeeded, 0 to n.
        n: number of trials, at least 1.
        level: confidence level between 0 and 1, dimensionless.

    Returns:
        An Interval, dimensionless; it has a width even when no trial or every trial succeeded.

    Raises:
        InvalidTypeError: a count that is no integer, or a level that is no number.
        InvalidValueError: n < 1, successes outside 0 to n, or a level outside (0, 1).

    References: [Wilson1927].

    Example:
        >>> print(proportion(438, 450))
        0.973 [0.954, 0.985] (450 trials, 95 %)
    """
    from scipy.stats import binomtest

    do = "pass successes first and the number of trials second"
    n = integer("n", n, least=1, do=do)
    successes = integer("successes", successes, least=0, most=n, do=do)
    level, estimate = confidence_level(level), successes / n
    ends = binomtest(successes, n).proportion_ci(level, method="wilson")
    low, high = min(float(ends.low), estimate), max(float(ends.high), estimate)
    return Interval(estimate, low, high, n=n, level=level, counted="trials")


def student_interval(values: np.ndarray, level: float, counted: str) -> Interval:
    """Return Student's interval of values that have been checked.

    Example:
        >>> student_interval(np.array([2.0, 2.0]), 0.95, "pairs").high
        2.0
    """
    from scipy.special import stdtrit

    n = len(values)
    with np.errstate(over="ignore", invalid="ignore"):
        mean = float(values.mean())
        half = float(-stdtrit(n - 1, (1 - level) / 2) * values.std(ddof=1) / math.sqrt(n))
    if not math.isfinite(mean + half):
        raise InvalidValueError(
            "values whose squares fit into float64",
            f"values up to {np.abs(values).max():.3g}",
            "compare their logarithms",
        )
    return Interval(mean, mean - half, mean + half, n=n, level=level, counted=counted)
