"""Replies as a process wrote them that may say anything, read as replies or refused."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from relukit.checks.call import PRINTED, Reply
from relukit.checks.mishap import MESSAGE, Mishap
from relukit.grading.jail.wire import Malformed

CELL = -1  # stands in place of an input where the cell itself raised
_ALWAYS = {"input", "value"}
_WITHOUT: dict[str, object] = {
    "mishap": None,
    "printed": "",
    "changed": [],
    "signature": "",
    "unwritten": False,
}
_NAME = 80  # characters of an exception's name


@dataclass(frozen=True)
class Raised:
    """How an answer's cell ended.

    Attributes:
        mishap: the exception.
        unwritten: True where a stub of ours raised it.
    """

    mishap: Mishap
    unwritten: bool


def cell_error(data: object) -> Raised | None:
    """Return the exception that ended the answer's cell, or None.

    It stands before all replies. There are some where the cell had defined the answer by then.

    Raises:
        Malformed: the data is no list of replies.
    """
    if not isinstance(data, list):
        raise Malformed("no list of replies")
    first = data[0] if data else None
    position = first.get("input") if isinstance(first, dict) else None
    if type(position) is not int or position != CELL:
        return None
    _, reply = _reply(data[0], 0)
    if reply.mishap is None:
        raise Malformed("a cell that ended without an exception")
    return Raised(reply.mishap, reply.unwritten)


def read_replies(data: list, order: list[int], *, n_parameters: int) -> Mapping[int, list[Reply]]:
    """Return the replies by input; an empty mapping where the answer was not defined.

    Args:
        data: as the process wrote it.
        order: which input was asked at each position; one may occur twice.
        n_parameters: how many arguments an input has at most.

    Raises:
        Malformed: it is no list of replies, or there are too few or too many.
    """
    found: dict[int, list[Reply]] = {}
    asked: Counter[int] = Counter()
    for entry in data[cell_error(data) is not None :]:
        position, reply = _reply(entry, n_parameters)
        if not 0 <= position < len(order):
            raise Malformed("a reply to no input")
        asked[position] += 1
        found.setdefault(order[position], []).append(reply)
    if found and (len(asked) < len(order) or max(asked.values()) > 1):
        raise Malformed("replies are missing, or there are more than were asked for")
    return found


def _reply(entry: object, n_parameters: int) -> tuple[int, Reply]:
    if not isinstance(entry, dict) or not _ALWAYS <= entry.keys() <= _ALWAYS | _WITHOUT.keys():
        raise Malformed("no reply")
    position, value = entry["input"], entry["value"]
    if type(position) is not int or not _is_plain(value):
        raise Malformed("no reply")
    if len(entry) == len(_ALWAYS):
        return position, Reply(value)
    told = {**_WITHOUT, **entry}
    changed, unwritten = told["changed"], told["unwritten"]
    printed, signature = told["printed"], told["signature"]
    if not isinstance(changed, list) or not isinstance(unwritten, bool):
        raise Malformed("no reply")
    if not isinstance(printed, str) or not isinstance(signature, str):
        raise Malformed("no reply")
    if not all(type(i) is int and 0 <= i < n_parameters for i in changed):
        raise Malformed("no reply")
    mishap = _mishap(told["mishap"])
    given = printed[:PRINTED], tuple(changed), signature[:MESSAGE], unwritten
    return position, Reply(value, mishap, *given)


def _mishap(value: object) -> Mishap | None:
    if value is None:
        return None
    if not isinstance(value, list) or [type(text) for text in value] != [str] * 3:
        raise Malformed("no exception")
    kind, message, where = value
    return Mishap(kind[:_NAME], message[:MESSAGE], where[:MESSAGE])


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple | list):
        return all(map(_is_plain, value))
    return not isinstance(value, dict)
