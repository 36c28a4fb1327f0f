"""A task of lesson 03 on Mish: three functions in a row, right at both ends."""

import numpy as np

from relukit.checks.harnesses.slopes import without_overflow
from relukit.checks.sweeps import elementwise
from relukit.checks.task import Misconception, Task
from relukit.checks.widening import always_float64
from relukit.lessons.variants.tasks.silu import (
    DOMAINS,
    INPUTS,
    gated_by,
    generated,
    logistic,
    slope_of,
    swish,
)
from relukit.lessons.variants.tasks.tolerance import gated

ERROR = {"float32": 1e-4, "float64": 1e-10}  # relative; the task's text states it


def _softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _mish_gate(wide):
    growth = np.exp(np.minimum(wide, 40))
    ratio = growth * (growth + 2)
    return ratio / (ratio + 2)


def _mish(x):
    return gated_by(x, _mish_gate)


def _mish_slope(x):
    return slope_of(x, _mish_gate, lambda wide: (1 - _mish_gate(wide) ** 2) * logistic(wide))


TASK = Task(
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
    boundary=INPUTS,
    compare=gated(ERROR),
    generated=generated,
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
            lambda x: gated_by(x, _softplus),
        ),
        Misconception(
            "this is tanh(x) softplus(x): x multiplies, and softplus stands inside tanh",
            lambda x: (np.tanh(x) * _softplus(x.astype("float64"))).astype(x.dtype),
        ),
        Misconception(
            "the gate is the sigmoid of softplus: it must be its tanh",
            lambda x: gated_by(x, lambda wide: logistic(_softplus(wide))),
        ),
        Misconception("this is SiLU: Mish's gate is tanh(softplus(x))", swish),
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
        always_float64(_mish),
    ),
)
