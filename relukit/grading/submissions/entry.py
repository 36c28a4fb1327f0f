"""One thing that was handed in: where it lies, and its bytes under a limit."""

import io
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from relukit.notebooks import Readable

MEBIBYTE = 2**20
MAX_ZIP = 100 * MEBIBYTE  # of a zip that a student made
MAX_DOWNLOAD = 2048  # MiB of a zip that holds several students
MAX_TOTAL = 300 * MEBIBYTE  # of all that is read and unpacked for one student
_IN_MEMORY = 8 * MEBIBYTE  # of a zip; a larger one is copied to a file without a name
MAX_FILES = 100  # that are read for one student
MAX_MEMBERS_OF_STUDENT = 20_000  # of all zips that a student made, those inside others too
MAX_NOTEBOOKS = 1_000  # of all zips that a student made, and zips in them
MAX_DIRECTORY = 6 * MEBIBYTE  # of what these zips say of their members
MAX_NAME = 255  # characters of a file's or a folder's name
LINK = "it is a symbolic link, which is not followed"
HIDDEN = "its name begins with a dot, and such files and folders are not opened: rename it"
_USUAL = re.compile(
    r"\._.*|\.~.*|\.(?:DS_Store|Trash.*|git.*|ci|ipynb_checkpoints|virtual_documents|vscode|idea|"
    r"venv.*|env|cache|\w+_cache|config|jupyter|ipython|local|nbgrader.*|mypy.*|conda|fseventsd|"
    r"Spotlight.*|TemporaryItems|tox|nox|hypothesis|eggs|Rproj.*|Rhistory|python_history)",
    flags=re.IGNORECASE | re.DOTALL,
)
_NOTEBOOK = (".ipynb", ".ipynb.json", ".ipynb.txt")  # browsers add the second ending


class Unusable(Exception):  # noqa: N818 - a finding about a submission, not a fault of the program
    """Why a file that was handed in cannot be used, in words for the student."""


class File(Readable, Protocol):
    """A file of bytes that is read, anywhere where it is seekable, and closed."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place, and return it."""
        ...

    def tell(self) -> int:
        """Return the place."""
        ...

    def seekable(self) -> bool:
        """Return whether it can be read anywhere."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> bool | None: ...


@dataclass(frozen=True)
class Entry:
    """A file or a folder among the submissions.

    Attributes:
        path: its folders and its name, as delivered; only ever read as words, never opened.
        open: returns its bytes as a file to be closed; it and the file may raise Unusable.
        refused: why it is not opened at all, else "".
        is_folder: whether it is a folder.
    """

    path: tuple[str, ...]
    open: Callable[[], File]
    refused: str = ""
    is_folder: bool = False

    def read(self, limit: int) -> bytes:
        """Return its first bytes, one more than the limit at most."""
        with self.open() as file:
            return file.read(limit + 1)

    @property
    def is_notebook(self) -> bool:
        """Whether it is a file with a notebook's ending, to which a browser may have added."""
        return not self.is_folder and self.path[-1].lower().endswith(_NOTEBOOK)

    @property
    def is_zip(self) -> bool:
        """Whether it is a file with a zip's ending."""
        return not self.is_folder and self.path[-1].lower().endswith(".zip")

    @property
    def stem(self) -> str:
        """The name without its ending; a folder's whole name."""
        if self.is_notebook:
            return self.path[-1][: self.path[-1].lower().rindex(".ipynb")]
        return self.path[-1][:-4] if self.is_zip else self.path[-1]

    def within(self, depth: int) -> "Entry":
        """Return the same entry, seen from a folder so many steps further down."""
        return Entry(self.path[depth:], self.open, self.refused, self.is_folder)


def is_clutter(name: str) -> bool:
    """Return whether a system or an editor, not the student, made the file or the folder."""
    return name.startswith(".") or name in ("__MACOSX", "__pycache__")


def is_strange(name: str) -> bool:
    """Return whether a name begins with a dot, and is none that systems and editors give."""
    return name.startswith(".") and not _USUAL.fullmatch(name)


def nothing() -> File:
    """Return what can be read of something that is no file."""
    return io.BytesIO()


@dataclass
class Allowance:
    """What may still be read for one student, so that no one stops the others.

    Attributes:
        size: bytes of files and of members.
        files: how many files, members that are opened among them.
        members: how many members of zips.
        notebooks: how many of these may be notebooks or zips, whose names are read with care.
        directory: bytes of what zips say of their members.
    """

    size: int = MAX_TOTAL
    files: int = MAX_FILES
    members: int = MAX_MEMBERS_OF_STUDENT
    notebooks: int = MAX_NOTEBOOKS
    directory: int = MAX_DIRECTORY

    @contextmanager
    def opened(self, entry: Entry) -> Iterator[File]:
        """Return the bytes of an entry as a file; what is read of it counts.

        Raises:
            Unusable: it is refused, it cannot be read, or too much has been read.
        """
        if entry.refused:
            raise Unusable(entry.refused)
        if self.files == 0:
            raise Unusable(_TOO_MUCH)
        self.files -= 1
        with entry.open() as file:
            yield _Counted(file, self)

    def spooled(self, entry: Entry, limit: int) -> File:
        """Return the bytes of an entry as a file that can be read anywhere, and is to be closed.

        Args:
            entry: a file.
            limit: the largest size that is accepted, in bytes.

        Raises:
            Unusable: see `opened`; or it is too large.
        """
        spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller's
        try:
            with self.opened(entry) as file:
                while piece := file.read(MEBIBYTE):
                    spool.write(piece)
                    if spool.tell() > limit:
                        raise Unusable(f"it is larger than {limit // MEBIBYTE} MiB")
        except BaseException:
            spool.close()
            raise
        spool.seek(0)
        return spool


_TOO_MUCH = (
    "more was handed in than is read for one student, "
    f"{MAX_FILES} files and {MAX_TOTAL // MEBIBYTE} MiB"
)


class _Counted(io.RawIOBase):
    def __init__(self, file: File, allowance: Allowance) -> None:
        self._file, self._allowance = file, allowance

    def read(self, size: int = -1) -> bytes:
        if self._allowance.size <= 0:
            raise Unusable(_TOO_MUCH)
        try:
            piece = self._file.read(size)
        except OSError as cause:
            raise Unusable(f"it cannot be read: {cause.strerror}") from cause
        self._allowance.size -= len(piece)
        return piece
