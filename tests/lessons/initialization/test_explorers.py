"""The gain explorer: picture, description and caption follow the two sliders."""

import matplotlib
import numpy as np
import pytest
from explored import as_made, pixels
from matplotlib import _pylab_helpers

from relukit.errors import InvalidValueError
from relukit.explorers import Explorer
from relukit.lessons.initialization.experiments.trained import GAINS, accuracy_by_gain
from relukit.lessons.initialization.explorers import gain_explorer
from relukit.lessons.initialization.figures.gain import layer_inputs


@pytest.fixture
def explorer() -> Explorer:
    return as_made(gain_explorer)


def test_moving_the_gain_changes_image_description_and_caption_and_back_again(explorer):
    before = pixels(explorer), explorer.alt, explorer.caption
    explorer.move(gain=1.7)
    assert not np.array_equal(pixels(explorer), before[0])
    assert explorer.alt != before[1]
    assert explorer.caption != before[2]
    explorer.reset()
    assert np.array_equal(pixels(explorer), before[0])
    assert explorer.alt == explorer.picture.alt == before[1]


def test_another_seed_is_another_network(explorer):
    before = pixels(explorer)
    explorer.move(seed=7)
    assert not np.array_equal(pixels(explorer), before)
    assert "seed 7" in explorer.alt


@pytest.mark.parametrize(
    ("gain", "words"), [(0.7, "shrink"), (1.41, "keep their size"), (2.0, "grow")]
)
def test_it_says_whether_the_signal_shrinks_or_grows(explorer, gain, words):
    explorer.move(gain=gain)
    assert f"they {words} with depth" in explorer.alt


def test_the_caption_gives_the_deviations_and_the_accuracy_of_the_nearest_gain(explorer):
    explorer.move(gain=1.25, seed=3)
    inputs = layer_inputs(1.25, 3)
    nearest = min(GAINS, key=lambda g: abs(g - 1.25))
    found = 100 * np.array(accuracy_by_gain()[nearest])
    assert f"deviation {inputs[0].std():.2g} in layer 1" in explorer.caption
    assert f"{inputs[-1].std():.2g} in layer 10" in explorer.caption
    assert f"Trained from gain {nearest:.2f}" in explorer.caption
    assert f"reaches {found[3]:.0f} %" in explorer.caption
    assert f"the mean of 16 is {found.mean():.0f} %" in explorer.caption
    assert "outside" not in explorer.caption


def test_it_says_how_much_of_a_large_signal_is_not_seen(explorer):
    explorer.move(gain=2.5)
    share = 100 * np.mean(np.abs(layer_inputs(2.5, 0)[-1]) > 4)
    assert f"{share:.0f} % of layer 10 lies outside the picture." in explorer.caption


def test_controls_have_labels_and_ranges_that_hold_every_trained_gain(explorer):
    slider = explorer.controls["gain"]
    assert slider.min == min(GAINS)
    assert slider.max == max(GAINS)
    assert all(control.description for control in explorer.controls.values())
    assert (explorer.controls["seed"].min, explorer.controls["seed"].max) == (0, 15)


def test_a_moved_explorer_equals_a_new_one_in_the_same_state(explorer):
    new = gain_explorer()
    for one in (explorer, new):
        one.move(gain=1.9, seed=2)
    assert np.array_equal(pixels(explorer), pixels(new))


def test_it_opens_no_pyplot_figure_and_changes_no_setting(explorer):
    before = dict(matplotlib.rcParams)
    explorer.move(gain=0.9)
    assert dict(matplotlib.rcParams) == before
    assert not _pylab_helpers.Gcf.get_all_fig_managers()


def test_the_stored_text_does_not_change_with_the_state(explorer):
    before = repr(explorer)
    explorer.move(gain=0.6)
    assert repr(explorer) == before
    assert len(before) < 110


def test_a_name_that_is_no_control_is_refused(explorer):
    with pytest.raises(InvalidValueError, match="control"):
        explorer.move(gian=1.0)
