"""The tasks of lesson 02: their expected values come from elsewhere, their inputs are wide."""

import dataclasses
import math
from itertools import pairwise

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from relukit.checks import check
from relukit.checks.counterexample import probes, sweeps
from relukit.checks.harnesses.polyline import as_polyline
from relukit.checks.harnesses.two_units import as_two_units
from relukit.checks.registry import task
from relukit.diagnostics import affine_at
from relukit.lessons.definitions.experiments.blame import walked
from relukit.networks import mlp


def test_expected_values_of_relu_are_those_of_torch():
    for (x,), expected in probes(task("relu")):
        assert np.array_equal(torch.relu(torch.tensor(x)).numpy(), expected, equal_nan=True)
        assert expected.dtype == x.dtype


@pytest.mark.parametrize("name", ["sigmoid", "softplus"])
def test_expected_values_in_the_tails_are_those_of_mpmath(name):
    def sigmoid(x, k):
        return 1 / (1 + mpmath.exp(-x))

    def softplus(x, k):
        return mpmath.log1p(mpmath.exp(k * x)) / k

    oracle = {"sigmoid": sigmoid, "softplus": softplus}[name]
    compared = 0
    for (x, *k), expected in probes(task(name)):
        tiny = float(np.finfo(x.dtype).tiny)
        for value, got in zip(x.ravel().tolist(), expected.ravel().tolist(), strict=True):
            if math.isfinite(value):
                with mpmath.workdps(400):
                    wanted = float(oracle(mpmath.mpf(value), mpmath.mpf(*k or [1])))
                assert got == pytest.approx(
                    wanted, rel=1e3 * float(np.finfo(x.dtype).eps), abs=tiny
                )
                compared += 1
    assert compared > 40


@pytest.mark.parametrize("name", ["relu", "relu_derivative", "sigmoid", "softplus"])
def test_inputs_cover_shapes_from_0_d_to_3_d_empty_ones_and_precisions(name):
    arrays = [arguments[0] for arguments, _ in probes(task(name))]
    assert {x.ndim for x in arrays} == {0, 1, 2, 3}
    assert any(x.size == 0 for x in arrays)
    assert {"float32", "float64"} <= {x.dtype.name for x in arrays}
    assert any(np.isinf(x).any() for x in arrays)


def test_the_sentence_at_the_kink_says_what_torch_uses():
    leaf = torch.zeros(1, requires_grad=True)
    torch.relu(leaf).sum().backward()
    assert leaf.grad.item() == 0
    outcome = check(lambda x: (x > 0).astype(x.dtype), "relu_derivative")
    assert "at 0 yours gives 0, as torch.relu does" in repr(outcome)
    assert "torch.relu uses 0" in repr(check(lambda x: (x >= 0).astype(x.dtype), "relu_derivative"))


def test_no_sentence_is_said_where_the_task_sees_no_difference_but_a_reader_does():
    third = check(lambda x: np.where(x == 0, 1 / 3, x > 0).astype(x.dtype), "relu_derivative")
    assert (third.status, third.diagnosis) == ("passed", "")
    nearly = check(lambda x: np.nextafter(x > 0, 9, dtype=x.dtype), "relu_derivative")
    assert (nearly.status, nearly.diagnosis) == ("wrong", "")


def test_a_misconception_that_is_altered_is_no_longer_recognized():
    relu = dataclasses.replace(task("relu"), misconceptions=())
    assert check(abs, relu).diagnosis == ""


