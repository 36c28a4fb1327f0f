"""The explorers of lesson 02: hinges that are summed, and one unit."""

import math

import numpy as np
import pytest
from explored import reset

from relukit.activations import ACTIVATIONS, activation
from relukit.figures.canvas import PALETTE
from relukit.lessons.definitions.explorers.hinges import N_HINGES, least_squares


def hinge_values(kinks, changes, offset=0.0) -> dict[str, float]:
    named = {f"kink_{i}": k for i, k in enumerate(kinks, 1)}
    return named | {f"change_{i}": c for i, c in enumerate(changes, 1)} | {"offset": offset}


def test_hinge_builder_draws_the_sum_its_parts_its_kinks_and_its_error():
    explorer = reset("hinge_builder")
    kinks, changes, offset = (0.0, 1.0, 3.0, 5.0), (0.8, -1.5, 0.7, 0.4), 0.2
    explorer.move(**hinge_values(kinks, changes, offset))
    left, right = explorer.picture.axes
    lines = {line.get_label(): line for line in left.get_lines()}
    x, total = lines["sum"].get_data()
    parts = [c * np.maximum(x - k, 0) for k, c in zip(kinks, changes, strict=True)]
    assert np.allclose(total, offset + np.sum(parts, 0))
    assert np.allclose(lines["sin"].get_ydata(), np.sin(x))
    grey = [line for line in left.get_lines() if line.get_color() == PALETTE["grey"]]
    assert np.allclose([line.get_ydata() for line in grey], parts)
    assert np.allclose(lines["kink"].get_xdata(), kinks)
    assert np.allclose(lines["kink"].get_ydata(), np.interp(kinks, x, total), atol=0.02)
    (error,) = right.get_lines()
    assert np.allclose(error.get_ydata(), total - np.sin(x))
    worst, typical = np.abs(total - np.sin(x)).max(), np.sqrt(np.mean((total - np.sin(x)) ** 2))
    assert explorer.caption == f"Largest error {worst:.2f}, root mean square {typical:.2f}."
    assert "0, 1, 3 and 5" in explorer.alt


def root_mean_square(explorer) -> float:
    (error,) = explorer.picture.axes[1].get_lines()
    return float(np.sqrt(np.mean(np.square(error.get_ydata()))))


def test_least_squares_button_finds_what_numpy_finds():
    explorer = reset("hinge_builder")
    kinks = (0.0, 1.5, 3.0, 4.5)
    explorer.move(**hinge_values(kinks, (0.1, 0.1, 0.1, 0.1), 0.5))
    explorer.buttons["fit"].click()
    x = explorer.picture.axes[1].get_lines()[0].get_xdata()
    columns = np.column_stack([np.ones_like(x), *(np.maximum(x - k, 0) for k in kinks)])
    best, *_ = np.linalg.lstsq(columns, np.sin(x), rcond=None)
    found = [explorer.values["offset"], *(explorer.values[f"change_{i}"] for i in range(1, 5))]
    assert np.allclose(found, best, atol=0.005 + 1e-9)
    assert [explorer.values[f"kink_{i}"] for i in range(1, 5)] == list(kinks)
    assert root_mean_square(explorer) < 0.1


@pytest.mark.parametrize("kinks", [(0.0, 0.0, 0.0, 0.0), (6.25,) * 4, (2.0, 2.05, 2.1, 2.15)])
def test_least_squares_of_awkward_kinks_stays_within_the_sliders(kinks):
    explorer = reset("hinge_builder")
    explorer.move(**hinge_values(kinks, (0.0,) * 4))
    before = root_mean_square(explorer)
    explorer.buttons["fit"].click()
    assert root_mean_square(explorer) <= before + 0.02
    for name, control in explorer.controls.items():
        assert control.min <= explorer.values[name] <= control.max


def test_reset_button_brings_the_first_hinges_back():
    explorer = reset("hinge_builder")
    first = explorer.values
    explorer.buttons["fit"].click()
    assert explorer.values != first
    explorer.buttons["reset"].click()
    assert explorer.values == first


def test_hinge_builder_says_which_hinges_do_nothing_or_share_a_kink():
    explorer = reset("hinge_builder")
    explorer.move(**hinge_values((0.0, 2.0, 2.0, 5.0), (1.0, -1.0, 0.5, 0.0)))
    assert "Hinge 4 is off" in explorer.caption
    assert "Hinges 2 and 3 share a kink" in explorer.caption
    assert "Hinge 1" not in explorer.caption.replace("Hinges", "")
    assert len(explorer.controls) == 2 * N_HINGES + 1


