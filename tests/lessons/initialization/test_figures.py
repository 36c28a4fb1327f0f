"""Lesson 05's figures: what their artists show, what they say, and what they refuse."""

import math

import numpy as np
import pytest
from pictures.initialization import LAYERS, PASSAGES, made

from relukit.errors import InvalidValueError
from relukit.ledger.setting import STATED
from relukit.lessons.initialization import figures
from relukit.lessons.initialization.experiments.gradients import (
    ARMS,
    autocorrelation,
    gradient_curves,
)
from relukit.lessons.initialization.experiments.layers import passages
from relukit.lessons.initialization.experiments.trained import GAINS, accuracy_by_gain
from relukit.lessons.initialization.experiments.widths import expected
from relukit.lessons.initialization.figures.gain import SHOWN, layer_inputs
from relukit.lessons.initialization.figures.weights import DISTRIBUTIONS
from relukit.statistics import interval


def named(axes, gid: str):
    """Return the one artist of the axes with this gid."""
    (artist,) = [a for a in axes.get_children() if a.get_gid() == gid]
    return artist


def all_named(axes, gid: str) -> list:
    return [a for a in axes.get_children() if a.get_gid() == gid]


def test_another_gain_is_another_sentence():
    assert figures.gain(1.0).alt != figures.gain(math.sqrt(2)).alt


def test_densities_of_weights_enclose_one_and_have_the_variances_that_are_drawn():
    left, right = made("weights").axes
    for name in DISTRIBUTIONS:
        x, density = named(left, name).get_data()
        assert np.trapezoid(density, x) == pytest.approx(1, abs=0.01)
        variance = np.trapezoid(density * x**2, x)
        assert named(right, name).get_xdata()[0] == pytest.approx(
            variance, rel=0.06
        )  # cut off at 4


def test_signal_and_gradient_start_at_nothing_gained_and_show_means_with_intervals():
    left, right = made("signal_and_gradient").axes
    for name, found in PASSAGES.items():
        x, y = named(left, name).get_data()
        assert list(x) == [0, 1, 2]
        assert np.allclose(y, [0, *np.mean([one.signal for one in found], axis=0)])
        x, y = named(right, name).get_data()
        assert list(x) == [0, 1, 2]
        assert np.allclose(y, [*np.mean([one.gradient for one in found], axis=0), 0])
        band = named(left, f"{name} interval").get_paths()[0].vertices
        last = interval([one.signal[-1] for one in found])
        assert band[:, 1].max() >= last.high - 1e-9 or band[:, 1].min() <= last.low + 1e-9
    assert right.xaxis_inverted()


def test_every_network_of_the_spread_is_one_line_inside_the_theory_s_frame():
    picture = made("spread")
    for axes, width in zip(picture.axes, (24, 12), strict=True):
        lines = all_named(axes, "network")
        first = 2 * STATED.seeds.start
        found = passages("he_normal", width=width, depth=6, seeds=range(first, first + 4))
        assert [tuple(line.get_ydata()) for line in lines] == [one.signal for one in found]
        centre, sd = expected(width, 6)
        assert named(axes, "mean").get_ydata()[-1] == pytest.approx(centre)
        ends = [line.get_ydata()[-1] for line in all_named(axes, "deviations")]
        assert sorted(ends) == pytest.approx([centre - 2 * sd, centre + 2 * sd])


def test_own_sizes_start_at_their_distances_from_the_size_that_is_kept():
    for axes in made("own_sizes").axes:
        starts = [line.get_ydata()[0] for line in axes.get_lines() if line.get_gid()]
        assert np.allclose(starts, [2 * math.log10(2), 0, -2 * math.log10(2)])


def test_tanh_crosses_the_line_only_with_xavier_s_gain():
    (axes,) = made("tanh_depth").axes
    assert named(axes, "gain 1 (Xavier)").get_ydata()[-1] < 0.25
    assert named(axes, "gain 5/3").get_ydata().min() > 0.25


def test_cosines_show_the_map_its_steps_and_the_measured_means():
    left, right = made("cosines").axes
    c, mapped = named(left, "map").get_data()
    assert np.all(mapped >= c - 1e-12)
    x, y = named(left, "steps").get_data()
    on_map = np.interp(x, c, mapped)
    assert np.all((np.abs(y - x) < 1e-3) | (np.abs(y - on_map) < 2e-3))
    measured = named(right, "measured, 2 seeds").get_ydata()
    assert np.allclose(measured, np.mean([one["cosine"] for one in LAYERS], axis=0))
    assert named(right, "theory").get_ydata()[0] == pytest.approx(1 / math.pi)


