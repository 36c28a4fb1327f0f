"""The functions that a learner's `gain` and `lsuv` are given, each chosen by its name."""

import sys
from collections.abc import Callable
from types import MappingProxyType

import numpy as np

from relukit.checks.call import Arguments

Function = Callable[[np.ndarray], np.ndarray]


def _for_arrays_and_tensors(formula: Function) -> Function:
    def f(z):
        torch = sys.modules.get("torch")
        with np.errstate(over="ignore"):
            if torch is not None and isinstance(z, torch.Tensor):
                value = formula(np.asarray(z.detach(), dtype=float))
                return torch.as_tensor(value, dtype=torch.float64)
            return formula(np.asarray(z, dtype=float))

    return f


# kinks lie at multiples of 1/2, where the reference's quadrature has its edges
FUNCTIONS: MappingProxyType[str, Function] = MappingProxyType(
    {
        name: _for_arrays_and_tensors(formula)
        for name, formula in {
            "max(0, z)": lambda z: np.maximum(z, 0.0),
            "softplus(z)": lambda z: np.logaddexp(z, 0.0),
            "min(max(z, -1), 1)": lambda z: np.clip(z, -1.0, 1.0),
            "z**3": lambda z: z**3,
            "tanh(z)": np.tanh,
        }.items()
    }
)


def with_function(answer: object, arguments: Arguments) -> object:
    """Return what the learner's function makes of the arrays and of the function named last.

    Args:
        answer: takes the arguments, with a function from an array to an array as the last.
        arguments: arrays or nothing, and a key of FUNCTIONS.
    """
    *arrays, name = arguments
    return answer(*arrays, FUNCTIONS[name])
