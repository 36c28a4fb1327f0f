"""Inside a network: hooks that leave no trace, exact zeros, straight pieces, regions of lines."""

import math
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from relukit.activations import ACTIVATIONS
from relukit.diagnostics import (
    Pieces,
    activations,
    count_regions,
    linear_pieces,
    preactivations,
    region_polygons,
    saturation,
    zaslavsky,
    zero_fraction,
)
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.initialization import initialize
from relukit.networks import Elementwise, gated_mlp, maxout_mlp, mlp

BATCH = torch.randn(6, 4, generator=torch.Generator().manual_seed(0))


def linear(weight, bias=None):
    """Return a float64 layer with these weights."""
    weight = torch.tensor(weight, dtype=torch.float64)
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None, dtype=torch.float64)
    layer.weight.data = weight
    if bias is not None:
        layer.bias.data = torch.tensor(bias, dtype=torch.float64)
    return layer


# activations and preactivations


@pytest.mark.parametrize("activation", ["relu", "tanh", "prelu", "absolute", None])
def test_both_sides_of_every_hidden_activation_are_recorded_in_order(activation):
    network = mlp([4, 7, 5, 3], activation)
    before, after = preactivations(network, BATCH), activations(network, BATCH)
    z1 = network[0](BATCH)
    z2 = network[2](network[1](z1))
    for found, z, f in zip(before, (z1, z2), (network[1], network[3]), strict=True):
        assert torch.equal(found, z)
        assert torch.equal(after.pop(0), f(z))
        assert not found.requires_grad
    assert after == []


def test_activation_behind_the_last_layer_is_output_and_not_hidden():
    network = nn.Sequential(*mlp([4, 7, 3]), nn.Sigmoid())
    assert [tuple(a.shape) for a in activations(network, BATCH)] == [(6, 7)]
    assert [tuple(z.shape) for z in preactivations(network, BATCH)] == [(6, 7)]


def test_one_module_used_twice_is_recorded_twice():
    relu = nn.ReLU()
    network = nn.Sequential(nn.Linear(4, 7), relu, nn.Linear(7, 5), relu, nn.Linear(5, 1))
    assert [tuple(a.shape) for a in activations(network, BATCH)] == [(6, 7), (6, 5)]


def test_in_place_activation_does_not_overwrite_the_preactivation():
    network = nn.Sequential(nn.Linear(4, 7), nn.ReLU(inplace=True), nn.Linear(7, 1))
    z = network[0](BATCH)
    assert z.min() < 0
    assert torch.equal(preactivations(network, BATCH)[0], z)
    assert torch.equal(activations(network, BATCH)[0], z.relu())


def test_convolutions_count_as_layers():
    network = nn.Sequential(nn.Conv1d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4, 1))
    assert activations(network, BATCH[:, None])[0].shape == (6, 2, 2)


def test_recording_runs_in_evaluation_mode_and_gives_every_module_its_mode_back():
    network = nn.Sequential(nn.Linear(4, 50), nn.ReLU(), nn.Dropout(0.5), nn.Linear(50, 1))
    norm = nn.BatchNorm1d(4)
    network = nn.Sequential(norm, network)
    network.train()
    network[1][1].eval()
    state = torch.get_rng_state()
    activations(network, BATCH)
    assert torch.equal(torch.get_rng_state(), state)
    assert norm.num_batches_tracked == 0
    assert [m.training for m in (network, norm, network[1], network[1][1], network[1][2])] == [
        True,
        True,
        True,
        False,
        True,
    ]


def hooks(network):
    return sum(
        len(module._forward_hooks) + len(module._forward_pre_hooks) for module in network.modules()
    )


def test_no_hook_is_left_behind_and_foreign_hooks_stay():
    network, seen = mlp([4, 7, 1]), []
    network[1].register_forward_hook(lambda *_: seen.append(torch.is_grad_enabled()))
    activations(network, BATCH)
    assert hooks(network) == 1
    assert seen == [False]  # it ran once, without gradients
    assert torch.is_grad_enabled()


