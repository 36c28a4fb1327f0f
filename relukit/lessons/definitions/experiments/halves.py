r"""The law of halves: how much of a signal's power one rectifier lets through.

$x^2 = f(x)^2 + f(-x)^2$, as of $x$ and $-x$ one is kept and one is lost. Where both are as likely,
the two terms have the same mean, so that each is half of the power.
"""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from relukit.activations import relu
from relukit.diagnostics import preactivations, sums_at_the_start, zeros_at_the_start
from relukit.ledger.finding import Measured
from relukit.ledger.kept import cache, once
from relukit.ledger.setting import STATED
from relukit.networks import mlp
from relukit.statistics import Interval, interval
from relukit.training import SGD, train

WIDTHS = (64, 64, 64, 10)
STEPS, RATE = 300, 0.03
LAYERS = ("layer 1, fresh", "layer 1, trained", "layer 2, trained")
_MANY = 100_000


def kept(x: Tensor) -> float:
    r"""Return the share of a signal's power that a rectifier keeps, $E[f(x)^2] / E[x^2]$.

    Args:
        x: values of the signal, of any shape, not all 0.

    Example:
        >>> kept(torch.tensor([-1.0, 1.0])), kept(torch.tensor([-1.0, 2.0]))
        (0.5, 0.8)
    """
    return float(relu(x.double()).square().mean() / x.double().square().mean())


@cache
def signals() -> dict[str, NDArray[np.float64]]:
    """Return a sine, a fair coin, normal numbers and a loaded coin, each of mean 0.

    The loaded coin is +3 once in four times, else -1.

    Example:
        >>> {name: round(kept(torch.as_tensor(x)), 2) for name, x in signals().items()}
        {'sine': 0.5, 'coin': 0.5, 'normal': 0.5, 'loaded': 0.75}
    """
    middles = (np.arange(_MANY) + 0.5) / _MANY  # the quantiles of a law, in the place of draws
    return {
        "sine": np.sin(2 * math.pi * middles),
        "coin": np.where(middles < 0.5, -1.0, 1.0),
        "normal": torch.special.ndtri(torch.as_tensor(middles)).numpy(),
        "loaded": np.where(middles < 0.75, -1.0, 3.0),
    }


@once
def layers() -> dict[str, list[Tensor]]:
    """Return what arrives at layers of a network that reads digits, for each of 16 seeds.

    The network begins with He's weights and biases 0: its first layer before training, and each
    of both hidden layers after it, on the seed's test images, (450, 64).
    """
    found: dict[str, list[Tensor]] = {name: [] for name in LAYERS}
    data = STATED.dataset("digits")
    runs = train(
        lambda seed: mlp(WIDTHS, "relu", scheme="he_normal", seed=seed), data, lr=RATE,
        steps=STEPS, seeds=STATED.seeds, optimizer=SGD(momentum=0.9), progress=False,
    )  # fmt: skip
    for seed in STATED.seeds:
        x = data(seed).x_test
        fresh = mlp(WIDTHS, "relu", scheme="he_normal", seed=seed)
        sums = (preactivations(fresh, x)[0], *preactivations(runs.network(seed=seed), x))
        for name, z in zip(LAYERS, sums, strict=True):
            found[name].append(z)
    return found


def shares() -> dict[str, Interval]:
    """Return the share of power that the switches of each of those layers let through."""
    return {name: interval(list(map(kept, sums))) for name, sums in layers().items()}


def loaded_coin() -> Measured:
    """Compute which share of the loaded coin's power one rectifier keeps."""
    return {"share of the power kept": kept(torch.as_tensor(signals()["loaded"]))}


@cache
def fresh_sums(bias: float) -> tuple[NDArray[np.float32], ...]:
    """Return what arrives at the first layer of a fresh network, for each of 16 seeds, flat.

    The networks and inputs are those of `zeros_at_the_start`: He's weights, normal inputs, and
    256 units for each of 256 examples.

    Args:
        bias: the value of every bias, dimensionless.
    """
    return tuple(sums_at_the_start(seed, bias=bias)[0].flatten().numpy() for seed in STATED.seeds)


def biases_of_one() -> Measured:
    """Count the units of the first layer that are off before training, with every bias at 1."""
    off = [zeros_at_the_start(seed, bias=1)[0] for seed in STATED.seeds]
    return {"units of layer 1 that are off": interval(off)}
