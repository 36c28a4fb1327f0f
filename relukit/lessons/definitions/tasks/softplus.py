"""A task of page D2 on softplus, the smooth twin of ReLU: right in every tail."""

import numpy as np

from relukit.checks.comparison import Arguments, asks_dtype, elements, form
from relukit.checks.domain import Domain
from relukit.checks.shapes import SHAPES, each
from relukit.checks.sweeps import elementwise
from relukit.checks.task import Misconception, Task
from relukit.checks.widening import always_float64
from relukit.lessons.definitions.tasks.sigmoid import TAILS, logistic

ERROR = {"float32": 1e-4, "float64": 1e-9}  # relative; wider: sharpness * x is rounded first
DOMAINS = {
    "x": Domain(dtypes=("float64", "float32"), high=1e4, special=True),
    "sharpness": Domain(values=(1.0,), low=1e-3, high=1e3, signs="+", zero=False),
}


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    return st.tuples(arrays(bound=1e4), st.sampled_from([1.0, 0.5, 2.0, 10.0]))


def _softplus(x, sharpness=1.0):
    z = sharpness * x.astype("float64")
    return ((np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))) / sharpness).astype(x.dtype)


@asks_dtype
def _compare_softplus(arguments: Arguments, expected: np.ndarray, got: object) -> str | None:
    wrong = form(expected, got)
    if wrong:
        return wrong
    # where exp(k x) is so small that steps between numbers show, these are divided by k
    sharpness = arguments[1] if len(arguments) > 1 else 1.0
    scale = expected.dtype.type(min(sharpness, 1.0))
    relative = ERROR[expected.dtype.name]
    return elements(expected * scale, np.asarray(got) * scale, relative=relative)


def _with_sharpness(entries, sharpness: float):
    return tuple((*entry, sharpness) for entry in entries)


TASK = Task(
    points=3,
    title="Softplus, with a sharpness",
    minutes=15,
    difficulty="medium",
    why="It is the smooth twin of ReLU, and a lesson in how a right formula gives wrong numbers.",
    hints=(
        "What do exp(1e4) and log(1 + 1e-20) give in floating point, and what should they give?",
        "log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|)), and np.log1p is made for the last term;"
        " the sharpness k enters twice: z = k x, and the result is divided by k.",
        "z = sharpness * x",
    ),
    reference=_softplus,
    boundary=(
        *each(0.0, 1.0, -1.0, 6.0, 21.0),  # torch's own softplus is x itself from 20 on
        *_with_sharpness(each(1.0, -1.0, 0.0), 2.0),
        *TAILS,
        *_with_sharpness(each(-2.0, 2.0, 30.0, 1e4, -1e4, dtype="float32"), 10.0),
        *_with_sharpness(each(3.0, -60.0), 0.5),
        *SHAPES,
        (np.array([-1e4, 0.0, 1e4], dtype="float32"), 2.0),
    ),
    compare=_compare_softplus,
    generated=_generated,
    domains=DOMAINS,
    swept=elementwise(DOMAINS),
    misconceptions=(
        Misconception(
            "this is log(1 + exp(k x)) / k as it stands: exp overflows on the right, and on the"
            " left 1 + exp(k x) rounds to 1",
            lambda x, sharpness=1.0: np.log(1 + np.exp(sharpness * x)) / sharpness,
        ),
        Misconception(
            "log1p mends the left side; on the right exp(k x) still overflows",
            lambda x, sharpness=1.0: np.log1p(np.exp(sharpness * x)) / sharpness,
        ),
        Misconception(
            "this is safe from overflow; on the left log(1 + exp(-|k x|)) rounds to 0, and log1p"
            " would not",
            lambda x, sharpness=1.0: (
                (np.maximum(sharpness * x, 0) + np.log(1 + np.exp(-np.abs(sharpness * x))))
                / sharpness
            ),
        ),
        Misconception(
            "the sharpness is not used: it multiplies x inside and divides the result",
            lambda x, sharpness=1.0: _softplus(x),
        ),
        Misconception(
            "the result is not divided by the sharpness: for large x it must approach x",
            lambda x, sharpness=1.0: _softplus(x, sharpness) * sharpness,
        ),
        Misconception(
            "the sharpness divides the result and does not multiply x inside",
            lambda x, sharpness=1.0: _softplus(x) / sharpness,
        ),
        Misconception(
            "the sharpness is upside down: a larger one must bring the curve closer to ReLU",
            lambda x, sharpness=1.0: _softplus(x, 1 / sharpness),
        ),
        Misconception(
            "this is ReLU: softplus lies above it, by log(2) / k at 0",
            lambda x, sharpness=1.0: np.maximum(x, 0),
        ),
        Misconception(
            "this is the sigmoid, the slope of softplus: softplus itself is asked for",
            lambda x, sharpness=1.0: logistic(sharpness * x),
        ),
        Misconception(
            "this takes the logarithm to base 2: the natural one is asked for",
            lambda x, sharpness=1.0: _softplus(x, sharpness) / x.dtype.type(np.log(2)),
        ),
        Misconception(
            "this gives 0 for k x below -20: softplus is small there, and still exp(k x) / k",
            lambda x, sharpness=1.0: np.where(
                sharpness * x < -20, x.dtype.type(0), _softplus(x, sharpness)
            ),
        ),
        always_float64(_softplus),
    ),
)
