"""Lesson 03's experiments rest on helpers that closed forms and plain torch confirm."""

import itertools
import math

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn

from relukit.activations import ACTIVATIONS, activation
from relukit.errors import InvalidValueError
from relukit.gaussian import moments
from relukit.ledger import claim, measure
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.variants.experiments import (
    comparisons,
    exponential,
    kinked,
    learned,
    numerics,
    published,
    smooth,
    trained,
)
from relukit.lessons.variants.experiments.table import HEAD, UNITS_HEAD, exact, lowest, table
from relukit.networks import maxout_mlp, mlp
from relukit.statistics import Interval

pytestmark = pytest.mark.slow
MISH_PRINTED = {  # the 95 % intervals that the table itself prints, of the other minus Mish
    "GELU": (-0.3682, 0.1499),
    "ReLU": (-1.1179, -0.5247),
    "ELU": (-1.2931, -0.8556),
    "SELU": (-3.8713, -3.2670),
    "PReLU": (-2.7715, -0.8590),
}


def n_parameters(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


@pytest.mark.parametrize("name", MISH_PRINTED)
def test_intervals_from_printed_deviations_match_the_printed_intervals(name):
    span, _ = published.mish_against(name)
    low, high = MISH_PRINTED[name]
    assert -span.high == pytest.approx(low, abs=0.03)
    assert -span.low == pytest.approx(high, abs=0.03)


def test_welchs_p_value_is_scipys():
    (mean_a, sd_a), (mean_b, sd_b) = first, second = (87.5, 0.4), (87.2, 0.6)
    _, p_value = published.welch(first, second)
    expected = stats.ttest_ind_from_stats(mean_a, sd_a, 23, mean_b, sd_b, 23, equal_var=False)
    assert p_value == pytest.approx(expected.pvalue, rel=1e-9)


def test_gelu_and_swish_have_the_p_values_that_the_table_prints():
    assert published.mish_against("GELU")[1] == pytest.approx(0.4003, abs=0.01)
    assert published.mish_against("Swish")[1] == pytest.approx(0.1973, abs=0.02)
    assert max(published.MISH_TABLE, key=lambda name: published.MISH_TABLE[name]) == "E-Swish"


def test_the_numbers_that_the_ledger_prints_of_tables_are_theirs():
    assert round(published.mish_against("ReLU")[0].mean, 2) == 0.82
    assert "0.82" in claim("mish-best").correct
    assert {f"{published.p_after_three_runs(name):.4f}" for name in ("GELU", "Swish")} == {"0.0023"}
    assert "P is 0.0023 for both" in claim("mish-three-runs").correct
    for value in published.SHAZEER_PLAIN.values():
        assert f"{value:.3f}" in claim("relu-default").correct
    for slope in (published.HE_SLOPES[0], published.HE_SLOPES[published.N_CONVOLUTIONS - 1]):
        assert f"{slope:.3f}" in claim("prelu-by-depth").correct
    twins = published.TWINS
    jax = {name: values[1] for name, values in twins.items()}
    assert max(jax, key=jax.get) == "ReLU"
    assert max(twins, key=lambda name: twins[name][0]) == "leaky ReLU"
    assert min(twins, key=lambda name: twins[name][0]) == "ELU"
    for edition, spread in enumerate((1.7, 0.4)):  # and tanh, the fifth
        values = [accuracies[edition] for accuracies in twins.values()]
        assert spread - 0.1 < max(values) - min(values) <= spread
        assert f"{spread:g}" in claim("one-run-ranking").correct


def test_the_gate_needs_no_nonlinearity_in_the_published_table():
    assert published.SHAZEER_GATED["Bilinear"] < min(published.SHAZEER_PLAIN.values())


@pytest.mark.parametrize("data", ["digits", "mnist1d"])
def test_maxout_has_about_as_many_parameters_as_the_others(data):
    inputs = {"digits": 64, "mnist1d": 40}[data]
    wanted = n_parameters(mlp([inputs, *trained.HIDDEN, 10]))
    sizes = [n_parameters(maxout_mlp([inputs, k, k, 10], 2)) for k in range(30, 60)]
    found = n_parameters(trained.builder("maxout", data)(0))
    assert found == min(sizes, key=lambda size: abs(size - wanted))
    assert found == pytest.approx(wanted, rel=0.02)


def test_widths_and_depth_of_a_setting_change_the_networks_and_keep_arms_equal():
    setting = Setting(width=2, depth=3)
    plain, maxout = (trained.builder(n, "digits", setting)(0) for n in ("relu", "maxout"))
    assert [m.out_features for m in plain if isinstance(m, nn.Linear)] == [128, 128, 128, 10]
    assert n_parameters(maxout) == pytest.approx(n_parameters(plain), rel=0.02)


@pytest.mark.parametrize("gate", trained.GATED)
def test_gated_blocks_have_as_many_parameters_as_the_plain_one(gate):
    plain, gated = (n_parameters(trained.block(name, "digits")(0)) for name in ("relu", gate))
    assert gated == pytest.approx(plain, rel=0.02)


@pytest.mark.parametrize("name", ["relu", "silu", "squared_relu"])
def test_own_gain_keeps_the_mean_square_of_a_wide_layer(name):
    network = trained.own_gain((2000, 2000, 1), name, 0)
    assert not network[0].bias.any()
    gain = 1 / math.sqrt(moments(name).second)
    assert float(network[0].weight.detach().std()) * math.sqrt(2000) == pytest.approx(
        gain, rel=0.01
    )
    generator = torch.Generator().manual_seed(1)
    z = torch.randn(200, 2000, generator=generator)
    weight = gain / math.sqrt(2000) * torch.randn(2000, 2000, generator=generator)
    out = activation(name)(z) @ weight.T
    assert float(out.square().mean()) == pytest.approx(1, rel=0.05)


def test_rates_are_chosen_on_other_seeds_and_every_seed_splits_the_data_anew(monkeypatch):
    calls = []
    real = trained.tuned

    def spy(network, data, **options):
        calls.append((data, options))
        return real(network, data, **options | {"steps": 20})

    monkeypatch.setattr(trained, "tuned", spy)
    made = trained.arm.__wrapped__("relu", "digits", trained.block)
    ((data, options),) = calls
    assert set(options["tuning_seeds"]).isdisjoint(options["seeds"])
    assert options["seeds"] == STATED.seeds
    assert not torch.equal(data(1000).x_test, data(1001).x_test)
    assert made.accuracy.shape == made.early_loss.shape == (16,)
    assert 0 < made.validation < 1


def test_an_arm_cannot_be_measured_on_data_that_its_claim_does_not_name():
    with pytest.raises(InvalidValueError, match="MNIST-1D"):
        trained.arm("relu", "digits", trained.builder, Setting(data="mnist1d"))


def test_differences_are_points_and_those_of_the_rectifier_are_0():
    gaps = trained.differences("leaky_relu")
    span = trained.gain_over("relu", "leaky_relu")
    assert np.mean(gaps) == pytest.approx(100 * span.mean)
    assert trained.differences("relu") == [0.0] * 16


def test_elu_and_the_smooth_ones_gain_in_six_layers_on_mnist1d_as_the_lesson_says():
    for name in comparisons.RELATIVES:
        assert trained.gain_over("relu", name, "mnist1d", trained.deep).low > 0


@pytest.mark.parametrize(
    "name", ["leaky_relu", "prelu", "elu", "selu", "gelu", "silu", "mish", "squared_relu", "maxout"]
)
def test_no_arm_is_shown_to_gain_on_digits_and_every_mean_lies_within_a_point(name):
    span = trained.gain_over("relu", name, level=comparisons.LEVEL)
    assert span.low < 0
    assert abs(span.mean) < 0.01


def test_a_gain_is_stated_with_its_level():
    _, value = comparisons.gained("elu", "digits")
    assert isinstance(value, Interval)
    assert value.level == comparisons.LEVEL
    (part, *_) = measure("elu-accuracy").lines
    assert "(16 pairs, 99.5 %)" in part


def test_learned_slopes_have_one_value_a_seed_and_layer_and_move_both_ways():
    slopes = learned.learned_slopes()
    slow, fast = (slopes[rate] for rate in learned.RATES)
    assert slow.shape == fast.shape == (16, learned.DEPTH)
    assert float(slow.mean()) > learned.START > float(fast.mean())


def test_the_learned_slope_is_the_slope_of_the_trained_network():
    network = trained.own_gain((64, 32, 32, 10), "prelu", 0)
    names = [n for n, p in network.named_parameters() if p.numel() == 1]
    assert names == ["1.weight", "3.weight"]
    assert network[1].weight.item() == learned.START


def test_a_unit_that_passes_its_largest_input_would_be_counted(monkeypatch):
    monkeypatch.setattr(
        kinked, "fresh_maxout", lambda seed, x: (x.amax(dim=1, keepdim=True), x[:, None])
    )
    assert [getattr(value, "mean", value) for value in kinked.maxout_inputs().values()] == [0, 1]


def test_fresh_maxout_is_a_loop_over_units_and_pieces():
    x = torch.randn(5, 3, generator=torch.Generator().manual_seed(1))
    outputs, maps = kinked.fresh_maxout(0, x)
    weight = maxout_mlp([3, 16, 1], 2, scheme="lecun_normal", seed=0)[0].weight.detach()
    for unit in range(16):
        pieces = [x @ weight[2 * unit + piece] for piece in range(2)]
        assert torch.allclose(outputs[:, unit], torch.maximum(*pieces), atol=1e-6)
        assert torch.allclose(maps[:, unit], torch.stack(pieces, dim=1), atol=1e-6)


@pytest.mark.parametrize("seed", [0, 1000])
def test_inputs_and_weights_of_fresh_units_are_independent(seed):
    x = kinked.inputs_for(seed, 512).flatten()
    weight = maxout_mlp([8, 16, 1], 2, scheme="lecun_normal", seed=seed)[0].weight.detach()
    pairs = torch.stack([x[: weight.numel()], weight.flatten()])
    assert abs(float(torch.corrcoef(pairs)[0, 1])) < 0.2


def test_gradient_sizes_are_those_of_finite_differences():
    network = trained.own_gain((8, *[4] * 10, 1), "leaky_relu", 3).double()
    x = kinked.inputs_for(3, 64).double()
    step = 1e-6
    with torch.no_grad():
        columns = [
            (network(x + step * axis) - network(x - step * axis))[:, 0] / (2 * step)
            for axis in torch.eye(8, dtype=torch.float64)
        ]
    expected = torch.stack(columns, dim=1).norm(dim=1)
    found = kinked.gradient_sizes("leaky_relu", 4, 3).double()
    assert float(((found - expected).abs() < 1e-4 * (1 + expected)).double().mean()) > 0.9


def test_without_a_leak_a_layer_of_four_often_lets_nothing_through():
    shares = [kinked.lost_share("relu", seed) for seed in range(8)]
    # each of ten layers is off as a whole with probability 1/16 or less
    assert 0.1 < np.mean(shares) < 1 - (15 / 16) ** 10 + 0.1


def test_elu_lies_above_the_shifted_rectifier_by_one_over_e_at_most():
    gap = activation("elu")(exponential.X) - activation("shifted_relu")(exponential.X)
    assert float(gap.min()) == pytest.approx(0, abs=1e-12)
    assert float(gap.max()) == pytest.approx(math.exp(-1), abs=1e-9)
    assert "0.3679" in claim("elu-shifted").correct


def test_only_a_kink_at_the_start_of_the_slope_makes_elu_unsmooth():
    jumps = exponential.elu_shifted()
    assert jumps["largest jump of ELU's slope, a = 2"] == pytest.approx(1, abs=0.01)
    assert jumps["largest jump of ELU's slope, a = 1"] == pytest.approx(0.001, abs=1e-5)


def test_gaps_to_the_rectifier_are_the_depths_of_the_minima():
    expected = {"gelu": 0.169971, "silu": 0.278465, "mish": 0.308843, "softplus": math.log(2)}
    for name, gap in expected.items():
        assert smooth.gap_to_relu(name) == pytest.approx(gap, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "x", "y"),
    [
        ("gelu", -0.751792, -0.169971),
        ("gelu_tanh", -0.752461, -0.170041),
        ("silu", -1.278465, -0.278465),
        ("mish", -1.192431, -0.308843),
        ("hard_swish", -1.5, -0.375),
    ],
)
def test_lowest_points_are_those_of_the_fact_base(name, x, y):
    found = lowest(activation(name), {}, 12.0)
    assert found == pytest.approx((x, y), abs=7e-4)
    assert found[1] == pytest.approx(y, abs=1e-6)


