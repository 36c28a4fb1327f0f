"""What the statistics accept as measured values."""

from collections.abc import Iterable

import numpy as np

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.quantities import real


def finite_values(name: str, values: Iterable[float]) -> np.ndarray:
    """Return two or more finite numbers as float64 of shape (n,), or raise what is wrong with them.

    Example:
        >>> finite_values("values", [1, 2]).dtype
        dtype('float64')
    """
    # tolist() is what arrays and tensors of every dtype and device have in common
    plain = values.tolist() if hasattr(values, "tolist") else values
    try:
        array = np.asarray(plain)
    except ValueError as cause:
        raise InvalidValueError(
            f"{name} of shape (n,)", "rows of unequal length", "pass one number for each seed"
        ) from cause
    if array.size and array.dtype.kind not in "iuf":
        raise InvalidTypeError(
            f"{name} that are numbers",
            f"{type(values).__name__} of {array.dtype}",
            "pass one number for each seed; for yes/no results use proportion()",
        )
    if array.ndim != 1 or len(array) < 2:
        raise InvalidValueError(
            f"{name} of shape (n,) with n >= 2",
            f"shape {array.shape}",
            "pass one number for each of two or more seeds",
        )
    array = array.astype(np.float64)
    bad = np.flatnonzero(~np.isfinite(array))
    if bad.size:
        raise InvalidValueError(
            f"finite {name}",
            f"{array[bad[0]]} at position {bad[0]} ({bad.size} of {len(array)} are not finite)",
            "report the runs that diverged on their own, with proportion()",
        )
    return array


def confidence_level(level: object) -> float:
    """Return a level strictly between 0 and 1, or raise the error that says so.

    Example:
        >>> confidence_level(0.95)
        0.95
    """
    do = "pass 0.95 for a 95 % interval"
    return real("level", level, above=0, below=1, do=do)
