"""A task of lesson 02 on cells: the row and the constant that a network is around an input."""

from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, number, parts, vector
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.notation import tell_apart
from relukit.checks.sweeps import leading, peaked
from relukit.checks.task import Misconception, Task

ERROR = 1e-5  # relative to the terms that are added, so that float32 will do; the text states it
INSIDE = 1e-3  # of the terms of each unit's sum: x is no closer to the border of its cell
LEAST = 1e-4  # the smallest product that the text allows: where all terms are 0, a rounding error
CLOSE = 0.01  # of the terms: what is off by less is told that it is close
FEW = 6  # units that are named
_SIZES = (1, 2, 9, 100)
_LAYER = Domain(dtypes=("float64",), low=0.01, high=100.0, axes=(_SIZES, _SIZES))
_ROW = Domain(dtypes=("float64",), low=0.01, high=100.0, axes=(_SIZES,))
DOMAINS = {
    "weight": _LAYER,
    "bias": _ROW,
    "outgoing": _ROW,
    "offset": Domain(low=0.01, high=100.0),
    "x": _ROW,
}


def _cell(weight, bias, outgoing, offset, x, *, kept=None):
    """Return row and constant; kept: from (outgoing, z) to what each unit's sum is multiplied by.

    The two may be kept in different ways: kept may return a pair, for row and for constant.
    """
    kept = (lambda outgoing, z: outgoing * (z > 0)) if kept is None else kept
    found = kept(outgoing, weight @ x + bias)
    for_row, for_constant = found if isinstance(found, tuple) else (found, found)
    return for_row @ weight + 0.0, float(for_constant @ bias + offset)  # no -0


def _matrix_at(weight, bias, outgoing, offset, x):
    return _cell(weight, bias, outgoing, offset, x)


def _answer(weight, bias, outgoing, offset, x):
    return float(outgoing @ np.maximum(weight @ x + bias, 0.0) + offset)


def _inside(weight, bias, outgoing, offset, x) -> bool:
    """Return whether x lies inside a cell, so that rounding switches no unit."""
    size = np.abs(weight) @ np.abs(x) + np.abs(bias)
    return bool((np.abs(weight @ x + bias) > INSIDE * size).all())


def _compare(arguments: Arguments, expected: tuple, got: Any) -> str | None:
    wrong = parts(got, ("row", "constant"))
    if wrong:
        return wrong
    weight, bias, outgoing, offset, x = arguments
    row, constant = vector(got[0]), number(got[1])
    if row is None or row.shape != x.shape:
        found = "no array of numbers came" if row is None else f"the shape is {row.shape}"
        found = "one number came" if np.ndim(got[0]) == 0 and number(got[0]) is not None else found
        return f"row must have shape {x.shape}, a number for each input: {found}"
    if constant is None:
        return "constant must be one number"
    if isinstance(expected[0], np.ndarray) and expected[0].shape != x.shape:
        raise TypeError("row")  # of a known wrong answer, which then is like no other
    if not _inside(*arguments):  # part of an input, on a border: more than one answer is right
        return None
    on = weight @ x + bias > 0
    terms = np.abs(outgoing * on) @ np.abs(weight)
    all_terms = terms @ np.abs(x) + np.abs(outgoing * on) @ np.abs(bias) + abs(offset)
    due = np.append(expected[0], expected[1])
    came = np.append(row, constant)
    scale = np.maximum(np.append(terms, all_terms), LEAST)
    with np.errstate(all="ignore"):
        gap = np.abs(came - due)
        off = ~(gap <= ERROR * scale)
    if not off.any():
        return None
    i = int(np.argmax(off))
    wanted, given = tell_apart(due[i], came[i])
    name = f"row[{i}]" if i < len(row) else "constant"
    close = (
        "; it is close, but not to within 1e-5 of its terms" if gap[i] < CLOSE * scale[i] else ""
    )
    return f"{name} must be {wanted}, and is {given}{close}; {_switches(on)}"