@pytest.mark.parametrize(
    "batch", [torch.zeros(6, 5), torch.zeros(6, 4, dtype=torch.float64), torch.zeros(4, 6).long()]
)
def test_batch_that_the_network_refuses_is_reported_and_leaves_no_trace(batch):
    network = mlp([4, 7, 1]).train()
    with pytest.raises(InvalidValueError, match="batch that the network accepts") as caught:
        preactivations(network, batch)
    assert caught.value.__cause__ is not None
    assert hooks(network) == 0
    assert all(module.training for module in network.modules())


def test_trace_is_removed_after_any_error():
    class Broken(nn.Module):
        def forward(self, x):
            raise KeyError("broken")

    network = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), Broken()).train()
    with pytest.raises(KeyError):
        activations(network, BATCH)
    assert hooks(network) == 0
    assert network[2].training


@pytest.mark.parametrize("function", [preactivations, activations, zero_fraction])
@pytest.mark.parametrize(
    ("network", "x", "error", "words"),
    [
        (None, BATCH, InvalidTypeError, "Module, got NoneType"),
        (mlp([4, 1]), [[1.0] * 4], InvalidTypeError, "tensor x, got list"),
        (mlp([4, 1]), BATCH[:0], InvalidValueError, "at least one example"),
        (nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 1)), BATCH, InvalidValueError, "2 layers"),
    ],
)
def test_what_cannot_be_recorded_is_refused(function, network, x, error, words):
    with pytest.raises(error, match=words):
        function(network, x)


def test_network_without_hidden_layer_has_nothing_to_record():
    assert activations(mlp([4, 1]), BATCH) == []


# zero_fraction


def test_zeros_are_counted_exactly():
    network = nn.Sequential(linear([[1.0], [-1.0], [0.0], [1e-30]]), nn.ReLU(), linear([[1.0] * 4]))
    x = torch.tensor([[2.0], [-1.0], [0.0], [-0.0]], dtype=torch.float64)
    # x = 2 leaves two units at 0, x = -1 three, x = 0 and x = -0.0 all four
    assert zero_fraction(network, x) == [13 / 16]


def test_half_of_the_units_are_zero_without_biases_and_none_with_tanh():
    network = mlp([4, 200, 200, 1], bias=False, seed=1)
    x = torch.randn(400, 4, generator=torch.Generator().manual_seed(1))
    assert zero_fraction(network, x) == pytest.approx([0.5, 0.5], abs=0.06)
    assert zero_fraction(mlp([4, 200, 1], "tanh"), x) == [0.0]


def test_nan_is_reported_with_the_layer_where_it_appears():
    network = mlp([4, 5, 5, 1])
    network[2].weight.data[0, 0] = math.nan
    with pytest.raises(InvalidValueError, match="nan after hidden activation 2"):
        zero_fraction(network, BATCH)


# saturation


def test_sigmoid_is_saturated_beyond_the_point_that_the_formula_gives():
    # sigma' = s(1 - s) < 0.01 / 4 where s < (1 - sqrt(0.99)) / 2, that is |z| > 5.986
    s = (1 - math.sqrt(0.99)) / 2
    edge = math.log((1 - s) / s)
    z = torch.tensor([-edge - 1e-6, -edge + 1e-6, 0.0, edge - 1e-6, edge + 1e-6, 50, math.inf, -9])
    assert saturation("sigmoid", z.double()) == 5 / 8


def test_tanh_saturates_at_half_the_argument_of_the_sigmoid():
    z = torch.linspace(-8, 8, 1001, dtype=torch.float64)
    assert saturation("tanh", z / 2) == saturation("sigmoid", z)
    share = saturation("tanh", z, fraction=0.5)
    assert share == pytest.approx(1 - math.atanh(math.sqrt(0.5)) / 8, abs=2e-3)


def test_rectifier_is_flat_on_the_negative_half_and_the_leaky_one_nowhere():
    z = torch.tensor([-3.0, -1.0, 2.0, 5.0])
    assert saturation("relu", z) == 0.5
    assert saturation("leaky_relu", z) == 0.0
    assert saturation("leaky_relu", z, fraction=0.02) == 0.5


@pytest.mark.parametrize("z", [torch.tensor(9.0, requires_grad=True), [9, 9], np.array([[9.0]])])
def test_saturation_takes_any_shape_and_kind_of_numbers(z):
    assert saturation("sigmoid", z) == 1.0


