"""Experiments on speed: how many steps an activation needs to reach a training error."""

from functools import cache

import torch
from torch import Tensor

from relukit.datasets import Dataset, digits, mnist1d
from relukit.networks import convolutional
from relukit.statistics import interval
from relukit.textbook.finding import Finding, Measurement
from relukit.textbook.training.arms import N_SEEDS, sweep_rates
from relukit.training import SGD, Runs, train

N_MEASURED = 300  # training examples on which the training error is measured
RATES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
RATES_1D = (0.1,)  # for relu and tanh the fastest of 0.05, 0.1 and 0.15 on four other seeds
RATES_CONV = (0.1, 0.2, 0.4)
MUCH = 1.5  # slower by half again


@cache
def raced(activation: str, course: str) -> Runs:
    """Return 16 networks at several rates, whose training error is measured every few steps.

    Args:
        activation: by name.
        course: "digits", "digits, convolutional" or "mnist1d".
    """
    if course == "digits":
        return sweep_rates(activation, _training_error(digits()), RATES, steps=110, record=2)
    if course == "mnist1d":
        widths = (40, 64, 64, 10)
        data = _training_error(mnist1d())
        return sweep_rates(activation, data, RATES_1D, steps=1100, widths=widths, record=20)
    return train(
        lambda seed: convolutional((4, 8), activation, seed=seed),
        _training_error(digits()),
        lr=RATES_CONV,
        seeds=N_SEEDS,
        steps=60,
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
    """Return the steps of each seed at the rate with the smallest mean of steps, shape (16,)."""
    steps = steps_to(raced(activation, course), error)
    return steps[steps.mean(1).argmin()]


def ratio(activation: str, course: str, error: float) -> Tensor:
    """Return the steps of an activation over those of relu, seed by seed, shape (16,)."""
    return own_steps(activation, course, error) / own_steps("relu", course, error)


def faster_than_sigmoid() -> Finding:
    """Compare the steps of sigmoid and relu to two training errors, each at its fastest rate."""
    return Finding(
        tuple(
            Measurement(
                f"steps of sigmoid over steps of relu, to {100 * error:g} % training error",
                interval(ratio("sigmoid", "digits", error)),
                "above",
                1.0,
                "",
            )
            for error in (0.25, 0.05)
        ),
        n_seeds=N_SEEDS,
    )


def saturating_is_much_slower() -> Finding:
    """Compare the steps of tanh and sigmoid with those of relu, to 25 % training error."""
    arms = (
        ("sigmoid", "digits"),
        ("tanh", "digits"),
        ("tanh", "digits, convolutional"),
        ("tanh", "mnist1d"),
    )
    return Finding(
        tuple(
            Measurement(
                f"steps of {name} over steps of relu, {course}",
                interval(ratio(name, course, 0.25)),
                "above",
                MUCH,
                "",
            )
            for name, course in arms
        ),
        n_seeds=N_SEEDS,
    )


def _training_error(data: Dataset) -> tuple[Tensor, ...]:
    part = slice(N_MEASURED)
    return data.x_train, data.y_train, data.x_train[part], data.y_train[part]