@pytest.mark.parametrize("name", ["relu", "elu", "softplus", "leaky_relu", "tanh", "step"])
def test_a_function_that_only_rises_has_no_lowest_point(name):
    assert lowest(activation(name), {}, 12.0) is None


def test_swishs_dip_shrinks_as_one_over_beta():
    for beta in (0.5, 2.0):
        x, y = lowest(activation("swish"), {"beta": beta}, 12.0)
        assert (x * beta, y * beta) == pytest.approx((-1.278465, -0.278465), abs=1e-3)


def test_errors_of_gelus_approximations_and_gaps_of_squareplus_are_those_of_the_fact_base():
    errors = smooth.approximation_errors()
    assert errors["tanh"] == pytest.approx(4.7324e-4, abs=1e-7)
    assert errors["sigmoid"] == pytest.approx(0.020335, abs=1e-6)
    assert errors["sigmoid"] > 0.1 * 0.169971
    assert list(smooth.gaps_to_softplus().values()) == pytest.approx(
        [0.0759315, 0.103868, 0.306853], abs=1e-6
    )


def test_named_values_of_b_do_what_they_are_named_for():
    zero = torch.zeros((), dtype=torch.float64)
    value = activation("squareplus")(zero, b=float(smooth.MATCHES_VALUE)).item()
    assert value == pytest.approx(math.log(2))
    step = 1e-4
    bends = []
    for name, options in (("squareplus", {"b": 4.0}), ("softplus", {})):
        left, right = (activation(name).derivative(zero + s, **options) for s in (-step, step))
        bends.append(float(right - left) / (2 * step))
    assert bends == pytest.approx([0.25, 0.25], abs=1e-6)


