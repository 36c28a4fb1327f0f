"""What became of a class list: a file to import, and everybody who could not be placed in it."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from relukit.grading.classlist.columns import ClassList
from relukit.grading.classlist.table import Row
from relukit.grading.names import readable
from relukit.grading.reports.gradebook import cell
from relukit.grading.store import write_whole

UNMATCHED = "unmatched.csv"
HEAD = ("what", "student", "lesson", "line of the list", "name in the list", "because")
PRINTED = 20  # sentences for a terminal
_NAME = 100  # characters


@dataclass(frozen=True)
class Trouble:
    """Somebody or something that could not be placed, or that one should know.

    Attributes:
        what: a few words that are the same for all of its kind.
        student: as the submissions name them, else "".
        lesson: which it is about, else "".
        row: of the class list, else None.
        because: a sentence's end.
    """

    what: str
    student: str = ""
    lesson: str = ""
    row: Row | None = None
    because: str = ""


@dataclass
class Filled:
    """What became of a class list.

    Attributes:
        listed: the class list; its table is changed.
        n_filled: how many cells were filled in.
        n_changed: how many of these held other points before.
        troubles: what could not be done.
        notes: sentences about the list as a whole.
    """

    listed: ClassList
    n_filled: int = 0
    n_changed: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def lines(self) -> tuple[str, ...]:
        """All sentences that there are to say."""
        name = shown(self.listed.name)
        first = f"{name}: {self.n_filled} cells filled in, {self.n_changed} of them held others"
        return (first, *self.notes, *(self._said(trouble) for trouble in self.troubles))

    @property
    def summary(self) -> tuple[str, ...]:
        """The first of these sentences, for a terminal."""
        lines, more = self.lines, len(self.lines) - PRINTED
        rest = (f"... and {more} more, see {UNMATCHED}",) if more > 0 else ()
        return (*lines[:PRINTED], *rest)

    def _said(self, trouble: Trouble) -> str:
        who = shown(trouble.student)
        where = f"line {trouble.row.line} ({self.name_in(trouble.row)})" if trouble.row else ""
        about = ", ".join(filter(None, (who, trouble.lesson, where)))
        return f"{trouble.what}: {about}" + (f": {trouble.because}" if trouble.because else "")

    def name_in(self, row: Row) -> str:
        """Return what the class list calls a student."""
        told = (row[column].strip() for column in sorted(self.listed.kinds))
        return shown(" ".join(filter(None, told)))


def shown(text: str) -> str:
    """Return a name as it is shown."""
    return readable(text, limit=_NAME)


def write_filled(filled: Filled, roster: Path, folder: Path) -> tuple[Path, Path]:
    """Write the class list and the table of who could not be placed; return their paths.

    Args:
        filled: what became of the list.
        roster: the list's own file, which stays as it is.
        folder: where the files go.
    """
    table = filled.listed.table
    path = folder / f"{roster.stem}_filled{roster.suffix or '.csv'}"
    write_whole(path, table.text, encoding=table.encoding)
    rows = [
        (
            *(trouble.what, trouble.student, trouble.lesson),
            *((trouble.row.line, filled.name_in(trouble.row)) if trouble.row else ("", "")),
            trouble.because,
        )
        for trouble in filled.troubles
    ]
    stream = io.StringIO()
    csv.writer(stream).writerows([[cell(value) for value in row] for row in (HEAD, *rows)])
    write_whole(folder / UNMATCHED, stream.getvalue(), encoding="utf-8-sig")
    return path, folder / UNMATCHED
