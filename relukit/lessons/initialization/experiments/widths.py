"""Experiments on finite width: what is kept on average is not kept in each network."""

import math

import torch

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.initialization.experiments.layers import passages
from relukit.statistics import proportion
from relukit.streams import generator

DEPTH = 50
PER_SEED = 25  # networks


def gained(width: int, setting: Setting = STATED) -> list[float]:
    """Return the decades that the signal gains in 50 ReLU layers, two networks for each seed.

    Args:
        width: units in each layer; weights are He's.
        setting: the seeds.
    """
    first = setting.only().seeds.start
    seeds = range(2 * first, 2 * first + 2 * len(setting.seeds))
    found = passages("he_normal", width=width, depth=DEPTH, seeds=seeds)
    return [one.signal[-1] for one in found]


@kept.cache
def many(width: int, setting: Setting = STATED) -> tuple[float, ...]:
    """Return the decades that the signal's power gains in 50 layers, 25 networks for each seed.

    Each network has one input of its own; all networks of a seed are one batched product.

    Args:
        width: units in each layer; weights are He's, without biases.
        setting: the seeds.
    """
    found: list[float] = []
    for seed in setting.only().seeds:
        source = generator(seed, "many networks")
        a = torch.randn(PER_SEED, 1, width, generator=source)
        before = a.square().mean((1, 2))
        for _ in range(DEPTH):
            weight = torch.randn(PER_SEED, width, width, generator=source)
            a = torch.relu(a @ weight * math.sqrt(2 / width))
        after = a.square().mean((1, 2)).double().clamp(min=1e-300)
        found += (after / before).log10().tolist()
    return tuple(found)


def fan(setting: Setting = STATED) -> Measured:
    """Count, of 400 networks of 50 layers, those that keep the power within a factor 10.

    Args:
        setting: the seeds.
    """
    found = many(32, setting)
    kept = sum(abs(decades) < 1 for decades in found)
    return {"networks that keep the power, width 32": proportion(kept, len(found))}


def expected(width: int, depth: int) -> tuple[float, float]:
    r"""Return mean and deviation of the decades gained, $-2.5\,L/n$ and $\sqrt{5L/n}$ over ln 10.

    Args:
        width: n, units in each layer.
        depth: L, layers.

    Conventions: for one input, to first order in depth / width.

    References: [Hanin2018].

    Example:
        >>> [round(v, 3) for v in expected(250, 50)]
        [-0.217, 0.434]
    """
    return -2.5 * depth / width / math.log(10), math.sqrt(5 * depth / width) / math.log(10)


def he_keeps(setting: Setting = STATED) -> Measured:
    """Count networks of 50 ReLU layers whose signal stays within a factor 10, by width.

    Args:
        setting: the seeds.
    """
    parts = {}
    for width in (256, 32):
        found = gained(width, setting)
        kept = sum(abs(decades) < 1 for decades in found)
        what = f"share of networks that keep the signal within a factor 10, width {width}"
        parts[what] = proportion(kept, len(found))
    return parts
