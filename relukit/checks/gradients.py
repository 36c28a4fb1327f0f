"""The loss of a ReLU network and its gradients, worked out by hand."""

from collections.abc import Sequence

import numpy as np

Pair = tuple[np.ndarray, np.ndarray]


def gradients(layers: Sequence[Pair], x: np.ndarray, y: np.ndarray) -> tuple[float, list[Pair]]:
    """Return the mean cross-entropy of a ReLU network and its gradients, layer by layer.

    Args:
        layers: weight (units, inputs) and bias (units,) of each layer.
        x: inputs (n, inputs).
        y: labels (n,).
    """
    inputs = [x]
    for weight, bias in layers[:-1]:
        inputs.append(np.maximum(inputs[-1] @ weight.T + bias, 0))
    z = inputs[-1] @ layers[-1][0].T + layers[-1][1]
    logs = z - z.max(axis=1, keepdims=True)
    logs = logs - np.log(np.exp(logs).sum(axis=1, keepdims=True))
    rows = np.arange(len(y))
    back = np.exp(logs)
    back[rows, y] -= 1
    back /= len(y)
    found = []
    for place in reversed(range(len(layers))):
        found.append((back.T @ inputs[place], back.sum(axis=0)))
        back = (back @ layers[place][0]) * (inputs[place] > 0)
    return -logs[rows, y].mean(), found[::-1]
