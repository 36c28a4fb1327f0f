"""Experiments on speed: how many steps an activation needs to reach a training error."""

from functools import cache
from types import MappingProxyType

import torch
from torch import Tensor

from relukit.datasets import Dataset, digits, mnist1d
from relukit.ledger.finding import Measured
from relukit.lessons.training.experiments.arms import N_SEEDS, sweep_rates
from relukit.networks import convolutional
from relukit.statistics import interval
from relukit.training import SGD, Runs, train

N_MEASURED = {"digits": 150, "mnist1d": 300}  # examples on which the training error is measured
# (activation, course) -> (learning rates, steps): the rates around the fastest, and steps that let
# every network arrive there. On digits all of 0.05, 0.1, 0.2, 0.5, 1 and 2 were tried, in the
# convolutional network 0.025 to 0.4 for relu and 0.1 to 1.6 for tanh; those left out are slower.
ARMS: MappingProxyType[tuple[str, str], tuple[tuple[float, ...], int]] = MappingProxyType(
    {
        ("relu", "digits"): ((0.05, 0.1, 0.2, 0.5), 110),
        ("tanh", "digits"): ((0.5, 1.0, 2.0), 60),
        ("sigmoid", "digits"): ((0.5, 1.0, 2.0), 110),
        ("relu", "digits, convolutional"): ((0.05, 0.1, 0.2), 60),
        ("tanh", "digits, convolutional"): ((0.4, 0.8, 1.6), 30),
        # the fastest of 0.05, 0.1 and 0.15 on four other seeds
        ("relu", "mnist1d"): ((0.1,), 900),
        ("tanh", "mnist1d"): ((0.1,), 1100),
    }
)
MUCH = 1.5  # slower by half again


@cache
def raced(activation: str, course: str) -> Runs:
    """Return 16 networks at several rates, whose training error is measured every few steps.

    Args:
        activation: by name.
        course: "digits", "digits, convolutional" or "mnist1d"; with the name a key of `ARMS`.
    """
    rates, steps = ARMS[activation, course]
    if course == "digits":
        return sweep_rates(activation, _training_error(digits()), rates, steps=steps, record=2)
    if course == "mnist1d":
        widths, data = (40, 64, 64, 10), _training_error(mnist1d())
        return sweep_rates(activation, data, rates, steps=steps, widths=widths, record=20)
    return train(
        lambda seed: convolutional((4, 8), activation, seed=seed),
        _training_error(digits()),
        lr=rates,
        seeds=N_SEEDS,
        steps=steps,
        optimizer=SGD(momentum=0.9),
        record=2,
        progress=False,
    )


def steps_to(runs: Runs, error: float) -> Tensor:
    """Return after how many steps each member's measured error first was at most `error`.

    Args:
        runs: with measurements of the accuracy.
        error: a share of the examples, from 0 to 1.

    Returns:
        Steps of shape (..., seeds), float64; one measurement more than there are for a member
        that never came so far.

    Example:
        >>> steps_to(raced("relu", "digits"), 1.0)[0, 0].item()
        0.0
    """
    reached = runs.measured["test_accuracy"] >= 1 - error
    at = torch.cat([runs.measured_at, 2 * runs.measured_at[-1:] - runs.measured_at[-2]]).double()
    first = torch.where(reached.any(-1), reached.double().argmax(-1), len(runs.measured_at))
    return at[first]


def own_steps(activation: str, course: str, error: float) -> Tensor:
    """Return the steps of each seed at the rate with the smallest mean of steps, shape (16,).

    Args:
        activation: by name.
        course: as for `raced`.
        error: training error to reach, a share of the examples.
    """
    steps = steps_to(raced(activation, course), error)
    return steps[steps.mean(1).argmin()]


def ratio(activation: str, course: str, error: float) -> Tensor:
    """Return the steps of an activation over those of relu, seed by seed, shape (16,).

    Args:
        activation: by name.
        course: as for `raced`.
        error: training error to reach, a share of the examples.
    """
    return own_steps(activation, course, error) / own_steps("relu", course, error)


def faster_than_sigmoid() -> Measured:
    """Compare the steps of sigmoid and relu to two training errors, each at its fastest rate."""
    return {
        f"steps of sigmoid over steps of relu, to {100 * error:g} % training error": interval(
            ratio("sigmoid", "digits", error)
        )
        for error in (0.25, 0.05)
    }


def saturating_is_much_slower() -> Measured:
    """Compare the steps of tanh and sigmoid with those of relu, to 25 % training error."""
    arms = (
        ("sigmoid", "digits"),
        ("tanh", "digits"),
        ("tanh", "digits, convolutional"),
        ("tanh", "mnist1d"),
    )
    return {
        f"steps of {name} over steps of relu, {course}": interval(ratio(name, course, 0.25))
        for name, course in arms
    }


def _training_error(data: Dataset) -> tuple[Tensor, ...]:
    part = slice(N_MEASURED[data.name])
    return data.x_train, data.y_train, data.x_train[part], data.y_train[part]
