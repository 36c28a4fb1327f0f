"""Which answers on the four corners of a square a straight line can give, and which few ReLUs."""

import itertools
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from relukit.lessons.definitions.experiments.layers import XOR

_AFFINE = np.column_stack([XOR.numpy(), np.ones(len(XOR))])  # w1, w2 and b of each corner's sum
_PATTERNS = tuple(itertools.product((False, True), repeat=len(XOR)))  # of one unit's switch


def straight(labels: ArrayLike) -> bool:
    """Return whether a straight line has the corners labelled 1 on one side, and only these.

    Args:
        labels: 0 or 1 for each of (0, 0), (0, 1), (1, 0) and (1, 1).

    Example:
        >>> straight([0, 0, 0, 1]), straight([0, 1, 1, 0])
        (True, False)
    """
    return _feasible(-_signs(labels)[:, None] * _AFFINE, -np.ones(len(XOR)))


def computable(labels: ArrayLike, n_units: int) -> bool:
    r"""Return whether $\sum_j v_j \max(0, w_j \cdot x + b_j) + c$ can be above 0 where it should.

    Of each unit the size of v moves into w and b, which leaves its sign; and each corner finds it
    on or off. With signs and switches fixed, all that is asked for is linear in w, b and c.

    Args:
        labels: 1 for each corner at which the sum should be above 0; 0 where below.
        n_units: how many ReLUs, at least 1.

    Example:
        >>> computable([0, 1, 1, 0], 1), computable([0, 1, 1, 0], 2)
        (False, True)
    """
    signs = _signs(labels)
    units = itertools.product((1.0, -1.0), _PATTERNS)
    return any(
        _feasible(*_program(signs, chosen))
        for chosen in itertools.combinations_with_replacement(tuple(units), n_units)
    )


def most_right(labels: ArrayLike, possible: Callable[[ArrayLike], bool]) -> int:
    """Return how many corners can be right at once, over all answers that are possible.

    Args:
        labels: the right answers, 0 or 1.
        possible: says which answers on all four corners can be given.
    """
    wanted = np.asarray(labels)
    answers = sorted(_PATTERNS, key=lambda answer: -int((wanted == answer).sum()))
    return int((wanted == next(answer for answer in answers if possible(answer))).sum())


def _program(
    signs: np.ndarray, units: tuple[tuple[float, tuple[bool, ...]], ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Return A and u, so that the network exists where A p <= u for some w, b of units and c.

    Args:
        signs: of the sum at each corner, 1 or -1.
        units: of each, the sign of v, and at which corners it is on.
    """
    n = len(units)
    output = np.zeros((len(signs), 3 * n + 1))
    output[:, -1] = 1.0
    switches = np.zeros((n, len(signs), 3 * n + 1))
    for j, (v, on) in enumerate(units):
        own = slice(3 * j, 3 * j + 3)
        output[:, own] = v * np.asarray(on)[:, None] * _AFFINE
        switches[j, :, own] = np.where(on, -1.0, 1.0)[:, None] * _AFFINE
    rows = np.concatenate([-signs[:, None] * output, *switches])
    return rows, np.repeat([-1.0, 0.0], [len(signs), n * len(signs)])


def _feasible(rows: np.ndarray, most: np.ndarray) -> bool:
    """Return whether rows @ p <= most has a solution."""
    from scipy.optimize import linprog

    found = linprog(np.zeros(rows.shape[1]), rows, most, bounds=(None, None))
    assert found.status in (0, 2), found.message  # solved, or certainly without a solution
    return found.status == 0


def _signs(labels: ArrayLike) -> np.ndarray:
    return np.where(np.asarray(labels) > 0, 1.0, -1.0)