def test_shares_by_layer_are_means_over_seeds():
    (axes,) = made("always_on_or_off").axes
    assert np.allclose(named(axes, "exact zeros").get_ydata(), [0.5, 0.505, 0.495])
    fixed = named(axes, "units on for all inputs, or for none")
    assert np.allclose(fixed.get_ydata(), [0.0, 0.15, 0.25])


def test_the_edge_meets_its_law_and_leaves_the_other_curve_behind():
    (axes,) = made("edge").axes
    on, law = named(axes, "on").get_ydata(), named(axes, "law").get_ydata()
    assert on[-1] / law[-1] == pytest.approx(1, abs=0.05)
    off = named(axes, "off").get_ydata()
    assert off[30] < on[30] / 1000


def test_spectra_are_sorted_and_begin_at_the_largest():
    (axes,) = made("spectra").axes
    for line in axes.get_lines():
        y = line.get_ydata()
        assert y[0] == 0
        assert np.all(np.diff(y) <= 1e-12)
        assert y.min() >= -6


def test_gradients_are_scaled_curves_of_one_seed_and_autocorrelations_of_all():
    axes = made("gradients").axes
    for ax, name in zip(axes[:3], ARMS, strict=True):
        curve = gradient_curves(3, width=20)[name][0].numpy()
        assert np.allclose(named(ax, name).get_ydata(), curve / np.abs(curve).max())
    x, y = named(axes[3], "3, 2/n").get_data()
    assert x[4] == pytest.approx(0.25)
    expected_mean = np.mean([autocorrelation(c, 16) for c in gradient_curves(3, width=20)["2/n"]])
    assert y[4] == pytest.approx(expected_mean)
    assert y[0] == pytest.approx(1)


def test_accuracies_show_every_seed_and_the_mean():
    (axes,) = made("accuracies").axes
    assert list(named(axes, "A").get_xdata()) == pytest.approx([91, 95, 93])
    (bars,) = [c for c in axes.containers if c.get_label() == "" or c.lines[0].get_xdata()[0] > 90][
        :1
    ]
    assert bars.lines[0].get_xdata()[0] == pytest.approx(93)
    assert [t.get_text() for t in axes.get_yticklabels()] == ["A", "B"]


def test_gain_scales_the_layers_of_a_network_without_biases():
    plain, scaled = layer_inputs(1.0, 4), layer_inputs(1.5, 4)
    for depth, (one, other) in enumerate(zip(plain, scaled, strict=True), start=1):
        assert np.allclose(other, 1.5**depth * one, rtol=1e-5)


def test_gain_draws_densities_deviations_and_the_accuracy_of_the_nearest_gain():
    left, right = made("gain").axes
    inputs = layer_inputs(1.3, 2)
    for row, layer in enumerate(reversed(SHOWN)):
        x, y = named(left, f"layer {layer}").get_data()
        z = inputs[layer - 1]
        share = np.mean(np.abs(z - x[40]) < (x[1] - x[0]) / 2) / (x[1] - x[0])
        assert y[40] == pytest.approx(row + 0.85 * min(share / 0.45, 1), abs=0.02)
        assert f"sd {z.std():.2g}" in [word.get_text() for word in left.texts]
    nearest = min(GAINS, key=lambda g: abs(g - 1.3))
    (dot,) = [line for line in right.get_lines() if line.get_label() == "this network"]
    found = accuracy_by_gain()[nearest][2]
    assert dot.get_xydata().tolist() == [[nearest, pytest.approx(100 * found)]]
    means = named(right, "mean").get_ydata()
    assert np.allclose(means, [100 * np.mean(accuracy_by_gain()[g]) for g in GAINS])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: figures.signal_and_gradient({}), "one to five"),
        (lambda: figures.signal_and_gradient({"a": PASSAGES["one"][:1]}), "two seeds"),
        (lambda: figures.spread((1, 2, 3)), "two widths"),
        (lambda: figures.cosines(LAYERS[:1]), "two seeds"),
        (lambda: figures.cosines([{"cosine": [0.1]}, {"cosine": [0.1, 0.2]}]), "two seeds"),
        (lambda: figures.always_on_or_off([{"zeros": [math.nan], "fixed": [0]}] * 2), "finite"),
        (lambda: figures.edge(layers=5), "10 to"),
        (lambda: figures.accuracies({}, title="t"), "one to five"),
        (lambda: figures.accuracies({"a": [0.5]}, title="t"), "two or more"),
        (lambda: figures.accuracies({"a": [0.5, 1.5]}, title="t"), "from 0 to 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(make, words):
    with pytest.raises(InvalidValueError, match=words):
        make()
