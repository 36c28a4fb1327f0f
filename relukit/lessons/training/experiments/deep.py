"""Experiments on networks of 10, 30 and 50 hidden layers of 32 units on the scanned digits.

All train in the same way: Adam, 100 steps of 64 images, no normalization, no skip connections.
"""

from collections.abc import Sequence
from functools import cache
from types import MappingProxyType

import torch
from torch import nn

from relukit.datasets import digits
from relukit.initialization import initialize
from relukit.ledger.finding import Measured
from relukit.networks import mlp
from relukit.statistics import Interval, interval, paired_difference
from relukit.training import Runs, train

N_SEEDS = 16
WIDTH = 32
STEPS = 100
# Each arm at each depth has the best of these, by mean test accuracy over four other seeds.
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01)
OTHER_SEEDS = range(100, 104)
ARMS: MappingProxyType[str, dict[int, float]] = MappingProxyType(
    {
        "ReLU, He": {10: 0.003, 30: 0.003, 50: 0.001},
        "ReLU, Xavier": {10: 0.003, 30: 0.003},
        "tanh, Xavier": {50: 0.0003},
        "tanh, orthogonal": {50: 0.0003},
        "sigmoid, orthogonal": {50: 0.001},
    }
)
_SCHEMES = {"He": "he_normal", "Xavier": "glorot_normal", "orthogonal": "orthogonal"}


def deep_network(arm: str, depth: int, seed: int) -> nn.Sequential:
    """Return an untrained network 64-32-...-32-10.

    Args:
        arm: a key of `ARMS`.
        depth: number of hidden layers.
        seed: of the weights.
    """
    if arm == "sigmoid, orthogonal":
        return rescaled_sigmoid(depth, seed)
    activation, scheme = arm.lower().split(", ")[0], _SCHEMES[arm.split(", ")[1]]
    return mlp((64, *(WIDTH,) * depth, 10), activation, scheme=scheme, seed=seed)


def rescaled_sigmoid(depth: int, seed: int) -> nn.Sequential:
    r"""Return the sigmoid network that computes what "tanh, orthogonal" of the same seed computes.

    With $\sigma(z) = (1 + \tanh(z/2))/2$, the weights are 4 times the orthogonal ones (2 times in
    the first and the last layer), and the biases take off the mean 1/2 of the units before.

    Args:
        depth: hidden layers.
        seed: of the orthogonal weights.

    References: [Pennington2017].
    """
    network = mlp((64, *(WIDTH,) * depth, 10), "sigmoid", scheme="orthogonal", seed=seed)
    layers = [layer for layer in network if isinstance(layer, nn.Linear)]
    with torch.no_grad():
        for place, layer in enumerate(layers):
            layer.weight.mul_(4.0 if 0 < place < depth else 2.0)
            if place:
                layer.bias.copy_(-layer.weight.sum(dim=1) / 2)
    return network


def population(
    arm: str, depth: int, *, seeds: int | Sequence[int], lr: float | Sequence[float]
) -> Runs:
    """Return the trained networks of one arm.

    Args:
        arm: a key of `ARMS`.
        depth: number of hidden layers.
        seeds: as for `relukit.training.train`.
        lr: learning rate or rates.
    """
    return train(
        lambda seed: deep_network(arm, depth, seed),
        digits(),
        lr=lr,
        steps=STEPS,
        optimizer="adam",
        seeds=seeds,
        progress=False,
    )


@cache
def accuracies(arm: str, depth: int) -> tuple[float, ...]:
    """Return the test accuracy of 16 trained networks, each arm at its own learning rate.

    Args:
        arm: a key of `ARMS`.
        depth: number of hidden layers, one for which the arm has a learning rate.
    """
    runs = population(arm, depth, seeds=N_SEEDS, lr=ARMS[arm][depth])
    return tuple(runs.values("test_accuracy").tolist())


def _gap(a: tuple[str, int], b: tuple[str, int]) -> Interval:
    return paired_difference(accuracies(*a), accuracies(*b)).difference


def smooth_units_in_many_layers() -> Measured:
    """Train tanh and sigmoid through 50 layers, with orthogonal weights."""
    return {
        f"test accuracy, 50 layers of {arm}": interval(accuracies(arm, 50))
        for arm in ("tanh, orthogonal", "sigmoid, orthogonal")
    }


def xavier_with_rectifiers() -> Measured:
    """Compare Xavier's weights with He's: one fresh layer, 10 trained layers, 30 trained layers."""
    kept = interval([second_moment_kept(seed) for seed in range(N_SEEDS)])
    parts = {"share of the mean square that a fresh layer keeps": kept}
    for depth in (30, 10):
        gap = _gap(("ReLU, He", depth), ("ReLU, Xavier", depth))
        what = f"accuracy lost with Xavier's weights in {depth} layers"
        parts[what] = gap
    return parts


def second_moment_kept(seed: int, *, width: int = 512) -> float:
    """Return the mean square after a layer of rectifiers with Xavier's weights over that before.

    Args:
        seed: of the weights and of 64 standard normal inputs.
        width: of the layer, inputs and units.
    """
    layer = nn.Linear(width, width)
    initialize(layer, "glorot_normal", seed=seed)
    x = torch.randn(64, width, generator=torch.Generator().manual_seed(seed + 1))
    with torch.no_grad():
        return float(layer(x).relu().square().mean() / x.square().mean())