def test_numpy_forms_that_are_timed_compute_what_they_say():
    x = np.linspace(-5, 5, 101)
    z = torch.from_numpy(x)
    assert np.allclose(smooth.squareplus_in_numpy(x), activation("squareplus")(z))
    assert np.allclose(smooth.softplus_in_numpy(x), activation("softplus")(z))


def test_written_formulas_break_where_the_lesson_says():
    assert numerics.nans_at(100.0) == [
        "tanh: value at -100",
        "tanh: slope at -100",
        "tanh: value at 100",
        "tanh: slope at 100",
        "sigmoid: slope at -100",
        "elu: slope at 100",
    ]
    assert numerics.nans_at(5.0) == []
    for _, theirs in numerics.WRITTEN.values():
        for x in (-100.0, 100.0):
            assert all(map(math.isfinite, numerics.value_and_slope(theirs, x)))


def test_the_written_gelu_is_gelu_in_float64_and_loses_its_tail_in_float32():
    x = torch.linspace(-4, 4, 81, dtype=torch.float64)
    assert torch.allclose(numerics.gelu_as_written(x), nn.functional.gelu(x), atol=1e-15)
    for at, lost in ((-1.0, 0.0), (-6.0, 1.0)):
        exact = at / 2 * math.erfc(-at / math.sqrt(2))
        written = numerics.gelu_as_written(torch.tensor(at, dtype=torch.float32)).item()
        assert abs(written / exact - 1) == pytest.approx(lost, abs=1e-5)
    assert "-5.9e-9" in claim("gelu-tail").correct
    assert exact == pytest.approx(-5.9e-9, rel=0.01)


