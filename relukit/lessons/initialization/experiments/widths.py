"""Experiments on finite width: what is kept on average is not kept in each network."""

import math

from relukit.ledger.finding import Measured
from relukit.lessons.initialization.experiments.layers import passages
from relukit.statistics import proportion

N_NETWORKS = 32
DEPTH = 50


def gained(width: int) -> list[float]:
    """Return the decades that the signal gains in 50 ReLU layers of each of 32 networks.

    Args:
        width: units in each layer; weights are He's.
    """
    found = passages("he_normal", width=width, depth=DEPTH, n_seeds=N_NETWORKS)
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


def he_keeps() -> Measured:
    """Count networks of 50 ReLU layers whose signal stays within a factor 10, by width."""
    parts = {}
    for width in (256, 32):
        kept = sum(abs(decades) < 1 for decades in gained(width))
        what = f"share of networks that keep the signal within a factor 10, width {width}"
        parts[what] = proportion(kept, N_NETWORKS)
    return parts
