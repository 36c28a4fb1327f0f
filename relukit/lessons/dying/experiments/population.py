"""The networks of lesson 04 and the populations that several of its claims and figures share."""

from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor, nn

from relukit.datasets import Dataset, digits
from relukit.initialization import initialize
from relukit.ledger import kept
from relukit.ledger.setting import STATED, Setting
from relukit.networks import mlp
from relukit.training import SGD, Adam, Record, Runs, train, tuned

N_SEEDS = 16
WIDTHS = (64, 32, 32, 32, 10)
STEPS = 105  # five passes over the 1,347 images, 64 at a time
MOMENTUM = SGD(momentum=0.9)
TRIED = MappingProxyType(  # where the search for the best rate of each optimizer begins
    {
        "plain SGD": (SGD(), (0.1, 0.3, 1.0)),
        "momentum": (MOMENTUM, (0.01, 0.03, 0.1)),
        "Adam": (Adam(), (0.003, 0.01, 0.03)),
    }
)


@kept.once
def images(scaling: str = "standard") -> Dataset:
    """Return the digits; "standard" images are centred pixel by pixel, "unit" ones run from 0 to 1.

    Example:
        >>> images().x_train.shape
        torch.Size([1347, 64])
    """
    return digits(scaling=scaling)


def network(
    seed: int,
    *,
    activation: str = "relu",
    bias: float = 0.0,
    widths: tuple[int, ...] = WIDTHS,
) -> nn.Sequential:
    """Return 64-32-32-32-10 with He's weights and every bias at one value.

    Args:
        seed: of the weights.
        activation: a name as for `relukit.networks.mlp`.
        bias: value of every bias, dimensionless.
        widths: inputs, hidden widths and outputs, where they are others.

    References: [He2015].

    Example:
        >>> [layer.out_features for layer in network(0)[::2]]
        [32, 32, 32, 10]
    """
    made = mlp(widths, activation, scheme="he_normal", seed=seed)
    initialize(made, "he_normal", seed=seed, bias=bias)
    return made


@kept.once
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


@dataclass(frozen=True, eq=False)
class NearTheBest:
    """Networks at the learning rate that suits an optimizer best, and at ten times it.

    Attributes:
        rate: the best, chosen on other seeds and on validation images.
        best: runs at it, with their dead units.
        too_high: runs at ten times it, with their dead units.
    """

    rate: float
    best: Runs
    too_high: Runs


@kept.once
def near_the_best(name: str, setting: Setting = STATED) -> NearTheBest:
    """Return ReLU networks at the learning rate that suits an optimizer best, and at ten times it.

    Args:
        name: a key of `TRIED`.
        setting: of which seeds, data, widths and budget are asked for.

    Conventions: after five passes. A network whose loss is no longer finite keeps its last
        parameters, and is counted with them.
    """
    optimizer, rates = TRIED[name]
    build, data = partial(network, widths=setting.widths(WIDTHS)), setting.dataset("digits")
    steps = setting.steps(STEPS)
    options: dict[str, Any] = {
        "steps": steps,
        "seeds": setting.seeds,
        "optimizer": optimizer,
        "record": Record(every=steps, units=True),
        "device": "cpu",
        "progress": False,
    }
    found = tuned(build, data, rates=rates, **options)
    too_high = train(build, data, lr=10 * found.rate, **options)
    return NearTheBest(found.rate, found.runs, too_high)


def dead_shares(runs: Runs, moment: int = -1) -> Tensor:
    """Return the share of dead units by layer at one measurement.

    Args:
        runs: recorded with units=True.
        moment: which of the measurements, the last by default.

    Returns:
        float64 of shape (swept axes..., seeds, layers), dimensionless.
    """
    return torch.stack([line.dead_share()[..., moment] for line in runs.alive], -1)
