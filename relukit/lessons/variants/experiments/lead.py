"""How long a lead lasts: SiLU against the rectifier on MNIST-1D, as training goes on."""

from functools import cache

import torch

from relukit.ledger.finding import Measured
from relukit.lessons.variants.experiments.trained import (
    N_SEEDS,
    TUNING_SEEDS,
    builder,
    data_set,
)
from relukit.statistics import interval
from relukit.training import Runs, train

STEPS = 2400
AT = (200, 400, 800, 1600, 2400)
# Of RATES, this one serves both best, on other seeds and held-out training signals (`tried`).
RATE, RATES = 0.01, (0.003, 0.01, 0.03)


@cache
def trained(name: str) -> Runs:
    """Return 16 networks 40-64-64-10 after 2,400 steps of Adam, measured every 200 steps.

    Args:
        name: of the activation.
    """
    return train(
        builder(name, "mnist1d"),
        data_set("mnist1d"),
        lr=RATE,
        steps=STEPS,
        seeds=N_SEEDS,
        optimizer="adam",
        record=AT[0],
        progress=False,
    )


def tried(name: str) -> dict[float, float]:
    """Return the mean accuracy after 2,400 steps at each of RATES: other seeds, no test signal.

    The networks learn three quarters of the training signals and are measured on the last one.

    Args:
        name: of the activation.
    """
    data = data_set("mnist1d")
    order = torch.randperm(len(data.x_train), generator=torch.Generator().manual_seed(0))
    fitted, held_out = order.split([3 * len(order) // 4, len(order) // 4])
    parts = [(data.x_train[part], data.y_train[part]) for part in (fitted, held_out)]
    runs = train(
        builder(name, "mnist1d"),
        (*parts[0], *parts[1]),
        lr=RATES,
        steps=STEPS,
        seeds=TUNING_SEEDS,
        optimizer="adam",
        progress=False,
    )
    return {lr: float(runs.values("test_accuracy", lr=lr).mean()) for lr in RATES}


def lead_of_silu() -> Measured:
    """Return how many points of accuracy SiLU is ahead of the rectifier, paired by seed."""
    found = {}
    for steps in AT:
        silu, relu = (_accuracy(trained(name), steps) for name in ("silu", "relu"))
        gaps = [100 * (s - r) for s, r in zip(silu, relu, strict=True)]
        found[f"after {steps:,} steps"] = interval(gaps)
    return found


def _accuracy(runs: Runs, steps: int) -> list[float]:
    """Return each seed's accuracy after so many steps."""
    place = runs.measured_at.tolist().index(steps)
    found: list[float] = runs.measured["test_accuracy"][..., place].flatten().tolist()
    return found
