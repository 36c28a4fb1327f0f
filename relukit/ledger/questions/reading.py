"""The questions of the course: read from each lesson's predictions.toml, and checked."""

import dataclasses
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from relukit.errors import InvalidValueError, RelukitError, unknown_name
from relukit.ledger.entries import Claim, claims
from relukit.ledger.questions.choice import Choice, Option
from relukit.ledger.questions.number import Number
from relukit.ledger.questions.order import Item, Order
from relukit.ledger.questions.question import Question
from relukit.ledger.questions.sketch import Sketch
from relukit.syllabus import COURSE, folder

KINDS: dict[str, type[Question]] = {kind.KIND: kind for kind in (Choice, Number, Order, Sketch)}
FILE = "predictions.toml"
_PARTS: dict[str, Callable[..., object]] = {"options": Option, "items": Item}
# what a field of an entry may hold: its words, and its types
_TYPES: dict[str, tuple[str, tuple[type, ...]]] = {
    **dict.fromkeys(("times", "right", "close"), ("a number", (int, float))),
    **dict.fromkeys(("at", "whats", "in_print", "options", "items"), ("a list", (list,))),
}


def read_questions(texts: Mapping[str, str], known: Mapping[str, Claim]) -> dict[str, Question]:
    """Return the questions of all lessons by id, in the files' order.

    Args:
        texts: for each lesson, such as "02_definitions", a TOML document with an array of tables
            `prediction`.
        known: the ledger's claims by id.

    Raises:
        InvalidValueError: a file is no TOML, an entry lacks a field or has an unknown one, holds
            what its kind refuses, repeats an id, has a claim's, or names no known claim.
    """
    found: dict[str, Question] = {}
    for lesson, text in texts.items():
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            do = "correct that line"
            raise InvalidValueError(f"TOML in the {FILE} of {lesson}", str(error), do) from None
        if document.keys() - {"prediction"}:
            got = ", ".join(sorted(document.keys() - {"prediction"}))
            do = "begin each entry with [[prediction]]"
            raise InvalidValueError(f"entries [[prediction]] in the {FILE} of {lesson}", got, do)
        for number, entry in enumerate(document.get("prediction", ()), start=1):
            question = _question(lesson, entry, number)
            if question.id in found or question.id in known:
                other = "a claim has it" if question.id in known else "another one has it"
                raise question.amiss("an id of its own", other, "rename the prediction")
            for name in filter(None, (*question.in_print, question.claim)):
                if name not in known:
                    do = unknown_name("claim", name, known).do
                    raise question.amiss("ids of the ledger's claims", repr(name), do)
            _check_claim(question, known)
            found[question.id] = question
    return found


def _check_claim(question: Question, known: Mapping[str, Claim]) -> None:
    """Raise the error of a question whose claim measures nothing, or other quantities."""
    if not question.claim:
        return
    demanded = [demand.what for demand in known[question.claim].holds]
    missing = [name for name in question.quantities if name not in demanded]
    if missing or not question.quantities:
        got = ", ".join(map(repr, missing)) or "none named"
        do = f"name them out of {'; '.join(demanded)}" if demanded else "name another claim"
        raise question.amiss(f"quantities that the claim {question.claim!r} measures", got, do)


def _question(lesson: str, entry: Mapping[str, Any], number: int) -> Question:
    name = entry.get("id")
    where = f"prediction {name!r}" if name else f"prediction {number} of {lesson}"
    if not isinstance(name, str) or not name:
        do = "write a line such as id = 'ten-images'"
        raise InvalidValueError(f"an id in {where}", repr(name), do)
    if entry.get("kind") not in KINDS:
        got = repr(entry.get("kind"))
        raise InvalidValueError(f"a kind out of {', '.join(KINDS)} in {where}", got, "name one")
    kind = KINDS[entry["kind"]]
    fields = {f.name: f for f in dataclasses.fields(kind) if f.name != "lesson"}
    needed = {name for name, f in fields.items() if f.default is dataclasses.MISSING}
    given = entry.keys() - {"kind"}
    if unknown := sorted(given - fields.keys()):
        raise InvalidValueError(
            f"the fields of a {kind.KIND} in {where}: {', '.join(sorted(fields))}",
            ", ".join(unknown),
            "take out what is not among them",
        )
    if missing := sorted(needed - given):
        got = f"none of {', '.join(missing)}"
        raise InvalidValueError(f"{', '.join(sorted(needed))} in {where}", got, "complete it")
    values = {key: _value(key, value, where) for key, value in entry.items() if key != "kind"}
    return kind(**values, lesson=lesson)


def _value(name: str, value: Any, where: str) -> Any:  # noqa: ANN401 - what TOML holds
    words, types = _TYPES.get(name, ("text", (str,)))
    if not _is(value, types):
        do = "correct its type"
        raise InvalidValueError(f"{words} as {name} in {where}", repr(value), do)
    if name == "times" and not value > 0:
        do = "write times = 100 for percent, say"
        raise InvalidValueError(f"times above 0 in {where}", repr(value), do)
    if name in _PARTS:
        return tuple(_part(name, row, where) for row in value)
    if isinstance(value, list):
        wanted, types = ("numbers", (int, float)) if name == "at" else ("names", (str,))
        if not all(_is(one, types) for one in value):
            raise InvalidValueError(f"{wanted} as {name} in {where}", repr(value), "correct them")
    return tuple(value) if isinstance(value, list) else value


def _is(value: object, types: tuple[type, ...]) -> bool:
    """Return whether a value has one of the types; True and False are no numbers."""
    return isinstance(value, types) and not isinstance(value, bool)


def _part(name: str, row: object, where: str) -> object:
    part = _PARTS[name]
    fields = {f.name: f.type for f in dataclasses.fields(part)}  # type: ignore[arg-type]
    try:
        if not isinstance(row, Mapping):
            raise TypeError(f"{row!r}")
        for key, value in row.items():
            if isinstance(value, str) != (fields.get(key, str) is str):
                raise TypeError(f"{key} = {value!r}")
        return part(**row)
    except TypeError as error:
        wanted = f"{', '.join(fields)} in the {name} of {where}"
        raise InvalidValueError(wanted, str(error), "correct it") from None


@cache
def _questions() -> dict[str, Question]:
    files = {n: folder(n) / FILE for n, page in COURSE.items() if not page.deepens}
    texts = {n: path.read_text(encoding="utf-8") for n, path in files.items() if path.exists()}
    return read_questions(texts, {claim.id: claim for claim in claims()})


def questions(*, lesson: str | None = None) -> tuple[Question, ...]:
    """Return the questions that the course asks before it measures.

    Args:
        lesson: such as "04_dying_relu", for those of one lesson's folder.

    Example:
        >>> [question.id for question in questions(lesson="04_dying_relu")][:2]
        ['ten-images', 'survive']
    """
    return tuple(q for q in _questions().values() if lesson is None or q.lesson == lesson)


def question(name: str) -> Question | None:
    """Return the question of this id, or None where there is none.

    Example:
        >>> question("ten-images").KIND
        'number'
    """
    return _questions().get(name)


def unknown_question(name: object) -> RelukitError:
    """Return the error for an id that is neither a question's nor a claim's."""
    known = {*_questions(), *(claim.id for claim in claims())}
    return unknown_name("prediction or claim", name, known)
