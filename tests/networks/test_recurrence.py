"""The recurrent network: torch's own as oracle, and its gradient through time."""

import numpy as np
import pytest
import torch
from torch import nn

from relukit.diagnostics import preactivations
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.initialization import initialize
from relukit.networks import Recurrent, recurrent

SEEDS = range(16)


def normal(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=torch.float64, generator=generator)


def oracle(network, nonlinearity):
    width = network.recurrent.in_features
    rnn = nn.RNN(
        network.inputs.in_features,
        width,
        nonlinearity=nonlinearity,
        batch_first=True,
        dtype=torch.float64,
    )
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(network.inputs.weight)
        rnn.bias_ih_l0.copy_(network.inputs.bias)
        rnn.weight_hh_l0.copy_(network.recurrent.weight)
        rnn.bias_hh_l0.zero_()
    return rnn


@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("scheme", ["identity", "he_normal", "pytorch"])
def test_states_and_outputs_are_those_of_torch_s_rnn(activation, scheme):
    network = recurrent([3, 6, 2], activation, scheme=scheme, seed=1, dtype=torch.float64)
    nn.init.constant_(network.inputs.bias, 0.1)
    x, initial = normal(4, 9, 3), normal(4, 6, seed=1)
    rnn = oracle(network, activation)
    torch.testing.assert_close(network.states(x, initial), rnn(x, initial[None])[0])
    torch.testing.assert_close(network.states(x), rnn(x)[0])
    torch.testing.assert_close(network(x), network.outputs(rnn(x)[1][0]))


def test_gradients_are_those_of_torch_s_rnn():
    network = recurrent([3, 6, 1], scheme="he_normal", dtype=torch.float64)
    x, rnn = normal(4, 9, 3), oracle(network, "relu")
    network(x).sum().backward()
    network.outputs(rnn(x)[1][0]).sum().backward()
    torch.testing.assert_close(network.recurrent.weight.grad, rnn.weight_hh_l0.grad)
    torch.testing.assert_close(network.inputs.weight.grad, rnn.weight_ih_l0.grad)


def test_a_sequence_needs_no_batch_and_may_have_several_batch_dimensions():
    network, x = recurrent([3, 6, 2], dtype=torch.float64), normal(2, 4, 9, 3)
    assert network(x).shape == (2, 4, 2)
    torch.testing.assert_close(network(x[1, 2]), network(x)[1, 2])


def test_one_step_is_enough_and_starts_from_zero():
    network, x = recurrent([3, 6, 2], scheme="he_normal", dtype=torch.float64), normal(4, 1, 3)
    torch.testing.assert_close(network(x), network.outputs(network.inputs(x[:, 0]).relu()))


# initialization


def test_identity_scheme_is_the_identity_times_the_gain():
    assert torch.equal(recurrent([2, 5, 1]).recurrent.weight, torch.eye(5))
    assert torch.equal(recurrent([2, 5, 1], gain=0.9).recurrent.weight, 0.9 * torch.eye(5))


def test_the_other_layers_are_small_inputs_no_bias_and_torch_s_outputs():
    network = recurrent([400, 100, 200])
    assert network.inputs.weight.std().item() == pytest.approx(0.1, rel=0.02)
    assert not network.inputs.bias.any()
    assert network.recurrent.bias is None
    assert 0.099 < network.outputs.weight.abs().max() <= 0.1


@pytest.mark.parametrize(
    ("scheme", "gain", "std"),
    [("he_normal", None, 2**0.5), ("lecun_normal", None, 1.0), ("he_normal", 0.7, 0.7)],
)
def test_scheme_and_gain_reach_the_recurrent_weights(scheme, gain, std):
    weight = recurrent([2, 300, 1], scheme=scheme, gain=gain).recurrent.weight
    assert weight.std().item() * 300**0.5 == pytest.approx(std, rel=0.02)


def test_networks_of_one_seed_differ_in_the_recurrent_weights_alone():
    one, other = (recurrent([2, 9, 1], scheme=s, seed=3) for s in ("identity", "orthogonal"))
    for (name, a), (_, b) in zip(one.named_parameters(), other.named_parameters(), strict=True):
        assert torch.equal(a, b) is (name != "recurrent.weight")


def test_the_three_layers_come_from_one_stream():
    network = recurrent([300, 300, 300], scheme="lecun_normal", dtype=torch.float64)
    layers = [network.inputs, network.recurrent, network.outputs]
    flat = np.corrcoef([layer.weight.detach().ravel().numpy() for layer in layers])
    assert np.abs(flat - np.eye(3)).max() < 0.02


# gradient through time


