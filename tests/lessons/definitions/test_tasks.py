"""The tasks of lesson 02: their expected values come from elsewhere, their inputs are wide."""

import dataclasses
import math

import mpmath
import numpy as np
import pytest
import torch

from relukit.checks import check
from relukit.checks.counterexample import probes, sweeps
from relukit.checks.registry import task


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
