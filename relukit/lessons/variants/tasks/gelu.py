"""A task of lesson 03 on the exact GELU: the tail of a distribution function."""

import math

import numpy as np

from relukit.checks.domain import Domain
from relukit.checks.shapes import SHAPES, each
from relukit.checks.sweeps import elementwise
from relukit.checks.task import Misconception, Task
from relukit.checks.widening import always_float64
from relukit.lessons.variants.tasks.tolerance import gated

ERROR = {"float32": 1e-4, "float64": 1e-10}  # relative; the task's text states them
DOMAINS = {"x": Domain(dtypes=("float64", "float32"), high=1e30, special=True)}


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    return st.tuples(arrays(bound=1e4))


def _phi(x):
    """Return the standard normal distribution function in float64."""
    from scipy.special import ndtr

    return ndtr(x.astype("float64"))


def _erf(x):
    from scipy.special import erf

    return erf(x)


def _density(x):
    return np.exp(-(x.astype("float64") ** 2) / 2) / math.sqrt(2 * math.pi)


def _bounded(x):
    return np.maximum(x, np.finfo(x.dtype).min)


def _gelu(x):
    return (_bounded(x) * _phi(x)).astype(x.dtype)


def _by_tanh(x):
    x = _bounded(x)
    inner = np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))
    return (x * (1 + inner) / 2).astype(x.dtype)


def _by_sigmoid(x, factor=1.702):
    return (_bounded(x) / (1 + np.exp(-factor * x.astype("float64")))).astype(x.dtype)


TASK = Task(
    points=2,
    title="GELU, exact in its tail",
    minutes=15,
    difficulty="medium",
    why="1 + erf is exact on paper and 0 at -6 in float32, and torch's own GELU is written so.",
    hints=(
        "erf(-4.2) is -1 + 2.9e-9: what is left of that in float32, and of 1 + erf(-4.2)?",
        "The normal distribution function is erfc(-x / sqrt(2)) / 2, or scipy.special.ndtr(x):"
        " neither cancels. Then look at minus infinity times 0.",
        "gate = special.ndtr(x)",
    ),
    reference=_gelu,
    boundary=(
        *each(1.0, -1.0, 0.0, -3.0, 5.0, 1e-9),
        *each(-5.0, -6.0, -12.0, dtype="float32"),
        *each(-6.0, -37.0),
        *each(1e4, -1e4, np.inf, -np.inf, np.nan),
        *SHAPES,
    ),
    compare=gated(ERROR),
    generated=_generated,
    domains=DOMAINS,
    swept=elementwise(DOMAINS),
    misconceptions=(
        Misconception(
            "this cancels on the left: 1 + erf does, and 1 - a tail; erfc or scipy.special.ndtr"
            " does not",
            lambda x: x * (1 + _erf(x / x.dtype.type(math.sqrt(2)))) / 2,
        ),
        Misconception(
            "this is right at minus infinity, but cancels on the left: 1 + erf does, and 1 - a"
            " tail",
            lambda x: _bounded(x) * (1 + _erf(x / x.dtype.type(math.sqrt(2)))) / 2,
        ),
        Misconception(
            "the tail is right, but at -inf this is -inf * 0, which is nan: the limit is 0",
            lambda x: (x * _phi(x)).astype(x.dtype),
        ),
        Misconception(
            "this is the approximation with tanh: the exact GELU is asked for",
            _by_tanh,
        ),
        Misconception(
            "this is the approximation x sigmoid(1.702 x): the exact GELU is asked for",
            _by_sigmoid,
        ),
        Misconception(
            "this is SiLU, x sigmoid(x): GELU's gate is the normal distribution function",
            lambda x: _by_sigmoid(x, 1.0),
        ),
        Misconception(
            "this is the gate alone, the normal distribution function: multiply it by x",
            lambda x: _phi(x).astype(x.dtype),
        ),
        Misconception(
            "this is x times the normal density: the gate is its integral",
            lambda x: (_bounded(x) * _density(x)).astype(x.dtype),
        ),
        Misconception(
            "this is the derivative of GELU: the function itself is asked for",
            lambda x: (_phi(x) + _bounded(x) * _density(x)).astype(x.dtype),
        ),
        Misconception(
            "the square root of 2 is missing inside erfc",
            lambda x: (_bounded(x) * _phi(x * math.sqrt(2))).astype(x.dtype),
        ),
        Misconception(
            "the factor 1/2 is missing: the gate must go from 0 to 1",
            lambda x: (_bounded(x) * (2 * _phi(x))).astype(x.dtype),
        ),
        Misconception(
            "this gives x itself for x above 5: the gate is close to 1 there, and float64 has the"
            " digits to show that it is less",
            lambda x: np.where(x > 5, x, _gelu(x)),
        ),
        Misconception("this is ReLU: GELU dips below 0 on the left", lambda x: np.maximum(x, 0)),
        Misconception(
            "this gives 0 for x below -5: GELU is small there, and not 0",
            lambda x: np.where(x < -5, x.dtype.type(0), _gelu(x)),
        ),
        always_float64(_gelu),
    ),
)
