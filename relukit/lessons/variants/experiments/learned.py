"""Experiments on slopes that are learned: how far they move, and how they differ over depth."""

import torch
from torch import Tensor

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.variants.experiments.trained import own_gain
from relukit.statistics import interval
from relukit.training import train

RATES = (0.003, 0.01)
DEPTH = 6
START = 0.25


@kept.cache
def learned_slopes(setting: Setting = STATED) -> dict[float, Tensor]:
    """Return the learned slopes of six PReLU layers, (seeds, 6), for each learning rate.

    Each layer of 32 units on digits shares one slope, which starts at 0.25 and is not decayed.
    Adam, 200 steps of 64 images; each seed splits the data anew.

    Args:
        setting: its seeds, and what is changed of data, width, depth and steps.
    """
    setting = setting.only("data", "width", "depth", "steps")
    widths = setting.widths((64, *(32,) * DEPTH, 10))
    runs = train(
        lambda seed: own_gain(widths, "prelu", seed),
        setting.dataset("digits"),
        lr=RATES,
        steps=setting.steps(200),
        seeds=setting.seeds,
        optimizer="adam",
        progress=False,
    )
    names = [f"{2 * layer + 1}.weight" for layer in range(len(widths) - 2)]
    slopes = torch.stack([runs.parameters[name].flatten(1) for name in names], dim=2)
    return dict(zip(RATES, slopes.double(), strict=True))


def prelu_learned(setting: Setting = STATED) -> Measured:
    """Measure how far the slopes move from where they begin, at both learning rates."""
    return {
        f"mean distance of a slope from 0.25 after training at rate {lr:g}": interval(
            (slopes - START).abs().mean(dim=1).tolist()
        )
        for lr, slopes in learned_slopes(setting).items()
    }
