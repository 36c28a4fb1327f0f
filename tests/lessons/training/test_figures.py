"""Lesson 06's figures: what their artists show, and what they refuse."""

import numpy as np
import pytest
import torch
from pictures.training import ARMS, CODES, CURVES, FRESH, RATIOS, made, population

from relukit.activations import activation
from relukit.datasets import moons
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.lessons.training import figures
from relukit.lessons.training.experiments import comparison, curves, seen
from relukit.networks import mlp
from relukit.statistics import interval, paired_difference
from relukit.training import train


def named(axes, gid: str):
    """Return the one artist of the axes with this gid."""
    (artist,) = [a for a in axes.findobj() if a.get_gid() == gid]
    return artist


def bar(axes, gid: str):
    """Return the mean and the ends of the one horizontal error bar with this gid."""
    (container,) = [c for c in axes.containers if c.lines[0].get_gid() == gid]
    (segment,) = container.lines[2][0].get_segments()
    return container.lines[0].get_xdata()[0], segment[:, 0].tolist()


def percent(*curves) -> list[list[float]]:
    return [[100 * share for share in curve] for curve in curves]


def test_the_eight_are_those_that_the_lesson_compares_and_each_is_its_own_curve():
    axes = made("eight").axes
    assert [a.get_title(loc="left") for a in axes] == list(comparison.CALLED)
    assert len(set(comparison.ACTIVATIONS)) == 8
    for ax, name in zip(axes, comparison.ACTIVATIONS, strict=True):
        x, y = named(ax, name).get_data()
        np.testing.assert_allclose(y, activation(name)(torch.from_numpy(x)).numpy())


def test_many_layers_are_drawn_in_percent():
    (axes,) = figures.many_layers({"tanh": [0.9, 0.92], "ReLU, He": [0.5, 0.7]}, 30).axes
    assert named(axes, "tanh").get_xdata() == pytest.approx([90, 92])
    assert named(axes, "mark").get_xdata()[0] == 10


def test_every_network_has_the_mark_of_what_became_of_it():
    axes = made("rates").axes[0]
    accuracy = 100 * population().measured["test_accuracy"][..., -1]
    assert population().diverged.tolist() == [[False] * 2, [False] * 2, [True] * 2]
    expected = {"above": accuracy[0], "at": accuracy[1], "diverged": accuracy[2]}
    for gid, values in expected.items():
        assert sorted(named(axes, gid).get_ydata()) == pytest.approx(sorted(values.tolist()))
    assert named(axes, "mean").get_ydata() == pytest.approx(accuracy.mean(1).tolist())
    assert axes.get_xscale() == "log"


def test_differences_are_paired_and_in_points_with_their_interval():
    (axes,) = made("differences").axes
    found = paired_difference(ARMS["tanh"], ARMS["relu"]).difference
    mean, ends = bar(axes, "tanh")
    assert mean == pytest.approx(100 * found.mean)
    assert ends == pytest.approx([100 * found.low, 100 * found.high])
    assert named(axes, "seeds elu").get_xdata() == pytest.approx([-5, 1, -1])
    assert [t.get_text() for t in axes.get_yticklabels()] == ["tanh", "elu"]
    assert named(axes, "margin").get_x() == -1
    assert named(axes, "margin").get_width() == 2
    says = {t.get_gid(): t.get_text() for t in axes.texts}
    assert says == {"verdict tanh": "not decided", "verdict elu": "not decided"}


@pytest.mark.parametrize(
    ("gap", "reads"),
    [(0.1, "higher"), (-0.1, "lower"), (0.002, "the same"), (0.0105, "not decided")],
)
def test_each_row_says_what_its_interval_shows_about_the_margin(gap, reads):
    base = np.array([0.9, 0.91, 0.93])
    arms = {"relu": base, "other": base + gap + np.array([0.0005, -0.0005, 0.0])}
    (axes,) = figures.paired_differences(arms, reference="relu", margin=1).axes
    assert [t.get_text() for t in axes.texts] == [reads]


