"""What few ReLUs can draw, beside NumPy's interpolation."""

import numpy as np
import pytest
import torch

from relukit.lessons.definitions.experiments import corners, drawing
from relukit.lessons.definitions.experiments.layers import PARITY


def worst(n: int) -> float:
    """Return the largest error of n chords of a sine, from NumPy's interpolation."""
    points, x = np.linspace(0, 2 * np.pi, n + 1), np.linspace(0, 2 * np.pi, 200_001)
    return np.abs(np.interp(x, points, np.sin(points)) - np.sin(x)).max()


@pytest.mark.parametrize("n", [2, 3, 9])
def test_a_broken_line_is_numpys_interpolation_and_level_on_its_left(n):
    rng = np.random.default_rng(n)
    points, heights = np.cumsum(rng.uniform(0.2, 1, n)), rng.normal(size=n)
    network = drawing.broken_line(points, heights)
    assert network[0].out_features == n - 1
    x = np.linspace(points[0] - 1, points[-1], 501)
    drawn = network(torch.from_numpy(x)[:, None])[:, 0].numpy()
    np.testing.assert_allclose(drawn, np.interp(x, points, heights), atol=1e-12)


@pytest.mark.parametrize("n", [4, 9, 64])
def test_the_largest_error_is_that_of_chords_and_keeps_to_its_bound(n):
    assert drawing.largest_error(n) == pytest.approx(worst(n), rel=1e-4)
    assert drawing.largest_error(n) <= (2 * np.pi / n) ** 2 / 8


def test_a_unit_bends_where_its_sum_is_zero():
    assert list(drawing.kink().values()) == [-3.0]


def test_twice_the_hinges_leave_about_a_quarter_of_the_error():
    (ratio,) = drawing.doubled().values()
    assert ratio == pytest.approx(worst(16) / worst(32), rel=1e-3)
    assert ratio == pytest.approx(4, abs=0.1)


def test_exclusive_or_takes_two_relus_and_a_ruler_gets_three_corners():
    assert corners.most_right(PARITY, corners.straight) == 3
    assert list(drawing.xor_units().values()) == [2, 3, 0.0]
