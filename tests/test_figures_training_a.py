"""Figures of lesson 06's first half: what their artists show, and what they refuse."""

from functools import cache

import numpy as np
import pytest
import torch

from relukit.datasets import digits, moons
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.lessons.training import figures
from relukit.lessons.training.experiments import curves
from relukit.networks import mlp
from relukit.statistics import interval, paired_difference
from relukit.training import train

ARMS = {"relu": [0.95, 0.96, 0.97], "tanh": [0.96, 0.96, 0.99], "elu": [0.9, 0.97, 0.96]}
CURVES, STOPS = [[0.1, 0.1, 0.1, 0.6], [0.1, 0.2, 0.7, 0.9]], [3, None]
RATIOS = {"tanh": [0.5, 0.25, 1.0], "sigmoid": [2.0, 3.0, 4.0]}


@cache
def population():
    """Return two seeds at a rate at which they learn, one at chance, one at which they diverge."""
    return train(
        lambda seed: mlp((64, 16, 10), "leaky_relu", scheme="he_normal", seed=seed),
        digits(), lr=[0.1, 1e-7, 1e9], seeds=2, steps=60, progress=False,
    )  # fmt: skip


MAKERS = {
    "rates": lambda: figures.accuracy_by_rate({"one": population(), "two": population()}),
    "differences": lambda: figures.paired_differences(ARMS, reference="relu", margin=1),
    "wins": lambda: figures.wins({"relu": 0.25, "tanh": 0.5, "elu": 0.25}),
    "plateau": lambda: figures.plateau(CURVES, STOPS),
    "ratios": lambda: figures.step_ratios(RATIOS),
    "curves": lambda: figures.loss_curves(0.1, "relu"),
    "curves, diverged": lambda: figures.loss_curves(1.0, "leaky_relu"),
}


@cache
def made(name: str):
    return MAKERS[name]()


def named(axes, gid: str):
    """Return the one artist of the axes with this gid."""
    (artist,) = [a for a in axes.get_children() if a.get_gid() == gid]
    return artist


def bar(axes, gid: str):
    """Return the mean and the ends of the one horizontal error bar with this gid."""
    (container,) = [c for c in axes.containers if c.lines[0].get_gid() == gid]
    (segment,) = container.lines[2][0].get_segments()
    return container.lines[0].get_xdata()[0], segment[:, 0].tolist()


def test_every_network_has_the_mark_of_what_became_of_it():
    axes = made("rates").axes[0]
    accuracy = population().measured["test_accuracy"][..., -1]
    assert population().diverged.tolist() == [[False] * 2, [False] * 2, [True] * 2]
    expected = {"above": accuracy[0], "at": accuracy[1], "diverged": accuracy[2]}
    for gid, values in expected.items():
        assert sorted(named(axes, gid).get_ydata()) == pytest.approx(sorted(values.tolist()))
    assert named(axes, "mean").get_ydata() == pytest.approx(accuracy.mean(1).tolist())
    assert axes.get_xscale() == "log"


def test_differences_are_paired_and_in_points_with_their_interval():
    (axes,) = made("differences").axes
    found = paired_difference(ARMS["tanh"], ARMS["relu"]).difference
    mean, ends = bar(axes, "tanh")
    assert mean == pytest.approx(100 * found.mean)
    assert ends == pytest.approx([100 * found.low, 100 * found.high])
    assert named(axes, "seeds elu").get_xdata() == pytest.approx([-5, 1, -1])
    assert [t.get_text() for t in axes.get_yticklabels()] == ["tanh", "elu"]
    assert named(axes, "margin").get_x() == -1
    assert named(axes, "margin").get_width() == 2


def test_wins_are_shown_in_percent_beside_even_odds():
    (axes,) = made("wins").axes
    assert named(axes, "shares").get_xdata() == pytest.approx([25, 50, 25])
    assert named(axes, "even").get_xdata()[0] == pytest.approx(100 / 3)


