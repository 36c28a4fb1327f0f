"""The one rule for what an answer may be made of: a right answer is not refused for its type."""

from typing import Any

import numpy as np

ROWS = 1000  # an array of more is no list of parts


def converted(expected: object, got: object, *, dtype: bool = False) -> object:
    """Return an answer's value in the form of the expected one, as far as it says the same.

    A scalar or 0-d array of NumPy or torch counts as the Python number, bool or text; a list as a
    tuple, and an array as a list or tuple of its rows. A list of numbers counts as an array, and an
    array of any dtype of the same kind, but not where the task's text asks for a dtype. What fits
    nothing stays as it is, for the comparison to say so.

    Args:
        expected: the reference answer's value, plain data.
        got: the answer's value, plain data; never changed.
        dtype: whether the task's text asks for a dtype.

    Example:
        >>> converted((1.0, 2.0), np.array([3, 4]))
        (3, 4)
        >>> converted(np.zeros(2), [3, np.array(4.0)])
        array([3., 4.])
    """
    if isinstance(expected, tuple | list):
        return _as_parts(expected, got, dtype)
    if isinstance(expected, np.ndarray):
        return got if dtype else _as_array(expected, got)
    if isinstance(got, np.ndarray) and got.ndim == 0:
        kinds = {bool: "b", int: "iu", float: "iuf"}
        return got.item() if got.dtype.kind in kinds.get(type(expected), "") else got
    return got


def _as_parts(expected: tuple[Any, ...] | list[Any], got: object, dtype: bool) -> object:
    if isinstance(got, np.ndarray) and got.ndim and len(got) <= ROWS:
        got = [np.asarray(row) for row in got]
    if not isinstance(got, tuple | list):
        return got
    # a list of another length is like the expected one in what it is made of
    models = [*expected[: len(got)], *expected[-1:] * (len(got) - len(expected))]
    if len(models) < len(got):  # nothing is expected
        models = list(got)
    pairs = zip(models, got, strict=True)
    return type(expected)(converted(model, part, dtype=dtype) for model, part in pairs)


def _as_array(expected: np.ndarray, got: object) -> object:
    if isinstance(got, tuple | list) or (isinstance(got, bool | int | float) and not expected.ndim):
        try:
            made = np.array(got)
        except (ValueError, TypeError):  # rows of different lengths, or no numbers
            return got
        if not made.size and made.shape == expected.shape[: made.ndim]:
            return expected.copy()  # an empty list says nothing of its further axes
    elif isinstance(got, np.ndarray):
        made = got
    else:
        return got
    counts = "b" if expected.dtype.kind == "b" else "iu" if expected.dtype.kind in "iu" else "iuf"
    if made.dtype.kind not in counts:
        return got
    with np.errstate(all="ignore"):  # what is too large for float32 becomes infinite
        return made.astype(expected.dtype)
