"""Tasks of lesson 05 on uniform weights, where the size is a bound and not a deviation."""

import math

import numpy as np

from relukit.checks.initialization.nearness import near
from relukit.checks.task import Misconception, Task

LESSON = "05_initialization"
ERROR = {"float32": 1e-6, "float64": 1e-12}  # in units of the bound; the tasks' texts state them


def _generated():
    from hypothesis import strategies as st

    def matrix(shape):
        cells = st.lists(st.integers(0, 63), min_size=math.prod(shape), max_size=math.prod(shape))
        dtypes = st.sampled_from(["float64", "float32"])
        return st.builds(lambda u, d: (np.array(u, dtype=d) / 64).reshape(shape), cells, dtypes)

    shapes = st.tuples(st.integers(1, 3), st.integers(1, 4))
    return st.tuples(shapes.flatmap(matrix))


def _spread(u, bound):
    return ((2 * u.astype("float64") - 1) * bound).astype(u.dtype)


def _he_uniform(u):
    return _spread(u, math.sqrt(6 / u.shape[1]))


def _bounded(bound):
    """Return an answer that spreads u as it should, up to another bound."""
    return lambda u: _spread(u, bound(u.shape[1], u.shape[0]))


HE_UNIFORM = Task(
    name="he_uniform",
    lesson=LESSON,
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
        Misconception(
            "this always returns float64: keep the dtype of u",
            lambda u: _he_uniform(u.astype("float64")),
        ),
        Misconception(
            "this draws weights of its own: spread the numbers in u",
            lambda u: _spread(
                np.random.default_rng(0).random(u.shape).astype(u.dtype), math.sqrt(6 / u.shape[1])
            ),
        ),
    ),
)


def _random(fan_in, fan_out, seed):
    return np.random.default_rng(seed).random((fan_out, fan_in))


def _glorot_uniform(fan_in, fan_out, seed, gain=1.0):
    return _spread(_random(fan_in, fan_out, seed), gain * math.sqrt(6 / (fan_in + fan_out)))


def _with(bound):
    """Return an answer that draws as it should, up to another bound."""
    return lambda fan_in, fan_out, seed, gain=1.0: _spread(
        _random(fan_in, fan_out, seed), bound(fan_in, fan_out, gain)
    )


GLOROT_UNIFORM = Task(
    name="glorot_uniform",
    lesson=LESSON,
    points=2,
    title="Glorot's weights, uniform",
    minutes=10,
    difficulty="easy",
    why="Two rules share the name Xavier in print, and only one of them is Glorot's.",
    hints=(
        "Glorot's variance is 1 over the mean of both fans: how far does a uniform distribution"
        " with this variance reach?",
        "The variance of U(±a) is a²/3, and the mean of the fans is (n + m)/2; the gain multiplies"
        " every weight. rng.random gives numbers from 0 to 1.",
        "rng = np.random.default_rng(seed)",
    ),
    reference=_glorot_uniform,
    boundary=(
        (2, 4, 0),
        (3, 2, 1, 2.0),
        (30, 20, 3, 0.5),
    ),
    redrawn=lambda chance: tuple(
        (*map(int, chance.integers(2, 60, 2)), int(chance.integers(2**31)), gain)
        for gain in (1.0, float(chance.uniform(0.5, 2)), float(chance.uniform(0.5, 2)))
    ),
    compare=near(
        ERROR,
        size=lambda arguments: (*arguments, 1.0)[3] * math.sqrt(6 / (arguments[0] + arguments[1])),
    ),
    misconceptions=(
        Misconception(
            "the bound is 1/√n: a tutorial calls this Xavier, and it is PyTorch's default;"
            " Glorot's rule looks at both fans",
            _with(lambda n, m, gain: gain / math.sqrt(n)),
        ),
        Misconception(
            "the bound is 1/√n, without the gain: this is PyTorch's default and not Glorot's rule",
            _with(lambda n, m, gain: 1 / math.sqrt(n)),
        ),
        Misconception(
            "this is He's bound, the root of 6/n: Glorot's has fan_in + fan_out below the line",
            _with(lambda n, m, gain: gain * math.sqrt(6 / n)),
        ),
        Misconception(
            "this has fan_out alone: both fans belong below the line",
            _with(lambda n, m, gain: gain * math.sqrt(6 / m)),
        ),
        Misconception(
            "the root of 2/(n + m) is the deviation: the bound is √3 times as large",
            _with(lambda n, m, gain: gain * math.sqrt(2 / (n + m))),
        ),
        Misconception(
            "3 belongs to the mean of the fans, and this divides by their sum: then it is 6",
            _with(lambda n, m, gain: gain * math.sqrt(3 / (n + m))),
        ),
        Misconception(
            "the bound is 6/(n + m): take its root", _with(lambda n, m, gain: gain * 6 / (n + m))
        ),
        Misconception(
            "the root is taken of 6 alone: it belongs to the whole fraction",
            _with(lambda n, m, gain: gain * math.sqrt(6) / (n + m)),
        ),
        Misconception(
            "the gain is not used: it multiplies every weight",
            _with(lambda n, m, gain: math.sqrt(6 / (n + m))),
        ),
        Misconception(
            "the gain stands below the root: it multiplies weights, and not their variance",
            _with(lambda n, m, gain: math.sqrt(gain * 6 / (n + m))),
        ),
        Misconception(
            "the gain divides: a larger gain must give larger weights",
            _with(lambda n, m, gain: math.sqrt(6 / (n + m)) / gain),
        ),
        Misconception(
            "this is normal with the right deviation, Glorot's other form: uniform weights are due",
            lambda fan_in, fan_out, seed, gain=1.0: (
                gain
                * math.sqrt(2 / (fan_in + fan_out))
                * np.random.default_rng(seed).standard_normal((fan_out, fan_in))
            ),
        ),
        Misconception(
            "this runs from 0 to the bound: half of the weights must be negative",
            lambda fan_in, fan_out, seed, gain=1.0: (
                gain * math.sqrt(6 / (fan_in + fan_out)) * _random(fan_in, fan_out, seed)
            ),
        ),
        Misconception(
            "random() - 1/2 runs from -1/2 to 1/2 only: the weights reach half of the bound",
            _with(lambda n, m, gain: gain * math.sqrt(6 / (n + m)) / 2),
        ),
        Misconception(
            "the shape is (fan_in, fan_out): a row for each unit means (fan_out, fan_in)",
            lambda fan_in, fan_out, seed, gain=1.0: _glorot_uniform(fan_out, fan_in, seed, gain),
        ),
        Misconception(
            "this draws (fan_in, fan_out) and turns it: as good in law, but the numbers stand"
            " elsewhere; draw the shape (fan_out, fan_in)",
            lambda fan_in, fan_out, seed, gain=1.0: _glorot_uniform(fan_out, fan_in, seed, gain).T,
        ),
        Misconception(
            "the seed is not used: another seed must give other weights",
            lambda fan_in, fan_out, seed, gain=1.0: _glorot_uniform(fan_in, fan_out, 0, gain),
        ),
    ),
)
