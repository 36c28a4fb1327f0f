"""One digit through fifty floors: what a gain, turned by hand, does to it."""

import math
from collections.abc import Sequence

import numpy as np
import torch

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED
from relukit.networks import mlp
from relukit.statistics import interval

FLOORS = 50
SIDE = 16  # of a floor drawn as a tile; an image's pixels are doubled to fit
WIDTH = SIDE**2


@kept.cache
def floors(seed: int) -> np.ndarray:
    """Return an image and what stands on each floor above it with gain 1, float64 (51, 16, 16).

    ReLU and weights without biases pass on a factor: with gain g, floor l is g**l times that. So
    one passage is enough for every gain.

    Args:
        seed: of the weights, and of the split from which the image is taken.
    """
    image = STATED.dataset("digits")(seed).x_test[0].reshape(8, 8).double()
    x = image.repeat_interleave(2, 0).repeat_interleave(2, 1).flatten()
    network = mlp(
        (WIDTH,) * (FLOORS + 1) + (1,), "relu", scheme="lecun_normal", bias=False, seed=seed,
        dtype=torch.float64,
    )  # fmt: skip
    found = [x]
    with torch.no_grad():
        for linear in list(network)[:-1:2]:
            found.append(torch.relu(linear(found[-1])))
    return torch.stack(found).reshape(-1, SIDE, SIDE).numpy()


def turned(gain: float, seed: int = 0) -> np.ndarray:
    """Return the image and its floors at a gain, in units of floor 1's root mean square.

    Args:
        gain: of the weights, whose deviation is gain / sqrt(256); above 0, dimensionless.
        seed: of the network.

    Example:
        >>> tiles = turned(1.4)
        >>> tiles.shape, round(float((tiles[1] ** 2).mean()), 6)
        ((51, 16, 16), 1.0)
    """
    found = floors(seed) * gain ** np.arange(FLOORS + 1)[:, None, None]
    return np.asarray(found / math.sqrt((found[1] ** 2).mean()))


def balances(seeds: Sequence[int]) -> list[float]:
    """Return for each network the gain at which floor 50 has the power of floor 1.

    Args:
        seeds: of the networks.
    """
    powers = [(floors(seed) ** 2).mean((1, 2)) for seed in seeds]
    return [float((p[1] / p[FLOORS]) ** (1 / (2 * (FLOORS - 1)))) for p in powers]


def balance() -> Measured:
    """Find the gain that leaves floor 50 as bright as floor 1, on average over networks."""
    return {"gain at which floor 50 is as bright as floor 1": interval(balances(STATED.seeds))}
