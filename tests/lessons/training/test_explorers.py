"""The learning rate explorer: 16 loss curves follow a rate and an activation, also in words."""

from collections import Counter
from functools import cache

import numpy as np
import pytest
from traitlets import TraitError

from relukit.errors import InvalidValueError
from relukit.explorers import Explorer
from relukit.lessons.training import figures
from relukit.lessons.training.experiments import curves
from relukit.lessons.training.experiments.comparison import ACTIVATIONS
from relukit.lessons.training.explorers import learning_rate_explorer


@cache
def kept() -> Explorer:
    return learning_rate_explorer()


@pytest.fixture
def explorer():
    kept().reset()
    return kept()


def lines(explorer):
    (axes,) = explorer.picture.axes
    return [line for line in axes.get_lines() if line.get_gid() == "curve"]


def test_the_rates_are_in_equal_steps_of_a_logarithmic_scale(explorer):
    rates = [value for _, value in explorer.controls["rate"].options]
    assert rates == list(curves.RATES)
    assert np.ptp(np.diff(np.log10(rates))) < 0.05
    assert explorer.controls["activation"].options == ACTIVATIONS


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
@pytest.mark.parametrize("rate", [0.001, 0.1, 0.3, 10.0])
def test_curves_and_words_are_those_of_the_rate(explorer, rate, activation):
    explorer.move(rate=rate, activation=activation)
    loss = curves.trained(activation).loss[curves.RATES.index(rate)]
    means = curves.smooth(loss).numpy()
    for line, mean in zip(lines(explorer), means, strict=True):
        assert np.array_equal(np.isfinite(line.get_ydata()), np.isfinite(mean))
    counts = Counter(curves.fates(loss))
    assert sum(counts.values()) == 16
    said = {"learn": "learn", "on the way": "on the way", "at chance": "at chance"}
    for fate, words in {**said, "diverged": "diverge"}.items():
        assert (words in explorer.alt.split(": ", 1)[1]) == bool(counts[fate])
    assert explorer.alt.split(": ", 1)[1].rstrip(".") in explorer.caption


def test_words_come_for_silent_and_for_loud_failure(explorer):
    explorer.move(rate=1.0)
    assert "Nothing is nan" in explorer.caption
    explorer.move(activation="leaky_relu")
    assert "the loss says so" in explorer.caption
    explorer.reset()
    assert explorer.caption.endswith("16 learn.")


def test_a_single_network_is_spoken_of_in_the_singular():
    from relukit.lessons.training.figures.curves import _SAID

    assert all(one != many for one, many in _SAID.values())


def test_the_still_figure_shows_what_the_explorer_shows(explorer):
    explorer.move(rate=1.0, activation="leaky_relu")
    still = figures.loss_curves(1.0, "leaky_relu")
    assert explorer.alt == still.alt
    for moving, line in zip(lines(explorer), still.axes[0].get_lines(), strict=False):
        assert np.array_equal(moving.get_ydata(), line.get_ydata(), equal_nan=True)


def test_a_value_that_is_no_option_is_refused_and_a_move_back_leaves_no_trace(explorer):
    before = explorer.children[0].value
    explorer.move(rate=3.0)
    assert explorer.children[0].value != before
    explorer.reset()
    assert explorer.children[0].value == before
    with pytest.raises(TraitError):
        explorer.move(rate=0.2)
    with pytest.raises(InvalidValueError, match="rate"):
        explorer.move(rates=0.1)
