"""Rectifiers, right and wrong ones, on which a learner's test of rectifiers is tried."""

from collections.abc import Callable
from types import MappingProxyType

import numpy as np

from relukit.checks.call import Arguments

Rectifier = Callable[[np.ndarray], np.ndarray]


def _in_place(x):
    x[x < 0] = 0
    return x


def _once_for_all(x):
    return x if (x > 0).any() else np.zeros_like(x)


def _by_loop(x):
    return np.array([0 if v < 0 else v for v in x.ravel()], dtype=x.dtype).reshape(x.shape)


# in the order of the alphabet: which of them are right is not said where an answer can read it
RECTIFIERS: MappingProxyType[str, Rectifier] = MappingProxyType(
    {
        "0 where |x| < 0.001": lambda x: np.where(np.abs(x) < 1e-3, 0, np.maximum(x, 0)).astype(
            x.dtype
        ),
        "1.0 where x is 0": lambda x: np.where(x == 0, x.dtype.type(1), np.maximum(x, 0)),
        "a loop over the elements": _by_loop,
        "always float64": lambda x: np.maximum(x, 0).astype("float64"),
        "np.abs(x)": np.abs,
        "np.clip(x, 0, 10_000)": lambda x: np.clip(x, 0, 10_000),
        "np.clip(x, 0, 6)": lambda x: np.clip(x, 0, 6),
        "np.clip(x, 0, None)": lambda x: np.clip(x, 0, None),
        "np.maximum(x, 0)": lambda x: np.maximum(x, 0),
        "np.maximum(x, 0).ravel()": lambda x: np.maximum(x, 0).ravel(),
        "np.maximum(x, 0.01 * x)": lambda x: np.maximum(x, x.dtype.type(0.01) * x),
        "np.minimum(x, 0)": lambda x: np.minimum(x, 0),
        "np.where(x < 0, 0, x)": lambda x: np.where(x < 0, x.dtype.type(0), x),
        "np.where(x > 0, x, 0)": lambda x: np.where(x > 0, x, x.dtype.type(0)),
        "one sign for the whole array": _once_for_all,
        "rounded down": lambda x: np.floor(np.maximum(x, 0)),
        "x": lambda x: x.copy(),
        "x * (x > 0)": lambda x: x * (x > 0),
        "x[x < 0] = 0": _in_place,
        "|x| where x < -6": lambda x: np.where(x < -6, -x, np.maximum(x, 0)),
    }
)


def as_tester(answer: object, arguments: Arguments) -> object:
    """Return what the learner's test says of one rectifier.

    Args:
        answer: takes a rectifier, returns True if it is right and False if it is wrong.
        arguments: the name of a rectifier in RECTIFIERS.
    """
    (name,) = arguments
    return answer(RECTIFIERS[name])
