"""How long a lead lasts: SiLU and the mirror against the rectifier, as training goes on."""

from collections.abc import Callable

from torch import nn

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.variants.experiments import halves
from relukit.lessons.variants.experiments.trained import builder
from relukit.statistics import interval
from relukit.training import Runs, train

STEPS = 2400
AT = (200, 400, 800, 1600, 2400)
# What `training.tuned` chooses for SiLU and ReLU out of RATES, on other seeds and validation parts,
# and `ledger.arms.best_of` for the mirror and the flat half.
RATE, RATES = 0.01, (0.003, 0.01, 0.03)


@kept.once
def trained(name: str, setting: Setting = STATED) -> Runs:
    """Return networks 40-64-64-10 after 2,400 steps of Adam, measured every 200 steps.

    Each seed is measured on a test part of its own.

    Args:
        name: of the activation, or of a left half: a key of `halves.LEFTS`.
        setting: the seeds.
    """
    build: Callable[[int], nn.Module] = (
        halves.builder(halves.LEFTS[name]) if name in halves.LEFTS else builder(name, "mnist1d")
    )
    return train(
        build,
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
        name: of the activation, or of a left half.
        setting: the seeds.
    """
    runs = trained(name, setting)
    later = runs.measured_at >= AT[0]
    shares: list[list[float]] = runs.measured["test_accuracy"].flatten(0, -2)[:, later].tolist()
    return shares


def lead_of_silu(setting: Setting = STATED) -> Measured:
    """Return how many points of accuracy SiLU is ahead of the rectifier, paired by seed."""
    return _lead("silu", "relu", setting.only())


def lead_of_mirror(setting: Setting = STATED) -> Measured:
    """Return how many points of accuracy the mirror is ahead of the flat half, paired by seed."""
    return _lead("mirror", "flat (ReLU)", setting.only())


def _lead(ahead: str, behind: str, setting: Setting) -> Measured:
    found = {}
    one, other = (accuracies(name, setting) for name in (ahead, behind))
    for steps in AT:
        place = steps // AT[0] - 1
        gaps = [100 * (a[place] - b[place]) for a, b in zip(one, other, strict=True)]
        found[f"after {steps:,} steps"] = interval(gaps)
    return found
