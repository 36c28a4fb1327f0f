"""Sweeps reach every decade, sign, size and layout; what fails on them is shown cut down."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relukit.checks.call import Caller
from relukit.checks.checking import examine
from relukit.checks.counterexample import parts
from relukit.checks.domain import SIZES, Domain
from relukit.checks.layouts import LAYOUTS, laid_out, layout_of
from relukit.checks.registry import task
from relukit.checks.sweeps import elementwise, magnitudes
from relukit.grading.jail.wire import decode, encode

REAL = {"x": Domain(dtypes=("float64", "float32"), special=True)}
SWEPT = dataclasses.replace(task("relu"), domains=REAL, swept=elementwise(REAL))


def relu(x):
    return np.maximum(x, 0)


def outcome(answer):
    return examine(SWEPT, Caller(answer).ask)


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64"])
def test_magnitudes_have_every_decade_of_both_signs(dtype):
    domain = Domain(dtypes=(dtype,), special=True)
    found = magnitudes(domain, dtype, np.random.default_rng(1)).astype(float)
    for k in domain.decades(dtype):
        high = float(f"1e{k + 1}") if k < 308 else np.inf
        for sign in (1, -1):
            assert ((sign * found >= float(f"1e{k}")) & (sign * found < high)).any(), (sign, k)


def test_magnitudes_stay_within_what_is_allowed():
    domain = Domain(low=0.5, high=20.0, signs="+", zero=False)
    found = magnitudes(domain, "float64", np.random.default_rng(1))
    assert found.min() == 0.5
    assert found.max() == 20.0


@given(st.sampled_from(LAYOUTS), st.sampled_from([(3,), (2, 3), (2, 3, 4), (0,), ()]))
def test_a_layout_changes_no_number_and_comes_through_the_wire(layout, shape):
    array = np.arange(float(np.prod(shape))).reshape(shape)
    laid = laid_out(array, layout)
    sent = decode(encode(laid))
    for other in (laid, sent):
        np.testing.assert_array_equal(other, array)
    assert layout_of(sent) == layout_of(laid)
    if array.ndim > 1 and array.size > 1:
        assert layout_of(laid) == layout


def test_an_answer_gets_each_input_as_it_lies_in_memory():
    x = laid_out(np.ones((2, 3)), "Fortran")
    assert Caller(layout_of).ask((x,)).value == "Fortran"


@pytest.mark.parametrize("size", SIZES)
def test_an_answer_that_is_wrong_at_one_size_is_rejected(size):
    found = outcome(lambda x: relu(x) + (x.size == size) if size else relu(x).reshape(-1)[:9])
    assert not found


def test_what_fails_in_a_sweep_is_cut_down_to_one_number():
    found = outcome(lambda x: np.where((x > 1e30) & (x < 1e31), x * 2, relu(x)).astype(x.dtype))
    assert found.given.count(",") == 0
    assert "e+30" in found.given


def test_where_the_size_matters_the_outcome_says_so():
    found = outcome(lambda x: relu(x) if x.size < 5000 else relu(x) + 1)
    assert "its size matters" in found.because


def test_a_layout_that_matters_is_told():
    found = outcome(lambda x: relu(x) if x.flags.c_contiguous else relu(x) + 1)
    assert "every second number of a longer array" in found.given


def test_parts_cut_arrays_of_the_same_length_together():
    x, y, z = np.arange(6.0), np.arange(12.0).reshape(6, 2), np.arange(3.0)
    for a, b, c in parts((x, y, z)):
        if len(a) < 6:
            assert len(a) == len(b)
            np.testing.assert_array_equal(b[:, 0], 2 * a)
        else:
            assert c.size < 3 or b.shape[1] == 1
