"""A task of page D2 on the slope of the rectifier, with every choice at 0 that is right."""

import numpy as np

from relukit.checks.comparison import Arguments, Index, asks_dtype, elements, form
from relukit.checks.domain import Domain
from relukit.checks.shapes import SHAPES, each
from relukit.checks.sweeps import elementwise
from relukit.checks.task import Misconception, Task

DOMAINS = {"x": Domain(dtypes=("float64", "float32", "float16"))}


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    return st.tuples(arrays(dtypes=("float64", "float32", "float16"), nan=False))


def _relu(x):
    return np.maximum(x, 0)


def _slope(x):
    return np.where(x > 0, 1, 0).astype(x.dtype)


@asks_dtype
def _compare(arguments: Arguments, expected: np.ndarray, got: object) -> str | None:
    wrong = form(expected, got)
    if wrong:
        return wrong
    got = np.asarray(got)
    at_zero = arguments[0] == 0
    inside = (got >= 0) & (got <= 1)
    if np.any(at_zero & ~inside):
        return "at 0 every value in [0, 1] passes, and this is none of them"
    return elements(
        expected, np.where(at_zero, expected, got), why=lambda index: _reason(arguments, index)
    )


def _reason(arguments: Arguments, index: Index) -> str:
    if arguments[0][index] < 0:
        return "left of 0 the graph of ReLU is flat: its slope is 0"
    return "right of 0 the graph of ReLU rises as x does: its slope is 1"


def _stepped(step: float):
    return lambda x: ((_relu(x + step) - _relu(x - step)) / (2 * step)).astype(x.dtype)


def _at_zero(value: float):
    return lambda x: np.where(x == 0, value, x > 0).astype(x.dtype)


TASK = Task(
    points=2,
    title="The slope, and the kink",
    minutes=5,
    difficulty="easy",
    why="Backpropagation multiplies by this number in every layer, and at 0 it has to choose one.",
    hints=(
        "How steep is the graph of ReLU left of 0, and how steep right of it?",
        "A comparison such as x > 0 gives True and False; astype makes numbers of them, of the"
        " dtype that is asked for.",
        "return (x > 0).astype(...)",
    ),
    reference=_slope,
    boundary=(
        *each(2.0, -3.0, 0.0, -0.0, 7.0, 0.5, -0.5, 1e-6, -1e-6, 1e-30),
        *each(np.inf, -np.inf),
        *each(-3.0, 2.0, 0.0, dtype="float32"),
        *each(-3.0, 2.0, dtype="float16"),
        *SHAPES,
        (np.array([0.0, -1.0, 0.0, 2.0]),),
    ),
    compare=_compare,
    generated=_generated,
    domains=DOMAINS,
    swept=elementwise(DOMAINS),
    misconceptions=(
        Misconception("this is relu(x) itself: its slope is asked for", _relu),
        Misconception(
            "this is the slope of |x|: ReLU is flat where x is negative", lambda x: np.sign(x)
        ),
        Misconception(
            "this is the slope of x, 1 everywhere: a unit with negative input passes no gradient",
            np.ones_like,
        ),
        Misconception(
            "this is 0 everywhere: where x is positive, the gradient passes unchanged",
            np.zeros_like,
        ),
        Misconception(
            "this is the mask x < 0, the wrong way round", lambda x: (x < 0).astype(x.dtype)
        ),
        Misconception(
            "this is the mask x > 0, made of True and False: the slope is a number, of x's dtype",
            lambda x: x > 0,
        ),
        Misconception(
            "this is the mask x >= 0, made of True and False: the slope is a number, of x's dtype",
            lambda x: x >= 0,
        ),
        Misconception(
            "this always returns float64: keep the dtype of x",
            lambda x: np.where(x > 0, 1.0, 0.0),
        ),
        Misconception(
            "this always returns integers: keep the dtype of x", lambda x: np.where(x > 0, 1, 0)
        ),
        Misconception(
            "this is relu(x) / x, which is 0 / 0 at 0 and nan: the slope is not that ratio",
            lambda x: _relu(x) / x,
        ),
        Misconception(
            "this is the slope of the leaky rectifier: ReLU's is 0 where x is negative",
            lambda x: np.where(x > 0, 1, 0.01).astype(x.dtype),
        ),
        Misconception(
            "this is the sigmoid, the slope of softplus: ReLU's slope jumps from 0 to 1",
            lambda x: (1 / (1 + np.exp(-x))).astype(x.dtype),
        ),
        Misconception(
            "this is a finite difference: within one step of 0 it straddles the kink",
            _stepped(1e-3),
        ),
        Misconception(
            "this is 1 only up to 6, the slope of ReLU6: ReLU goes on rising",
            lambda x: ((x > 0) & (x < 6)).astype(x.dtype),
        ),
        Misconception(
            "at 0 yours gives 0, as torch.relu does; all of [0, 1] is allowed there",
            _slope,
            allowed=True,
        ),
        Misconception(
            "at 0 yours gives 1: allowed as a subgradient, as all of [0, 1]; torch.relu uses 0",
            _at_zero(1.0),
            allowed=True,
        ),
        Misconception(
            "at 0 yours gives 1/2: allowed as a subgradient, as all of [0, 1]; torch.maximum(x, 0)"
            " does the same, and torch.relu uses 0",
            _at_zero(0.5),
            allowed=True,
        ),
    ),
)
