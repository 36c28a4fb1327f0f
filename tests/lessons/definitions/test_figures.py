"""The figures of lesson 02: what their artists show, and what they say in words."""

import math

import numpy as np
import pytest
import torch
from scipy.integrate import quad
from torch import nn

from relukit import figures
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.lessons.definitions import figures as definitions


def named(axes, gid: str):
    """Return the one artist of the axes with this gid."""
    (artist,) = [a for a in axes.get_children() if a.get_gid() == gid]
    return artist


def test_rectifier_shows_the_function_its_slope_and_all_slopes_at_the_kink():
    left, right = definitions.rectifier().axes
    x, y = named(left, "function").get_data()
    assert np.array_equal(y, np.maximum(x, 0))
    assert np.array_equal(named(left, "kink").get_xydata(), [[0, 0]])
    sides = [a for a in right.get_lines() if a.get_gid() == "slope"]
    for line in sides:
        x, y = line.get_data()
        assert np.array_equal(y, np.full(2, float(x.mean() > 0)))
    assert len(sides) == 2
    assert np.array_equal(named(right, "subdifferential").get_xydata(), [[0, 0], [0, 1]])


def test_half_wave_keeps_the_upper_half_and_marks_its_mean():
    (axes,) = definitions.half_wave(n_periods=3).axes
    x, y = named(axes, "rectified").get_data()
    assert np.allclose(y, [max(0.0, math.sin(2 * math.pi * t)) for t in x], atol=1e-12)
    mean, _ = quad(lambda t: max(0.0, math.sin(2 * math.pi * t)), 0, 1, points=[0.5])
    assert named(axes, "mean").get_ydata()[0] == pytest.approx(mean)
    assert axes.get_xlim() == (0, 3)


def test_slopes_at_zero_reports_what_autograd_gives_and_all_writings_are_the_rectifier():
    (axes,) = definitions.slopes_at_zero().axes
    assert list(named(axes, "reported").get_xdata()) == [0, 0, 0.5, 0.5, 1, 0]
    x = torch.tensor([-2.0, -0.0, 0.0, 0.5, 3.0])
    from relukit.lessons.definitions.figures.function import WRITINGS

    for name, writing in WRITINGS.items():
        assert torch.equal(writing(x), torch.relu(x)), name
    allowed = [tuple(line.get_xdata()) for line in axes.get_lines() if line.get_gid() == "allowed"]
    assert allowed == [(0.0, 1.0)] * 5 + [(1.0, 1.0)]
    assert "torch.maximum(x, 0): 0.5" in definitions.slopes_at_zero().alt


def test_softplus_lies_above_relu_by_ln_2_over_k_at_zero():
    left, right = definitions.softplus_sharpness((1, 4)).axes
    for k in (1, 4):
        x, gap = named(right, f"gap {k}").get_data()
        expected = np.log1p(np.exp(-k * np.abs(x))) / k
        assert np.allclose(gap, expected, atol=1e-12)
        assert gap.max() == pytest.approx(math.log(2) / k)
        x, y = named(left, f"softplus {k}").get_data()
        assert np.allclose(y - np.maximum(x, 0), expected, atol=1e-12)


@pytest.mark.parametrize("seed", [0, 36])
def test_linear_layers_stay_straight_and_relu_bends_them(seed):
    left, right = definitions.linear_stack((1, 3), seed=seed).axes
    for axes, label, straight in (
        (left, "1 layer", True),
        (left, "3 layers", True),
        (right, "1 layer", True),
        (right, "3 layers", False),
    ):
        bends = np.abs(np.diff(named(axes, label).get_ydata(), n=2)).max()
        assert (bends < 1e-12) == straight
    one, other = (named(axes, "1 layer").get_ydata() for axes in (left, right))
    assert np.array_equal(one, other)


def test_pieces_marks_the_kinks_of_a_known_network():
    network = nn.Sequential(nn.Linear(1, 3), nn.ReLU(), nn.Linear(3, 1)).double()
    with torch.no_grad():
        network[0].weight.copy_(torch.ones(3, 1))
        network[0].bias.copy_(torch.tensor([1.0, 0.0, -1.0]))
        network[2].weight.copy_(torch.tensor([[1.0, -2.0, 1.0]]))
        network[2].bias.zero_()
    picture = definitions.pieces(network, low=-2, high=2)
    (axes,) = picture.axes
    assert np.allclose(named(axes, "kinks").get_xydata(), [[-1, 0], [0, 1], [1, 0]])
    assert np.allclose(named(axes, "function").get_xydata()[[0, -1]], [[-2, 0], [2, 0]])
    assert axes.get_title(loc="left").startswith("4 straight pieces between -2 and 2; 3 units")


@pytest.mark.parametrize("seed", [0, 28])
def test_pieces_of_a_random_network_bend_only_where_a_fine_grid_bends(seed):
    picture = definitions.pieces(seed=seed)
    (axes,) = picture.axes
    knots = np.asarray(named(axes, "kinks").get_xdata())
    from relukit.lessons.definitions.figures.hinges import random_network

    x = np.linspace(-3, 3, 60_001)
    with torch.no_grad():
        y = random_network((1, 16, 1), seed=seed)(torch.from_numpy(x)[:, None])[:, 0].numpy()
    bent = x[1:-1][np.abs(np.diff(y, n=2)) > 1e-9]
    assert all(np.abs(knots - place).min() < 2e-4 for place in bent)
    assert all(np.abs(bent - knot).min() < 2e-4 for knot in knots)
    assert f"{len(knots) + 1} straight pieces" in picture.alt
    line = named(axes, "function")
    assert np.allclose(np.interp(x, *line.get_data()), y, atol=1e-9)


