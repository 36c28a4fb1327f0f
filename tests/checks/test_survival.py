"""A check survives whatever an answer does or returns: an ordinary outcome, in bounded time."""

import asyncio
import builtins
import functools
import os
import random
import sys
import threading
import types
import warnings

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relukit.checks import check
from relukit.checks.outcome import STATUSES
from relukit.checks.plain import ITEMS, NUMBERS, Unusable, plain
from relukit.checks.registry import task

pytestmark = pytest.mark.slow


class EndlessList(list):
    def __iter__(self):
        while True:
            yield 1.0

    def __len__(self):
        return 10**12


class EndlessObject:
    def __iter__(self):
        while True:
            yield 1.0

    def __getitem__(self, index):
        return 1.0


def raising(error):
    def method(self, *arguments, **options):
        raise error

    return method


METHODS = (
    *("__str__", "__repr__", "__eq__", "__bool__", "__len__", "__iter__", "__hash__", "__array__"),
    *("__float__", "__int__", "__index__", "__getattribute__", "__del__", "__format__"),
)
ERRORS = (SystemExit, GeneratorExit, RecursionError, MemoryError, StopIteration, ValueError)


def hostile(base, error, methods=METHODS):
    return type("Hostile", (base,), {name: raising(error) for name in methods})


class NamelessType(type):
    @property
    def __name__(cls):
        raise RuntimeError

    @property
    def __mro__(cls):
        raise RuntimeError


class Nameless(metaclass=NamelessType):
    pass


class Spoof:
    @property
    def __class__(self):
        return list


class ClassRaises:
    @property
    def __class__(self):
        raise SystemExit


def chained():
    error = ValueError("first")
    for number in range(10_000):
        following = ValueError(number)
        following.__cause__ = error
        error = following
    return error


def in_a_circle():
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    return one


def nested(depth, width):
    value = [1.0]
    for _ in range(depth):
        value = [value] * width
    return value


async def coroutine():
    return 1


async def stream():
    yield 1


ZOO = {
    "an endless list": EndlessList([1.0]),
    "an endless object": EndlessObject(),
    "a nameless type": Nameless(),
    "its class": Nameless,
    "a spoofed class": Spoof(),
    "a class that raises": ClassRaises(),
    "a long integer": 10**5000,
    "a long negative integer": -(10**5000),
    "a surrogate": "\ud800",
    "control characters": "\x1b[2J\x00\r",
    "a long text": "a" * 10**6,
    "a set": {1, 2},
    "a dict": {"a": 1},
    "bytes": b"a",
    "a range": range(10**12),
    "a lambda": lambda: 1,
    "a generator": (i for i in range(3)),
    "a module": types,
    "a type": int,
    "an ellipsis": ...,
    "a complex": 1j,
    "nan": float("nan"),
    "a million items": [1.0] * 10**6,
    "a tree of lists": nested(6, 20),
    "a deep list": nested(500, 1),
    "a virtual array": np.broadcast_to(1.0, 10**12),
    "a tensor without numbers": torch.ones(3, device="meta"),
    "a large tensor": torch.zeros(1).expand(10**10),
    "an array of objects": np.array([object(), None], dtype=object),
    "an array of dates": np.array(["2020-01-01"], dtype="datetime64[D]"),
    "a record array": np.zeros(2, dtype=[("a", "f8")]),
    "a masked array": np.ma.masked_array([1.0, 2.0], mask=[True, False]),
    **{f"{error.__name__} from an object": hostile(object, error)() for error in ERRORS},
    **{f"{error.__name__} from a float": hostile(float, error)(1.0) for error in ERRORS},
    **{f"{error.__name__} from a list": hostile(list, error)([1.0]) for error in ERRORS},
    **{f"{error.__name__} from a text": hostile(str, error)("relu") for error in ERRORS},
}


