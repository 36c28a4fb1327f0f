"""How to read a dot and a bar: what is drawn is what was measured."""

import numpy as np
import pytest
from pictures.start import made
from scipy import stats

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.ledger.setting import STATED
from relukit.lessons.start.experiments.race import ARMS, raced
from relukit.lessons.start.figures import dots
from relukit.lessons.start.figures.dots import _stacked


def measured(step: int) -> np.ndarray:
    runs = raced(ARMS[-1], STATED)
    return 100 * runs.measured["test_accuracy"][:, runs.measured_at == step].numpy().ravel()


@pytest.mark.slow
def test_the_dots_are_the_networks_and_the_bar_is_students_interval_of_their_mean():
    (axes,) = made("dots").axes
    (found,) = [line for line in axes.lines if line.get_gid() == "dots"]
    right = measured(24)
    assert np.array_equal(found.get_xdata(), right)
    assert len(right) == 16
    (bar,) = axes.containers
    low, high = bar.lines[2][0].get_segments()[0][:, 0]
    expected = stats.t.interval(0.95, 15, right.mean(), stats.sem(right))
    assert (low, high) == pytest.approx(expected)
    assert bar.lines[0].get_xdata()[0] == pytest.approx(right.mean())
    title = axes.get_title(loc="left")
    assert f"a mean of {right.mean():.0f} %" in title
    assert f"give or take {right.mean() - low:.0f}" in title
    words = " ".join(text.get_text().replace("\n", " ") for text in axes.texts)
    assert "one dot is one network" in words
    assert "95 of 100 such bars hold it" in words


def test_no_dot_covers_another_and_none_hangs_in_the_air():
    values = np.array([70.0, 71.0, 71.0, 90.0, 70.5, 72.1, 71.0])
    heights = _stacked(values)
    for row in np.unique(heights):
        assert (np.diff(np.sort(values[heights == row])) > 1.3).all()
    assert set(heights) == set(range(int(heights.max()) + 1))


@pytest.mark.parametrize("step", [0, 23, 42, 2.0, "24"])
def test_a_step_at_which_nothing_was_measured_is_refused(step):
    with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
        dots(step)
    assert caught.value.do
