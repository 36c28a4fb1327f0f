"""A task of page D2 on the sigmoid: right in every tail."""

import numpy as np

from relukit.checks.comparison import close
from relukit.checks.domain import Domain
from relukit.checks.shapes import SHAPES, each
from relukit.checks.sweeps import elementwise
from relukit.checks.task import Misconception, Task
from relukit.checks.widening import always_float64

ERROR = {"float32": 1e-5, "float64": 1e-11}  # relative; the task's text states it
DOMAINS = {"x": Domain(dtypes=("float64", "float32"), special=True)}


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    return st.tuples(arrays(bound=1e4))


def logistic(x):
    wide = x.astype("float64")
    small = np.exp(-np.abs(wide))
    return (np.where(wide < 0, small, 1.0) / (1 + small)).astype(x.dtype)


TAILS = (
    *each(-20.0, 20.0, -10.0, dtype="float32"),
    *each(15.0, -40.0, 40.0, -20.0, -700.0, -720.0),
    *each(-80.0, -95.0, -1e4, 1e4, dtype="float32"),
    *each(1e4, -1e4, np.inf, -np.inf, np.nan),
)

TASK = Task(
    points=3,
    title="A sigmoid that survives its tails",
    minutes=10,
    difficulty="medium",
    why="The formula from the book fails at inputs that a network meets, and nan then spreads.",
    hints=(
        "Which of exp(x) and exp(-x) overflows at x = 1e4, and which at x = -1e4?",
        "exp(-|x|) never overflows; write the sigmoid with it, once for each sign of x, without a"
        " difference of nearly equal numbers.",
        "small = np.exp(-np.abs(x))",
    ),
    reference=logistic,
    boundary=(
        *each(0.0, 1.0, -1.0),
        *TAILS,
        *SHAPES,
        (np.array([-1e4, 0.0, 1e4], dtype="float32"),),
    ),
    compare=close(ERROR),
    generated=_generated,
    domains=DOMAINS,
    swept=elementwise(DOMAINS),
    misconceptions=(
        Misconception(
            "far on the left this is 0, as in 1 / (1 + exp(-x)), torch.sigmoid and scipy's expit:"
            " exp(-x) overflows there, and exp(x) / (1 + exp(x)) does not",
            lambda x: 1 / (1 + np.exp(-x)),
        ),
        Misconception(
            "this is exp(x) / (1 + exp(x)): at large x both overflow, and inf / inf is nan",
            lambda x: np.exp(x) / (1 + np.exp(x)),
        ),
        Misconception(
            "this is 1 / (1 + exp(x)), which falls: the exponent is -x",
            lambda x: 1 / (1 + np.exp(x)),
        ),
        Misconception(
            "this is (1 + tanh(x / 2)) / 2: on the left, 1 + tanh cancels to 0",
            lambda x: (1 + np.tanh(x / 2)) / 2,
        ),
        Misconception(
            "this subtracts from 1: on the left both numbers agree and the result cancels to 0",
            lambda x: 1 - 1 / (1 + np.exp(x)),
        ),
        Misconception("this is tanh, which goes from -1 to 1: the sigmoid starts at 0", np.tanh),
        Misconception(
            "this is 1 / 1 + exp(-x): parentheses are missing around the denominator",
            lambda x: 1 / 1 + np.exp(-x),
        ),
        Misconception(
            "this is the slope of the sigmoid, s (1 - s): s itself is asked for",
            lambda x: np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))) ** 2,
        ),
        Misconception(
            "this is the softmax over the whole array: each element has its own sigmoid",
            lambda x: np.exp(x - x.max(initial=-np.inf)) / np.exp(x - x.max(initial=-np.inf)).sum(),
        ),
        Misconception(
            "this is the hard sigmoid, three straight lines: the sigmoid is smooth",
            lambda x: np.clip(x / 6 + x.dtype.type(0.5), 0, 1),
        ),
        Misconception(
            "this is exp(x) alone, which the sigmoid only approaches on the left", np.exp
        ),
        always_float64(logistic),
    ),
)