@pytest.mark.parametrize(
    ("arguments", "options", "error", "words"),
    [
        (("sigmod", [0.0]), {}, InvalidValueError, "sigmoid"),
        (("squared_relu", [0.0]), {}, InvalidValueError, "steepest slope"),
        (("tanh", []), {}, InvalidValueError, "no number"),
        (("tanh", [0.0, math.nan]), {}, InvalidValueError, "got nan"),
        (("tanh", None), {}, InvalidTypeError, "real numbers"),
        (("tanh", [0.0]), {"fraction": 0.0}, InvalidValueError, "fraction"),
        (("tanh", [0.0]), {"fraction": 1.5}, InvalidValueError, "fraction"),
        (("tanh", [0.0]), {"fraction": math.nan}, InvalidValueError, "fraction"),
        (("tanh", [0.0]), {"fraction": "1"}, InvalidTypeError, "fraction"),
    ],
)
def test_saturation_refuses_what_it_cannot_count(arguments, options, error, words):
    with pytest.raises(error, match=words):
        saturation(*arguments, **options)


# linear_pieces

STRAIGHT = ["relu", "leaky_relu", "prelu", "relu6", "absolute", "shifted_relu", "identity"]


def random_network(draw):
    hidden = draw(st.lists(st.integers(1, 6), min_size=1, max_size=3))
    activation = draw(st.sampled_from(STRAIGHT))
    seed = draw(st.integers(0, 10_000))
    network = mlp([1, *hidden, 1], activation, seed=seed, dtype=torch.float64)
    generator = torch.Generator().manual_seed(seed)
    initialize(network, "normal", std=1.0, seed=generator)
    for layer in network:
        if isinstance(layer, nn.Linear):
            nn.init.uniform_(layer.bias, -2, 2, generator=generator)
    return network


NETWORKS = st.composite(random_network)()


def evaluate(network, x):
    with torch.no_grad():
        return network(torch.from_numpy(np.asarray(x, dtype=float))[:, None])[:, 0].numpy()


@settings(deadline=None, max_examples=80)
@given(NETWORKS)
def test_pieces_are_the_network(network):
    pieces = linear_pieces(network)
    near = np.concatenate([pieces.knots + d for d in (-1e-3, -1e-9, 0, 1e-9, 1e-3)])
    x = np.concatenate([np.linspace(-30, 30, 301), near])
    y = evaluate(network, x)
    np.testing.assert_allclose(pieces(x), y, rtol=1e-9, atol=1e-9 * (1 + np.abs(y).max()))


@settings(deadline=None, max_examples=40)
@given(NETWORKS)
def test_pieces_agree_with_a_grid_wherever_the_grid_can_see(network):
    low, high, n = -8.0, 8.0, 8_001
    pieces = linear_pieces(network, low, high)
    x = np.linspace(low, high, n)
    step = x[1] - x[0]
    slope = np.diff(evaluate(network, x)) / step
    scale = 1 + np.abs(slope).max()
    # a cell without a knot has the slope of its piece
    cell = np.searchsorted(x, pieces.knots) - 1
    clean = np.setdiff1d(np.arange(n - 1), np.concatenate([cell, cell + 1, cell - 1]))
    expected = pieces.slopes[np.searchsorted(pieces.knots, (x[clean] + x[clean + 1]) / 2)]
    np.testing.assert_allclose(slope[clean], expected, atol=1e-8 * scale)
    # and neighbouring cells whose slopes differ have a knot between them
    jumps = np.flatnonzero(np.abs(np.diff(slope)) > 1e-7 * scale)
    for i in jumps:
        assert np.any((pieces.knots > x[i] - step) & (pieces.knots < x[i + 2] + step))


