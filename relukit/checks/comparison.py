"""How an answer's value is held against the expected one, and what is said where they differ."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from relukit.checks.call import Arguments as Arguments  # tasks take it from here
from relukit.checks.plain import Unusable

ULPS = 8  # steps between neighbouring numbers that rounding may cost where they are smallest
# the expected value is of the task's own kind, and what came back may be any plain data
Compare = Callable[[Arguments, Any, Any], str | None]
Index = tuple[int, ...]
Reason = Callable[[Arguments, Index], str]


def asks_dtype(compare: Compare) -> Compare:
    """Mark a comparison of a task whose text asks for a dtype: a list of numbers has none.

    Where it is not marked, any dtype passes, see `conversion.converted`.
    """
    compare.asks_dtype = True  # type: ignore[attr-defined]  # a function takes attributes
    return compare


def exact(reason: Reason | None = None) -> Compare:
    """Return a comparison that asks for the same shape, dtype and elements.

    Conventions: nan equals nan; -0.0 equals 0.0; a Python number passes for a 0-d array.

    Args:
        reason: says why a number is wrong, from the arguments and its index.

    Example:
        >>> exact()((), np.array([0.0]), np.array([0]))
        'the dtype must be float64, and is int64'
    """

    @asks_dtype
    def compare(arguments: Arguments, expected: np.ndarray, got: object) -> str | None:
        why = None if reason is None else lambda index: reason(arguments, index)
        return form(expected, got) or elements(expected, np.asarray(got), why=why)

    return compare


def close(tolerance: Mapping[str, float]) -> Compare:
    """Return a comparison that asks for the same shape and dtype, and a small relative error.

    Where numbers are so small that relative accuracy ends, a value passes that is off by no more
    than ULPS of the smallest steps of the dtype.

    Args:
        tolerance: the largest relative error (dimensionless) for each dtype's name.

    Example:
        >>> compare = close({"float32": 1e-4, "float64": 1e-9})
        >>> compare((), np.array([1e-20]), np.array([0.0]))
        'its relative error is 1, and 1e-09 is allowed'
    """

    @asks_dtype
    def compare(arguments: Arguments, expected: np.ndarray, got: object) -> str | None:
        return form(expected, got) or elements(
            expected, np.asarray(got), relative=tolerance[expected.dtype.name]
        )

    return compare


def form(expected: np.ndarray, got: object) -> str | None:
    """Return what is wrong with an answer that should be an array, its values aside, or None.

    Args:
        expected: an array; its shape and dtype are asked for.
        got: plain data.
    """
    if isinstance(got, Unusable | str):
        what = "text" if isinstance(got, str) else got.description
        return f"the answer must be an array of numbers, and is {what}"
    if isinstance(got, tuple | list):
        kind = type(got).__name__
        return f"the answer must be one array, and is a {kind}: np.array(...) makes it an array"
    if not isinstance(got, np.ndarray):
        if expected.ndim == 0 and (isinstance(got, bool) or number(got) is not None):
            return None
        what = "one number" if isinstance(got, int | float) else "no array"
        return f"{what} came back where an array of shape {expected.shape} is asked for"
    if got.shape != expected.shape:
        return f"the shape must be {expected.shape}, and is {got.shape}"
    if got.dtype != expected.dtype:
        return f"the dtype must be {expected.dtype.name}, and is {got.dtype.name}"
    return None


def smallest(dtype: np.dtype) -> float:
    """Return the error that rounding may leave in the smallest numbers of a float dtype."""
    return ULPS * float(np.finfo(dtype).smallest_subnormal)


def elements(
    expected: np.ndarray,
    got: np.ndarray,
    *,
    relative: float = 0.0,
    why: Callable[[Index], str] | None = None,
) -> str | None:
    """Return what is said of the first element that differs, or None.

    Args:
        expected: an array.
        got: an array of the same shape.
        relative: the largest relative error (dimensionless); 0 asks for equality.
        why: says, for an index, why a number is wrong.
    """
    with np.errstate(all="ignore"):
        wanted, given = expected.astype(float), got.astype(float)
        error = np.abs(given - wanted)
        allowed = relative * np.abs(wanted)
        if relative:
            allowed = np.maximum(allowed, smallest(expected.dtype))
        same = (given == wanted) | (np.isnan(given) & np.isnan(wanted))
        same |= np.isfinite(wanted) & (error <= allowed)
    if same.all():
        return None
    index = tuple(int(i) for i in np.argwhere(~same)[0])
    place = f" at index {index if len(index) > 1 else index[0]}" if expected.size > 1 else ""
    pair = float(wanted[index]), float(given[index])
    if np.isnan(pair[0]):
        said = "nan must stay nan, so that a fault upstream stays visible"
    elif np.isnan(pair[1]):
        said = "nan came out where a number is due"
    elif why is not None:
        said = why(index)
    else:
        said = _amount(*pair, relative)
    return said + place


def _amount(wanted: float, given: float, relative: float) -> str:
    if np.isinf(given) and not np.isinf(wanted):
        return "the result overflows"
    if relative and wanted and not np.isinf(wanted):
        error = abs(given - wanted) / abs(wanted)
        return f"its relative error is {error:.1g}, and {relative:g} is allowed"
    return "the value differs"


def number(value: object) -> float | None:
    """Return a value as a float where it is one real number (also an array of size 1), else None.

    Example:
        >>> number(np.array([2])), number(True), number([1.0])
        (2.0, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.ndarray):
        return None
    array = np.asarray(value)
    return float(array.reshape(-1)[0]) if array.size == 1 and array.dtype.kind in "iuf" else None


def vector(value: object) -> np.ndarray | None:
    """Return a value as a float64 array where it is a list or array of real numbers, else None.

    Example:
        >>> vector([1, 2.5]), vector("12"), vector([[1.0], [2.0, 3.0]])
        (array([1. , 2.5]), None, None)
    """
    if not isinstance(value, np.ndarray | list | tuple):
        return None
    if isinstance(value, list | tuple):
        numbers = [number(item) for item in value]
        if None in numbers:
            return None
        return np.array(numbers, dtype=float)
    return value.astype(float) if value.dtype.kind in "iuf" else None


def parts(value: object, names: tuple[str, ...]) -> str | None:
    """Return what is wrong with an answer that should be a tuple of so many parts, or None.

    Args:
        value: plain data.
        names: what each part is called in the task's text.

    Example:
        >>> parts((1.0,), ("bias", "slopes"))
        'the answer must be a pair (bias, slopes), and has 1 part'
    """
    word = {2: "a pair", 3: "a triple"}.get(len(names), f"{len(names)} parts")
    wanted = f"the answer must be {word} ({', '.join(names)})"
    if not isinstance(value, tuple | list):
        return f"{wanted}, and is one value"
    if len(value) != len(names):
        return f"{wanted}, and has {len(value)} part{'s' if len(value) != 1 else ''}"
    return None