def test_the_table_has_a_row_for_every_activation_and_more_than_thirty_rows():
    shown = table()
    assert [row[0] for row in shown.rows] == list(ACTIVATIONS)
    assert len(shown.rows) + len(shown.units) > 30
    assert {len(row) for row in shown.rows} == {len(HEAD)}
    assert {len(row) for row in shown.units} == {len(UNITS_HEAD)}


def test_the_table_prints_moments_and_ends_that_the_library_confirms():
    for row in table().rows:
        cells = dict(zip(HEAD, row, strict=True))
        found = moments(row[0])
        assert float(cells["E f"]) == pytest.approx(found.mean, abs=1e-5)
        assert float(cells["E f²"]) == pytest.approx(found.second, abs=1e-5)
        assert "-0.00000" not in row
        if cells["in torch"].startswith("nn."):
            module = eval(cells["in torch"], {"nn": nn}).double()
            expected = module(torch.tensor(-5.0, dtype=torch.float64)).item()
            assert float(cells["f(−5)"]) == pytest.approx(expected, rel=0.01, abs=1e-9)


def test_no_number_of_the_table_lies_so_near_a_rounding_edge_that_a_machine_could_change_it():
    units = [(name, found) for name, _, found in table.__globals__["_units"]()]
    for name, found in itertools.chain(((n, moments(n)) for n in ACTIVATIONS), units):
        for value in (found.mean, found.second, found.slope_second):
            scaled = abs(value) * 1e5
            assert abs(scaled - math.floor(scaled) - 0.5) > 1e-5, name


def test_exact_has_five_decimals_and_no_minus_zero():
    assert exact(-1e-7) == "0.00000"
    assert exact(0.53125) == "0.53125"


def test_the_table_is_folded_and_escaped():
    html = table()._repr_html_()
    assert html.startswith("<details>")
    assert "x &gt; 0" in html
    assert "gelu" in repr(table())
