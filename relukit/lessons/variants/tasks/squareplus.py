"""A task of lesson 03 on squareplus: a sum that cancels, and a square that overflows."""

import math

import numpy as np

from relukit.checks.comparison import close
from relukit.checks.domain import Domain
from relukit.checks.shapes import SHAPES, each
from relukit.checks.sweeps import elementwise
from relukit.checks.task import Misconception, Task
from relukit.checks.widening import always_float64

ERROR = {"float32": 1e-5, "float64": 1e-11}  # relative; the task's text states them
DOMAINS = {
    "x": Domain(dtypes=("float64", "float32"), low=1e-24, high=1e24, special=True),
    "b": Domain(values=(4.0, 0.0), low=1e-6, high=1e6, signs="+"),
}


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    return st.tuples(arrays(bound=2.0**79), st.sampled_from([4.0, 1.0, 1.5, 0.25, 0.0]))


def _squareplus(x, b=4.0):
    wide = np.abs(x.astype("float64"))
    with np.errstate(all="ignore"):
        right = wide / 2 + np.hypot(wide, math.sqrt(b)) / 2
        left = np.where(b == 0, 0.0, b / (4 * right))
    return np.where(x < 0, left, right).astype(x.dtype)


def _by_formula(x, b=4.0):
    return (x + np.sqrt(x * x + b)) / 2


def _far_out(x, b):
    with np.errstate(all="ignore"):
        return np.where(x > 0, x, -b / (4 * x)).astype(x.dtype)


def _with_b(entries, b: float):
    return tuple((*entry, b) for entry in entries)


TASK = Task(
    points=2,
    title="Squareplus, far out on the left",
    minutes=15,
    difficulty="medium",
    why="No exponential does not mean no trouble: in float32 this formula is 22 % off at -5000.",
    hints=(
        "At x = -1e4, what are x and sqrt(x² + 4) in float32, and what is their sum?",
        "Multiply and divide by sqrt(x² + b) - x, so that nothing is subtracted on the left;"
        " np.hypot takes the root of a sum of squares without overflow.",
        "root = np.hypot(x, ...)",
    ),
    reference=_squareplus,
    boundary=(
        *each(0.0, 1.0, -1.0),
        *_with_b(each(0.0, -1.0), 1.0),
        *_with_b(each(0.0, -1.0, 2.0), 0.0),
        *each(-1e4, 1e4, dtype="float32"),
        *each(-1e9),
        *each(1e20, -1e20, dtype="float32"),
        *each(np.inf, -np.inf, np.nan),
        *SHAPES,
    ),
    compare=close(ERROR),
    generated=_generated,
    domains=DOMAINS,
    swept=elementwise(DOMAINS),
    misconceptions=(
        Misconception(
            "this is (x + sqrt(x² + b)) / 2 as it stands: on the left both terms cancel",
            _by_formula,
        ),
        Misconception(
            "hypot mends the overflow; on the left x + hypot(x, ...) still cancels",
            lambda x, b=4.0: (x + np.hypot(x, x.dtype.type(math.sqrt(b)))) / 2,
        ),
        Misconception(
            "nothing cancels any more; for very large x the square still overflows, and np.hypot"
            " would not",
            lambda x, b=4.0: np.where(
                x < 0, b / (2 * (np.sqrt(x * x + b) - x)), (x + np.sqrt(x * x + b)) / 2
            ),
        ),
        Misconception(
            "this divides everywhere: on the right sqrt(x² + b) - x cancels instead",
            lambda x, b=4.0: b / (2 * (np.hypot(x, x.dtype.type(math.sqrt(b))) - x)),
        ),
        Misconception(
            "this takes x itself, or -b / (4 x), beyond 1000: these are the limits, and far out"
            " still off in the digits asked for; one formula for each side serves everywhere",
            lambda x, b=4.0: np.where(np.abs(x) > 1000, _far_out(x, b), _squareplus(x, b)),
        ),
        Misconception("b is not used", lambda x, b=4.0: _squareplus(x)),
        Misconception(
            "b is squared under the root: x² + b is due there",
            lambda x, b=4.0: _squareplus(x, b * b),
        ),
        Misconception("the sum is not halved", lambda x, b=4.0: 2 * _squareplus(x, b)),
        Misconception(
            "only the root is halved: both terms must be",
            lambda x, b=4.0: x + np.sqrt(x * x + b) / 2,
        ),
        Misconception("the square root is missing", lambda x, b=4.0: (x + (x * x + b)) / 2),
        Misconception(
            "x is subtracted: this is squareplus mirrored",
            lambda x, b=4.0: _squareplus(-x, b),
        ),
        Misconception(
            "this is softplus: squareplus falls more slowly on the left, as b / (4 |x|)",
            lambda x, b=4.0: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))),
        ),
        Misconception(
            "this is ReLU: for b > 0 squareplus lies above it", lambda x, b=4.0: np.maximum(x, 0)
        ),
        Misconception(
            "this is the derivative of squareplus: the function itself is asked for",
            lambda x, b=4.0: (1 + x / np.sqrt(x * x + b)) / 2,
        ),
        always_float64(_squareplus),
    ),
)