def survived(answer, name="relu"):
    """Check an answer, look at all that a notebook shows of it, and return the outcome."""
    outcome = check(answer, name)
    assert outcome.status in STATUSES
    for shown in (repr(outcome), outcome._repr_html_()):
        assert len(shown) < 5000
        shown.encode()  # a notebook is saved as UTF-8
        assert shown.replace("\n", "").isprintable()
    return outcome


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", ["relu", "order_the_timeline", "hinge_weights"])
@pytest.mark.parametrize("kind", ZOO)
def test_whatever_an_answer_returns_the_outcome_is_an_ordinary_one(kind, name):
    assert survived(lambda *arguments: ZOO[kind], name).status in ("wrong", "raised")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("error", [*ERRORS, KeyboardInterrupt], ids=lambda error: error.__name__)
def test_an_exception_whose_words_raise_is_told_by_its_type(error):
    kind = hostile(ValueError, error, ("__str__", "__repr__", "__eq__", "__bool__"))
    outcome = survived(lambda x: (_ for _ in ()).throw(kind()))
    said = "interrupted" if error is KeyboardInterrupt else "Hostile"
    assert outcome.status == "raised"
    assert said in outcome.because


@pytest.mark.parametrize(
    "error",
    [
        chained(),
        in_a_circle(),
        ExceptionGroup("many", [ValueError(1)] * 100),
        BaseExceptionGroup("interrupts", [KeyboardInterrupt()]),
        ValueError("\ud800 \x1b[31m"),
        ValueError("a" * 10**7),
        NamelessType("Odd", (ValueError,), {})("said"),
        SystemExit(0),
        GeneratorExit(),
    ],
    ids=lambda error: type.__dict__["__name__"].__get__(type(error)),
)
def test_any_exception_is_told_in_a_line(error):
    def relu(x):
        raise error

    assert survived(relu).status == "raised"


def test_an_integer_beyond_the_digits_that_python_writes_is_named_by_its_length():
    said = survived(lambda x: 10**5000).because
    assert "an integer of about 5,000 digits" in said


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (coroutine, "it returns a coroutine: write def, not async def"),
        (stream, "it returns an asynchronous generator: write def and return"),
        (lambda: abs, "are parentheses missing at a call?"),
    ],
)
def test_what_came_instead_of_a_value_is_told_with_what_to_do(function, said):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert said in survived(lambda x: function()).because


def test_an_answer_that_is_async_itself_is_told_so():
    async def relu(x):
        return await asyncio.sleep(0, np.maximum(x, 0))

    assert "write def, not async def" in survived(relu).because


def test_what_is_larger_than_any_answer_is_not_copied_and_asked_for_once():
    calls = []

    def relu(x):
        calls.append(1)
        return np.broadcast_to(1.0, 10**12)

    assert "larger than anything that is asked for" in survived(relu).because
    assert len(calls) == 1


@pytest.mark.parametrize("value", [[0.0] * (ITEMS + 1), np.zeros(NUMBERS + 1), nested(6, 20)])
def test_large_values_are_no_data(value):
    assert isinstance(plain(value), Unusable)


def test_a_list_is_read_past_what_its_class_says():
    assert plain(EndlessList([1.0, 2.0])) == [1.0, 2.0]


def replaces_maximum(x):
    np.maximum = None
    return x * 0


def replaces_len(x):
    builtins.len = lambda _: 0
    return x * 0


def replaces_linear(x):
    torch.nn.Linear = None
    return x * 0


def deletes_exp(x):
    del np.exp
    return x * 0


def loses_numpy(x):
    sys.modules["numpy"] = None
    return x * 0


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (replaces_maximum, "np.maximum"),
        (replaces_len, "builtins.len"),
        (replaces_linear, "torch.nn.Linear"),
        (deletes_exp, "np.exp"),
        (loses_numpy, "numpy"),
    ],
)
def test_what_an_answer_replaces_in_a_library_is_put_back_and_named(answer, name):
    before = np.maximum, len, torch.nn.Linear, np.exp, np
    outcome = survived(answer)
    assert (np.maximum, len, torch.nn.Linear, np.exp, sys.modules["numpy"]) == before
    assert outcome.note.startswith(f"your code replaced {name}, which is put back")
    assert survived(task("relu").reference).note == ""