def _switches(on: np.ndarray) -> str:
    """Return which units are on, in words."""
    if len(on) == 1:
        return f"at x the one unit is {'on' if on[0] else 'off'}"
    if on.all() or not on.any():
        return f"at x {'all' if on.all() else 'no'} units are on"
    units = np.flatnonzero(on).tolist()
    if len(units) > FEW:
        return f"at x {len(units)} of {len(on)} units are on"
    *others, last = map(str, units)
    return f"at x, of {len(on)} units, " + (
        f"{', '.join(others)} and {last} are on" if others else f"unit {last} alone is on"
    )


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import eighths, shaped

    sizes = st.tuples(st.integers(1, 3), st.integers(1, 3))
    networks = sizes.flatmap(
        lambda s: st.tuples(shaped(*s), shaped(s[0]), shaped(s[0]), eighths(), shaped(s[1]))
    )
    return networks.filter(lambda given: _inside(*given))


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    def drawn(n=3, d=2):
        arrays = [rng.normal(size=shape) for shape in ((n, d), n, n, d)]
        return [*arrays[:3], float(rng.normal()), arrays[3]]

    def until_inside(make: Callable[[], list]) -> Arguments:
        while True:
            found = tuple(_allowed(value) for value in make())
            if _inside(*found):
                return found

    def with_one(place: int, value: object, n: int, d: int) -> Arguments:
        def make():
            found = drawn(n, d)
            found[place] = value
            return found

        return until_inside(make)

    found: list[Arguments] = []
    for n, d in chain(*(((s, 2), (2, s), (s, s)) for s in _SIZES)):
        for _ in range(4 if n == 1 else 2):  # one unit alone may be off
            found.append(until_inside(partial(drawn, n, d)))
    for layout in LAYOUTS:
        arrays = until_inside(partial(drawn, 9, 9))
        found.append(tuple(laid_out(a, layout) if np.ndim(a) else a for a in arrays))
    for place, shapes in ((0, ((3, 2), (1, 1))), (1, (3, 1)), (2, (3, 1)), (4, (2, 1))):
        for shape, (n, d) in zip(shapes, ((3, 2), (1, 1)), strict=True):
            size = shape if isinstance(shape, tuple) else (shape,)
            for array in peaked(_ROW, "float64", size, rng):
                found.append(with_one(place, array, n, d))
    for value in leading(DOMAINS["offset"], "float64", rng, ()):
        found.append(with_one(3, value.item(), 3, 2))
    return tuple(found)


def _allowed(value: Any) -> Any:
    """Return numbers of a size that the task's text allows: a smaller one becomes 0."""
    low, high = _ROW.limits()
    clipped = np.where(np.abs(value) < low, 0.0, np.clip(value, -high, high))
    return clipped if clipped.ndim else clipped.item()


def _net(weight: list, bias: list, outgoing: list, offset: float, *x: float) -> Arguments:
    arrays = [np.array(part, dtype=float) for part in (weight, bias, outgoing, x)]
    return (*arrays[:3], offset, arrays[3])


_LESSON = ([[1, 1], [1, 1]], [0, -1], [1, -2], 0.0)  # f(s) - 2 f(s - 1), s = x1 + x2


