"""A task of lesson 04 on networks that are born dead: a probability, right where it is tiny."""

import math

import numpy as np

from relukit.checks.comparison import Arguments, number
from relukit.checks.domain import Domain
from relukit.checks.task import Misconception, Task

ERROR = 1e-9  # relative; the task's text states it


def born_dead_probability(width, layers):
    return -math.expm1(layers * math.log1p(-(2.0**-width)))


def _naive(width, layers):
    return 1 - (1 - 2.0**-width) ** layers


def _lower(width, layers):
    p = 2.0**-width
    later = born_dead_probability(width, layers - 1)
    return 2 * p * later + (1 - 2 * p) * later**2


def _compare(arguments: Arguments, expected: float, got: object) -> str | None:
    value = number(got)
    if value is None:
        return "the answer must be one number"
    if not 0 <= value <= 1:
        return "a probability is a number from 0 to 1"
    error = abs(value - expected) / max(expected, 1e-307)
    if error <= ERROR:
        return None
    width, layers = arguments
    if value == 0:
        return f"the chance is small, close to {layers} times 2^-{width}, and not 0"
    if error > 1e-3:
        return f"each of the {layers} layers turns all its {width} units off with chance 2^-{width}"
    return f"its relative error is {error:.1g}, and {ERROR:g} is allowed"


def _generated():
    from hypothesis import strategies as st

    return st.tuples(st.integers(3, 20), st.integers(1, 500))


_DOMAINS = {
    "width": Domain(low=1.0, high=1000.0, signs="+", zero=False),
    "layers": Domain(low=1.0, high=100_000.0, signs="+", zero=False),
}


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    widths = [*range(1, 64, 3), *rng.integers(1, 1001, 20).tolist(), 999, 1000]
    found = [(1000, 1), (1, 100_000), (1000, 100_000)]
    for width in widths:
        found += [(width, int(10 ** (k + rng.random()))) for k in range(5)]
    return tuple(found)


TASK = Task(
    points=2,
    title="How likely is a network born dead?",
    minutes=10,
    difficulty="medium",
    why="It says how much width makes depth safe, and its formula fails just where it is safe.",
    hints=(
        "What is 1 - 2**-60 in floating point, and what is then left of the chance?",
        "With p = 2^-N the signal survives with (1 - p)^H = exp(H ln(1 - p)). math.log1p keeps a"
        " tiny p, and math.expm1 keeps a tiny result.",
        "log_alive = layers * math.log1p(-(2.0**-width))",
    ),
    reference=born_dead_probability,
    boundary=(
        (1, 1),
        (1, 2),
        (2, 2),
        (4, 5),
        (4, 100),
        (11, 100),
        (20, 100_000),
        (60, 100),
        (30, 10),
        (53, 1),
        (200, 50),
        (1000, 10),
    ),
    compare=_compare,
    generated=_generated,
    domains=_DOMAINS,
    swept=_swept,
    misconceptions=(
        Misconception(
            "this is right, but for rounding: 1 - p and 1 - (1 - p)^H lose a tiny p and a tiny"
            " chance; math.log1p and math.expm1 keep them",
            _naive,
        ),
        Misconception(
            "log1p keeps the tiny p; then 1 - exp(...) rounds it away: math.expm1 is made for that",
            lambda width, layers: 1 - math.exp(layers * math.log1p(-(2.0**-width))),
        ),
        Misconception(
            "expm1 keeps a tiny result; log(1 - p) has rounded p away before: math.log1p is made"
            " for that",
            lambda width, layers: -math.expm1(layers * math.log(1 - 2.0**-width)),
        ),
        Misconception(
            "this is H p, which counts networks that die in two layers twice: it passes 1",
            lambda width, layers: layers * 2.0**-width,
        ),
        Misconception(
            "this is H p, cut off at 1: the chance approaches 1 and never reaches it",
            lambda width, layers: min(1.0, layers * 2.0**-width),
        ),
        Misconception(
            "this is p^H, the chance that every layer is dead: one dead layer is enough",
            lambda width, layers: 2.0 ** (-width * layers),
        ),
        Misconception(
            "this is (1 - p)^H, the chance to come through: the chance to die is asked for",
            lambda width, layers: (1 - 2.0**-width) ** layers,
        ),
        Misconception(
            "this is p, the chance in one layer: there are H of them",
            lambda width, layers: 2.0**-width,
        ),
        Misconception(
            "width and depth are exchanged: p = 2^-N is the chance that all N units of a layer are"
            " off",
            lambda width, layers: born_dead_probability(layers, width),
        ),
        Misconception(
            "this leaves one layer out: the first hidden layer can be dead as well",
            lambda width, layers: born_dead_probability(width, layers - 1),
        ),
        Misconception(
            "this is the lower bound, where both signs of the input die: the upper one follows one"
            " sign",
            _lower,
        ),
        Misconception(
            "this is 1 - p^H: p and 1 - p are exchanged",
            lambda width, layers: 1 - 2.0 ** (-width * layers),
        ),
        Misconception(
            "this takes p = 1/2, the chance of one unit: all N units of a layer must be off",
            lambda width, layers: 1 - 0.5**layers,
        ),
        Misconception(
            "this is 1 - exp(-H p), which is close only where p is small: ln(1 - p) is not -p",
            lambda width, layers: -math.expm1(-layers * 2.0**-width),
        ),
        Misconception(
            "this takes p = 1/(2 N): N units are off together with 2^-N",
            lambda width, layers: 1 - (1 - 1 / (2 * width)) ** layers,
        ),
    ),
)
