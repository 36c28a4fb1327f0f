"""The figures of lesson 01: what their artists show, and what they say in words."""

import math

import numpy as np
import pytest
from pictures.history import ARMS, SLOPES, made

from relukit.errors import InvalidValueError
from relukit.lessons.history import figures as history
from relukit.lessons.history.experiments.chaos import population, resting_share
from relukit.lessons.history.experiments.circuits import is_permitted, random_inhibition, subsets
from relukit.lessons.history.experiments.noise import CONTRASTS, half_width, noisy_rate
from relukit.lessons.history.experiments.stepped import stepped_sigmoid_moments
from relukit.lessons.history.experiments.timeline import THEMES, timeline
from relukit.lessons.history.experiments.tobit import FITS, censored_sample, fit_tobit
from relukit.lessons.history.figures.timeline import TimelineFigure


def named(axes, gid: str) -> list:
    """Return the artists of the axes with this gid."""
    return [a for a in axes.get_children() if a.get_gid() == gid]


def test_the_time_line_has_a_dot_and_a_name_for_each_entry():
    strip, *lists = made("time_line").axes
    places = [(t.get_position()[1], t.get_position()[0], t.get_text()) for t in lists[0].texts]
    half = 1 + max(row for row, _, _ in places)
    words = [[t.get_text() for t in axes.texts if t.get_position()[0]] for axes in lists]
    assert words[0] + words[1] == [w for e in timeline() for w in (e.names, e.short)]
    years = dict.fromkeys(e.year for e in timeline()[:half])
    assert [int(text) for _, x, text in sorted(places) if x == 0] == list(years)
    for theme in THEMES:
        fit = sorted(e.year for e in timeline(theme=theme))
        assert sorted(named(strip, theme)[0].get_xdata()) == fit
        assert sum(len(named(axes, theme)[0].get_xdata()) for axes in lists) == len(fit)
    assert not any(len(named(axes, "others")[0].get_xdata()) for axes in (strip, *lists))


def test_the_title_of_the_time_line_counts_its_early_entries():
    early = [e.theme for e in timeline() if e.year <= 1990]
    few = [theme for theme in early if theme in ("biology", "statistics", "vision")]
    title = made("time_line").axes[0].get_title(loc="left")
    assert title.startswith(f"Until 1990, {len(few)} of {len(early)} entries")


def test_no_word_of_the_time_line_runs_into_another_one():
    picture = made("time_line")
    picture.pixels()
    for axes in picture.axes[1:]:
        boxes = [t.get_window_extent() for t in axes.texts]
        for k, one in enumerate(boxes):
            assert one.x1 < picture.bbox.x1
            assert not any(one.shrunk(0.9, 0.5).overlaps(other) for other in boxes[k + 1 :])
    left, right = ([t.get_window_extent() for t in a.texts] for a in picture.axes[1:])
    assert max(box.x1 for box in left) < min(box.x0 for box in right)


def test_dots_of_one_year_stand_one_above_another():
    spots = [strip for strip, _ in TimelineFigure().places.values()]
    assert len(set(spots)) == len(spots)


def test_what_the_filters_leave_out_has_no_name_and_is_counted_in_words():
    strip, *lists = made("time_line biology").axes
    fit = timeline(theme="biology")
    assert len(named(strip, "biology")[0].get_xdata()) == len(fit)
    assert len(named(strip, "others")[0].get_xdata()) == len(timeline()) - len(fit)
    shown = {t.get_text() for axes in lists for t in axes.texts if t.get_visible()}
    assert {e.short for e in timeline()} & shown == {e.short for e in fit}
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


def test_half_of_the_units_are_on_where_the_gain_squared_times_their_share_is_1():
    course = population()
    for axes, power, level in zip(made("same_half").axes, (0, 2), (0.5, 1.0), strict=True):
        gains, values = named(axes, "theory")[0].get_data()
        assert np.allclose(values, [g**power * resting_share(g) for g in gains])
        assert (gains[-1], values[-1]) == pytest.approx((math.sqrt(2), level))
        assert named(axes, "level")[0].get_ydata()[0] == level
        means = np.array(course.gains) ** power * course.on.mean(0).numpy()
        dots = [c.lines[0] for c in axes.containers]
        assert np.allclose(np.concatenate([d.get_ydata() for d in dots]), means)
    guess, *_ = named(history.same_half(mine=9.0).axes[1], "mine")
    assert guess.get_xdata().tolist() == [2.7]


def test_widths_are_drawn_for_each_noise_and_the_sketch_beside_them():
    (axes,) = history.widths(mine=[50, 30, 30, 30, 30]).axes
    for noise in (0.0, 0.5, 1.0, 2.0):
        contrasts, found = named(axes, f"{noise:g}")[0].get_data()
        for contrast, width in list(zip(contrasts, found, strict=True))[::20]:
            exact = half_width(contrast, noise=noise)
            assert math.isnan(width) if not exact < 89 else width == pytest.approx(exact)
    assert named(axes, "mine")[0].get_ydata().tolist() == [50, 30, 30, 30, 30]
    low, high = (line.get_xdata()[0] for line in named(axes, "range"))
    within = [half_width(c) for c in np.geomspace(low, high, 50)]
    assert max(within) < 1.25 * min(within)


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
