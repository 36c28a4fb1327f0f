"""Tasks of lesson 03 on SiLU and Mish: gates made of exponentials, right at both ends."""

import numpy as np

from relukit.checks.definitions.shapes import SHAPES, each
from relukit.checks.domain import Domain
from relukit.checks.harnesses.variants import without_overflow
from relukit.checks.sweeps import elementwise
from relukit.checks.task import Misconception, Task
from relukit.checks.variants.tolerance import gated

LESSON = "03_variants"
SILU_ERROR = {"float32": 1e-5, "float64": 1e-11}  # relative; the tasks' texts state them
MISH_ERROR = {"float32": 1e-4, "float64": 1e-10}
DOMAINS = {"x": Domain(dtypes=("float64", "float32"), high=1e30, special=True)}


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    return st.tuples(arrays(bound=1e4))


_INPUTS = (
    *each(1.0, -1.0, 0.0, 10.0, 20.0, 1e-9),
    *each(-20.0, -80.0, 100.0, -100.0, dtype="float32"),
    *each(-40.0, -700.0),
    *each(1e4, -1e4, np.inf, -np.inf, np.nan),
    *SHAPES,
)


def _sigmoid(x):
    small = np.exp(-np.abs(x))
    return np.where(x < 0, small, 1) / (1 + small)


def _softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _gated(x, gate):
    """Return x times a gate, 0 at minus infinity, computed in float64."""
    wide = x.astype("float64")
    return (np.maximum(wide, np.finfo(wide.dtype).min) * gate(wide)).astype(x.dtype)


def _slope(x, gate, steepness):
    """Return gate + x gate', the derivative of x times a gate."""
    wide = np.clip(x.astype("float64"), -1e300, 1e300)
    return (gate(wide) + wide * steepness(wide)).astype(x.dtype)


def _silu(x):
    return _gated(x, _sigmoid)


def _silu_slope(x):
    return _slope(x, _sigmoid, lambda wide: _sigmoid(wide) * _sigmoid(-wide))


SILU = Task(
    name="silu",
    lesson=LESSON,
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
    reference=_silu,
    boundary=_INPUTS,
    compare=gated(SILU_ERROR),
    generated=_generated,
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
            lambda x: (x * _sigmoid(x)).astype(x.dtype),
        ),
        Misconception(
            "this is x (1 + tanh(x / 2)) / 2: on the left 1 + tanh cancels to 0",
            lambda x: x * (1 + np.tanh(x / 2)) / 2,
        ),
        Misconception(
            "this is the sigmoid alone: multiply it by x", lambda x: _sigmoid(x).astype(x.dtype)
        ),
        Misconception(
            "this is the derivative of SiLU: the function itself is asked for", _silu_slope
        ),
        Misconception(
            "this is x sigmoid(-x), mirrored: the gate must open on the right",
            lambda x: -_silu(-x),
        ),
        Misconception(
            "this is x sigmoid(1.702 x), a stand-in for GELU: SiLU's gate is sigmoid(x)",
            lambda x: _gated(x, lambda wide: _sigmoid(1.702 * wide)),
        ),
        Misconception(
            "this is hard-swish, SiLU drawn with straight lines and a parabola",
            lambda x: _gated(x, lambda wide: np.clip(wide / 6 + 0.5, 0, 1)),
        ),
        Misconception("this is ReLU: SiLU dips below 0 on the left", lambda x: np.maximum(x, 0)),
        Misconception(
            "this gives x itself for x above 20: the gate is close to 1 there, and float64 has the"
            " digits to show that it is less",
            lambda x: np.where(x > 20, x, _silu(x)),
        ),
        Misconception(
            "this gives 0 for x below -20: SiLU is small there, and not 0",
            lambda x: np.where(x < -20, x.dtype.type(0), _silu(x)),
        ),
        Misconception(
            "this always returns float64: keep the dtype of x",
            lambda x: _silu(x.astype("float64")),
        ),
    ),
)


