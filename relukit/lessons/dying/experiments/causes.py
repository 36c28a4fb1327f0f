"""What is said of the learning rate and of small biases, measured."""

import torch

from relukit.diagnostics import activations
from relukit.initialization import initialize
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.dying.experiments.population import (
    TRIED,
    WIDTHS,
    dead_shares,
    near_the_best,
)
from relukit.networks import mlp
from relukit.statistics import Interval, interval, paired_difference


def too_high_rate(setting: Setting = STATED) -> Measured:
    """Compare the dead units at each optimizer's best learning rate and at ten times it."""
    where, found = setting.only("data", "width", "steps"), {}
    for name in TRIED:
        runs = near_the_best(name, where)
        best, high = (dead_shares(each).mean(-1) for each in (runs.best, runs.too_high))
        what = f"dead share at ten times the best rate minus at the best, {name}"
        found[what] = paired_difference(high, best).difference
    return found


def forty_percent(setting: Setting = STATED) -> Measured:
    """Measure the share of dead units at ten times momentum's best learning rate, and at it."""
    runs = near_the_best("momentum", setting.only("data", "width", "steps"))
    return {
        f"share of all hidden units dead at {at}": interval(dead_shares(each).mean(-1))
        for at, each in (("ten times the best rate", runs.too_high), ("the best rate", runs.best))
    }


def on_for_most(setting: Setting, scheme: str, *, bias: float = 0.1, **options: float) -> Interval:
    """Return which share of fresh hidden units more than half of the images activate.

    Args:
        setting: of which seeds, data and widths are asked for.
        scheme: of the weights.
        bias: value of every bias, dimensionless.
        **options: of the scheme, such as std.
    """
    data, shares = setting.dataset("digits"), []
    for seed in setting.seeds:
        made = mlp(setting.widths(WIDTHS))
        initialize(made, scheme, seed=seed, bias=bias, **options)
        units = torch.cat([a > 0 for a in activations(made, data(seed).x_train)], 1)
        shares.append(float((units.double().mean(0) > 0.5).double().mean()))
    return interval(shares)


def small_bias(setting: Setting = STATED) -> Measured:
    """Ask of fresh units with biases of 0.1 whether most images activate them."""
    where, what = setting.only("data", "width"), "share of units on for most images, biases 0.1"
    return {
        f"{what}, weights of deviation 0.01": on_for_most(where, "normal", std=0.01),
        f"{what}, He's weights": on_for_most(where, "he_normal"),
    }