def test_each_pull_fills_its_winners_and_the_board_counts_them():
    film = figures.lever(ARMS)
    assert film.captions == (
        "Pull 1: tanh wins with 96.0 %. So far, 1 of 3 has won.",
        "Pull 2: elu wins with 97.0 %. So far, 2 of 3 have won.",
        "Pull 3: tanh wins with 99.0 %. So far, 2 of 3 have won.",
    )
    left, right = film.frames[-1].axes
    widths = {name: named(right, f"wins {name}").get_width() for name in ARMS}
    assert widths == {"relu": 0, "tanh": 2, "elu": 1}
    filled = {name: named(left, name).get_markerfacecolor() != "white" for name in ARMS}
    assert filled == {"relu": False, "tanh": True, "elu": False}
    assert named(left, "tanh").get_xdata() == pytest.approx([99])
    before = [a.get_xdata() for a in left.get_lines() if a.get_gid() == "before"]
    assert before[0] == pytest.approx([95, 96])


def test_who_shares_the_highest_has_won_too():
    film = figures.lever({"relu": [0.9, 0.8], "tanh": [0.9, 0.7], "elu": [0.9, 0.7]})
    assert film.captions[0] == (
        "Pull 1: relu, tanh and elu win with 90.0 %. So far, 3 of 3 have won."
    )


def test_loss_and_accuracy_of_two_arms_are_the_means_and_the_line_stands_at_the_lowest():
    runs = seen.learned("no decay")
    left, right = made("part ways").axes
    for axes, name, times in ((left, "test_loss", 1), (right, "test_accuracy", 100)):
        mean = times * runs.measured[name].mean(0)[1:]
        np.testing.assert_allclose(named(axes, f"no decay {name}").get_ydata(), mean)
        assert named(axes, "lowest").get_xdata()[0] == 50


def test_endings_have_a_dot_a_network_and_its_mean():
    (axes,) = figures.endings({"one": [0.5, 0.6], "other": [1.0, 0.999]}).axes
    assert named(axes, "one").get_xdata() == pytest.approx([50, 60])
    assert named(axes, "mean one").get_text() == "55"
    assert named(axes, "mean other").get_text() == "99.9", "100 only where nothing is missing"


def test_the_plateau_marks_where_a_network_is_stopped_and_dots_the_rest():
    (axes,) = made("plateau").axes
    trained = [line for line in axes.get_lines() if line.get_gid() == "trained"]
    rest = [line for line in axes.get_lines() if line.get_gid() == "rest"]
    assert [line.get_ydata().tolist() for line in trained] == percent(CURVES[0][:3], CURVES[1])
    assert [line.get_ydata().tolist() for line in rest] == percent(CURVES[0][2:], CURVES[1][3:])
    assert named(axes, "stops").get_xydata().tolist() == [[3.0, 10.0]]
    texts = [t.get_text() for t in made("plateau").legends[0].get_texts()]
    assert texts == ["what would have come", "until the rule stops it", "stopped, and how many"]
    assert [(t.get_position()[0], t.get_text()) for t in axes.texts] == [(3, "1")]


def test_a_plateau_that_stops_nobody_has_no_square():
    (axes,) = figures.plateau(CURVES, [None, None]).axes
    assert len(named(axes, "stops").get_xdata()) == 0


def test_ratios_stand_on_a_logarithmic_axis_with_the_interval_of_their_mean():
    (axes,) = made("ratios").axes
    span = interval(RATIOS["tanh"])
    mean, ends = bar(axes, "tanh")
    assert mean == pytest.approx(span.mean)
    assert ends == pytest.approx([span.low, span.high])
    assert named(axes, "seeds sigmoid").get_xdata().tolist() == RATIOS["sigmoid"]
    assert named(axes, "reported").get_xdata()[0] == 6
    assert axes.get_xscale() == "log"


def test_loss_curves_are_running_means_of_the_16_losses():
    (axes,) = made("curves").axes
    lines = [line for line in axes.get_lines() if line.get_gid() == "curve"]
    loss = curves.trained("relu").loss[curves.RATES.index(0.1)]
    assert len(lines) == 16
    for line, values in zip(lines, loss, strict=True):
        assert line.get_xdata()[[0, -1]].tolist() == [8, 120]
        assert line.get_ydata()[0] == pytest.approx(values[:8].mean().item(), rel=1e-5)
    assert len(named(axes, "ends").get_xdata()) == 0


