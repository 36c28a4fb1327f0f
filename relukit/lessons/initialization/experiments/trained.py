"""Experiments that train: constant weights, biases, depth and the gain."""

import math
from collections.abc import Callable
from types import MappingProxyType

import torch
from torch import Tensor, nn

from relukit.datasets import digits
from relukit.initialization import initialize
from relukit.ledger import kept
from relukit.ledger.arms import MOMENTUM, best_of
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.networks import mlp
from relukit.statistics import interval, paired_difference
from relukit.training import SGD, Adam, Factors, Runs, train
from relukit.training.tuning import FEW_TUNING_SEEDS

BIASES = (0.0, 0.1, 1.0)
N_SEEDS = 16
# name -> activation, scheme, gain
ARMS: MappingProxyType[str, tuple[str, str, float]] = MappingProxyType(
    {
        "ReLU, He": ("relu", "he_normal", math.sqrt(2)),
        "tanh, orthogonal": ("tanh", "orthogonal", 1.0),
        "tanh, Xavier": ("tanh", "glorot_normal", 1.0),
        "sigmoid, Xavier": ("sigmoid", "glorot_normal", 1.0),
    }
)
GAINS = (0.5, 0.75, 1.0, 1.2, math.sqrt(2), 1.7, 2.0, 2.5)
PLAIN = SGD()
GAIN_WIDTH, GAIN_DEPTH, GAIN_STEPS, GAIN_RATE = 32, 10, 100, 0.1


def constant_network(seed: int) -> nn.Sequential:
    """Return a 64-32-32-10 network whose weights are all 0.05 and whose biases are 0.

    Args:
        seed: of nothing; training asks for one.

    Example:
        >>> constant_network(0)[2].weight.unique().tolist()
        [0.05000000074505806]
    """
    network = mlp((64, 32, 32, 10), "relu", scheme="identity", seed=seed)
    for layer in network:
        if isinstance(layer, nn.Linear):
            nn.init.constant_(layer.weight, 0.05)
    return network


def different_units(weight: Tensor, *, tolerance: float = 1e-4) -> int:
    """Return how many rows of a weight matrix differ from all earlier ones, by its largest entry.

    Args:
        weight: one row for each unit, (units, inputs).
        tolerance: what counts as the same, as a share of the largest entry.

    Example:
        >>> different_units(torch.tensor([[1.0, 2.0], [1.0, 2.0], [1.0, 3.0]]))
        2
    """
    kept: list[Tensor] = []
    for row in weight:
        if all(float((row - k).abs().max()) > tolerance * float(weight.abs().max()) for k in kept):
            kept.append(row)
    return len(kept)


def constant_layer(seed: int) -> nn.Sequential:
    """Return a 64-32-10 network whose hidden weights are all 0.05 and whose others are drawn.

    Args:
        seed: of the weights behind the hidden layer.

    Example:
        >>> constant_layer(0)[0].weight.unique().numel()
        1
    """
    network = mlp((64, 32, 10), "relu", seed=seed)
    nn.init.constant_(network.get_parameter("0.weight"), 0.05)
    nn.init.zeros_(network.get_parameter("0.bias"))
    return network