def gradient_ratio(scheme, activation, seed, steps=100):
    """Return how much a random gradient grows from the last state of 100 units to the first."""
    network = recurrent([2, 100, 1], activation, scheme=scheme, seed=seed, dtype=torch.float64)
    initialize(network.inputs, "normal", std=0.001, seed=seed)
    initial = normal(100, seed=100 + seed).abs().requires_grad_()
    last = network.states(normal(steps, 2, seed=200 + seed), initial)[-1]
    pull = normal(100, seed=300 + seed)
    (gradient,) = torch.autograd.grad(last, initial, pull)
    return (gradient.norm() / pull.norm()).item()


def test_identity_keeps_the_gradient_of_an_active_path_exactly():
    for seed in SEEDS:
        network = recurrent([2, 20, 1], seed=seed, dtype=torch.float64)
        initial = torch.full((20,), 100.0, dtype=torch.float64, requires_grad=True)
        states = network.states(normal(100, 2, seed=seed), initial)
        assert states.min() > 0
        pull = normal(20, seed=seed)
        (gradient,) = torch.autograd.grad(states[-1], initial, pull)
        assert torch.equal(gradient, pull)


def test_identity_nearly_keeps_the_gradient_when_a_few_units_fall_silent():
    ratios = [gradient_ratio("identity", "relu", seed) for seed in SEEDS]
    assert min(ratios) > 0.9
    assert max(ratios) <= 1


def test_he_scheme_explodes_in_the_mean_and_differs_by_orders_between_seeds():
    ratios = [gradient_ratio("he_normal", "relu", seed) for seed in SEEDS]
    assert np.mean(ratios) > 100
    assert max(ratios) / min(ratios) > 1e4


def test_variance_of_one_over_the_width_makes_rectifiers_forget_and_tanh_much_less():
    relu = [gradient_ratio("lecun_normal", "relu", seed) for seed in SEEDS]
    tanh = [gradient_ratio("lecun_normal", "tanh", seed) for seed in SEEDS]
    assert max(relu) < 1e-8
    assert 1e-6 < np.median(tanh) < 1


def test_diagnostics_see_one_activation_for_each_step():
    z = preactivations(recurrent([2, 5, 1]), torch.ones(3, 4, 2))
    assert [tuple(step.shape) for step in z] == [(3, 5)] * 4


def test_any_three_layers_make_a_recurrent_network():
    one = nn.Linear(1, 1, bias=False)
    nn.init.ones_(one.weight)
    network = Recurrent(one, one, one, nn.ReLU())
    assert network(torch.tensor([[1.0], [2.0], [-1.0]])).tolist() == [2]


# refusals


@pytest.mark.parametrize(
    ("x", "error", "words"),
    [
        (torch.zeros(3), InvalidValueError, "dimension of time"),
        (torch.zeros(4, 0, 3), InvalidValueError, "one step or more"),
        (torch.zeros(4, 9, 2), InvalidValueError, r"x of shape \(..., 3\)"),
        (torch.tensor(1.0), InvalidValueError, r"x of shape \(..., 3\)"),
        ([[1.0, 2.0, 3.0]], InvalidTypeError, "a tensor x, got list"),
    ],
)
def test_unusable_sequences_are_refused(x, error, words):
    network = recurrent([3, 6, 2])
    for run in (network, network.states):
        with pytest.raises(error, match=words):
            run(x)


@pytest.mark.parametrize(
    ("initial", "error", "words"),
    [
        (torch.zeros(5), InvalidValueError, r"initial of shape \(..., 6\)"),
        (0.0, InvalidTypeError, "a tensor initial"),
    ],
)
def test_unusable_initial_states_are_refused(initial, error, words):
    with pytest.raises(error, match=words):
        recurrent([3, 6, 2]).states(torch.zeros(4, 9, 3), initial)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"widths": [2, 1]}, InvalidValueError, "three widths, got 2"),
        ({"widths": [2, 5, 5, 1]}, InvalidValueError, "three widths, got 4"),
        ({"widths": [2, 0, 1]}, InvalidValueError, "at least 1, got 0"),
        ({"widths": [2, 5.0, 1]}, InvalidTypeError, "integer widths"),
        ({"widths": 5}, InvalidTypeError, "list of widths"),
        ({"gain": 0}, InvalidValueError, "finite gain above 0, got 0"),
        ({"gain": -1.0}, InvalidValueError, "got -1.0"),
        ({"gain": float("nan")}, InvalidValueError, "got nan"),
        ({"gain": float("inf")}, InvalidValueError, "got inf"),
        ({"gain": "1"}, InvalidTypeError, "number as gain"),
        ({"gain": True}, InvalidTypeError, "number as gain"),
        ({"scheme": "identiti"}, InvalidValueError, "did you mean 'identity'"),
        ({"scheme": ["identity"]}, InvalidValueError, "initialization scheme"),
    ],
)
def test_unusable_arguments_are_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        recurrent(**{"widths": [2, 5, 1], **arguments})