def test_the_plateau_marks_where_a_network_is_stopped_and_dots_the_rest():
    (axes,) = made("plateau").axes
    trained = [line for line in axes.get_lines() if line.get_gid() == "trained"]
    rest = [line for line in axes.get_lines() if line.get_gid() == "rest"]
    assert [line.get_ydata().tolist() for line in trained] == [CURVES[0][:3], CURVES[1]]
    assert [line.get_ydata().tolist() for line in rest] == [CURVES[0][2:], CURVES[1][3:]]
    assert named(axes, "stops").get_xydata().tolist() == [[3.0, 0.1]]
    texts = [t.get_text() for t in made("plateau").legends[0].get_texts()]
    assert texts == ["what would have come", "training", "stopped by the rule"]


def test_a_plateau_that_stops_nobody_has_no_square():
    (axes,) = figures.plateau(CURVES, [None, None]).axes
    assert len(named(axes, "stops").get_xdata()) == 0


def test_ratios_stand_on_a_logarithmic_axis_with_the_interval_of_their_mean():
    (axes,) = made("ratios").axes
    span = interval(RATIOS["tanh"])
    mean, ends = bar(axes, "tanh")
    assert mean == pytest.approx(span.mean)
    assert ends == pytest.approx([span.low, span.high])
    assert named(axes, "seeds sigmoid").get_xdata().tolist() == RATIOS["sigmoid"]
    assert named(axes, "reported").get_xdata()[0] == 6
    assert axes.get_xscale() == "log"


def test_loss_curves_are_running_means_of_the_16_losses():
    (axes,) = made("curves").axes
    lines = [line for line in axes.get_lines() if line.get_gid() == "curve"]
    loss = curves.trained("relu").loss[curves.RATES.index(0.1)]
    assert len(lines) == 16
    for line, values in zip(lines, loss, strict=True):
        assert line.get_xdata()[[0, -1]].tolist() == [8, 120]
        assert line.get_ydata()[0] == pytest.approx(values[:8].mean().item(), rel=1e-5)
    assert len(named(axes, "ends").get_xdata()) == 0


def test_every_diverged_network_has_a_cross_where_its_curve_ends():
    (axes,) = made("curves, diverged").axes
    loss = curves.trained("leaky_relu").loss[curves.RATES.index(1.0)]
    gone = ~torch.isfinite(curves.smooth(loss)[:, -1])
    assert len(named(axes, "ends").get_xdata()) == int(gone.sum()) == 16
    assert np.isfinite(named(axes, "ends").get_xydata()).all()
    assert made("curves, diverged").alt.endswith("16 diverge.")


def test_figures_refuse_what_they_cannot_draw():
    two_features = train(lambda seed: mlp((2, 2), seed=seed), moons(40), lr=0.1, seeds=2, steps=1,
                         progress=False)  # fmt: skip
    for call, error in (
        (lambda: figures.accuracy_by_rate([population()]), InvalidTypeError),
        (lambda: figures.accuracy_by_rate({}), InvalidValueError),
        (lambda: figures.accuracy_by_rate({"no sweep": two_features}), InvalidValueError),
        (lambda: figures.paired_differences([1, 2], reference="a", margin=1), InvalidTypeError),
        (lambda: figures.paired_differences(ARMS, reference="gelu", margin=1), InvalidValueError),
        (lambda: figures.wins({"relu": 0.7}), InvalidValueError),
        (lambda: figures.wins({"relu": 1.5, "tanh": -0.5}), InvalidValueError),
        (lambda: figures.plateau(CURVES, [1]), InvalidValueError),
        (lambda: figures.step_ratios([1.0]), InvalidTypeError),
        (lambda: figures.step_ratios({}), InvalidValueError),
        (lambda: figures.step_ratios({"tanh": [1.0, 0.0]}), InvalidValueError),
        (lambda: figures.step_ratios({"tanh": [1.0, np.inf]}), InvalidValueError),
        (lambda: figures.loss_curves(0.2), InvalidValueError),
        (lambda: figures.loss_curves(0.1, "rleu"), InvalidValueError),
    ):
        with pytest.raises(error):
            call()
