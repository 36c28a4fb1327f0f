"""A comparison with an absolute tolerance, which says by what factor all numbers are off."""

from collections.abc import Callable, Mapping

import numpy as np

from relukit.checks.comparison import Arguments, Compare, asks_dtype, form


def near(tolerance: Mapping[str, float], *, size: Callable[[Arguments], float]) -> Compare:
    """Return a comparison that asks for the same shape and dtype, and a small absolute error.

    Args:
        tolerance: the largest error for each dtype's name, in units of the size.
        size: says, for the arguments, how large a typical result is (dimensionless).

    Example:
        >>> compare = near({"float64": 1e-9}, size=lambda arguments: 1.0)
        >>> compare((), np.array([1.0, -2.0]), np.array([3.0, -6.0]))
        'every number is 3 times what is asked for'
    """

    @asks_dtype
    def compare(arguments: Arguments, expected: np.ndarray, got: object) -> str | None:
        allowed = tolerance[expected.dtype.name] * size(arguments)
        return form(expected, got) or difference(expected, np.asarray(got), allowed)

    return compare


def difference(expected: np.ndarray, got: np.ndarray, allowed: float) -> str | None:
    """Return what is said of numbers that lie further apart than allowed, or None.

    Args:
        expected: an array.
        got: an array of the same shape.
        allowed: the largest absolute error.

    Conventions: nan equals nan.
    """
    wanted, given = expected.astype(float), got.astype(float)
    with np.errstate(all="ignore"):
        error = np.abs(given - wanted)
    same = (error <= allowed) | (np.isnan(wanted) & np.isnan(given))
    if same.all():
        return None
    factor = _factor(wanted, given, allowed)
    if factor is not None:
        who = "every number" if wanted.size > 1 else "the number"
        return f"{who} is {factor:.3g} times what is asked for"
    index = tuple(int(i) for i in np.argwhere(~same)[0])
    place = f"at index {index if len(index) > 1 else index[0]}: " if wanted.size > 1 else ""
    if np.isnan(wanted[index]):
        return f"{place}nan must stay nan, so that a fault upstream stays visible"
    if np.isnan(given[index]):
        return f"{place}nan came out where a number is due"
    return f"{place}the number is off by {error[index]:.2g}, and {allowed:.1g} is allowed"


def _factor(wanted: np.ndarray, given: np.ndarray, allowed: float) -> float | None:
    """Return the factor between all numbers, or None where there is none worth a word."""
    if not (np.isfinite(wanted).all() and np.isfinite(given).all() and wanted.any()):
        return None
    factor = float((wanted * given).sum() / (wanted * wanted).sum())
    fits = np.abs(given - factor * wanted) <= allowed * max(1.0, abs(factor))
    return factor if fits.all() and factor and abs(factor - 1) > 0.01 else None
