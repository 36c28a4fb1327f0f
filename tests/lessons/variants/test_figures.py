"""Lesson 03's figures: what their artists show, and what they refuse."""

import math

import numpy as np
import pytest
import torch
from pictures.variants import FAMILY, GAPS, SLOPES, made
from scipy.integrate import quad

from relukit.activations import activation
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.lessons.variants import figures as variants
from relukit.lessons.variants.experiments.published import HE_SLOPES, MISH_TABLE, TWINS
from relukit.lessons.variants.figures.shapes import broken_at
from relukit.lessons.variants.figures.single import VariantFigure, facts, parameter_of, plain
from relukit.statistics import interval


def named(axes, gid: str):
    """Return the one artist of the axes with this gid."""
    (artist,) = [a for a in axes.get_children() if a.get_gid() == gid]
    return artist


def bars(axes, gid: str):
    """Return the one container of error bars that holds a line with this gid."""
    (found,) = [c for c in axes.containers if c.lines[0].get_gid() == gid]
    return found


def test_a_family_draws_each_function_beside_its_derivative():
    left, right = made("family").axes
    for label, entry in FAMILY.items():
        name, parameters = (entry, {}) if isinstance(entry, str) else entry
        for axes, what in ((left, "function"), (right, "slope")):
            x, y = (np.asarray(v, float) for v in named(axes, f"{what} {label}").get_data())
            known = ~np.isnan(x)
            f = activation(name) if what == "function" else activation(name).derivative
            assert np.allclose(y[known], f(torch.from_numpy(x[known]), **parameters))
    x = np.asarray(named(right, "slope elu, a = 2").get_xdata(), float)
    assert np.isnan(x).sum() == 1  # the pen is lifted at the one kink


def test_minima_are_marked_at_the_lowest_points_and_said():
    left, _ = made("minima").axes
    (x, y) = named(left, "low SiLU").get_xydata()[0]
    assert (x, y) == pytest.approx((-1.2785, -0.278465), abs=1e-3)
    assert "SiLU -0.278 at x = -1.28" in made("minima").alt
    assert left.get_ylim()[0] < y


def test_the_pen_is_lifted_at_kinks_inside_the_picture_only():
    x = broken_at([-3.0, 0.5, 9.0], 4.0)
    assert np.isnan(x).sum() == 2
    known = x[~np.isnan(x)]
    assert np.all(np.diff(known) > 0)
    assert not {-3.0, 0.5} & set(known.tolist())


def test_approximation_errors_peak_at_the_known_heights():
    (axes,) = made("approximation_errors").axes
    heights = [np.nanmax(named(axes, label).get_ydata()) for label in
               ("x sigmoid(1.702 x)", "tanh form")]  # fmt: skip
    assert heights == pytest.approx([0.020335, 4.7324e-4], rel=1e-3)


def test_maxout_is_the_upper_edge_of_its_maps():
    for axes in made("maxout_pieces").axes:
        maps = [a.get_ydata() for a in axes.get_lines() if str(a.get_gid()).startswith("map")]
        assert np.array_equal(named(axes, "unit").get_ydata(), np.max(maps, axis=0))
    rectifier = named(made("maxout_pieces").axes[0], "unit")
    assert np.array_equal(rectifier.get_ydata(), np.maximum(rectifier.get_xdata(), 0))


def test_the_two_laws_of_the_random_slope_are_densities_with_the_right_ends():
    (axes,) = made("randomized_slopes").axes
    for label, mean in (("torch: slope uniform", 11 / 48), ("paper: divisor uniform", 0.196166)):
        x, y = (np.asarray(v, float)[1:-1] for v in named(axes, label).get_data())
        assert np.trapezoid(y, x) == pytest.approx(1, abs=1e-3)
        assert np.trapezoid(x * y, x) == pytest.approx(mean, abs=1e-4)
    lasts = [a.get_xdata()[0] for a in axes.get_lines() if str(a.get_gid()).startswith("last")]
    assert lasts == pytest.approx([11 / 48, 2 / 11])


def test_the_mean_of_the_noisy_rectifier_is_an_integral_over_its_noise():
    (axes,) = made("noisy").axes
    x, y = named(axes, "mean").get_data()
    for place in (0, 80, 100, 130, 200):
        u, s = float(x[place]), math.sqrt(1 / (1 + math.exp(-float(x[place]))))

        def integrand(z, u=u, s=s):
            return max(0.0, u + s * z) * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)

        expected, _ = quad(integrand, -9, 9, points=[max(-9, min(9, -u / s))])
        assert y[place] == pytest.approx(expected, abs=1e-6)
    assert len(named(axes, "samples").get_xdata()) == 500