def symmetry_stays(setting: Setting = STATED) -> Measured:
    """Train networks of constant weights and count the different units in a hidden layer.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("optimizer", "steps")
    parts = {}
    for network, layer, said in (
        (constant_network, "0.weight", "hidden layer 1 after 100 steps, all weights constant"),
        (constant_network, "2.weight", "hidden layer 2 after 100 steps, all weights constant"),
        (constant_layer, "0.weight", "the only constant layer, others drawn at random"),
    ):
        weights = _descended(network, setting).parameters[layer]
        parts[f"different units of 32 in {said}"] = interval([different_units(w) for w in weights])
    return parts


@kept.once
def _descended(network: Callable[[int], nn.Sequential], setting: Setting) -> Runs:
    return train(
        network,
        setting.dataset("digits"),
        lr=setting.rates((0.1,), PLAIN)[0],
        steps=setting.steps(100),
        seeds=setting.seeds,
        optimizer=setting.optimizer(PLAIN),
        progress=False,
    )


def with_bias(bias: float, setting: Setting = STATED) -> Callable[[int], nn.Sequential]:
    """Return a function from a seed to a 64-64-64-64-10 network with He's weights.

    Args:
        bias: value of every bias, dimensionless.
        setting: what is changed of the widths.
    """

    def build(seed: int) -> nn.Sequential:
        widths = setting.widths((64, 64, 64, 64, 10))
        network = mlp(widths, "relu", scheme="he_normal", seed=seed)
        initialize(network, "he_normal", seed=seed, bias=bias)
        return network

    return build


@kept.cache
def accuracy_by_bias(setting: Setting = STATED) -> dict[float, tuple[float, ...]]:
    """Return each bias's test accuracies, 300 steps with momentum at its own learning rate.

    Plain descent is left out: its best rate lies next to those at which networks fail, so that the
    last bits of a machine decide how many do.

    Args:
        setting: the seeds, and what is changed.
    """
    return {
        bias: _tuned(with_bias(bias, setting), (0.01, 0.03, 0.1), 300, MOMENTUM, setting)
        for bias in BIASES
    }


def _tuned(
    build: Callable[[int], nn.Sequential],
    rates: tuple[float, ...],
    steps: int,
    optimizer: SGD | Adam,
    setting: Setting,
) -> tuple[float, ...]:
    found = best_of(
        build,
        "digits",
        rates=rates,
        steps=steps,
        optimizer=optimizer,
        setting=setting,
        tuning_seeds=FEW_TUNING_SEEDS,
    )
    return tuple(found.runs.values("test_accuracy").tolist())


def bias_helps(setting: Setting = STATED) -> Measured:
    """Compare bias 0.1 with biases 0 and 1, seed by seed, by test accuracy on digits.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("data", "width", "depth", "optimizer", "steps")
    found = accuracy_by_bias(setting)
    return {
        f"accuracy with bias 0.1 less that with bias {bias:g}": paired_difference(
            found[0.1], found[bias]
        ).difference
        for bias in (0.0, 1.0)
    }


@kept.cache
def deep(arm: str, depth: int, setting: Setting = STATED) -> tuple[float, ...]:
    """Return test accuracies of layers of 32 units after 300 steps of Adam at their own rate.

    Args:
        arm: a key of `ARMS`.
        depth: hidden layers.
        setting: the seeds, and what is changed.
    """
    activation, scheme, gain = ARMS[arm]
    widths = setting.widths((64,) + (32,) * depth + (10,))

    def build(seed: int) -> nn.Sequential:
        network = mlp(widths, activation, scheme="identity")
        initialize(network, scheme, seed=seed, gain=gain)
        return network

    rates = (0.001, 0.003, 0.01) if activation == "relu" else (0.0003, 0.001, 0.003)
    return _tuned(build, rates, 300, Adam(), setting)


def deep_accuracy() -> dict[str, tuple[float, ...]]:
    """Return test accuracies of 50 layers after 300 steps: tanh with orthogonal weights, ReLU."""
    return {arm: deep(arm, 50) for arm in ("tanh, orthogonal", "ReLU, He")}


def relu_beats_tanh(setting: Setting = STATED) -> Measured:
    """Compare 20 and 50 layers of ReLU with tanh and sigmoid, each at its own learning rate.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("width", "optimizer", "steps")
    races = (
        ("sigmoid, Xavier", 20),
        ("tanh, Xavier", 20),
        ("tanh, orthogonal", 20),
        ("tanh, orthogonal", 50),
    )
    return {
        f"accuracy of ReLU, He, less that of {rival}, {depth} layers": paired_difference(
            deep("ReLU, He", depth, setting), deep(rival, depth, setting)
        ).difference
        for rival, depth in races
    }


@kept.once
def trained_by_gain() -> Runs:
    """Return 16 seeds of a ten-layer ReLU network, trained 100 steps from each of `GAINS`.

    Weights are normal with deviation gain / sqrt(n); the learning rate is 0.1 for every gain.
    """

    def build(seed: int) -> nn.Sequential:
        widths = (64,) + (GAIN_WIDTH,) * GAIN_DEPTH + (10,)
        return mlp(widths, "relu", scheme="lecun_normal", seed=seed)

    return train(
        build,
        digits(),
        lr=GAIN_RATE,
        factors=Factors(gain=GAINS),
        steps=GAIN_STEPS,
        seeds=N_SEEDS,
        progress=False,
    )


def accuracy_by_gain() -> dict[float, tuple[float, ...]]:
    """Return each gain's test accuracies over 16 seeds; a network that diverged counts as 0.1.

    Conventions: 0.1 is what guessing one of ten digits gives.
    """
    runs = trained_by_gain()
    found = {}
    for position, gain in enumerate(GAINS):
        accuracy = runs.values("test_accuracy", gain=gain)
        accuracy = torch.where(runs.diverged[position], torch.tensor(0.1).double(), accuracy)
        found[gain] = tuple(accuracy.tolist())
    return found
