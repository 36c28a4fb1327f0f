"""Figures of lesson 06's second half: what their artists show, and what they refuse."""

import functools

import numpy as np
import pytest

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import Picture
from relukit.lessons.training import figures
from relukit.statistics import interval

GROUPS = {
    "30 layers": {"tanh": [0.9, 0.92, 0.94], "ReLU": [0.5, 0.3, 0.4]},
    "50 layers": {"ReLU": [0.2, 0.1, 0.3]},
}
FRESH = np.array([[0.5, 0.48], [0.52, 0.5], [0.5, 0.49]])
CODES = (0.0, 0.1), [[0.5, 0.52], [0.8, 0.9]], [[0.01, 0.02], [0.03, 0.05]]
MAKERS = {
    "dots": lambda: figures.seeds_as_dots(
        GROUPS, label="test accuracy", mark=("chance", 0.1), seen="tanh is ahead of ReLU"
    ),
    "dots, log": lambda: figures.seeds_as_dots(
        {"one": {"tanh": [1.0, 10.0, 100.0]}}, label="error", log=True, seen="a wide spread"
    ),
    "zeros": lambda: figures.zeros_after_training(FRESH, {"low": FRESH - 0.1, "high": FRESH + 0.1}),
    "penalties": lambda: figures.two_penalties(
        {
            "on activations": {"0.1": ([0.7, 0.9], [0.95, 0.97])},
            "on weights": {"0.2": ([0.2, 0.3], [0.9, 0.92]), "0.3": ([0.1, 0.1], [0.8, 0.82])},
        }
    ),
    "codes": lambda: figures.code_sparsity(*CODES, worst=0.07),
    "features": lambda: figures.decoder_features(
        {"plain": np.arange(12 * 64).reshape(12, 8, 8), "sparse": np.ones((12, 8, 8))}
    ),
}


@functools.cache
def made(name: str) -> Picture:
    """Return a figure that tests only read."""
    return MAKERS[name]()


def named(axes, gid: str):
    """Return the one artist of the axes with this gid."""
    (artist,) = [a for a in axes.findobj() if a.get_gid() == gid]
    return artist


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
        ({}, {}, InvalidValueError, "one to 5 arms"),
        ({"a": {}}, {}, InvalidValueError, "one to 5 arms"),
        ({"a": {str(i): [0, 1] for i in range(6)}}, {}, InvalidValueError, "one to 5 arms"),
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
