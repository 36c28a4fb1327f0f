"""Experiments on single updates and on seeds: what a step depends on, and what repeats."""

from collections.abc import Callable
from functools import cache, partial

import torch
from torch import Tensor, nn

from relukit.datasets import digits, xor
from relukit.ledger.finding import Measured
from relukit.lessons.training.experiments.arms import N_SEEDS, WIDTHS, final_accuracy
from relukit.networks import mlp
from relukit.statistics import interval
from relukit.training import SGD, train

EDGE = 0.25  # a rate at which some networks learn and some do not


def first_step(optimizer: Callable[..., torch.optim.Optimizer], gradient: float) -> float:
    """Return the size of the first update that an optimizer makes with rate 0.125.

    Args:
        optimizer: a class of torch.optim.
        gradient: the partial derivative of the only weight, float64.

    Example:
        >>> first_step(torch.optim.SGD, 8.0)
        1.0
    """
    weight = nn.Parameter(torch.zeros((), dtype=torch.float64))
    weight.grad = torch.tensor(gradient, dtype=torch.float64)
    optimizer([weight], lr=0.125).step()
    return abs(float(weight.detach()))


def proportional_updates() -> Measured:
    """Make the gradient 1024 times smaller and see how much smaller the update becomes."""
    parts = {}
    for name in ("SGD", "Adam"):
        optimizer = getattr(torch.optim, name)
        shrunk = round(first_step(optimizer, 1.0) / first_step(optimizer, 1.0 / 1024), 3)
        what = f"times the first update of {name} shrinks with a 1024 times smaller gradient"
        parts[what] = shrunk
    return parts


@cache
def at_the_edge(draws_before: int, *, again: bool = False) -> Tensor:
    """Return the accuracy of 16 networks at a rate where luck decides, shape (16,).

    Args:
        draws_before: random numbers that are drawn between the seed and the weights.
        again: any value; another one trains once more.
    """

    def build(seed: int) -> nn.Module:
        generator = torch.Generator().manual_seed(seed)
        torch.rand(draws_before, generator=generator)
        return mlp(WIDTHS, "relu", seed=generator)

    runs = train(
        build,
        digits(),
        lr=EDGE,
        seeds=N_SEEDS,
        steps=210,
        optimizer=SGD(momentum=0.9),
        progress=False,
    )
    return final_accuracy(runs)


def same_seed_same_result() -> Measured:
    """Train twice with the same seeds; then draw one random number more before the weights."""
    repeat = float((at_the_edge(0) - at_the_edge(0, again=True)).abs().max())
    shifted = interval((at_the_edge(0) - at_the_edge(1)).abs())
    return {
        "largest gap between two runs of one seed": repeat,
        "mean gap when one number more is drawn after the seed is set": shifted,
    }


def _linear(widths: tuple[int, int], seed: int) -> nn.Sequential:
    return mlp(widths, seed=seed)


def linear_networks() -> Measured:
    """Train a network without hidden layers on digits, and on exclusive-or."""
    real, toy = (
        train(
            partial(_linear, widths),
            data,
            lr=0.03,
            seeds=N_SEEDS,
            steps=300,
            optimizer=SGD(momentum=0.9),
            progress=False,
        )
        for widths, data in (((64, 10), digits()), ((2, 2), xor(400)))
    )
    return {
        "accuracy of a linear network on real digits": real.interval("test_accuracy"),
        "accuracy of a linear network on exclusive-or": toy.interval("test_accuracy"),
    }
