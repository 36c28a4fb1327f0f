"""A task of lesson 03 on the ELU: an exponential that never sees a large number."""

from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, asks_dtype, close, form, smallest
from relukit.checks.domain import Domain
from relukit.checks.harnesses.slopes import without_overflow
from relukit.checks.shapes import SHAPES, each
from relukit.checks.sweeps import elementwise
from relukit.checks.task import Misconception, Task
from relukit.checks.widening import always_float64

ERROR = {"float32": 1e-5, "float64": 1e-11}  # relative; the task's text states them
DOMAINS = {
    "x": Domain(dtypes=("float64", "float32"), special=True),
    "alpha": Domain(values=(1.0,), low=0.01, high=100.0, signs="+", zero=False),
}
_close = close(ERROR)


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    return st.tuples(arrays(bound=1e4), st.sampled_from([1.0, 0.5, 2.0]))


def _elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


@asks_dtype
def _compare(arguments: Arguments, expected: np.ndarray, got: Any) -> str | None:
    if form(expected, got) is None:  # alpha multiplies what rounding leaves of the smallest numbers
        alpha = (*arguments, 1.0)[1]
        with np.errstate(all="ignore"):
            near = np.abs(got - expected) <= max(1.0, alpha) * smallest(expected.dtype)
        got = np.where(near, expected, got)
    return _close(arguments, expected, got)


def _with_alpha(entries, alpha: float):
    return tuple((*entry, alpha) for entry in entries)


TASK = Task(
    points=1,
    title="ELU, without overflow",
    minutes=10,
    difficulty="easy",
    why="An exponential in a branch that is thrown away still makes the gradient nan.",
    hints=(
        "np.where computes both branches: what is exp(1000), and who throws it away?",
        "np.minimum(x, 0) leaves negative numbers as they are, and np.expm1(t) is exp(t) - 1"
        " without cancellation near 0.",
        "left = alpha * np.expm1(...)",
    ),
    reference=_elu,
    boundary=(
        *each(1.0, -1.0, 0.0, -5.0),
        *_with_alpha(each(-1.0, 2.0), 2.0),
        *each(-1e-4, dtype="float32"),
        *each(-1e-9),
        *each(100.0, dtype="float32"),
        *each(1e4, -1e4, np.inf, -np.inf, np.nan),
        *SHAPES,
    ),
    compare=_compare,
    generated=_generated,
    domains=DOMAINS,
    swept=elementwise(DOMAINS),
    harness=without_overflow,
    misconceptions=(
        Misconception(
            "exp sees the large positive numbers too and overflows, and near 0 exp(x) - 1 cancels:"
            " np.expm1(np.minimum(x, 0)) does neither",
            lambda x, alpha=1.0: np.where(x > 0, x, alpha * (np.exp(x) - 1)),
        ),
        Misconception(
            "expm1 sees the large positive numbers too and overflows; that np.where throws the"
            " result away comes too late for a gradient: give it np.minimum(x, 0)",
            lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.expm1(x)),
        ),
        Misconception(
            "exp(x) - 1 cancels near 0, where both are nearly 1: np.expm1 does not",
            lambda x, alpha=1.0: np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1)),
        ),
        Misconception(
            "this is exp(x) on the left, and jumps at 0: subtract 1",
            lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.exp(np.minimum(x, 0))),
        ),
        Misconception(
            "alpha is not used: it multiplies the left side",
            lambda x, alpha=1.0: _elu(x),
        ),
        Misconception(
            "alpha multiplies the exponential only: it must multiply exp(x) - 1",
            lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.exp(np.minimum(x, 0)) - 1),
        ),
        Misconception(
            "this is CELU: in ELU alpha does not divide the exponent",
            lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0) / alpha)),
        ),
        Misconception(
            "alpha multiplies both sides: on the right x itself is due",
            lambda x, alpha=1.0: alpha * _elu(x),
        ),
        Misconception(
            "the left side has the wrong sign: ELU falls to -alpha there",
            lambda x, alpha=1.0: np.where(x > 0, x, -alpha * np.expm1(np.minimum(x, 0))),
        ),
        Misconception(
            "this is max(x, alpha (exp(x) - 1)), and exp(x) - 1 lies above x on both sides: choose"
            " by the sign of x",
            lambda x, alpha=1.0: np.maximum(x, alpha * np.expm1(x)),
        ),
        Misconception(
            "this is SELU, ELU with two constants: alpha is an argument here and nothing scales",
            lambda x, alpha=1.0: (1.0507009873554805 * _elu(x, 1.6732632423543772)).astype(x.dtype),
        ),
        Misconception(
            "this is max(-alpha, x), which has a corner: ELU bends",
            lambda x, alpha=1.0: np.maximum(x, -alpha),
        ),
        Misconception(
            "this is ReLU: ELU falls to -alpha on the left",
            lambda x, alpha=1.0: np.maximum(x, 0),
        ),
        Misconception(
            "this is the derivative of ELU: the function itself is asked for",
            lambda x, alpha=1.0: np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0))),
        ),
        always_float64(_elu),
    ),
)
