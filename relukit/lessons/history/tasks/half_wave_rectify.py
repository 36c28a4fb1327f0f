"""A task of lesson 01 on the diode: what it passes of a signal."""

import numpy as np

from relukit.checks.comparison import Arguments, Index, exact
from relukit.checks.domain import Domain
from relukit.checks.sweeps import elementwise
from relukit.checks.task import Misconception, Task
from relukit.checks.widening import always_float64

DOMAINS = {
    "signal": Domain(dtypes=("float64", "float32", "float16"), special=True),
    "drop": Domain(values=(0.0, 0.25, 0.6875, 2.0, 96.0)),  # which every dtype holds exactly
}


def _rectify(signal, drop=0.0):
    return np.maximum(signal - signal.dtype.type(drop), 0)


def _reason(arguments: Arguments, index: Index) -> str:
    signal, drop = arguments if len(arguments) == 2 else (*arguments, 0.0)
    if signal[index] > drop:
        return "above the drop the diode passes signal - drop"
    return "up to the drop nothing passes, so the output is 0"


def _one(*values: float, dtype: str = "float64") -> tuple[np.ndarray, ...]:
    return tuple(np.array([value], dtype=dtype) for value in values)


def _generated_signal():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    signal = arrays(dtypes=("float64", "float32"))
    return st.tuples(signal) | st.tuples(signal, st.sampled_from([0.0, 0.25, 0.5, 2.0]))


def _into_the_signal(signal, drop=0.0):
    signal -= drop
    signal[signal < 0] = 0
    return signal


TASK = Task(
    points=1,
    title="A diode and its drop",
    minutes=5,
    difficulty="easy",
    why="The part that every power supply has computes the rectifier, with a bias.",
    hints=(
        "What passes at 3, at 0.5 and at -3 where the drop is 1?",
        "The drop takes its share before the diode cuts off: shift the signal first, then rectify"
        " with np.maximum, which keeps nan.",
        "above = signal - drop",
    ),
    reference=_rectify,
    boundary=(
        *((signal,) for signal in _one(3.0, -3.0, 0.0)),
        *((signal, 1.0) for signal in _one(3.0, 0.5, -3.0)),
        *((signal, 0.5) for signal in _one(np.inf, -np.inf, np.nan)),
        *((signal, 0.5) for signal in _one(3.0, dtype="float32")),
        *((signal, 2.0) for signal in _one(3.0, dtype="float16")),
        (np.array([1.5, -2.0, 0.25]), 0.5),
        (np.array([[1.5, -2.0], [-0.5, 4.0]]), 0.25),
        (np.linspace(-2, 3, 8, dtype="float32").reshape(2, 2, 2), 0.25),
        (np.array(2.5), 0.5),
        (np.array(-1.5, dtype="float32"),),
        (np.array([]), 0.5),
    ),
    compare=exact(_reason),
    generated=_generated_signal,
    domains=DOMAINS,
    swept=elementwise(DOMAINS),
    misconceptions=(
        Misconception(
            "the drop is not used: what passes is smaller by the drop",
            lambda signal, drop=0.0: np.maximum(signal, 0),
        ),
        Misconception(
            "this passes the whole signal above the drop, with a jump: the drop is lost from what"
            " passes",
            lambda signal, drop=0.0: np.where(signal <= drop, signal.dtype.type(0), signal),
        ),
        Misconception(
            "the drop comes off after the cut, which leaves -drop where nothing passes: take it"
            " off before",
            lambda signal, drop=0.0: np.maximum(signal, 0) - signal.dtype.type(drop),
        ),
        Misconception(
            "the drop is added: it must be taken off the signal",
            lambda signal, drop=0.0: np.maximum(signal + signal.dtype.type(drop), 0),
        ),
        Misconception(
            "this is the full wave, |signal|: one diode passes the upper half only",
            lambda signal, drop=0.0: np.maximum(np.abs(signal) - signal.dtype.type(drop), 0),
        ),
        Misconception(
            "this is |signal| without a drop: one diode passes the upper half only, less the drop",
            lambda signal, drop=0.0: np.abs(signal),
        ),
        Misconception(
            "this is |signal - drop|: where it is negative, nothing passes",
            lambda signal, drop=0.0: np.abs(signal - signal.dtype.type(drop)),
        ),
        Misconception(
            "this is the lower half of the wave: the diode passes the upper one",
            lambda signal, drop=0.0: np.maximum(-signal - signal.dtype.type(drop), 0),
        ),
        Misconception(
            "this only shifts the signal: below the drop the diode passes nothing",
            lambda signal, drop=0.0: signal - signal.dtype.type(drop),
        ),
        Misconception(
            "this lifts what is below the drop up to it: take the drop off, and 0 is the floor",
            lambda signal, drop=0.0: np.maximum(signal, signal.dtype.type(drop)),
        ),
        Misconception(
            "this cuts off at the drop from above: a diode has no upper bound",
            lambda signal, drop=0.0: np.clip(signal, 0, signal.dtype.type(drop)),
        ),
        Misconception(
            "this turns nan into 0, because nan > drop is False: np.maximum keeps nan",
            lambda signal, drop=0.0: np.where(
                signal > drop, signal - signal.dtype.type(drop), signal.dtype.type(0)
            ),
        ),
        Misconception(
            "this multiplies by a mask: at -inf it computes -inf * 0, which is nan",
            lambda signal, drop=0.0: (signal - signal.dtype.type(drop)) * (signal > drop),
        ),
        always_float64(_rectify),
        Misconception(
            "this writes its result into signal, so the caller's array changes too: build a new"
            " array",
            _into_the_signal,
        ),
    ),
)
