"""One image, one matrix: what a frame shows is what torch computes, and captions count right."""

import re

import numpy as np
import pytest
import torch

from relukit.lessons.definitions import figures
from relukit.lessons.definitions.experiments.cells import reader
from relukit.lessons.definitions.figures.matrix import DIGITS, MORE, OF, rare, readings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def film():
    """Draw it once."""
    return figures.one_matrix()


def squares(axes, gid: str) -> np.ndarray:
    """Return centre and half side of each square, (n, 3)."""
    (found,) = [c for c in axes.collections if c.get_gid() == gid]
    corners = np.array([path.vertices[:4] for path in found.get_paths()])
    return np.column_stack([corners.mean(1), np.ptp(corners[..., 0], axis=1) / 2])


def test_each_digit_comes_once_and_then_more_of_one(film):
    digits = [reading.digit for reading in readings()]
    assert digits == [*DIGITS, *[OF] * MORE]
    assert len(film.frames) == len(film.captions) == len(digits)


def test_rows_and_scores_are_those_of_autograd_and_of_the_network():
    network, data = reader()
    for reading in readings():
        x = torch.from_numpy(reading.image)
        assert (data.x_test == x).all(1).any()
        scores = network(x).detach()
        assert int(scores.argmax()) == reading.digit
        row = torch.autograd.functional.jacobian(network, x)[reading.digit]
        np.testing.assert_allclose(reading.row, row.numpy(), rtol=1e-4, atol=1e-5)
        assert sum(reading.parts) == pytest.approx(float(scores.max()), rel=1e-5)
        assert reading.score == pytest.approx(float(scores.max()), rel=1e-5)


def test_the_surest_of_each_digit_is_shown():
    network, data = reader()
    scores = network(data.x_test).detach()
    for reading in readings()[: len(DIGITS)]:
        right = (data.y_test == reading.digit) & (scores.argmax(1) == reading.digit)
        assert float(scores[right, reading.digit].max()) == pytest.approx(reading.score)


def test_a_square_is_filled_where_the_weight_is_above_0_and_its_area_is_the_weight(film):
    top = max(np.abs(reading.row[~rare()]).max() for reading in readings())
    for reading, frame in zip(readings(), film.frames, strict=True):
        shown = set()
        for gid, sign in (("for", 1), ("against", -1)):
            for x, y, half in squares(frame.axes[2], gid):
                pixel = 8 * round(y) + round(x)
                shown.add(pixel)
                assert sign * half**2 == pytest.approx(0.46**2 * reading.row[pixel] / top, rel=1e-4)
        assert shown == set(np.flatnonzero(~rare()))


def test_no_square_stands_where_hardly_any_image_has_ink():
    _, data = reader()
    inked = [sum(image[pixel] > 0 for image in data.x_train.tolist()) for pixel in range(64)]
    assert [n < 0.05 * len(data.x_train) for n in inked] == rare().tolist()


def test_bars_are_the_switches_and_triangles_those_that_changed(film):
    for place, (reading, frame) in enumerate(zip(readings(), film.frames, strict=True)):
        code = frame.axes[1]
        on, off = (squares(code, gid) for gid in ("on", "off"))
        assert (len(on), len(off)) == (reading.switches.sum(), (~reading.switches).sum())
        changed = [line for line in code.get_lines() if line.get_gid() == "changed"]
        flips = (reading.switches != readings()[place - 1].switches).sum() if place else 0
        assert len(changed) == flips
        assert f"{reading.switches.sum()} of 128" in code.get_title(loc="left")


def test_both_scores_in_a_frame_are_equal_as_printed(film):
    for frame in film.frames:
        *_, matrix, network = re.findall(r"\d+\.\d\d", frame.get_supxlabel())
        assert matrix == network


def test_captions_count_what_the_switches_say(film):
    before = None
    for reading, caption in zip(readings(), film.captions, strict=True):
        numbers = {int(n) for n in re.findall(r"\b\d{2,}\b", caption)} - {128}
        allowed = {int(reading.switches.sum())}
        if before is not None:
            allowed.add(int((reading.switches != before.switches).sum()))
        assert numbers
        assert numbers <= allowed
        before = reading


def test_in_the_hole_of_the_0_most_ink_would_speak_against_it():
    zero = readings()[0]
    image = zero.image.reshape(8, 8)
    hole = [(y, x) for y in range(2, 6) for x in (3, 4) if image[y, x] < 0.3]
    weights = [zero.row.reshape(8, 8)[place] for place in hole]
    assert len(weights) >= 5
    assert np.mean(np.less(weights, 0)) > 0.5
