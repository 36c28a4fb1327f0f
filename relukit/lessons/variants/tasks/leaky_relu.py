"""A task of lesson 03 on the leaky rectifier."""

import numpy as np

from relukit.checks.comparison import Arguments, asks_dtype, close
from relukit.checks.domain import Domain
from relukit.checks.shapes import SHAPES, each
from relukit.checks.sweeps import elementwise
from relukit.checks.task import Misconception, Task
from relukit.checks.widening import always_float64

ERROR = {"float16": 2e-3, "float32": 1e-6, "float64": 1e-14}  # relative; the text states them
DOMAINS = {
    "x": Domain(dtypes=("float64", "float32", "float16"), special=True),
    "slope": Domain(values=(0.01, 0.0, 1.0, 0, 1), low=1e-4, high=1.0, signs="+"),
}
_close = close(ERROR)


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    x = arrays(dtypes=("float64", "float32", "float16"))
    return st.tuples(x, st.sampled_from([0.01, 0.1, 0.3, 1.0]))


def _leaky(x, slope=0.01):
    return np.where(x > 0, x, slope * x)


@asks_dtype
def _compare(arguments: Arguments, expected: np.ndarray, got: object) -> str | None:
    x, slope = (*arguments, 0.01)[:2]
    free = np.isinf(x) & (slope == 0)  # nothing is asked for there
    if free.any() and isinstance(got, np.ndarray) and got.shape == x.shape:
        got = np.where(free, expected, got).astype(got.dtype)
    return _close(arguments, expected, got)


def _with_slope(entries, slope: float):
    return tuple((*entry, slope) for entry in entries)


TASK = Task(
    points=1,
    title="A leak instead of nothing",
    minutes=5,
    difficulty="easy",
    why="It is the smallest change to ReLU that gives an inactive unit a gradient.",
    hints=(
        "What should come out for 3 and for -3 if the slope on the left is 0.01?",
        "np.where(condition, a, b) takes a where the condition holds and b elsewhere.",
        "return np.where(x > 0, ...)",
    ),
    reference=_leaky,
    boundary=(
        *each(2.0, -3.0, 0.0, -1e-30, -1e30),
        *_with_slope(each(-3.0, 0.2), 0.3),
        *_with_slope(each(-3.0), 0.0),
        *each(np.inf, -np.inf, np.nan),
        *each(-3.0, dtype="float32"),
        *each(-3.0, dtype="float16"),
        *SHAPES,
    ),
    compare=_compare,
    generated=_generated,
    domains=DOMAINS,
    swept=elementwise(DOMAINS),
    misconceptions=(
        Misconception(
            "this is ReLU: where x is negative, slope times x is due, and not 0",
            lambda x, slope=0.01: np.maximum(x, 0),
        ),
        Misconception(
            "the leak is always 0.01: use the argument slope",
            lambda x, slope=0.01: _leaky(x),
        ),
        Misconception(
            "the leak goes up instead of down: where x is negative, slope * x is negative too",
            lambda x, slope=0.01: np.where(x > 0, x, -slope * x),
        ),
        Misconception(
            "the sides are exchanged: x itself is due on the right, slope * x on the left",
            lambda x, slope=0.01: np.where(x > 0, slope * x, x),
        ),
        Misconception(
            "slope times x is added on both sides: on the right x alone is due",
            lambda x, slope=0.01: np.maximum(x, 0) + slope * x,
        ),
        Misconception(
            "this is slope times x on both sides: on the right x itself is due",
            lambda x, slope=0.01: slope * x,
        ),
        Misconception(
            "this is max(slope, x), which stops at slope: the leak is slope times x",
            lambda x, slope=0.01: np.maximum(slope, x),
        ),
        Misconception(
            "this gives the number slope where x is negative, which is the derivative there:"
            " slope * x is due",
            lambda x, slope=0.01: np.where(x > 0, x, np.where(np.isnan(x), x, x.dtype.type(slope))),
        ),
        Misconception(
            "this is the derivative, 1 or slope: the function itself is asked for",
            lambda x, slope=0.01: np.where(x > 0, 1, slope).astype(x.dtype),
        ),
        Misconception(
            "this divides by the slope: the leak is slope times x",
            lambda x, slope=0.01: np.where(x > 0, x, x / slope),
        ),
        Misconception(
            "this is made of masks, x * (x > 0) and slope * x * (x <= 0): at an infinity one of"
            " them is infinity times 0, which is nan",
            lambda x, slope=0.01: x * (x > 0) + slope * x * (x <= 0),
        ),
        Misconception(
            "this writes its result into x, so the caller's array changes too: build a new array",
            lambda x, slope=0.01: np.multiply(x, slope, out=x, where=x < 0),
        ),
        always_float64(_leaky),
    ),
)
