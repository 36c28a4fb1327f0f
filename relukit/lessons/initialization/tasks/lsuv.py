"""A task of lesson 05 on weights that look at data, one layer after another."""

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, form
from relukit.checks.domain import Domain
from relukit.checks.harnesses.functions import function, with_function
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.notation import tell_apart
from relukit.checks.sweeps import peaked
from relukit.checks.task import Misconception, Task
from relukit.lessons.initialization.tasks.formulas import formulas
from relukit.lessons.initialization.tasks.nearness import difference

ERROR = 1e-9  # relative; the task's text states it
_WIDTHS = (1, 2, 9, 100)
_NUMBERS = Domain(dtypes=("float64",), low=1e-9, high=1e9)
DOMAINS = {
    "x": replace(_NUMBERS, axes=((*_WIDTHS, 10_000), _WIDTHS)),
    "weights": replace(_NUMBERS, axes=(_WIDTHS, _WIDTHS, _WIDTHS)),
}
_SIZES = (  # batch, width, depth
    *[(1, 9, 2), (2, 9, 2), (9, 9, 2), (100, 3, 2), (10_000, 2, 2), (3, 1, 2), (9, 2, 3)],
    *[(3, 100, 2), (9, 9, 1), (9, 9, 9), (9, 9, 100)],
)


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import eighths

    def numbers(*shape):
        size = int(np.prod(shape))
        cells = st.lists(eighths(2), min_size=size, max_size=size)
        return cells.map(lambda values: np.array(values, dtype=float).reshape(shape))

    names = st.sampled_from(["max(0, z)", "tanh(z)", "softplus(z)"])
    sizes = st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
    found = sizes.flatmap(
        lambda s: st.tuples(numbers(s[0], s[1]), numbers(s[2], s[1], s[1]), names)
    )
    return found.filter(_has_signal)


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    def drawn(batch, width, depth):
        return rng.normal(size=(batch, width)), rng.normal(size=(depth, width, width))

    names = itertools.cycle(["max(0, z)", "tanh(z)", "softplus(z)", *formulas(rng)])
    x, weights = drawn(3, 2, 3)
    pairs = [drawn(*sizes) for sizes in _SIZES]
    pairs += [(other, weights) for other in peaked(_NUMBERS, "float64", x.shape, rng)]
    pairs += [(x, other) for other in peaked(_NUMBERS, "float64", weights.shape, rng)]
    pairs += [(laid_out(x, layout), laid_out(weights, layout)) for layout in LAYOUTS]
    found = [(*pair, name) for pair, name in zip(pairs, names, strict=False)]
    found.append((x, 1.0001 * _in_turn(x, weights, function("tanh(z)")), "tanh(z)"))
    return tuple(entry for entry in found if _has_signal(entry, 1e-250))


def _mean_square(z):
    return (z * z).mean()


def _root_mean_square(z):
    return math.sqrt(_mean_square(z))


def _in_turn(x, weights, f, *, size=_root_mean_square):
    """Return each weight over the size of what it makes of the layers already rescaled."""
    found, a = np.array(weights, dtype=float), x
    for k, weight in enumerate(weights):
        z = a @ weight.T
        found[k] = weight / size(z)
        a = f(a @ found[k].T)
    return found


def _lsuv(x, weights, f):
    return _in_turn(x, weights, function(f))


def _mean_squares(x, weights, f):
    found, a = [], x
    for weight in weights:
        z = a @ weight.T
        found.append(float(_mean_square(z)))
        a = f(z)
    return found


def _has_signal(arguments: Arguments, least: float = 1e-3) -> bool:
    x, weights, name = arguments
    return min(_mean_squares(x, weights, function(name))) > least


def _compare(arguments: Arguments, expected: np.ndarray, got: Any) -> str | None:
    x, _, name = arguments
    wrong = form(expected, got)
    if wrong:
        return wrong
    for k, (wanted, given) in enumerate(zip(expected, got, strict=True)):
        because = difference(wanted, given, ERROR * np.abs(wanted).max())
        if because is None:
            continue
        with np.errstate(all="ignore"):
            size = _mean_squares(x, got, function(name))[k]
        if math.isclose(size, 1.0, rel_tol=1e-6):
            return f"layer {k + 1}: the weights must be the given ones times one positive number"
        made = tell_apart(size, 1.0)[0]
        return f"layer {k + 1}: its pre-activations have mean square {made}, and 1 is due"
    return None


def _all_at_once(x, weights, f):
    sizes = [math.sqrt(size) for size in _mean_squares(x, weights, f)]
    return np.array([weight / size for weight, size in zip(weights, sizes, strict=True)])


