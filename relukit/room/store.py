"""What a room keeps: one SQLite file, which one thread writes and answers after each commit.

Changes that come together are committed together. Each runs behind a savepoint of its own: one
that is refused leaves the others as they are.
"""

import contextlib
import os
import queue
import secrets
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import platformdirs

from relukit.errors import UnavailableError

T = TypeVar("T")
Act = Callable[[sqlite3.Connection], T]

TOGETHER = 256  # changes of one commit
KIND = 0x72656C75  # "relu": how such a file is told from another program's
SCHEMA = """
CREATE TABLE IF NOT EXISTS facts(name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS phases(
    question TEXT PRIMARY KEY, round INTEGER NOT NULL, phase TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS devices(
    id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL DEFAULT '', named INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS votes(
    question TEXT NOT NULL, round INTEGER NOT NULL, device INTEGER NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY(question, round, device)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outcomes(
    device INTEGER NOT NULL, task TEXT NOT NULL, passed INTEGER NOT NULL DEFAULT 0,
    wrong INTEGER NOT NULL DEFAULT 0, diagnosis TEXT NOT NULL DEFAULT '',
    PRIMARY KEY(device, task)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS helps(
    place INTEGER PRIMARY KEY AUTOINCREMENT, device INTEGER NOT NULL UNIQUE);
"""


def place(lesson: str) -> Path:
    """Return the file of a lesson's room where nobody names another one.

    Args:
        lesson: such as "02_definitions".

    Example:
        >>> place("02_definitions").name
        '02_definitions.sqlite'
    """
    return platformdirs.user_data_path("relukit", appauthor=False) / "rooms" / f"{lesson}.sqlite"


class Store:
    """A room's file, open for changes until it is closed.

    Args:
        file: made where it is missing, and its folder; only its owner can read it.

    Raises:
        UnavailableError: the file is another program's, or cannot be written.

    Example:
        >>> store = Store(getfixture("tmp_path") / "room.sqlite")
        >>> store.do(lambda db: fact(db, "lesson", "02_definitions")).result()
        '02_definitions'
        >>> store.close()
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self._db = _opened(file)
        except (OSError, sqlite3.Error) as cause:
            do = "name another file with --database"
            raise UnavailableError(f"a room's file at {file}", str(cause), do) from cause
        self._waiting: queue.SimpleQueue[tuple[Act[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="room", daemon=True)
        self._thread.start()

    def do(self, act: Act[T]) -> "Future[T]":
        """Let the writing thread act on the file, and return what will come of it.

        Args:
            act: reads or changes the file; an error that it raises undoes what it changed.

        Returns:
            A future that is done when all that `act` changed is on disk.

        Raises:
            UnavailableError: from the future, where the disk is full; nothing was changed.
        """
        outcome: Future[T] = Future()
        self._waiting.put((act, outcome))
        return outcome

    def close(self) -> None:
        """Finish what is waiting, and close the file."""
        self._waiting.put(None)
        self._thread.join()
        self._db.close()

    def _write(self) -> None:
        going = True
        while going:
            batch = [self._waiting.get()]
            with contextlib.suppress(queue.Empty):
                while len(batch) < TOGETHER:
                    batch.append(self._waiting.get_nowait())
            going = None not in batch
            kept = [pair for pair in batch if pair is not None]
            # who has gone meanwhile waits no more, and nobody goes from here on
            self._commit([pair for pair in kept if pair[1].set_running_or_notify_cancel()])

    def _commit(self, batch: list[tuple[Act[Any], "Future[Any]"]]) -> None:
        """Do a batch in one transaction; tell each future only when it is on disk."""
        told: list[Callable[[], None]] = []
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for act, outcome in batch:
                told.append(self._tried(act, outcome))
            self._db.execute("COMMIT")
        except sqlite3.Error as cause:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            do = "make room on the disk of the room's computer, then send it again"
            error = UnavailableError("a file that can be written", str(cause), do)
            for _, outcome in batch:
                outcome.set_exception(error)
            return
        for tell in told:
            tell()

    def _tried(self, act: Act[T], outcome: "Future[T]") -> Callable[[], None]:
        self._db.execute("SAVEPOINT one")
        try:
            result = act(self._db)
        except sqlite3.OperationalError:  # a full disk undoes the whole batch
            raise
        except Exception as error:
            self._db.execute("ROLLBACK TO one")
            self._db.execute("RELEASE one")
            refused = error
            return lambda: outcome.set_exception(refused)
        self._db.execute("RELEASE one")
        return lambda: outcome.set_result(result)


def fact(db: sqlite3.Connection, name: str, value: object = None) -> str:
    """Return what a room's file says under a name; kept there first where it says nothing yet.

    Args:
        db: the file.
        name: of the fact.
        value: what is kept where there is nothing; None keeps nothing.

    Returns:
        The text, or "" where there is none.
    """
    found = db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
    if found:
        return str(found[0])
    if value is None:
        return ""
    set_fact(db, name, value)
    return str(value)


def set_fact(db: sqlite3.Connection, name: str, value: object) -> None:
    """Keep a fact, whatever the file said before."""
    db.execute("INSERT OR REPLACE INTO facts VALUES(?, ?)", (name, str(value)))


def secret(bits: int = 128) -> str:
    """Return fresh random digits that nobody guesses.

    Example:
        >>> len(secret())
        32
    """
    return secrets.token_hex(bits // 8)


def _opened(file: Path) -> sqlite3.Connection:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    os.close(handle)
    db = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=5)
    try:
        tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        kind = db.execute("PRAGMA application_id").fetchone()[0]
        if tables and kind != KIND:
            raise OSError("it is another program's")
        db.execute(f"PRAGMA application_id = {KIND}")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")  # a vote that was confirmed outlives a power cut
        db.execute("PRAGMA secure_delete = ON")  # a name that left is nowhere in the file
        db.executescript(SCHEMA)
    except BaseException:
        db.close()
        raise
    return db
