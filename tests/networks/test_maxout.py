"""Maxout layers and networks."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.gaussian import maxout_moments
from relukit.networks import Maxout, maxout_mlp, mlp


def normal(*shape):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


def test_a_unit_is_the_largest_of_its_affine_maps_in_numpy():
    network = maxout_mlp([3, 5, 2], pieces=4, dtype=torch.float64)
    x = normal(7, 3)
    weight = network[0].weight.detach().numpy().reshape(5, 4, 3)
    bias = network[0].bias.detach().numpy().reshape(5, 4)
    units = np.max(np.einsum("ujk,nk->nuj", weight, x.numpy()) + bias, axis=-1)
    np.testing.assert_allclose(network[:2](x).detach().numpy(), units, rtol=1e-12)


def test_layers_alternate_and_the_last_is_linear():
    network = maxout_mlp([4, 8, 6, 2], pieces=3)
    assert [type(m).__name__ for m in network] == ["Linear", "Maxout"] * 2 + ["Linear"]
    assert [(m.in_features, m.out_features) for m in network[::2]] == [(4, 24), (8, 18), (6, 2)]


def test_one_piece_is_a_linear_network():
    network = maxout_mlp([3, 5, 2], pieces=1, seed=2)
    x = normal(4, 3).float()
    assert torch.equal(network(x), mlp([3, 5, 2], None, seed=2)(x))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [([[1.0], [0.0]], torch.relu), ([[1.0], [-1.0]], torch.abs)],
)
def test_two_pieces_can_be_the_rectifier_or_the_absolute_value(rows, expected):
    layer = nn.Linear(1, 2, bias=False)
    layer.weight.data = torch.tensor(rows)
    x = torch.linspace(-3, 3, 61)[:, None]
    torch.testing.assert_close(Maxout(2)(layer(x)), expected(x))


def test_ties_give_the_whole_gradient_to_one_piece():
    z = torch.zeros(6, requires_grad=True)
    Maxout(3)(z).sum().backward()
    assert sorted(z.grad.view(2, 3).sort().values.tolist()) == [[0, 0, 1], [0, 0, 1]]


def test_nan_and_infinity_pass_through():
    z = torch.tensor([math.nan, 1.0, -math.inf, -math.inf, math.inf, 0.0])
    torch.testing.assert_close(
        Maxout(2)(z), torch.tensor([math.nan, -math.inf, math.inf]), equal_nan=True
    )


def test_an_empty_batch_gives_an_empty_result():
    assert Maxout(2)(torch.zeros(0, 6)).shape == (0, 3)


@pytest.mark.parametrize("pieces", [2, 3])
def test_second_moment_after_a_layer_is_the_gaussian_one(pieces):
    network = maxout_mlp([400, 2000, 1], pieces, scheme="lecun_normal", seed=3)
    x = torch.randn(200, 400, generator=torch.Generator().manual_seed(4))
    second = network[:2](x).square().mean().item()
    assert second == pytest.approx(maxout_moments(pieces).second, rel=0.05)


@pytest.mark.parametrize(
    ("pieces", "error", "words"),
    [
        (0, InvalidValueError, "pieces of at least 1, got 0"),
        (-2, InvalidValueError, "got -2"),
        (2.0, InvalidTypeError, r"integer pieces, got 2.0 \(float\)"),
        (True, InvalidTypeError, "bool"),
        (None, InvalidTypeError, "NoneType"),
    ],
)
def test_unusable_pieces_are_refused(pieces, error, words):
    for build in (Maxout, lambda pieces: maxout_mlp([2, 3, 1], pieces)):
        with pytest.raises(error, match=words):
            build(pieces)


def test_pieces_that_do_not_divide_the_layer_are_refused():
    with pytest.raises(InvalidValueError, match="divisor"):
        Maxout(2)(torch.zeros(4, 5))
