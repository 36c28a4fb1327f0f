"""Cells of a few units and of many: what they are labelled with, and what the title says."""

import math

import numpy as np
import pytest
import torch

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.lessons.definitions import figures
from relukit.lessons.definitions.figures.cells import FOUR_BIASES, FOUR_BOX, FOUR_WEIGHTS


def rows(axes) -> dict[tuple[float, ...], str]:
    """Return the rows of marks, read from left to right: height -> pattern of 1 and 0."""
    marks = [a for a in axes.get_lines() if a.get_gid() in ("on", "off")]
    places = np.array([mark.get_xydata()[0] for mark in marks])
    n = len(FOUR_BIASES)
    found = {}
    for start in range(0, len(marks), n):
        part = slice(start, start + n)
        assert np.all(np.diff(places[part, 0]) > 0)
        assert np.ptp(places[part, 1]) < 1e-12
        code = "".join("1" if mark.get_gid() == "on" else "0" for mark in marks[part])
        found[tuple(places[part].mean(0))] = code
    return found


def test_four_lines_show_each_of_eleven_patterns_once_and_where_it_holds():
    (axes,) = figures.cells().axes
    found = rows(axes)
    w, b = np.array(FOUR_WEIGHTS), np.array(FOUR_BIASES)
    for centre, code in found.items():
        on = [float(np.dot(row, centre)) + bias > 0 for row, bias in zip(w, b, strict=True)]
        assert code == "".join("01"[int(state)] for state in on)
    left, right, bottom, top = FOUR_BOX
    grid = np.stack(np.meshgrid(np.linspace(left, right, 400), np.linspace(bottom, top, 400)))
    on_grid = (np.tensordot(w, grid, 1).transpose(1, 2, 0) + b > 0).reshape(-1, 4)
    patterns = {"".join(map(str, row.astype(int))) for row in np.unique(on_grid, axis=0)}
    assert set(found.values()) == patterns
    assert len(found) == len(patterns) == 1 + 4 + math.comb(4, 2)
    assert axes.get_title(loc="left") == "Four switches, eleven cells"


def test_a_filled_round_mark_is_on_and_a_hollow_square_is_off():
    (axes,) = figures.cells().axes
    for mark in axes.get_lines():
        if mark.get_gid() == "on":
            assert (mark.get_marker(), mark.get_markerfacecolor()) == ("o", "#0072B2")
        if mark.get_gid() == "off":
            assert (mark.get_marker(), mark.get_markerfacecolor()) == ("s", "white")


def test_each_line_is_named_on_itself_and_has_teeth_on_the_side_where_its_unit_is_on():
    (axes,) = figures.cells().axes
    for unit, (w, b) in enumerate(zip(FOUR_WEIGHTS, FOUR_BIASES, strict=True), start=1):
        (name,) = [text for text in axes.texts if text.get_gid() == f"unit {unit}"]
        assert np.dot(w, name.get_position()) + b == pytest.approx(0, abs=1e-9)
        (side,) = [line for line in axes.get_lines() if line.get_gid() == f"on side of {unit}"]
        sums = side.get_xydata() @ w + b
        np.testing.assert_allclose(sums[::3], 0, atol=1e-9)
        assert (sums[1::3] > 0.05).all()


def test_cells_that_the_box_hides_are_counted_in_the_title():
    picture = figures.cells(torch.eye(2), torch.zeros(2), box=(1, 2, -1, 1))
    (axes,) = picture.axes
    assert axes.get_title(loc="left") == "Two switches, four cells; two of them in view"
    assert "two cells" in picture.alt


def test_a_unit_without_weights_has_no_line_and_is_on_or_off_everywhere():
    (axes,) = figures.cells([[0.0, 0.0], [1.0, 0.0]], [1.0, 0.0]).axes
    assert axes.get_title(loc="left") == "Two switches, two cells"
    assert not [line for line in axes.get_lines() if line.get_gid() == "on side of 1"]
    marks = [line.get_gid() for line in axes.get_lines() if line.get_gid() in ("on", "off")]
    assert sorted(marks) == ["off", "on", "on", "on"]


@pytest.mark.parametrize(
    ("weight", "bias", "error"),
    [
        ([], [], InvalidValueError),
        (np.ones((6, 2)), np.ones(6), InvalidValueError),
        (np.ones((2, 3)), np.ones(2), InvalidValueError),
        (np.ones((2, 2)), np.ones(3), InvalidValueError),
        ([[math.nan, 1]], [0], InvalidValueError),
        ([["a", "b"]], [0], InvalidTypeError),
    ],
    ids=["none", "six", "three inputs", "too many biases", "nan", "words"],
)
def test_what_is_no_small_layer_is_refused(weight, bias, error):
    with pytest.raises(error) as caught:
        figures.cells(weight, bias)
    assert caught.value.do
