"""A call takes data in and gives data out, whatever the answer does."""

import numpy as np
import pytest
import torch

from relukit.checks.call import Caller, Reply
from relukit.checks.likeness import alike
from relukit.checks.mishap import Mishap
from relukit.checks.notation import show, show_arguments, show_both
from relukit.checks.plain import Unusable, plain


class Liar(np.ndarray):
    def __eq__(self, other):
        return True

    def __array__(self, *arguments, **options):
        raise AssertionError("never asked")


class LyingFloat(float):
    def __float__(self):
        return 0.0

    def __eq__(self, other):
        return True

    __hash__ = None


@pytest.mark.parametrize("value", [None, True, 3, 2.5, "text", (1, [2.0, None])])
def test_plain_data_stays_as_it_is(value):
    assert plain(value) == value
    assert type(plain(value)) is type(value)


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (np.float32(1.5), "float32"),
        (np.float64(1.5), "float64"),
        (np.bool_(True), "bool"),
        (torch.tensor([1.5], requires_grad=True), "float32"),
        (torch.ones(2, dtype=torch.int64), "int64"),
        (torch.view_as_real(torch.tensor([1 + 2j])), "float32"),
        (np.ma.masked_array([[1.0]]), "float64"),
    ],
)
def test_numbers_of_numpy_and_torch_become_arrays_of_their_dtype(value, dtype):
    assert type(plain(value)) is np.ndarray
    assert plain(value).dtype.name == dtype


def test_what_a_subclass_says_of_itself_is_not_asked():
    assert plain(np.array([1.0]).view(Liar)).__class__ is np.ndarray
    assert plain(LyingFloat(2.0)) == 2.0
    assert type(plain(LyingFloat(2.0))) is float


def deep_list():
    value = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (object(), "a value of type object"),
        (len, "a value of type builtin_function_or_method"),
        (NotImplemented, "NotImplemented"),
        (..., "Ellipsis"),
        (np.array(["a", object()], dtype=object), "an array of dtype object"),
        (torch.ones(2, dtype=torch.bfloat16), "bfloat16"),
        (torch.eye(2).to_sparse(), "sparse"),
    ],
)
def test_what_is_no_data_is_named(value, said):
    assert isinstance(plain(value), Unusable)
    assert said in plain(value).description


def test_a_list_inside_itself_ends():
    assert "nested too deeply" in repr(plain(deep_list()))


def test_a_reply_is_a_copy_that_later_calls_do_not_change():
    buffer = np.zeros(1)

    def answer(x):
        buffer[:] = x
        return buffer

    caller = Caller(answer)
    first = caller.ask((np.array([1.0]),))
    caller.ask((np.array([2.0]),))
    assert first.value == 1.0


def test_an_answer_for_torch_gets_tensors_from_its_first_call_on():
    seen = []

    def answer(x):
        seen.append(type(x))
        return x.relu()

    caller = Caller(answer)
    assert caller.ask((np.array([-1.0]),)).value == 0
    assert caller.ask((np.array([3.0]),)).value == 3
    assert seen == [np.ndarray, torch.Tensor, torch.Tensor]


def test_an_answer_for_numpy_that_fails_once_gets_no_tensors():
    def answer(x):
        return x.astype(float) if x.size else 1 / 0

    caller = Caller(answer)
    assert caller.ask((np.array([1.0]),)).mishap is None
    assert caller.ask((np.array([]),)).mishap.kind == "ZeroDivisionError"


def test_of_two_failures_the_one_for_tensors_is_told_where_numpy_arrays_were_the_matter():
    def answer(x):
        return torch.relu(x).reshape(7, 7)

    assert "7, 7" in Caller(answer).ask((np.array([1.0]),)).mishap.message


def test_an_in_place_change_is_seen_in_arrays_and_tensors():
    def by_numpy(x, y):
        y[:] = 0

    def by_torch(x, y):
        y.zero_()
        return x.relu()

    for answer in (by_numpy, by_torch):
        reply = Caller(answer).ask((np.ones(2), np.ones(2)))
        assert reply.changed == (1,)


def test_a_flood_of_prints_is_cut():
    def answer():
        for _ in range(1000):
            print("a" * 1000)  # noqa: T201 - the flood

    assert len(Caller(answer).ask(()).printed) == 200


