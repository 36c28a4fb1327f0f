"""A network along a line gives the network's own outputs at the points of the line."""

import pytest
import torch

from relukit.diagnostics import along_line, linear_pieces
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.networks import mlp


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("widths", [(5, 7, 3), (5, 7, 6, 3)])
def test_the_restriction_gives_the_networks_outputs(widths, bias):
    network = mlp(widths, scheme="he_normal", bias=bias, seed=1, dtype=torch.float64)
    start, end = torch.randn(2, 5, dtype=torch.float64)
    t = torch.linspace(-1, 2, 31, dtype=torch.float64)[:, None]
    walk = along_line(network, start, end, output=2)
    expected = network((1 - t) * start + t * end)[:, 2]
    torch.testing.assert_close(walk(t)[:, 0], expected, rtol=1e-12, atol=1e-12)


def test_its_pieces_can_be_counted_and_the_network_stays_as_it_was():
    network = mlp((5, 7, 3), scheme="he_normal", seed=0)
    before = [p.clone() for p in network.parameters()]
    assert 1 <= linear_pieces(along_line(network, torch.zeros(5), torch.ones(5))).count <= 8
    assert all(torch.equal(a, b) for a, b in zip(before, network.parameters(), strict=True))
    assert network[0].weight.dtype == torch.float32


def test_what_does_not_fit_is_refused():
    network = mlp((5, 7, 3))
    with pytest.raises(InvalidValueError, match=r"shape \(5,\)"):
        along_line(network, torch.zeros(4), torch.ones(4))
    with pytest.raises(InvalidValueError, match="from 0 to 2"):
        along_line(network, torch.zeros(5), torch.ones(5), output=3)
    with pytest.raises(InvalidTypeError, match="begins and ends"):
        along_line(torch.nn.ReLU(), torch.zeros(5), torch.ones(5))
