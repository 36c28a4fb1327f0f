"""How answers are used that take a list of layers."""

import sys

import numpy as np

from relukit.checks.call import Answer, Arguments


def with_layers(answer: Answer, arguments: Arguments) -> object:
    """Return `answer(weights, biases, x)` for fresh lists, or what it has changed in them.

    Args:
        answer: takes a list of weights, a list of biases, and an array.
        arguments: a tuple of arrays, another, and an array; with a tensor, the lists hold tensors.
    """
    *columns, x = arguments
    if not isinstance(x, np.ndarray):
        columns = [tuple(map(sys.modules["torch"].from_numpy, column)) for column in columns]
    given = [
        [array.copy() if isinstance(array, np.ndarray) else array.clone() for array in column]
        for column in columns
    ]
    value = answer(*given, x)
    for name, before, after in zip(("weights", "biases"), columns, given, strict=True):
        if len(before) != len(after):
            return f"it changes the list {name}: the caller still needs it"
        if any(bool((a != b).any()) for a, b in zip(before, after, strict=True)):
            return f"it changes {name} in place: work on copies, the caller still needs them"
    return value