def test_what_was_replaced_before_a_check_does_not_break_it(monkeypatch):
    monkeypatch.setattr(np, "maximum", None)
    outcome = survived(lambda x: np.where(x <= 0, 0, x).astype(x.dtype))
    assert outcome
    assert "np.maximum" in outcome.note


def leaves_traces(x):
    os.chdir("/")
    os.environ["RELUKIT_TRACE"] = "here"
    np.seterr(all="raise")
    warnings.simplefilter("error")
    warnings.showwarning = None
    torch.set_default_dtype(torch.float16)
    torch.set_grad_enabled(False)
    torch.manual_seed(1)
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002
    sys.stdout.close()
    sys.stdout = sys.stderr = None
    sys.settrace(lambda *arguments: None)
    sys.setrecursionlimit(3000)
    return np.where(x <= 0, 0, x).astype(x.dtype)


def test_no_trace_of_an_answer_is_left_behind(tmp_path, monkeypatch):
    def state():
        return (
            *(sys.getrecursionlimit(), os.getcwd(), dict(os.environ), np.geterr()),
            *(list(warnings.filters), warnings.showwarning, torch.get_default_dtype()),
            *(torch.is_grad_enabled(), torch.get_rng_state().tolist(), random.getstate()),
            *(np.random.get_state()[1].tolist(), sys.stdout, sys.stderr),  # noqa: NPY002
        )

    monkeypatch.chdir(tmp_path)
    before, trace = state(), sys.gettrace()
    outcome = survived(leaves_traces)
    assert state() == before
    assert sys.gettrace() is trace
    assert outcome.status == "passed"


def test_an_answer_may_start_threads():
    def relu(x):
        thread = threading.Thread(target=lambda: None)
        thread.start()
        thread.join()
        return np.maximum(x, 0)

    assert survived(relu)


def test_an_answer_that_calls_itself_for_ever_is_told_so():
    def relu(x):
        return relu(x)

    assert "RecursionError" in survived(relu).because


class Looks:
    """Raises whatever is looked at."""

    def __init__(self, error):
        object.__setattr__(self, "error", error)

    def __getattribute__(self, name):
        raise object.__getattribute__(self, "error")

    def __call__(self, x):
        return np.maximum(x, 0)


def test_an_answer_that_raises_wherever_it_is_looked_at_is_still_called():
    assert survived(Looks(RuntimeError("no")))


def test_a_default_that_cannot_be_written_does_not_hide_that_the_parameters_misfit():
    default = hostile(object, ValueError, ("__repr__",))()

    def relu(x, y, z=default):
        return x

    assert survived(relu).status in ("wrong", "raised")


MORE = {"0.0": 0.0, "1": 1, "True": True, "None": None, "relu": "relu", "zeros": np.zeros(2)}
WRAPS = {"list": list, "tuple": tuple, "endless list": EndlessList, "partial": functools.partial}
# trees of names: hypothesis writes what it draws, and what is meant here cannot be written
TREES = st.recursive(
    st.sampled_from([*ZOO, *MORE]),
    lambda inner: st.tuples(st.sampled_from(list(WRAPS)), st.lists(inner, max_size=3)),
    max_leaves=6,
)


def grown(tree):
    if isinstance(tree, str):
        return (ZOO | MORE)[tree]
    wrap, parts = tree
    parts = [grown(part) for part in parts]
    return functools.partial(print, *parts) if wrap == "partial" else WRAPS[wrap](parts)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(TREES, st.sampled_from(["relu", "rescale_unit", "two_unit_steady_states", "autopsy"]))
def test_no_mixture_of_odd_things_breaks_a_check(tree, name):
    assert not survived(lambda *arguments: grown(tree), name)
