"""How two parts of a data set, standardized feature by feature, are compared with what is due."""

from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, asks_dtype, form, parts

NAMES = ("train", "test")
ERROR = {"float32": 1e-4, "float64": 1e-9}  # as the task's text states, of 1 + |result|


@asks_dtype
def both_parts(arguments: Arguments, expected: tuple, got: Any) -> str | None:
    """Return what is wrong with a pair of arrays, or None."""
    because = parts(got, NAMES)
    if because:
        return because
    for name, wanted, given in zip(NAMES, expected, got, strict=True):
        because = form(wanted, given) or _difference(arguments[0], wanted, np.asarray(given))
        if because:
            return f"{name}: {because}"
    return None


def _difference(x_train: np.ndarray, wanted: np.ndarray, given: np.ndarray) -> str | None:
    with np.errstate(all="ignore"):
        near = np.abs(given - wanted) <= ERROR[wanted.dtype.name] * (1 + np.abs(wanted))
    near |= np.isnan(given) & np.isnan(wanted)
    if near.all():
        return None
    row, column = (int(i) for i in np.argwhere(~near)[0])
    place = f"in feature {column} of example {row}"
    if np.isnan(wanted[row, column]):
        return f"nan must stay nan, so that a fault upstream stays visible, {place}"
    if np.ptp(x_train[:, column]) == 0:
        return f"0 is due {place}: this feature is the same in all training examples"
    if np.isnan(given[row, column]):
        return f"nan came out where a number is due, {place}"
    return f"the value differs {place}"
