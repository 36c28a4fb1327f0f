"""A file of separated values, kept to the letter: what is not changed is written as it was read."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from relukit.errors import InvalidValueError, UnavailableError

MAX_BYTES = 20 * 2**20
DELIMITERS = ",;\t|"
_MARKS = (  # of an encoding, at the beginning of a file
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LINE_END = re.compile(r"\r\n|\n|\r")
_SEPARATOR = re.compile(r"sep=(.)(\r\n|\n|\r)")  # a first line that Excel understands


@dataclass
class Row:
    """One record.

    Attributes:
        cells: as they stand in the file, with their quotes.
        end: the characters that end it; "" at the end of a file.
        line: the number of the line that it begins on.
    """

    cells: list[str]
    end: str
    line: int

    def __getitem__(self, column: int) -> str:
        """Return the value of a cell, without quotes; "" where the row is too short."""
        return unquoted(self.cells[column]) if column < len(self.cells) else ""

    @property
    def values(self) -> list[str]:
        """The values of all cells."""
        return [unquoted(cell) for cell in self.cells]

    def put(self, column: int, value: str, delimiter: str) -> None:
        """Replace the value of a cell, quoted where the old one was."""
        self.cells += [""] * (column + 1 - len(self.cells))
        old = self.cells[column]
        self.cells[column] = quoted(value, delimiter, always=old.startswith('"'))

    def insert(self, column: int, value: str, delimiter: str) -> None:
        """Put a new cell before a column, quoted where its neighbour is."""
        self.cells += [""] * (column - len(self.cells))
        neighbour = self.cells[column - 1] if column else ""
        self.cells.insert(column, quoted(value, delimiter, always=neighbour.startswith('"')))


@dataclass
class Table:
    """A file's records and its form.

    Attributes:
        rows: the records in order.
        delimiter: between cells.
        encoding: of the text.
        mark: the bytes before the text.
        head: a first line that only names the delimiter, else "".
    """

    rows: list[Row]
    delimiter: str
    encoding: str
    mark: bytes
    head: str = ""

    @property
    def text(self) -> str:
        """The whole text, with the mark of its encoding where it had one."""
        rows = (self.delimiter.join(row.cells) + row.end for row in self.rows)
        return ("\ufeff" if self.mark else "") + self.head + "".join(rows)


def unquoted(cell: str) -> str:
    """Return the value of a cell, as the csv module reads it.

    Example:
        >>> unquoted('"Doe, ""Jay"" A."'), unquoted("plain")
        ('Doe, "Jay" A.', 'plain')
    """
    inside = re.match(r'"([^"]*(?:""[^"]*)*)"(?!")', cell)
    return inside[1].replace('""', '"') + cell[inside.end() :] if inside else cell


def quoted(value: str, delimiter: str, *, always: bool = False) -> str:
    """Return the cell for a value.

    Example:
        >>> quoted("a,b", ","), quoted("a", ",", always=True), quoted("a;b", ",")
        ('"a,b"', '"a"', 'a;b')
    """
    if always or any(mark in value for mark in (delimiter, '"', "\r", "\n")):
        return '"' + value.replace('"', '""') + '"'
    return value


def read_text(path: Path) -> tuple[str, str, bytes]:
    """Return the text of a file, its encoding, and the bytes that mark it.

    Raises:
        UnavailableError: the file cannot be read.
        InvalidValueError: it is too large, or no text.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as cause:
        raise UnavailableError(
            "a class list", f"{path}: {cause.strerror}", "correct the path"
        ) from cause
    if len(data) > MAX_BYTES:
        raise InvalidValueError(
            "a class list", f"{path}, larger than {MAX_BYTES // 2**20} MiB", "pass another file"
        )
    if data.startswith(b"PK\x03\x04"):
        raise InvalidValueError(
            "a class list as CSV", f"{path}, which is a workbook or a zip", "save it as CSV first"
        )
    mark, encoding = next(
        ((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "")
    )
    for name in (encoding,) if encoding else _unmarked(data):
        try:
            text = data[len(mark) :].decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, name, mark
    raise InvalidValueError(
        "a class list in UTF-8, UTF-16 or Windows-1252", f"{path}", "save it as 'CSV UTF-8'"
    )


def _unmarked(data: bytes) -> tuple[str, ...]:
    if data[1:2] == b"\0":
        return ("utf-16-le",)
    if data[:1] == b"\0":
        return ("utf-16-be",)
    return ("utf-8", "cp1252")


def split(text: str, delimiter: str) -> list[Row]:
    r"""Return the records of a text.

    Raises:
        InvalidValueError: a quote is never closed.

    Example:
        >>> split('a;"b;c"\n', ";")
        [Row(cells=['a', '"b;c"'], end='\n', line=1)]
    """
    stop = re.escape(delimiter)
    cell = re.compile(rf'("[^"]*(?:""[^"]*)*"(?!")[^{stop}\r\n]*)|[^{stop}\r\n]*')
    rows: list[Row] = []
    cells: list[str] = []
    position, line, begun = 0, 1, 1
    while position < len(text) or cells:
        found = cell.match(text, position)
        assert found is not None  # a cell may be empty
        if text.startswith('"', position) and not found[1]:
            raise InvalidValueError(
                "a CSV file", f"a quote in line {line} that is never closed", "save it as CSV again"
            )
        cells.append(found[0])
        line += len(_LINE_END.findall(found[0]))
        position = found.end()
        if text.startswith(delimiter, position):
            position += 1
            continue
        end = _LINE_END.match(text, position)
        position = end.end() if end else position
        rows.append(Row(cells, end[0] if end else "", begun))
        line += 1
        cells, begun = [], line
    return rows


def separator(text: str) -> tuple[str, str]:
    """Return the delimiter that a first line names, and that line; both "" without one."""
    found = _SEPARATOR.match(text)
    return (found[1], found[0]) if found else ("", "")