@settings(deadline=None, max_examples=80)
@given(NETWORKS)
def test_every_knot_changes_the_slope_and_keeps_the_value(network):
    pieces = linear_pieces(network)
    assert np.all(np.diff(pieces.knots) > 0)
    assert np.all(np.diff(pieces.slopes) != 0)
    left = pieces.slopes[:-1] * pieces.knots + pieces.intercepts[:-1]
    right = pieces.slopes[1:] * pieces.knots + pieces.intercepts[1:]
    scale = 1 + np.abs(pieces.slopes[1:] * pieces.knots) + np.abs(pieces.intercepts[1:])
    np.testing.assert_allclose(left / scale, right / scale, atol=1e-10)
    assert pieces.n_patterns >= pieces.count


@settings(deadline=None, max_examples=40)
@given(NETWORKS, st.floats(-9, 0), st.floats(0.1, 9))
def test_a_part_of_the_line_has_the_knots_that_lie_in_it(network, low, high):
    whole, part = linear_pieces(network), linear_pieces(network, low, high)
    inside = whole.knots[(whole.knots > low + 1e-9) & (whole.knots < high - 1e-9)]
    np.testing.assert_allclose(part.knots, inside, rtol=1e-9, atol=1e-9)
    assert (part.low, part.high) == (low, high)


def tent():
    return nn.Sequential(
        linear([[1.0], [1.0]], [0.0, -0.5]), nn.ReLU(), linear([[2.0, -4.0]], [0.0])
    )


@pytest.mark.parametrize("k", range(1, 11))
def test_tent_map_composed_k_times_has_two_to_the_k_pieces_on_the_unit_interval(k):
    pieces = linear_pieces(nn.Sequential(*(tent() for _ in range(k))), 0, 1)
    assert pieces.count == 2**k
    assert np.array_equal(pieces.knots, np.arange(1, 2**k) / 2**k)
    assert np.array_equal(np.abs(pieces.slopes), np.full(2**k, 2.0**k))


@pytest.mark.parametrize("n", [1, 2, 9, 50, 300])
def test_one_hidden_layer_of_n_units_has_n_plus_one_pieces(n):
    network = mlp([1, n, 1], seed=n)
    pieces = linear_pieces(network)
    assert (pieces.count, pieces.n_patterns) == (n + 1, n + 1)
    kinks = -network[0].bias.detach().double() / network[0].weight.detach().double()[:, 0]
    np.testing.assert_allclose(pieces.knots, np.sort(kinks.numpy()), rtol=1e-12)


def test_float32_network_is_described_within_its_own_rounding():
    network = mlp([1, 20, 20, 1], seed=3)
    x = torch.linspace(-5, 5, 1001)
    with torch.no_grad():
        expected = network(x[:, None])[:, 0]
    found = linear_pieces(network)(x.numpy())
    np.testing.assert_allclose(found, expected.numpy(), atol=1e-5)
    assert next(network.parameters()).dtype == torch.float32


def test_units_that_cancel_leave_no_piece_but_their_patterns_count():
    # relu(x) - relu(-x) = x
    pieces = linear_pieces(nn.Sequential(linear([[1.0], [-1.0]]), nn.ReLU(), linear([[1.0, -1.0]])))
    assert (pieces.count, pieces.n_patterns) == (1, 2)
    assert pieces(np.array([-2.5, 0.0, 4.0])).tolist() == [-2.5, 0.0, 4.0]


def test_cancellation_up_to_rounding_leaves_no_piece():
    # 0.1 relu(3x + 0.3) + 0.2 relu(3x + 0.3) - 0.3 relu(3x + 0.3): slopes 0.30000000000000004
    network = nn.Sequential(
        linear([[3.0]] * 3, [0.3] * 3), nn.ReLU(), linear([[0.1, 0.2, -0.3]], [1.0])
    )
    assert 3 * 0.1 + 3 * 0.2 - 3 * 0.3 != 0
    assert linear_pieces(network).count == 1


def test_units_with_the_same_kink_up_to_rounding_share_one_knot():
    w = np.array([0.1, 0.7, 1.3, 3.3, -0.7])
    b = 0.1 * w  # every kink at -0.1, up to rounding
    assert len(set(-b / w)) > 1
    network = nn.Sequential(linear(w[:, None], b), nn.ReLU(), linear([[1.0, 1.0, 1.0, 1.0, 1.0]]))
    pieces = linear_pieces(network)
    assert (pieces.count, pieces.n_patterns) == (2, 2)
    assert pieces.knots == pytest.approx([-0.1])