def _measured_at_the_input(x, weights, f):
    return np.array([weight / _root_mean_square(x @ weight.T) for weight in weights])


def _in_place(x, weights, f):
    weights[:] = _in_turn(x, weights, f)
    return weights


def _multiplied(x, weights, f):
    found, a = np.array(weights, dtype=float), x
    for k, weight in enumerate(weights):
        found[k] = weight * _root_mean_square(a @ weight.T)
        a = f(a @ found[k].T)
    return found


def _last_only(x, weights, f):
    found, a = np.array(weights, dtype=float), x
    for weight in weights[:-1]:
        a = f(a @ weight.T)
    found[-1] /= _root_mean_square(a @ weights[-1].T)
    return found


def _first_only(x, weights, f):
    found = np.array(weights, dtype=float)
    found[0] /= _root_mean_square(x @ weights[0].T)
    return found


def _he_without_data(x, weights, f):
    return np.array([w * math.sqrt(2 / w.shape[1]) / _root_mean_square(w) for w in weights])


_TURN = np.array([[0.0, 2.0], [-1.0, 3.0]])
_X = np.array([[1.0, -2.0], [0.5, 4.0], [-1.0, 1.0]])
_DEEP = np.stack([_TURN, _TURN.T, 0.25 * _TURN])

TASK = Task(
    points=2,
    title="Weights that look at data",
    minutes=15,
    difficulty="medium",
    why="It finds the right size for any activation, also where no constant gain keeps it.",
    hints=(
        "If layer 1 is rescaled, does layer 2 still receive what it received before?",
        "Go through the layers in order: measure z with the layers before it already rescaled,"
        " divide the weights by the root of its mean square, and pass f of the new z on.",
        "rescaled = np.empty_like(weights)",
    ),
    reference=_lsuv,
    boundary=(
        (np.array([[2.0]]), np.array([[[3.0]], [[0.5]]]), "max(0, z)"),
        (_X, _DEEP, "max(0, z)"),
        (1e-6 * _X, 1e-6 * _DEEP, "max(0, z)"),
        (_X, 1e8 * _DEEP, "max(0, z)"),
    ),
    compare=_compare,
    generated=_generated,
    domains=DOMAINS,
    swept=_swept,
    harness=with_function,
    calls=1,  # some right answers take long
    misconceptions=(
        Misconception(
            "all layers are measured before any is rescaled: layer 2 must be measured on what the"
            " rescaled layer 1 gives it",
            _all_at_once,
        ),
        Misconception(
            "every layer is measured on x: each must be measured on what the one before gives it",
            _measured_at_the_input,
        ),
        Misconception(
            "this divides by the mean square, a square: its root scales the weights",
            lambda x, weights, f: _in_turn(x, weights, f, size=_mean_square),
        ),
        Misconception(
            "this divides by the standard deviation, which leaves the mean out: the mean square is"
            " due",
            lambda x, weights, f: _in_turn(x, weights, f, size=np.std),
        ),
        Misconception(
            "each unit is scaled by itself here: a layer has one number for all of its weights",
            lambda x, weights, f: _in_turn(
                x, weights, f, size=lambda z: np.sqrt((z * z).mean(axis=0))[:, None]
            ),
        ),
        Misconception(
            "this measures behind f: the pre-activation z is to have mean square 1",
            lambda x, weights, f: _in_turn(
                x, weights, f, size=lambda z: _root_mean_square(np.asarray(f(z)))
            ),
        ),
        Misconception(
            "this divides by the largest pre-activation: the root of the mean square is due",
            lambda x, weights, f: _in_turn(x, weights, f, size=lambda z: np.abs(z).max()),
        ),
        Misconception(
            "this multiplies by the size that it found: divide, so that it becomes 1", _multiplied
        ),
        Misconception(
            "f is left out between the layers: layer 2 receives f(z), and not z",
            lambda x, weights, f: _in_turn(x, weights, lambda z: z),
        ),
        Misconception(
            "this is a @ weight, which sums over columns: a row of weight belongs to a unit, so"
            " a @ weight.T is due",
            lambda x, weights, f: _in_turn(x, weights.transpose(0, 2, 1), f).transpose(0, 2, 1),
        ),
        Misconception("only the last layer is rescaled: each layer needs it", _last_only),
        Misconception("only the first layer is rescaled: each layer needs it", _first_only),
        Misconception(
            "this gives the weights He's deviation and never looks at the data", _he_without_data
        ),
        Misconception(
            "the weights come back as they were: divide each layer's",
            lambda x, weights, f: weights.copy(),
        ),
        Misconception("this changes the caller's weights in place: build new arrays", _in_place),
    ),
)
