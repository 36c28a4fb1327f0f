"""Towers of equal layers, against the same layers written out in plain torch."""

import math

import pytest
import torch
from torch import nn

from relukit.datasets import digits
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.initialization import initialize
from relukit.networks import mlp, tower
from relukit.training import train


def by_hand(network: nn.Sequential, x: torch.Tensor, way) -> torch.Tensor:
    """Return the outputs, each floor by a formula of the layer's sums and of what came in."""
    x = torch.relu(network[0](x))
    for floor in list(network)[2:-1]:
        x = way(floor, x)
    return network[-1](x)


def normalized(z: torch.Tensor) -> torch.Tensor:
    middle = z - z.mean(1, keepdim=True)
    return middle / torch.sqrt(middle.square().mean(1, keepdim=True) + 1e-5)


WAYS = {
    "plain": ({}, lambda f, x: torch.relu(f.linear(x))),
    "norm": ({"norm": "layer"}, lambda f, x: torch.relu(normalized(f.linear(x)))),
    "around": ({"around": "plain"}, lambda f, x: x + torch.relu(f.linear(x))),
    "scaled": (
        {"around": "scaled"},
        lambda f, x: x + torch.relu(f.linear(x)) / math.sqrt(5),
    ),
    "both": (
        {"norm": "layer", "around": "plain"},
        lambda f, x: x + torch.relu(f.linear(normalized(x))),
    ),
}


@pytest.mark.parametrize("name", WAYS)
def test_a_tower_is_what_its_formula_says(name):
    options, way = WAYS[name]
    network = tower(5, 16, seed=3, **options)
    x = torch.randn(8, 64, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(network(x), by_hand(network, x, way), rtol=1e-4, atol=1e-5)


def test_a_tower_without_changes_is_the_perceptron_of_its_seed():
    x = torch.randn(8, 64, generator=torch.Generator().manual_seed(0))
    expected = mlp((64, 16, 16, 16, 10), "relu", scheme="he_normal", seed=7)(x)
    torch.testing.assert_close(tower(3, 16, seed=7)(x), expected)


def test_an_opening_begins_as_the_identity_and_then_opens():
    network = tower(6, 16, around="opening", seed=1)
    x = torch.randn(8, 64, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(network(x), network[-1](torch.relu(network[0](x))))
    runs = train(
        lambda seed: tower(6, 16, around="opening", seed=seed),
        digits(), lr=0.01, steps=5, seeds=2, optimizer="adam", progress=False,
    )  # fmt: skip
    assert all(bool((runs.parameters[f"{floor}.opening"] != 0).all()) for floor in range(2, 7))


def test_weights_are_drawn_as_asked():
    network = tower(3, 64, scheme="orthogonal", gain=1.0, activation="tanh", seed=0)
    w = network[2].linear.weight
    torch.testing.assert_close(w @ w.T, torch.eye(64), rtol=0, atol=1e-5)
    again = tower(3, 64, seed=0)
    initialize(again, "orthogonal", gain=1.0, seed=0)
    torch.testing.assert_close(again[2].linear.weight, w)


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        ({"depth": 1}, InvalidValueError, "depth"),
        ({"depth": "3"}, InvalidTypeError, "depth"),
        ({"width": 0}, InvalidValueError, "width"),
        ({"norm": "batch"}, InvalidValueError, "layer"),
        ({"around": "slow"}, InvalidValueError, "opening"),
    ],
)
def test_what_is_no_tower_is_refused(wrong, error, said):
    with pytest.raises(error, match=said):
        tower(**{"depth": 3, "width": 4} | wrong)