def test_close_kinks_that_differ_stay_apart():
    network = nn.Sequential(linear([[1.0], [1.0]], [0.0, -1e-9]), nn.ReLU(), linear([[1.0, 1.0]]))
    assert linear_pieces(network).knots.tolist() == [0.0, 1e-9]


@pytest.mark.parametrize("scale", [1e-100, 1e-9, 1e9, 1e100])
def test_unit_of_length_does_not_matter(scale):
    plain = linear_pieces(nn.Sequential(linear([[1.0]]), mlp([1, 8, 8, 1], seed=1)))
    scaled = linear_pieces(nn.Sequential(linear([[1 / scale]]), mlp([1, 8, 8, 1], seed=1)))
    np.testing.assert_allclose(scaled.knots, plain.knots * scale, rtol=1e-10)
    assert scaled.count == plain.count


def test_linear_networks_and_dead_networks_are_one_piece():
    assert linear_pieces(mlp([1, 5, 5, 1], None)).count == 1
    assert linear_pieces(nn.Linear(1, 1)).count == 1
    dead = nn.Sequential(linear([[0.0]], [-1.0]), nn.ReLU(), linear([[2.0]], [3.0]))
    pieces = linear_pieces(dead)
    assert (pieces.count, pieces.slopes.tolist(), pieces.intercepts.tolist()) == (1, [0.0], [3.0])


@pytest.mark.parametrize(
    ("module", "knots", "slopes"),
    [
        (nn.ReLU(), [0], [0, 1]),
        (nn.ReLU(inplace=True), [0], [0, 1]),
        (nn.LeakyReLU(0.25), [0], [0.25, 1]),
        (nn.LeakyReLU(1.0), [], [1]),
        (nn.PReLU(init=-0.5), [0], [-0.5, 1]),
        (nn.RReLU(0.25, 0.75), [0], [0.5, 1]),
        (nn.ReLU6(), [0, 6], [0, 1, 0]),
        (nn.Hardtanh(-2, 3), [-2, 3], [0, 1, 0]),
        (nn.Hardsigmoid(), [-3, 3], [0, 1 / 6, 0]),
        (nn.Softshrink(1.5), [-1.5, 1.5], [1, 0, 1]),
        (nn.Threshold(-1.0, -1.0), [-1], [0, 1]),
        (nn.Identity(), [], [1]),
        (Elementwise("absolute"), [0], [-1, 1]),
    ],
)
def test_every_straight_activation_has_its_kinks_and_slopes(module, knots, slopes):
    pieces = linear_pieces(nn.Sequential(linear([[1.0]]), module, linear([[1.0]])))
    assert pieces.knots.tolist() == pytest.approx(knots)
    assert pieces.slopes.tolist() == pytest.approx(slopes)
    x = np.linspace(-7, 7, 57)
    np.testing.assert_allclose(pieces(x), evaluate(module.double().eval(), x), atol=1e-12)


def test_prelu_may_have_one_slope_for_each_unit():
    prelu = nn.PReLU(2)
    prelu.weight.data = torch.tensor([0.5, 0.25])
    network = nn.Sequential(linear([[1.0], [-1.0]], [0.0, 2.0]), prelu, linear([[1.0, 1.0]]))
    pieces = linear_pieces(network)
    assert pieces.knots.tolist() == [0.0, 2.0]
    assert pieces.slopes.tolist() == [-0.5, 0.0, 0.75]


@pytest.mark.parametrize("name", sorted(set(ACTIVATIONS) - set(STRAIGHT)))
def test_bent_or_jumping_activations_are_refused(name):
    with pytest.raises((InvalidTypeError, InvalidValueError), match=r"straight|piecewise-linear"):
        linear_pieces(mlp([1, 3, 1], name))


class Doubled(nn.ReLU):
    def forward(self, x):
        return 2 * super().forward(x) + x.square()


