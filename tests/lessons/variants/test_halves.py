"""A left half of one's own: which function it is, what is refused, and what the lesson says."""

import math

import numpy as np
import pytest
import torch
from pictures.variants import made

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.lessons.variants import figures
from relukit.lessons.variants.experiments import gates, lead
from relukit.lessons.variants.experiments.halves import (
    LEFTS,
    Filled,
    builder,
    four_halves,
    power_kept,
    trained,
)
from relukit.statistics import interval

X = torch.linspace(-9, 9, 181, dtype=torch.float64)


@pytest.mark.parametrize("left", [*LEFTS.values(), (0.5, -3.0, 2.0, 0.0)])
def test_it_goes_through_its_points_and_straight_on(left):
    places = [-9.0, -4.0, -3.0, -2.0, -1.0, 0.0, 9.0]
    last = left[0] - 5 * (left[1] - left[0])
    heights = [last, *left, 0.0, 9.0]
    assert np.allclose(Filled(left)(X).numpy(), np.interp(X.numpy(), places, heights))


def test_straight_on_is_x_and_the_mirror_its_size():
    assert torch.allclose(Filled(LEFTS["straight on"])(X), X)
    assert torch.allclose(Filled(LEFTS["mirror"])(X), X.abs())
    assert torch.equal(Filled(LEFTS["flat (ReLU)"])(X), X.relu())


def test_the_first_weights_keep_the_power_of_a_normal_input():
    assert power_kept(LEFTS["mirror"]) == pytest.approx(1)
    weight = builder(LEFTS["flat (ReLU)"])(0)[0].weight
    assert float(weight.detach().var()) == pytest.approx(2 / 40, rel=0.1)


@pytest.mark.parametrize(
    "left", ["0000", 3.0, [0, 0, 0], [0, 0, 0, math.nan], [0, 0, 0, 11], [0, 0, 0, "1"]]
)
def test_other_than_four_ordinary_numbers_is_refused(left):
    with pytest.raises((InvalidTypeError, InvalidValueError)) as caught:
        Filled(left)
    assert "0" in caught.value.do


def test_drawings_show_the_function_and_refuse_too_many():
    for axes, left in zip(made("drawings").axes, LEFTS.values(), strict=True):
        (line,) = [a for a in axes.get_lines() if a.get_gid() == "left half"]
        x, y = line.get_data()
        assert np.allclose(y, Filled(left)(torch.as_tensor(np.asarray(x))).numpy(), atol=1e-5)
        assert max(x) <= 0
    with pytest.raises(InvalidValueError):
        figures.drawings({})


@pytest.mark.slow
def test_the_picture_shows_every_network_and_the_interval_of_their_mean():
    _, axes = made("left_halves").axes
    shown = {a.get_gid(): a.get_xdata() for a in axes.get_lines()}
    values = 100 * np.array(trained(LEFTS["mirror"]))
    assert np.allclose(shown["seeds mirror"], values)
    span = interval(values.tolist())
    assert list(shown["interval mirror"]) == pytest.approx([span.low, span.high])
    assert shown["flat"][0] == pytest.approx(100 * np.mean(trained(LEFTS["flat (ReLU)"])))


@pytest.mark.slow
def test_the_lesson_says_what_the_drawings_reached():
    found = four_halves()
    assert round(100 * found["straight on"].mean) == 30
    assert found["mirror"].low > found["flat (ReLU)"].high
    assert found["zigzag"].high < found["flat (ReLU)"].low
    dip = interval(trained([0.0, 0.0, -0.2, -0.4]))  # as the cell has it
    assert dip.low > found["flat (ReLU)"].high


@pytest.mark.slow
def test_the_leads_that_are_drawn_are_those_that_are_measured():
    silu, mirror = (
        [span.mean for span in found.values()]
        for found in (lead.lead_of_silu(), lead.lead_of_mirror())
    )
    for axes, name, measured in zip(
        made("lead").axes, ("SiLU", "mirror"), (silu, mirror), strict=True
    ):
        (line,) = [a for a in axes.get_lines() if a.get_gid() == f"lead {name}"]
        drawn = dict(zip(*line.get_data(), strict=True))
        assert [drawn[at] for at in lead.AT] == pytest.approx(measured)
        written = {a.get_gid(): a.get_text() for a in axes.texts}
        assert float(written["after 2400"].replace("−", "-")) == round(measured[-1], 1)


@pytest.mark.slow
def test_the_lesson_says_how_long_the_leads_last():
    silu, mirror = lead.lead_of_silu(), lead.lead_of_mirror()
    first, *_, last = silu.values()
    assert round(first.mean) == 4
    assert 1 <= last.mean <= 2
    gaps = 100 * (np.array(lead.accuracies("silu")) - lead.accuracies("relu")).mean(0)
    assert gaps[0] - gaps[4] > (gaps[0] - gaps[-1]) / 2  # most melts in the first 1,000 steps
    start, then, *_ = mirror.values()
    assert start.low > 0 > then.high
    gaps = (np.array(lead.accuracies("mirror")) - lead.accuracies("flat (ReLU)")).mean(0)
    assert max(gaps[1:]) < 0


@pytest.mark.slow
def test_the_gate_leads_with_one_layer_and_is_behind_with_two():
    one, two = gates.by_layers().values()
    assert one.low > 0.01
    assert two.high < -0.01
    for layers, span in zip(gates.LAYERS, (one, two), strict=True):
        assert np.mean(gates.gains(layers)) == pytest.approx(100 * span.mean)
        (drawn,) = [a for a in made("gate").axes[0].get_lines() if a.get_gid() == f"seeds {layers}"]
        assert list(drawn.get_xdata()) == pytest.approx(gates.gains(layers))
