"""The experiments of lesson 02 compare with what they say they compare with."""

import math

import pytest
import torch

from relukit.diagnostics import affine_at, count_regions
from relukit.lessons.definitions.experiments import cells, slopes
from relukit.lessons.definitions.experiments.weak_tests import WRONG, rejected
from relukit.lessons.definitions.figures import training

SHOWING = {
    "the identity": -1.0,
    "the absolute value": -1.0,
    "the negative part": 1.0,
    "softplus": 0.0,
    "ELU": -1.0,
    "leaky": -1.0,
    "squared": 2.0,
    "ends at 6": 7.0,
    "ends at 5.5": 5.75,
    "|x| below -6": -7.0,
    "0 up to 0.001": 5e-4,
    "nan at -inf": -torch.inf,
    "hides nan": torch.nan,
}


@pytest.mark.parametrize("name", SHOWING)
def test_each_wrong_value_shows_at_its_number(name):
    x = torch.tensor([SHOWING[name]])
    assert not torch.allclose(WRONG[name](x.clone()), torch.relu(x), equal_nan=True)


def test_the_other_wrong_rectifiers_are_wrong_in_shape_in_slope_or_in_place():
    matrix = torch.ones(2, 3)
    assert WRONG["flat for a matrix"](matrix).shape != matrix.shape
    x = torch.tensor([-1.0, 2.0], requires_grad=True)
    assert not WRONG["without a slope"](x).requires_grad
    (slope,) = torch.autograd.grad(WRONG["slope 1 everywhere"](x).sum(), x)
    assert slope.tolist() == [1, 1]
    changed = torch.tensor([-1.0, 2.0])
    WRONG["writes into its input"](changed)
    assert changed.tolist() == [0, 2]
    assert SHOWING.keys() | {
        "flat for a matrix",
        "without a slope",
        "slope 1 everywhere",
        "writes into its input",
    } == set(WRONG)


def test_a_right_rectifier_is_not_rejected(monkeypatch):
    from relukit.lessons.definitions.experiments import weak_tests

    monkeypatch.setattr(weak_tests, "WRONG", {"right": torch.relu})
    assert rejected(seed=0) == []


def test_ten_random_lines_cut_the_plane_into_56_cells():
    (found,) = cells.cells_of_ten().values()
    assert found == 1 + 10 + math.comb(10, 2) == 56


def test_sixteen_lines_apart_make_137_cells_and_32_through_one_point():
    first, *_, last = training.moments()
    weight, bias = last.lines
    assert count_regions(weight, bias) == 1 + 16 + math.comb(16, 2) == 137
    assert count_regions(first.lines[0], torch.zeros(16, dtype=torch.float64)) == 2 * 16 == 32
    assert len(first.polygons) == 32


@pytest.mark.slow
def test_matrix_and_network_agree_to_the_precision_of_float32():
    network, data = cells.reader()
    for image, scores in zip(data.x_test, network(data.x_test).detach(), strict=True):
        frozen = affine_at(network, image)
        gap = (frozen.matrix @ image + frozen.shift - scores).abs().max() / scores.abs().max()
        assert gap < 16 * torch.finfo(torch.float32).eps


def test_of_the_decades_lost_in_twenty_layers_five_are_the_weights_and_three_the_switches():
    """The weights alone, without a unit between them, as PyTorch's own layers draw them."""
    lost, alone = [], []
    for seed in range(1000, 1016):
        lost.append(slopes.gradient_decades("pytorch", seed))
        torch.manual_seed(seed)
        back = first = torch.randn(64, 256)
        for _ in range(20):
            back = back @ torch.nn.Linear(256, 256).weight.detach()
        alone.append(float((back.square().mean() / first.square().mean()).log10()) / 2)
    weights, both = sum(alone) / 16, sum(lost) / 16
    assert weights == pytest.approx(-10 * math.log10(3), abs=0.15)  # variance 1/(3n) a layer
    assert both - weights == pytest.approx(-10 * math.log10(2), abs=0.3)  # half are off
    assert (round(weights), round(both - weights)) == (-5, -3)


@pytest.mark.slow
def test_small_sums_lose_as_much_as_weights_and_slopes_say():
    """Weights of variance 1/(3n) take log10(3)/2 a layer; of the slopes a half or a 16th is left.

    Sums this small lie where tanh's slope is nearly 1, the sigmoid's 1/4, and of the rectifiers
    one in two is off.
    """
    found = slopes.fewer_vanish()
    small = "small weights, decades of gradient that relu keeps more than"
    relu = math.log10(1 / 2) / 2
    assert found[f"{small} sigmoid"].mean == pytest.approx(20 * (relu - math.log10(1 / 4)), abs=0.4)
    assert found[f"{small} tanh"].mean == pytest.approx(20 * relu, abs=0.4)