@pytest.mark.parametrize(
    ("network", "options", "error", "words"),
    [
        (None, {}, InvalidTypeError, "Module, got NoneType"),
        (mlp([2, 3, 1]), {}, InvalidValueError, "one input"),
        (mlp([1, 3, 2]), {}, InvalidValueError, "one output, got 2"),
        (nn.Sequential(nn.Linear(1, 3), nn.Linear(2, 1)), {}, InvalidValueError, "behind 3 units"),
        (nn.Sequential(nn.Linear(1, 1), Doubled()), {}, InvalidTypeError, "got Doubled"),
        (nn.Sequential(nn.Linear(1, 1), nn.Dropout()), {}, InvalidTypeError, "got Dropout"),
        (nn.Sequential(linear([[math.nan]])), {}, InvalidValueError, "finite weights"),
        (nn.Sequential(linear([[1.0]], [math.inf])), {}, InvalidValueError, "finite weights"),
        (nn.Sequential(*[linear([[1e200]])] * 2), {}, InvalidValueError, "overflow"),
        (mlp([1, 1]), {"low": 1.0, "high": 1.0}, InvalidValueError, "low < high"),
        (mlp([1, 1]), {"low": 2.0, "high": 1.0}, InvalidValueError, "low < high"),
        (mlp([1, 1]), {"low": math.nan}, InvalidValueError, "low < high"),
        (mlp([1, 1]), {"high": "1"}, InvalidTypeError, "number as high"),
    ],
)
def test_what_is_not_a_straight_function_of_one_number_is_refused(network, options, error, words):
    with pytest.raises(error, match=words):
        linear_pieces(network, **options)


def test_pieces_are_called_inside_their_domain_only():
    pieces = linear_pieces(mlp([1, 3, 1]), -1, 1)
    assert pieces(0.5).shape == ()
    assert pieces([[0.5, 1.0]]).shape == (1, 2)
    assert pieces([]).shape == (0,)
    for x in (1.5, [0.0, -1.5], math.nan):
        with pytest.raises(InvalidValueError, match=r"finite x from -1.0 to 1.0"):
            pieces(x)
    with pytest.raises(InvalidValueError, match="finite x"):
        linear_pieces(mlp([1, 3, 1]))(math.inf)
    for x in ("x", 1j, torch.zeros(1, requires_grad=True)):
        with pytest.raises(InvalidTypeError, match="numbers x"):
            pieces(x)
    assert repr(pieces) == f"Pieces({pieces.count} on [-1, 1])"


@pytest.mark.parametrize(
    ("knots", "slopes", "intercepts"),
    [([], [], []), ([0.0], [1.0], [0.0]), ([], [1.0], []), ([[0.0]], [1.0, 2.0], [0.0, 0.0])],
)
def test_arrays_that_do_not_fit_are_no_pieces(knots, slopes, intercepts):
    with pytest.raises(InvalidValueError, match="n - 1 knots"):
        Pieces(*map(np.array, (knots, slopes, intercepts)))


# count_regions, region_polygons, zaslavsky

BOX = (-3.0, 3.0, -2.0, 2.0)


def arrangement(n, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 2)), rng.normal(size=n)


def area(polygon):
    x, y = polygon.T
    return 0.5 * np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))


@pytest.mark.parametrize(
    ("n", "d", "regions"),
    [
        (3, 2, 7),
        (10, 2, 56),
        (32, 2, 529),
        (96, 2, 4657),
        (9, 1, 10),
        (50, 10, 13_432_735_556),
        (8, 10, 256),
        (0, 3, 1),
        (5, 0, 1),
        (np.int64(3), np.int32(2), 7),
    ],
)
def test_zaslavsky_gives_the_published_numbers(n, d, regions):
    assert zaslavsky(n, d) == regions


@pytest.mark.parametrize(
    ("n", "d", "error"),
    [
        (-1, 2, InvalidValueError),
        (3, -1, InvalidValueError),
        (3.0, 2, InvalidTypeError),
        (3, "2", InvalidTypeError),
        (True, 2, InvalidTypeError),
    ],
)
def test_zaslavsky_refuses_what_is_no_count(n, d, error):
    with pytest.raises(error):
        zaslavsky(n, d)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10, 32, 96])
def test_random_lines_reach_zaslavsky_s_number(n):
    assert count_regions(*arrangement(n, seed=n)) == zaslavsky(n, 2)


