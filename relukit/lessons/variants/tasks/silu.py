"""A task of lesson 03 on SiLU: a gate made of exponentials, right at both ends."""

import numpy as np

from relukit.checks.domain import Domain
from relukit.checks.harnesses.slopes import without_overflow
from relukit.checks.shapes import SHAPES, each
from relukit.checks.sweeps import elementwise
from relukit.checks.task import Misconception, Task
from relukit.checks.widening import always_float64
from relukit.lessons.variants.tasks.tolerance import gated

ERROR = {"float32": 1e-5, "float64": 1e-11}  # relative; the task's text states it
DOMAINS = {"x": Domain(dtypes=("float64", "float32"), high=1e30, special=True)}


def generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    return st.tuples(arrays(bound=1e4))


INPUTS = (
    *each(1.0, -1.0, 0.0, 10.0, 20.0, 1e-9),
    *each(-20.0, -80.0, 100.0, -100.0, dtype="float32"),
    *each(-40.0, -700.0),
    *each(1e4, -1e4, np.inf, -np.inf, np.nan),
    *SHAPES,
)


def logistic(x):
    small = np.exp(-np.abs(x))
    return np.where(x < 0, small, 1) / (1 + small)


def gated_by(x, gate):
    """Return x times a gate, 0 at minus infinity, computed in float64."""
    wide = x.astype("float64")
    return (np.maximum(wide, np.finfo(wide.dtype).min) * gate(wide)).astype(x.dtype)


def slope_of(x, gate, steepness):
    """Return gate + x gate', the derivative of x times a gate."""
    wide = np.clip(x.astype("float64"), -1e300, 1e300)
    return (gate(wide) + wide * steepness(wide)).astype(x.dtype)


def swish(x):
    return gated_by(x, logistic)


def _silu_slope(x):
    return slope_of(x, logistic, lambda wide: logistic(wide) * logistic(-wide))


TASK = Task(
    points=1,
    title="SiLU, right at both ends",
    minutes=10,
    difficulty="easy",
    why="SwiGLU, in most large language models, is made of it.",
    hints=(
        "What are exp(1e4) and -inf * 0 in floating point, and what should SiLU give there?",
        "The sigmoid with exp(-|x|), from lesson 02, never overflows (scipy.special.expit neither);"
        " a gate of 0 needs a finite number to multiply: np.maximum(x, np.finfo(x.dtype).min).",
        "small = np.exp(-np.abs(x))",
    ),
    reference=swish,
    boundary=INPUTS,
    compare=gated(ERROR),
    generated=generated,
    domains=DOMAINS,
    swept=elementwise(DOMAINS),
    harness=without_overflow,
    misconceptions=(
        Misconception(
            "this is x / (1 + exp(-x)): on the left exp overflows, and at -inf this is inf / inf",
            lambda x: x / (1 + np.exp(-x)),
        ),
        Misconception(
            "this is x exp(x) / (1 + exp(x)): on the right exp overflows",
            lambda x: x * np.exp(x) / (1 + np.exp(x)),
        ),
        Misconception(
            "the tails are right, but at -inf this is nan, as -inf * 0 and -inf / inf are: the"
            " limit is 0",
            lambda x: (x * logistic(x)).astype(x.dtype),
        ),
        Misconception(
            "this is x (1 + tanh(x / 2)) / 2: on the left 1 + tanh cancels to 0",
            lambda x: x * (1 + np.tanh(x / 2)) / 2,
        ),
        Misconception(
            "this is the sigmoid alone: multiply it by x", lambda x: logistic(x).astype(x.dtype)
        ),
        Misconception(
            "this is the derivative of SiLU: the function itself is asked for", _silu_slope
        ),
        Misconception(
            "this is x sigmoid(-x), mirrored: the gate must open on the right",
            lambda x: -swish(-x),
        ),
        Misconception(
            "this is x sigmoid(1.702 x), a stand-in for GELU: SiLU's gate is sigmoid(x)",
            lambda x: gated_by(x, lambda wide: logistic(1.702 * wide)),
        ),
        Misconception(
            "this is hard-swish, SiLU drawn with straight lines and a parabola",
            lambda x: gated_by(x, lambda wide: np.clip(wide / 6 + 0.5, 0, 1)),
        ),
        Misconception("this is ReLU: SiLU dips below 0 on the left", lambda x: np.maximum(x, 0)),
        Misconception(
            "this gives x itself for x above 20: the gate is close to 1 there, and float64 has the"
            " digits to show that it is less",
            lambda x: np.where(x > 20, x, swish(x)),
        ),
        Misconception(
            "this gives 0 for x below -20: SiLU is small there, and not 0",
            lambda x: np.where(x < -20, x.dtype.type(0), swish(x)),
        ),
        always_float64(swish),
    ),
)
