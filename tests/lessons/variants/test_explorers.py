"""The variants explorer: words and picture follow the controls."""

import numpy as np
import pytest
from explored import as_made, pixels

from relukit.activations import ACTIVATIONS, activation
from relukit.explorers import Explorer
from relukit.gaussian import moments
from relukit.lessons.variants.explorers import variants_explorer


@pytest.fixture
def explorer() -> Explorer:
    return as_made(variants_explorer)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("parameter", [0.05, 4.0])
def test_every_activation_is_shown_over_the_whole_range_of_the_slider(explorer, name, parameter):
    explorer.move(activation=name, parameter=parameter)
    assert explorer.caption.startswith(name)
    assert "nan" not in explorer.caption
    said = "no parameter" if not activation(name).parameters else f"= {parameter:g}"
    assert said in explorer.caption


def test_the_caption_gives_the_exact_moments(explorer):
    explorer.move(activation="elu", parameter=2.0)
    found = moments("elu", alpha=2.0)
    assert f"mean {found.mean:.4f}, mean square {found.second:.4f}" in explorer.caption


def test_moving_the_parameter_changes_picture_and_words_and_reset_leaves_no_trace(explorer):
    first, words = pixels(explorer), explorer.caption
    explorer.move(parameter=3.0)
    assert not np.array_equal(pixels(explorer), first)
    assert explorer.caption != words
    explorer.reset()
    assert np.array_equal(pixels(explorer), first)
    assert explorer.caption == words


def test_an_activation_without_a_parameter_does_not_move_with_the_slider(explorer):
    explorer.move(activation="mish")
    before = pixels(explorer)
    explorer.move(parameter=3.5)
    assert np.array_equal(pixels(explorer), before)


def test_squareplus_reaches_mean_square_1_at_b_2_as_the_lesson_asks(explorer):
    explorer.move(activation="squareplus", parameter=2.0)
    assert "mean square 1.0000" in explorer.caption


def test_every_control_has_a_label_and_is_laid_out(explorer):
    for control in explorer.controls.values():
        assert control.description
        assert control in explorer.children[2].children
    assert (
        repr(explorer) == "Explorer: variants of the rectifier (2 controls; needs a running kernel)"
    )