def test_gains_show_every_seed_the_mean_and_the_interval():
    left, right = made("gains").axes
    assert np.array_equal(named(left, "seeds elu").get_xdata(), GAPS[0])
    for axes, name, values in ((left, "gelu", GAPS[1]), (right, "squared_relu", GAPS[2])):
        span = interval(values, level=0.995)
        group = bars(axes, name)
        ends = group.lines[2][0].get_segments()[0][:, 0]
        assert group.lines[0].get_xdata()[0] == pytest.approx(span.mean)
        assert ends == pytest.approx([span.low, span.high])
    assert [t.get_text() for t in left.get_yticklabels()] == ["elu", "gelu"]
    assert "16 seeds" in made("gains").alt


def test_slopes_by_layer_show_means_intervals_and_the_printed_ones():
    left, right = made("slopes_by_layer").axes
    group = bars(left, "learning rate 0.01")
    assert np.allclose(group.lines[0].get_ydata(), SLOPES[1].mean(0))
    assert np.array_equal(named(right, "printed").get_ydata(), HE_SLOPES)
    assert len(named(left, "seeds learning rate 0.01").get_xdata()) == 96


def test_published_tables_are_drawn_as_they_are_printed():
    (axes,) = made("mish_intervals").axes
    for name in ("ReLU", "GELU"):
        shown = bars(axes, name).lines[0].get_xdata()[0]
        assert shown == pytest.approx(MISH_TABLE[name][0] - MISH_TABLE["Mish"][0])
    assert "E-Swish, ELisH, GELU, Swish cross 0" in made("mish_intervals").alt
    (axes,) = made("twin_rankings").axes
    for name, values in TWINS.items():
        assert tuple(named(axes, name).get_ydata()) == values


def test_one_variant_moves_with_its_parameter_and_marks_its_minimum():
    figure = VariantFigure()
    reading = figure.update({"activation": "swish", "parameter": 2.0})
    assert figure.low.get_xdata()[0] == pytest.approx(-1.2785 / 2, abs=2e-3)
    assert "Lipschitz constant 1.1" in reading.caption
    figure.update({"activation": "relu", "parameter": 2.0})
    assert not len(figure.low.get_xdata())


@pytest.mark.parametrize(
    ("name", "value", "constant"),
    [
        ("elu", 3.0, "3"),
        ("elu", 0.5, "1"),
        ("leaky_relu", 2.0, "2"),
        ("celu", 3.0, "1"),
        ("swish", 3.0, "1.1"),
        ("shifted_relu", 2.0, "1"),
    ],
)
def test_the_lipschitz_constant_in_words_is_the_steepest_slope(name, value, constant):
    function = activation(name)
    parameters, _ = parameter_of(function, value)
    steepest = function.derivative(torch.linspace(-30, 30, 60_001).double(), **parameters)
    assert float(steepest.abs().max()) == pytest.approx(float(constant), abs=1e-3)
    assert f"Lipschitz constant {constant}" in facts(function, parameters, None)


def test_facts_give_limits_and_say_where_no_constant_exists():
    assert "no Lipschitz constant" in facts(activation("squared_relu"), {}, None)
    assert facts(activation("selu"), {}, None)[0] == "goes to −λα at −∞ and to λx at +∞"
    assert plain("x^2") == "x²"


@pytest.mark.parametrize(
    "call",
    [
        lambda: variants.family({}),
        lambda: variants.family(["relu"]),
        lambda: variants.family(dict.fromkeys("abcdef", "relu")),
        lambda: variants.family({"a": "relu"}, reach=0.5),
        lambda: variants.family({"a": "reul"}),
        lambda: variants.noisy(n=5),
        lambda: variants.noisy(n=100.0),
        lambda: variants.gains({}),
        lambda: variants.gains([1]),
        lambda: variants.gains({"a": {}}),
        lambda: variants.gains({"a": [1.0]}),
        lambda: variants.gains({"a": {"b": [1.0]}}),
        lambda: variants.gains({"a": {"b": [1.0, math.nan]}}),
        lambda: variants.slopes_by_layer({}, HE_SLOPES),
        lambda: variants.slopes_by_layer({"a": [[0.1, 0.2]]}, HE_SLOPES),
        lambda: variants.slopes_by_layer({"a": [0.1, 0.2]}, HE_SLOPES),
        lambda: variants.variant("reul"),
        lambda: variants.variant("elu", math.nan),
        lambda: variants.variant("elu", -1.0),
    ],
)
def test_unusable_arguments_are_refused_in_three_parts(call):
    with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
        call()
    assert caught.value.do
