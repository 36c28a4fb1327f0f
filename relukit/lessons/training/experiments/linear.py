"""Experiments on linear layers: a stack of nothing else, and one at the output of a regression."""

from functools import cache

import torch
from torch import Tensor, nn

from relukit.datasets import digits
from relukit.ledger.finding import Measured
from relukit.networks import mlp
from relukit.statistics import interval, proportion
from relukit.training import train

N_SEEDS = 16
N_REGRESSIONS = 64
# (depth, scheme) -> the best of 0.001, 0.003, 0.01, ..., 1 and 3 over the seeds 100 to 103.
RATES = {
    (1, "glorot_normal"): 1.0,
    (50, "glorot_normal"): 0.003,
    (50, "orthogonal"): 0.01,
}


@cache
def linear_accuracies(depth: int, scheme: str) -> tuple[float, ...]:
    """Return the test accuracy on digits of 16 stacks of linear layers of 32 units.

    Plain gradient descent, 150 steps of 64 images, each arm at its own learning rate.

    Args:
        depth: number of layers of weights.
        scheme: of the initial weights.
    """
    runs = train(
        lambda seed: mlp((64, *(32,) * (depth - 1), 10), None, scheme=scheme, seed=seed),
        digits(),
        lr=RATES[depth, scheme],
        steps=150,
        seeds=N_SEEDS,
        progress=False,
    )
    return tuple(runs.values("test_accuracy").tolist())


def linear_is_easy() -> Measured:
    """Train 1 and 50 linear layers, the deep stack from two kinds of weights."""
    arms = {
        "1 linear layer": (1, "glorot_normal"),
        "50 linear layers, Xavier": (50, "glorot_normal"),
        "50 linear layers, orthogonal": (50, "orthogonal"),
    }
    return {
        f"test accuracy, {name}": interval(linear_accuracies(*arm)) for name, arm in arms.items()
    }


def parabola() -> tuple[Tensor, Tensor]:
    """Return 64 inputs from -1 to 1 and their squares, each of shape (64, 1)."""
    x = torch.linspace(-1, 1, 64)[:, None]
    return x, x.square()


@cache
def regressions(end: str) -> tuple[float, ...]:
    """Return the mean square error of 64 networks 1-16-1 that learn the square of a number.

    Adam at 0.01, 300 steps over all 64 examples.

    Args:
        end: "linear" or "relu", what follows the last layer of weights.
    """

    def build(seed: int) -> nn.Sequential:
        network = mlp((1, 16, 1), scheme="he_normal", seed=seed)
        return network if end == "linear" else nn.Sequential(*network, nn.ReLU())

    runs = train(
        build,
        parabola(),
        lr=0.01,
        steps=300,
        optimizer="adam",
        seeds=N_REGRESSIONS,
        progress=False,
    )
    return tuple(runs.values("test_loss").tolist())


def silent(errors: tuple[float, ...]) -> int:
    """Return how many errors are those of a network that answers 0 to every example.

    Args:
        errors: mean square errors, one for each network, from `regressions`.
    """
    nothing = float(parabola()[1].square().mean())
    return sum(abs(error - nothing) < 1e-4 for error in errors)


def linear_output() -> Measured:
    """Learn a parabola, which is nowhere negative, with and without a rectifier at the output."""
    linear = proportion(sum(e < 0.01 for e in regressions("linear")), N_REGRESSIONS)
    dead = proportion(silent(regressions("relu")), N_REGRESSIONS)
    return {
        "share that learns with a linear output": linear,
        "share that a rectifier at the output silences": dead,
    }
