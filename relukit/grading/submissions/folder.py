"""The files of a folder of submissions: none leads out of it, none keeps the reader waiting."""

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from relukit.grading.submissions.entry import (
    HIDDEN,
    LINK,
    Entry,
    File,
    Unusable,
    is_clutter,
    is_strange,
    nothing,
)

MAX_DEPTH = 8  # folders inside folders
MAX_ENTRIES = 10_000  # inside one folder of the top level, which is often one student's
_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)


def walk(root: Path, *, depth: int = MAX_DEPTH) -> list[Entry]:
    """Return the files and folders below a folder, sorted by their paths.

    Symbolic links, and files that are no regular files, are entries that refuse to be read.

    Args:
        root: a folder; the only path that may be a symbolic link itself.
        depth: how many levels of it are looked at.

    Raises:
        OSError: the folder itself cannot be read.
    """
    found: list[Entry] = []
    for name, entry in _children(root, ()):
        found.append(entry)
        if entry.is_folder and not entry.refused:
            found += _below(root, name, depth)
    return sorted(found, key=lambda entry: entry.path)


def _below(root: Path, top: str, depth: int) -> list[Entry]:
    found: list[Entry] = []
    waiting: list[tuple[str, ...]] = [(top,)]
    while waiting:
        folder = waiting.pop()
        if len(folder) >= depth:
            continue
        try:
            for _, entry in _children(root, folder):
                found.append(entry)
                if len(found) >= MAX_ENTRIES:
                    why = f"the folder holds more than {MAX_ENTRIES:,} files"
                    return [*found, Entry((top,), nothing, why, is_folder=True)]
                if entry.is_folder and not entry.refused:
                    waiting.append(entry.path)
        except OSError as cause:
            why = f"the folder cannot be read: {cause.strerror}"
            found.append(Entry(folder, nothing, why, is_folder=True))
    return found


def _children(root: Path, folder: tuple[str, ...]) -> Iterator[tuple[str, Entry]]:
    with os.scandir(root.joinpath(*folder)) as entries:
        for child in entries:
            path = (*folder, child.name)
            if is_clutter(child.name):
                if is_strange(child.name):
                    is_folder = child.is_dir(follow_symlinks=False)
                    yield child.name, Entry(path, nothing, HIDDEN, is_folder)
                continue
            opens = partial(_open, root.joinpath(*path))
            if child.is_symlink():
                link = Entry(path, nothing, LINK)
                is_file = link.is_notebook or link.is_zip or not _leads_to_folder(child)
                yield child.name, link if is_file else replace(link, is_folder=True)
            elif child.is_dir(follow_symlinks=False):
                yield child.name, Entry(path, nothing, is_folder=True)
            else:
                yield child.name, Entry(path, opens)


def _leads_to_folder(link: os.DirEntry) -> bool:
    try:
        return link.is_dir()
    except OSError:  # a ring of links
        return True


def regular_file(path: Path) -> Entry:
    """Return a file as an entry by itself."""
    return Entry((path.name,), partial(_open, path))


def _open(path: Path) -> File:
    """Open a regular file; a pipe or a device is not waited for."""
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as cause:
        why = LINK if path.is_symlink() else f"it cannot be read: {cause.strerror}"
        raise Unusable(why) from cause
    file = open(descriptor, "rb")  # noqa: SIM115 - the caller closes it
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        file.close()
        raise Unusable("it is no regular file")
    return file
