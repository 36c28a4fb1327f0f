"""A task of lesson 05 on Glorot's weights, whose size looks at both fans."""

import math

import numpy as np

from relukit.checks.call import Arguments
from relukit.checks.domain import SIZES, Domain
from relukit.checks.sweeps import magnitudes
from relukit.checks.task import Misconception, Task
from relukit.lessons.initialization.tasks.he_uniform import spread
from relukit.lessons.initialization.tasks.nearness import near

ERROR = {"float64": 1e-12}  # in units of the bound; the task's text states it
_FANS = SIZES[1:]
DOMAINS = {
    "fan_in": Domain(values=_FANS),
    "fan_out": Domain(values=_FANS),
    "seed": Domain(values=(0,), low=1.0, high=1e18, signs="+"),
    "gain": Domain(values=(1.0,), low=1e-3, high=1e3, signs="+", zero=False),
}


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    seeds = [int(seed) for seed in magnitudes(DOMAINS["seed"], "float64", rng, per_decade=2)]
    gains = [1.0, *magnitudes(DOMAINS["gain"], "float64", rng, per_decade=1).tolist()]
    fans: list[tuple[int, ...]] = [*((n, 3) for n in _FANS), *((2, n) for n in _FANS)]
    fans += [(9, 9), (100, 100)]
    fans += [tuple(map(int, rng.integers(2, 60, 2))) for _ in seeds[len(fans) :]]
    return tuple(
        (n, m, seed, gains[i % len(gains)])
        for i, ((n, m), seed) in enumerate(zip(fans, seeds, strict=False))
    )


def _random(fan_in, fan_out, seed):
    return np.random.default_rng(seed).random((fan_out, fan_in))


def _glorot_uniform(fan_in, fan_out, seed, gain=1.0):
    return spread(_random(fan_in, fan_out, seed), gain * math.sqrt(6 / (fan_in + fan_out)))


def _with(bound):
    """Return an answer that draws as it should, up to another bound."""
    return lambda fan_in, fan_out, seed, gain=1.0: spread(
        _random(fan_in, fan_out, seed), bound(fan_in, fan_out, gain)
    )


TASK = Task(
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
    domains=DOMAINS,
    swept=_swept,
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
