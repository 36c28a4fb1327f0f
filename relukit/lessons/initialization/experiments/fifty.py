"""Fifty layers of ReLU: which change lets them learn at all, and what it does to a signal."""

from types import MappingProxyType
from typing import Any

import torch
from torch import nn

from relukit.datasets import Dataset, spirals
from relukit.ledger import kept
from relukit.ledger.arms import best_of
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.initialization.experiments.layers import N_INPUTS, inputs
from relukit.networks import mlp, tower
from relukit.statistics import interval
from relukit.training import Adam
from relukit.training.tuning import FEW_TUNING_SEEDS

DEPTH, WIDTH, STEPS = 50, 32, 100
RATES = (0.001, 0.003, 0.01)
_SHAPES = {"spirals": (2, WIDTH, 5), "digits": (64, WIDTH, 10)}
# what is changed of fifty plain layers with He's weights
ARMS: MappingProxyType[str, dict[str, Any]] = MappingProxyType(
    {
        "nothing else": {},
        "normalization": {"norm": "layer"},
        "a way around": {"around": "plain"},
        "a way around, opened from 0": {"around": "opening"},
    }
)
# what fewer layers reach: the first and the last alone, and two floors between them
FEWER: MappingProxyType[str, int] = MappingProxyType(
    {"1 layer alone": 1, "3 layers, opened from 0": 3}
)
# those of the deeper page
MORE: MappingProxyType[str, dict[str, Any]] = MappingProxyType(
    {
        "a way around, scaled by 1/√50": {"around": "scaled"},
        "normalization and a way around": {"norm": "layer", "around": "plain"},
        "tanh with orthogonal weights": {
            "activation": "tanh", "scheme": "orthogonal", "gain": 1.0,
        },
    }
)  # fmt: skip


def five_spirals(seed: int) -> Dataset:
    """Return 800 points on five spirals, each a class, 600 of them to train on.

    Args:
        seed: of the points' noise and of the split.
    """
    return spirals(800, arms=5, seed=seed)


@kept.cache
def climbed(arm: str, setting: Setting, data: str = "spirals") -> tuple[float, ...]:
    """Return test accuracies after 100 steps of Adam at a rate that other seeds chose.

    Args:
        arm: a key of `ARMS`, `FEWER` or `MORE`.
        setting: the seeds, and what is changed.
        data: "spirals", five of them, or "digits".
    """
    setting = setting.only("width", "optimizer", "steps")
    n_inputs, width, n_outputs = setting.widths(_SHAPES[data])
    depth = FEWER.get(arm, DEPTH)
    changes = {"around": "opening"} if arm in FEWER else (ARMS | MORE)[arm]

    def build(seed: int) -> nn.Sequential:
        if depth == 1:
            return mlp((n_inputs, width, n_outputs), scheme="he_normal", seed=seed)
        return tower(depth, width, inputs=n_inputs, outputs=n_outputs, seed=seed, **changes)

    found = best_of(
        build, five_spirals if data == "spirals" else data, rates=RATES, steps=STEPS,
        optimizer=Adam(), setting=setting, tuning_seeds=FEW_TUNING_SEEDS,
    )  # fmt: skip
    return tuple(found.runs.values("test_accuracy").tolist())


def fifty(setting: Setting = STATED) -> Measured:
    """Train fifty layers with each change and measure their test accuracy.

    Args:
        setting: the seeds, and what is changed.
    """
    return {f"accuracy with {arm}": interval(climbed(arm, setting)) for arm in ARMS}


def more_floors() -> dict[str, tuple[float, ...]]:
    """Return the accuracies on digits of the deeper page's ways to train fifty layers."""
    return {arm: climbed(arm, STATED, "digits") for arm in MORE}


@kept.cache
def brightness(arm: str) -> tuple[tuple[float, ...], ...]:
    """Return the decades that the power has gained on each floor before training, for each seed.

    Args:
        arm: a key of `ARMS` or `MORE`.
    """
    rows = []
    for seed in STATED.seeds:
        network = tower(DEPTH, WIDTH, seed=seed, **(ARMS | MORE)[arm])
        x = inputs(N_INPUTS, 64, seed=seed)
        before = x.square().mean()
        powers: list[float] = []
        with torch.no_grad():
            for floor in list(network)[1:-1]:  # the first layer's activation, then the floors
                x = floor(network[0](x) if not powers else x)
                powers.append(float((x.double().square().mean() / before).log10()))
        rows.append(tuple(powers))
    return tuple(rows)
