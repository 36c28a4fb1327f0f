"""The members of a zip, read one at a time and never unpacked to a path that the zip chooses."""

import io
import re
import stat
import zipfile
from dataclasses import replace
from functools import partial
from typing import BinaryIO

from relukit.grading.submissions.entry import (
    HIDDEN,
    LINK,
    MAX_NAME,
    Entry,
    Unusable,
    is_clutter,
    is_strange,
    nothing,
)

MAX_MEMBERS = 100_000  # of a download, which holds a whole class
MAX_MEMBERS_OF_STUDENT = 20_000  # of a zip that a student made
_MAX_FOLDERS = 20
_FOLDERS_SHOWN = 4  # levels on which a folder is an entry by itself
_CHUNK = 2**20
_DAMAGED = "it is damaged in the zip"
_RECORD = b"PK\x01\x02"  # how each member's record begins
_ENCRYPTED = 0x1
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def members(archive: zipfile.ZipFile) -> list[Entry]:
    """Return the members of a zip in the order of their paths.

    A member that is encrypted, that is a link, or whose name leaves the folder is an entry that
    refuses to be read. Sizes are counted while reading: what the zip says about them is not used.

    Args:
        archive: an open zip, which must stay open while its members are read.
    """
    found, folders, strange = [], set(), {}
    for info in archive.infolist():
        parts, leaves = _parts(info.filename)
        hidden = next((n for n, part in enumerate(parts, 1) if is_clutter(part)), 0)
        if hidden and is_strange(parts[hidden - 1]):
            is_folder = hidden < len(parts) or info.is_dir()
            strange[parts[:hidden]] = Entry(parts[:hidden], nothing, HIDDEN, is_folder)
        if not parts or hidden:
            continue
        if leaves:
            entry = Entry(parts, nothing, "its name in the zip leads out of the folder")
            found += [entry] if entry.is_notebook or entry.is_zip else []
            continue
        folders |= {parts[:depth] for depth in range(1, min(len(parts), _FOLDERS_SHOWN + 1))}
        if refused := _refused(info):
            entry = Entry(parts, nothing, refused)
            is_file = entry.is_notebook or entry.is_zip or refused != LINK
            found.append(entry if is_file else replace(entry, is_folder=True))
        elif info.is_dir():
            folders.add(parts)
        else:
            found.append(Entry(parts, partial(_open, archive, info)))
    found += [Entry(path, nothing, is_folder=True) for path in folders]
    found += strange.values()
    return sorted(found, key=lambda entry: entry.path)


def of_student(file: BinaryIO) -> list[Entry]:
    """Return the members of a zip that a student made.

    Args:
        file: the zip, which must stay open while its members are read.

    Raises:
        Unusable: it is no zip, it is damaged, or it has too many members.
    """
    if _n_records(file) > MAX_MEMBERS_OF_STUDENT:
        raise Unusable(f"the zip holds more than {MAX_MEMBERS_OF_STUDENT:,} files")
    try:
        return members(zipfile.ZipFile(file))
    except Exception as cause:  # whatever a reader of arbitrary bytes may raise
        raise Unusable("the zip is damaged, or none") from cause


def _n_records(file: BinaryIO) -> int:
    """Return how many members a zip may have, without the memory that its list would take."""
    count, end = 0, b""
    file.seek(0)
    while piece := file.read(_CHUNK):
        count += (end + piece).count(_RECORD)
        end = piece[1 - len(_RECORD) :]
    return count


def _parts(name: str) -> tuple[tuple[str, ...], bool]:
    """Return the words of a path, and whether it means anything but a place below."""
    name = name.replace("\\", "/")
    words = name.split("/")
    leaves = name.startswith("/") or ".." in words or re.match(r"[A-Za-z]:", name) is not None
    kept = [word for word in words if word not in ("", ".", "..")]
    odd = len(kept) > _MAX_FOLDERS or any(len(word) > MAX_NAME for word in kept)
    return tuple(word[:MAX_NAME] for word in kept[:_MAX_FOLDERS]), leaves or odd


def _refused(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return LINK
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "it is no regular file"
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted"
    if info.compress_type not in _READABLE:
        return "the zip is packed in an unusual way: pack it again as an ordinary zip"
    return ""


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    try:
        return _Member(archive.open(info))
    except Exception as cause:  # whatever damaged bytes may raise
        raise Unusable(_DAMAGED) from cause


class _Member(io.RawIOBase):
    """A member as a file; whatever damaged bytes raise is a finding about the submission."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        try:
            return self._file.read(size)
        except Exception as cause:
            raise Unusable(_DAMAGED) from cause

    def close(self) -> None:
        self._file.close()
        super().close()
