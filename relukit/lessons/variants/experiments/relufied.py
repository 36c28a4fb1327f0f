"""And back again: a network that learned with GELU gets ReLU, and then a few steps more."""

from collections.abc import Callable

import torch
from torch import nn

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.variants.experiments.trained import HIDDEN, INPUTS, own_gain
from relukit.networks import mlp
from relukit.statistics import interval
from relukit.training import Runs, train

WIDTHS = (INPUTS["mnist1d"], *HIDDEN, 10)
RATE, STEPS, MORE, EVERY = 0.01, 400, 200, 50


def _trained(build: Callable[[int], nn.Module], rate: float, steps: int, setting: Setting) -> Runs:
    return train(
        build,
        setting.dataset("mnist1d"),
        lr=rate,
        steps=steps,
        seeds=setting.seeds,
        optimizer="adam",
        record=EVERY,
        progress=False,
    )


@kept.once
def smooth(setting: Setting = STATED) -> Runs:
    """Return GELU networks 40-64-64-10 after 400 steps of Adam at rate 0.01 on MNIST-1D.

    Args:
        setting: the seeds; each splits the data anew.
    """
    return _trained(lambda seed: own_gain(WIDTHS, "gelu", seed), RATE, STEPS, setting)


@kept.once
def continued(name: str, setting: Setting = STATED) -> Runs:
    """Return the same networks, with an activation in GELU's place, trained for 200 steps more.

    Args:
        name: "relu", or "gelu" for the twin that stays as it was.
        setting: the seeds.
    """
    before = smooth(setting)

    def build(seed: int) -> nn.Module:
        network = mlp(WIDTHS, name, seed=seed)
        network.load_state_dict(before.network(seed=seed).state_dict())
        return network

    return _trained(build, RATE, MORE, setting)


def points_behind(setting: Setting = STATED) -> Measured:
    """Measure how far the swapped networks are from their twins, at once and 200 steps later."""
    setting = setting.only()
    swapped, twin = (
        continued(name, setting).measured["test_accuracy"].flatten(0, -2)
        for name in ("relu", "gelu")
    )
    gaps = 100 * (swapped - twin)
    return {
        "points after the swap": interval(gaps[:, 0].tolist()),
        f"points {MORE} steps later": interval(gaps[:, -1].tolist()),
        "share of zeros, in percent": interval(zeros(setting)),
    }


def zeros(setting: Setting = STATED) -> list[float]:
    """Return the share of hidden outputs that are 0 on new signals, in percent, for each seed.

    Args:
        setting: the seeds.
    """
    runs, found = continued("relu", setting), []
    for seed in setting.seeds:
        a, shares = setting.dataset("mnist1d")(seed).x_test, []
        with torch.no_grad():
            for layer in runs.network(seed=seed).children():
                a = layer(a)
                if not isinstance(layer, nn.Linear):
                    shares.append(float((a == 0).double().mean()))
        found.append(100 * sum(shares) / len(shares))
    return found
