"""Multilayer perceptrons: their layers, their weights, and what cannot be built."""

import copy
import pickle

import numpy as np
import pytest
import torch
from torch import nn

from relukit.activations import ACTIVATIONS
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.networks import MODULES, Elementwise, activation_module, mlp

NAMES = sorted({*ACTIVATIONS, "identity"})


def test_layers_alternate_and_the_last_is_linear():
    kinds = [type(layer).__name__ for layer in mlp([4, 8, 6, 2], "tanh")]
    assert kinds == ["Linear", "Tanh", "Linear", "Tanh", "Linear"]


def test_widths_become_inputs_and_outputs():
    network = mlp((4, 8, 2))
    assert [(layer.in_features, layer.out_features) for layer in network[::2]] == [(4, 8), (8, 2)]


def test_output_is_the_formula_in_numpy():
    network = mlp([3, 5, 4, 2], seed=1, dtype=torch.float64)
    x = np.random.default_rng(0).normal(size=(7, 3))
    a = x
    for i, layer in enumerate(network[::2]):
        z = a @ layer.weight.detach().numpy().T + layer.bias.detach().numpy()
        a = z if i == 2 else np.where(z > 0, z, 0.0)
    np.testing.assert_allclose(network(torch.tensor(x)).detach().numpy(), a, rtol=1e-12)


def test_two_widths_give_one_linear_layer():
    assert [type(layer) for layer in mlp([3, 1])] == [nn.Linear]


def test_integers_of_numpy_and_a_generator_count_as_widths():
    assert mlp(np.array([3, 2, 1]))[0].in_features == 3
    assert len(mlp(width for width in (3, 2, 1))) == 3


@pytest.mark.parametrize("activation", [None, "identity"])
def test_network_without_activation_is_one_matrix(activation):
    network = mlp([3, 6, 2], activation, bias=False, dtype=torch.float64)
    product = network[2].weight @ network[0].weight
    x = torch.randn(5, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(network(x), x @ product.T)


def test_default_weights_are_those_of_torch_under_the_same_seed():
    torch.manual_seed(4)
    plain = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 2))
    for ours, theirs in zip(mlp([3, 5, 2], seed=4).parameters(), plain.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_scheme_seed_bias_and_dtype_reach_the_layers():
    network = mlp([30, 40, 2], scheme="he_uniform", seed=2, dtype=torch.float64)
    assert 0.99 * 0.2**0.5 < network[0].weight.abs().max() <= 0.2**0.5
    assert not network[0].bias.any()
    assert {p.dtype for p in network.parameters()} == {torch.float64}
    assert not torch.equal(
        network[0].weight, mlp([30, 40, 2], seed=3, dtype=torch.float64)[0].weight
    )
    assert mlp([3, 2, 1], bias=False)[0].bias is None


@pytest.mark.parametrize("activation", ["prelu", "relu"])
def test_every_parameter_has_the_dtype_asked_for(activation):
    network = mlp([2, 3, 1], activation, dtype=torch.bfloat16)
    assert {p.dtype for p in network.parameters()} == {torch.bfloat16}
    assert network(torch.ones(1, 2, dtype=torch.bfloat16)).dtype == torch.bfloat16


def test_building_does_not_touch_the_global_random_state():
    before = torch.get_rng_state()
    mlp([4, 8, 2], "prelu")
    assert torch.equal(torch.get_rng_state(), before)


def test_a_generator_builds_one_network_after_another():
    generator = torch.Generator().manual_seed(0)
    first, second = (mlp([2, 2], seed=generator)[0].weight for _ in range(2))
    assert torch.equal(first, mlp([2, 2], seed=0)[0].weight)
    assert not torch.equal(first, second)


def test_layers_do_not_share_a_learned_slope():
    network = mlp([2, 3, 3, 1], "prelu")
    assert network[1].weight is not network[3].weight


# activations as modules


@pytest.mark.parametrize("name", NAMES)
def test_every_activation_as_a_module_is_the_function_of_its_name(name):
    x = torch.linspace(-30, 30, 601, dtype=torch.float64)
    expected = x if name == "identity" else ACTIVATIONS[name](x)
    module = activation_module(name).double()
    torch.testing.assert_close(module(x), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_torch_s_own_module_is_used_wherever_torch_has_one(name):
    torch_name = ACTIVATIONS[name].torch_name or ""
    module = activation_module(name)
    if torch_name.startswith("torch.nn."):
        assert repr(module) == repr(eval(torch_name, {"torch": torch}))
    else:
        assert isinstance(module, Elementwise)


def test_module_names_are_names_of_the_registry():
    assert {*MODULES} - {*ACTIVATIONS} == {"identity"}


@pytest.mark.parametrize("name", [name for name in NAMES if name != "step"])
def test_gradients_flow_through_every_activation_but_the_step(name):
    network = mlp([2, 8, 1], name)
    network(torch.tensor([[1.0, -2.0]])).sum().backward()
    assert network[0].weight.grad.abs().sum() > 0


def test_elementwise_module_can_be_copied_stored_and_read():
    module = Elementwise("absolute")
    x = torch.tensor([-2.0, 3.0])
    for twin in (copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
        assert torch.equal(twin(x), x.abs())
    assert repr(module) == "Elementwise('absolute')"
    assert list(module.parameters()) == []


# refusals


@pytest.mark.parametrize(
    ("widths", "error", "words"),
    [
        ([], InvalidValueError, "two or more widths"),
        ([4], InvalidValueError, "two or more widths"),
        ([4, 0, 1], InvalidValueError, "at least 1, got 0"),
        ([4, -3, 1], InvalidValueError, "at least 1, got -3"),
        ([4, 2.0, 1], InvalidTypeError, r"2.0 \(float\)"),
        ([4, True], InvalidTypeError, r"True \(bool\)"),
        ([4, None], InvalidTypeError, "NoneType"),
        (["4", "2"], InvalidTypeError, "str"),
        ("42", InvalidTypeError, "list of widths, got str"),
        (42, InvalidTypeError, "list of widths, got int"),
    ],
)
def test_unusable_widths_are_refused(widths, error, words):
    with pytest.raises(error, match=words):
        mlp(widths)


@pytest.mark.parametrize("widths", [[2, 1], [2, 3, 1]])
def test_unknown_activation_is_refused_also_without_a_hidden_layer(widths):
    with pytest.raises(InvalidValueError, match="did you mean 'relu'"):
        mlp(widths, "rleu")


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"activation": torch.relu}, InvalidTypeError, "name of an activation"),
        ({"activation": nn.ReLU()}, InvalidTypeError, "name of an activation"),
        ({"scheme": "he"}, InvalidValueError, "initialization scheme"),
        ({"scheme": "normal"}, InvalidValueError, "then call initialize"),
        ({"bias": 0.0}, InvalidTypeError, "True or False"),
        ({"bias": None}, InvalidTypeError, "True or False"),
        ({"dtype": torch.int64}, InvalidTypeError, "floating dtype"),
        ({"dtype": "float32"}, InvalidTypeError, "floating dtype"),
        ({"seed": -1}, InvalidValueError, "seed"),
        ({"seed": "0"}, InvalidTypeError, "seed"),
    ],
)
def test_unusable_options_are_refused(options, error, words):
    with pytest.raises(error, match=words):
        mlp([2, 3, 1], **options)
