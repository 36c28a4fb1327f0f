"""What counts as a number: Python's own comparisons and casts are the oracle."""

import math
from decimal import Decimal
from fractions import Fraction

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.quantities import integer, integers, is_integer, is_real, real, seed_number

INTEGERS = st.one_of(
    st.integers(),
    st.integers(min_value=10**5000, max_value=10**5001),
    hnp.from_dtype(np.dtype(np.int8)),
    hnp.from_dtype(np.dtype(np.uint16)),
    hnp.from_dtype(np.dtype(np.int32)),
    hnp.from_dtype(np.dtype(np.uint64)),
    hnp.from_dtype(np.dtype(np.int64)),
)
REALS = st.one_of(
    st.floats(),
    st.fractions(),
    hnp.from_dtype(np.dtype(np.float16)),
    hnp.from_dtype(np.dtype(np.float32)),
    hnp.from_dtype(np.dtype(np.float64)),
)
NEITHER = st.one_of(
    st.booleans(),
    st.booleans().map(np.bool_),
    st.decimals(),
    st.complex_numbers(),
    st.text(),
    st.binary(),
    st.none(),
    st.lists(st.integers(), max_size=2),
    st.integers(-9, 9).map(np.array),
    st.integers(-9, 9).map(torch.tensor),
    st.floats(width=32).map(torch.tensor),
)


@given(INTEGERS)
def test_every_kind_of_integer_comes_back_as_a_plain_int_of_its_value(value):
    found = integer("n", value)
    assert type(found) is int
    assert found == value
    assert is_integer(value)
    assert is_real(value)


@given(REALS)
def test_a_real_number_is_no_integer_even_where_it_is_whole(value):
    assert is_real(value)
    assert not is_integer(value)
    with pytest.raises(InvalidTypeError, match=r"an integer steps, got .* What to do: pass steps"):
        integer("steps", value, do="pass steps=20, say")


@given(NEITHER)
def test_what_is_no_number_is_refused_by_every_check(value):
    assert not is_integer(value)
    assert not is_real(value)
    for check in (integer, real):
        with pytest.raises(InvalidTypeError, match=f"{type(value).__name__}"):
            check("n", value)
    with pytest.raises(InvalidTypeError, match="integer widths"):
        integers("widths", [2, value])


@given(INTEGERS, st.integers(-100, 100), st.integers(0, 200))
def test_an_integer_is_taken_exactly_within_its_bounds(value, least, more):
    if least <= value <= least + more:
        assert integer("n", value, least=least, most=least + more) == value
    else:
        with pytest.raises(InvalidValueError, match=rf"n from {least} to {least + more}, got"):
            integer("n", value, least=least, most=least + more)


@given(
    st.one_of(REALS, INTEGERS),
    st.sampled_from(["above", "least"]),
    st.sampled_from(["below", "most"]),
)
def test_a_real_number_is_taken_exactly_where_it_is_finite_and_within_its_bounds(value, low, high):
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    start = number > 0 or (low == "least" and number == 0)
    end = number < 2 or (high == "most" and number == 2)
    if start and end:
        found = real("rate", value, **{low: 0, high: 2})
        assert type(found) is float
        assert found == number
    else:
        with pytest.raises(InvalidValueError, match="rate"):
            real("rate", value, **{low: 0, high: 2})
    if math.isfinite(number):
        assert real("rate", value) == number
    else:
        with pytest.raises(InvalidValueError, match="a finite rate"):
            real("rate", value)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({}, "a finite lr, got nan"),
        ({"above": 0}, "a finite lr above 0, got nan"),
        ({"least": 0}, "a finite lr of 0 or more, got nan"),
        ({"below": 1}, "a finite lr below 1, got nan"),
        ({"above": 0, "below": 1}, "a lr between 0 and 1, got nan"),
        ({"least": 1, "most": 20}, "a lr from 1 to 20, got nan"),
        ({"above": 0, "most": 1}, "a finite lr above 0 and of 1 or less, got nan"),
        ({"least": 0, "below": 1}, "a finite lr of 0 or more and below 1, got nan"),
    ],
)
def test_an_error_names_the_bounds_and_what_came(bounds, words):
    with pytest.raises(InvalidValueError) as caught:
        real("lr", math.nan, **bounds)
    assert str(caught.value) == f"Expected {words}. What to do: pass a number in that range."


@pytest.mark.parametrize("value", [10**400, -(10**400), Fraction(10**400), -Fraction(10**400)])
def test_a_number_too_large_for_a_float_is_refused_and_shown_in_short(value):
    with pytest.raises(InvalidValueError, match=r"got -?10{3}.*\.\.\.\. What"):
        real("lr", value, above=0, below=1)


def test_a_refused_value_never_fills_the_screen():
    with pytest.raises(InvalidValueError, match="got one of thousands of digits"):
        integer("n", 10**6000, least=0, most=3)
    with pytest.raises(InvalidTypeError) as caught:
        integer("n", Decimal("1" * 500))
    assert len(str(caught.value)) < 150


@pytest.mark.parametrize(("bits", "most"), [(63, "2**63 - 1"), (32, "2**32 - 1")])
def test_seeds_end_where_their_generator_s_do(bits, most):
    top = 2**bits - 1
    assert seed_number(np.uint64(top), bits=bits) == top
    for refused in (-1, top + 1):
        with pytest.raises(InvalidValueError, match="seed from 0 to") as caught:
            seed_number(refused, bits=bits)
        assert most in str(caught.value)
    torch.Generator().manual_seed(seed_number(2**63 - 1))
    np.random.RandomState(seed_number(2**32 - 1, bits=32))


@pytest.mark.parametrize("values", [3, None, "64", b"64"])
def test_a_list_of_numbers_is_no_number_and_no_text(values):
    with pytest.raises(InvalidTypeError, match="a list of widths"):
        integers("widths", values, do="pass for example [64, 10]")


def test_lists_arrays_and_generators_of_integers_are_taken():
    for values in ([4, 5], np.array([4, 5]), (n for n in (4, 5)), range(4, 6)):
        found = integers("widths", values, least=1)
        assert found == [4, 5]
        assert all(type(n) is int for n in found)
    with pytest.raises(InvalidValueError, match="widths of at least 1, got 0"):
        integers("widths", [4, 0], least=1)