def test_first_layer_of_a_network_is_counted_as_it_is():
    layer = mlp([2, 32, 1], seed=1)[0]
    assert count_regions(layer.weight, layer.bias) == 529
    half = mlp([2, 6, 1], dtype=torch.bfloat16)[0]
    exact = half.weight.double(), half.bias.double()
    assert count_regions(half.weight, half.bias) == count_regions(*exact)


@pytest.mark.parametrize(
    ("weight", "bias", "regions"),
    [
        ([[0, 0]], [1], 1),  # no line
        ([[0, 0]], [0], 1),
        ([[-0.0, 0.0], [1, 0]], [0, 0], 2),
        ([[1, 0], [2, 0], [-3, 0]], [1, 2, -3], 2),  # one line three times
        ([[1, 0], [1, 0], [-1, 0]], [0, 1, 2], 4),  # three parallels
        ([[1, 0], [0, 1], [1, 1]], [0, 0, 0], 6),  # three through one point
        ([[1, 0], [0, 1], [1, 1], [1, -1]], [0, 0, 0, 0], 8),  # four through one point
        ([[1, 0], [1, 0], [0, 1], [0, 1]], [0, -1, 0, -1], 9),  # a grid
        ([[1, 0], [0, 1], [1, 1], [1, -1]], [0, 0, 0, 1], 10),  # a triple point and a line
        ([[1, 0], [1, 0], [0, 1]], [0, -1, 0], 6),  # two parallels and a transversal
        ([[1, 0], [1, 1e-300]], [0, 0], 4),  # nearly parallel is not parallel
        ([[1e300, 1e300], [1e-300, 1e-300]], [0, 0], 2),  # nor is far apart in size
    ],
)
def test_degenerate_arrangements_are_counted_by_hand(weight, bias, regions):
    assert count_regions(weight, bias) == regions
    box = (-5, 5, -5, 5)
    if abs(np.array(weight)).max() < 1e200 and 1e-300 not in np.ravel(weight):
        assert len(region_polygons(weight, bias, box)) == regions


def test_triple_points_are_seen_where_floats_would_miss_them():
    # three lines through (1/3, 1/7), scaled so that no coefficient is round
    rows = [(Fraction(3), Fraction(7)), (Fraction(9), Fraction(-7)), (Fraction(3), Fraction(-14))]
    weight = [[float(a), float(b)] for a, b in rows]
    bias = [float(-(a / 3 + b / 7)) for a, b in rows]
    assert count_regions(weight, bias) == 6
    bias[0] = math.nextafter(bias[0], 0)
    assert count_regions(weight, bias) == 7


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2), st.integers(-2, 2)), max_size=7))
def test_count_equals_the_sign_patterns_of_exact_sample_points(rows):
    # every corner of these lines lies within 16 of 0, so the box meets every region
    weight, bias = [row[:2] for row in rows], [row[2] for row in rows]
    weight = np.array(weight, dtype=float).reshape(-1, 2)
    polygons = region_polygons(weight, bias, (-101.25, 103.5, -102.75, 107.125))
    centres = np.array([polygon.mean(axis=0) for polygon in polygons])
    signs = np.sign(centres @ weight.T + np.array(bias, dtype=float))
    patterns = {tuple(row) for row in signs[:, np.any(weight != 0, axis=1)].tolist()}
    assert len(patterns) == len(polygons) == count_regions(weight, bias)
    assert all(0 not in pattern for pattern in patterns)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 12), st.integers(0, 10_000))
def test_polygons_tile_the_box_counter_clockwise_and_convex(n, seed):
    polygons = region_polygons(*arrangement(n, seed), BOX)
    areas = np.array([area(polygon) for polygon in polygons])
    assert np.all(areas > 0)
    assert areas.sum() == pytest.approx(24.0, rel=1e-12)
    for polygon in polygons:
        edge = np.roll(polygon, -1, axis=0) - polygon
        turn = edge[:, 0] * np.roll(edge[:, 1], -1) - edge[:, 1] * np.roll(edge[:, 0], -1)
        assert np.all(turn > -1e-12)
        assert np.all((polygon >= [-3, -2]) & (polygon <= [3, 2]))


