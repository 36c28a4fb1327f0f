"""Records of one unit over training: how small ones are written, and what they say of its death."""

import numpy as np

from relukit.checks.comparison import Arguments


def record(*moments: tuple[float, float, tuple[float, ...]]) -> Arguments:
    """Return a record of (weight, bias, examples) with one input."""
    weights = np.array([[weight] for weight, _, _ in moments], dtype=float)
    biases = np.array([bias for _, bias, _ in moments], dtype=float)
    inputs = np.array([[[x] for x in examples] for _, _, examples in moments], dtype=float)
    return weights, biases, inputs


def records():
    """Return a strategy for records of small whole numbers, so that z = 0 occurs."""
    from hypothesis import strategies as st

    @st.composite
    def recorded(draw):
        moments, n, size = draw(st.integers(2, 6)), draw(st.integers(2, 3)), 2

        def whole(low, high, *shape):
            count = int(np.prod(shape))
            values = draw(st.lists(st.integers(low, high), min_size=count, max_size=count))
            return np.array(values, dtype=float).reshape(shape)

        weights, biases = whole(-2, 2, moments, size), whole(-1, 1, moments)
        return weights, biases, whole(0, 3, moments, n, size)

    return recorded()


def active_images(weights, biases, inputs):
    """Return how many examples activate the unit at each moment."""
    return (np.einsum("mni,mi->mn", inputs, weights) + biases[:, None] > 0).sum(axis=1)


def is_active(inputs, weight, bias):
    return bool((inputs @ weight + bias > 0).any())


def deaths_of(weights, biases, inputs) -> list[int]:
    on = active_images(weights, biases, inputs) > 0
    return np.flatnonzero(on[:-1] & ~on[1:]).tolist()


def silenced_alone(weights, biases, inputs, step) -> tuple[bool, bool]:
    """Return whether its own update alone ends its life, and whether its new inputs alone do."""
    own = not is_active(inputs[step], weights[step + 1], biases[step + 1])
    return own, not is_active(inputs[step + 1], weights[step], biases[step])


def cause_of(own: bool, moved: bool) -> str:
    if own and moved:
        return "either"
    return "own update" if own else "new inputs" if moved else "both"
