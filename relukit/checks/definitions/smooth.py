"""Tasks of lesson 02 on smooth relatives: the sigmoid and softplus, right in every tail."""

import numpy as np

from relukit.checks.comparison import Arguments, asks_dtype, close, elements, form
from relukit.checks.definitions.shapes import SHAPES, each
from relukit.checks.domain import Domain
from relukit.checks.sweeps import elementwise
from relukit.checks.task import Misconception, Task

LESSON = "02_definitions"
SIGMOID_ERROR = {"float32": 1e-5, "float64": 1e-11}  # relative; the tasks' texts state them
SOFTPLUS_ERROR = {"float32": 1e-4, "float64": 1e-9}  # wider: sharpness * x is rounded first
SIGMOID_DOMAINS = {"x": Domain(dtypes=("float64", "float32"), special=True)}
SOFTPLUS_DOMAINS = {
    "x": Domain(dtypes=("float64", "float32"), high=1e4, special=True),
    "sharpness": Domain(values=(1.0,), low=1e-3, high=1e3, signs="+", zero=False),
}


def _generated_sigmoid():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    return st.tuples(arrays(bound=1e4))


def _generated_softplus():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    return st.tuples(arrays(bound=1e4), st.sampled_from([1.0, 0.5, 2.0, 10.0]))


def _sigmoid(x):
    wide = x.astype("float64")
    small = np.exp(-np.abs(wide))
    return (np.where(wide < 0, small, 1.0) / (1 + small)).astype(x.dtype)


_TAILS = (
    *each(-20.0, 20.0, -10.0, dtype="float32"),
    *each(15.0, -40.0, 40.0, -20.0, -700.0, -720.0),
    *each(-80.0, -95.0, -1e4, 1e4, dtype="float32"),
    *each(1e4, -1e4, np.inf, -np.inf, np.nan),
)

SIGMOID = Task(
    name="sigmoid",
    lesson=LESSON,
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
    reference=_sigmoid,
    boundary=(
        *each(0.0, 1.0, -1.0),
        *_TAILS,
        *SHAPES,
        (np.array([-1e4, 0.0, 1e4], dtype="float32"),),
    ),
    compare=close(SIGMOID_ERROR),
    generated=_generated_sigmoid,
    domains=SIGMOID_DOMAINS,
    swept=elementwise(SIGMOID_DOMAINS),
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
        Misconception(
            "this always returns float64: keep the dtype of x",
            lambda x: _sigmoid(x.astype("float64")),
        ),
    ),
)


def _softplus(x, sharpness=1.0):
    z = sharpness * x.astype("float64")
    return ((np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))) / sharpness).astype(x.dtype)


@asks_dtype
def _compare_softplus(arguments: Arguments, expected: object, got: object) -> str | None:
    wrong = form(expected, got)
    if wrong:
        return wrong
    # where exp(k x) is so small that steps between numbers show, these are divided by k
    sharpness = arguments[1] if len(arguments) > 1 else 1.0
    scale = expected.dtype.type(min(sharpness, 1.0))
    relative = SOFTPLUS_ERROR[expected.dtype.name]
    return elements(expected * scale, np.asarray(got) * scale, relative=relative)


def _with_sharpness(entries, sharpness: float):
    return tuple((*entry, sharpness) for entry in entries)


SOFTPLUS = Task(
    name="softplus",
    lesson=LESSON,
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
        *_TAILS,
        *_with_sharpness(each(-2.0, 2.0, 30.0, 1e4, -1e4, dtype="float32"), 10.0),
        *_with_sharpness(each(3.0, -60.0), 0.5),
        *SHAPES,
        (np.array([-1e4, 0.0, 1e4], dtype="float32"), 2.0),
    ),
    compare=_compare_softplus,
    generated=_generated_softplus,
    domains=SOFTPLUS_DOMAINS,
    swept=elementwise(SOFTPLUS_DOMAINS),
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
            lambda x, sharpness=1.0: _sigmoid(sharpness * x),
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
        Misconception(
            "this always returns float64: keep the dtype of x",
            lambda x, sharpness=1.0: _softplus(x.astype("float64"), sharpness),
        ),
    ),
)
