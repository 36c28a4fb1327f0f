"""A CSV file that says whose file is whose, where the names of the files don't."""

import csv
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from relukit.errors import InvalidValueError, UnavailableError, unknown_name
from relukit.syllabus import LESSONS

_NEEDED = ("file", "student")
_DELIMITERS = ",;\t"  # Excel writes the second in many countries


@dataclass
class Roster:
    """Students and lessons by the paths of what they handed in.

    Attributes:
        rows: (student, lesson or None) by the path of a file or a folder.
        unused: the paths that no entry has had yet.
    """

    rows: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    unused: set[str] = field(default_factory=set)

    def look_up(self, *paths: tuple[str, ...]) -> tuple[str, str | None] | None:
        """Return the student and the lesson of a path, or of the nearest folder that it is in.

        Args:
            paths: the same path as seen from several folders.
        """
        for path in paths:
            for length in range(len(path), 0, -1):
                key = _key("/".join(path[:length]))
                if key in self.rows:
                    self.unused.discard(key)
                    return self.rows[key]
        return None

    def has(self, *paths: tuple[str, ...]) -> bool:
        """Return whether a path has a row of its own, whatever lies below it.

        Args:
            paths: the same path as seen from several folders.
        """
        return any(_key("/".join(path)) in self.rows for path in paths)


def read_roster(path: Path) -> Roster:
    """Return what a CSV file with the columns file, student and, if wanted, lesson says.

    Args:
        path: the file, in UTF-8, separated by commas, semicolons or tabs. A file's path is as
            seen from the folder or the zip of submissions; a folder's path stands for all in it.

    Raises:
        UnavailableError: the file cannot be read.
        InvalidValueError: a column is missing, a row is incomplete, a lesson is unknown, or two
            rows contradict each other.
    """
    rows: dict[str, tuple[str, str | None]] = {}
    for number, row in _rows(path):
        file, student = row["file"], row["student"]
        if not (file and student):
            raise InvalidValueError(
                "a file and a student in each row",
                f"line {number} of {path.name}: file {file!r}, student {student!r}",
                "fill in what is missing, or delete the row",
            )
        lesson = row.get("lesson") or None
        if lesson is not None and lesson not in LESSONS:
            raise unknown_name(f"lesson in line {number} of {path.name}", lesson, LESSONS)
        if rows.setdefault(_key(file), (student, lesson)) != (student, lesson):
            raise InvalidValueError(
                "one row for a file",
                f"a second one for {file!r} in line {number} of {path.name}",
                "keep the right one",
            )
    return Roster(rows, set(rows))


def _rows(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    """Return the rows that are not blank, each with the number of its last line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as cause:
        raise UnavailableError(
            "a CSV file with names", f"{path}: {cause.strerror}", "correct the path"
        ) from cause
    except UnicodeDecodeError as cause:
        raise InvalidValueError(
            "names in UTF-8",
            f"{path}, whose byte {cause.start} is something else",
            "save it as 'CSV UTF-8'",
        ) from cause
    head = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found = []
    try:
        columns = [column.strip().lower() for column in next(reader, [])]
        if missing := [name for name in _NEEDED if name not in columns]:
            raise InvalidValueError(
                f"the columns file and student in {path.name}",
                f"no {' and no '.join(missing)} among {', '.join(columns) or 'none'}",
                "begin the file with the line file,student or file,student,lesson",
            )
        for cells in reader:
            if any(cell.strip() for cell in cells):
                padded = [cell.strip() for cell in cells] + [""] * len(columns)
                row = dict(zip(columns, padded[: len(columns)], strict=True))
                found.append((reader.line_num, row))
    except csv.Error as cause:
        raise InvalidValueError(
            "a CSV file", f"{path.name}, line {reader.line_num}: {cause}", "save it as CSV again"
        ) from cause
    return found


def _key(path: str) -> str:
    words = path.replace("\\", "/").split("/")
    return unicodedata.normalize("NFC", "/".join(w for w in words if w not in ("", ".")))