TASK = Task(
    points=3,
    title="The matrix of a cell",
    minutes=15,
    difficulty="medium",
    why="Inside a cell a network only multiplies and adds: one row and one constant are all of it.",
    hints=(
        "Which units are on at x, and what does each of them add to the answer, written out?",
        "A unit that is on adds outgoing[i] * (weight[i] @ x + bias[i]), and one that is off adds"
        " 0. What x is multiplied by, added up, is row. The rest, with offset, is constant.",
        "on = weight @ x + bias > 0",
    ),
    reference=_matrix_at,
    boundary=(
        _net([[2]], [1], [3], 5.0, 4),
        _net([[-2]], [1], [3], 5.0, 4),
        _net([[0.5]], [-3], [3], 5.0, 4),
        _net(*_LESSON, 1, 1),
        _net(*_LESSON, 0.25, 0.25),
        _net(*_LESSON, -1, -2),
        _net([[1, 2], [3, -4]], [1, 0.5], [2, -1], -0.25, 2, 1),
        _net([[1, -1, 2], [0.5, 4, -1]], [1, -2], [-3, 0.25], 1.5, -2, 3, 1.5),
        _net([[3], [-2], [1]], [1, 0.25, -1], [0.5, 2, -1], -2.0, 0.25),
        _net([[1, -2], [2, 1], [-1, 3]], [1, -2, 0.5], [2, 3, -4], 1.0, 0, 0),
        _net([[1, 2], [3, -4]], [0, 0], [2, -1], 0.5, -2, -3),
        _net([[1, 2]], [1], [0], 0.5, 2, 1),
        _net([[0.01, -0.01]], [0], [1], 1.0, 0.01005, 0.01),  # small, and on all the same
    ),
    compare=_compare,
    generated=_generated,
    domains=DOMAINS,
    swept=_swept,
    misconceptions=(
        Misconception(
            "this has no switches: a unit that is off at x adds nothing in the whole cell",
            lambda *given: _cell(*given, kept=lambda out, z: out),
        ),
        Misconception(
            "these are the units that are off: those whose sum is above 0 are on",
            lambda *given: _cell(*given, kept=lambda out, z: out * (z < 0)),
        ),
        Misconception(
            "constant is without the biases: a unit that is on adds outgoing times its bias",
            lambda *given: (_matrix_at(*given)[0], given[3]),
        ),
        Misconception(
            "constant is without the offset: it is added to the answer in every cell",
            lambda *given: (_matrix_at(*given)[0], _matrix_at(*given)[1] - given[3]),
        ),
        Misconception(
            "constant holds the biases of all units: one that is off adds nothing, its bias"
            " neither",
            lambda *given: _cell(*given, kept=lambda out, z: (out * (z > 0), out)),
        ),
        Misconception(
            "row holds the weights of all units: one that is off adds nothing to it",
            lambda *given: _cell(*given, kept=lambda out, z: (out, out * (z > 0))),
        ),
        Misconception(
            "row is multiplied by x: row is what the inputs are multiplied by, without them",
            lambda *given: (given[4] * _matrix_at(*given)[0], _matrix_at(*given)[1]),
        ),
        Misconception(
            "row @ x is one number, already worked out at x: return what x is multiplied by",
            lambda *given: (_matrix_at(*given)[0] @ given[4], _matrix_at(*given)[1]),
        ),
        Misconception(
            "constant is the whole answer at x: row @ x is part of it and has to come off",
            lambda *given: (_matrix_at(*given)[0], _answer(*given)),
        ),
        Misconception(
            "constant is the answer at 0: the cell of x has its own, and 0 may lie in another",
            lambda weight, bias, outgoing, offset, x: (
                _matrix_at(weight, bias, outgoing, offset, x)[0],
                _answer(weight, bias, outgoing, offset, 0 * x),
            ),
        ),
        Misconception(
            "constant has the wrong sign: row @ x plus constant is the answer",
            lambda *given: (_matrix_at(*given)[0], -_matrix_at(*given)[1]),
        ),
        Misconception(
            "the switches are set without the bias: it decides with the weights which units are on",
            lambda weight, bias, outgoing, offset, x: _cell(
                weight, bias, outgoing, offset, x, kept=lambda out, z: out * (weight @ x > 0)
            ),
        ),
        Misconception(
            "this multiplies by a where a switch belongs: it is 1 where a unit is on, however"
            " large a is",
            lambda *given: _cell(*given, kept=lambda out, z: out * np.maximum(z, 0.0)),
        ),
        Misconception(
            "a unit that is off turns its sign here: it adds nothing",
            lambda *given: _cell(*given, kept=lambda out, z: out * np.sign(z)),
        ),
        Misconception(
            "the switch looks at outgoing times the sum: the sum alone decides whether a unit is"
            " on, also where outgoing is below 0",
            lambda *given: _cell(*given, kept=lambda out, z: out * (out * z > 0)),
        ),
        Misconception(
            "outgoing is left out: what a unit gives is multiplied by it on the way to the answer",
            lambda *given: _cell(*given, kept=lambda out, z: (z > 0) + 0.0),
        ),
        Misconception(
            "outgoing is left out of constant: a unit's bias is multiplied by it as well",
            lambda *given: _cell(*given, kept=lambda out, z: (out * (z > 0), (z > 0) + 0.0)),
        ),
        Misconception(
            "rows and columns of weight are exchanged: row i belongs to unit i, so outgoing goes"
            " with the rows",
            lambda *given: (
                given[0] @ (given[2] * (given[0] @ given[4] + given[1] > 0)),
                _matrix_at(*given)[1],
            ),
        ),
        Misconception(
            "this is a row for each unit: the answer is their sum, so add the rows up",
            lambda weight, bias, outgoing, offset, x: (
                (outgoing * (weight @ x + bias > 0))[:, None] * weight,
                _matrix_at(weight, bias, outgoing, offset, x)[1],
            ),
        ),
        Misconception(
            "row and constant are exchanged: row comes first",
            lambda *given: _matrix_at(*given)[::-1],
        ),
    ),
)