def test_every_diverged_network_has_a_cross_where_its_curve_ends():
    (axes,) = made("curves, diverged").axes
    loss = curves.trained("leaky_relu").loss[curves.RATES.index(1.0)]
    gone = ~torch.isfinite(curves.smooth(loss)[:, -1])
    assert len(named(axes, "ends").get_xdata()) == int(gone.sum()) == 16
    assert np.isfinite(named(axes, "ends").get_xydata()).all()
    assert made("curves, diverged").alt.endswith("16 diverge.")


def test_figures_refuse_what_they_cannot_draw():
    two_features = train(lambda seed: mlp((2, 2), seed=seed), moons(40), lr=0.1, seeds=2, steps=1,
                         progress=False)  # fmt: skip
    for call, error in (
        (lambda: figures.accuracy_by_rate([population()]), InvalidTypeError),
        (lambda: figures.accuracy_by_rate({}), InvalidValueError),
        (lambda: figures.accuracy_by_rate({"no sweep": two_features}), InvalidValueError),
        (lambda: figures.paired_differences([1, 2], reference="a", margin=1), InvalidTypeError),
        (lambda: figures.paired_differences(ARMS, reference="gelu", margin=1), InvalidValueError),
        (lambda: figures.lever({"relu": [0.7, 0.8]}), InvalidValueError),
        (lambda: figures.part_ways({"one": population()}), InvalidValueError),
        (lambda: figures.endings({}), InvalidValueError),
        (lambda: figures.plateau(CURVES, [1]), InvalidValueError),
        (lambda: figures.step_ratios([1.0]), InvalidTypeError),
        (lambda: figures.step_ratios({}), InvalidValueError),
        (lambda: figures.step_ratios({"tanh": [1.0, 0.0]}), InvalidValueError),
        (lambda: figures.step_ratios({"tanh": [1.0, np.inf]}), InvalidValueError),
        (lambda: figures.loss_curves(0.2), InvalidValueError),
        (lambda: figures.loss_curves(0.1, "rleu"), InvalidValueError),
    ):
        with pytest.raises(error):
            call()


def bars(axes, gid: str):
    """Return the one container of error bars with this gid: its points and its segments."""
    (container,) = [c for c in axes.containers if c.lines[0].get_gid() == gid]
    return container.lines[0].get_xydata(), container.lines[2][0].get_segments()


def test_dots_are_the_seeds_and_the_bar_is_their_interval():
    left, right = made("dots").axes
    assert sorted(named(left, "tanh").get_xdata()) == [0.9, 0.92, 0.94]
    span = interval([0.9, 0.92, 0.94])
    points, (segment,) = bars(left, "mean tanh")
    assert points[0, 0] == pytest.approx(span.mean)
    assert segment[:, 0] == pytest.approx([span.low, span.high])
    assert [t.get_text() for t in left.get_yticklabels()] == ["tanh", "ReLU"]
    assert named(right, "mark").get_xdata()[0] == 0.1
    assert left.get_xlabel() == right.get_xlabel() == "test accuracy (dotted: chance)"


def test_an_arm_has_one_height_colour_and_marker_in_every_panel():
    left, right = made("dots").axes
    one, other = named(left, "ReLU"), named(right, "ReLU")
    assert one.get_color() == other.get_color()
    assert one.get_marker() == other.get_marker()
    assert np.allclose(one.get_ydata(), other.get_ydata())
    assert np.all(one.get_ydata() < named(left, "tanh").get_ydata().min())
    assert one.get_color() != named(left, "tanh").get_color()
    assert one.get_marker() != named(left, "tanh").get_marker()


def test_on_a_logarithmic_axis_the_interval_is_that_of_the_logarithms():
    (axes,) = made("dots, log").axes
    span = interval([0.0, 1.0, 2.0])
    points, (segment,) = bars(axes, "mean tanh")
    assert points[0, 0] == pytest.approx(10.0)
    assert np.log10(segment[:, 0]) == pytest.approx([span.low, span.high])
    assert axes.get_xscale() == "log"


