"""Whether two replies are the same for a reader: equal up to the rounding of their dtype."""

import math

import numpy as np

from relukit.checks.call import Reply

ROUNDINGS = 64  # machine epsilons that two orders of operation may lie apart
NOISE = 1e-5  # of that: what is smaller was not left by a cancellation


def alike(one: Reply, other: Reply, *, absolute: bool = False) -> bool:
    """Return True where both replies are the same kind of thing with the same values.

    Conventions: nan equals nan; -0.0 equals 0.0; a Python number equals a 0-d array of its value.

    Args:
        one: a reply.
        other: a reply to the same input.
        absolute: True allows a rounding error of numbers of size 1 everywhere, as cancellation
            leaves it. The second number far below such an error, and not 0, is no
            noise: it must be equal.
    """
    kinds = [reply.mishap.kind if reply.mishap else None for reply in (one, other)]
    states = [(r.unwritten, bool(r.signature), r.changed) for r in (one, other)]
    if kinds[0] != kinds[1] or states[0] != states[1]:
        return False
    return kinds[0] is not None or _same(one.value, other.value, absolute)


def identical(one: object, other: object) -> bool:
    """Return True where two pieces of plain data are the same to the last bit, nan included.

    Args:
        one: as `relukit.checks.plain.plain` returns it.
        other: as well.

    Example:
        >>> identical((0.0, np.array(np.nan)), (0.0, np.array(np.nan)))
        True
        >>> identical(0.0, -0.0) or identical(1, 1.0)
        False
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        same = one.dtype == other.dtype and one.shape == other.shape
        return same and one.tobytes() == other.tobytes()
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(identical, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one.hex() == other.hex()
    return one == other


def _same(one: object, other: object, absolute: bool) -> bool:
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        if type(one) is not type(other) or len(one) != len(other):
            return False
        pairs = zip(one, other, strict=True)
        return all(_same(a, b, absolute) for a, b in pairs)
    if not all(isinstance(value, bool | int | float | np.ndarray) for value in (one, other)):
        return type(one) is type(other) and one == other
    a, b = np.asarray(one), np.asarray(other)
    both_arrays = isinstance(one, np.ndarray) and isinstance(other, np.ndarray)
    if a.shape != b.shape or (both_arrays and a.dtype != b.dtype):
        return False
    return (a.dtype.kind == "b") == (b.dtype.kind == "b") and _near(a, b, absolute)


def _near(a: np.ndarray, b: np.ndarray, absolute: bool) -> bool:
    floats = [array.dtype for array in (a, b) if array.dtype.kind in "fc"]
    if not floats:
        return bool((a == b).all())
    if any(array.dtype == object for array in (a, b)):  # an integer beyond every float
        return False
    slack = ROUNDINGS * max(float(np.finfo(dtype).eps) for dtype in floats)
    with np.errstate(all="ignore"):
        a, b = a.astype(np.result_type(a, float)), b.astype(np.result_type(b, float))
        size = np.maximum(np.abs(a), np.abs(b))
        if absolute:
            noise = (size > NOISE * slack) | (b == 0)  # 0 is where all digits are lost
            size = np.where(noise, np.maximum(size, 1.0), size)
        same = (a == b) | (np.isnan(a) & np.isnan(b))
        same |= (np.abs(a - b) <= slack * size) & (size < math.inf)
    return bool(same.all())
