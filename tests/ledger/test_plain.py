"""What is kept comes back bit by bit, and of its own kind; nothing else is ever made."""

import json
import math
from dataclasses import dataclass

import numpy as np
import pytest
import torch

from relukit.ledger.plain import classes_of, decoded, encoded
from relukit.statistics import Interval


@dataclass(frozen=True, eq=False)
class Course:
    """Stand in for what an experiment returns."""

    gains: tuple[float, ...]
    rates: torch.Tensor
    ends: dict[str, Interval] | None = None


def again(value, classes=None):
    """Return a value as another kernel would find it."""
    classes = classes or {}
    return decoded(json.loads(json.dumps(encoded(value, classes))), classes)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        2**70,
        0.1 + 0.2,
        5e-324,
        math.inf,
        "ß\ud800",
        (),
        (1, 1.0, [True, ("a",)]),
        {0.3: (1.0,), ("a", 1): {}, 1: None},
    ],
    ids=str,
)
def test_plain_values_come_back_as_they_were(value):
    assert repr(again(value)) == repr(value)


def test_a_sign_of_zero_and_nan_come_back():
    assert math.copysign(1, again(-0.0)) == -1
    assert math.isnan(again(math.nan))


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int64", "float16", "float32", "float64"])
@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3), (3, 4)], ids=str)
def test_arrays_and_tensors_come_back_bit_by_bit(dtype, shape):
    source = np.random.default_rng(0)
    value = np.asarray(100 * source.normal(size=shape)).astype(dtype)
    for one in (value, np.asfortranarray(value), value[::-1] if shape else value):
        found = again(one)
        assert type(found) is np.ndarray
        assert (found.dtype, found.shape) == (one.dtype, one.shape)
        assert found.tobytes() == one.tobytes()
    tensor = torch.from_numpy(value)
    back = again(tensor)
    assert type(back) is torch.Tensor
    assert back.dtype == tensor.dtype
    assert torch.equal(back, tensor)


def test_nan_infinities_and_the_smallest_numbers_of_an_array_come_back():
    value = np.array([np.nan, np.inf, -np.inf, -0.0, 1e-45, 3.4e38], np.float32)
    assert again(value).tobytes() == value.tobytes()


def test_a_number_of_numpy_stays_one():
    assert repr(again(np.float64(0.1))) == "np.float64(0.1)"
    assert type(again(np.int32(3))) is np.int32


def test_a_data_class_comes_back_where_an_annotation_names_it():
    classes = classes_of(tuple[Course, ...])
    assert [*classes] == ["Course", "Interval"]
    value = Course((0.1,), torch.tensor([[0.3]]).double(), {"a": Interval(1, 0, 2, 16, 0.95)})
    (found,) = again((value,), classes)
    assert type(found) is Course
    assert (found.gains, found.ends) == (value.gains, value.ends)
    assert torch.equal(found.rates, value.rates)


@pytest.mark.parametrize(
    "value",
    [
        Course((), torch.zeros(1)),
        object(),
        {1, 2},
        1j,
        np.array([1j]),
        np.array(["a"]),
        np.array([object()]),
        np.arange(3).astype(">i4"),
        np.ma.masked_array([1.0], [True]),
        torch.nn.Parameter(torch.zeros(1)),
        torch.nn.Linear(1, 1),
        torch.zeros(1, dtype=torch.bfloat16),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_would_not_come_back_is_refused(value):
    with pytest.raises(TypeError):
        encoded(value, {})


def test_a_class_of_the_same_name_is_another_one():
    other = type("Course", (Course,), {"__doc__": ""})
    with pytest.raises(TypeError):
        encoded(other((), torch.zeros(1)), classes_of(Course))