@pytest.mark.parametrize(
    ("groups", "options", "error", "message"),
    [
        ([1, 2], {}, InvalidTypeError, "dict of dicts"),
        ({}, {}, InvalidValueError, "one to 6 arms"),
        ({"a": {}}, {}, InvalidValueError, "one to 6 arms"),
        ({"a": {str(i): [0, 1] for i in range(7)}}, {}, InvalidValueError, "one to 6 arms"),
        ({"a": {"b": [1.0]}}, {}, InvalidValueError, "two or more"),
        ({"a": {"b": [1.0, np.nan]}}, {}, InvalidValueError, "finite"),
        ({"a": {"b": [1.0, 0.0]}}, {"log": True}, InvalidValueError, "positive"),
    ],
)
def test_dots_refuse_what_they_cannot_draw(groups, options, error, message):
    with pytest.raises(error, match=message):
        figures.seeds_as_dots(groups, label="l", seen="s", **options)


def test_zeros_show_each_layers_mean_for_fresh_and_trained_networks():
    (axes,) = made("zeros").axes
    for name, shares in (("fresh", FRESH), ("low", FRESH - 0.1), ("high", FRESH + 0.1)):
        points, segments = bars(axes, name)
        assert np.allclose(points[:, 1], shares.mean(axis=0))
        assert np.round(points[:, 0]).tolist() == [1, 2]
        span = interval(shares[:, 1])
        assert segments[1][:, 1] == pytest.approx([span.low, span.high])
    assert axes.get_ylabel() == "share of exact zeros"


def test_zeros_refuse_shares_that_are_none_or_do_not_fit():
    with pytest.raises(InvalidValueError, match="one shape"):
        figures.zeros_after_training(FRESH, {"a": FRESH[:, :1]})
    with pytest.raises(InvalidValueError, match="0 to 1"):
        figures.zeros_after_training(FRESH, {"a": FRESH + 1})
    with pytest.raises(InvalidValueError, match="one to four"):
        figures.zeros_after_training(FRESH, {})


def test_penalties_show_every_seed_and_the_mean_with_the_size_beside_it():
    (axes,) = made("penalties").axes
    assert named(axes, "on weights 0.2").get_xydata().tolist() == [[0.2, 0.9], [0.3, 0.92]]
    assert np.allclose(named(axes, "mean on weights 0.2").get_xydata(), [[0.25, 0.91]])
    assert [text.get_text() for text in axes.texts] == ["0.1", "0.2", "0.3"]
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == ["on activations", "on weights"]


def test_penalties_refuse_lists_of_different_lengths():
    with pytest.raises(InvalidValueError, match="as many"):
        figures.two_penalties({"a": {"0": ([0.1], [0.1, 0.2])}})
    with pytest.raises(InvalidValueError, match="one to four"):
        figures.two_penalties({})


def test_codes_show_zeros_and_errors_at_each_penalty():
    left, right = made("codes").axes
    assert np.allclose(bars(left, "mean")[0], [[0, 0.51], [1, 0.85]])
    assert np.allclose(bars(right, "mean")[0], [[0, 0.015], [1, 0.04]])
    assert named(left, "seeds 1").get_ydata().tolist() == [0.8, 0.9]
    assert named(right, "worst").get_ydata()[0] == 0.07
    assert [t.get_text() for t in left.get_xticklabels()] == ["0", "0.1"]
    with pytest.raises(InvalidValueError, match="every penalty"):
        figures.code_sparsity([0.0], *CODES[1:], worst=0.07)


def test_features_are_drawn_as_they_are_on_one_scale_a_row():
    picture = made("features")
    assert len(picture.axes) == 24
    image = named(picture.axes[3], "plain 3")
    assert np.array_equal(np.asarray(image.get_array()), np.arange(192, 256).reshape(8, 8))
    assert image.get_clim() == (-767, 767)
    assert picture.axes[12].get_title(loc="left") == "sparse"
    with pytest.raises(InvalidValueError, match="one shape"):
        figures.decoder_features({"a": np.ones((2, 8, 8)), "b": np.ones((3, 8, 8))})
    with pytest.raises(InvalidValueError, match="one shape"):
        figures.decoder_features({})