def test_saturation_is_shaded_from_where_the_slope_is_one_percent_of_its_maximum():
    # sigmoid' / max = sech^2(x / 2) and tanh' = sech^2(x): both 0.01 where cosh is 10.
    expected = {"sigmoid": 2 * math.acosh(10), "tanh": math.acosh(10), "ReLU": 0.0}
    picture = definitions.saturation()
    for axes in picture.axes:
        shade = named(axes, "saturated")
        corners = np.concatenate([path.vertices[:, 0] for path in shade.get_paths()])
        end = -corners[corners <= 0].max()
        assert end == pytest.approx(expected[axes.get_title(loc="left")], abs=0.006)
        mirrored = (corners > 1e-6).any()
        assert mirrored == (axes.get_title(loc="left") != "ReLU")
    assert "6.0" in picture.alt
    assert "3.0" in picture.alt


def test_products_of_slopes_match_formulas_and_a_direct_computation():
    (axes,) = definitions.derivative_products(4, n_seeds=3, n_paths=101, seed=5).axes
    assert np.allclose(named(axes, "relu").get_ydata(), 1)
    assert np.allclose(named(axes, "sigmoid best").get_ydata(), [0.25**d for d in range(1, 5)])
    medians = []
    for seed in (5, 6, 7):
        generator = torch.Generator().manual_seed(seed)
        z = torch.randn(101, 4, generator=generator, dtype=torch.float64).numpy()
        medians.append(np.median(np.cumprod(1 - np.tanh(z) ** 2, 1), 0))
    expected = np.exp(np.log(medians).mean(0))
    assert np.allclose(named(axes, "tanh median").get_ydata(), expected, rtol=1e-9)
    band = named(axes, "tanh interval").get_paths()[0].vertices
    for depth, value in enumerate(expected, start=1):
        heights = band[band[:, 0] == depth][:, 1]
        assert heights.min() < value < heights.max()


def test_homogeneity_says_which_network_keeps_to_the_line():
    picture = definitions.homogeneity([0, 1, 2], [0.5, 1.0, 2.2], [0, 3, 6])
    left, right = picture.axes
    assert named(left, "line").get_ydata().tolist() == [0, 3, 6]
    assert named(left, "outputs").get_ydata().tolist() == [0, 3, 6]
    assert named(right, "line").get_ydata().tolist() == [0, 1, 2]
    assert "without biases the points lie on the line; with biases they leave it" in picture.alt
    turned = definitions.homogeneity([0, 1, 2], [0, 1, 2], [1, 1, 1])
    assert "without biases the points leave the line; with biases they lie on it" in turned.alt


def test_zeros_by_layer_shows_means_and_says_on_which_side_of_one_half_they_lie():
    shares = {"zero bias": [[0.5, 0.48], [0.52, 0.5]], "bias 1": [[0.1, 0.2], [0.2, 0.2]]}
    picture = definitions.zeros_by_layer(shares)
    (axes,) = picture.axes
    drawn_means = [bars.lines[0].get_ydata() for bars in axes.containers]
    assert np.allclose(drawn_means, [[0.51, 0.49], [0.15, 0.2]])
    assert "zero bias lies near it, bias 1 lies below it" in picture.alt
    assert "2 seeds" in axes.get_title(loc="left")


@pytest.mark.parametrize(
    "call",
    [
        lambda: definitions.half_wave(n_periods=0),
        lambda: definitions.half_wave(n_periods=1.5),
        lambda: definitions.softplus_sharpness(()),
        lambda: definitions.softplus_sharpness((1, 0)),
        lambda: definitions.softplus_sharpness((1, math.nan)),
        lambda: definitions.softplus_sharpness((1, 2, 3, 4, 5)),
        lambda: definitions.softplus_sharpness("ab"),
        lambda: definitions.softplus_sharpness(3),
        lambda: definitions.linear_stack(()),
        lambda: definitions.linear_stack((0, 2)),
        lambda: definitions.linear_stack((1, 2), width=0),
        lambda: definitions.pieces(low=3, high=-3),
        lambda: definitions.pieces(high=math.inf),
        lambda: definitions.pieces(low=math.nan),
        lambda: definitions.saturation(fraction=0),
        lambda: definitions.saturation(fraction=math.nan),
        lambda: definitions.derivative_products(1),
        lambda: definitions.derivative_products(5, n_seeds=1),
        lambda: definitions.homogeneity([0, 1], [0, 1, 2], [0, 1]),
        lambda: definitions.homogeneity([0, 2], [0, 1], [0, 1]),
        lambda: definitions.homogeneity([1, 0], [0, 1], [0, 1]),
        lambda: definitions.homogeneity([0, 1], [0, math.nan], [0, 1]),
        lambda: definitions.homogeneity([], [], []),
        lambda: definitions.homogeneity(["a"], [1], [1]),
        lambda: definitions.zeros_by_layer({}),
        lambda: definitions.zeros_by_layer([[0.5]]),
        lambda: definitions.zeros_by_layer({"a": [0.5, 0.5]}),
        lambda: definitions.zeros_by_layer({"a": [[0.5], [1.5]]}),
        lambda: definitions.zeros_by_layer({"a": [[0.5], [math.nan]]}),
        lambda: figures.cost({}),
        lambda: figures.cost({"relu": 0.0}),
        lambda: figures.cost({"relu": math.nan}),
        lambda: figures.cost({"relu": 1.0}, highlight="tanh"),
    ],
)
def test_unusable_arguments_are_refused_in_three_parts(call):
    with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
        call()
    assert caught.value.do
