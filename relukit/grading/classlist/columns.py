"""What the columns of a class list mean: who somebody is, and where the points of a lesson go."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from relukit.errors import InvalidValueError
from relukit.grading.classlist.headers import Kind, kind_of, plain
from relukit.grading.classlist.table import DELIMITERS, Row, Table, read_text, separator, split

POINTS_POSSIBLE = "points possible"


_GRADE = ("grade", "bewertung", "note", "calificacion", "cijfer", "nota")  # of Moodle's worksheet
_MAXIMUM = ("maximum grade", "bestwertung", "note maximale", "calificacion maxima")
_CHANGEABLE = ("grade can be changed", "bewertung kann geandert werden")
_END = ("end of line indicator",)  # of Brightspace, always the last
_NOT_POINTS = re.compile(
    r"\(read only\)|\(percentage\)|\(letter\)|^feedback:|comments?$|text grade|letter grade"
    r"|^(?:final|current|unposted)\b|\b(?:final|current) (?:score|points|grade)$",
    flags=re.IGNORECASE,
)
_AROUND = re.compile(  # what platforms put around the name of an assignment
    r"^(?:assignment|assign|quiz|aufgabe|devoir|tarea)\s*:\s*"
    r"|\s*\(\d+\)\s*$|\s*\((?:real|punkte|points)\)\s*$|\s*\[total pts:.*$"
    r"|\s*points grade\b.*$",
    flags=re.IGNORECASE,
)
_MAX_POINTS = re.compile(
    r"\[total pts:\s*(?:up to\s*)?([\d.,]+)(?=[\s\]])|maxpoints:\s*([\d.,]+)(?=[\s>])",
    flags=re.IGNORECASE,
)
_READ_ONLY = re.compile(
    r"\(read only\)|(?:current|final|unposted) (?:score|points|grade)", flags=re.IGNORECASE
)


@dataclass
class ClassList:
    """A class list.

    Attributes:
        name: of the file.
        table: all of it.
        header: the position of the row with the names of the columns.
        kinds: what columns say of a student, by their positions.
    """

    name: str
    table: Table
    header: int
    kinds: dict[int, Kind]

    @cached_property
    def headers(self) -> list[str]:
        """The names of the columns."""
        return self.table.rows[self.header].values

    @cached_property
    def students(self) -> list[Row]:
        """The rows that stand for a student."""
        return [row for row in self.table.rows[self.header + 1 :] if self._is_student(row)]

    def _is_student(self, row: Row) -> bool:
        told = [row[column].strip() for column in self.kinds]
        return any(told) and not any(plain(value) == POINTS_POSSIBLE for value in told)

    @cached_property
    def points_possible(self) -> Row | None:
        """Canvas's row of what each assignment is worth."""
        for row in self.table.rows[self.header + 1 : self.header + 4]:
            if plain(row[0]) == POINTS_POSSIBLE:
                return row
        return None

    @property
    def is_worksheet(self) -> bool:
        """Whether it is Moodle's grading worksheet, which is of one assignment."""
        return self.grade is not None and self.column(_MAXIMUM) is not None

    @property
    def grade(self) -> int | None:
        """The column for the points in a worksheet."""
        return self.column(_GRADE)

    def column(self, names: Sequence[str]) -> int | None:
        """Return the first column of one of these names."""
        return next((i for i, header in enumerate(self._plain) if header in names), None)

    @cached_property
    def _plain(self) -> list[str]:
        return [plain(header) for header in self.headers]

    def columns_of(self, lesson: str) -> list[int]:
        """Return the columns that are named after a lesson.

        Args:
            lesson: such as "02_definitions".
        """
        wanted = plain(lesson)
        named = [
            (i, plain(_AROUND.sub("", _AROUND.sub("", header))))
            for i, header in enumerate(self.headers)
            if i not in self.kinds and not _NOT_POINTS.search(header.strip())
        ]
        exact = [i for i, name in named if name in (wanted, wanted.partition(" ")[2])]
        return exact or [i for i, name in named if f" {wanted} " in f" {name} "]

    def _new_column(self) -> int:
        """Return where a column for a lesson goes: before totals and marks that must come last."""
        for i, header in enumerate(self.headers):
            is_total = _READ_ONLY.search(header) and self.points_possible is not None
            if i not in self.kinds and (is_total or plain(header) in _END):
                return i
        return len(self.headers)

    def add_column(self, lesson: str, worth: int) -> None:
        """Add a column for a lesson.

        Args:
            lesson: such as "02_definitions".
            worth: its points.
        """
        at, delimiter = self._new_column(), self.table.delimiter
        possible = self.points_possible
        title = f"{lesson} Points Grade" if self.column(_END) is not None else lesson
        for row in self.table.rows[self.header :]:
            if row.cells == [""]:
                continue
            value = title if row is self.table.rows[self.header] else ""
            row.insert(at, str(worth) if row is possible else value, delimiter)
        for known in ("headers", "_plain"):  # are another's from here on
            self.__dict__.pop(known, None)
        self.kinds = {i + (i >= at): kind for i, kind in self.kinds.items()}

    def maximum(self, row: Row, column: int) -> str:
        """Return what the most points in a column are said to be for a student, else ""."""
        if self.is_worksheet and (most := self.column(_MAXIMUM)) is not None:
            return row[most].strip()
        if self.points_possible is not None:
            return self.points_possible[column].strip()
        found = _MAX_POINTS.search(self.headers[column])
        return next(filter(None, found.groups())) if found else ""

    def is_locked(self, row: Row) -> bool:
        """Whether the platform says that it takes no points for a student."""
        column = self.column(_CHANGEABLE)
        return column is not None and plain(row[column]) in ("no", "nein")


def read_class_list(path: Path) -> ClassList:
    """Return an exported gradebook, a worksheet or any CSV file with names, numbers or logins.

    The encoding (UTF-8, UTF-16, Windows-1252) and the delimiter (comma, semicolon, tab, bar) are
    found out.

    Args:
        path: of the file.

    Raises:
        UnavailableError: it cannot be read.
        InvalidValueError: it is no such file, or no column says who a student is.
    """
    text, encoding, mark = read_text(path)
    told, head = separator(text)
    text = text[len(head) :]
    best: ClassList | None = None
    for delimiter in told or DELIMITERS:
        if delimiter not in text and delimiter != DELIMITERS[0]:
            continue
        try:
            rows = split(text, delimiter)
        except InvalidValueError:
            if told or delimiter == DELIMITERS[0]:
                raise
            continue
        header = next((i for i, row in enumerate(rows) if any(map(str.strip, row.values))), None)
        if header is None:
            continue
        kinds = _kinds(rows[header].values)
        found = ClassList(path.name, Table(rows, delimiter, encoding, mark, head), header, kinds)
        if best is None or _rank(found) > _rank(best):
            best = found
    if best is None or not best.kinds:
        seen = ", ".join(best.headers[:8]) if best else "nothing"
        raise InvalidValueError(
            f"a column in {path.name} that says who a student is",
            seen[:200],
            "export it again with names, numbers, logins or e-mail addresses",
        )
    return best


def _kinds(headers: Sequence[str]) -> dict[int, Kind]:
    return {i: kind for i, header in enumerate(headers) if (kind := kind_of(header)) is not None}


def _rank(found: ClassList) -> tuple[int, int]:
    return len(found.kinds), len(found.headers)
