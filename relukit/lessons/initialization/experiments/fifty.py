"""Fifty layers of ReLU: which change lets them learn at all, and what it does to a signal."""

import functools
from types import MappingProxyType
from typing import Any

import torch
from torch import nn

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
# what is changed of fifty plain layers with He's weights
ARMS: MappingProxyType[str, dict[str, Any]] = MappingProxyType(
    {
        "nothing else": {},
        "normalization": {"norm": "layer"},
        "a way around": {"around": "plain"},
        "a way around, opened from 0": {"around": "opening"},
    }
)
NO_FLOORS = "no floors at all"  # the first and the last layer alone
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


@functools.cache
def climbed(arm: str, setting: Setting) -> tuple[float, ...]:
    """Return test accuracies on digits after 100 steps of Adam at a rate that other seeds chose.

    Args:
        arm: a key of `ARMS` or `MORE`, or `NO_FLOORS`.
        setting: the seeds, and what is changed.
    """
    setting = setting.only("width", "depth", "optimizer", "steps", "data")
    n_inputs, *hidden, n_outputs = setting.widths((64,) + (WIDTH,) * DEPTH + (10,))

    def build(seed: int) -> nn.Sequential:
        if arm == NO_FLOORS:
            return mlp((n_inputs, hidden[0], n_outputs), scheme="he_normal", seed=seed)
        changes = (ARMS | MORE)[arm]
        return tower(
            len(hidden), hidden[0], inputs=n_inputs, outputs=n_outputs, seed=seed, **changes
        )

    found = best_of(
        build, "digits", rates=RATES, steps=STEPS, optimizer=Adam(), setting=setting,
        tuning_seeds=FEW_TUNING_SEEDS,
    )  # fmt: skip
    return tuple(found.runs.values("test_accuracy").tolist())


def fifty(setting: Setting = STATED) -> Measured:
    """Train fifty layers with each change and measure their test accuracy.

    Args:
        setting: the seeds, and what is changed.
    """
    return {f"accuracy with {arm}": interval(climbed(arm, setting)) for arm in ARMS}


def more_floors() -> dict[str, tuple[float, ...]]:
    """Return the test accuracies of the deeper page's ways to train fifty layers."""
    return {arm: climbed(arm, STATED) for arm in MORE}


@functools.cache
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
