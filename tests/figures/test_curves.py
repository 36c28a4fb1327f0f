"""Curves differ in two things at least, and stay apart for who sees no colour."""

import itertools

import pytest
from matplotlib.figure import Figure

from relukit.figures.canvas import PALETTE
from relukit.figures.curves import COLOURS, look, reach
from relukit.statistics import Interval, interval


@pytest.mark.parametrize("marked", [False, True])
def test_two_curves_differ_in_colour_and_in_all_else(marked):
    looks = [look(place, marked=marked) for place in range(len(COLOURS))]
    for one, other in itertools.combinations(looks, 2):
        assert all(one[key] != other[key] for key in one)
    assert all(("marker" in one) == marked for one in looks)


def test_a_colour_may_be_named_and_the_dash_stays():
    assert look(1, "grey") == look(1) | {"color": PALETTE["grey"]}


def test_matplotlib_draws_the_ends_of_the_intervals():
    spans = [Interval(2.0, 1.0, 5.0, n=4, level=0.95, counted="seeds"), interval([1.0, 2.0, 6.0])]
    bars = Figure().subplots().errorbar([0, 1], [s.mean for s in spans], yerr=reach(spans))
    (lines,) = bars.lines[2]
    ends = [segment[:, 1].tolist() for segment in lines.get_segments()]
    assert ends == [pytest.approx([span.low, span.high]) for span in spans]