def test_unit_draws_the_activation_and_its_slope_and_marks_the_kink():
    explorer = reset("unit_explorer")
    explorer.move(weight=2.0, bias=-1.0)
    left, right = explorer.picture.axes
    output, left_mark = left.get_lines()
    slope, right_mark = right.get_lines()
    x, y = output.get_data()
    seen = ~np.isnan(x)
    assert np.allclose(y[seen], np.maximum(2 * x[seen] - 1, 0))
    assert np.array_equal(slope.get_ydata()[seen], 2.0 * (x[seen] > 0.5))
    for mark in (left_mark, right_mark):
        assert mark.get_xdata()[:2].tolist() == [0.5, 0.5]
    assert "kink at x = -b/w = 0.5." in explorer.caption
    assert "kink at x = -b/w = 0.5." in explorer.alt


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_of_a_unit_equals_finite_differences_away_from_kinks(name):
    explorer = reset("unit_explorer")
    explorer.move(weight=-1.5, bias=0.7, activation=name)
    slope = explorer.picture.axes[1].get_lines()[0]
    x, drawn = (np.asarray(values) for values in slope.get_data())
    function, step = activation(name), 1e-6
    ends = [function(-1.5 * (x + side) + 0.7).numpy() for side in (-step, step)]
    kinks = np.array([(k - 0.7) / -1.5 for k in function.kinks] or [np.inf])
    far = ~np.isnan(x) & (np.abs(x[:, None] - kinks).min(1) > 1e-3)
    assert far.sum() > 300
    assert np.allclose(drawn[far], ((ends[1] - ends[0]) / (2 * step))[far], atol=1e-6)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"weight": 0.0, "bias": 1.0}, "Weight 0: the unit is 1.00 for every x"),
        ({"weight": 0.0, "activation": "sigmoid"}, "Weight 0: the unit is 0.50 for every x"),
        ({"weight": 0.1, "bias": 3.0}, "kink at x = -b/w = -30, outside the picture"),
        ({"activation": "gelu", "bias": 1.0}, "no kink; w x + b = 0 at x = -b/w = -1."),
        ({"activation": "relu6"}, "kinks at x = 0 and 6."),
        ({"activation": "step"}, "jump at x = -b/w = 0."),
        ({"weight": -1.0}, "kink at x = -b/w = 0."),
        ({"bias": -0.5}, "relu(1 x - 0.5)"),
    ],
)
def test_unit_says_where_its_kink_is_or_why_there_is_none(values, words):
    explorer = reset("unit_explorer")
    explorer.move(**values)
    assert words in explorer.caption


def test_a_unit_of_weight_zero_is_level_and_marks_nothing():
    explorer = reset("unit_explorer")
    explorer.move(weight=0.0, bias=2.0)
    left, right = explorer.picture.axes
    assert set(left.get_lines()[0].get_ydata()) == {2.0}
    assert set(right.get_lines()[0].get_ydata()) == {0.0}
    assert not len(left.get_lines()[1].get_xdata())
    assert "level line" in explorer.alt


def test_the_pen_is_lifted_at_a_kink_in_view_and_only_there():
    explorer = reset("unit_explorer")
    x = explorer.picture.axes[1].get_lines()[0].get_xdata()
    (place,) = np.flatnonzero(np.isnan(x))
    assert math.isclose(x[place - 1], 0, abs_tol=1e-6)
    assert math.isclose(x[place + 1], 0, abs_tol=1e-6)
    explorer.move(bias=3.0, weight=0.5)
    assert not np.isnan(explorer.picture.axes[1].get_lines()[0].get_xdata()).any()


def test_four_hinges_can_come_as_close_to_the_sine_as_the_lesson_says():
    kinks = (0.0, 1.0, 1.9, 4.6)
    found = least_squares({f"kink_{i}": kink for i, kink in enumerate(kinks, 1)})
    x = np.linspace(0, 2 * np.pi, 1001)
    drawn = found["offset"] + sum(
        found[f"change_{i}"] * np.maximum(0, x - kink) for i, kink in enumerate(kinks, 1)
    )
    assert 0.145 < np.abs(drawn - np.sin(x)).max() < 0.155  # "0.15 is possible"
