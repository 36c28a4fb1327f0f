"""A task of lesson 02 on the rectifier itself, with the ways of writing it that fail."""

import numpy as np

from relukit.checks.comparison import Arguments, Index, exact
from relukit.checks.domain import Domain
from relukit.checks.shapes import SHAPES, each
from relukit.checks.sweeps import elementwise
from relukit.checks.task import Misconception, Task
from relukit.checks.widening import always_float64

DOMAINS = {
    "x": Domain(
        dtypes=("float64", "float32", "float16", "int64", "int32", "int8", "uint8"), special=True
    )
}


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    return st.tuples(arrays(dtypes=("float64", "float32", "float16", "int64")))


def _relu(x):
    return np.maximum(x, x.dtype.type(0))


def _reason(arguments: Arguments, index: Index) -> str:
    x = arguments[0][index]
    if x < 0:
        return "where x is negative, ReLU is 0"
    return "where x is positive, ReLU is x" if x > 0 else "ReLU of 0 is 0"


def _once_for_all(x):
    return x if (x > 0).all() else np.zeros_like(x)


def _into_the_input(x):
    return np.maximum(x, 0, out=x)


TASK = Task(
    points=2,
    title="The rectifier",
    minutes=5,
    difficulty="easy",
    why="Every network in this course is built from this one function.",
    hints=(
        "What should come out for 3, for -3 and for 0, and which one operation does all three?",
        "NumPy compares an array with a number element by element; look at np.maximum and np.where,"
        " and try both on nan and -inf.",
        "return np.maximum(x, ...)",
    ),
    reference=_relu,
    boundary=(
        *each(2.0, -3.0, 0.0, -0.0, 7.0, -7.0, 0.25, 5e-4, 1e-30, 1e6),
        *each(np.inf, -np.inf, np.nan),
        *each(-3.0, 2.0, 0.1, dtype="float32"),
        *each(-3.0, 2.0, dtype="float16"),
        *SHAPES,
        (np.array([-3, 0, 2]),),
        (np.array([-3, 0, 2], dtype="int32"),),
    ),
    compare=exact(_reason),
    generated=_generated,
    domains=DOMAINS,
    swept=elementwise(DOMAINS),
    misconceptions=(
        Misconception("this is x itself: what is negative must become 0", lambda x: x.copy()),
        Misconception("this is |x|: what is negative must become 0, not change its sign", np.abs),
        Misconception(
            "this is the leaky rectifier: below 0 it keeps 0.01 x, and ReLU keeps nothing",
            lambda x: np.where(x > 0, x, 0.01 * x),
        ),
        Misconception(
            "this is ReLU6, which stops at 6: ReLU has no upper bound",
            lambda x: np.clip(x, 0, 6),
        ),
        Misconception(
            "this is min(x, 0), the negative part: ReLU keeps the positive part",
            lambda x: np.minimum(x, 0),
        ),
        Misconception(
            "this is max(-x, 0), the rectifier mirrored: the sign of x is the wrong way round",
            lambda x: np.maximum(-x, 0),
        ),
        Misconception(
            "this is the unit step, the slope of ReLU: where x is positive, x itself is due",
            lambda x: (x > 0).astype(x.dtype),
        ),
        Misconception(
            "this gives True and False: the mask x > 0 says where to keep x, and x is due there",
            lambda x: x > 0,
        ),
        Misconception(
            "this writes its result into x, so the caller's array changes too: build a new array",
            _into_the_input,
        ),
        Misconception(
            "this is x * (x > 0): at -inf it computes -inf * 0, which is nan", lambda x: x * (x > 0)
        ),
        Misconception(
            "this turns nan into 0, because nan > 0 is False: np.maximum keeps nan",
            lambda x: np.where(x > 0, x, 0),
        ),
        Misconception(
            "this is (|x| + x) / 2: at -inf it computes inf - inf, which is nan",
            lambda x: (np.abs(x) + x) / 2,
        ),
        always_float64(_relu),
        Misconception(
            "this rounds to whole numbers: keep the dtype of x",
            lambda x: np.maximum(x, 0).astype(int),
        ),
        Misconception(
            "this flattens the array: keep the shape of x", lambda x: np.maximum(x, 0).ravel()
        ),
        Misconception(
            "this decides once for the whole array: each element has a sign of its own",
            _once_for_all,
        ),
        Misconception(
            "Python's max compares x as a whole and works for one number only: "
            "NumPy's np.maximum works on each element",
            lambda x: max(0, x),
        ),
        Misconception(
            "Python's max compares x as a whole and works for one number only; here nan comes first"
            " and stays: np.maximum works on each element",
            lambda x: max(x, 0),
        ),
        Misconception(
            "np.max gives the one largest element: np.maximum compares element by element",
            lambda x: np.max(x, initial=0),
        ),
        Misconception(
            "this is softplus, a smooth curve above ReLU: ReLU has a kink",
            lambda x: np.logaddexp(0, x, dtype=x.dtype if x.dtype.kind == "f" else float),
        ),
        Misconception(
            "this is the ELU, which goes on to -1 below 0: ReLU is 0 there",
            lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
        ),
        Misconception(
            "this is the SiLU x * sigmoid(x), which dips below 0: ReLU never does",
            lambda x: x / (1 + np.exp(-x)),
        ),
    ),
)
