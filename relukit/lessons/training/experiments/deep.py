"""Experiments on networks of 10 and 30 hidden layers of 32 units on the scanned digits.

All train for 200 steps of 64 images, by Adam unless said otherwise, without normalization or skip
connections.
"""

import math
from collections.abc import Sequence
from types import MappingProxyType

import torch
from torch import nn

from relukit.initialization import initialize
from relukit.ledger import kept
from relukit.ledger.arms import MOMENTUM, best_of
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.training.experiments.arms import seed_accuracies
from relukit.networks import mlp
from relukit.statistics import interval, paired_difference
from relukit.streams import generator
from relukit.training import Adam, Tuned
from relukit.training.tuning import FEW_TUNING_SEEDS

WIDTH = 32
MANY = 30  # hidden layers
STEPS = 200
# name -> learning rates of Adam from which the search begins
ARMS: MappingProxyType[str, tuple[float, ...]] = MappingProxyType(
    {
        "ReLU, He": (0.001, 0.003, 0.01),
        "ReLU, Xavier": (0.001, 0.003, 0.01),
        "ReLU, orthogonal": (0.0003, 0.001, 0.003),
        "tanh, Xavier": (0.0003, 0.001, 0.003),
        "tanh, orthogonal": (0.0003, 0.001, 0.003),
        "sigmoid, Xavier": (0.001, 0.003, 0.01),
        "sigmoid, orthogonal": (0.0003, 0.001, 0.003),
    }
)
SHOWN = tuple(arm for arm in ARMS if arm != "ReLU, Xavier")  # in the lesson's picture
SGD_RATES = (0.01, 0.03, 0.1)  # with momentum 0.9
_SCHEMES = {"He": "he_normal", "Xavier": "glorot_normal", "orthogonal": "orthogonal"}


def deep_network(arm: str, depth: int, seed: int, setting: Setting = STATED) -> nn.Sequential:
    """Return an untrained network 64-32-...-32-10.

    Orthogonal weights of ReLU are multiplied by the root of 2, so they are as large as He's.

    Args:
        arm: a key of `ARMS`.
        depth: number of hidden layers.
        seed: of the weights.
        setting: what is changed of the width.
    """
    widths = setting.widths((64, *(WIDTH,) * depth, 10))
    if arm == "sigmoid, orthogonal":
        return rescaled_sigmoid(widths, seed)
    activation, scheme = arm.lower().split(", ")[0], _SCHEMES[arm.split(", ")[1]]
    network = mlp(widths, activation, scheme=scheme, seed=seed)
    if arm == "ReLU, orthogonal":
        initialize(network, scheme, seed=seed, gain=math.sqrt(2))
    return network


def rescaled_sigmoid(widths: Sequence[int], seed: int) -> nn.Sequential:
    r"""Return the sigmoid network that computes what "tanh, orthogonal" of the same seed computes.

    With $\sigma(z) = (1 + \tanh(z/2))/2$, the weights are 4 times the orthogonal ones (2 times in
    the first and the last layer), and the biases take off the mean 1/2 of the units before.

    Args:
        widths: inputs, hidden widths and outputs.
        seed: of the orthogonal weights.

    References: [Pennington2017].
    """
    network = mlp(widths, "sigmoid", scheme="orthogonal", seed=seed)
    layers = [layer for layer in network if isinstance(layer, nn.Linear)]
    with torch.no_grad():
        for place, layer in enumerate(layers):
            layer.weight.mul_(4.0 if 0 < place < len(layers) - 1 else 2.0)
            if place:
                layer.bias.copy_(-layer.weight.sum(dim=1) / 2)
    return network


@kept.once
def best(arm: str, depth: int, setting: Setting = STATED, *, optimizer: str = "adam") -> Tuned:
    """Return the trained networks of one arm at their own learning rate.

    Args:
        arm: a key of `ARMS`.
        depth: number of hidden layers.
        setting: the seeds, and what is changed.
        optimizer: "adam" or "momentum", the experiment's own.
    """
    own = Adam() if optimizer == "adam" else MOMENTUM
    return best_of(
        lambda seed: deep_network(arm, depth, seed, setting),
        "digits",
        rates=ARMS[arm] if optimizer == "adam" else SGD_RATES,
        steps=STEPS,
        optimizer=own,
        setting=setting,
        tuning_seeds=FEW_TUNING_SEEDS,
    )


def accuracies(
    arm: str, depth: int, setting: Setting = STATED, *, optimizer: str = "adam"
) -> tuple[float, ...]:
    """Return the test accuracy of each trained network, each arm at its own learning rate.

    Args:
        arm: a key of `ARMS`.
        depth: number of hidden layers.
        setting: the seeds, and what is changed.
        optimizer: as for `best`.
    """
    return seed_accuracies(best(arm, depth, setting, optimizer=optimizer))


def smooth_units_in_many_layers(setting: Setting = STATED) -> Measured:
    """Train tanh and sigmoid through 30 layers, with the usual weights and with orthogonal ones.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("width", "optimizer", "steps")
    return {
        f"test accuracy, {MANY} layers of {arm}": interval(accuracies(arm, MANY, setting))
        for arm in ARMS
        if not arm.startswith("ReLU")
    }


def xavier_with_rectifiers(setting: Setting = STATED) -> Measured:
    """Compare Xavier's weights with He's: one fresh layer, and 10 and 30 trained ones.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("width", "steps")
    kept = interval([second_moment_kept(seed, setting) for seed in setting.seeds])
    parts = {"share of the mean square that a fresh layer keeps": kept}
    for depth, optimizer in ((MANY, "adam"), (10, "adam"), (10, "momentum")):
        he, xavier = (
            accuracies(arm, depth, setting, optimizer=optimizer)
            for arm in ("ReLU, He", "ReLU, Xavier")
        )
        said = {"adam": "Adam", "momentum": "momentum"}[optimizer]
        what = f"accuracy lost with Xavier's weights in {depth} layers, {said}"
        parts[what] = paired_difference(he, xavier).difference
    return parts


def second_moment_kept(seed: int, setting: Setting = STATED) -> float:
    """Return the mean square after a layer of rectifiers with Xavier's weights over that before.

    Args:
        seed: of the weights and of 64 standard normal inputs.
        setting: what is changed of the width, 512 inputs and as many units.
    """
    (width,) = setting.widths((1, 512, 1))[1:-1]
    layer = nn.Linear(width, width)
    initialize(layer, "glorot_normal", seed=seed)
    x = torch.randn(64, width, generator=generator(seed, "inputs"))
    with torch.no_grad():
        return float(layer(x).relu().square().mean() / x.square().mean())
