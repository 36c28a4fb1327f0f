"""The learner's progress file: small, written whole or not at all, safe between two notebooks."""

import contextlib
import errno
import json
import math
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import platformdirs

from relukit.files import drafts, write_whole

STATUSES = ("not attempted", "raised", "wrong", "passed")  # from the least to the best
OUTCOMES = ("right", "close", "off")  # of a prediction whose verdict was read
VARIABLE = "RELUKIT_PROGRESS"  # the environment variable that names another file
VERSION = 1
LONGEST = 2**20  # bytes; what is longer is no progress file
LOCK_TRIES, LOCK_PAUSE = 100, 0.02  # seconds between tries: two seconds in all
HELD = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)  # what a lock that another holds raises

UNSAVED = (
    "progress could not be saved and is kept until this kernel stops: "
    f"set {VARIABLE} to a file in a folder that can be written"
)

Answer = str | float | tuple[str, ...] | tuple[float, ...]  # what was predicted

_pending: dict[Path | None, list[Callable[["Record"], "Record"]]] = {}  # changes that await saving


@dataclass(frozen=True)
class TaskRecord:
    """What is remembered of one task.

    Attributes:
        status: the best status so far.
        attempts: how many checks were made, stubs aside.
        hints: how many hints were shown.
    """

    status: str = STATUSES[0]
    attempts: int = 0
    hints: int = 0


@dataclass(frozen=True)
class Guess:
    """What is remembered of one prediction.

    Attributes:
        answer: the last one: a word or letter, a number, the items of an order, values of a sketch.
        sure: how sure the learner was to be right, in percent, or None where that was not said.
        outcome: one of OUTCOMES, or "" until the verdict is read.
    """

    answer: Answer
    sure: float | None = None
    outcome: str = ""


@dataclass(frozen=True)
class Record:
    """Everything that the progress file holds.

    Attributes:
        tasks: a record for each task's name.
        predictions: what the learner predicted, by the id of the question or claim.

    Example:
        >>> Record().with_attempt("relu", "wrong").tasks["relu"]
        TaskRecord(status='wrong', attempts=1, hints=0)
    """

    tasks: dict[str, TaskRecord] = field(default_factory=dict)
    predictions: dict[str, Guess] = field(default_factory=dict)

    def of(self, name: str) -> TaskRecord:
        """Return what is remembered of a task, also where that is nothing yet."""
        return self.tasks.get(name, TaskRecord())

    def with_attempt(self, name: str, status: str) -> "Record":
        """Return this record with one more attempt; the better status stays."""
        old = self.of(name)
        best = max(old.status, status, key=STATUSES.index)
        tried = old.attempts + (status != STATUSES[0])
        return self._with(name, replace(old, status=best, attempts=tried))

    def with_hint(self, name: str) -> "Record":
        """Return this record with one more hint shown."""
        old = self.of(name)
        return self._with(name, replace(old, hints=old.hints + 1))

    def with_prediction(self, name: str, answer: Answer, sure: float | None = None) -> "Record":
        """Return this record with the learner's prediction.

        What came of the first answer stays once its verdict was read: whoever has seen the number
        predicts it no more.
        """
        old = self.predictions.get(name)
        new = replace(old, answer=answer) if old and old.outcome else Guess(answer, sure)
        return replace(self, predictions={**self.predictions, name: new})

    def with_outcome(self, name: str, outcome: str) -> "Record":
        """Return this record with what came of a prediction, where nothing has come of it yet."""
        old = self.predictions.get(name)
        if old is None or old.outcome:
            return self
        new = replace(old, outcome=outcome)
        return replace(self, predictions={**self.predictions, name: new})

    def _with(self, name: str, entry: TaskRecord) -> "Record":
        return replace(self, tasks={**self.tasks, name: entry})


def path() -> Path:
    """Return the progress file: $RELUKIT_PROGRESS, else one in the user's data folder, if any."""
    if named := os.environ.get(VARIABLE):
        return Path(os.path.realpath(named))
    try:
        folder = platformdirs.user_data_path("relukit", appauthor=False)
    except RuntimeError as error:
        raise OSError("no home") from error
    return Path(os.path.realpath(folder / "progress.json"))


