"""The affine map of a cell, against automatic differentiation."""

import pytest
import torch
from torch import nn

from relukit.diagnostics import affine_at
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.networks import mlp


@pytest.mark.parametrize("widths", [(5, 3), (5, 8, 3), (5, 8, 7, 6, 2)])
@pytest.mark.parametrize("bias", [True, False])
def test_the_matrix_is_the_jacobian_and_the_shift_is_the_rest(widths, bias):
    network = mlp(widths, scheme="he_normal", seed=1, bias=bias, dtype=torch.float64)
    with torch.no_grad():
        for p in network.parameters():
            p.add_(0.1)
    for x in torch.randn(5, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64):
        found = affine_at(network, x)
        jacobian = torch.autograd.functional.jacobian(network, x)
        torch.testing.assert_close(found.matrix, jacobian)
        torch.testing.assert_close(found.shift, network(x) - jacobian @ x)
        assert [len(on) for on in found.switches] == list(widths[1:-1])


def test_the_map_holds_in_the_whole_cell_and_not_beyond_it():
    network = mlp((2, 6, 1), scheme="he_normal", seed=3, dtype=torch.float64)
    x = torch.tensor([0.7, -0.2], dtype=torch.float64)
    here = affine_at(network, x)
    near = x + 1e-6
    assert torch.equal(affine_at(network, near).switches[0], here.switches[0])
    torch.testing.assert_close(here.matrix @ near + here.shift, network(near))
    far = -x
    assert not torch.equal(affine_at(network, far).switches[0], here.switches[0])
    assert (here.matrix @ far + here.shift - network(far)).detach().abs().max() > 1e-3


def test_a_sum_of_exactly_0_is_off():
    network = nn.Sequential(nn.Linear(1, 1, bias=False), nn.ReLU(), nn.Linear(1, 1, bias=False))
    found = affine_at(network, torch.zeros(1))
    assert not found.switches[0].item()
    assert found.matrix.item() == 0


@pytest.mark.parametrize(
    ("network", "x", "error"),
    [
        (nn.Sequential(nn.Linear(2, 2), nn.Tanh()), torch.zeros(2), InvalidTypeError),
        (nn.Tanh(), torch.zeros(2), InvalidTypeError),
        (nn.Sequential(nn.ReLU()), torch.zeros(2), InvalidValueError),
        (nn.Sequential(nn.Linear(2, 2)), torch.zeros(3), InvalidValueError),
        (nn.Sequential(nn.Linear(2, 2)), torch.zeros(1, 2), InvalidValueError),
    ],
    ids=["tanh", "no sequence", "no layer", "wrong size", "a batch"],
)
def test_what_has_no_such_map_is_refused(network, x, error):
    with pytest.raises(error) as caught:
        affine_at(network, x)
    assert caught.value.do
