"""A task of lesson 02 on rescaling: other weights, the same function."""

import numpy as np

from relukit.checks.comparison import Arguments, number, parts, vector
from relukit.checks.notation import tell_apart
from relukit.checks.task import Misconception, Task

LESSON = "02_definitions"
ERROR = 1e-9  # relative; the task's text states it


def _rescale(weight_in, bias, weight_out, factor):
    return factor * weight_in, factor * bias, weight_out / factor


def _read(arguments: Arguments, triple: object) -> tuple[np.ndarray, float, np.ndarray] | str:
    """Return the three parts as numbers, or what is wrong with them."""
    wrong = parts(triple, ("weight_in", "bias", "weight_out"))
    if wrong:
        return wrong
    weight_in, bias, weight_out = vector(triple[0]), number(triple[1]), vector(triple[2])
    named = (("weight_in", weight_in, arguments[0]), ("weight_out", weight_out, arguments[2]))
    for name, new, old in named:
        if new is None or new.shape != old.shape:
            return f"{name} must stay an array of shape {old.shape}"
    return "bias must be one number" if bias is None else (weight_in, bias, weight_out)


def _outputs(inputs: np.ndarray, unit: tuple[np.ndarray, float, np.ndarray]) -> np.ndarray:
    weight_in, bias, weight_out = unit
    return np.outer(np.maximum(inputs @ weight_in + bias, 0.0), weight_out)


def _compare(arguments: Arguments, expected: object, got: object) -> str | None:
    wanted, unit = _read(arguments, expected), _read(arguments, got)
    if isinstance(unit, str):
        return unit
    if not np.allclose(unit[0], wanted[0], rtol=ERROR, atol=0.0):
        return "the new weight_in must be factor * weight_in"
    eye, along = np.eye(len(unit[0])), 3 * arguments[0]
    inputs = np.vstack([along, -along, 0 * along, eye, -eye, 8 * eye, -8 * eye])
    before, after = _outputs(inputs, wanted), _outputs(inputs, unit)
    off = ~(np.abs(after - before) <= ERROR * max(1.0, np.abs(before).max()))
    if not off.any():
        return None
    row, column = (int(i) for i in np.argwhere(off)[0])
    x = ", ".join(f"{value + 0.0:g}" for value in inputs[row])
    old, new = tell_apart(before[row, column], after[row, column])
    return f"at x = [{x}] the unit gave {old} and now gives {new}"


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import eighths

    side = st.lists(eighths(), min_size=1, max_size=3).map(np.array)
    return st.tuples(side, eighths(), side, st.sampled_from([2.0, 0.5, 3.0, 0.125, 10.0]))


def _in_place(weight_in, bias, weight_out, factor):
    weight_in *= factor
    weight_out /= factor
    return weight_in, factor * bias, weight_out


RESCALE_UNIT = Task(
    name="rescale_unit",
    lesson=LESSON,
    points=2,
    title="Rescale a unit, keep the function",
    minutes=10,
    difficulty="easy",
    why="So many different weights draw the same function, and size alone says nothing about it.",
    hints=(
        "If weight_in doubles, what has to happen to the bias so that the kink stays where it is?",
        "relu(c z) = c relu(z) for c > 0: scale all of z, then undo it behind the relu. Why does"
        " it fail for a negative factor?",
        "return factor * weight_in, ...",
    ),
    reference=_rescale,
    boundary=(
        (np.array([1.0]), 1.0, np.array([1.0]), 2.0),
        (np.array([1.0]), 0.0, np.array([2.0]), 0.5),
        (np.array([1.0, -2.0]), -0.5, np.array([3.0]), 4.0),
        (np.array([2.0]), 1.5, np.array([1.0, -1.0, 0.5]), 10.0),
        (np.array([0.0, 0.0]), 2.0, np.array([1.0, 1.0]), 3.0),
    ),
    compare=_compare,
    generated=_generated,
    misconceptions=(
        Misconception(
            "the bias is not scaled: then the kink moves",
            lambda weight_in, bias, weight_out, factor: (
                factor * weight_in,
                bias,
                weight_out / factor,
            ),
        ),
        Misconception(
            "weight_out is multiplied too: behind the relu the factor has to be undone",
            lambda weight_in, bias, weight_out, factor: (
                factor * weight_in,
                factor * bias,
                factor * weight_out,
            ),
        ),
        Misconception(
            "weight_out is unchanged: then the output grows by the factor",
            lambda weight_in, bias, weight_out, factor: (
                factor * weight_in,
                factor * bias,
                weight_out,
            ),
        ),
        Misconception(
            "the bias is divided: it is added to weight_in . x and scales with it",
            lambda weight_in, bias, weight_out, factor: (
                factor * weight_in,
                bias / factor,
                weight_out / factor,
            ),
        ),
        Misconception(
            "this scales the other way round: weight_in is multiplied and weight_out divided",
            lambda weight_in, bias, weight_out, factor: _rescale(
                weight_in, bias, weight_out, 1 / factor
            ),
        ),
        Misconception(
            "the factor is undone twice: divide by factor and not by its square",
            lambda weight_in, bias, weight_out, factor: (
                factor * weight_in,
                factor * bias,
                weight_out / factor**2,
            ),
        ),
        Misconception("this changes the caller's weights in place: build new arrays", _in_place),
        Misconception(
            "nothing is scaled: weight_in must come back multiplied by factor",
            lambda weight_in, bias, weight_out, factor: (weight_in, bias, weight_out),
        ),
    ),
)
