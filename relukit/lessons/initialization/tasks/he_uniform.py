"""A task of lesson 05 on uniform weights, where the size is a bound and not a deviation."""

import math

import numpy as np

from relukit.checks.call import Arguments
from relukit.checks.domain import SIZES, Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import magnitudes
from relukit.checks.task import Misconception, Task
from relukit.checks.widening import always_float64
from relukit.lessons.initialization.tasks.nearness import near

ERROR = {"float32": 1e-6, "float64": 1e-12}  # in units of the bound; the tasks' texts state it
_FANS = SIZES[1:]
DOMAINS = {
    "u": Domain(dtypes=("float64", "float32"), high=1 - 2.0**-24, signs="+", axes=(_FANS, _FANS)),
}


def _generated():
    from hypothesis import strategies as st

    def matrix(shape):
        cells = st.lists(st.integers(0, 63), min_size=math.prod(shape), max_size=math.prod(shape))
        dtypes = st.sampled_from(["float64", "float32"])
        return st.builds(lambda u, d: (np.array(u, dtype=d) / 64).reshape(shape), cells, dtypes)

    shapes = st.tuples(st.integers(1, 3), st.integers(1, 4))
    return st.tuples(shapes.flatmap(matrix))


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found = []
    for dtype in DOMAINS["u"].dtypes:
        numbers = magnitudes(DOMAINS["u"], dtype, rng)
        found += [numbers[None], numbers[:, None]]
        shapes = [(n, 2) for n in _FANS] + [(3, n) for n in _FANS] + [(9, 9), (100, 100)]
        found += [rng.random(shape).astype(dtype) for shape in shapes]
        found += [laid_out(rng.random((3, 4)).astype(dtype), layout) for layout in LAYOUTS]
    return tuple((u,) for u in found)


def spread(u: np.ndarray, bound: float) -> np.ndarray:
    """Return numbers from 0 to 1, spread from -bound to bound, in their own dtype."""
    return ((2 * u.astype("float64") - 1) * bound).astype(u.dtype)


def _he_uniform(u):
    return spread(u, math.sqrt(6 / u.shape[1]))


def _bounded(bound):
    """Return an answer that spreads u as it should, up to another bound."""
    return lambda u: spread(u, bound(u.shape[1], u.shape[0]))


TASK = Task(
    points=2,
    title="He's weights, uniform",
    minutes=5,
    difficulty="easy",
    why="A tutorial takes the root of 2/n as the bound, and loses two thirds of the variance.",
    hints=(
        "A uniform distribution from -a to a has variance a²/3: which a makes this 2/n?",
        "u runs from 0 to 1 and has to run from -a to a; a row of u belongs to one unit, so"
        " u.shape says what fan_in is.",
        "bound = np.sqrt(... / u.shape[...])",
    ),
    reference=_he_uniform,
    boundary=(
        (np.array([[0.0]]),),
        (np.array([[0.0, 0.25, 0.5, 0.75, 0.96875, 2**-30]]),),
    ),
    compare=near(ERROR, size=lambda arguments: math.sqrt(6 / arguments[0].shape[1])),
    generated=_generated,
    domains=DOMAINS,
    swept=_swept,
    misconceptions=(
        Misconception(
            "the bound is the root of 2/n here, which is the deviation: a uniform distribution"
            " reaches √3 times as far",
            _bounded(lambda n, m: math.sqrt(2 / n)),
        ),
        Misconception(
            "the bound is 1/√n, PyTorch's default: its variance is a sixth of He's",
            _bounded(lambda n, m: 1 / math.sqrt(n)),
        ),
        Misconception(
            "this divides by the number of rows, which is fan_out: n is the number of columns",
            _bounded(lambda n, m: math.sqrt(6 / m)),
        ),
        Misconception(
            "this is Glorot's bound, the root of 6/(n + m): He's has fan_in alone",
            _bounded(lambda n, m: math.sqrt(6 / (n + m))),
        ),
        Misconception("the bound is 6/n: take its root", _bounded(lambda n, m: 6 / n)),
        Misconception(
            "the bound is the root of 3/n, for the variance 1/n: the rectifier needs 2/n",
            _bounded(lambda n, m: math.sqrt(3 / n)),
        ),
        Misconception(
            "this runs from 0 to the bound: half of the weights must be negative",
            lambda u: u * u.dtype.type(math.sqrt(6 / u.shape[1])),
        ),
        Misconception(
            "u - 1/2 runs from -1/2 to 1/2 only: the weights reach half of the bound",
            _bounded(lambda n, m: math.sqrt(6 / n) / 2),
        ),
        Misconception(
            "the sign is reversed: u = 0 belongs to the lower end",
            _bounded(lambda n, m: -math.sqrt(6 / n)),
        ),
        Misconception(
            "the matrix is turned: the result has the shape of u", lambda u: _he_uniform(u).T
        ),
        always_float64(_he_uniform),
        Misconception(
            "this draws weights of its own: spread the numbers in u",
            lambda u: spread(
                np.random.default_rng(0).random(u.shape).astype(u.dtype), math.sqrt(6 / u.shape[1])
            ),
        ),
    ),
)