def test_the_expected_unit_bends_at_the_kink_and_nowhere_else():
    for (kink, slope, opens), (weight, bias) in (
        *probes(task("hinge_at")),
        *sweeps(task("hinge_at")),
    ):
        side = {"right": 1, "left": -1}[opens]
        at = kink + side * np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
        drawn = torch.relu(weight * torch.tensor(at) + bias)
        np.testing.assert_allclose(drawn, slope * np.array([0, 0, 0, 1, 2]), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("places", [(9, 9), (5, 9), (9, 5)])
def test_a_hinge_may_be_off_by_a_rounding_error_and_no_more(places):
    def hinge_at(kink, slope, opens):
        weight = slope if opens == "right" else -slope
        kink = kink * (1 + 10.0 ** -places[1]) + 10.0 ** -places[1]
        return weight * (1 + 10.0 ** -places[0]), -weight * (1 + 10.0 ** -places[0]) * kink

    assert bool(check(hinge_at, "hinge_at")) == (min(places) == 9)


NUMBERS = st.floats(-9, 9)


@settings(max_examples=100)
@given(st.lists(NUMBERS, min_size=9, max_size=9))
def test_two_units_compute_what_torch_computes(numbers):
    parts = np.array(numbers)
    weight, bias, outgoing, offset = parts[:4].reshape(2, 2), parts[4:6], parts[6:8], parts[8]
    x = np.random.default_rng(0).normal(size=(5, 2))
    got = as_two_units(lambda: (weight, bias, outgoing, offset), (x,))
    hidden = torch.nn.functional.linear(*map(torch.tensor, (x, weight, bias)))
    wanted = torch.relu(hidden) @ torch.tensor(outgoing) + offset
    np.testing.assert_allclose(got, wanted.numpy(), rtol=1e-9, atol=1e-9)


def test_xor_passes_exactly_where_the_four_outputs_are_right():
    rng = np.random.default_rng(0)
    for _ in range(50):
        scale, other = rng.uniform(0.01, 100, 2)
        slant = rng.normal(size=2)
        weight = np.array([[1, 1], [1, 1]]) * [[scale], [other]]
        bias, outgoing = np.array([0, -other]), np.array([1 / scale, -2 / other])
        order = rng.permutation(2)
        net = weight[order], bias[order], outgoing[order], 0.0
        assert check(lambda net=net: net, "xor_net")
        tilted = net[0] + slant, *net[1:]
        assert not check(lambda net=tilted: net, "xor_net")


def test_what_four_outputs_have_in_common_is_said():
    def said(*outgoing, offset=0.0):
        table = [[1, -1], [-1, 1]]
        return check(lambda: (table, [0, 0], outgoing, offset), "xor_net").because

    assert "on the right side of 1/2" in said(0.7, 0.8, offset=0.1)
    assert "on one flat plane" in said(0.3, -0.3, offset=0.1)
    assert ";" not in said(0.3, 0.4)
    assert ";" not in said(math.nan, 1.0)


def test_expected_gradients_are_those_of_autograd():
    compared = 0
    for (weight, bias, outgoing, x, blame), expected in probes(task("backward_by_hand")):
        leaves = [torch.tensor(part, requires_grad=True) for part in (weight, bias, outgoing)]
        answer = leaves[2] @ torch.relu(leaves[0] @ torch.tensor(x) + leaves[1])
        (blame * answer).backward()
        for leaf, gradient in zip(leaves, expected, strict=True):
            assert gradient == pytest.approx(leaf.grad.numpy(), rel=1e-12)
            compared += gradient.any()
    assert compared > 100


def test_the_film_of_the_lesson_is_an_input_and_its_numbers_are_expected():
    film = walked()
    given = (film.weight, np.zeros(2), film.out, film.x, film.blame)
    (found,) = (
        expected
        for arguments, expected in probes(task("backward_by_hand"))
        if all(map(np.array_equal, arguments, given))
    )
    due = (film.change_of_weight, film.blame_of_z, film.change_of_out)
    for gradient, blame in zip(found, due, strict=True):
        assert gradient.tolist() == blame.tolist()
    assert found[0].tolist() == [[20, 10], [0, 0]]


def test_expected_row_and_constant_are_those_of_autograd_and_of_affine_at():
    for (weight, bias, outgoing, offset, x), (row, constant) in (
        *probes(task("matrix_at")),
        *sweeps(task("matrix_at")),
    ):
        n, d = weight.shape
        network = mlp((d, n, 1)).double()
        first, _, last = network
        parts = first.weight, first.bias, last.weight, last.bias
        with torch.no_grad():
            for part, numbers in zip(parts, (weight, bias, outgoing, offset), strict=True):
                part.copy_(torch.tensor(numbers, dtype=torch.float64).reshape(part.shape))
        slope = torch.autograd.functional.jacobian(network, torch.tensor(x))
        assert row == pytest.approx(slope.numpy()[0], rel=1e-9, abs=1e-9)
        found = affine_at(network, torch.tensor(x))
        assert row == pytest.approx(found.matrix.numpy()[0], rel=1e-9, abs=1e-9)
        assert constant == pytest.approx(found.shift.item(), rel=1e-9, abs=1e-9)


def test_the_network_is_the_row_and_the_constant_in_the_whole_cell_and_not_beyond_it():
    weight, bias, outgoing = np.ones((2, 2)), np.array([0.0, -1.0]), np.array([1.0, -2.0])
    row, constant = task("matrix_at").reference(weight, bias, outgoing, 0.0, np.ones(2))
    assert (row.tolist(), constant) == ([-1, -1], 2)  # as the lesson's table says
    rng = np.random.default_rng(0)
    inside = 0
    for y in rng.uniform(-2, 2, (200, 2)):
        same = row @ y + constant == pytest.approx(outgoing @ np.maximum(weight @ y + bias, 0))
        assert same == (y.sum() > 1)
        inside += same
    assert 20 < inside < 180


def test_a_row_from_points_nearby_passes_where_no_unit_switches_between_them():
    def by_differences(step):
        def answer(weight, bias, outgoing, offset, x):
            def network(y):
                return outgoing @ np.maximum(weight @ y + bias, 0) + offset

            steps = step * np.eye(len(x))
            row = np.array([(network(x + h) - network(x)) / step for h in steps])
            return row, network(x) - row @ x

        return check(answer, "matrix_at")

    assert by_differences(1e-6)
    assert not by_differences(0.1)
    assert "it is close, but not to within 1e-5" in by_differences(1e-10).because


@pytest.mark.parametrize("slope", [0, 0.5, 1])
def test_on_the_border_of_a_cell_the_row_of_either_side_is_right(slope):
    compare = task("matrix_at").compare
    given = (np.array([[1.0]]), np.array([-1.0]), np.array([2.0]), 0.0, np.array([1.0]))
    assert compare(given, (np.zeros(1), 0.0), (np.array([2.0 * slope]), -2.0 * slope)) is None


@pytest.mark.parametrize(
    ("bias", "said"),
    [
        ([9, 9, 9], "all units are on"),
        ([-9, -9, -9], "no units are on"),
        ([-9, 9, -9], "of 3 units, unit 1 alone is on"),
        ([9, -9, 9], "of 3 units, 0 and 2 are on"),
        ([9, -9, *[9] * 7], "8 of 9 units are on"),
        ([9], "the one unit is on"),
    ],
)
def test_a_wrong_number_is_told_with_the_units_that_are_on(bias, said):
    n = len(bias)
    given = (np.ones((n, 1)), np.array(bias, float), np.ones(n), 0.0, np.ones(1))
    (row, constant) = task("matrix_at").reference(*given)
    because = task("matrix_at").compare(given, (row, constant), (row, constant + 1))
    assert because.startswith("constant must be")
    assert because.endswith(f"at x {said}") or because.endswith(f"at x, {said}")


@pytest.mark.parametrize(("slope", "passes"), [(0, True), (0.3, True), (1, True), (1.1, False)])
def test_where_a_sum_is_exactly_0_any_slope_from_0_to_1_passes(slope, passes):
    def answer(weight, bias, outgoing, x, blame):
        z = weight @ x + bias
        d_z = blame * outgoing * np.where(z == 0, slope, z > 0)
        return np.outer(d_z, x), d_z, blame * np.maximum(z, 0)

    assert bool(check(answer, "backward_by_hand")) == passes


def test_the_zigzag_is_one_fold_after_another():
    for (k,), corners in (*probes(task("fold")), *sweeps(task("fold"))):
        t = corners[:, 0]
        for _ in range(k):
            t = 2 * t - 4 * np.maximum(t - 0.5, 0)
        assert corners[:, 1].tolist() == t.tolist()
        assert len(corners) == 2**k + 1


@pytest.mark.parametrize("widths", [(1, 1), (1, 2, 1), (1, 3, 3, 1), (1, 2, 2, 2, 2, 1)])
def test_a_network_is_drawn_as_torch_computes_it(widths):
    for seed in range(20):
        draw = np.random.default_rng(seed)
        layers = [(draw.normal(size=(n, m)), draw.normal(size=n)) for m, n in pairwise(widths)]
        corners = as_polyline(lambda k, layers=layers: layers, (6,))
        a = x = torch.rand(1000, 1, generator=torch.Generator().manual_seed(seed)).double()
        for weight, bias in layers[:-1]:
            a = torch.relu(a @ torch.tensor(weight).T + torch.tensor(bias))
        weight, bias = map(torch.tensor, layers[-1])
        wanted = (a @ weight.T + bias).squeeze(1).numpy()
        assert np.interp(x.squeeze(1).numpy(), *corners.T) == pytest.approx(wanted, abs=1e-9)
        assert (np.diff(corners[:, 0]) > 0).all()


def test_a_spike_between_the_points_of_every_grid_is_drawn():
    at, width = 1 / 3, 2.0**-30
    bias = [0, -0.5, width - at, -at, -at - width]
    spike = [([1] * 5, bias), ([2, -4, 1 / width, -2 / width, 1 / width], 0)]
    corners = as_polyline(lambda k: spike, (3,))
    assert corners[:, 1].max() > 1.6
    assert len(corners) == 6


@pytest.mark.parametrize("k", [1, 7, 12])
def test_what_is_straight_is_two_corners_however_often_units_switch(k):
    fold = [([[2, -4], [2, -4]], [0, -0.5])] * (k - 1)
    silent = [([1, 1], [0, -0.5]), *fold, ([0, 0], 0)]
    assert as_polyline(lambda k: silent, (k,)).tolist() == [[0, 0], [1, 0]]
