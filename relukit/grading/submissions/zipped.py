"""The members of a zip, read one at a time and never unpacked to a path that the zip chooses."""

import re
import stat
import zipfile
from dataclasses import replace
from functools import partial
from typing import BinaryIO

from relukit.grading.submissions.entry import LINK, MAX_NAME, Entry, Unusable, is_clutter, nothing

MAX_MEMBERS = 100_000  # of a download, which holds a whole class
MAX_MEMBERS_OF_STUDENT = 1_000  # of a zip that a student made
_MAX_FOLDERS = 20
_FOLDERS_SHOWN = 4  # levels on which a folder is an entry by itself
_CHUNK = 2**16
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
    found, folders = [], set()
    for info in archive.infolist():
        parts, leaves = _parts(info.filename)
        if not parts or any(map(is_clutter, parts)):
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
            found.append(Entry(parts, partial(_read, archive, info)))
    found += [Entry(path, nothing, is_folder=True) for path in folders]
    return sorted(found, key=lambda entry: entry.path)


def of_student(file: BinaryIO, data: bytes) -> list[Entry]:
    """Return the members of a zip that a student made.

    Args:
        file: the zip's bytes as a file, which must stay open while its members are read.
        data: the same bytes.

    Raises:
        Unusable: it is no zip, it is damaged, or it has too many members.
    """
    if data.count(_RECORD) > MAX_MEMBERS_OF_STUDENT:
        raise Unusable(f"the zip holds more than {MAX_MEMBERS_OF_STUDENT:,} files")
    try:
        return members(zipfile.ZipFile(file))
    except Exception as cause:  # whatever a reader of arbitrary bytes may raise
        raise Unusable("the zip is damaged, or none") from cause


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


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """Unpack at most limit + 1 bytes, piece by piece."""
    pieces, left = [], limit + 1
    try:
        with archive.open(info) as file:
            while left and (piece := file.read(min(left, _CHUNK))):
                pieces.append(piece)
                left -= len(piece)
    except Exception as cause:  # whatever damaged bytes may raise
        raise Unusable("it is damaged in the zip") from cause
    return b"".join(pieces)
