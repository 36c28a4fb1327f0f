"""What leaky units, a bias, a smaller learning rate and normalization really change."""

from functools import cache, partial

import torch
from torch import Tensor, nn

from relukit.errors import unknown_name
from relukit.ledger.finding import Measured
from relukit.lessons.dying.experiments.cliff import cliff
from relukit.lessons.dying.experiments.population import (
    MOMENTUM,
    N_SEEDS,
    STEPS,
    dead_shares,
    images,
    network,
    trained,
)
from relukit.statistics import interval, paired_difference
from relukit.training import Record, Runs, train

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


def normalized(seed: int, *, layer: type[nn.Module]) -> nn.Sequential:
    """Return the network of `population.network` with a normalization before each ReLU.

    Args:
        seed: of the weights.
        layer: such as nn.LayerNorm or BatchStandardized; made from the width.
    """
    made = network(seed)
    stages: list[nn.Module] = []
    for stage in made:
        if isinstance(stage, nn.ReLU):
            stages.append(layer(stages[-1].out_features))
        stages.append(stage)
    return nn.Sequential(*stages)


@cache
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


def batch_norm_helps() -> Measured:
    """Put a batch normalization before each ReLU at a learning rate that kills without it."""
    (without, _), (with_norm, accuracy) = remedied("none"), remedied("batch norm")
    return {
        "share of dead units without it": interval(without),
        "share of dead units with it": interval(with_norm),
        "test accuracy with it": interval(accuracy),
    }


@cache
def at_best_rate(activation: str) -> Runs:
    """Return 16 networks over ten passes, at the learning rate that suits the activation best.

    Args:
        activation: "relu" or "leaky_relu".

    Returns:
        Runs measured every 5 steps. The rate, of 0.01, 0.02, 0.03 and 0.05 with momentum 0.9, is
        the one with the highest mean test accuracy over eight other seeds.
    """
    build, rates = partial(network, activation=activation), (0.01, 0.02, 0.03, 0.05)
    trained = partial(
        train, build, images(), steps=210, optimizer=MOMENTUM, device="cpu", progress=False
    )
    tried = trained(lr=rates, seeds=range(100, 108))
    best = max(rates, key=lambda lr: float(tried.values("test_accuracy", lr=lr).mean()))
    return trained(lr=best, seeds=N_SEEDS, record=5)


def steps_to(target: float, runs: Runs) -> Tensor:
    """Return the step of the first measurement at which the test accuracy reaches a target.

    Args:
        target: accuracy, 0 to 1.
        runs: without swept settings.

    Returns:
        float64 of shape (seeds,); the last step where the target is never reached.
    """
    reached = runs.measured["test_accuracy"] >= target
    first = reached.double().argmax(-1)
    first[~reached.any(-1)] = len(runs.measured_at) - 1
    return runs.measured_at[first].double()


def leaky_changes_little() -> Measured:
    """Compare the accuracy of leaky and plain networks, each at its own best learning rate."""
    leaky, relu = (at_best_rate(n).values("test_accuracy") for n in ("leaky_relu", "relu"))
    gained = paired_difference(leaky, relu).difference
    what = "accuracy gained by leaky ReLU, each at its best rate"
    return {what: gained}


def zero_gradient_slows() -> Measured:
    """Compare the steps to 90 % of leaky and plain networks, each at its own best learning rate."""
    leaky, relu = (steps_to(TARGET, at_best_rate(n)) for n in ("leaky_relu", "relu"))
    saved = interval((relu - leaky) / float(relu.mean()))
    what = "share of the steps to 90 % accuracy that leaky ReLU saves"
    return {what: saved}
