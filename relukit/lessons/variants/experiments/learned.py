"""Experiments on slopes that are learned: how far they move, and how they differ over depth."""

from functools import cache

import torch
from torch import Tensor

from relukit.ledger.finding import Measured
from relukit.lessons.variants.experiments.trained import N_SEEDS, data_set, own_gain
from relukit.statistics import interval
from relukit.training import train

RATES = (0.003, 0.01)
DEPTH = 6
START = 0.25


@cache
def learned_slopes() -> dict[float, Tensor]:
    """Return the learned slopes of six PReLU layers, (16 seeds, 6), for each learning rate.

    Each layer of 32 units on digits shares one slope, which starts at 0.25 and is not decayed.
    Adam, 200 steps of 64 images.
    """
    widths = (data_set("digits").n_features, *[32] * DEPTH, 10)
    runs = train(
        lambda seed: own_gain(widths, "prelu", seed),
        data_set("digits"),
        lr=RATES,
        steps=200,
        seeds=N_SEEDS,
        optimizer="adam",
        progress=False,
    )
    names = [f"{2 * layer + 1}.weight" for layer in range(DEPTH)]
    slopes = torch.stack([runs.parameters[name].flatten(1) for name in names], dim=2)
    return dict(zip(RATES, slopes.double(), strict=True))


def prelu_learned() -> Measured:
    """Measure how far the slopes move from where they begin, at both learning rates."""
    return {
        f"mean distance of a slope from 0.25 after training at rate {lr:g}": interval(
            (slopes - START).abs().mean(dim=1).tolist()
        )
        for lr, slopes in learned_slopes().items()
    }
