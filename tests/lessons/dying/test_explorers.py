"""The cliff explorer: it shows the place of the map that its sliders name."""

import functools

import numpy as np
import pytest

from relukit.errors import InvalidValueError
from relukit.explorers import Explorer
from relukit.lessons.dying.experiments.cliff import GAINS, LRS, cliff
from relukit.lessons.dying.explorers import cliff_explorer


@functools.cache
def kept() -> Explorer:
    return cliff_explorer()


@pytest.fixture
def explorer():
    kept().reset()
    return kept()


def test_every_place_of_the_map_can_be_reached_and_is_described(explorer):
    seen = set()
    for lr in LRS:
        for gain in GAINS:
            explorer.move(lr=lr, gain=gain)
            seen.add(explorer.alt)
            assert explorer.caption.startswith(f"lr {lr:g}, gain {gain:g}.")
    assert len(seen) == len(LRS) * len(GAINS)


def test_the_picture_shows_the_networks_of_that_place(explorer):
    explorer.move(lr=0.3, gain=2.0)
    left, right = explorer.picture.axes
    for name, label in (("relu", "ReLU"), ("leaky_relu", "leaky ReLU")):
        accuracy, dead, broken = cliff(name).at(0.3, 2.0)
        (dots,) = [a for a in right.get_lines() if a.get_gid() == label]
        assert np.allclose(dots.get_ydata(), accuracy)
        (dots,) = [a for a in left.get_lines() if a.get_gid() == label]
        assert np.allclose(dots.get_ydata(), dead.T.ravel())
        assert f"{int(broken.sum())} of 16 nan" in explorer.caption


def test_a_move_and_its_way_back_leave_no_trace(explorer):
    before = explorer.children[0].value, explorer.caption
    explorer.move(lr=1.0, gain=4.0)
    assert explorer.children[0].value != before[0]
    explorer.reset()
    assert (explorer.children[0].value, explorer.caption) == before


def test_controls_have_labels_of_their_own_and_the_stored_text_is_short(explorer):
    labels = [control.description for control in explorer.controls.values()]
    assert labels == ["learning rate", "gain on He's weights"]
    assert repr(explorer) == "Explorer: cliff map (2 controls; needs a running kernel)"


def test_a_slider_that_does_not_exist_is_refused(explorer):
    with pytest.raises(InvalidValueError, match="gain"):
        explorer.move(gian=1.0)
