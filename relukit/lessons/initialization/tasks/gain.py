"""A task of lesson 05 on the gain of any activation, by quadrature."""

import math

import numpy as np

from relukit.checks.comparison import Arguments, number
from relukit.checks.harnesses.functions import function, with_function
from relukit.checks.task import Misconception, Task
from relukit.lessons.initialization.tasks.formulas import formulas

ERROR = 1e-5  # relative; the task's text states it
_STEPS = 14_000  # so many that a kink between two edges costs less than 1e-7
_EDGES, _STEP = np.linspace(-14, 14, _STEPS + 1, retstep=True)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(4)
_Z = (_EDGES[:-1, None] + _STEP * (_NODES + 1) / 2).ravel()
_MASS = np.tile(_STEP * _WEIGHTS / 2, _STEPS) * np.exp(-_Z * _Z / 2) / math.sqrt(2 * math.pi)


def _mean(values):
    """Return E[values(z)], also where values has kinks."""
    return float((_MASS * values(_Z)).sum())


def _mean_square(f):
    return _mean(lambda z: f(z) ** 2)


def _gain(f):
    return 1 / math.sqrt(_mean_square(function(f)))


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found = [(f,) for f in formulas(rng) if 0.01 < _mean_square(function(f)) < 100]
    # a gain near 0.1 shows who rounds it to 5 places
    return (("tanh(z)",), ("9.7 * z",), *found)


def _compare(arguments: Arguments, expected: float, got: object) -> str | None:
    value = number(got)
    if value is None:
        return "the answer must be one number"
    error = abs(value - expected) / abs(expected)
    if error <= ERROR:
        return None
    return f"E[f(z)²] is {expected**-2:.6g}, and the gain's relative error is {error:.1g}"


def _slope_mean_square(f):
    step = 1e-6
    return _mean(lambda z: ((f(z + step) - f(z - step)) / (2 * step)) ** 2)


def _random_mean_square(f):
    return float((f(np.random.default_rng(0).standard_normal(100_000)) ** 2).mean())


def _hermite(*, change=2**0.5, mass=math.pi**0.5):
    nodes, weights = np.polynomial.hermite.hermgauss(100)
    return lambda f: 1 / math.sqrt((weights * f(change * nodes) ** 2).sum() / mass)


def _inverse(value):
    return 1 / value if value else math.inf


TASK = Task(
    points=2,
    title="The gain of any activation",
    minutes=15,
    difficulty="medium",
    why="One integral replaces a table of recommended gains, for activations not in it too.",
    hints=(
        "An average over a standard normal z is an integral: what is multiplied by f(z)² in it?",
        "scipy.integrate.quad integrates from -np.inf to np.inf; a fine grid from -10 to 10 does it"
        " too. Each value counts as much as the normal density says.",
        "from scipy import integrate",
    ),
    reference=_gain,
    boundary=(
        ("max(0, z)",),
        ("softplus(z)",),
        ("min(max(z, -1), 1)",),
        ("z**3",),
    ),
    compare=_compare,
    swept=_swept,
    harness=with_function,
    misconceptions=(
        Misconception(
            "this is the root of 2 for every f, the gain of ReLU alone", lambda f: math.sqrt(2)
        ),
        Misconception(
            "this is 1/E[f(z)²], which goes into the variance: the gain is its root",
            lambda f: 1 / _mean_square(f),
        ),
        Misconception(
            "this is the root of E[f(z)²], what f does to the size: the gain undoes it",
            lambda f: math.sqrt(_mean_square(f)),
        ),
        Misconception(
            "this takes the variance of f(z): the next layer sums f(z) as it is, mean included",
            lambda f: _inverse(math.sqrt(max(_mean_square(f) - _mean(f) ** 2, 0.0))),
        ),
        Misconception(
            "this takes E|f(z)|: squares are what adds up",
            lambda f: 1 / _mean(lambda z: np.abs(f(z))),
        ),
        Misconception(
            "this squares the mean: the mean of the squares is due",
            lambda f: _inverse(abs(round(_mean(f), 12))),
        ),
        Misconception(
            "this is the gain for gradients, with the slope f' in place of f",
            lambda f: _inverse(math.sqrt(_slope_mean_square(f))),
        ),
        Misconception(
            "this averages over 100,000 random numbers: they are off by about a third of a percent,"
            " and an integral is exact",
            lambda f: 1 / math.sqrt(_random_mean_square(f)),
        ),
        Misconception(
            "Gauss and Hermite's nodes belong to exp(-x²): for a standard normal, z is √2 x",
            _hermite(change=1.0),
        ),
        Misconception("Gauss and Hermite's weights add up to √π: divide by it", _hermite(mass=1.0)),
        Misconception(
            "100 nodes of Gauss and Hermite's are too few where f has a kink away from 0: they know"
            " nothing of it; scipy.integrate.quad goes to where it is",
            _hermite(),
        ),
        Misconception(
            "this stops at 5 deviations, and where f grows, what lies beyond counts: go on to 10",
            lambda f: 1 / math.sqrt(_mean(lambda z: np.where(np.abs(z) < 5, f(z) ** 2, 0.0))),
        ),
        Misconception(
            "every z counts alike here: weigh f(z)² with the normal density",
            lambda f: 1 / math.sqrt((f(np.linspace(-10, 10, 100_001)) ** 2).mean()),
        ),
        Misconception(
            "the density lacks its factor 1/√(2π)",
            lambda f: 1 / math.sqrt(_mean_square(f) * math.sqrt(2 * math.pi)),
        ),
        Misconception(
            "this integrates over positive z only: negative ones count as much",
            lambda f: 1 / math.sqrt(_mean(lambda z: np.where(z > 0, f(z) ** 2, 0.0))),
        ),
    ),
)
