"""Experiments on the scale of the input: which learning rates survive it, and what grows."""

from typing import Any

from torch import Tensor

from relukit.datasets import digits
from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.training.experiments.arms import (
    at_its_best,
    at_one_rate,
    seed_accuracies,
    sweep_rates,
)
from relukit.networks import mlp
from relukit.statistics import Interval, interval, paired_difference
from relukit.training import Runs, Tuned

RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
COMMON = 0.1  # the largest rate of the list at which every standardized network learns
FIVE_LAYERS = (64, *[32] * 5, 10)
THEIRS = 0.2  # the rate of the notebook's runs


@kept.once
def scaled(scaling: str) -> Runs:
    """Return 16 ReLU networks at eight rates, 150 steps on digits of one scaling.

    Args:
        scaling: "raw" (0 to 16), "unit" (0 to 1) or "standard".
    """
    return sweep_rates("relu", digits(scaling=scaling), RATES, steps=150)


@kept.once
def best(scaling: str, setting: Setting = STATED) -> Tuned:
    """Return ReLU networks on digits of one scaling, 150 steps at their own rate.

    Args:
        scaling: as for `scaled`.
        setting: the seeds, and what is changed.
    """
    rates = (0.003, 0.01, 0.03) if scaling == "raw" else (0.03, 0.1, 0.3)
    return at_its_best("relu", rates=rates, steps=150, scaling=scaling, setting=setting)


def growth(found: Tuned) -> Tensor:
    """Return by how much the first layer's weights have grown, shape (seeds,), dimensionless.

    The norm of the weights after training over the norm before it.

    Args:
        found: networks whose first weights are those of `mlp` without a scheme.
    """
    after = found.runs.parameters["0.weight"]
    _, units, features = after.shape
    fresh = [mlp((features, units, 1), seed=s).get_parameter("0.weight") for s in found.seeds]
    before = [float(weight.detach().norm()) for weight in fresh]
    return after.flatten(1).norm(dim=1) / after.new_tensor(before)


def unscaled_is_unstable(setting: Setting = STATED) -> Measured:
    """Train on grey values of 0 to 16: at a common rate, and at the best one; look at the weights.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("width", "depth", "optimizer", "steps")
    raw, standard = best("raw", setting), best("standard", setting)
    return {
        f"accuracy with raw inputs at rate {COMMON:g}": interval(
            at_one_rate("relu", COMMON, steps=150, scaling="raw", setting=setting)
        ),
        "growth of the weights at the best rate, raw over standardized inputs": interval(
            growth(raw) / growth(standard)
        ),
        "accuracy lost with raw inputs, each at its best rate": _gained(
            seed_accuracies(standard), seed_accuracies(raw)
        ),
    }


def normalization_makes_it_train(setting: Setting = STATED) -> Measured:
    """Compare inputs from 0 to 1 with standardized ones, in five layers with He's weights.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("width", "depth", "optimizer", "steps")
    network: dict[str, Any] = {
        "steps": 150,
        "widths": FIVE_LAYERS,
        "scheme": "he_normal",
        "setting": setting,
    }
    unit, standard = (
        at_one_rate("relu", THEIRS, scaling=scaling, **network) for scaling in ("unit", "standard")
    )
    own = {
        scaling: at_its_best("relu", rates=(0.03, 0.1, 0.3), scaling=scaling, **network)
        for scaling in ("unit", "standard")
    }
    return {
        f"accuracy with inputs from 0 to 1 at rate {THEIRS:g}": interval(unit),
        f"accuracy gained by standardizing, both at rate {THEIRS:g}": _gained(standard, unit),
        "accuracy gained by standardizing, each at its best rate": _gained(
            seed_accuracies(own["standard"]), seed_accuracies(own["unit"])
        ),
    }


def _gained(more: tuple[float, ...], less: tuple[float, ...]) -> Interval:
    return paired_difference(more, less).difference
