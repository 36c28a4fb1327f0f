"""Lesson 05's experiments against closed forms, brute force and plain torch."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from relukit.datasets import digits
from relukit.gaussian import moments
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.initialization.experiments import (
    gains,
    gradients,
    likeness,
    schemes,
    trained,
    widths,
)
from relukit.lessons.initialization.experiments.layers import fresh, inputs, passage, passages
from relukit.networks import mlp
from relukit.statistics import interval

pytestmark = pytest.mark.slow

# passages


def test_a_passage_is_what_plain_loops_and_finite_differences_give():
    network = fresh((5, 7, 6, 1), "tanh", "he_normal", seed=3).double()
    x = inputs(4, 5, seed=1).double()
    found = passage(network, x.clone(), seed=1)
    first = torch.tanh(x @ network[0].weight.detach().T)
    second = torch.tanh(first @ network[2].weight.detach().T)
    for measured_decades, a in zip(found.signal, (first, second), strict=True):
        expected = math.log10(a.square().mean() / x.square().mean())
        assert measured_decades == pytest.approx(expected)
    back = inputs(4, 6, seed=1, purpose="back").double()

    def sent_back(start: torch.Tensor) -> float:
        a = torch.tanh(start @ network[0].weight.detach().T)
        return float((torch.tanh(a @ network[2].weight.detach().T) * back).sum())

    slopes = torch.empty_like(x)
    for i in range(4):
        for j in range(5):
            step = torch.zeros_like(x)
            step[i, j] = 1e-6
            slopes[i, j] = (sent_back(x + step) - sent_back(x - step)) / 2e-6
    expected = math.log10(slopes.square().mean() / back.square().mean())
    assert found.gradient[0] == pytest.approx(expected, abs=1e-6)
    network.float()


def test_fresh_networks_have_the_scheme_s_weights_and_no_biases():
    again = mlp((4, 8, 2), "relu", scheme="pytorch", seed=5)
    network = fresh((4, 8, 2), "relu", "pytorch", seed=5)
    assert torch.equal(network[0].weight, again[0].weight)
    assert not any(layer.bias.any() for layer in network[::2])


@pytest.mark.parametrize(
    ("scheme", "options", "factor"),
    [
        ("he_normal", {}, 1),
        ("he_uniform", {}, 1),
        ("glorot_uniform", {}, 1 / 2),
        ("pytorch", {}, 1 / 6),
        ("pytorch", {"gain": schemes.TUTORIAL_GAIN}, 1 / 3),
        ("he_normal", {"gain": 2 * math.sqrt(2)}, 4),
        ("normal", {"std": 0.01}, 256 * 1e-4 / 2),
    ],
)
def test_twenty_layers_multiply_by_n_times_the_variance_over_2_each(scheme, options, factor):
    found = passages(scheme, **options)
    expected = 20 * math.log10(factor)
    for decades in (
        [one.signal[-1] for one in found],
        [one.gradient[0] for one in found],
    ):
        span = interval(decades)
        assert abs(span.mean - expected) < 0.25  # finite width: -2.5 L / n / ln 10 = -0.08


def test_uniform_bounds_of_the_tutorial_are_those_of_its_gain():
    weight = fresh((900, 100), "relu", "pytorch", seed=0, gain=schemes.TUTORIAL_GAIN)[0].weight
    assert weight.abs().max().item() == pytest.approx(math.sqrt(2 / 900), rel=1e-3)


def test_fan_out_weights_have_variance_2_over_m():
    widths_ = (256, *(round(256 * 8 ** (-k / 10)) for k in range(1, 11)))
    assert widths_[-1] == 32
    assert sorted(widths_, reverse=True) == list(widths_)
    into, out = schemes.tapering("in"), schemes.tapering("out")
    gap = interval([b.signal[-1] - a.signal[-1] for a, b in zip(into, out, strict=True)])
    assert gap.mean == pytest.approx(math.log10(256 / 32), abs=1e-4)  # the same draws, rescaled


# gains


@pytest.mark.parametrize(
    ("name", "slope"),
    [
        ("relu", 1.0),
        ("selu", 0.782648),
        ("tanh", 0.461071),
        ("gelu", 1.144063),
        ("silu", 1.172594),
        ("mish", 1.076339),
    ],
)
def test_slopes_at_the_fixed_point_are_e_f_df_z_over_e_f2(name, slope):
    assert gains.fixed_point_slope(name) == pytest.approx(slope, abs=2e-5)


def test_the_variance_map_is_a_gaussian_mean():
    z = np.random.default_rng(0).standard_normal(2_000_000)
    expected = 2.5 * np.mean(np.tanh(math.sqrt(1.7) * z) ** 2)
    assert gains.variance_map("tanh", 1.7, 2.5) == pytest.approx(expected, rel=2e-3)


def test_own_gain_starts_at_pre_activations_of_variance_one():
    found = gains.own_gain("gelu", start=1.0, depth=2)
    # from the fixed point the first layers keep E[f^2]: no decade is gained but by chance
    assert abs(interval([one.signal[0] for one in found]).mean) < 0.05


def test_the_leaky_moments_that_the_lesson_states():
    found = moments("leaky_relu", slope=0.1)
    assert found.mean == pytest.approx(0.9 / math.sqrt(2 * math.pi))
    assert found.second == pytest.approx(0.505)
    assert found.variance == pytest.approx(0.505 - 0.81 / (2 * math.pi))


def test_tanh_with_xavier_falls_as_one_over_twice_the_depth():
    q = 1.0
    for _ in range(2000):
        q = gains.variance_map("tanh", q, 1.0)
    assert 2 * 2000 * q == pytest.approx(1, rel=0.02)


# finite width


def test_signals_drift_and_spread_as_depth_over_width():
    decades = []
    for seed in range(400):  # one input: for Gaussian weights each layer is a fresh chi square
        generator = torch.Generator().manual_seed(seed)
        a = torch.randn(64, generator=generator, dtype=torch.float64)
        start = float(a.square().sum())
        for _ in range(20):
            weight = torch.randn(64, 64, generator=generator, dtype=torch.float64)
            a = torch.relu(weight @ a * math.sqrt(2 / 64))
        decades.append(math.log10(float(a.square().sum()) / start))
    centre, spread = widths.expected(64, 20)
    assert np.mean(decades) == pytest.approx(centre, abs=0.08)
    assert np.std(decades) == pytest.approx(spread, rel=0.12)


# likeness


def test_the_arc_cosine_map_is_what_many_rectified_pairs_give():
    z = np.random.default_rng(0).standard_normal((2, 1_000_000))
    for c in (-0.6, 0.0, 0.5, 0.9):
        other = c * z[0] + math.sqrt(1 - c * c) * z[1]
        both = np.mean(np.maximum(z[0], 0) * np.maximum(other, 0)) / 0.5
        assert float(likeness.arc_cosine(c)) == pytest.approx(both, abs=4e-3)


def test_iterates_of_the_map_are_those_of_the_fact_base():
    found = likeness.predicted_cosines(100)
    table = {1: 0.318310, 2: 0.493731, 5: 0.735946, 20: 0.948428, 100: 0.996423}
    for layer, cosine in table.items():
        assert found[layer] == pytest.approx(cosine, abs=1e-6)


def test_mean_cosine_and_fixed_units_agree_with_loops():
    a = torch.randn(6, 9, generator=torch.Generator().manual_seed(0)).relu()
    pairs = [
        float(torch.nn.functional.cosine_similarity(a[i], a[j], dim=0))
        for i in range(6)
        for j in range(6)
        if i != j
    ]
    assert likeness.mean_cosine(a) == pytest.approx(np.mean(pairs), abs=1e-6)
    switched = [len({bool(v > 0) for v in column}) == 2 for column in a.T]
    assert likeness.fixed_units(a) == pytest.approx(1 - np.mean(switched))


def test_half_are_zero_while_a_quarter_and_then_half_of_the_units_are_fixed():
    assert likeness.at_layer("zeros", 20).mean == pytest.approx(0.5, abs=0.05)
    assert likeness.at_layer("fixed", 1).mean < 0.005
    assert likeness.at_layer("fixed", 10).mean == pytest.approx(0.25, abs=0.07)
    assert likeness.at_layer("fixed", 20).mean == pytest.approx(0.5, abs=0.1)


def test_differences_fade_by_the_square_law_on_the_edge_and_exponentially_off_it():
    on = likeness.difference_left(10_000, weight=2.0)
    assert on[10_000] * 10_000**2 / (9 * math.pi**2 / 2) == pytest.approx(1, abs=0.01)
    for layer in (1, 3, 10):
        cosines = likeness.predicted_cosines(layer, start=0.5)
        assert on[layer] == pytest.approx(1 - cosines[-1], abs=1e-12)
    off = likeness.difference_left(200, weight=1.5, bias=0.25)
    assert off[200] / off[199] == pytest.approx(0.75, abs=1e-4)


@pytest.mark.parametrize("weight", [1.5, 2.5])
def test_off_the_edge_is_what_weights_and_biases_of_wide_layers_do(weight):
    """Covariances by sampling, layer after layer, with biases of variance 1/4."""
    stream, covariance = np.random.default_rng(0), np.array([[1.0, 0.5], [0.5, 1.0]])
    left = likeness.difference_left(3, weight=weight, bias=0.25)
    for layer in (1, 2, 3):
        z = np.linalg.cholesky(covariance) @ stream.standard_normal((2, 1_000_000))
        a = np.maximum(z, 0)
        covariance = weight * (a @ a.T) / a.shape[1] + 0.25
        cosine = covariance[0, 1] / math.sqrt(covariance[0, 0] * covariance[1, 1])
        assert left[layer] == pytest.approx(1 - cosine, abs=4e-3)


# gradients


def test_singular_values_are_those_of_autograd_s_jacobian():
    network = fresh((8,) * 4 + (1,), "relu", "he_normal", seed=2).double()
    x = inputs(1, 8, seed=2, size=0.1).double()[0]
    jacobian = torch.autograd.functional.jacobian(network[:-1], x)
    network.float()
    expected = torch.linalg.svdvals(jacobian)
    found = gradients.spectrum("relu", "he_normal", math.sqrt(2), seed=2, width=8, depth=3)
    assert np.allclose(found, expected.numpy(), atol=1e-5)


@pytest.mark.parametrize("name", gradients.ARMS)
def test_gradient_curves_are_slopes_of_the_network_that_the_text_describes(name):
    width, depth, seed = 12, 3, 0
    generator = torch.Generator().manual_seed(seed)
    drawn = [torch.randn(width, 2, generator=generator)]
    drawn += [torch.randn(width, width + 1, generator=generator) for _ in range(depth - 1)]
    last = torch.randn(width, generator=generator)
    std = math.sqrt((2 if name == "2/n" else 1) / width)

    def network(x: torch.Tensor) -> torch.Tensor:
        a = x[None]
        for layer, both in enumerate(drawn):
            weight, bias = std * both[:, :-1].double(), std * both[:, -1:].double()
            a = torch.relu(weight @ a + (bias if layer == 0 or "only" not in name else 0))
        return std * last.double() @ a

    x = torch.arange(-2, 2, 4 / 256, dtype=torch.float64).requires_grad_()
    (expected,) = torch.autograd.grad(network(x).sum(), x)
    found = gradients.gradient_curves(depth, width=width, seeds=range(1))[name][seed]
    torch.testing.assert_close(found, expected)


def test_orthogonal_tanh_loses_directions_where_its_inputs_are_large():
    """The ledger says what happens at an input of deviation 1 instead of 0.1."""
    small, large = (
        np.mean(gradients.survivors("tanh, orthogonal", size=size)) for size in (0.1, 1.0)
    )
    assert small > 0.99
    assert large < 0.9


def test_autocorrelation_is_numpy_s():
    curve = torch.randn(50, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    full = np.correlate(curve.numpy(), curve.numpy(), mode="full")
    for lag in (0, 1, 16):
        expected = full[49 + lag] / full[49]
        assert gradients.autocorrelation(curve, lag) == pytest.approx(expected)


def test_the_threshold_of_shattering_is_half_of_one_layer_s_autocorrelation():
    many = Setting(seeds=range(2000, 2064))
    alike = gradients.lag_autocorrelation(1, "1/n", setting=many)
    assert np.mean(alike) / 2 == pytest.approx(0.42, abs=0.02)


# training


def test_different_units_are_counted_by_rows():
    weight = torch.tensor([[1.0, 2.0], [1.0, 2.00001], [0.0, 2.0], [1.0, 2.0]])
    assert trained.different_units(weight) == 2
    assert trained.different_units(weight, tolerance=1e-7) == 3


def test_units_of_the_only_constant_layer_become_different():
    """Equal gradients need equal weights behind the layer as well."""
    network, data = trained.constant_layer(3), digits(seed=3)
    loss = torch.nn.functional.cross_entropy(network(data.x_train), data.y_train)
    loss.backward()
    assert trained.different_units(network[0].weight.grad) == 32
    same = trained.constant_network(3)
    torch.nn.functional.cross_entropy(same(data.x_train), data.y_train).backward()
    assert trained.different_units(same[0].weight.grad) == 1


def test_the_variance_across_inputs_is_a_plain_loop_s():
    width, seed = 256, STATED.seeds[1]
    a = inputs(64, width, seed=seed).double()
    network = mlp((width,) * 21 + (1,), "relu", scheme="pytorch", seed=seed).double()
    for layer in list(network)[:-1]:
        a = layer(a)
    expected = math.log10(float(a.detach().var(dim=0).mean()))
    assert schemes.default_variance("relu")[1] == pytest.approx(expected, abs=1e-3)


def test_networks_with_a_bias_have_it_everywhere_and_share_their_weights():
    zero, one = trained.with_bias(0.0)(3), trained.with_bias(1.0)(3)
    assert all(bool((layer.bias == 1).all()) for layer in one[::2])
    assert torch.equal(zero[0].weight, one[0].weight)
    assert trained.constant_network(0)[4].weight.unique().numel() == 1


def test_trained_accuracy_peaks_at_he_s_gain_and_falls_to_guessing_on_both_sides():
    """The figures and the explorer say so in words."""
    found = {gain: np.mean(each) for gain, each in trained.accuracy_by_gain().items()}
    assert max(found, key=found.get) == math.sqrt(2)
    assert found[math.sqrt(2)] > found[1.0] + 0.2
    assert found[math.sqrt(2)] > found[2.0] + 0.2
    assert found[0.5] < 0.2
    assert found[2.5] < 0.2


def test_dots_of_tanh_and_relu_do_not_touch():
    """The lesson says that the groups of 50 layers stand apart."""
    found = trained.deep_accuracy()
    assert min(found["tanh, orthogonal"]) > max(found["ReLU, He"])


# LSUV


def test_lsuv_lesson_network_is_flat_with_he_s_weights():
    """The lesson prints that GELU's 30 layers fade with He's weights, on digits."""
    from relukit.initialization import initialize

    network = mlp((64,) + (32,) * 30 + (10,), "gelu")
    initialize(network, "he_normal", seed=0)
    assert isinstance(network[0], nn.Linear)
    assert float(network(digits().x_train).detach().var()) < 1e-5
