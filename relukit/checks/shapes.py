"""Boundary inputs that several tasks share."""

import numpy as np

from relukit.checks.call import Arguments


def each(*values: float, dtype: str = "float64") -> tuple[Arguments, ...]:
    """Return one input for each value, an array of that value alone.

    Example:
        >>> each(2.0)
        ((array([2.]),),)
    """
    return tuple((np.array([value], dtype=dtype),) for value in values)


SHAPES: tuple[Arguments, ...] = (
    (np.array([-1.0, 2.0, -3.0]),),
    (np.array([[1.5, -2.0], [-0.5, 4.0]]),),
    (np.linspace(-2, 3, 8, dtype="float32").reshape(2, 2, 2),),
    (np.array(-1.5),),
    (np.array(2.5, dtype="float32"),),
    (np.array([]),),
    (np.zeros((2, 0), dtype="float32"),),
)
