"""A picture that follows controls shows new data, and no trace of the old."""

import io

import numpy as np
import pytest
from PIL import Image

from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, PALETTE, panels
from relukit.figures.live import LivePicture


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def test_a_live_picture_shows_new_data_and_leaves_no_trace_of_the_old():
    picture, (axes,) = panels()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    (line,) = axes.plot([0, 1], [0, 1], color=PALETTE["blue"], linestyle=DASHES[0])
    live = LivePicture(picture, [line])
    first = live.png()
    line.set_ydata([1, 0])
    assert not np.array_equal(pixels(live.png()), pixels(first))
    line.set_ydata([0, 1])
    assert live.png() == first
    line.set_data([], [])
    empty, (bare,) = panels()
    bare.set(xlim=(0, 1), ylim=(0, 1))
    assert live.png() == LivePicture(empty, []).png()
    assert live.size == pixels(first).shape[1::-1]
    still = panels()[1][0].plot([0, 1], [0, 1])
    with pytest.raises(InvalidValueError, match="this picture"):
        LivePicture(picture, still)
