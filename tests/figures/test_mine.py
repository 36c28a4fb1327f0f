"""A learner's guess is a diamond with the word "you", wherever it is drawn."""

from types import SimpleNamespace

import numpy as np
import pytest

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import INK, MARKERS, panels
from relukit.figures.mine import mine


@pytest.fixture
def axes():
    _, (axes,) = panels()
    axes.set(xlim=(0, 10), ylim=(0, 1))
    return axes


def diamonds(axes):
    """Return the one artist with diamonds, and check its look."""
    (line,) = [line for line in axes.get_lines() if line.get_gid() == "mine"]
    assert (line.get_marker(), line.get_color()) == ("D", INK)
    return line


def words(axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


@pytest.mark.parametrize("guess", [0.25, np.float32(0.25), SimpleNamespace(value=0.25)])
def test_a_number_at_a_place_is_one_diamond_with_the_word_beside_it(axes, guess):
    mine(axes, guess, at=4)
    assert diamonds(axes).get_xydata().tolist() == [[4, 0.25]]
    assert words(axes) == ["you"]


def test_a_sketch_is_a_dashed_curve_with_a_diamond_at_each_place(axes):
    mine(axes, SimpleNamespace(value=[0.1, 0.5, 0.2]), at=[1, 2, 3])
    assert diamonds(axes).get_xydata().tolist() == [[1, 0.1], [2, 0.5], [3, 0.2]]
    assert diamonds(axes).get_linestyle() == "--"
    assert words(axes) == ["you"]


def test_no_guess_is_no_mark(axes):
    mine(axes, None, at=3)
    mine(axes, SimpleNamespace(value=None), at=3)
    assert not axes.get_lines()
    assert not words(axes)


@pytest.mark.parametrize(
    ("guess", "limits", "edge", "said"),
    [
        (7.5, (0, 1), 1, "you: 7.5 ↑"),
        (-0.5, (0, 1), 0, "you: -0.5 ↓"),
        (7.5, (1, 0), 1, "you: 7.5 ↓"),  # an axis that falls
        (-0.5, (1, 0), 0, "you: -0.5 ↑"),
    ],
)
def test_a_guess_beyond_the_picture_stands_at_its_edge_and_says_its_number_and_where_it_is(
    axes, guess, limits, edge, said
):
    axes.set_ylim(limits)
    mine(axes, guess, at=4)
    assert diamonds(axes).get_xydata().tolist() == [[4, edge]]
    assert words(axes) == [said]
    assert axes.get_ylim() == limits


def test_each_point_of_a_sketch_beyond_the_picture_says_its_own_number(axes):
    mine(axes, [-2, 0.5, 3, 0.4], at=[1, 2, 3, 4])
    assert diamonds(axes).get_ydata().tolist() == [0, 0.5, 1, 0.4]
    assert [(text.get_text(), text.xy) for text in axes.texts] == [
        ("-2 ↓", (1, 0)), ("3 ↑", (3, 1)), ("you", (4, 0.4))
    ]  # fmt: skip


def test_on_a_logarithmic_axis_what_is_not_above_0_stands_at_the_lower_edge(axes):
    axes.set(yscale="log", ylim=(0.01, 1))
    mine(axes, -3, at=4)
    assert diamonds(axes).get_ydata().tolist() == [0.01]
    assert words(axes) == ["you: -3 ↓"]


@pytest.mark.parametrize("guess", [0.9, 5.0, [0.1, 9.0]])
def test_limits_that_follow_the_curves_do_not_follow_the_guess(guess):
    _, (axes,) = panels()
    axes.plot([1, 2], [0.2, 0.8])
    before = axes.get_xlim(), axes.get_ylim()
    mine(axes, guess, at=1.02 if isinstance(guess, float) else [0.98, 2.04])
    axes.get_figure().png()
    assert (axes.get_xlim(), axes.get_ylim()) == before


@pytest.mark.parametrize("x", [0, 10])
@pytest.mark.parametrize("y", [0, 1])
def test_the_word_stays_inside_the_picture_in_every_corner(axes, x, y):
    mine(axes, y, at=x)
    axes.get_figure().png()
    box, paper = axes.texts[0].get_window_extent(), axes.bbox
    assert paper.x0 <= box.x0 <= box.x1 <= paper.x1
    assert paper.y0 - 1 <= box.y0 <= box.y1 <= paper.y1 + 1


@pytest.mark.parametrize(
    ("guess", "options", "error"),
    [
        ("b", {}, InvalidTypeError),
        (True, {}, InvalidTypeError),
        ([0.1, "x"], {"at": [1, 2]}, InvalidTypeError),
        (float("nan"), {}, InvalidValueError),
        ([], {"at": []}, InvalidTypeError),
        ([0.1, 0.2], {}, InvalidValueError),
        ([0.1, 0.2], {"at": [1]}, InvalidValueError),
        (0.1, {"at": [1]}, InvalidValueError),
        (0.1, {"at": 10.5}, InvalidValueError),
        ([0.1, 0.2], {"at": [-1, 3]}, InvalidValueError),
    ],
)
def test_what_is_no_guess_is_refused(axes, guess, options, error):
    with pytest.raises((InvalidTypeError, InvalidValueError)) as refused:
        mine(axes, guess, **({"at": 3} | options))
    assert refused.value.do
    if guess != []:
        assert isinstance(refused.value, error)


def test_no_curve_of_the_course_has_diamonds():
    assert not {"D", "d"} & set(MARKERS)


@pytest.mark.parametrize(("side", "stands"), [("left", "right"), ("right", "left")])
@pytest.mark.parametrize("at", [1, 9])
def test_the_word_stands_on_the_side_that_is_asked_for(axes, side, stands, at):
    mine(axes, 0.4, at=at, side=side)
    (text,) = axes.texts
    assert text.get_ha() == stands  # of the word that touches the diamond
    assert (text.xyann[0] < 0) == (side == "left")


def test_an_unknown_side_is_refused(axes):
    with pytest.raises(InvalidValueError, match="side='left'"):
        mine(axes, 0.4, at=1, side="above")
