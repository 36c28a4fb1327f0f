"""The film that draws the learner's numbers: what its frames show, and what they say."""

import math
import re

import numpy as np
import pytest

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import PALETTE
from relukit.lessons.definitions.figures import draw

LISTS = [(0, 2, 1, 5, 3, 4, 0), (-2.0, 3.0, 1.0, -1.0, -4.5), (0.1, 0.2, 0.3, 0.1)]


def gids(axes, gid: str) -> list:
    return [artist for artist in axes.get_children() if artist.get_gid() == gid]


def number(words: str) -> float:
    return float(words.replace("−", "-").replace(",", ""))


@pytest.fixture(scope="module", params=LISTS, ids=str)
def drawing(request):
    return request.param, draw(request.param)


def test_each_frame_meets_one_number_more_and_the_last_has_nothing_to_come(drawing):
    heights, film = drawing
    n = len(heights)
    assert len(film.frames) == n + 1
    for k, frame in enumerate(film.frames):
        met = min(k, n - 1) + 1
        (points,), (line,), (rest,) = (
            gids(frame.axes[0], gid) for gid in ("met", "sum", "to come")
        )
        np.testing.assert_allclose(points.get_xydata(), list(enumerate(heights[:met])))
        np.testing.assert_allclose(np.interp(range(met), *line.get_data()), heights[:met])
        assert rest.get_xydata().tolist() == [[x, heights[x]] for x in range(met, n)]
        assert points.get_markerfacecolor() == PALETTE["blue"]
        assert rest.get_markerfacecolor() == "white"


def test_the_dotted_line_goes_straight_on_and_the_arrow_is_the_change_of_slope(drawing):
    heights, film = drawing
    (level,) = gids(film.frames[0].axes[0], "level")
    assert set(level.get_ydata()) == {heights[0]}
    assert not any(gids(frame.axes[0], "level") for frame in film.frames[1:])
    for k, frame in enumerate(film.frames[1:-1], 1):
        before = heights[k - 1] - heights[k - 2] if k > 1 else 0.0
        ahead = heights[k - 1] + before
        dotted = [a for a in gids(frame.axes[0], "without") if hasattr(a, "get_xydata")]
        if math.isclose(heights[k], ahead):
            assert not dotted
            continue
        np.testing.assert_allclose(dotted[0].get_xydata(), [[k - 1, heights[k - 1]], [k, ahead]])
        (words,) = [a for a in gids(frame.axes[0], "change") if a.get_text()]
        assert number(words.get_text()) == pytest.approx(heights[k] - ahead, rel=5e-3)


def test_captions_and_the_row_of_relus_say_the_second_differences(drawing):
    heights, film = drawing
    changes = np.diff(np.diff(heights), prepend=0.0)
    bends = {place: change for place, change in enumerate(changes) if abs(change) > 1e-9}
    said = [
        re.search(r"ReLU (\d+) changes the slope by (\S+) at x = (\d+)", c) for c in film.captions
    ]
    found = [m.groups() for m in said if m]
    assert [int(unit) for unit, _, _ in found] == list(range(1, len(bends) + 1))
    assert [int(place) for *_, place in found] == list(bends)
    assert [number(change) for _, change, _ in found] == pytest.approx(
        list(bends.values()), rel=5e-3
    )
    row = [a.get_text() for a in gids(film.frames[-1].axes[1], "change")]
    assert [number(words) for words in row] == pytest.approx(list(bends.values()), rel=5e-3)
    assert f"{len(heights)} numbers" in film.captions[-1]
    assert f"{len(bends)} ReLUs" in film.captions[-1]
    assert "never trained" in film.captions[-1]


def test_a_number_straight_ahead_needs_no_relu():
    film = draw([0, 1, 2, 2])
    assert "No ReLU needed" in film.captions[2]
    assert "2 ReLUs" in film.captions[-1]
    assert "no ReLUs" in draw([5, 5]).captions[-1]


def test_nothing_jumps_between_frames(drawing):
    _, film = drawing
    for place in (0, 1):
        boxes = {tuple(frame.axes[place].get_position().bounds) for frame in film.frames}
        assert len(boxes) == 1
        limits = {frame.axes[place].get_ylim() for frame in film.frames}
        assert len(limits) == 1


@pytest.mark.parametrize(
    "heights", [(1,), (), range(17), (0, 1, math.nan), (0, math.inf), (0, 1e5), [[0, 1]], "curve"]
)
def test_unusable_numbers_are_refused_in_three_parts(heights):
    with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
        draw(heights)
    assert caught.value.do
