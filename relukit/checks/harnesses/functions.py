"""The functions that a learner's `gain` and `lsuv` are given, each made from its formula."""

import sys
from collections.abc import Callable
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from relukit.checks.call import Answer, Arguments

Function = Callable[[np.ndarray], np.ndarray]
_NAMES = MappingProxyType(
    {
        "max": np.maximum,
        "min": np.minimum,
        "abs": np.abs,
        "exp": np.exp,
        "sin": np.sin,
        "tanh": np.tanh,
        "softplus": lambda z: np.logaddexp(z, 0.0),
    }
)


@lru_cache(maxsize=256)
def function(formula: str) -> Function:
    """Return the function of an array, of a tensor or of a number that a formula in z describes.

    Args:
        formula: in Python's notation, with max, min, abs, exp, sin, tanh and softplus.

    Example:
        >>> function("max(0, z)")(np.array([-1.0, 2.0]))
        array([0., 2.])
    """
    code = compile(formula, "<formula>", "eval")

    def value(z: np.ndarray) -> np.ndarray:
        return eval(code, {"__builtins__": {}, **_NAMES, "z": z})

    def f(z: np.ndarray) -> np.ndarray:
        torch = sys.modules.get("torch")
        with np.errstate(over="ignore"):
            if torch is not None and isinstance(z, torch.Tensor):
                found = value(np.asarray(z.detach(), dtype=float))
                return torch.as_tensor(found, dtype=torch.float64)
            return value(np.asarray(z, dtype=float))

    return f


def with_function(answer: Answer, arguments: Arguments) -> object:
    """Return what the learner's function makes of the arrays and of the function described last.

    Args:
        answer: takes the arguments, with a function from an array to an array as the last.
        arguments: arrays or nothing, and a formula in z.
    """
    *arrays, formula = arguments
    return answer(*arrays, function(formula))
