"""Where two sums of rectifiers part, told in words: shared by the tasks of lesson 02 that draw."""

import numpy as np

from relukit.checks.notation import tell_apart


def first_gap(
    at: np.ndarray, wanted: np.ndarray, got: np.ndarray, *, allowed: float, name: str
) -> str | None:
    """Return what is said of the first place where two sums differ too much, or None.

    Args:
        at: the places.
        wanted: the sum that is due at each.
        got: the sum that came.
        allowed: the largest difference.
        name: of the variable whose values the places are.
    """
    off = ~(np.abs(got - wanted) <= allowed)
    if not off.any():
        return None
    i = int(np.argmax(off))
    yours, due = tell_apart(got[i], wanted[i])
    return f"at {name} = {at[i]:g} your sum is {yours}, and {due} is due"
