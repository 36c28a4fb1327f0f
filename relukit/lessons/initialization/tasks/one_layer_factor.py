"""A task of lesson 05 on what one layer does to the power of a signal, leak included."""

import math

from relukit.checks.comparison import Arguments, number
from relukit.checks.domain import Domain
from relukit.checks.sweeps import magnitudes
from relukit.checks.task import Misconception, Task

ERROR = 1e-9  # relative; the task's text states it


def one_layer_factor(n, std, slope=0.0):
    return n * std**2 * _passed(slope)


def _passed(slope):
    return (1 + slope**2) / 2


def _compare(arguments: Arguments, expected: float, got: object) -> str | None:
    value = number(got)
    if value is None:
        return "the answer must be one number"
    if abs(value - expected) <= ERROR * expected:
        return None
    n, std, slope = (*arguments, 0.0)[:3]
    return (
        f"adding up multiplies the power by {n * std**2:.4g}, and of that the activation lets the"
        f" share {_passed(slope):.4g} through"
    )


def _generated():
    from hypothesis import strategies as st

    sizes = st.sampled_from([0.125, 0.5, 1.0, 2.0])
    slopes = st.sampled_from([0.0, 0.25, 0.5, 1.0, -0.5, -1.0])
    return st.tuples(st.integers(1, 100), sizes, slopes)


_DOMAINS = {
    "n": Domain(low=1.0, high=1e6, signs="+", zero=False),
    "std": Domain(low=1e-6, high=1e3, signs="+", zero=False),
    "slope": Domain(low=1e-3, high=10.0),
}


def _swept(rng) -> tuple[Arguments, ...]:
    found: list[Arguments] = []
    for n in magnitudes(_DOMAINS["n"], "float64", rng, per_decade=1):
        found += [(int(n), 0.5), (int(n), 0.5, 0.3)]
    found += [(7, float(std), 0.3) for std in magnitudes(_DOMAINS["std"], "float64", rng)]
    found += [(7, 0.5, float(slope)) for slope in magnitudes(_DOMAINS["slope"], "float64", rng)]
    return tuple(found)


TASK = Task(
    points=1,
    title="What one layer does to the power",
    minutes=5,
    difficulty="easy",
    why="Before you train a deep network, this one number says what fifty layers will do.",
    hints=(
        "Step 1: n products are added up. By what does that multiply the power? Step 2: which share"
        " of it passes where the slope left of 0 is 0, and which where it is 1?",
        "The variance is the square of the standard deviation. Half of the power lies right of 0"
        " and passes whole. The other half is multiplied by the slope, so its power by slope**2.",
        "added = n * std**2",
    ),
    reference=one_layer_factor,
    boundary=(
        (1, 1.0),
        (2, 1.0),
        (1, 2.0),
        (1, 1.0, 1.0),
        (1, 1.0, 0.5),
        (2, 1.0, -0.5),
        (8, 0.5, 0.0),
        (64, 0.125, 0.5),
        (256, 0.0883883, 0.01),
        (100, 0.1, 2.0),
    ),
    compare=_compare,
    generated=_generated,
    domains=_DOMAINS,
    swept=_swept,
    misconceptions=(
        Misconception(
            "this takes 1 - slope²: what passes left of 0 is added to what passes right of it",
            lambda n, std, slope=0.0: n * std**2 * (1 - slope**2) / 2,
        ),
        Misconception(
            "this takes std for a bound, with a variance of std²/3: it is the standard deviation",
            lambda n, std, slope=0.0: one_layer_factor(n, std, slope) / 3,
        ),
        Misconception(
            "this takes std for the variance: square it",
            lambda n, std, slope=0.0: n * std * _passed(slope),
        ),
        Misconception(
            "this leaves the slope out: with a leak, a part of the other half passes, too",
            lambda n, std, slope=0.0: n * std**2 / 2,
        ),
        Misconception(
            "this leaves the activation out: it lets only a part of the power through",
            lambda n, std, slope=0.0: n * std**2,
        ),
        Misconception(
            "this takes the slope as it is: power goes with the square of the size",
            lambda n, std, slope=0.0: n * std**2 * (1 + slope) / 2,
        ),
        Misconception(
            "this takes the size of the slope as it is: power goes with the square of the size",
            lambda n, std, slope=0.0: n * std**2 * (1 + abs(slope)) / 2,
        ),
        Misconception(
            "this squares the mean of both slopes: the mean of the squares is due",
            lambda n, std, slope=0.0: n * std**2 * ((1 + slope) / 2) ** 2,
        ),
        Misconception(
            "this forgets that n products are added up",
            lambda n, std, slope=0.0: std**2 * _passed(slope),
        ),
        Misconception(
            "this is the factor of the size: the power's is its square",
            lambda n, std, slope=0.0: math.sqrt(one_layer_factor(n, std, slope)),
        ),
        Misconception(
            "this is 1 over the factor: power after over power before is asked for",
            lambda n, std, slope=0.0: 1 / one_layer_factor(n, std, slope),
        ),
        Misconception(
            "this doubles what it should halve: only half of the sums lie right of 0",
            lambda n, std, slope=0.0: 4 * one_layer_factor(n, std, slope),
        ),
        Misconception(
            "this squares n as well: powers add up, so n products have n times the power of one",
            lambda n, std, slope=0.0: n * one_layer_factor(n, std, slope),
        ),
        Misconception(
            "this gives half of the power to the slope alone: what lies right of 0 passes whole",
            lambda n, std, slope=0.0: n * std**2 * (slope**2) / 2,
        ),
    ),
)
