"""One thing that was handed in: where it lies, and its bytes under a limit."""

from collections.abc import Callable
from dataclasses import dataclass

MEBIBYTE = 2**20
MAX_NOTEBOOK = 10 * MEBIBYTE  # of one notebook
MAX_ZIP = 25 * MEBIBYTE  # of a zip that a student made
MAX_TOTAL = 100 * MEBIBYTE  # of all that is read and unpacked for one student
MAX_FILES = 100  # that are read for one student
MAX_NAME = 255  # characters of a file's or a folder's name
LINK = "it is a symbolic link, which is not followed"
_NOTEBOOK = (".ipynb", ".ipynb.json", ".ipynb.txt")  # browsers add the second ending


class Unusable(Exception):  # noqa: N818 - a finding about a submission, not a fault of the program
    """Why a file that was handed in cannot be used, in words for the student."""


@dataclass(frozen=True)
class Entry:
    """A file or a folder among the submissions.

    Attributes:
        path: its folders and its name, as delivered; only ever read as words, never opened.
        read: takes a number n and returns the first n + 1 bytes at most; may raise Unusable.
        refused: why it is not opened at all, else "".
        is_folder: whether it is a folder.
    """

    path: tuple[str, ...]
    read: Callable[[int], bytes]
    refused: str = ""
    is_folder: bool = False

    @property
    def is_notebook(self) -> bool:
        return not self.is_folder and self.path[-1].lower().endswith(_NOTEBOOK)

    @property
    def is_zip(self) -> bool:
        return not self.is_folder and self.path[-1].lower().endswith(".zip")

    @property
    def stem(self) -> str:
        """The name without its ending; a folder's whole name."""
        if self.is_notebook:
            return self.path[-1][: self.path[-1].lower().rindex(".ipynb")]
        return self.path[-1][:-4] if self.is_zip else self.path[-1]

    def within(self, depth: int) -> "Entry":
        """Return the same entry, seen from a folder so many steps further down."""
        return Entry(self.path[depth:], self.read, self.refused, self.is_folder)


def is_clutter(name: str) -> bool:
    """Return whether a system or an editor, not the student, made the file or the folder."""
    return name.startswith(".") or name in ("__MACOSX", "__pycache__")


def nothing(limit: int) -> bytes:
    """Return what can be read of something that is no file."""
    return b""


@dataclass
class Allowance:
    """What may still be read for one student, so that no one stops the others."""

    size: int = MAX_TOTAL
    files: int = MAX_FILES

    def read(self, entry: Entry, limit: int) -> bytes:
        """Return the bytes of an entry.

        Args:
            entry: a file.
            limit: the largest size that is accepted, in bytes.

        Raises:
            Unusable: it is refused, it cannot be read, or it is too large.
        """
        if entry.refused:
            raise Unusable(entry.refused)
        if self.files == 0 or self.size <= 0:
            most = f"{MAX_FILES} files and {MAX_TOTAL // MEBIBYTE} MiB"
            raise Unusable(f"more was handed in than is read for one student, {most}")
        self.files -= 1
        data = entry.read(limit)
        self.size -= len(data)
        if len(data) > limit:
            raise Unusable(f"it is larger than {limit // MEBIBYTE} MiB")
        return data
