"""Networks of three hidden layers, as compared in 2011, and ten layers with weights of three years.

Each arm has its own learning rate, chosen on other seeds and validation parts, and each seed a test
part of its own. Hidden layers have 64 units; gradient descent has momentum 0.9 and batches of 64.

References: [Glorot2010], [Glorot2011], [Krizhevsky2012], [Krizhevsky2017], [LeCun1998], [He2015].
"""

from dataclasses import replace

import torch

from relukit.ledger import kept
from relukit.ledger.arms import best_of
from relukit.ledger.finding import Measured, Value
from relukit.ledger.setting import STATED, Setting
from relukit.networks import mlp
from relukit.statistics import interval, paired_difference
from relukit.waiting import waited

RATES = (0.01, 0.03, 0.1)
STEPS = {"digits": 250, "mnist1d": 1000}
INPUTS = {"digits": 64, "mnist1d": 40}
TITLES = {"digits": "digits", "mnist1d": "MNIST-1D"}
WIDTH = 64
DEEP = 10
NAMES = ("relu", "tanh", "softplus", "sigmoid")
WEIGHTS = {
    "1990": "pytorch",  # uniform within 1/sqrt(n)
    "1998": "lecun_normal",
    "2010": "glorot_uniform",
    "2015": "he_normal",
}
YEARS = tuple(WEIGHTS)
RIVALS = ("relu", "tanh", "sigmoid")
ARMS = (  # activation, year of the weights, hidden layers
    *(("relu", "1990", depth) for depth in (3, 5, DEEP)),
    *(("relu", year, DEEP) for year in YEARS[1:]),
    *(("tanh", year, DEEP) for year in ("1990", "2010")),
)


@kept.cache
def accuracies(
    name: str,
    *,
    data: str = "digits",
    depth: int = 3,
    year: str = "2010",
    setting: Setting = STATED,
) -> tuple[float, ...]:
    """Return the test accuracy of one network for each seed, at its own rate.

    Args:
        name: the activation.
        data: "digits" (250 steps) or "mnist1d" (1000).
        depth: number of hidden layers.
        year: whose weights it begins with, a key of `WEIGHTS`.
        setting: seeds, and what is changed.
    """
    widths = setting.widths((INPUTS[data], *[WIDTH] * depth, 10))
    found = best_of(
        lambda seed: mlp(widths, name, scheme=WEIGHTS[year], seed=seed),
        data,
        rates=RATES,
        steps=STEPS[data],
        setting=setting,
    )
    return tuple(found.runs.values("test_accuracy").tolist())


def _lead(first: str, second: str, data: str, setting: Setting) -> tuple[str, Value]:
    arms = (accuracies(name, data=data, setting=setting) for name in (first, second))
    gap = paired_difference(*arms).difference
    return f"{TITLES[data]}: test accuracy, {first} minus {second}", gap


def deeper_networks(setting: Setting = STATED) -> Measured:
    """Compare the rectifier with sigmoid and with tanh in networks of three hidden layers."""
    setting = setting.only("width", "depth", "optimizer", "steps")
    pairs = [("relu", rival, data) for data in TITLES for rival in ("sigmoid", "tanh")]
    return dict(_lead(*pair, setting) for pair in pairs)


def without_pretraining(setting: Setting = STATED) -> Measured:
    """Train three hidden layers of rectifiers from random weights, with labels only."""
    setting = setting.only("width", "depth", "optimizer", "steps")
    values = accuracies("relu", setting=setting)
    return {"test accuracy of 3 hidden layers of rectifiers": interval(values)}


def tanh_is_more_practical(setting: Setting = STATED) -> Measured:
    """Compare tanh with the sigmoid in networks of three hidden layers."""
    setting = setting.only("width", "depth", "optimizer", "steps")
    return dict(_lead("tanh", "sigmoid", data, setting) for data in TITLES)


def on_signals() -> dict[str, tuple[float, ...]]:
    """Return the accuracies of three hidden layers of rectifiers, tanh and sigmoids on MNIST-1D."""
    names = waited(RIVALS, total=len(RIVALS), unit="kind of network")
    return {name: accuracies(name, data="mnist1d") for name in names}


def deep_arms() -> dict[tuple[str, str, int], tuple[float, ...]]:
    """Return accuracies of deep networks on digits, by activation, year of weights and depth."""
    arms = waited(ARMS, total=len(ARMS), unit="kind of network")
    return {(name, year, depth): accuracies(name, depth=depth, year=year)
            for name, year, depth in arms}  # fmt: skip


def three_rivals(setting: Setting = STATED) -> Measured:
    """Train three hidden layers of rectifiers, of tanh and of sigmoids on MNIST-1D."""
    setting = setting.only("width", "depth", "optimizer", "steps")
    return {name: interval(accuracies(name, data="mnist1d", setting=setting)) for name in RIVALS}


def in_1990(setting: Setting = STATED) -> Measured:
    """Train ten hidden layers of rectifiers from the weights of 1990."""
    setting = setting.only("width", "depth", "optimizer", "steps")
    values = accuracies("relu", depth=DEEP, year="1990", setting=setting)
    return {"test accuracy, ten layers from weights of 1990": interval(values)}


@kept.cache
def difference_left(year: str, *, setting: Setting = STATED) -> tuple[float, ...]:
    """Return the power of what tells digits apart in ten fresh layers, that of the pixels as 1.

    It is the mean square of a layer's outputs, each unit's mean over the digits taken off.

    Args:
        year: whose weights, a key of `WEIGHTS`.
        setting: the seeds.

    Returns:
        its mean over the seeds, for the pixels and for each hidden layer.
    """
    drawn, total = setting.dataset("digits"), torch.zeros(DEEP + 1, dtype=torch.float64)
    for seed in setting.seeds:
        net = mlp((64, *[WIDTH] * DEEP, 10), "relu", scheme=WEIGHTS[year], seed=seed)
        x = drawn(seed).x_train
        kept = [x]
        for module in list(net.children())[:-1]:
            x = module(x)
            kept += [x] * isinstance(module, torch.nn.ReLU)
        spreads = [values.detach().double().var(0, correction=0).mean() for values in kept]
        total += torch.stack(spreads) / spreads[0]
    return tuple((total / len(setting.seeds)).tolist())


def deep_by_the_rectifier(setting: Setting = STATED) -> Measured:
    """Train ten hidden layers from weights of three years, with rectifiers and with tanh."""
    setting = setting.only("width", "depth", "optimizer", "steps")
    by_adam = replace(setting, rule="adam")
    arms = {
        "deep rectifiers from weights of 1990": ("relu", "1990", setting),
        "deep rectifiers from weights of 1998": ("relu", "1998", setting),
        "deep rectifiers from weights of 2010": ("relu", "2010", setting),
        "deep rectifiers from weights of 1990, by Adam": ("relu", "1990", by_adam),
        "deep tanh from weights of 2010": ("tanh", "2010", setting),
    }
    return {
        f"test accuracy, {words}": interval(accuracies(name, depth=DEEP, year=year, setting=chosen))
        for words, (name, year, chosen) in arms.items()
    }
