"""The members of a zip, read one at a time and never unpacked to a path that the zip chooses."""

import io
import re
import stat
import struct
import zipfile
from dataclasses import replace
from functools import partial

from relukit.grading.submissions.entry import (
    HIDDEN,
    LINK,
    MAX_MEMBERS_OF_STUDENT,
    MAX_NAME,
    Allowance,
    Entry,
    File,
    Unusable,
    is_clutter,
    is_strange,
    nothing,
)

MAX_MEMBERS = 100_000  # of a download, which holds a whole class
_MAX_FOLDERS = 20
_FOLDERS_SHOWN = 4  # levels on which a folder is an entry by itself
_DAMAGED = "it is damaged in the zip"
_RECORD = struct.Struct("<4s24xHHH12x")  # of a member: how it begins, and three lengths in it
_END = 2**16 + 2**10  # bytes at the end of a zip that are searched for where its list begins
_BEGINS = b"PK\x01\x02"
_MAX_EXTRA = 4096  # bytes of what is not in a zip's standard; zipfile's time grows with the square
TOO_MANY = f"the zip holds more than {MAX_MEMBERS_OF_STUDENT:,} files, with those of other zips"
_ENCRYPTED = 0x1
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def members(archive: zipfile.ZipFile, *, levels: int = _FOLDERS_SHOWN) -> list[Entry]:
    """Return the members of a zip in the order of their paths.

    A member that is encrypted, that is a link, or whose name leaves the folder is an entry that
    refuses to be read. Sizes are counted while reading: what the zip says about them is not used.

    Args:
        archive: an open zip, which must stay open while its members are read.
        levels: on how many a folder is an entry by itself.
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
        folders |= {parts[:depth] for depth in range(1, min(len(parts), levels + 1))}
        if refused := _refused(info):
            entry = Entry(parts, nothing, refused)
            is_file = entry.is_notebook or entry.is_zip or refused != LINK
            found.append(entry if is_file else replace(entry, is_folder=True))
        elif info.is_dir():
            folders |= {parts} if levels else set()
        else:
            found.append(Entry(parts, partial(_open, archive, info)))
    found += [Entry(path, nothing, is_folder=True) for path in folders]
    found += strange.values()
    return sorted(found, key=lambda entry: entry.path)


def of_student(file: File, allowance: Allowance) -> list[Entry]:
    """Return the members of a zip that a student made; its folders are none.

    Args:
        file: the zip, which must stay open while its members are read.
        allowance: of the student, which the members are taken off.

    Raises:
        Unusable: it is no zip, it is damaged, or it has too many members.
    """
    directory = _Directory(file, allowance)
    try:
        archive = zipfile.ZipFile(directory)
        directory.is_read = True
        return members(archive, levels=0)
    except Exception as cause:  # whatever a reader of arbitrary bytes may raise
        raise Unusable(directory.fault or "the zip is damaged, or none") from cause


class _Directory(io.RawIOBase):
    """A zip's file, which refuses to give a list of members that takes long to read.

    Args:
        file: the zip.
        allowance: of the student.

    Attributes:
        fault: why the list was refused, or "".
        is_read: set once the list has been read; what is read from then on is members.
    """

    def __init__(self, file: File, allowance: Allowance) -> None:
        self._file, self._allowance = file, allowance
        self.fault, self.is_read = "", False

    def read(self, size: int = -1) -> bytes:
        if self.is_read:
            return self._file.read(size)
        if size < 0:
            place = self._file.tell()
            size = self._file.seek(0, io.SEEK_END) - place
            self._file.seek(place)
        if size > max(self._allowance.directory, _END):
            self.fault = TOO_MANY
            raise Unusable(self.fault)
        data = self._file.read(size)
        self._count(data)
        return data

    def _count(self, data: bytes) -> None:
        """Take a list of members off what the student may have."""
        place = 0
        while data.startswith(_BEGINS, place) and place + _RECORD.size <= len(data):
            _, name, extra, comment = _RECORD.unpack_from(data, place)
            place += _RECORD.size + name + extra + comment
            self._allowance.members -= 1
            if self._allowance.members < 0 or extra > _MAX_EXTRA:
                self.fault = TOO_MANY if extra <= _MAX_EXTRA else ""
                raise Unusable(self.fault)
        self._allowance.directory -= place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


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


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> File:
    try:
        return _Member(archive.open(info))
    except Exception as cause:  # whatever damaged bytes may raise
        raise Unusable(_DAMAGED) from cause


class _Member(io.RawIOBase):
    """A member as a file; whatever damaged bytes raise is a finding about the submission."""

    def __init__(self, file: File) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        try:
            return self._file.read(size)
        except Exception as cause:
            raise Unusable(_DAMAGED) from cause

    def close(self) -> None:
        self._file.close()
        super().close()
