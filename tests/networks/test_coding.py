"""Autoencoders: their shape, their code, and when it is sparse."""

import torch
import torch.nn.functional as F

from relukit.datasets import digits
from relukit.diagnostics import activations, zero_fraction
from relukit.networks import Autoencoder, autoencoder


def normal(*shape):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


def test_output_is_the_formula_and_the_code_its_inner_layer():
    network = autoencoder([4, 6], seed=1, dtype=torch.float64)
    x, (w, b, v, c) = normal(7, 4), network.parameters()
    code = F.relu(F.linear(x, w, b))
    torch.testing.assert_close(network.code(x), code)
    torch.testing.assert_close(network(x), F.linear(code, v, c))


def test_decoder_mirrors_the_encoder_with_weights_of_its_own():
    network = autoencoder([64, 32, 8], "tanh")
    kinds = [[type(m).__name__ for m in part] for part in (network.encoder, network.decoder)]
    assert kinds == [["Linear", "Tanh", "Linear", "Tanh"], ["Linear", "Tanh", "Linear"]]
    shapes = [(m.in_features, m.out_features) for m in network.modules() if hasattr(m, "weight")]
    assert shapes == [(64, 32), (32, 8), (8, 32), (32, 64)]
    assert not torch.equal(network.decoder[2].weight, network.encoder[0].weight.T)


def test_diagnostics_see_the_code_as_a_hidden_layer():
    network, x = autoencoder([4, 9, 6], dtype=torch.float64), normal(7, 4)
    assert torch.equal(activations(network, x)[1], network.code(x))


def test_a_wide_identity_code_can_give_back_its_input():
    network = autoencoder([3, 6], bias=False, dtype=torch.float64)
    eye = torch.eye(3, dtype=torch.float64)
    with torch.no_grad():
        network.encoder[0].weight.copy_(torch.cat([eye, -eye]))
        network.decoder[0].weight.copy_(torch.cat([eye, -eye], dim=1))
    x = normal(7, 3)
    torch.testing.assert_close(network(x), x)
    assert zero_fraction(network, x) == [0.5]


def test_a_penalty_on_the_code_makes_most_of_it_exactly_zero():
    x, zeros, errors = digits().x_train[:300], [], []
    for penalty in (0.0, 4.0):
        network = autoencoder([64, 50], seed=0)
        adam = torch.optim.Adam(network.parameters(), lr=3e-3)
        for _ in range(150):
            code = network.code(x)
            loss = (network.decoder(code) - x).square().mean() + penalty * code.abs().mean()
            adam.zero_grad()
            loss.backward()
            adam.step()
        zeros += zero_fraction(network, x)
        errors.append((network(x) - x).square().mean().item())
    assert zeros[0] < 0.6
    assert zeros[1] > 0.8
    assert errors[1] < 0.7  # of a variance of 1: the code still says something


def test_any_two_modules_make_an_autoencoder():
    network = Autoencoder(torch.nn.ReLU(), torch.nn.Identity())
    assert network(torch.tensor([-1.0, 2.0])).tolist() == [0, 2]
