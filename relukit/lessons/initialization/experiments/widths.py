"""Experiments on finite width: what is kept on average is not kept in each network."""

import math

from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.initialization.experiments.layers import passages
from relukit.statistics import proportion

DEPTH = 50


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
