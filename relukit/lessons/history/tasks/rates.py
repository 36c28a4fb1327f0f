"""What the tasks on rates share: a comparison that asks for an error small beside the drive."""

from collections.abc import Callable
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, Compare, Index, Reason, elements, form

TOLERANCE = 1e-9  # of the largest drive; the tasks' texts state it


def near(drive: Callable[..., float], reason: Reason) -> Compare:
    """Return a comparison that asks for the shape, and an error of at most TOLERANCE of a drive.

    Args:
        drive: takes a task's arguments; returns the size beside which an error is small.
        reason: says why a number is wrong, from the arguments and its index.

    Example:
        >>> compare = near(lambda x: 2.0, lambda arguments, index: "it differs")
        >>> compare((1,), np.array([1.0]), np.array([1.000000001])) is None
        True
        >>> compare((1,), np.array([1.0]), np.array([1.1]))
        'it differs'
    """

    def compare(arguments: Arguments, expected: np.ndarray, got: Any) -> str | None:
        if wrong := form(expected, got):
            return wrong
        given = np.asarray(got, dtype=float)
        with np.errstate(all="ignore"):
            close = np.abs(given - expected) <= TOLERANCE * drive(*arguments)

        def why(index: Index) -> str:
            return reason(arguments, index)

        return elements(expected, np.where(close, expected, given), why=why)

    return compare