def test_the_line_of_a_mishap_is_counted_from_the_def():
    def answer(x):
        y = 2 * x
        return [1 / 0 for _ in y]

    mishap = Caller(answer).ask((np.ones(1),)).mishap
    assert mishap.where == "line 3 of answer: return [1 / 0 for _ in y]"


def test_an_exception_that_cannot_be_printed_is_still_told():
    class OddError(Exception):
        def __str__(self):
            raise RuntimeError

    def answer():
        raise OddError

    assert Caller(answer).ask(()).mishap.kind == "OddError"


def test_a_long_message_is_cut_to_one_line():
    def answer():
        raise ValueError("a" * 1000 + "\nsecond line")

    assert len(Caller(answer).ask(()).mishap.message) < 200


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1.0, np.array(1.0), True),
        (1, 1.0, True),
        (True, 1, False),
        (np.float64(0.1) + 0.2, 0.3, True),
        (0.0, 1e-20, False),
        (float("nan"), float("nan"), True),
        (float("inf"), 1e308, False),
        (np.zeros(2), np.zeros((1, 2)), False),
        (np.zeros(2), np.zeros(2, dtype="float32"), False),
        ((1, 2), [1, 2], False),
        ("a", "a", True),
        (None, 0, False),
        (np.array([1 + 1j]), np.array([1 - 1j]), False),
    ],
)
def test_replies_are_alike_up_to_rounding(one, other, same):
    assert alike(Reply(plain(one)), Reply(plain(other))) is same


def test_replies_that_end_in_different_exceptions_or_changes_differ():
    mishaps = [Reply(mishap=Mishap(kind, "", "")) for kind in ("KeyError", "TypeError")]
    assert not alike(*mishaps)
    assert not alike(Reply(1.0), Reply(1.0, changed=(0,)))
    assert alike(Reply(0.0), Reply(1e-17), absolute=True)
    assert not alike(Reply(0.0), Reply(1e-39), absolute=True)


def test_values_are_written_with_digits_enough_to_differ():
    assert (
        show_both(np.array([0.5]), np.array([0.5 + 2**-40]))[1] == "[0.50000000000090949] (float64)"
    )
    assert show_both(2, np.array(3)) == ("2", "3")
    assert show_both(np.array(3.0), 3.0000001)[1] == "3.0000001"
    narrow = np.array([np.float32(0.1)])
    assert show_both(narrow, np.nextafter(narrow, np.float32(1)))[1] == "[0.100000009] (float32)"


def test_a_long_array_is_written_where_it_first_differs():
    expected = np.zeros(100)
    got = expected.copy()
    got[50] = 1
    texts = show_both(expected, got)
    assert texts[0] != texts[1]
    assert texts[1].startswith("[..., 0.0")
    assert "1.0" in texts[1]
    assert show_both(expected, got[:99])[0].startswith("[0.0, ")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array([-0.0, np.nan, -np.inf]), "[-0.0, nan, -inf] (float64)"),
        (np.array(3, dtype="int32"), "3 (int32, 0-d)"),
        (np.zeros((2, 0)), "[[], []] (float64, shape (2, 0))"),
        (np.arange(20), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ...] (int64, shape (20,))"),
        (1e20, "1e+20"),
        (None, "None"),
        ("x" * 500, "'" + "x" * 159 + "..."),
    ],
)
def test_special_values_are_written_plainly(value, text):
    assert show(value) == text


def test_a_call_without_arguments_is_written_so():
    assert show_arguments((), ()) == "no arguments"


def test_a_class_is_blank_unwritten_or_named_by_the_line_that_failed():
    class Blank:
        def forward(self, x): ...

    class Unwritten:
        def forward(self, x):
            raise NotImplementedError()

    class Fails:
        def forward(self, x):
            return 1 / 0

    def forward(answer, arguments):
        return answer().forward(*arguments)

    assert Caller(Blank, forward).ask((1.0,)).unwritten
    assert Caller(Unwritten, forward).ask((1.0,)).unwritten
    assert "line 2 of forward" in str(Caller(Fails, forward).ask((1.0,)).mishap)


def test_an_integer_beyond_every_float_is_like_no_float():
    assert not alike(Reply(10**400), Reply(1.0))
    assert alike(Reply(10**400), Reply(10**400))
