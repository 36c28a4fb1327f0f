"""Experiments that train: constant weights, biases, depth and the gain."""

import functools
import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from relukit.datasets import digits
from relukit.initialization import initialize
from relukit.ledger.finding import Measured
from relukit.lessons.initialization.experiments.layers import N_SEEDS
from relukit.networks import mlp
from relukit.statistics import interval, paired_difference
from relukit.training import Factors, Runs, train

BIASES = (0.0, 0.1, 1.0)
# the best of 0.1, 0.2 and 0.3 for each bias, on the seeds 100 to 131
BIAS_RATES = {0.0: 0.3, 0.1: 0.3, 1.0: 0.2}
# Adam's best of 0.0001, 0.0003 and 0.001 (tanh), or 0.001, 0.002 and 0.003, on seeds 100 to 107
DEEP = {
    "tanh, orthogonal": ("tanh", "orthogonal", 1.0, 0.001),
    "ReLU, orthogonal": ("relu", "orthogonal", math.sqrt(2), 0.002),
    "ReLU, He": ("relu", "he_normal", math.sqrt(2), 0.002),
}
GAINS = (0.5, 0.75, 1.0, 1.2, math.sqrt(2), 1.7, 2.0, 2.5)
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


def symmetry_stays() -> Measured:
    """Train networks of constant weights and count the different units in a hidden layer."""
    runs = train(constant_network, digits(), lr=0.1, steps=100, seeds=N_SEEDS, progress=False)
    parts = {}
    for layer, name in ((1, "0.weight"), (2, "2.weight")):
        counts = [different_units(runs.parameters[name][seed]) for seed in range(N_SEEDS)]
        what = f"different units in hidden layer {layer} after 100 steps, of 32"
        parts[what] = interval(counts)
    return parts


def with_bias(bias: float) -> Callable[[int], nn.Sequential]:
    """Return a function from a seed to a 64-64-64-64-10 network with He's weights.

    Args:
        bias: value of every bias, dimensionless.
    """

    def build(seed: int) -> nn.Sequential:
        network = mlp((64, 64, 64, 64, 10), "relu", scheme="he_normal", seed=seed)
        initialize(network, "he_normal", seed=seed, bias=bias)
        return network

    return build


@functools.cache
def accuracy_by_bias() -> dict[float, tuple[float, ...]]:
    """Return each bias's test accuracies over 16 seeds, each at its own learning rate."""
    return {
        bias: tuple(
            train(
                with_bias(bias),
                digits(),
                lr=BIAS_RATES[bias],
                steps=300,
                seeds=N_SEEDS,
                progress=False,
            )
            .values("test_accuracy")
            .tolist()
        )
        for bias in BIASES
    }


def bias_helps() -> Measured:
    """Compare biases 0.1 and 1 with bias 0, seed by seed, by test accuracy on digits."""
    found = accuracy_by_bias()
    return {
        f"accuracy with bias {bias:g} less that with bias 0": paired_difference(
            found[bias], found[0.0]
        ).difference
        for bias in (0.1, 1.0)
    }


def _deep(activation: str, scheme: str, gain: float, seed: int) -> nn.Sequential:
    network = mlp((64,) + (32,) * 50 + (10,), activation, scheme="identity")
    initialize(network, scheme, seed=seed, gain=gain)
    return network


@functools.cache
def deep_accuracy() -> dict[str, tuple[float, ...]]:
    """Return test accuracies of 50 layers of 32 units after 100 steps of Adam, 16 seeds each."""
    found = {}
    for name, (activation, scheme, gain, lr) in DEEP.items():
        build = functools.partial(_deep, activation, scheme, gain)
        runs = train(
            build, digits(), lr=lr, steps=100, seeds=N_SEEDS, optimizer="adam", progress=False
        )
        found[name] = tuple(runs.values("test_accuracy").tolist())
    return found


def relu_beats_tanh() -> Measured:
    """Compare 50 layers of ReLU with 50 of tanh, seed by seed, each at its own learning rate."""
    found = deep_accuracy()
    return {
        f"accuracy of {name}, less that of tanh, orthogonal": paired_difference(
            found[name], found["tanh, orthogonal"]
        ).difference
        for name in ("ReLU, orthogonal", "ReLU, He")
    }


@functools.cache
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
