"""How long a lead lasts: SiLU against the rectifier on MNIST-1D, as training goes on."""

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.variants.experiments.trained import builder
from relukit.statistics import interval
from relukit.training import Runs, train

STEPS = 2400
AT = (200, 400, 800, 1600, 2400)
# What `training.tuned` chooses for both out of RATES, on other seeds and validation parts.
RATE, RATES = 0.01, (0.003, 0.01, 0.03)


@kept.once
def trained(name: str, setting: Setting = STATED) -> Runs:
    """Return networks 40-64-64-10 after 2,400 steps of Adam, measured every 200 steps.

    Each seed is measured on a test part of its own.

    Args:
        name: of the activation.
        setting: the seeds.
    """
    return train(
        builder(name, "mnist1d"),
        setting.dataset("mnist1d"),
        lr=RATE,
        steps=STEPS,
        seeds=setting.seeds,
        optimizer="adam",
        record=AT[0],
        progress=False,
    )


@kept.cache
def accuracies(name: str, setting: Setting = STATED) -> list[list[float]]:
    """Return each seed's accuracy after every 200 steps, (seeds, 12).

    Args:
        name: of the activation.
        setting: the seeds.
    """
    runs = trained(name, setting)
    later = runs.measured_at >= AT[0]
    shares: list[list[float]] = runs.measured["test_accuracy"].flatten(0, -2)[:, later].tolist()
    return shares


def lead_of_silu(setting: Setting = STATED) -> Measured:
    """Return how many points of accuracy SiLU is ahead of the rectifier, paired by seed."""
    setting, found = setting.only(), {}
    silu, relu = (accuracies(name, setting) for name in ("silu", "relu"))
    for steps in AT:
        place = steps // AT[0] - 1
        gaps = [100 * (s[place] - r[place]) for s, r in zip(silu, relu, strict=True)]
        found[f"after {steps:,} steps"] = interval(gaps)
    return found
