"""A task of lesson 05 on the signal: its mean square in one layer after another."""

from dataclasses import replace

import numpy as np

from relukit.checks.call import Arguments
from relukit.checks.comparison import close
from relukit.checks.domain import SIZES, Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import peaked
from relukit.checks.task import Misconception, Task

ERROR = {"float64": 1e-9}  # relative; the task's text states it
_WIDTHS = (1, 2, 9, 100)
_NUMBERS = Domain(dtypes=("float64", "float32"), low=1e-12, high=1e12)
DOMAINS = {
    "x": replace(_NUMBERS, special=True, axes=(SIZES[1:], _WIDTHS)),
    "weights": replace(_NUMBERS, axes=((*_WIDTHS, 1000), _WIDTHS, _WIDTHS)),
}
_SIZES = (  # batch, width, depth
    *[(n, 3, 2) for n in SIZES[1:]],
    *[(2, width, 3) for width in _WIDTHS],
    *[(9, 9, depth) for depth in (1, 2, 9, 100)],
)


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import eighths

    def numbers(*shape):
        size = int(np.prod(shape))
        cells = st.lists(eighths(4), min_size=size, max_size=size)
        return cells.map(lambda values: np.array(values, dtype=float).reshape(shape))

    sizes = st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
    return sizes.flatmap(lambda s: st.tuples(numbers(s[0], s[1]), numbers(s[2], s[1], s[1])))


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found: list[Arguments] = []

    def drawn(batch, width, depth, dtype="float64"):
        spread = (2 / width) ** 0.5
        shape = (depth, width, width)
        return rng.normal(size=(batch, width)).astype(dtype), rng.normal(0, spread, shape).astype(
            dtype
        )

    for dtype in _NUMBERS.dtypes:
        found += [drawn(*sizes, dtype) for sizes in _SIZES]
    x, weights = drawn(3, 2, 3)
    found += [(other, weights) for other in peaked(_NUMBERS, "float64", x.shape, rng)]
    found += [(x, other) for other in peaked(_NUMBERS, "float64", weights.shape, rng)]
    found += [(x, 0 * weights), (0 * x, weights)]
    for special in (np.inf, -np.inf, np.nan):
        found.append((np.where(np.arange(6).reshape(3, 2) == 3, special, x), abs(weights)))
    for layout in LAYOUTS:
        found.append((laid_out(x, layout), laid_out(weights, layout)))
    lasting = rng.uniform(0.2, 1.0, (1000, 2, 2))  # rows that average: the signal lives on
    lasting *= np.exp(rng.normal(0, 0.05, (1000, 1, 1))) / lasting.sum(axis=2, keepdims=True)
    found.append((abs(x), lasting))
    return tuple(found)


def _layers(x, weights, *, measure, activation=lambda z: np.maximum(z, 0)):
    found, a = [], x
    for weight in weights:
        z = a @ weight.T
        found.append(measure(z))
        a = activation(z)
    return np.array(found, dtype=float)


def _mean_square(z):
    return (z * z).mean()


def _variance_by_layer(x, weights):
    return _layers(x.astype(float), weights.astype(float), measure=_mean_square)


def _through(measure=_mean_square, **options):
    return lambda x, weights: _layers(
        x.astype(float), weights.astype(float), measure=measure, **options
    )


def _squares_in_float32(x, weights):
    return _layers(x, weights, measure=_mean_square)


def _turned(x, weights):
    return _variance_by_layer(x, weights.transpose(0, 2, 1))


def _each_from_the_input(x, weights):
    x = x.astype(float)
    return np.array([_mean_square(x @ weight.T) for weight in weights], dtype=float)


def _with_the_input(x, weights):
    return np.concatenate([[_mean_square(x.astype(float))], _variance_by_layer(x, weights)])


_TURN = np.array([[0.0, 2.0], [-1.0, 3.0]])
_X = np.array([[1.0, -2.0], [0.5, 4.0], [-1.0, 1.0]])

TASK = Task(
    points=2,
    title="Follow the signal",
    minutes=10,
    difficulty="easy",
    why="One batch through the layers shows before training what training would stumble over.",
    hints=(
        "What does layer 2 receive: x, the pre-activations of layer 1, or what ReLU makes of them?",
        "With a batch in rows, all pre-activations of a layer are a @ weight.T; note the mean of"
        " their squares before the ReLU, then go on with what it lets through.",
        "for weight in weights:",
    ),
    reference=_variance_by_layer,
    boundary=(
        (np.array([[1.0]]), np.array([[[2.0]]])),
        (_X, np.stack([_TURN, _TURN])),
        (np.array([[np.nan], [1.0]]), np.array([[[1.0]], [[1.0]]])),
        (np.array([[-np.inf], [1.0]]), np.array([[[1.0]], [[2.0]]])),
        (np.array([[1e-12], [2e-12]]), np.array([[[1.0]], [[1e-3]]])),
        (np.array([[1e10], [3e10]], dtype="float32"), np.full((3, 1, 1), 1e4, dtype="float32")),
    ),
    compare=close(ERROR),
    generated=_generated,
    domains=DOMAINS,
    swept=_swept,
    misconceptions=(
        Misconception(
            "this squares float32 numbers: beyond 1e19 their squares overflow; convert to float64"
            " first",
            _squares_in_float32,
        ),
        Misconception(
            "this is np.var, which subtracts the batch's own mean: the mean square is due",
            _through(np.var),
        ),
        Misconception(
            "this is the root of the mean square: the mean square itself is due",
            _through(lambda z: np.sqrt(_mean_square(z))),
        ),
        Misconception(
            "this adds the squares up: divide by how many numbers there are",
            _through(lambda z: (z * z).sum()),
        ),
        Misconception(
            "this adds the squares of the units up and averages over the batch: average over both",
            _through(lambda z: (z * z).sum(axis=1).mean()),
        ),
        Misconception(
            "this squares the mean: the mean of the squares is due",
            _through(lambda z: z.mean() ** 2),
        ),
        Misconception(
            "this measures behind the ReLU: the pre-activations are asked for, before it",
            _through(lambda z: _mean_square(np.maximum(z, 0))),
        ),
        Misconception(
            "no ReLU stands between the layers: layer 2 receives what ReLU lets through",
            _through(activation=lambda z: z),
        ),
        Misconception(
            "the ReLU is applied to the inputs too: layer 1 receives x as it is",
            lambda x, weights: _variance_by_layer(np.maximum(x, 0), weights),
        ),
        Misconception(
            "this is a @ weight, which sums over columns: a row of weight belongs to a unit, so"
            " a @ weight.T is due",
            _turned,
        ),
        Misconception(
            "every layer gets x here: each must get what the one before it has made",
            _each_from_the_input,
        ),
        Misconception(
            "the mean square of x stands in front: there is one number for each layer",
            _with_the_input,
        ),
        Misconception(
            "this is the last layer's mean square alone: all layers are asked for",
            lambda x, weights: _variance_by_layer(x, weights)[-1:],
        ),
        Misconception(
            "this turns nan into 0 in its ReLU: np.maximum keeps nan",
            _through(activation=lambda z: np.where(z > 0, z, 0.0)),
        ),
    ),
)
