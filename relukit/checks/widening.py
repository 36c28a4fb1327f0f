"""A mistake that many tasks know: whatever dtype is given, float64 comes back."""

import inspect
from collections.abc import Callable

import numpy as np

from relukit.checks.task import Misconception


def always_float64(reference: Callable[..., object]) -> Misconception:
    """Return the mistake of an answer that is right, but for the dtype of its first argument.

    Args:
        reference: a right answer, whose first argument is an array of floats.

    Example:
        >>> always_float64(lambda u: 2 * u).sentence
        'this always returns float64: keep the dtype of u'
    """
    first = next(iter(inspect.signature(reference).parameters))

    def widened(array: np.ndarray, *others: object) -> object:
        return reference(array.astype("float64"), *others)

    return Misconception(f"this always returns float64: keep the dtype of {first}", widened)
