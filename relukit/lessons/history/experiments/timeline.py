"""The timeline of the rectifier: who did what and when, each entry with its primary source."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from relukit.errors import InvalidValueError, unknown_name
from relukit.ledger.finding import Measured

DATA = Path(__file__).parents[1] / "timeline.toml"
KINDS = ("unit", "network", "training", "theory", "writing")
THEMES = ("biology", "statistics", "mathematics", "vision", "speech", "language", "learning")
CENTURIES = (20, 21)


@dataclass(frozen=True)
class Entry:
    """One entry of the timeline.

    Attributes:
        year: of publication; the first where there are several.
        who: the authors.
        short: what they did, in a few words, as it stands beside their names in a picture.
        what: what they did, in a sentence of our own.
        source: where it was published, with an identifier where there is one.
        kind: one of KINDS.
        theme: one of THEMES.
        opened: whether its text or abstract was read for this course; otherwise it is cited from
            bibliographies.
        measured: a result with its number, where one was read; else "".
    """

    year: int
    who: str
    short: str
    what: str
    source: str
    kind: str
    theme: str
    opened: bool = False
    measured: str = ""

    def __post_init__(self) -> None:
        for name, value, known in (("kind", self.kind, KINDS), ("theme", self.theme, THEMES)):
            if value not in known:
                raise unknown_name(name, value, known)

    @property
    def century(self) -> int:
        """20 for the years 1901 to 2000, 21 from 2001 on."""
        return (self.year - 1) // 100 + 1

    @property
    def title(self) -> str:
        """Year and authors, as a list shows them."""
        return f"{self.year} {self.who}"

    @property
    def names(self) -> str:
        """One surname or two, or the first of several."""
        people = [" ".join(w for w in one.split() if w[-1] != ".") for one in self.who.split(", ")]
        if len(people) > 2 or people[-1].endswith(" and others"):
            return f"{people[0].removesuffix(' and others')} et al."
        return ", ".join(people)

    def has(self, words: str) -> bool:
        """Return whether each of some words is a part of what is told of this entry.

        Args:
            words: in any capitals, with accents or without.
        """
        told = (str(self.year), self.who, self.short, self.what, self.source, self.measured)
        return all(word in _plain(" ".join(told)) for word in _plain(words).split())


def _plain(words: str) -> str:
    """Return words in small letters and without accents."""
    letters = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def read_timeline(text: str) -> tuple[Entry, ...]:
    """Return the entries of a TOML document with an array of tables `entry`, by year.

    Raises:
        InvalidValueError: an entry lacks a field or has one too many, has an unknown kind or
            theme, or stands before the one that precedes it.
    """
    entries = []
    for row in tomllib.loads(text).get("entry", []):
        try:
            entries.append(Entry(**row))
        except TypeError as cause:
            raise InvalidValueError(
                "an entry with year, who, short, what, source, kind and theme",
                f"{row.get('who')!r}: {cause}",
                "complete its entry in timeline.toml",
            ) from None
    years = [entry.year for entry in entries]
    if years != sorted(years):
        raise InvalidValueError("entries by year", "another order", "sort timeline.toml")
    return tuple(entries)


@cache
def _entries() -> tuple[Entry, ...]:
    return read_timeline(DATA.read_text(encoding="utf-8"))


def timeline(
    *,
    kind: str | None = None,
    century: int | None = None,
    theme: str | None = None,
    search: str = "",
) -> tuple[Entry, ...]:
    """Return the timeline's entries by year, those that fit all of the filters.

    Args:
        kind: one of KINDS, or None for all.
        century: 20 or 21, or None for both.
        theme: one of THEMES, or None for all.
        search: words that an entry must have somewhere, in any capitals; "" for all.

    Raises:
        InvalidValueError: a filter that no entry could fit.

    Example:
        >>> timeline(theme="biology")[0].title
        '1941 A. S. Householder'
        >>> [entry.names for entry in timeline(search="horseshoe")]
        ['Hartline, Ratliff']
    """
    filters = (("kind", kind, KINDS), ("century", century, CENTURIES), ("theme", theme, THEMES))
    for name, value, known in filters:
        if value is not None and value not in known:
            raise unknown_name(name, str(value), [str(one) for one in known])
    return tuple(
        entry
        for entry in _entries()
        if all(value is None or getattr(entry, name) == value for name, value, _ in filters)
        and entry.has(search)
    )


def five_curves() -> Measured:
    """Return the year of the first entry of each of five authors who drew the same curve."""
    curves = {
        "Householder": "A. S. Householder",
        "Tobin": "J. Tobin",
        "Fukushima": "K. Fukushima",
        "Hahnloser": "R. H. R. Hahnloser and others",
        "Primer": "D. R. So and others",
    }
    first = {entry.who: entry.year for entry in reversed(_entries())}
    return {name: first[who] for name, who in curves.items()}
