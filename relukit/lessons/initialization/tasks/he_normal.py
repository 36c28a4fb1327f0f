"""A task of lesson 05 on He's weights from a normal distribution."""

import math

import numpy as np

from relukit.checks.comparison import Arguments
from relukit.checks.domain import SIZES, Domain
from relukit.checks.sweeps import magnitudes
from relukit.checks.task import Misconception, Task
from relukit.lessons.initialization.tasks.nearness import near

ERROR = {"float64": 1e-9}  # in units of the deviation; the task's text states it
_FANS = SIZES[1:]
_FAN = Domain(values=_FANS)
DOMAINS = {
    "fan_in": _FAN,
    "fan_out": _FAN,
    "seed": Domain(values=(0,), low=1.0, high=1e18, signs="+"),
}


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    seeds = [int(seed) for seed in magnitudes(DOMAINS["seed"], "float64", rng, per_decade=1)]
    fans: list[tuple[int, ...]] = [(n, m) for n in _FANS for m in (1, 3)]
    fans += [(2, m) for m in _FANS]
    fans += [tuple(map(int, rng.integers(2, 400, 2))) for _ in seeds[len(fans) :]]
    return tuple((n, m, seed) for (n, m), seed in zip(fans, seeds, strict=False))


def _drawn(fan_in, fan_out, seed):
    return np.random.default_rng(seed).standard_normal((fan_out, fan_in))


def _deviation(arguments: Arguments) -> float:
    return math.sqrt(2 / arguments[0])


def _he_normal(fan_in, fan_out, seed):
    return math.sqrt(2 / fan_in) * _drawn(fan_in, fan_out, seed)


def _with(deviation):
    """Return an answer that draws as it should and scales with another deviation."""
    return lambda fan_in, fan_out, seed: deviation(fan_in, fan_out) * _drawn(fan_in, fan_out, seed)


def _uniform(bound):
    return lambda fan_in, fan_out, seed: np.random.default_rng(seed).uniform(
        -bound(fan_in), bound(fan_in), (fan_out, fan_in)
    )


TASK = Task(
    points=2,
    title="He weights, normal",
    minutes=5,
    difficulty="easy",
    why="A standard deviation of 2/n, not its root, is a slip that trains badly and says nothing.",
    hints=(
        "Is 2/n a variance or a standard deviation, and which of the two multiplies a standard"
        " normal?",
        "rng = np.random.default_rng(seed) makes the generator; rng.standard_normal takes the shape"
        " of the whole matrix, and its numbers have deviation 1.",
        "rng = np.random.default_rng(seed)",
    ),
    reference=_he_normal,
    boundary=(
        (8, 1, 0),
        (2, 3, 1),
        (300, 2, 4),
    ),
    domains=DOMAINS,
    swept=_swept,
    compare=near(ERROR, size=_deviation),
    misconceptions=(
        Misconception(
            "the deviation is 2/n here, which is the variance: take its root",
            _with(lambda n, m: 2 / n),
        ),
        Misconception(
            "this divides by the number of outputs: a unit sums over its inputs, so n is fan_in",
            _with(lambda n, m: math.sqrt(2 / m)),
        ),
        Misconception(
            "this is Glorot's deviation, the root of 2/(n + m): He's has fan_in alone",
            _with(lambda n, m: math.sqrt(2 / (n + m))),
        ),
        Misconception(
            "this is LeCun's variance 1/n: the rectifier drops half of the square, so 2/n is due",
            _with(lambda n, m: math.sqrt(1 / n)),
        ),
        Misconception(
            "this has the deviation 1, whatever fan_in is: multiply by the root of 2/n",
            _with(lambda n, m: 1.0),
        ),
        Misconception(
            "the root is taken of 2 and not of n: it belongs to the whole fraction",
            _with(lambda n, m: math.sqrt(2) / n),
        ),
        Misconception(
            "this is upside down: more inputs call for smaller weights",
            _with(lambda n, m: math.sqrt(n / 2)),
        ),
        Misconception(
            "this is one deviation for all, 0.01: it has to follow fan_in", _with(lambda n, m: 0.01)
        ),
        Misconception(
            "the shape is (fan_in, fan_out): a row for each unit means (fan_out, fan_in)",
            lambda fan_in, fan_out, seed: math.sqrt(2 / fan_in) * _drawn(fan_out, fan_in, seed),
        ),
        Misconception(
            "this draws (fan_in, fan_out) and turns it: as good in law, but the numbers stand"
            " elsewhere; draw the shape (fan_out, fan_in)",
            lambda fan_in, fan_out, seed: math.sqrt(2 / fan_in) * _drawn(fan_out, fan_in, seed).T,
        ),
        Misconception(
            "this is uniform, and the root of 2/n is its bound: then the variance is only 0.67/n",
            _uniform(lambda n: math.sqrt(2 / n)),
        ),
        Misconception(
            "this is uniform with the right variance, He's other form: normal weights are due",
            _uniform(lambda n: math.sqrt(6 / n)),
        ),
        Misconception(
            "this clips at two deviations, and weights further out are due as they were drawn",
            lambda fan_in, fan_out, seed: (
                math.sqrt(2 / fan_in) * np.clip(_drawn(fan_in, fan_out, seed), -2, 2)
            ),
        ),
        Misconception(
            "the seed is not used: another seed must give other weights",
            lambda fan_in, fan_out, seed: _he_normal(fan_in, fan_out, 0),
        ),
        Misconception(
            "this draws from NumPy's old generator, with other numbers: np.random.default_rng(seed)"
            " is asked for",
            lambda fan_in, fan_out, seed: (
                math.sqrt(2 / fan_in)
                * np.random.RandomState(seed).standard_normal((fan_out, fan_in))
            ),
        ),
    ),
)
