"""What leaky units, a bias, a smaller learning rate and normalization really change."""

from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from relukit.errors import unknown_name
from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.dying.experiments.cliff import cliff
from relukit.lessons.dying.experiments.meaning import dead_units
from relukit.lessons.dying.experiments.population import (
    MOMENTUM,
    N_SEEDS,
    STEPS,
    WIDTHS,
    dead_shares,
    images,
    near_the_best,
    network,
    trained,
)
from relukit.networks import mlp
from relukit.statistics import Interval, interval, paired_difference
from relukit.training import Record, Runs, train, tuned

HARMFUL = 0.3
TARGET = 0.9
REMEDIES = ("none", "bias 0.1", "leaky ReLU", "LayerNorm", "batch norm", "lr 0.03")


class BatchStandardized(nn.Module):
    r"""Batch normalization without memory: $\gamma (z - m)/\sqrt{v + \epsilon} + \beta$.

    The mean m and variance v of each unit are those of the batch at hand, also when a test set is
    evaluated whole; nothing is kept between calls.

    Args:
        width: units.

    References: [Ioffe2015].

    Example:
        >>> BatchStandardized(1)(torch.tensor([[1.0], [3.0]])).round().tolist()
        [[-1.0], [1.0]]
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, z: Tensor) -> Tensor:
        """Return z standardized over its first axis, (n, units)."""
        centred = z - z.mean(0)
        return self.weight * centred / (centred.square().mean(0) + 1e-5).sqrt() + self.bias


def normalized(
    seed: int, *, layer: type[nn.Module], widths: tuple[int, ...] = WIDTHS
) -> nn.Sequential:
    """Return the network of `population.network` with a normalization before each ReLU.

    Args:
        seed: of the weights.
        layer: such as nn.LayerNorm or BatchStandardized; made from the width.
        widths: as for `population.network`.
    """
    return with_layers(network(seed, widths=widths), layer)


def with_layers(made: nn.Sequential, layer: type[nn.Module]) -> nn.Sequential:
    """Return the modules of a network with another one before each ReLU.

    Args:
        made: a network of Linear and ReLU.
        layer: made from the width.
    """
    stages: list[nn.Module] = []
    for stage in made:
        if isinstance(stage, nn.ReLU):
            stages.append(layer(stages[-1].out_features))
        stages.append(stage)
    return nn.Sequential(*stages)


@kept.cache
def remedied(name: str) -> tuple[Tensor, Tensor]:
    """Return dead share and test accuracy of 16 networks with one remedy at a harmful rate.

    Args:
        name: one of `REMEDIES`.

    Returns:
        two float64 tensors of shape (seeds,): momentum 0.9, five passes, lr 0.3 but for "lr 0.03".
        The accuracy is 0 where the loss became nan or infinite.

    Raises:
        InvalidValueError: another name.
    """
    if name not in REMEDIES:
        raise unknown_name("remedy", name, REMEDIES)
    if name in ("none", "leaky ReLU", "lr 0.03"):
        side = cliff("leaky_relu" if name == "leaky ReLU" else "relu")
        accuracy, dead, _ = side.at(0.03 if name == "lr 0.03" else HARMFUL, 1.0)
        return dead.mean(-1), accuracy
    runs = trained((HARMFUL,), bias=0.1) if name == "bias 0.1" else _normalized_runs(name)
    accuracy = torch.where(runs.diverged, 0.0, runs.measured["test_accuracy"][..., -1])
    return dead_shares(runs)[0].mean(-1), accuracy[0]


def _normalized_runs(name: str) -> Runs:
    layer = {"LayerNorm": nn.LayerNorm, "batch norm": BatchStandardized}[name]
    return train(
        partial(normalized, layer=layer),
        images(),
        lr=[HARMFUL],
        steps=STEPS,
        seeds=N_SEEDS,
        optimizer=MOMENTUM,
        record=Record(every=STEPS, units=True),
        device="cpu",
        progress=False,
    )


def dead_before_training(setting: Setting, *, normalize: bool) -> Interval:
    """Return the share of dead units in 50 fresh layers of 4 units.

    Args:
        setting: of which seeds and data are asked for.
        normalize: whether a batch normalization stands before each ReLU.
    """
    data, shares = setting.dataset("digits"), []
    for seed in setting.seeds:
        made = mlp(setting.widths((64, *[4] * 50, 10)), scheme="he_normal", seed=seed)
        made = with_layers(made, BatchStandardized) if normalize else made
        shares.append(float(torch.cat(dead_units(made, data(seed).x_train)).double().mean()))
    return interval(shares)


def batch_norm_helps(setting: Setting = STATED) -> Measured:
    """Put a batch normalization before each ReLU of deep and narrow networks."""
    where, what = setting.only("data", "width"), "share of dead units before training"
    return {
        f"{what} without it": dead_before_training(where, normalize=False),
        f"{what} with it": dead_before_training(where, normalize=True),
    }


@kept.once
def normalized_at_high_rate(setting: Setting = STATED) -> Runs:
    """Return batch-normalized networks after five passes at ten times plain networks' best rate.

    The rate is that of plain networks, best of all for momentum, times ten: at it they guess, as
    `near_the_best("momentum").too_high` shows. What would suit the normalized ones is not asked.

    Args:
        setting: as for `near_the_best`.
    """
    steps = setting.steps(STEPS)
    return train(
        partial(normalized, layer=BatchStandardized, widths=setting.widths(WIDTHS)),
        setting.dataset("digits"),
        lr=10 * near_the_best("momentum", setting).rate,
        steps=steps,
        seeds=setting.seeds,
        optimizer=MOMENTUM,
        record=Record(every=steps, units=True),
        device="cpu",
        progress=False,
    )


@kept.once
def at_best_rate(activation: str, setting: Setting = STATED) -> Runs:
    """Return 16 networks over ten passes, at the learning rate that suits the activation best.

    Args:
        activation: "relu" or "leaky_relu".
        setting: where it is measured.

    Returns:
        Runs measured after every step. The rate is the best of other seeds on validation images,
        with momentum 0.9 unless the setting says otherwise.
    """
    return tuned(
        partial(network, activation=activation, widths=setting.widths(WIDTHS)),
        setting.dataset("digits"),
        rates=setting.rates((0.01, 0.03, 0.1)),
        steps=setting.steps(210),
        seeds=setting.seeds,
        optimizer=setting.optimizer(MOMENTUM),
        record=1,
        device="cpu",
        progress=False,
    ).runs


@kept.once
def at_fastest_rate(activation: str, setting: Setting = STATED) -> Runs:
    """Return 16 networks over ten passes, at the learning rate that learns fastest.

    Args:
        activation: "relu" or "leaky_relu".
        setting: where it is measured.

    Returns:
        Runs measured after every step. The rate is that of the best accuracy after 25 steps, when
        the fastest reach 90 %, of other seeds and of validation images.
    """
    build = partial(network, activation=activation, widths=setting.widths(WIDTHS))
    data = setting.dataset("digits")
    options: dict[str, Any] = {
        "optimizer": setting.optimizer(MOMENTUM),
        "seeds": setting.seeds,
        "device": "cpu",
        "progress": False,
    }
    rates = setting.rates((0.03, 0.1, 0.3))
    found = tuned(build, data, rates=rates, steps=setting.steps(25), **options)
    return train(build, data, lr=found.rate, steps=setting.steps(210), record=1, **options)


def leaky_changes_little(setting: Setting = STATED) -> Measured:
    """Compare the accuracy of leaky and plain networks, each at its own best learning rate."""
    where = setting.only("data", "width", "depth", "optimizer", "steps")
    leaky, relu = (
        at_best_rate(name, where).values("test_accuracy") for name in ("leaky_relu", "relu")
    )
    gained = paired_difference(leaky, relu).difference
    return {"accuracy gained by leaky ReLU, each at its best rate": gained}


def zero_gradient_slows(setting: Setting = STATED) -> Measured:
    """Compare the steps to 90 % of leaky and plain networks, each at its own fastest rate."""
    where = setting.only("width", "depth", "optimizer", "steps")  # other data stay below the target
    leaky, relu = (at_fastest_rate(name, where).steps_to(TARGET) for name in ("leaky_relu", "relu"))
    saved = interval((relu - leaky) / float(relu.mean()))
    return {"share of the steps to 90 % accuracy that leaky ReLU saves": saved}


@kept.once
def where_relus_die(activation: str, setting: Setting = STATED) -> Runs:
    """Return 16 networks after five passes over images from 0 to 1, lr 0.2, momentum 0.9.

    Args:
        activation: "relu" or "leaky_relu".
        setting: where it is measured.
    """
    steps = setting.steps(STEPS)
    return train(
        partial(network, activation=activation, widths=setting.widths(WIDTHS)),
        setting.dataset("digits", scaling="unit"),
        lr=setting.rates((0.2,))[0],
        steps=steps,
        seeds=setting.seeds,
        optimizer=setting.optimizer(MOMENTUM),
        record=Record(every=steps, units=True),
        device="cpu",
        progress=False,
    )


def leaky_mitigates(setting: Setting = STATED) -> Measured:
    """Compare the dead units of ReLU and of leaky networks where many ReLUs die."""
    where = setting.only("width", "depth", "optimizer", "steps")
    leaky, relu = (
        dead_shares(where_relus_die(name, where)).mean(-1) for name in ("leaky_relu", "relu")
    )
    spared = paired_difference(relu, leaky).difference
    what = "dead units with ReLU minus those with leaky ReLU, images from 0 to 1"
    return {what: spared}
