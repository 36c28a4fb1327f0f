"""What runs say of their members: when each first came so far."""

from dataclasses import replace

import pytest
import torch

from relukit.datasets import moons
from relukit.errors import InvalidValueError
from relukit.networks import mlp
from relukit.training import train

pytestmark = pytest.mark.usefixtures("one_thread")


def runs(**options):
    return train(
        lambda seed: mlp((2, 4, 2), seed=seed),
        moons(40, seed=0),
        lr=(0.1, 0.3),
        steps=6,
        seeds=3,
        progress=False,
        **options,
    )


def test_steps_are_counted_to_the_first_measurement_at_the_level_or_one_beyond_the_last():
    measured = {
        "test_accuracy": torch.tensor(
            [[[0.1, 0.9, 0.8], [0.1, 0.2, 0.3], [0.9, 0.1, 0.1]], [[0.0, 0.0, 0.9]] * 3]
        )
    }
    made = replace(runs(), measured_at=torch.tensor([0, 5, 10]), measured=measured)
    assert made.steps_to(0.75).tolist() == [[5, 15, 0], [10, 10, 10]]


def test_steps_of_real_runs_are_those_of_a_plain_search():
    made = runs(record=2)
    accuracy, at = made.measured["test_accuracy"], made.measured_at.tolist()
    assert at == [0, 2, 4, 6]
    for row, steps in zip(accuracy.flatten(0, 1), made.steps_to(0.6).flatten(), strict=True):
        assert steps == next((s for s, a in zip(at, row, strict=True) if a >= 0.6), 8)


def test_without_several_measurements_of_an_accuracy_no_step_is_named():
    x = torch.rand(20, 2)
    made = train(mlp((2, 4, 2)), (x, x), lr=0.1, steps=2, seeds=1, record=1, progress=False)
    with pytest.raises(InvalidValueError, match="measurements of the accuracy"):
        made.steps_to(0.5)
