"""A right answer is not refused for its type: one rule, over all tasks and all kinds of answers."""

import functools

import numpy as np
import pytest
import torch
from wrong_answers.collected import right
from wrong_answers.forms import each

from relukit.checks import check
from relukit.checks.call import Caller, Reply
from relukit.checks.conversion import converted
from relukit.checks.counterexample import probes
from relukit.checks.judging import judge
from relukit.checks.plain import Unusable, plain
from relukit.checks.registry import task, tasks

pytestmark = pytest.mark.slow
TASKS = tasks()
RIGHT = {entry.name: right(entry)[0] for entry in TASKS}


def listed(value):
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [listed(part) for part in value] if isinstance(value, tuple | list) else value


def tupled(value):
    value = listed(value)
    return tuple(map(tupled, value)) if isinstance(value, list) else value


def stacked(value):
    """Return a tuple or list as one array, where its parts have one shape and are all numbers."""
    shapes = {np.shape(part) for part in value} if isinstance(value, tuple | list) else set()
    made = np.array(value) if len(shapes) == 1 else None
    return (
        value if made is None or made.dtype.kind == "U" != np.asarray(value[0]).dtype.kind else made
    )


def scalars(value):
    """Return one-dimensional arrays as lists of NumPy scalars."""
    return (
        list(value) if isinstance(value, np.ndarray) and value.ndim == 1 else np.asarray(value)[()]
    )


def tensors(value):
    return value if value is None or isinstance(value, str) else torch.as_tensor(np.asarray(value))


VALUES = {
    "as it is": lambda value: value,
    "0-d arrays": lambda value: each(lambda p: p if p is None else np.asarray(p), value),
    "scalars": lambda value: each(lambda part: np.asarray(part)[()], value),
    "tensors": lambda value: each(tensors, value),
    "one array": stacked,
    "lists": listed,
    "tuples": tupled,
    "lists of scalars": lambda value: each(scalars, value),
}


def has_list_for_array(expected, value):
    """Return whether a list, which has no dtype, stands where an array is expected."""
    if isinstance(expected, np.ndarray):
        return isinstance(value, list | tuple)
    pairs = zip(expected, value, strict=True) if isinstance(expected, list | tuple) else ()
    return any(has_list_for_array(*pair) for pair in pairs)


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("entry", TASKS, ids=lambda entry: entry.name)
def test_a_right_value_of_any_kind_passes_unless_a_dtype_is_asked_for(entry, kind):
    if entry.harness.__name__ in (
        "as_mender",
        "through_a_power_cut",
        "as_wrapper",
        "as_fifty",
        "as_swapper",
    ):
        pytest.skip("what is compared is read from a network, not returned by the answer")
    for arguments, expected in probes(entry):
        value = VALUES[kind](expected)
        outcome = judge(entry, arguments, expected, [Reply(plain(value))])
        if entry.asks_dtype and has_list_for_array(expected, value):
            assert "one array, and is a" in outcome.because
        else:
            assert outcome is None, outcome


class Holder:
    def __init__(self, function):
        self.function = function

    def __call__(self, *arguments, **options):
        return self.function(*arguments, **options)

    def method(self, *arguments, **options):
        return self.function(*arguments, **options)


class Module(torch.nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *arguments, **options):
        return self.function(*arguments, **options)


def wrapped(function):
    def wrapper(*arguments, **options):
        return function(*arguments, **options)

    return wrapper


CALLABLES = {
    "a lambda": lambda f: lambda *arguments, **options: f(*arguments, **options),
    "a partial": functools.partial,
    "an object": Holder,
    "a bound method": lambda f: Holder(f).method,
    "a module": Module,
    "an undecorated wrap": wrapped,
}


@pytest.mark.parametrize("entry", TASKS, ids=lambda entry: entry.name)
def test_a_right_answer_passes_as_anything_that_can_be_called(entry):
    answers = [wrap(RIGHT[entry.name]) for wrap in CALLABLES.values()]
    if entry.calls == 1:  # each call takes seconds: all kinds at once
        answers = [functools.reduce(lambda f, wrap: wrap(f), CALLABLES.values(), RIGHT[entry.name])]
    for answer in answers:
        arguments, expected = probes(entry)[0]
        reply = Caller(answer, entry.harness).ask(arguments)
        assert judge(entry, arguments, expected, [reply]) is None


@pytest.mark.parametrize("wrap", CALLABLES.values(), ids=CALLABLES)
def test_a_check_takes_anything_that_can_be_called(wrap):
    assert check(wrap(RIGHT["relu"]), "relu")
    assert check(wrap(RIGHT["PReLU"]), "PReLU")


@pytest.mark.parametrize("entry", [task("relu"), task("he_uniform"), task("standardize")])
def test_where_a_dtype_is_asked_for_an_array_must_have_it(entry):
    arguments, expected = probes(entry)[0]
    narrow = each(lambda part: part.astype("float16"), expected)
    assert "the dtype must be" in judge(entry, arguments, expected, [Reply(narrow)]).because


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1.0, Unusable("a set")),
        (1.0, [1.0]),
        (1.0, np.array([1.0])),
        (1.0, np.array(True)),
        (1, np.array(1.0)),
        (True, np.array(1)),
        ("a", 1),
        (np.zeros(2), [1.0, "a"]),
        (np.zeros((2, 2)), [[1.0], [2.0, 3.0]]),
        (np.zeros(2), np.array([1j, 1])),
        (np.zeros(2, dtype="bool"), np.array([0, 1])),
        (np.zeros(2, dtype="int64"), np.array([0.5, 1])),
        ((1.0, 2.0), 3.0),
        ((1.0, 2.0), None),
    ],
)
def test_what_says_something_else_stays_as_it_is(expected, got):
    made = converted(expected, got)
    assert type(made) is type(got)
    assert repr(made) == repr(got)


def test_a_list_of_another_length_keeps_its_length():
    assert converted((1.0, 2.0), np.array([1.0, 2.0, 3.0])) == (1.0, 2.0, 3.0)
    assert converted([], (1, 2)) == [1, 2]


def test_an_empty_list_is_an_empty_array_of_any_further_axes():
    assert converted(np.zeros((0, 3)), []).shape == (0, 3)
    assert converted(np.zeros((2, 3)), []).shape == (0,)
