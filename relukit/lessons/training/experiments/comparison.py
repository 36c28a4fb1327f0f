"""Experiments on activations: each at its own best rate, and what one seed alone would say."""

import math
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor

from relukit.datasets import digits
from relukit.ledger import kept
from relukit.ledger.arms import MOMENTUM
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.training.experiments.arms import (
    WIDTHS,
    at_its_best,
    at_one_rate,
    seed_accuracies,
    sweep_rates,
)
from relukit.statistics import interval, paired_difference
from relukit.training import SGD, Adam, Runs, Tuned

CALLED = MappingProxyType(  # as pictures name them -> as the package does
    {
        "ReLU": "relu",
        "leaky ReLU": "leaky_relu",
        "ELU": "elu",
        "SELU": "selu",
        "GELU": "gelu",
        "SiLU": "silu",
        "tanh": "tanh",
        "sigmoid": "sigmoid",
    }
)
ACTIVATIONS = tuple(CALLED.values())
RANKED = ("tanh", "relu", "leaky_relu", "elu", "silu")  # those that a course ranks
RATES = (0.03, 0.1, 0.3)
LARGER_RATES = (0.03, 0.1, 0.3, 1.0)  # at 1 all others end near chance, at 0.01 these two lag
SIGMOIDAL = ("tanh", "sigmoid")
DEEP = (64, *[32] * 20, 10)
SCHEMES = {"relu": "he_normal", "selu": "lecun_normal"}  # those that their authors derived
PLAIN = SGD()


@kept.once
def compared(activation: str) -> Runs:
    """Return 16 networks with an activation at three or four rates, 300 steps on digits.

    Args:
        activation: by name; tanh and sigmoid get `LARGER_RATES`, the others `RATES`.
    """
    rates = LARGER_RATES if activation in SIGMOIDAL else RATES
    return sweep_rates(activation, digits(), rates, steps=300)


@kept.once
def best(
    activation: str,
    setting: Setting = STATED,
    *,
    data: str = "digits",
    optimizer: SGD | Adam = MOMENTUM,
) -> Tuned:
    """Return networks with two hidden layers at their own rate, 300 steps (14 epochs on digits).

    Args:
        activation: one of `ACTIVATIONS`.
        setting: the seeds, and what is changed.
        data: "digits" or "mnist1d".
        optimizer: the experiment's own.
    """
    widths = WIDTHS if data == "digits" else (40, 64, 64, 10)
    rates = (0.003, 0.01, 0.03) if isinstance(optimizer, Adam) else RATES
    return at_its_best(
        activation,
        rates=rates,
        steps=300,
        widths=widths,
        data=data,
        optimizer=optimizer,
        setting=setting,
    )


def accuracies(activation: str, setting: Setting = STATED) -> tuple[float, ...]:
    """Return the test accuracy of each seed on digits at the activation's own best rate.

    Args:
        activation: one of `ACTIVATIONS`.
        setting: the seeds, and what is changed.
    """
    return seed_accuracies(best(activation, setting))


def agreement_with_the_rest(scores: Tensor) -> list[float]:
    r"""Return Kendall's tau-b of each seed's ranking with that by the mean of the other seeds.

    Args:
        scores: shape (arms, seeds), the higher the better.

    Returns:
        One number from -1 (reversed) over 0 (unrelated) to 1 (equal) for each seed.

    Conventions: 0 where either side ranks nothing, because all of its scores are equal.

    Example:
        >>> agreement_with_the_rest(torch.tensor([[3.0, 3.0, 1.0], [1.0, 1.0, 2.5]]))
        [1.0, 1.0, -1.0]
    """
    from scipy.stats import kendalltau

    found = []
    for seed in range(scores.shape[1]):
        own = scores[:, seed]
        others = (scores.sum(1) - own) / (scores.shape[1] - 1)
        tau = float(kendalltau(own, others).statistic)
        found.append(0.0 if math.isnan(tau) else tau)
    return found


def one_seed_ranks(setting: Setting = STATED) -> Measured:
    """Rank five activations by one seed, and by the mean of the others.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("data", "width", "depth", "optimizer", "steps")
    scores = torch.tensor([accuracies(name, setting) for name in RANKED], dtype=torch.float64)
    tau = interval(agreement_with_the_rest(scores))
    what = "agreement (Kendall's tau) of one seed's ranking with that of the others"
    return {what: tau}


def tanh_beats_sigmoid(setting: Setting = STATED) -> Measured:
    """Compare tanh with the logistic function, each at its best rate: momentum, Adam, other data.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("width", "depth", "steps")
    arms: dict[str, dict[str, Any]] = {
        "digits": {},
        "digits, Adam": {"optimizer": Adam()},
        "mnist1d": {"data": "mnist1d"},
    }
    parts = {}
    for name, options in arms.items():
        tanh, sigmoid = (seed_accuracies(best(each, setting, **options)) for each in SIGMOIDAL)
        what = f"accuracy of tanh less that of sigmoid, each at its best rate, {name}"
        parts[what] = paired_difference(tanh, sigmoid).difference
    return parts


@kept.cache
def deep(activation: str, setting: Setting = STATED) -> tuple[float, ...]:
    """Return accuracies after five epochs of plain descent on digits at the network's own rate.

    Args:
        activation: a key of `SCHEMES`.
        setting: the seeds, and what is changed.
    """
    found = at_its_best(
        activation,
        rates=(0.01, 0.03, 0.1),
        steps=105,
        widths=DEEP,
        scheme=SCHEMES[activation],
        optimizer=PLAIN,
        setting=setting,
    )
    return seed_accuracies(found)


@kept.cache
def deep_at(activation: str, lr: float, setting: Setting = STATED) -> tuple[float, ...]:
    """Return accuracies after five epochs of plain descent on digits at a stated rate.

    Args:
        activation: a key of `SCHEMES`.
        lr: learning rate.
        setting: the seeds, and what is changed.
    """
    return at_one_rate(
        activation,
        lr,
        steps=105,
        widths=DEEP,
        scheme=SCHEMES[activation],
        optimizer=PLAIN,
        setting=setting,
    )


def selu_beats_relu(setting: Setting = STATED) -> Measured:
    """Compare SELU with ReLU in 20 layers: at the rate of the book, and each at its best rate.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("data", "width", "optimizer", "steps")
    what = "accuracy of SELU less that of ReLU, 20 layers,"
    return {
        f"{what} both at rate 0.001": paired_difference(
            deep_at("selu", 0.001, setting), deep_at("relu", 0.001, setting)
        ).difference,
        f"{what} each at its best rate": paired_difference(
            deep("selu", setting), deep("relu", setting)
        ).difference,
    }
