"""Replies that a process may have forged: read as replies, or refused."""

import numpy as np
import pytest

from relukit.checks.call import PRINTED, Reply
from relukit.checks.mishap import MESSAGE, Mishap
from relukit.grading.jail import inside
from relukit.grading.jail.replies import CELL, cell_error, read_replies
from relukit.grading.jail.wire import Malformed, decode, encode

ORDER = [2, 0, 1, 0]


def entry(position: object = 0, value: object = 1.0, **more: object) -> dict:
    plain = {"mishap": None, "printed": "", "changed": [], "signature": "", "unwritten": False}
    return {"input": position, "value": value, **plain, **more}


def read(data: list, *, order=ORDER, n_parameters=2):
    return read_replies(data, order, n_parameters=n_parameters)


def test_replies_are_sorted_by_their_inputs_in_the_order_in_which_they_came():
    found = read([entry(i, value) for i, value in [(0, "c"), (1, "a"), (2, "b"), (3, "aa")]])
    assert {i: [r.value for r in some] for i, some in found.items()} == {
        2: ["c"],
        0: ["a", "aa"],
        1: ["b"],
    }


REPLIES = {
    "a value alone": Reply(1.5),
    "nothing": Reply(),
    "an exception": Reply(mishap=Mishap("ValueError", "", "line 2")),
    "a text printed": Reply(printed=" "),
    "the first argument changed": Reply(2, changed=(0,)),
    "another signature": Reply(signature="()"),
    "nothing written": Reply(unwritten=True),
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_what_a_process_says_of_a_reply_is_read_as_it_was(reply):
    sent = decode(encode([inside._as_data((i, reply)) for i in range(4)]))
    assert {repr(found) for some in read(sent).values() for found in some} == {repr(reply)}


def test_an_answer_that_is_not_defined_has_no_replies():
    assert cell_error([]) is None
    assert read([]) == {}


def test_long_texts_are_cut():
    mishap = ["E" * 1000, "m" * 1000, "w" * 1000]
    everywhere = {"printed": "p" * 1000, "signature": "s" * 1000, "mishap": mishap}
    reply = read([entry(i, **everywhere) for i in range(4)])[0][0]
    assert len(reply.printed) == PRINTED
    assert len(reply.signature) == len(reply.mishap.message) == len(reply.mishap.where) == MESSAGE
    assert len(reply.mishap.kind) < 100


def test_the_exception_of_a_cell_is_found():
    reply = cell_error([entry(CELL, None, mishap=["NameError", "x", "line 1 of the cell"])])
    assert str(reply.mishap) == "NameError: x (line 1 of the cell)"
    assert cell_error([entry(0)]) is None
    assert cell_error([entry(0), entry(CELL)]) is None


def test_replies_may_follow_the_exception_of_a_cell():
    ended = entry(CELL, None, mishap=["SystemExit", "", ""])
    data = [ended, *(entry(i) for i in range(4))]
    assert cell_error(data).mishap.kind == "SystemExit"
    assert {i: len(some) for i, some in read(data).items()} == {0: 2, 1: 1, 2: 1}
    assert read([ended]) == {}
    with pytest.raises(Malformed):
        read([ended, ended, *data[1:]])


@pytest.mark.parametrize(
    "data", [None, 1.0, "text", {"input": 0}, (entry(),), np.zeros(2), [entry(CELL)]], ids=repr
)
def test_what_is_no_list_of_replies_is_malformed(data: object):
    with pytest.raises(Malformed):
        cell_error(data)


GOOD = [entry(i) for i in range(4)]
BAD = {
    "no dict": 1.0,
    "a list": [1],
    "no value": {k: v for k, v in entry().items() if k != "value"},
    "no position": {k: v for k, v in entry().items() if k != "input"},
    "an entry too many": entry(passed=True),
    "a position beyond the last": entry(4),
    "a negative position": entry(-1),
    "a position that is true": entry(True),
    "a position that is a fraction": entry(0.0),
    "a position that is an array": entry(np.array(0)),
    "a change of no argument": entry(changed=[2]),
    "a change that is true": entry(changed=[True]),
    "changes that are a tuple": entry(changed=(0,)),
    "text that is a number": entry(printed=1),
    "a signature that is nothing": entry(signature=None),
    "unwritten by a number": entry(unwritten=1),
    "a dict as the value": entry(value={"a": 1}),
    "a dict deep in the value": entry(value=[1, ({"a": 1},)]),
    "an exception of two texts": entry(mishap=["A", "b"]),
    "an exception of no text": entry(mishap=[]),
    "an exception of numbers": entry(mishap=[1, 2, 3]),
    "an exception that is text": entry(mishap="abc"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_what_is_no_reply_is_malformed(bad: object):
    for data in ([*GOOD[1:], bad], [bad, *GOOD]):
        with pytest.raises(Malformed):
            read(data)


@pytest.mark.parametrize("missing", range(4))
def test_a_missing_reply_is_malformed(missing: int):
    with pytest.raises(Malformed):
        read([reply for i, reply in enumerate(GOOD) if i != missing])


def test_a_reply_said_to_be_unwritten_excuses_no_other():
    with pytest.raises(Malformed):
        read([entry(0), entry(0, unwritten=True)])


def test_more_replies_than_were_asked_for_are_malformed():
    read(GOOD)
    with pytest.raises(Malformed):
        read([*GOOD, entry(1)])
