"""A task of lesson 04 on a network that does not train: other weights, the same activation."""

import math
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments
from relukit.checks.harnesses.mender import as_mender
from relukit.checks.task import Misconception, Task
from relukit.lessons.dying.tasks.menders import (
    a_copy,
    always_the_same,
    by_global_numbers,
    default,
    filled,
    he,
    normalized,
    swapped,
    unchanged,
)
from relukit.lessons.dying.tasks.weights import STEPS, alike, trained

ACCURACY = 0.6  # as the task's text states; He's weights reach over 0.9, the default ones 0.1
STANDS_STILL = 2.2  # a network that guesses one digit in ten has a loss of ln(10) = 2.30


MANY = 0.5  # of all numbers differ where they are drawn; a pattern repeats a few
UNSEEDED = (
    "two calls with the same seed gave other weights, since the global random numbers had moved on:"
    " draw from a generator of this seed"
)
ONE_SEED = "another seed gives the same numbers: the argument seed must decide what is drawn"


def mend_the_network(widths, seed):
    return tuple(_drawn(widths, own) for own in (seed, seed, seed + 1))


@lru_cache(maxsize=16)
def _drawn(widths: tuple[int, ...], seed: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    layers = [(draw.normal(0, math.sqrt(2 / n), (m, n)), np.zeros(m)) for n, m in pairwise(widths)]
    return np.concatenate([part.ravel() for layer in layers for part in layer]).astype("float32")


def _compare(arguments: Arguments, expected: tuple, got: Any) -> str | None:
    if isinstance(got, str) and got:
        return got
    widths, seed = arguments
    known = mend_the_network(widths, seed)
    if not all(_weights_as(known, made) for made in (expected, got)):
        return "the network is not the one that was given"
    if not all(map(np.array_equal, expected, known)):  # two wrong answers, compared
        if _seeding(expected) != _seeding(got):
            return "seeded otherwise"
        if _seeding(expected):
            return None
        return None if alike(widths, expected[0], got[0]) else "other weights"
    if not all(np.isfinite(flat).all() for flat in got):
        return "a weight or bias is nan or infinite"
    if _seeding(got):
        return _seeding(got)
    dead, loss, right = trained(widths, seed, np.ascontiguousarray(got[0]).tobytes())
    if right >= ACCURACY:
        return None
    if not math.isfinite(loss):
        return "in training the loss becomes nan: the signal grows from layer to layer"
    said = f"after {STEPS} steps the loss is {loss:.2f}"
    if loss > STANDS_STILL:
        said += ", as for a network that guesses"
    share = f"{100 * right:.0f} % of the test digits are right, {100 * ACCURACY:.0f} % are due"
    return f"{said}; {share}; {100 * dead:.0f} % of the last hidden layer is dead at the start"


def _seeding(made: tuple[np.ndarray, ...]) -> str:
    """Return what is wrong with the use of the seed in three calls, "" where nothing is."""
    one, again, other = made
    if not np.array_equal(one, again, equal_nan=True):
        return UNSEEDED
    drawn = len(np.unique(one)) > MANY * len(one)
    return ONE_SEED if drawn and np.array_equal(one, other) else ""


def _weights_as(known: tuple[np.ndarray, ...], made: object) -> bool:
    if not isinstance(made, tuple) or len(made) != len(known):
        return False
    flats = [flat for flat in made if isinstance(flat, np.ndarray)]
    pairs = zip(known, flats, strict=False)
    whole = len(flats) == len(known)
    return whole and all(a.shape == b.shape and a.dtype == b.dtype for a, b in pairs)


_WIDTHS = ((64, *[32] * 10, 10), (64, *[96] * 10, 10))

TASK = Task(
    points=2,
    title="Mend a network that does not train",
    minutes=15,
    difficulty="medium",
    why="Ten layers of ReLU are called too deep to train; with other weights they just train.",
    hints=(
        "By which factor does a layer with PyTorch's default weights shrink the signal, and what is"
        " left of it after ten?",
        "Section 2 of the lesson names weights whose variance keeps the signal of a ReLU layer the"
        " same; biases start at 0. relukit.initialization and torch.nn.init know them; draw with a"
        " torch.Generator of the given seed.",
        "generator = torch.Generator().manual_seed(seed)",
    ),
    reference=mend_the_network,
    boundary=tuple((widths, seed) for seed, widths in enumerate(_WIDTHS)),
    redrawn=lambda chance: ((_WIDTHS[1], int(chance.integers(2, 2**31))),),
    compare=_compare,
    harness=as_mender,
    several=True,
    calls=1,  # the harness makes three
    misconceptions=(
        Misconception(
            "these numbers come from torch's global stream, or NumPy's, which goes on from call to"
            " call: make a torch.Generator().manual_seed(seed) and draw from it",
            by_global_numbers,
        ),
        Misconception(
            "the seed is a fixed number here, so all seeds give one network: use the argument seed",
            always_the_same,
        ),
        Misconception(
            "this mends a copy: whoever gave you the network still holds the one that does not"
            " train; change its weights in place",
            a_copy,
        ),
        Misconception(
            "these are still PyTorch's default weights: draw others, in place",
            unchanged,
        ),
        Misconception(
            "setting the biases to 0 is half of it: the default weights still shrink the signal,"
            " by 2.4 in every layer",
            filled(default),
        ),
        Misconception(
            "all weights are 0: then no layer passes a signal, and no gradient comes back",
            filled(lambda fan_in, shape, chance: np.zeros(shape)),
        ),
        Misconception(
            "the weights of a layer are all the same: then all its units are, and stay so",
            filled(lambda fan_in, shape, chance: np.full(shape, 1 / fan_in)),
        ),
        Misconception(
            "a deviation of 0.01 is far too small for ten layers: the signal is gone; it has to"
            " follow from the number of inputs",
            filled(lambda fan_in, shape, chance: chance.normal(0, 0.01, shape)),
        ),
        Misconception(
            "a deviation of 1 is far too large: the signal grows in every layer; it has to follow"
            " from the number of inputs",
            filled(lambda fan_in, shape, chance: chance.normal(0, 1, shape)),
        ),
        Misconception(
            "2/n is the variance of He's weights: their deviation is its square root",
            filled(lambda fan_in, shape, chance: chance.normal(0, 2 / fan_in, shape)),
        ),
        Misconception(
            "this is twice as large as He's weights: each layer doubles the signal, and ten"
            " multiply it by 1,024",
            filled(lambda *given: 2 * he(*given)),
        ),
        Misconception(
            "no weight is negative: then every unit is on for every image, and the signal grows",
            filled(lambda *given: np.abs(he(*given))),
        ),
        Misconception(
            "no weight is positive: behind the first layer every unit is dead",
            filled(lambda *given: -np.abs(he(*given))),
        ),
        Misconception(
            "only the first layer has new weights: the nine behind it still shrink the signal",
            filled(he, layers=slice(0, 1)),
        ),
        Misconception(
            "only the last layer has new weights: the ten before it still shrink the signal",
            filled(he, layers=slice(10, None)),
        ),
        Misconception(
            "biases of -1 turn units off from the start: begin with 0", filled(he, bias=-1.0)
        ),
        Misconception(
            "the default weights stay, with biases of 1: the biases drown what the images say",
            filled(default, bias=1.0),
        ),
        Misconception(
            "this puts Swish in the place of ReLU: keep the activation, change the weights",
            swapped("SiLU"),
        ),
        Misconception(
            "this puts leaky ReLU in the place of ReLU: keep the activation, change the weights",
            swapped("LeakyReLU"),
        ),
        Misconception(
            "this adds batch normalization: that helps too, but keep the layers, change the"
            " weights",
            normalized,
        ),
    ),
)
