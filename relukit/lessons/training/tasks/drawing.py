"""Small networks as arrays, drawn from a seed."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np


def layers_of(
    draw: np.random.Generator, widths: Sequence[int]
) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Return normal weights (units, inputs) and biases (units,) for each layer, float64."""
    pairs = list(pairwise(widths))
    weights = tuple(draw.normal(0, 1, (m, k)) for k, m in pairs)
    return weights, tuple(draw.normal(0, 0.5, m) for _, m in pairs)
