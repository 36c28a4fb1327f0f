"""A task of lesson 03 on maxout: the largest of several affine maps."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from relukit.checks.call import Arguments
from relukit.checks.comparison import exact
from relukit.checks.domain import SIZES, Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import peaked
from relukit.checks.task import Misconception, Task

_SOME = SIZES[1:]
_NUMBERS = Domain(dtypes=("float64", "float32"), low=0.125, high=8.0)
DOMAINS = {
    "x": replace(_NUMBERS, axes=(SIZES, _SOME)),
    "weight": replace(_NUMBERS, axes=(_SOME, _SOME, _SOME)),
    "bias": replace(_NUMBERS, axes=(_SOME, _SOME)),
}


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import eighths

    def filled(shape):
        size = int(np.prod(shape))
        values = st.lists(eighths(), min_size=size, max_size=size)
        return values.map(lambda drawn: np.array(drawn).reshape(shape))

    def sized(sizes):
        n, pieces, units, inputs = sizes
        shapes = ((n, inputs), (pieces, units, inputs), (pieces, units))
        return st.tuples(*map(filled, shapes))

    some = st.integers(1, 3)
    return st.tuples(st.integers(0, 3), some, some, some).flatmap(sized)


def _eighths(array: np.ndarray) -> np.ndarray:
    """Return the numbers, cut off to multiples of 1/8."""
    return np.trunc(8 * array) / 8


def _shapes() -> Iterator[tuple[int, int, int, int]]:
    """Yield (n, pieces, units, inputs): each size for each of them, and the others small."""
    yield from ((n, 2, 2, 3) for n in SIZES)
    yield from ((100, pieces, 4, 9) for pieces in SIZES[1:-1])
    yield (9, SIZES[-1], 1, 2)
    yield from ((9, 3, units, 2) for units in _SOME)
    yield from ((3, 2, 2, inputs) for inputs in _SOME)


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    def filled(shape, dtype, most=8.0):
        return _eighths(rng.uniform(-most, most, shape)).astype(dtype)

    def parts(sizes, dtype, most=8.0):
        n, pieces, units, inputs = sizes
        shapes = ((n, inputs), (pieces, units, inputs), (pieces, units))
        return [filled(shape, dtype, most) for shape in shapes]

    found: list[Arguments] = []
    for dtype in _NUMBERS.dtypes:
        # float32 stays exact with 10,000 products of numbers up to 4
        found += [tuple(parts(sizes, dtype, 4.0)) for sizes in _shapes()]
        for i in range(3):
            whole = parts((4, 3, 2, 5), dtype)
            for other in (*peaked(_NUMBERS, dtype, whole[i].shape, rng), 0 * whole[i]):
                found.append(tuple(_eighths(other) if k == i else whole[k] for k in range(3)))
            for layout in LAYOUTS:
                laid = laid_out(whole[i], layout)
                found.append(tuple(laid if k == i else whole[k] for k in range(3)))
    found.append(tuple(8 - abs(part) / 4 for part in parts((2, 2, 1, 10_000), "float64")))
    found.append(tuple(-abs(part) for part in parts((4, 2, 3, 5), "float64")))
    return tuple(found)


def _maps(x, weight, bias):
    """Return every affine map of every unit, of shape (n, k, units)."""
    return np.einsum("ni,kui->nku", x, weight) + bias


def _maxout(x, weight, bias):
    return _maps(x, weight, bias).max(axis=1)


def _input(x, weight, bias, dtype="float64"):
    return tuple(np.array(part, dtype=dtype) for part in (x, weight, bias))


TASK = Task(
    points=2,
    title="The largest of k affine maps",
    minutes=15,
    difficulty="medium",
    why="Maxout learns its shape; ReLU, the leaky rectifier and |x| are special cases of it.",
    hints=(
        "For one row of x and one unit: which k numbers compete, and which of them comes out?",
        "np.einsum('ni,kui->nku', ...) or x @ weight[j].T gives the products; the bias is added"
        " before the maximum is taken, over the axis of the k maps.",
        "maps = np.einsum('ni,kui->nku', x, weight) + ...",
    ),
    reference=_maxout,
    boundary=(
        _input([[2.0]], [[[1.0]], [[-1.0]]], [[0.0], [0.0]]),
        _input([[-3.0]], [[[1.0]], [[-1.0]]], [[0.0], [0.0]]),
        _input([[-2.0]], [[[1.0]], [[2.0]]], [[-1.0], [-2.0]]),
        _input([[1.0, -2.0]], [[[0.5, 1.0]]], [[0.25]]),
        _input(
            [[1.0, 2.0], [-1.0, 0.5], [0.0, -4.0]],
            [[[1.0, 0.0], [0.0, 1.0]], [[-1.0, 2.0], [0.5, -0.5]]],
            [[0.0, -1.0], [1.0, 3.0]],
        ),
        _input(
            [[1.0, 2.0], [-1.0, 0.5]],
            [[[1.0, 0.0]], [[0.0, 1.0]], [[-1.0, -1.0]]],
            [[0.0], [0.5], [-0.25]],
            "float32",
        ),
        _input([[np.nan], [2.0]], [[[1.0]], [[-1.0]]], [[0.0], [1.0]]),
        _input([[np.nan, 1.0]], [[[0.0, 1.0]]], [[0.0]]),
        _input(np.zeros((0, 2)), np.ones((3, 1, 2)), np.zeros((3, 1))),
    ),
    compare=exact(lambda arguments, index: "the largest of the unit's k affine maps is due"),
    generated=_generated,
    domains=DOMAINS,
    swept=_swept,
    misconceptions=(
        Misconception(
            "the bias is missing: each of the k maps has its own",
            lambda x, weight, bias: _maxout(x, weight, 0 * bias),
        ),
        Misconception(
            "the bias is added after the maximum: each of the k maps has its own, inside",
            lambda x, weight, bias: _maxout(x, weight, 0 * bias) + bias.max(axis=0),
        ),
        Misconception(
            "this takes the smallest map: the largest is due",
            lambda x, weight, bias: _maps(x, weight, bias).min(axis=1),
        ),
        Misconception(
            "the k maps are added: the largest of them is due",
            lambda x, weight, bias: _maps(x, weight, bias).sum(axis=1),
        ),
        Misconception(
            "the k maps are averaged: the largest of them is due",
            lambda x, weight, bias: _maps(x, weight, bias).mean(axis=1).astype(x.dtype),
        ),
        Misconception(
            "this takes the maximum over the units: it runs over the k maps of each unit",
            lambda x, weight, bias: _maps(x, weight, bias).max(axis=2),
        ),
        Misconception(
            "this takes one maximum over all units and maps: every unit has its own",
            lambda x, weight, bias: _maps(x, weight, bias).max(axis=(1, 2)),
        ),
        Misconception(
            "this is the maximum of the weights, used as one map: maximize the maps and not their"
            " weights",
            lambda x, weight, bias: x @ weight.max(axis=0).T + bias.max(axis=0),
        ),
        Misconception(
            "a rectifier follows the maximum: maxout may be negative",
            lambda x, weight, bias: np.maximum(_maxout(x, weight, bias), 0),
        ),
        Misconception(
            "this is the map of largest absolute value: signs count",
            lambda x, weight, bias: np.abs(_maps(x, weight, bias)).max(axis=1),
        ),
        Misconception(
            "this uses the first of the k maps only",
            lambda x, weight, bias: _maps(x, weight, bias)[:, 0],
        ),
        Misconception(
            "this returns all k maps: the maximum over them is missing",
            lambda x, weight, bias: _maps(x, weight, bias),
        ),
        Misconception(
            "this is the number of the largest map (argmax): its value is due",
            lambda x, weight, bias: _maps(x, weight, bias).argmax(axis=1),
        ),
    ),
)
