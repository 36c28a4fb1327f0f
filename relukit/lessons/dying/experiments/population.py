"""The networks of lesson 04 and the populations that several of its claims and figures share."""

from functools import cache, partial
from types import MappingProxyType

import torch
from torch import Tensor, nn

from relukit.datasets import Dataset, digits
from relukit.initialization import initialize
from relukit.networks import mlp
from relukit.training import SGD, Adam, Record, Runs, train

N_SEEDS = 16
WIDTHS = (64, 32, 32, 32, 10)
STEPS = 105  # five passes over the 1,347 images, 64 at a time
MOMENTUM = SGD(momentum=0.9)
RATES = MappingProxyType(
    {
        "sgd": (SGD(), (0.1, 0.3, 1.0, 2.0)),
        "momentum": (MOMENTUM, (0.03, 0.1, 0.2, 0.3)),
        "adam": (Adam(), (0.001, 0.01, 0.03, 0.1)),
    }
)


@cache
def images(scaling: str = "standard") -> Dataset:
    """Return the digits; "standard" images are centred pixel by pixel, "unit" ones run from 0 to 1.

    Example:
        >>> images().x_train.shape
        torch.Size([1347, 64])
    """
    return digits(scaling=scaling)


def network(seed: int, *, activation: str = "relu", bias: float = 0.0) -> nn.Sequential:
    """Return 64-32-32-32-10 with He's weights and every bias at one value.

    Args:
        seed: of the weights.
        activation: a name as for `relukit.networks.mlp`.
        bias: value of every bias, dimensionless.

    References: [He2015].

    Example:
        >>> [layer.out_features for layer in network(0)[::2]]
        [32, 32, 32, 10]
    """
    made = mlp(WIDTHS, activation, scheme="he_normal", seed=seed)
    initialize(made, "he_normal", seed=seed, bias=bias)
    return made


@cache
def trained(
    lr: tuple[float, ...],
    *,
    optimizer: SGD | Adam = MOMENTUM,
    bias: float = 0.0,
    scaling: str = "standard",
) -> Runs:
    """Return 16 ReLU networks a learning rate, after five passes, with their dead units.

    Args:
        lr: learning rates.
        optimizer: the rule.
        bias: value of every bias at the start, dimensionless.
        scaling: of the images, as for `images`.
    """
    return train(
        partial(network, bias=bias),
        images(scaling),
        lr=lr,
        steps=STEPS,
        seeds=N_SEEDS,
        optimizer=optimizer,
        record=Record(every=STEPS, units=True),
        device="cpu",
        progress=False,
    )


def by_rate(name: str) -> Runs:
    """Return the networks of one entry of `RATES`: an optimizer at its four learning rates.

    Args:
        name: a key of `RATES`.
    """
    optimizer, rates = RATES[name]
    return trained(rates, optimizer=optimizer)


def dead_shares(runs: Runs, moment: int = -1) -> Tensor:
    """Return the share of dead units by layer at one measurement.

    Args:
        runs: recorded with units=True.
        moment: which of the measurements, the last by default.

    Returns:
        float64 of shape (swept axes..., seeds, layers), dimensionless.
    """
    return torch.stack([line.dead_share()[..., moment] for line in runs.alive], -1)
