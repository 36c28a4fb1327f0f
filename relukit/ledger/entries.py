"""The ledger: what is in print about the rectifier, who says it, and what settles it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from relukit.errors import InvalidValueError, unknown_name
from relukit.ledger.finding import Demand
from relukit.syllabus import COURSE, folder

_SOURCES = Path(__file__).parent / "sources.toml"
_FILE = "claims.toml"
VERDICTS = ("true", "wrong", "depends", "the same", "not decided", "reported", "outdated")
_RELATIONS = {"above": "above", "below": "below", "equal": "equal to", "within": "within"}
FIELDS = {"id", "text", "said_by", "verdict", "correct", "references"}


@dataclass(frozen=True)
class Source:
    """A document that makes claims: which one, and which revision of it was read.

    Attributes:
        key: the name by which entries refer to it, such as "D2L".
        title: its title.
        year: of the revision.
        revision: which revision, copy or edition.
        opened: False where the course knows it only through others.
    """

    key: str
    title: str
    year: int
    revision: str
    opened: bool = True

    def __str__(self) -> str:
        return self.key


@dataclass(frozen=True)
class Saying:
    """A source that makes a claim, and where in it.

    Attributes:
        source: the document.
        where: page, section, cell or line.
    """

    source: Source
    where: str

    def __str__(self) -> str:
        return f"{self.source} ({self.where})"


@dataclass(frozen=True)
class Claim:
    """One claim in print, in the course's own words, with its verdict and what settles it.

    Attributes:
        id: the name by which lessons and the command line refer to it.
        text: the claim, in our own words, with the scope and the hedges of its sources.
        said_by: the documents that make it, and where.
        verdict: "true", "wrong", "depends" (on the condition `on`), "the same" (within a margin,
            where a difference was claimed), "not decided" by so many seeds, "reported" (in print,
            not tested here: a document that was not opened), or "outdated".
        correct: the statement that holds.
        references: keys in REFERENCES.md.
        lesson: the lesson that treats it, such as "02_definitions".
        words: the few words of the source that carry its hedge, or "".
        on: the condition on which it depends, or "".
        row: its number among the facts that the course began with, if it is one of them.
        experiment: the function that tests it, such as "values.positive_part" among the
            lesson's experiments, or None.
        reason: why the bounds are where they are: the source's own words, or the smallest effect
            that matters; "" without an experiment.
        holds: what is demanded of each quantity that the experiment returns.
        explored: what of its setting was changed after numbers had been seen, or "".
        document: what settles it on paper, or who reports it; None where there is an experiment.
    """

    id: str
    text: str
    said_by: tuple[Saying, ...]
    verdict: str
    correct: str
    references: tuple[str, ...]
    lesson: str
    words: str = ""
    on: str = ""
    row: int | str = ""
    experiment: str | None = None
    reason: str = ""
    holds: tuple[Demand, ...] = ()
    explored: str = ""
    document: str | None = None

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise self._amiss(f"a verdict out of {', '.join(VERDICTS)}", repr(self.verdict))
        if (self.experiment is None) == (self.document is None):
            got = "both" if self.experiment else "neither"
            raise self._amiss("either an experiment or a document", got)
        if self.experiment and not (self.reason and self.holds):
            raise self._amiss(
                "bounds, in holds, and the reason for them, beside an experiment", "none"
            )
        if self.verdict == "reported" and self.experiment:
            raise self._amiss("a document and no experiment for what is only reported", "both")
        unopened = not any(saying.source.opened for saying in self.said_by)
        if self.document and unopened and self.verdict != "reported":
            raise self._amiss("'reported' where no source was opened", repr(self.verdict))
        if self.explored and not self.experiment:
            raise self._amiss("an experiment whose setting was changed, beside explored", "none")
        if (self.verdict == "depends") != bool(self.on):
            got = repr(self.on) if self.on else "none"
            raise self._amiss("a condition, in on, where and only where a claim depends", got)

    def _amiss(self, expected: str, got: str) -> InvalidValueError:
        do = "correct its entry in the claims.toml of its lesson"
        return InvalidValueError(f"{expected}: claim {self.id!r}", got, do)


def read_ledger(texts: Mapping[str, str]) -> dict[str, Claim]:
    """Return the claims of a ledger by id, in the ledger's order.

    Args:
        texts: for each lesson, such as "02_definitions", a TOML document with a table `sources`
            and an array of tables `claim`; sources of one serve the claims of all.

    Raises:
        InvalidValueError: an entry lacks a field, repeats an id, or names no known source.
    """
    documents = {lesson: tomllib.loads(text) for lesson, text in texts.items()}
    tables = [document.get("sources", {}) for document in documents.values()]
    sources = {key: Source(key, **row) for table in tables for key, row in table.items()}
    ledger: dict[str, Claim] = {}
    for lesson, entry in ((k, e) for k, d in documents.items() for e in d.get("claim", ())):
        claim = _claim(lesson, entry, sources)
        if claim.id in ledger:
            raise InvalidValueError(
                "each claim's id once", f"{claim.id!r} twice", "rename one of them"
            )
        ledger[claim.id] = claim
    return ledger


@cache
def _ledger() -> dict[str, Claim]:
    # the claims of a deeper page are those of the lesson on which it goes on
    files = {n: folder(n) / _FILE for n, page in COURSE.items() if not page.deepens}
    known = {"": _SOURCES} | {n: path for n, path in files.items() if path.exists()}
    return read_ledger({k: path.read_text(encoding="utf-8") for k, path in known.items()})


def claims(
    *, lesson: str | None = None, source: str | None = None, verdict: str | None = None
) -> tuple[Claim, ...]:
    """Return the ledger's claims, in its order, those that fit all of the filters.

    Args:
        lesson: a lesson's name, such as "02_definitions".
        source: part of a source's key, such as "Brownlee".
        verdict: one of VERDICTS.

    Example:
        >>> [c.id for c in claims(lesson="02_definitions", verdict="depends")][:2]
        ['half-linear', 'squareplus-stable']
    """
    return tuple(
        claim
        for claim in _ledger().values()
        if (lesson is None or claim.lesson == lesson)
        and (source is None or any(source in s.source.key for s in claim.said_by))
        and (verdict is None or claim.verdict == verdict)
    )


def claim(claim_id: str) -> Claim:
    """Return one claim of the ledger.

    Example:
        >>> claim("half-linear").verdict
        'depends'

    Raises:
        InvalidValueError: no claim has this id.
    """
    try:
        return _ledger()[claim_id]
    except (KeyError, TypeError):
        raise unknown_name("claim", claim_id, _ledger()) from None


def _claim(lesson: str, entry: Mapping[str, Any], sources: Mapping[str, Source]) -> Claim:
    missing = FIELDS - entry.keys()
    if missing:
        raise InvalidValueError(
            f"the fields {', '.join(sorted(FIELDS))} in claim {entry.get('id')!r}",
            f"none of {', '.join(sorted(missing))}",
            "complete its entry in the claims.toml of its lesson",
        )
    for key in entry["said_by"]:
        if key not in sources:
            raise unknown_name("source", key, sources)
    said_by = tuple(Saying(sources[key], where) for key, where in entry["said_by"].items())
    holds = tuple(_demand(entry["id"], row) for row in entry.get("holds", ()))
    own: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    return Claim(**{**own, "lesson": lesson, "said_by": said_by, "holds": holds})


def _demand(claim_id: str, row: Mapping[str, Any]) -> Demand:
    """Return a row of `claim.holds`: what, and above, below or both, or equal or within; shown."""
    bounds = tuple((_RELATIONS[key], row[key]) for key in row if key in _RELATIONS)
    others = row.keys() - _RELATIONS.keys()
    if not bounds or "what" not in row or others - {"what", "shown", "margin"}:
        raise InvalidValueError(
            f"what, {', '.join(_RELATIONS)}, margin or shown, in the holds of claim {claim_id!r}",
            repr(dict(row)),
            "correct its entry in the claims.toml of its lesson",
        )
    return Demand(row["what"], bounds, row.get("shown", ""), row.get("margin", 0.0))
