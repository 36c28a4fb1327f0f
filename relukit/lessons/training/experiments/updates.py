"""Experiments on single updates and on seeds: what a step depends on, and what repeats."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from relukit.datasets import Dataset, xor
from relukit.ledger import kept
from relukit.ledger.arms import MOMENTUM, best_of
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.training.experiments.arms import WIDTHS, final_accuracy
from relukit.networks import mlp
from relukit.statistics import interval
from relukit.training import train

# A rate at which some networks learn and some do not. It was set and not searched for; nothing
# records where it comes from.
EDGE = 0.25


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
    """Make the gradient 1024 times smaller, and 0, and see how much smaller the update becomes."""
    parts = {}
    for name in ("SGD", "Adam"):
        optimizer = getattr(torch.optim, name)
        shrunk = round(first_step(optimizer, 1.0) / first_step(optimizer, 1.0 / 1024), 3)
        what = f"times the first update of {name} shrinks with a 1024 times smaller gradient"
        parts[what] = shrunk
    parts["first update of Adam with a gradient of exactly 0"] = first_step(torch.optim.Adam, 0.0)
    return parts


@kept.cache
def at_the_edge(draws_before: int, setting: Setting = STATED, *, again: bool = False) -> Tensor:
    """Return the accuracy of networks at a rate where luck decides, shape (seeds,).

    Args:
        draws_before: random numbers that are drawn between the seed and the weights.
        setting: the seeds, and what is changed.
        again: any value; another one trains once more.
    """

    def build(seed: int) -> nn.Module:
        generator = torch.Generator().manual_seed(seed)
        torch.rand(draws_before, generator=generator)
        return mlp(setting.widths(WIDTHS), "relu", seed=generator)

    runs = train(
        build,
        setting.dataset("digits"),
        lr=setting.rates((EDGE,))[0],
        seeds=setting.seeds,
        steps=setting.steps(210),
        optimizer=setting.optimizer(MOMENTUM),
        progress=False,
    )
    return final_accuracy(runs)


def same_seed_same_result(setting: Setting = STATED) -> Measured:
    """Train twice with the same seeds; then draw one random number more before the weights.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("data", "width", "depth", "optimizer", "steps")
    first = at_the_edge(0, setting)
    repeat = float((first - at_the_edge(0, setting, again=True)).abs().max())
    shifted = interval((first - at_the_edge(1, setting)).abs())
    return {
        "largest gap between two runs of one seed": repeat,
        "mean gap when one number more is drawn after the seed is set": shifted,
    }


def linear_networks(setting: Setting = STATED) -> Measured:
    """Train a network without hidden layers on digits, and on exclusive-or.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("optimizer", "steps")
    return {
        f"accuracy of a linear network on {said}": best_of(
            partial(_linear, widths), data, rates=(0.01, 0.03, 0.1), steps=300, setting=setting
        ).runs.interval("test_accuracy")
        for said, widths, data in (
            ("real digits", (64, 10), "digits"),
            ("exclusive-or", (2, 2), _exclusive_or),
        )
    }


def _linear(widths: tuple[int, int], seed: int) -> nn.Sequential:
    return mlp(widths, seed=seed)


def _exclusive_or(seed: int) -> Dataset:
    return xor(400, seed=seed)
