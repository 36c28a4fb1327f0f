"""Experiments on linear layers: a stack of nothing else, and one at the output of a regression."""

import torch
from torch import Tensor, nn

from relukit.datasets import xor
from relukit.ledger import kept
from relukit.ledger.arms import best_of
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.training.experiments.arms import seed_accuracies
from relukit.networks import mlp
from relukit.statistics import interval, proportion
from relukit.training import SGD, train
from relukit.training.tuning import FEW_TUNING_SEEDS

# (depth, scheme) -> learning rates from which the search begins
RATES = {
    (1, "glorot_normal"): (0.3, 1.0, 3.0),
    (3, "glorot_normal"): (0.1, 0.3, 1.0),
    (50, "glorot_normal"): (0.001, 0.003, 0.01),
    (50, "orthogonal"): (0.003, 0.01, 0.03),
}
PLAIN = SGD()


@kept.cache
def linear_accuracies(depth: int, scheme: str, setting: Setting = STATED) -> tuple[float, ...]:
    """Return the test accuracy on digits of stacks of linear layers of 32 units.

    Plain gradient descent, 150 steps of 64 images, each arm at its own learning rate.

    Args:
        depth: number of layers of weights.
        scheme: of the initial weights.
        setting: the seeds, and what is changed.
    """
    widths = (64, *(32,) * (depth - 1), 10)
    found = best_of(
        lambda seed: mlp(setting.widths(widths), None, scheme=scheme, seed=seed),
        "digits",
        rates=RATES[depth, scheme],
        steps=150,
        optimizer=PLAIN,
        setting=setting,
        tuning_seeds=FEW_TUNING_SEEDS,
    )
    return seed_accuracies(found)


def linear_is_easy(setting: Setting = STATED) -> Measured:
    """Train 1, 3 and 50 linear layers, the deep stack from two kinds of weights; and exclusive-or.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("width", "optimizer", "steps")
    names = {"glorot_normal": "Xavier", "orthogonal": "orthogonal"}
    parts = {
        f"test accuracy, {depth} linear layer{'s' * (depth > 1)}, {names[scheme]}": interval(
            linear_accuracies(depth, scheme, setting)
        )
        for depth, scheme in RATES
    }
    complex_mapping = best_of(
        lambda seed: mlp(setting.widths((2, 32, 32, 2)), None, seed=seed),
        lambda seed: xor(400, seed=seed),
        rates=(0.03, 0.1, 0.3),
        steps=150,
        optimizer=PLAIN,
        setting=setting,
    )
    parts["accuracy of 3 linear layers on exclusive-or"] = interval(
        seed_accuracies(complex_mapping)
    )
    return parts


def parabola() -> tuple[Tensor, Tensor]:
    """Return 64 inputs from -1 to 1 and their squares, each of shape (64, 1)."""
    x = torch.linspace(-1, 1, 64)[:, None]
    return x, x.square()


@kept.cache
def regressions(end: str, setting: Setting = STATED) -> tuple[float, ...]:
    """Return the mean square error of networks 1-16-1 that learn the square of a number.

    Adam at 0.01, 300 steps over all 64 examples; four networks for each seed of the setting.

    Args:
        end: "linear" or "relu", what follows the last layer of weights.
        setting: the seeds, and what is changed.
    """

    def build(seed: int) -> nn.Sequential:
        network = mlp(setting.widths((1, 16, 1)), scheme="he_normal", seed=seed)
        return network if end == "linear" else nn.Sequential(*network, nn.ReLU())

    runs = train(
        build,
        parabola(),
        lr=0.01,
        steps=setting.steps(300),
        optimizer="adam",
        seeds=[4 * seed + place for seed in setting.seeds for place in range(4)],
        progress=False,
    )
    return tuple(runs.values("test_loss").tolist())


def silent(errors: tuple[float, ...]) -> int:
    """Return how many errors are those of a network that answers 0 to every example.

    Args:
        errors: mean square errors, one for each network, from `regressions`.
    """
    nothing = float(parabola()[1].square().mean())
    return sum(abs(error - nothing) < 1e-4 for error in errors)


def linear_output(setting: Setting = STATED) -> Measured:
    """Learn a parabola, which is nowhere negative, with and without a rectifier at the output.

    Args:
        setting: the seeds, and what is changed.
    """
    setting = setting.only("width", "depth", "steps")
    errors, cut = regressions("linear", setting), regressions("relu", setting)
    linear = proportion(sum(error < 0.01 for error in errors), len(errors))
    dead = proportion(silent(cut), len(cut))
    return {
        "share that learns with a linear output": linear,
        "share that a rectifier at the output silences": dead,
    }
