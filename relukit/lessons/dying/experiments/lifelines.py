"""Life lines: which unit died when, and which came back."""

from functools import cache

import torch
from torch import Tensor

from relukit.ledger.finding import Measured
from relukit.lessons.dying.experiments.population import MOMENTUM, N_SEEDS, images, network
from relukit.statistics import interval
from relukit.training import Record, Runs, train

EVERY = 5


@cache
def followed() -> Runs:
    """Return 16 networks followed over ten passes: images from 0 to 1, lr 0.1, momentum 0.9.

    Conventions: a unit is looked at after every 5 of the 210 steps, over all training images.
    """
    return train(
        network,
        images("unit"),
        lr=0.1,
        steps=210,
        seeds=N_SEEDS,
        optimizer=MOMENTUM,
        record=Record(every=EVERY, units=True),
        device="cpu",
        progress=False,
    )


def fates(runs: Runs) -> tuple[Tensor, Tensor]:
    """Return how many units of each layer died at least once, and how many of them came back.

    Args:
        runs: without swept settings, recorded with units=True.

    Returns:
        two int64 tensors of shape (seeds, layers).
    """
    died = torch.stack([(line.deaths() > 0).sum(-1) for line in runs.alive], -1)
    back = torch.stack([(line.revivals() > 0).sum(-1) for line in runs.alive], -1)
    return died, back


def never_recover() -> Measured:
    """Follow units that died in the first layer, and units that died behind it."""
    died, back = fates(followed())
    first = back[:, 0] / died[:, 0].clamp_min(1)
    deeper = back[:, 1:].sum(-1) / died[:, 1:].sum(-1).clamp_min(1)
    return {
        "share of the dead of the first layer that come back": interval(first),
        "share of the dead of deeper layers that come back": interval(deeper),
    }