def _mish_gate(wide):
    growth = np.exp(np.minimum(wide, 40))
    ratio = growth * (growth + 2)
    return ratio / (ratio + 2)


def _mish(x):
    return _gated(x, _mish_gate)


def _mish_slope(x):
    return _slope(x, _mish_gate, lambda wide: (1 - _mish_gate(wide) ** 2) * _sigmoid(wide))


MISH = Task(
    name="mish",
    lesson=LESSON,
    points=2,
    title="Mish, stable",
    minutes=15,
    difficulty="medium",
    why="Three functions in a row, and each has an end where the obvious form fails.",
    hints=(
        "Which of exp, log(1 + ...) and the final product fails at 1e4, at -20, and at -inf?",
        "Softplus from lesson 02 is safe at both ends, and np.tanh always is; a gate of 0 needs a"
        " finite number to multiply: np.maximum(x, np.finfo(x.dtype).min).",
        "softplus = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))",
    ),
    reference=_mish,
    boundary=_INPUTS,
    compare=gated(MISH_ERROR),
    generated=_generated,
    domains=DOMAINS,
    swept=elementwise(DOMAINS),
    harness=without_overflow,
    misconceptions=(
        Misconception(
            "this is x tanh(log(1 + exp(x))) as it stands: on the left 1 + exp(x) rounds to 1, and"
            " on the right exp overflows",
            lambda x: x * np.tanh(np.log(1 + np.exp(x))),
        ),
        Misconception(
            "log1p mends the left side; on the right exp(x) still overflows",
            lambda x: x * np.tanh(np.log1p(np.exp(x))),
        ),
        Misconception(
            "this is safe from overflow; on the left log(1 + exp(-|x|)) rounds to 0, and log1p"
            " would not",
            lambda x: (
                np.maximum(x, np.finfo(x.dtype).min)
                * np.tanh(np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x))))
            ),
        ),
        Misconception(
            "both ends are right, but at -inf this is -inf * 0, which is nan: the limit is 0",
            lambda x: (x * _mish_gate(x.astype("float64"))).astype(x.dtype),
        ),
        Misconception(
            "this is a ratio of exp(2 x): on the right it becomes inf / inf",
            lambda x: x * (np.exp(2 * x) + 2 * np.exp(x)) / (np.exp(2 * x) + 2 * np.exp(x) + 2),
        ),
        Misconception(
            "this is the gate tanh(softplus(x)) alone: multiply it by x",
            lambda x: _mish_gate(x.astype("float64")).astype(x.dtype),
        ),
        Misconception(
            "the softplus is missing: this is x tanh(x), which rises on the left too",
            lambda x: x * np.tanh(x),
        ),
        Misconception(
            "the tanh is missing: this is x softplus(x), which grows as x squared",
            lambda x: _gated(x, _softplus),
        ),
        Misconception(
            "this is tanh(x) softplus(x): x multiplies, and softplus stands inside tanh",
            lambda x: (np.tanh(x) * _softplus(x.astype("float64"))).astype(x.dtype),
        ),
        Misconception(
            "the gate is the sigmoid of softplus: it must be its tanh",
            lambda x: _gated(x, lambda wide: _sigmoid(_softplus(wide))),
        ),
        Misconception("this is SiLU: Mish's gate is tanh(softplus(x))", _silu),
        Misconception(
            "this gives x itself for x above 10: the gate is close to 1 there, and float64 has the"
            " digits to show that it is less",
            lambda x: np.where(x > 10, x, _mish(x)),
        ),
        Misconception(
            "this is the derivative of Mish: the function itself is asked for", _mish_slope
        ),
        Misconception(
            "this gives 0 for x below -20: Mish is small there, and not 0",
            lambda x: np.where(x < -20, x.dtype.type(0), _mish(x)),
        ),
        Misconception(
            "this always returns float64: keep the dtype of x",
            lambda x: _mish(x.astype("float64")),
        ),
    ),
)