@pytest.mark.parametrize("seed", range(4))
def test_every_sign_pattern_of_a_fine_grid_has_its_polygon(seed):
    weight, bias = arrangement(8, seed)
    polygons = region_polygons(weight, bias, BOX)
    x, y = np.meshgrid(np.linspace(-3, 3, 301), np.linspace(-2, 2, 201))
    above = np.stack([x.ravel(), y.ravel()], axis=1) @ weight.T + bias > 0
    grid = {tuple(row) for row in np.unique(above, axis=0)}
    centres = np.array([polygon.mean(axis=0) for polygon in polygons])
    found = {tuple(row) for row in centres @ weight.T + bias > 0}
    assert grid <= found
    assert len(found) == len(polygons)
    # a grid misses what is smaller than its cells, and nothing else
    missed = [
        p
        for p, row in zip(polygons, centres @ weight.T + bias > 0, strict=True)
        if tuple(row) not in grid
    ]
    assert all(area(p) < 0.02 for p in missed)


def test_large_box_shows_every_region():
    weight, bias = arrangement(32, seed=5)
    assert len(region_polygons(weight, bias, (-1e4, 1e4, -1e4, 1e4))) == 529


def test_lines_along_the_edge_of_the_box_or_outside_cut_nothing():
    lines = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 1.0]], [-3.0, 2.0, -5.0, 9.0]
    polygons = region_polygons(*lines, BOX)
    assert [polygon.tolist() for polygon in polygons] == [[[-3, -2], [3, -2], [3, 2], [-3, 2]]]


def test_a_line_through_two_corners_adds_no_corner():
    polygons = region_polygons([[1.0, -1.0]], [0.0], (0, 1, 0, 1))
    assert sorted(len(polygon) for polygon in polygons) == [3, 3]


@pytest.mark.parametrize(
    ("weight", "bias", "error", "words"),
    [
        ([[1.0, 2.0, 3.0]], [0.0], InvalidValueError, r"shape \(n, 2\)"),
        ([1.0, 2.0], [0.0], InvalidValueError, r"shape \(n, 2\)"),
        ([[1.0, 2.0]], [0.0, 1.0], InvalidValueError, r"bias of shape \(1\)"),
        ([[1.0, 2.0]], 0.0, InvalidValueError, "bias of shape"),
        ([[1.0], [2.0, 3.0]], [0.0, 0.0], InvalidValueError, "ragged"),
        ([[math.nan, 1.0]], [0.0], InvalidValueError, "finite weight"),
        ([[1.0, 1.0]], [math.inf], InvalidValueError, "finite bias"),
        ([["a", "b"]], [0.0], InvalidTypeError, "numbers"),
        (None, [0.0], InvalidTypeError, "numbers"),
        ([[True, False]], [0.0], InvalidTypeError, "numbers"),
    ],
)
def test_what_is_no_line_is_refused(weight, bias, error, words):
    with pytest.raises(error, match=words):
        count_regions(weight, bias)
    with pytest.raises(error, match=words):
        region_polygons(weight, bias, BOX)


@pytest.mark.parametrize(
    ("box", "error"),
    [
        ((1, 0, 0, 1), InvalidValueError),
        ((0, 1, 1, 1), InvalidValueError),
        ((0, 1, 0), InvalidValueError),
        (((0, 1), (0, 1)), InvalidValueError),
        ((0, 1, 0, math.inf), InvalidValueError),
        (("0", "1", "0", "1"), InvalidTypeError),
        (None, InvalidTypeError),
    ],
)
def test_box_without_area_is_refused(box, error):
    with pytest.raises(error, match=r"box|left"):
        region_polygons([[1.0, 0.0]], [0.0], box)


@pytest.mark.parametrize("build", [maxout_mlp, gated_mlp])
def test_activations_that_join_several_units_are_recorded_too(build):
    network = build((5, 6, 4, 2), seed=0)
    x = torch.randn(7, 5)
    before, after = preactivations(network, x), activations(network, x)
    assert len(before) == len(after) == 2
    assert all(b.shape[1] > a.shape[1] for b, a in zip(before, after, strict=True))
    assert network(x).shape == (7, 2)
    assert all(0 <= share <= 1 for share in zero_fraction(network, x))
