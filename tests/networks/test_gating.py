"""Gated units, and their widths matched to a perceptron's parameters."""

import itertools

import hypothesis.strategies as st
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.networks import GATES, Gate, gated_mlp, matched_widths, mlp

FORMULAS = {
    "bilinear": lambda a, b: a * b,
    "geglu": lambda a, b: F.gelu(a) * b,
    "glu": lambda a, b: F.glu(torch.cat([a, b], dim=-1)),
    "reglu": lambda a, b: F.relu(a) * b,
    "swiglu": lambda a, b: F.silu(a) * b,
}


def size(network):
    return sum(p.numel() for p in network.parameters())


def test_every_gate_has_its_formula_here():
    assert FORMULAS.keys() == GATES.keys()


@pytest.mark.parametrize("name", FORMULAS)
def test_gated_network_is_the_formula_with_two_matrices(name):
    network = gated_mlp([3, 9, 2], name, seed=1, dtype=torch.float64)
    x = torch.randn(7, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    (w, v), (b, c) = network[0].weight.chunk(2), network[0].bias.chunk(2)
    hidden = FORMULAS[name](F.linear(x, w, b), F.linear(x, v, c))
    expected = F.linear(hidden, network[2].weight, network[2].bias)
    torch.testing.assert_close(network(x), expected, rtol=1e-12, atol=1e-12)


def test_layers_alternate_and_the_last_is_linear():
    network = gated_mlp([4, 12, 12, 2])
    assert [type(m).__name__ for m in network] == ["Linear", "Gate"] * 2 + ["Linear"]
    first, second, last = network[::2]
    assert first.out_features == 2 * second.in_features
    assert second.out_features == 2 * last.in_features
    assert (first.in_features, last.out_features) == (4, 2)


@pytest.mark.parametrize("widths", [[4, 3072, 4], [64, 96, 64], [7, 30, 7]])
def test_one_block_without_biases_shrinks_by_exactly_two_thirds(widths):
    inputs, hidden, outputs = widths
    assert matched_widths(widths, bias=False) == [inputs, hidden * 2 // 3, outputs]
    assert size(gated_mlp(widths, bias=False)) == size(mlp(widths, bias=False))


def test_many_wide_layers_shrink_by_the_root_of_one_half():
    _, *hidden, _ = matched_widths([1, *[1000] * 50, 1], bias=False)
    assert {round(width / 1000, 2) for width in hidden} == {0.71}


@pytest.mark.parametrize("bias", [True, False])
@given(
    inputs=st.integers(1, 100),
    hidden=st.lists(st.integers(3, 200), min_size=1, max_size=4),
    outputs=st.integers(1, 100),
)
@settings(deadline=None, max_examples=40)
def test_parameters_match_to_half_a_unit_a_layer(bias, inputs, hidden, outputs):
    widths = [inputs, *hidden, outputs]
    matched = matched_widths(widths, bias=bias)
    assert (matched[0], matched[-1], len(matched)) == (inputs, outputs, len(widths))

    def count(hidden):
        path, rows = [inputs, *hidden, outputs], [*(2 * d for d in hidden), outputs]
        return sum((n + bias) * m for n, m in zip(path[:-1], rows, strict=True))

    goal = sum((n + bias) * m for n, m in itertools.pairwise(widths))
    lower = count([max(width - 0.5, 0) if width > 1 else 0 for width in matched[1:-1]])
    assert lower - 1e-6 <= goal <= count([width + 0.5 for width in matched[1:-1]]) + 1e-6
    assert size(gated_mlp(widths, bias=bias)) == count(matched[1:-1])


@pytest.mark.parametrize("gate", GATES)
def test_on_the_digits_a_matched_network_differs_by_less_than_one_per_cent(gate):
    plain, gated = mlp([64, 100, 10]), gated_mlp([64, 100, 10], gate)
    assert abs(size(gated) / size(plain) - 1) < 0.01


def test_without_a_hidden_layer_nothing_is_gated_and_no_width_vanishes():
    assert [type(m).__name__ for m in gated_mlp([3, 2])] == ["Linear"]
    assert matched_widths([100, 1, 1]) == [100, 1, 1]


def test_special_values_pass_the_gate_as_arithmetic_says():
    inf, nan = float("inf"), float("nan")
    closed = torch.tensor([[-1.0, 5.0], [-1.0, inf], [inf, 2.0], [nan, 1.0], [0.0, -3.0]])
    expected = torch.tensor([[0.0], [nan], [inf], [nan], [-0.0]])
    torch.testing.assert_close(Gate("reglu")(closed), expected, equal_nan=True)
    assert Gate("reglu")(torch.zeros(0, 4)).shape == (0, 2)


@pytest.mark.parametrize("x", [torch.zeros(3, 5), torch.tensor(1.0)])
def test_input_without_two_halves_is_refused(x):
    with pytest.raises(InvalidValueError, match="even last dimension"):
        Gate("swiglu")(x)


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("regul", InvalidValueError, "did you mean 'reglu'"),
        ("relu", InvalidValueError, "known gate"),
        (None, InvalidTypeError, "name of a gate"),
        (torch.relu, InvalidTypeError, "name of a gate"),
    ],
)
@pytest.mark.parametrize("build", [Gate, lambda n: gated_mlp([2, 1], n)])
def test_unknown_gate_is_refused_also_without_a_hidden_layer(build, name, error, words):
    with pytest.raises(error, match=words):
        build(name)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (([3],), InvalidValueError, "two or more"),
        (([3, -1, 2],), InvalidValueError, "got -1"),
        ((3,), InvalidTypeError, "list of widths"),
    ],
)
def test_widths_that_cannot_be_matched_are_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        matched_widths(*arguments)
    with pytest.raises(InvalidTypeError, match="True or False"):
        matched_widths([3, 2], bias=None)
