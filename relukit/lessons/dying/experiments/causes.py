"""What kills units: one cause at a time, everything else as in the base setting."""

from statistics import mean
from types import MappingProxyType

import torch
from torch import Tensor

from relukit.diagnostics import zero_fraction
from relukit.ledger.finding import Measured
from relukit.lessons.dying.experiments.birth import dead_at_birth
from relukit.lessons.dying.experiments.cliff import cliff
from relukit.lessons.dying.experiments.population import (
    N_SEEDS,
    RATES,
    by_rate,
    dead_shares,
    images,
    network,
    trained,
)
from relukit.statistics import interval, paired_difference

BIASES = (-1.0, 0.0, 0.1, 1.0)
IMAGES = MappingProxyType({"centred": "standard", "0 to 1": "unit", "0 to 16": "raw"})
BASE = "lr 0.1 with momentum, He's weights, biases 0, centred images"


def suspects() -> dict[str, tuple[tuple, Tensor]]:
    """Return, for each suspect, its values and the dead shares after five passes.

    Returns:
        "learning rate, SGD", "learning rate, momentum", "learning rate, Adam", "initial gain",
        "initial bias" and "images", each with its values and float64 of shape (values, seeds, 3).
        What is not named stays as in `BASE`; the gain is a factor on He's weights.
    """
    named = {"sgd": "SGD", "momentum": "momentum", "adam": "Adam"}
    found: dict[str, tuple[tuple, Tensor]] = {
        f"learning rate, {word}": (RATES[name][1], dead_shares(by_rate(name)))
        for name, word in named.items()
    }
    grid = cliff("relu")
    found["initial gain"] = (grid.gains, grid.dead[grid.lrs.index(0.1)])
    biased = [trained((0.1,), bias=bias) for bias in BIASES]
    found["initial bias"] = (BIASES, torch.cat([dead_shares(runs) for runs in biased]))
    scaled = [trained((0.1,), scaling=scaling) for scaling in IMAGES.values()]
    found["images"] = (tuple(IMAGES), torch.cat([dead_shares(runs) for runs in scaled]))
    return found


def too_high_rate() -> Measured:
    """Compare the dead units of a small and a large learning rate, then look at birth."""
    runs = by_rate("adam")
    dead = dead_shares(runs).mean(-1)
    rates = runs.axes["lr"]
    more = paired_difference(dead[rates.index(0.1)], dead[rates.index(0.001)]).difference
    before = interval(dead_at_birth("pytorch")[:, -1])
    return {
        "dead share at Adam's lr 0.1 less at 0.001": more,
        "dead share in a tenth layer before training": before,
    }


def forty_percent() -> Measured:
    """Measure the share of dead units at a learning rate beyond the useful ones, and below."""
    runs = by_rate("momentum")
    dead, rates = dead_shares(runs).mean(-1), runs.axes["lr"]
    high, low = (interval(dead[rates.index(lr)]) for lr in (0.3, 0.03))
    return {
        "share of all hidden units dead at lr 0.3": high,
        "share of all hidden units dead at lr 0.03": low,
    }


def small_bias() -> Measured:
    """Start from biases 0 and 0.1 where units of every layer die: images that are not centred."""
    zero, tenth = (
        dead_shares(trained((0.1,), scaling="unit", bias=bias))[0].mean(-1) for bias in (0.0, 0.1)
    )
    saved = interval((zero - tenth) / float(zero.mean()))
    x = images("unit").x_train
    zeros = [mean(zero_fraction(network(seed, bias=0.1), x)) for seed in range(N_SEEDS)]
    on = interval([1 - share for share in zeros])
    return {
        "share of activations on at the start, biases 0.1": on,
        "share of the dead units that biases of 0.1 save": saved,
    }
