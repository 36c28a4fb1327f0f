"""Results on disk: a student's lesson is there whole or not at all, whatever ends the process."""

import contextlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from relukit import files
from relukit.errors import InvalidValueError, RelukitError, UnavailableError
from relukit.grading.result import UNSCORED, Result

NAME = "results.jsonl"
_PART, _OF = "part", "of"
_TYPES: dict[object, tuple[type, ...]] = {str: (str,), int: (int,), float: (int, float)}


@dataclass(frozen=True)
class Stored:
    """What a file of results holds.

    Attributes:
        results: the newest ones of each student and lesson, sorted by student and lesson.
        problems: a sentence for each line or student that could not be used.
    """

    results: tuple[Result, ...]
    problems: tuple[str, ...]


class ResultStore:
    """The file of results in a folder: one line of JSON for each result.

    All results of one student and lesson are added at once. Each line says which part of how many
    it is, so that the beginning that a killed process leaves is known as such: it is reported and
    not used, and the next addition starts on a line of its own. Only the owner can read the file.
    One process at a time may write it.

    Args:
        folder: where the file is or will be; it is made where it is missing.

    Example:
        >>> store = ResultStore(getfixture("tmp_path"))
        >>> store.add([Result("ada", "02_definitions", "relu", "passed", 2, digest="d1")])
        >>> store.done("ada", "02_definitions", "d1"), store.done("ada", "02_definitions", "d2")
        (True, False)
    """

    def __init__(self, folder: str | Path) -> None:
        self.file = Path(folder) / NAME
        with written(self.file):
            self.file.parent.mkdir(parents=True, exist_ok=True)
        self._digests = {key: _digest(block) for key, block in _read(self.file)[0].items()}

    def add(self, results: Iterable[Result]) -> None:
        """Append the results of one student and one lesson, all of them; return when on disk.

        Raises:
            InvalidValueError: they are of several students or lessons, or there are none.
            UnavailableError: the disk is full; the file is as it was.
        """
        block = tuple(results)
        keys = {(result.student, result.lesson) for result in block}
        if len(keys) != 1 or len({result.task for result in block}) != len(block):
            raise InvalidValueError(
                "the results of one student and one lesson, one for each task",
                f"{len(block)} results of {len(keys)} such pairs",
                "add each student's lesson by itself",
            )
        with written(self.file):
            _append(self.file, _lines(block))
        self._digests[keys.pop()] = _digest(block)

    def done(self, student: str, lesson: str, digest: str) -> bool:
        """Return whether this very submission has been graded, and each answer has a score."""
        return bool(digest) and self._digests.get((student, lesson)) == digest

    def load(self) -> Stored:
        """Return what the file holds; nothing that it may contain raises an error."""
        blocks, problems = _read(self.file)
        results = tuple(result for key in sorted(blocks) for result in blocks[key])
        return Stored(results, problems)

    def settle(self) -> Stored:
        """Write the file anew, sorted and without results that newer ones replace; return it.

        Where lines of it cannot be used, the file as it was is kept beside it.
        """
        stored = self.load()
        if stored.problems:
            number = 1
            while (aside := self.file.with_name(f"{NAME}.damaged-{number}")).exists():
                number += 1
            with written(aside):
                shutil.copy2(self.file, aside)
        blocks: dict[tuple[str, str], list[Result]] = {}
        for result in stored.results:
            blocks.setdefault((result.student, result.lesson), []).append(result)
        write_whole(self.file, "".join(map(_lines, blocks.values())))
        return stored


def write_whole(path: Path, text: str, *, encoding: str = "utf-8") -> None:
    """Write a text file so that a reader finds the old one or the new one, and never a part.

    Only the owner can read the new file.

    Args:
        path: the file; its folder must exist.
        text: all of it; line ends are kept as they are.
        encoding: such as "utf-8-sig", which spreadsheets need.

    Raises:
        UnavailableError: the disk is full, or the folder cannot be written; nothing has changed.
    """
    with written(path):
        files.write_whole(path, text, encoding=encoding, private=True)


@contextlib.contextmanager
def written(path: Path) -> Iterator[None]:
    """Say of a file that cannot be written what to do.

    Args:
        path: the file.

    Raises:
        UnavailableError: the system refused something in here.
    """
    try:
        yield
    except OSError as error:
        raise UnavailableError(
            f"a disk with room for {path}, and the right to write there",
            error.strerror or str(error),
            "make room, then run the same command again: what has been stored is kept, and no "
            "submission is graded twice",
        ) from error


def _lines(block: Iterable[Result]) -> str:
    block = tuple(block)
    entries = ({_PART: i, _OF: len(block), **r.as_dict()} for i, r in enumerate(block, 1))
    return "".join(json.dumps(entry) + "\n" for entry in entries)  # ASCII, also for odd names


def _append(file: Path, text: str) -> None:
    """Add lines to a file, or leave it as it was."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
    try:
        size = os.lseek(handle, 0, os.SEEK_END)
        if size:
            os.lseek(handle, size - 1, os.SEEK_SET)
            text = text if os.read(handle, 1) == b"\n" else "\n" + text
        rest = text.encode("ascii")
        try:
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)


def _digest(block: tuple[Result, ...]) -> str | None:
    digests = {result.digest for result in block}
    failed = any(result.status in UNSCORED for result in block)
    return None if failed or len(digests) != 1 else digests.pop()


def _read(file: Path) -> tuple[dict[tuple[str, str], tuple[Result, ...]], tuple[str, ...]]:
    blocks: dict[tuple[str, str], tuple[Result, ...]] = {}
    problems: list[str] = []
    block: list[Result] = []
    wanted = 0

    def close() -> None:
        if block and len(block) < wanted:
            who = f"{block[0].student!a} in {block[0].lesson!a}"
            problems.append(f"{NAME}: {len(block)} of {wanted} results of {who}, not used")
        block.clear()

    with contextlib.suppress(FileNotFoundError), file.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                part, of, result = _parse(line)
            except (ValueError, TypeError, KeyError, RecursionError, RelukitError):
                close()
                problems.append(f"{NAME}, line {number}: torn, or no result; not used")
                continue
            if part == 1:
                close()
            elif not _continues(block, result, part) or of != wanted:
                close()
                problems.append(f"{NAME}, line {number}: its beginning is missing; not used")
                continue
            wanted = of
            block.append(result)
            if part == of:
                blocks[result.student, result.lesson] = tuple(block)
                block.clear()
    close()
    return blocks, tuple(problems)


def _continues(block: list[Result], result: Result, part: int) -> bool:
    if len(block) != part - 1 or result.task in {other.task for other in block}:
        return False
    return (block[0].student, block[0].lesson) == (result.student, result.lesson)


def _parse(line: bytes) -> tuple[int, int, Result]:
    data = json.loads(line)
    if not isinstance(data, dict):
        raise TypeError("no object")
    part, of = data.pop(_PART), data.pop(_OF)
    for entry in fields(Result):
        known = _TYPES[entry.type]
        if entry.name in data and type(data[entry.name]) not in known:
            raise TypeError(f"{entry.name} has the wrong type")
    if type(part) is not int or type(of) is not int or not 1 <= part <= of:
        raise ValueError("no such part")
    return part, of, Result.from_dict(data)
