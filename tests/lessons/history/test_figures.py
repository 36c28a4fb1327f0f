"""The figures of lesson 01: what their artists show, and what they say in words."""

import math

import numpy as np
import pytest
from pictures.history import ARMS, SLOPES, made

from relukit.errors import InvalidValueError
from relukit.lessons.history import figures as history
from relukit.lessons.history.experiments.chaos import population
from relukit.lessons.history.experiments.circuits import is_permitted, random_inhibition, subsets
from relukit.lessons.history.experiments.noise import CONTRASTS, noisy_rate
from relukit.lessons.history.experiments.stepped import stepped_sigmoid_moments
from relukit.lessons.history.experiments.timeline import KINDS, THEMES, timeline
from relukit.lessons.history.experiments.tobit import FITS, censored_sample, fit_tobit
from relukit.lessons.history.figures.timeline import TimelineFigure


def named(axes, gid: str) -> list:
    """Return the artists of the axes with this gid."""
    return [a for a in axes.get_children() if a.get_gid() == gid]


def test_the_time_line_has_a_dot_for_each_entry_in_the_row_of_its_theme():
    axes = made("time_line").axes[0]
    rows = [label.get_text() for label in axes.get_yticklabels()]
    for kind in KINDS:
        (dots,) = named(axes, kind)
        shown = sorted((x, rows[round(y)]) for x, y in zip(*dots.get_data(), strict=True))
        assert shown == sorted((e.year, e.theme) for e in timeline(kind=kind))
    assert not len(named(axes, "others")[0].get_xdata())


def test_dots_of_one_row_and_year_stand_apart():
    places = list(TimelineFigure().places.values())
    assert len(set(places)) == len(places)
    assert all(abs(y - round(y)) < 0.45 for _, y in places)
    assert {round(y) for _, y in places} == set(range(len(THEMES)))


def test_what_the_filters_leave_out_is_grey_and_counted_in_words():
    axes = made("time_line biology").axes[0]
    fit = timeline(theme="biology")
    coloured = sum(len(named(axes, kind)[0].get_xdata()) for kind in KINDS)
    assert coloured == len(fit)
    assert len(named(axes, "others")[0].get_xdata()) == len(timeline()) - len(fit)
    assert f"{len(fit)} of {len(timeline())} entries" in made("time_line biology").alt
    with pytest.raises(InvalidValueError, match="biology"):
        history.time_line(theme="biologie")


def test_permitted_and_forbidden_sets_are_drawn_in_rows_of_their_size():
    weight = random_inhibition(1)
    (axes,) = made("permitted_sets").axes
    for state, word in ((True, "permitted"), (False, "forbidden")):
        (dots,) = named(axes, word)
        sizes = sorted(len(s) for s in subsets(5) if is_permitted(weight, s) == state)
        assert sorted(dots.get_ydata()) == sizes
    assert sorted(t.get_text() for t in axes.texts) == sorted(
        "".join(str(u + 1) for u in s) for s in subsets(5)
    )
    for bad in (np.zeros((2, 3)), np.zeros((6, 6)), np.array([[0.0, 1], [2, 0]])):
        with pytest.raises(InvalidValueError, match="symmetric"):
            history.permitted_sets(bad)


def test_the_waves_carry_their_means_and_rms():
    half, full = made("rectified_waves").axes
    for axes, mean, rms in ((half, 1 / math.pi, 0.5), (full, 2 / math.pi, math.sqrt(0.5))):
        assert named(axes, "mean")[0].get_ydata()[0] == pytest.approx(mean, abs=1e-4)
        assert named(axes, "rms")[0].get_ydata()[0] == pytest.approx(rms, abs=1e-6)
        assert (named(axes, "rectified")[0].get_ydata() >= 0).all()
    with pytest.raises(InvalidValueError, match="periods"):
        history.rectified_waves(n_periods=0)


def test_the_neuron_levels_off_below_its_rectifier():
    _, far = made("firing_rates").axes
    assert named(far, "rate")[0].get_ydata()[-1] < 0.2 * named(far, "rectifier")[0].get_ydata()[-1]
    with pytest.raises(InvalidValueError, match="largest"):
        history.firing_rates(largest=1)


def test_the_power_laws_error_is_the_gap_of_the_drawn_curves():
    left, right = made("power_law").axes
    (rate,) = named(left, "with noise, mean")
    (law,) = [line for line in left.get_lines() if line.get_gid().startswith("power law")]
    u = rate.get_xdata()
    assert np.allclose(rate.get_ydata(), noisy_rate(u))
    error = named(right, "error")[0].get_ydata()
    assert np.allclose(error, law.get_ydata() - rate.get_ydata())
    assert np.abs(error).max() < right.get_ylim()[1]


def test_tuning_curves_cross_one_half_at_their_marks():
    for axes in made("tuning").axes:
        for contrast, mark in zip(CONTRASTS, named(axes, "half width"), strict=True):
            curve = named(axes, f"{contrast:g}")[0]
            (width,), _ = mark.get_data()
            if math.isnan(width):
                assert not curve.get_ydata().any()
            else:
                assert np.interp(width, *curve.get_data()) == pytest.approx(0.5, abs=0.01)


def test_chaos_shows_every_networks_exponent_and_constant_rates_at_gain_1():
    still, moving, right = made("chaos").axes
    course = population()
    dots = named(right, "networks")
    for gain, line, values in zip(course.gains, dots, course.exponents.T, strict=True):
        assert set(line.get_xdata()) == {gain}
        assert np.allclose(line.get_ydata(), values)
    assert named(right, "root")[0].get_xdata()[0] == pytest.approx(math.sqrt(2))
    swing = [max(np.ptp(line.get_ydata()) for line in named(a, "rate")) for a in (still, moving)]
    assert swing[0] < 0.1 * swing[1]


def test_tobit_draws_its_fits_and_the_slopes_of_all_samples():
    left, right = made("tobit").axes
    a, b, _ = fit_tobit(censored_sample(0))
    x, y = named(left, FITS[2])[0].get_data()
    assert np.allclose(y, a + b * x)
    assert (named(left, FITS[1])[0].get_ydata() >= 0).all()
    assert [list(dots.get_xdata()) for dots in named(right, "samples")] == [
        list(values) for values in SLOPES.values()
    ]
    with pytest.raises(InvalidValueError, match="Tobit"):
        history.tobit({"a": (1.0, 2.0)})


def test_stepped_units_are_drawn_from_their_moments():
    for axes, which in zip(made("stepped_units").axes, (0, 1), strict=True):
        x, y = named(axes, "stepped sigmoid units")[0].get_data()
        assert np.allclose(y, stepped_sigmoid_moments(x)[which])


def test_by_seed_has_a_dot_for_each_seed_in_the_unit_of_its_axis():
    (axes,) = made("by_seed").axes
    for name, values in ARMS.items():
        assert np.allclose(named(axes, f"{name} seeds")[0].get_xdata(), 100 * np.array(values))
    assert [label.get_text() for label in axes.get_yticklabels()] == list(ARMS)
    with pytest.raises(InvalidValueError, match="one to six"):
        history.by_seed({}, quantity="q", title="t")
