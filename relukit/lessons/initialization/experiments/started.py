"""Ten layers that begin with PyTorch's weights or with He weights, under two optimizers."""

import functools

from torch import nn

from relukit.ledger import kept
from relukit.ledger.arms import MOMENTUM, best_of
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.networks import mlp
from relukit.statistics import interval
from relukit.training import SGD, Adam
from relukit.training.tuning import FEW_TUNING_SEEDS

LAYERS, STEPS = 10, 100
_SCHEMES = {"PyTorch's weights": "pytorch", "He weights": "he_normal"}
_OPTIMIZERS: dict[str, tuple[SGD | Adam, tuple[float, ...]]] = {
    "SGD": (MOMENTUM, (0.01, 0.03, 0.1)),
    "Adam": (Adam(), (0.001, 0.003, 0.01)),
}


def reached(setting: Setting = STATED) -> dict[str, tuple[float, ...]]:
    """Return test accuracies on digits after 100 steps, each at a rate that other seeds chose.

    Ten layers of 64 units; SGD is with momentum 0.9.

    Args:
        setting: the seeds, and what is changed.
    """
    return _reached(setting.only("data", "width", "depth", "steps"))


@kept.cache
def _reached(setting: Setting) -> dict[str, tuple[float, ...]]:
    widths = setting.widths((64,) + (64,) * LAYERS + (10,))
    found = {}
    for start, scheme in _SCHEMES.items():
        for name, (optimizer, rates) in _OPTIMIZERS.items():
            runs = best_of(
                functools.partial(_network, widths, scheme), "digits", rates=rates, steps=STEPS,
                optimizer=optimizer, setting=setting, tuning_seeds=FEW_TUNING_SEEDS,
            ).runs  # fmt: skip
            found[f"{start}, {name}"] = tuple(runs.values("test_accuracy").tolist())
    return found


def _network(widths: tuple[int, ...], scheme: str, seed: int) -> nn.Sequential:
    return mlp(widths, "relu", scheme=scheme, seed=seed)


def adam_hides(setting: Setting = STATED) -> Measured:
    """Measure what each start and optimizer reaches.

    Args:
        setting: the seeds, and what is changed.
    """
    return {name: interval(values) for name, values in reached(setting).items()}
