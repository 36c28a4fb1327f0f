"""The glossary: each word, what it means, and the lesson that explains it first."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from docutils.nodes import make_id

from relu_site import course
from relukit.syllabus import COURSE, Lesson

FILE = course.ROOT / "docs" / "words.toml"


@dataclass(frozen=True)
class Word:
    """A word of the course.

    Attributes:
        name: the word.
        says: what it means, in a sentence.
        lesson: the one that explains it first.
        forms: the spellings by which its uses are found.
    """

    name: str
    says: str
    lesson: Lesson
    forms: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """Its id on the page."""
        return f"word-{make_id(self.name)}"


def words() -> list[Word]:
    """Return the words in the order in which the course explains them."""
    text = FILE.read_text(encoding="utf-8")
    return [
        _word(name, entry, COURSE[lesson])
        for lesson, entries in tomllib.loads(text).items()
        for name, entry in entries.items()
    ]


def _word(name: str, entry: str | Mapping[str, str], lesson: Lesson) -> Word:
    if isinstance(entry, str):
        return Word(name, entry, lesson, (name,))
    return Word(name, entry["says"], lesson, tuple(entry["forms"]))


def listed() -> str:
    """Return all words as HTML, from A to Z."""
    found = sorted(words(), key=lambda word: word.name.lower())
    return f'<dl class="glossary">{"".join(map(_entry, found))}</dl>'


def _entry(word: Word) -> str:
    to = word.lesson.notebook.removesuffix("ipynb") + "html"
    return (
        f'<div><dt id="{word.anchor}">{escape(word.name)}</dt><dd>{escape(word.says)} '
        f'<a href="{to}">{escape(word.lesson.heading)}</a></dd></div>'
    )


def records() -> Iterator[dict[str, str]]:
    """Return a record for the search for each word: what it means, and where it is explained."""
    for word in words():
        to = f"glossary.html#{word.anchor}"
        yield {"u": to, "t": word.name, "p": "glossary", "x": word.says}
