"""Who is stuck: what came of the checks that learners share, and who asks for help."""

import sqlite3
from dataclasses import dataclass

from relukit.room.rooms import DIAGNOSIS, Refused, Room


@dataclass(frozen=True)
class TaskState:
    """How far the room is with one task.

    Attributes:
        task: its name.
        passed: how many devices passed it.
        wrong: how many tried it and have not passed.
        untouched: how many share their checks and have not tried it.
        diagnosis: the commonest one among those who have not passed, or "".
        named: nicknames of those who have not passed and let the board show them.
    """

    task: str
    passed: int
    wrong: int
    untouched: int
    diagnosis: str
    named: tuple[str, ...]


def shared(
    room: Room,
    db: sqlite3.Connection,
    token: object,
    *,
    task: object,
    outcome: object,
    diagnosis: object = None,
) -> None:
    """Keep what came of a check that its learner shares.

    Args:
        room: the room.
        db: its file.
        token: the device's.
        task: a task of the room's lesson.
        outcome: "passed" or "wrong".
        diagnosis: what the check says of a wrong answer, or None.
    """
    number, passed = room.device(db, token), outcome == "passed"
    if not isinstance(task, str) or task not in room.tasks:
        raise Refused("unknown", f"{room.title} has no such task, so nothing was shared.")
    if outcome not in ("passed", "wrong"):
        raise Refused("amiss", "Expected the outcome 'passed' or 'wrong', got another one.")
    if diagnosis is not None and not isinstance(diagnosis, str):
        raise Refused("amiss", "Expected a diagnosis in words, or none, got something else.")
    text = "".join(c if c.isprintable() else " " for c in diagnosis or "")[:DIAGNOSIS]
    db.execute("INSERT OR IGNORE INTO outcomes(device, task) VALUES(?, ?)", (number, task))
    db.execute(
        "UPDATE outcomes SET passed = max(passed, ?), wrong = wrong + ?,"
        " diagnosis = CASE WHEN ? THEN diagnosis ELSE ? END WHERE device = ? AND task = ?",
        (passed, not passed, passed, text, number, task),
    )
    room.grown(db)


def tasks(room: Room, db: sqlite3.Connection) -> tuple[TaskState, ...]:
    """Return how far the room is with each task; () where nobody shares checks."""
    sharing = db.execute("SELECT count(DISTINCT device) FROM outcomes").fetchone()[0]
    if not sharing:
        return ()
    return tuple(_task(db, name, sharing) for name in room.tasks)


def _task(db: sqlite3.Connection, name: str, sharing: int) -> TaskState:
    sql = "SELECT coalesce(sum(passed), 0), count(*) FROM outcomes WHERE task = ?"
    passed, tried = db.execute(sql, (name,)).fetchone()
    sql = "SELECT diagnosis FROM outcomes WHERE task = ? AND NOT passed AND diagnosis <> '' \
GROUP BY diagnosis ORDER BY count(*) DESC, diagnosis LIMIT 1"
    diagnosis = (db.execute(sql, (name,)).fetchone() or ("",))[0]
    sql = "SELECT name FROM outcomes JOIN devices ON id = device \
WHERE task = ? AND NOT passed AND named AND name <> '' ORDER BY name LIMIT 12"
    named = tuple(row[0] for row in db.execute(sql, (name,)))
    return TaskState(name, passed, tried - passed, sharing - tried, diagnosis, named)


def ask_for_help(room: Room, db: sqlite3.Connection, token: object, *, cancel: bool = False) -> int:
    """Put a device at the end of the line for help, or take it out; return its place, or 0."""
    number = room.device(db, token)
    if cancel:
        db.execute("DELETE FROM helps WHERE device = ?", (number,))
    else:
        db.execute("INSERT OR IGNORE INTO helps(device) VALUES(?)", (number,))
    room.grown(db)
    return place_in_line(db, token)


def place_in_line(db: sqlite3.Connection, token: object) -> int:
    """Return a device's place in the line for help, from 1; 0 where it does not stand there."""
    sql = "SELECT count(*) FROM helps WHERE place <= \
(SELECT place FROM helps JOIN devices ON id = device WHERE token = ?)"
    return int(db.execute(sql, (token,)).fetchone()[0])


def line(db: sqlite3.Connection) -> tuple[tuple[int, str], ...]:
    """Return who asks for help, in order: a number to tick off, and the name if it may be shown."""
    sql = "SELECT place, CASE WHEN named THEN name ELSE '' END FROM helps \
JOIN devices ON id = device ORDER BY place"
    return tuple((int(place), str(name)) for place, name in db.execute(sql))


def helped(room: Room, db: sqlite3.Connection, place: object) -> None:
    """Take somebody out of the line who was helped."""
    if not isinstance(place, str) or not place.isascii() or not place.isdigit() or len(place) > 9:
        raise Refused("unknown", "There is no such place in the line. Reload the page.")
    db.execute("DELETE FROM helps WHERE place = ?", (int(place),))
    room.grown(db)
