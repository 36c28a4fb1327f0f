"""The corners of exclusive-or: which are filled, and what each ruler gets wrong."""

import numpy as np
from matplotlib.path import Path

from relukit.figures.canvas import PALETTE
from relukit.lessons.definitions.figures import xor_points

CORNERS = {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 0}


def named(axes, gid: str):
    (artist,) = [a for a in axes.get_children() if a.get_gid() == gid]
    return artist


def test_ones_are_filled_and_zeros_hollow_in_every_panel():
    for axes in xor_points().axes:
        ones, zeros = named(axes, "answer 1"), named(axes, "answer 0")
        assert {tuple(p) for p in ones.get_xydata()} == {(0, 1), (1, 0)}
        assert {tuple(p) for p in zeros.get_xydata()} == {(0, 0), (1, 1)}
        assert ones.get_markerfacecolor() == PALETTE["blue"]
        assert zeros.get_markerfacecolor() == "white"
        assert zeros.get_color() == PALETTE["vermilion"]
    first = xor_points().axes[0]
    said = {words.xy: int(words.get_text()) for words in first.texts if words.get_text()}
    assert said == CORNERS


def test_each_ruler_rings_the_corners_on_its_wrong_side_and_counts_the_others():
    picture = xor_points()
    counts = []
    for axes in picture.axes[1:]:
        side = Path(named(axes, "says 1").get_xy())
        wrong = {c for c, answer in CORNERS.items() if side.contains_point(c) != bool(answer)}
        assert {tuple(p) for p in named(axes, "wrong").get_xydata()} == wrong
        assert axes.get_title(loc="left") == f"{4 - len(wrong)} of 4 right"
        counts.append(4 - len(wrong))
        ruler = named(axes, "ruler")
        edge = np.array([ruler.get_xy1(), ruler.get_xy2()])
        assert not any(
            np.isclose(
                np.cross(np.append(edge[1] - edge[0], 0), np.append(c - edge[0], 0)), 0
            ).all()
            for c in np.array(list(CORNERS))
        )
    assert max(counts) == 3
    assert "more than 3" in picture.get_suptitle()
    assert "more than 3" in picture.alt
