"""A thousand signals, learned by heart: when the loss on new ones turns, and what accuracy does."""

from functools import cache

import torch
from torch import Tensor

from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.networks import mlp
from relukit.statistics import interval, paired_difference
from relukit.streams import generator
from relukit.training import Factors, Runs, train

SIGNALS, STEPS, EVERY = 1000, 600, 50
RATE = 0.003
DECAYS = (0.0, 0.01)  # of the weights, added to their gradient (L2)


@cache
def learned(setting: Setting = STATED) -> Runs:
    """Return networks that learn 1,000 signals of mnist1d with Adam, without and with decay.

    Args:
        setting: the seeds, and what is changed.

    Returns:
        Runs with the axes weight_decay and seed, measured on new signals every 50 steps.
    """
    widths, drawn = setting.widths((40, 64, 64, 10)), setting.dataset("mnist1d")

    def few(seed: int) -> tuple[Tensor, ...]:
        data = drawn(seed)
        rows = torch.randperm(len(data.x_train), generator=generator(seed, "few"))[:SIGNALS]
        return data.x_train[rows], data.y_train[rows], data.x_test, data.y_test

    return train(
        lambda seed: mlp(widths, "relu", scheme="he_normal", seed=seed),
        few,
        lr=setting.rates((RATE,), "adam")[0],
        seeds=setting.seeds,
        steps=setting.steps(STEPS),
        optimizer="adam",
        factors=Factors(weight_decay=DECAYS),
        record=EVERY,
        progress=False,
    )


def turned(setting: Setting = STATED) -> Measured:
    """Compare the end with the moment of the lowest mean loss on new signals, without decay.

    Args:
        setting: the seeds, and what is changed.
    """
    runs = learned(setting.only("width", "depth", "steps"))
    loss, right = (runs.measured[name][0] for name in ("test_loss", "test_accuracy"))
    low = int(loss.mean(0).argmin())
    return {
        "accuracy gained after the lowest loss": paired_difference(
            right[:, -1].tolist(), right[:, low].tolist()
        ).difference,
        "loss added after the lowest": interval((loss[:, -1] - loss[:, low]).tolist()),
    }
