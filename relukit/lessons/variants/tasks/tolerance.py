"""A comparison for sums and products, whose error is small beside their terms."""

from collections.abc import Callable, Mapping

import numpy as np

from relukit.checks.comparison import (
    Arguments,
    Compare,
    Index,
    asks_dtype,
    elements,
    form,
    smallest,
)

Size = Callable[..., np.ndarray]


def within(tolerance: Mapping[str, float], size: Size) -> Compare:
    """Return a comparison that asks for shape, dtype, and an error that is small beside the terms.

    Args:
        tolerance: the largest error over the size of the terms (dimensionless) for each dtype.
        size: takes a task's arguments, the arrays in float64; returns the size of the terms, in an
            array that broadcasts to the result.

    Example:
        >>> compare = within({"float64": 1e-9}, lambda x: np.abs(x))
        >>> compare((np.array([3.0]),), np.array([0.0]), np.array([1e-10])) is None
        True
    """

    @asks_dtype
    def compare(arguments: Arguments, expected: np.ndarray, got: object) -> str | None:
        wrong = form(expected, got)
        if wrong:
            return wrong
        got = np.asarray(got)
        allowed = np.broadcast_to(_allowed(arguments, expected.dtype), expected.shape)
        with np.errstate(all="ignore"):
            error = np.abs(got.astype(float) - expected.astype(float))

        def why(index: Index) -> str:
            if np.isinf(error[index]):
                return "the value differs"
            return f"it is off by {error[index]:.1g}, and {allowed[index]:.1g} is allowed"

        return elements(expected, np.where(error <= allowed, expected, got), why=why)

    def _allowed(arguments: Arguments, dtype: np.dtype) -> np.ndarray:
        wide = (a.astype(float) if isinstance(a, np.ndarray) else a for a in arguments)
        with np.errstate(all="ignore"):
            sizes = np.nan_to_num(size(*wide), posinf=0.0)
        return np.maximum(tolerance[dtype.name] * sizes, smallest(dtype))

    return compare


def gated(tolerance: Mapping[str, float]) -> Compare:
    """Return a comparison for x times a gate: same shape and dtype, and a small relative error.

    A gate below the smallest normal number of the dtype has no relative accuracy left, so an error
    passes that is no more than x times that number.

    Args:
        tolerance: the largest relative error (dimensionless) for each dtype's name.

    Example:
        >>> compare = gated({"float64": 1e-9})
        >>> compare((np.array([-720.0]),), np.array([-1.4e-310]), np.array([0.0])) is None
        True
    """

    @asks_dtype
    def compare(arguments: Arguments, expected: np.ndarray, got: object) -> str | None:
        wrong = form(expected, got)
        if wrong:
            return wrong
        got = np.asarray(got)
        with np.errstate(all="ignore"):
            floor = np.abs(arguments[0].astype(float)) * np.finfo(expected.dtype).tiny
            near = np.abs(got.astype(float) - expected.astype(float)) <= floor
        near &= np.isfinite(floor)
        return elements(
            expected, np.where(near, expected, got), relative=tolerance[expected.dtype.name]
        )

    return compare