def update(change: Callable[[Record], Record]) -> tuple[Record, str]:
    """Change the stored record and return it, with a note where something is amiss.

    Other processes are kept out between reading and writing. A change that cannot be saved is kept
    in memory and tried again with the next one. No fault of the disk raises an error.

    Args:
        change: takes the stored record and returns the new one.
    """
    file = None
    with contextlib.suppress(OSError):  # where there is none, nothing can be saved
        file = path()
    changes = [*_pending.get(file, []), change]
    record, note = Record(), ""
    try:
        if file is None:
            raise FileNotFoundError(errno.ENOENT, "no home")
        file.parent.mkdir(parents=True, exist_ok=True)
        with _lock(file):
            record, note = _load(file)
            record = _apply(changes, record)
            _save(file, record)
    except OSError:
        _pending[file] = changes
        return read()[0], UNSAVED
    _pending.pop(file, None)
    return record, note


def read() -> tuple[Record, str]:
    """Return the stored record, and a note where something is amiss; changes no intact file."""
    file = None
    with contextlib.suppress(OSError):  # where there is none, nothing can be saved
        file = path()
    record, note = Record(), ""
    if file is not None and os.path.exists(file):
        try:
            with _lock(file):
                record, note = _load(file)
        except OSError:
            with contextlib.suppress(OSError, ValueError):
                record = parse(_text(file))
    waiting = _pending.get(file, [])
    return _apply(waiting, record), UNSAVED if waiting else note


def parse(text: str) -> Record:
    """Return the record that a progress file's text holds.

    Raises:
        ValueError: the text is damaged.

    Example:
        >>> parse('{"version": 1, "tasks": {}, "predictions": {}}')
        Record(tasks={}, predictions={})
    """
    try:
        document = json.loads(text)
        tasks = {str(name): TaskRecord(**entry) for name, entry in document["tasks"].items()}
        predictions = {str(n): _guess(entry) for n, entry in document["predictions"].items()}
        sound = document["version"] == VERSION and all(map(_sound, tasks.values()))
        sound = sound and all(map(_sound_guess, predictions.values()))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError("the progress file is damaged") from error
    if not sound:
        raise ValueError("the progress file is damaged")
    return Record(tasks, predictions)


def _sound(entry: TaskRecord) -> bool:
    counts = (entry.attempts, entry.hints)
    return entry.status in STATUSES and all(type(n) is int and n >= 0 for n in counts)


def _guess(entry: Any) -> Guess:  # noqa: ANN401 - what JSON holds
    """Return a prediction: a text in the files of the first release, which knew verdicts alone."""
    if isinstance(entry, str):
        return Guess(entry)
    answer = entry["answer"]
    return Guess(**entry | {"answer": tuple(answer) if isinstance(answer, list) else answer})


def _sound_guess(guess: Guess) -> bool:
    parts = guess.answer if isinstance(guess.answer, tuple) else (guess.answer,)
    alike = all(type(p) is str for p in parts) or all(map(_finite, parts))
    sure = guess.sure is None or (_finite(guess.sure) and 0 <= guess.sure <= 100)
    return alike and sure and guess.outcome in ("", *OUTCOMES)


def _finite(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]


def _apply(changes: list[Callable[[Record], Record]], record: Record) -> Record:
    for change in changes:
        record = change(record)
    return record


def _load(file: Path) -> tuple[Record, str]:
    try:
        return parse(_text(file)), ""
    except FileNotFoundError:
        return Record(), ""
    except ValueError:
        number = 1
        while (aside := file.with_name(f"{file.name}.damaged-{number}")).exists():
            number += 1
        os.replace(file, aside)
        said = f"the progress file was damaged; it is kept as {aside.name}, and a new one begins"
        return Record(), said


def _text(file: Path) -> str:
    """Return what a file holds: no pipe, whose reader would wait for ever, and nothing endless."""
    handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        found = stream.read(LONGEST + 1)
    if len(found) > LONGEST:
        raise ValueError("the progress file is too long")
    return found.decode("utf-8")


def _save(file: Path, record: Record) -> None:
    for left in drafts(file):
        with contextlib.suppress(OSError):  # somebody else's folder, or there no more
            left.unlink()
    text = json.dumps({"version": VERSION, **asdict(record)}, indent=1, sort_keys=True)
    write_whole(file, text + "\n", private=True)


@contextlib.contextmanager
def _lock(file: Path) -> Iterator[None]:
    """Hold the lock beside the file; the system lets it go when its process ends in any way."""
    handle = os.open(file.with_name(file.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        for tries_left in reversed(range(LOCK_TRIES)):
            try:
                _seize(handle)
                break
            except OSError as error:
                if error.errno not in HELD:
                    break  # a file system without locks: the write itself is still atomic
                if not tries_left:
                    raise
                time.sleep(LOCK_PAUSE)
        yield
    finally:
        os.close(handle)


def _seize(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
