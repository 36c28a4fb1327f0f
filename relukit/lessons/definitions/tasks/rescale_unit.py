"""A task of page D2 on rescaling: other weights, the same function."""

from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, number, parts, vector
from relukit.checks.domain import SIZES, Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.notation import tell_apart
from relukit.checks.sweeps import magnitudes, topped
from relukit.checks.task import Misconception, Task

Unit = tuple[np.ndarray, float, np.ndarray]
FEW = 6  # numbers of an input that are written out
ERROR = 1e-6  # relative; the task's text states it
WEIGHTS = Domain(dtypes=("float64",), low=1e-30, high=1e30, axes=(SIZES[1:],))
BIAS = Domain(low=1e-30, high=1e30)
FACTOR = Domain(low=1e-30, high=1e30, signs="+", zero=False)


def _rescale(weight_in, bias, weight_out, factor):
    return factor * weight_in, factor * bias, weight_out / factor


def _read(arguments: Arguments, triple: Any) -> Unit | str:
    """Return the three parts as numbers, or what is wrong with them."""
    wrong = parts(triple, ("weight_in", "bias", "weight_out"))
    if wrong:
        return wrong
    weight_in, bias, weight_out = vector(triple[0]), number(triple[1]), vector(triple[2])
    if weight_in is None or weight_in.shape != arguments[0].shape:
        return f"weight_in must stay an array of shape {arguments[0].shape}"
    if weight_out is None or weight_out.shape != arguments[2].shape:
        return f"weight_out must stay an array of shape {arguments[2].shape}"
    return "bias must be one number" if bias is None else (weight_in, bias, weight_out)


def _error(wanted: np.ndarray | float, got: np.ndarray | float) -> float:
    """Return the largest relative error; where 0 is due, anything else is infinitely wrong."""
    with np.errstate(all="ignore"):
        errors = np.abs(np.asarray(got) - wanted) / np.abs(wanted)
    errors = np.where(np.asarray(got) == wanted, 0.0, errors)
    return float(np.nan_to_num(errors, nan=np.inf).max(initial=0.0))


def _compare(arguments: Arguments, expected: object, got: object) -> str | None:
    wanted, unit = _read(arguments, expected), _read(arguments, got)
    if isinstance(unit, str):
        return unit
    if isinstance(wanted, str):  # of a known wrong answer, which then is like no other
        raise TypeError(wanted)
    if _error(wanted[0], unit[0]) > ERROR:
        return "the new weight_in must be factor * weight_in"
    if not _differ(wanted, unit):
        return None
    x, before, after = _seen(arguments, wanted, unit)
    return f"at x = [{x}] the unit gave {before} and now gives {after}"


def _differ(wanted: Unit, unit: Unit) -> bool:
    """Return whether two units with the same weight_in pass on different numbers anywhere."""
    if not wanted[0].any():  # they are constant: only the product is seen
        return _error(*(max(bias, 0.0) * out for _, bias, out in (wanted, unit))) > ERROR
    kink = _error(wanted[1], unit[1]) > ERROR and bool(wanted[2].any())
    return kink or _error(wanted[2], unit[2]) > ERROR


def _seen(arguments: Arguments, wanted: Unit, unit: Unit) -> tuple[str, ...]:
    """Return a place where the outputs of two units differ much, and what each gives there."""
    weight, bias, *_ = arguments
    along = weight / (np.linalg.norm(weight) or 1.0)
    far = 3.0 * along
    with np.errstate(all="ignore"):
        kink = -bias / (np.linalg.norm(weight) or 1.0) * along
        inputs = [0.0 * along, far, -far, kink, 2 * kink, kink + far]
        pairs = [(_output(x, wanted), _output(x, unit)) for x in inputs]
        gaps = [_error(before, after) for before, after in pairs]
    best = int(np.argmax(gaps))
    column = int(np.argmax([_error(*both) for both in zip(*pairs[best], strict=True)]))
    before, after = tell_apart(*(float(values[column]) for values in pairs[best]))
    x = ", ".join(f"{value + 0.0:g}" for value in inputs[best][:FEW])
    x += ", ..." if len(weight) > FEW else ""
    return x, before, after


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import eighths

    side = st.lists(eighths(), min_size=1, max_size=3).map(np.array)
    return st.tuples(side, eighths(), side, st.sampled_from([2.0, 0.5, 3.0, 0.125, 10.0]))


def _output(x: np.ndarray, unit: Unit) -> np.ndarray:
    weight_in, bias, weight_out = unit
    return max(float(x @ weight_in) + bias, 0.0) * weight_out


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found = []
    for n in WEIGHTS.axes[0]:
        for m in (n, 3, 1) if n > 1 else WEIGHTS.axes[0]:
            sides = (rng.normal(size=size) for size in (n, m))
            found.append(_given(rng, *sides))
    for layout in LAYOUTS:
        found.append(_given(rng, *(laid_out(rng.normal(size=9), layout) for _ in range(2))))
    tops = (magnitudes(domain, "float64", rng, per_decade=1) for domain in (WEIGHTS, BIAS, WEIGHTS))
    factors = np.tile(magnitudes(FACTOR, "float64", rng, per_decade=1), 3)
    for top, bias, top_out, factor in zip(*tops, factors, strict=False):
        sides = (topped(value, int(rng.integers(1, 4)), rng) for value in (top, top_out))
        found.append((next(sides), float(bias), next(sides), float(factor)))
    return tuple(found)


def _given(rng: np.random.Generator, weight_in: np.ndarray, weight_out: np.ndarray) -> Arguments:
    return weight_in, float(rng.normal()), weight_out, float(rng.uniform(0.1, 9.0))


def _in_place(weight_in, bias, weight_out, factor):
    weight_in *= factor
    weight_out /= factor
    return weight_in, factor * bias, weight_out


TASK = Task(
    points=2,
    title="Rescale a unit, keep the function",
    minutes=10,
    difficulty="easy",
    why="Many different weights draw the same function, so their size alone says little about it.",
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
    domains={"weight_in": WEIGHTS, "bias": BIAS, "weight_out": WEIGHTS, "factor": FACTOR},
    swept=_swept,
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
