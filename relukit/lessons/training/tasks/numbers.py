"""Arrays of answers, brought into a form that can be compared."""

import numpy as np


def numbers(value: object, shape: tuple[int, ...]) -> np.ndarray:
    """Return a value as a float64 array (shape) where it is an array of floats of this shape.

    Anything else becomes an array of nan, which equals nothing.

    Args:
        value: plain data.
        shape: the shape that is due.

    Example:
        >>> numbers("text", (2,)), numbers(np.ones(1, dtype="float32"), (1,))
        (array([nan, nan]), array([1.]))
    """
    if isinstance(value, np.ndarray) and value.shape == shape and value.dtype.kind == "f":
        return value.astype("float64")
    return np.full(shape, np.nan)
