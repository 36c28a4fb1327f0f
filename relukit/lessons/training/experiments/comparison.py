"""Experiments on activations: each at its own best rate, and what one seed alone would say."""

import math
from functools import cache

import torch
from torch import Tensor

from relukit.datasets import digits
from relukit.ledger.finding import Measured
from relukit.lessons.training.experiments.arms import (
    N_SEEDS,
    at_own_rate,
    final_accuracy,
    sweep_rates,
)
from relukit.networks import mlp
from relukit.statistics import Comparison, interval, paired_difference
from relukit.training import Runs, train

ACTIVATIONS = ("relu", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid")
RANKED = ("tanh", "relu", "leaky_relu", "elu", "silu")  # those that a course ranks
RATES = (0.01, 0.03, 0.1, 0.3)
LARGER_RATES = (0.03, 0.1, 0.3, 1.0)  # at 1 all others end near chance, at 0.01 these two lag
SIGMOIDAL = ("tanh", "sigmoid")
COMMON = 0.03
MARGIN = 0.01  # one point of accuracy: four or five of the 450 test images
TWO_POINTS = 0.02
DEEP = (64, *[32] * 20, 10)


@cache
def compared(activation: str) -> Runs:
    """Return 16 networks with an activation at four rates, 300 steps (14 epochs) on digits.

    Args:
        activation: by name; tanh and sigmoid get `LARGER_RATES`, the others `RATES`.
    """
    rates = LARGER_RATES if activation in SIGMOIDAL else RATES
    return sweep_rates(activation, digits(), rates, steps=300)


def accuracies(activation: str) -> Tensor:
    """Return the test accuracy of each seed at the activation's own best rate, shape (16,).

    Args:
        activation: one of `ACTIVATIONS`.
    """
    return at_own_rate(final_accuracy(compared(activation)))


def differences() -> dict[str, Comparison]:
    """Return, for each activation, the paired difference of its accuracy from that of relu."""
    relu = accuracies("relu")
    return {
        name: paired_difference(accuracies(name), relu, margin=MARGIN) for name in ACTIVATIONS[1:]
    }


def shares_of_wins(scores: Tensor) -> Tensor:
    """Return in what share of the seeds each arm is best; a tie is shared out.

    Args:
        scores: shape (arms, seeds), the higher the better.

    Returns:
        Shares of shape (arms,), float64, with sum 1.

    Example:
        >>> shares_of_wins(torch.tensor([[1.0, 2.0], [1.0, 0.0]])).tolist()
        [0.75, 0.25]
    """
    best = (scores == scores.amax(0)).double()
    return (best / best.sum(0)).mean(1)


def wins() -> dict[str, float]:
    """Return in what share of 16 looks at one seed each activation has the highest accuracy."""
    shares = shares_of_wins(torch.stack([accuracies(name) for name in ACTIVATIONS]))
    return dict(zip(ACTIVATIONS, shares.tolist(), strict=True))


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


def one_seed_ranks() -> Measured:
    """Rank five activations by one seed, and by the mean of the other fifteen."""
    scores = torch.stack([accuracies(name) for name in RANKED])
    tau = interval(agreement_with_the_rest(scores))
    what = "agreement (Kendall's tau) of one seed's ranking with that of the others"
    return {what: tau}


def tanh_beats_sigmoid() -> Measured:
    """Compare tanh with the logistic function at one small rate, and each at its best rate."""
    tanh, sigmoid = (compared(name).values("test_accuracy", lr=COMMON) for name in SIGMOIDAL)
    own_rates = accuracies("tanh") - accuracies("sigmoid")
    return {
        f"accuracy of tanh less that of sigmoid, both at rate {COMMON:g}": interval(tanh - sigmoid),
        "accuracy of tanh less that of sigmoid, each at its best rate": interval(own_rates),
    }


@cache
def deep(activation: str, scheme: str) -> Runs:
    """Return 16 networks of 20 hidden layers at four rates, five epochs of plain descent on digits.

    Args:
        activation: by name.
        scheme: the initialization that the activation's authors derived.
    """
    return train(
        lambda seed: mlp(DEEP, activation, scheme=scheme, seed=seed),
        digits(),
        lr=(0.001, 0.01, 0.03, 0.1),
        seeds=N_SEEDS,
        steps=105,
        progress=False,
    )


def selu_beats_relu() -> Measured:
    """Compare SELU with ReLU in 20 layers: at the rate of the book, and each at its best rate."""
    relu = final_accuracy(deep("relu", "he_normal"))
    selu = final_accuracy(deep("selu", "lecun_normal"))
    return {
        "accuracy of SELU less that of ReLU, 20 layers, both at rate 0.001": interval(
            selu[0] - relu[0]
        ),
        "accuracy of SELU less that of ReLU, 20 layers, each at its best rate": interval(
            at_own_rate(selu) - at_own_rate(relu)
        ),
    }
