"""The film that folds the plane: where its points go, and what the cut parts."""

import itertools

import numpy as np
import pytest
from matplotlib.path import Path

from relukit.lessons.definitions.figures import fold
from relukit.lessons.definitions.figures.fold import moved

UNITS = {(0, 0): (0, 0), (0, 1): (1, 0), (1, 0): (1, 0), (1, 1): (2, 1)}  # f(s) and f(s - 1)


@pytest.fixture(scope="module")
def film():
    return fold()


def named(axes, gid: str):
    (artist,) = [a for a in axes.get_children() if a.get_gid() == gid]
    return artist


def places(frame) -> dict[int, list]:
    """Return where the folded paper has the points of each answer."""
    right = frame.axes[1]
    return {k: named(right, f"answer {k}").get_xydata().tolist() for k in (0, 1)}


def test_the_three_moves_together_are_the_two_units():
    points = np.random.default_rng(0).uniform(-2, 2, (500, 2))
    s = points.sum(1)
    there = moved(points, slide=1, press=1, lift=1)
    np.testing.assert_allclose(there, np.maximum(np.stack([s, s - 1], 1), 0), atol=1e-12)
    np.testing.assert_array_equal(moved(points, slide=0, press=0, lift=0), points)


def test_a_point_slides_along_its_own_line_of_equal_sum():
    points = np.random.default_rng(1).uniform(-2, 2, (50, 2))
    for slide in (0.2, 0.7, 1):
        there = moved(points, slide=slide, press=0, lift=0)
        np.testing.assert_allclose(there.sum(1), points.sum(1))


def test_the_film_begins_at_the_corners_and_ends_at_the_units_outputs(film):
    assert places(film.frames[0]) == {0: [[0, 0], [1, 1]], 1: [[0, 1], [1, 0]]}
    last = places(film.frames[-1])
    assert last == {0: [[*UNITS[0, 0]], [*UNITS[1, 1]]], 1: [[*UNITS[0, 1]], [*UNITS[1, 0]]]}


def test_a_ring_and_one_name_say_that_two_points_lie_on_one_place(film):
    landed = 0
    for frame, caption in zip(film.frames, film.captions, strict=True):
        one, other = places(frame)[1]
        rings = [a for a in frame.axes[1].lines if a.get_gid() == "two in one place"]
        names = [words.get_text() for words in frame.axes[1].texts]
        together = np.allclose(one, other)
        assert together == bool(rings) == ("(0, 1) and (1, 0)" in names)
        landed += together
        if "on its way" in caption:
            assert not together
        if "Landed" in caption:
            assert together
    assert len(film.frames) / 2 < landed < len(film.frames)


def test_the_ruler_parts_the_folded_points_and_not_those_in_a_row(film):
    frame = film.frames[-1]
    (x1, y1), (x2, y2) = named(frame.axes[1], "ruler").get_xydata()
    for x, y in ((x1, y1), (x2, y2)):
        assert x - 2 * y == pytest.approx(0.5)
    side = Path(named(frame.axes[1], "says 1").get_xy())
    for answer, points in places(frame).items():
        assert [side.contains_point(p) for p in points] == [bool(answer)] * 2
    assert "4 of 4 right" in film.captions[-2]
    row = film.frames[[c.startswith("All on one line") for c in film.captions].index(True)]
    assert sorted((p[0], k) for k, found in places(row).items() for p in found) == [
        (0, 0), (1, 1), (1, 1), (2, 0),
    ]  # fmt: skip


def test_unfolded_the_cut_is_the_band_in_which_the_network_exceeds_one_half(film):
    left = film.frames[-1].axes[0]
    band = Path(named(left, "says 1").get_xy())
    for x1, x2 in itertools.product(np.linspace(-0.23, 1.23, 20), repeat=2):
        s = x1 + x2
        output = max(0, s) - 2 * max(0, s - 1)
        assert band.contains_point((x1, x2)) == (output > 0.5)
    assert len([a for a in left.lines if a.get_gid() == "ruler"]) == 2
    before = film.frames[-2].axes[0]
    assert not [a for a in before.get_children() if a.get_gid() == "says 1"]


def test_the_sheet_moves_with_its_points_and_the_axes_stand_still(film):
    corners = [
        np.concatenate([path.vertices for path in named(f.axes[1], "sheet").get_paths()])
        for f in film.frames
    ]
    s = corners[0].sum(1)
    np.testing.assert_allclose(corners[-1], np.maximum(np.stack([s, s - 1], 1), 0), atol=1e-12)
    for place in (0, 1):
        boxes = {tuple(frame.axes[place].get_position().bounds) for frame in film.frames}
        assert len(boxes) == 1
