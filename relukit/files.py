"""Writing a file so that a reader finds the old one or the new one, and never a part."""

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_PREFIX = 40  # characters of the file's own name in that of its draft, which must not grow too long


def write_whole(path: Path, text: str, *, encoding: str = "utf-8", private: bool = False) -> None:
    """Write a text file whole or not at all; line ends are kept as they are.

    Args:
        path: the file; its folder must exist.
        text: all of it.
        encoding: such as "utf-8-sig", which spreadsheets need.
        private: whether only the owner can read it, whoever could read the old one.

    Raises:
        OSError: the disk is full, or the folder cannot be written; nothing has changed.

    Example:
        >>> file = getfixture("tmp_path") / "points.json"
        >>> write_whole(file, "{}")
        >>> file.read_text()
        '{}'
    """
    data = text.encode(encoding)
    with replaced(path, private=private) as stream:
        stream.write(data)


@contextlib.contextmanager
def replaced(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Give a stream to a draft beside the file, which takes the file's place when all is on disk.

    Whatever ends it before, an error or Ctrl+C, leaves the old file and no draft; a killed process
    leaves its draft, which `drafts` finds.

    Args:
        path: the file; its folder must exist. The new one has the permissions of the old one, and
            stands where a link leads; what is no file, such as a pipe, is written to directly.
        private: whether only the owner can read it, whoever could read the old one, and whatever
            stood there before, also a link or a pipe, gives way.

    Raises:
        OSError: the disk is full, or the folder cannot be written; nothing has changed.
    """
    if not private:
        path = path.resolve()
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                yield stream
            return
    draft = path.with_name(f"{path.name[:_PREFIX]}.{secrets.token_hex(4)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(draft, flags, 0o600 if private else 0o666)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(handle)
        if not private:
            with contextlib.suppress(FileNotFoundError):
                os.chmod(draft, stat.S_IMODE(path.stat().st_mode))
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def drafts(path: Path) -> list[Path]:
    """Return what processes left that were killed while they wrote a file."""
    start = f"{path.name[:_PREFIX]}."
    return [f for f in path.parent.iterdir() if f.name.startswith(start) and f.suffix == ".tmp"]
