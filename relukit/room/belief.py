"""What a room believed: its votes and checks out of its file, as counts that name nobody."""

import contextlib
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from relukit.checks.registry import task
from relukit.errors import InvalidValueError, RelukitError, UnavailableError
from relukit.ledger.finding import Measured
from relukit.ledger.questions import Question, measured, questions
from relukit.ledger.stored import stored_measured
from relukit.record import Answer
from relukit.room.moves import Moves, moves
from relukit.room.store import KIND, fact
from relukit.syllabus import TASKS

ROUNDS = (1, 2)


@dataclass(frozen=True)
class Belief:
    """What a room believed of one question.

    Attributes:
        question: the question.
        rounds: the answers of each vote, the first one's first; () for a vote that was not held.
        measured: what was measured, by name.
        pairs: both answers of each who voted twice.
    """

    question: Question
    rounds: tuple[tuple[Answer, ...], ...]
    measured: Measured
    pairs: tuple[tuple[Answer, Answer], ...] = ()

    def outcome(self, answer: Answer) -> str:
        """Return what an answer comes to: right, close or off."""
        return self.question.score(answer, self.measured).outcome

    @property
    def right(self) -> tuple[int, ...]:
        """How many answers of each vote are right."""
        return tuple(sum(self.outcome(a) == "right" for a in votes) for votes in self.rounds)

    @property
    def moved(self) -> Moves:
        """What moved, of those who voted twice alone."""
        votes = zip(*self.pairs, strict=True) if self.pairs else ()
        return moves(self.question, [dict(enumerate(one)) for one in votes], self.measured)


@dataclass(frozen=True)
class Hurt:
    """How an exercise went for those who shared their checks.

    Attributes:
        task: its name.
        title: its title.
        tried: how many shared a check of it.
        passed: how many of them passed it in the end.
        checks: how many checks that did not pass were shared.
        said: the course's sentence that those who have not passed read most often, or "".
        times: how many of them read it last.
    """

    task: str
    title: str
    tried: int
    passed: int
    checks: int
    said: str = ""
    times: int = 0


@dataclass(frozen=True)
class Beliefs:
    """All that a room believed, and which exercises hurt.

    Attributes:
        lesson: such as "02_definitions".
        asked: the questions that were voted on, in the lesson's order.
        hurt: the exercises that were tried, those that most are stuck on first.
        voters: how many devices voted at all.
    """

    lesson: str
    asked: tuple[Belief, ...]
    hurt: tuple[Hurt, ...]
    voters: int


def known(question: Question) -> Measured:
    """Return what is measured: as the lesson's notebook keeps it, else measured now."""
    try:
        return stored_measured(question)
    except InvalidValueError:
        return measured(question)


def believed(file: Path, measuring: Callable[[Question], Measured] = known) -> Beliefs:
    """Return what a room believed, out of its file, which may be in use.

    Args:
        file: the room's.
        measuring: returns what is measured for a question.

    Raises:
        InvalidValueError: there is no such file.
        UnavailableError: it is no room's, or cannot be read.
    """
    with opened(file) as db:
        db.execute("BEGIN")  # votes that come meanwhile are not seen by half
        return _read(db, measuring)


@contextlib.contextmanager
def opened(file: Path, *, write: bool = False) -> Iterator[sqlite3.Connection]:
    """Give a room's file, open for reading or for changes, and close it.

    Raises:
        InvalidValueError: there is no such file.
        UnavailableError: it is no room's, or cannot be read.
    """
    if not file.is_file():
        do = "name the lesson with --lesson, or the file with --database"
        raise InvalidValueError("a room's file", f"none at {file}", do)
    try:
        address = f"{file.absolute().as_uri()}?mode={'rw' if write else 'ro'}"
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=5)) as db:
            if db.execute("PRAGMA application_id").fetchone()[0] != KIND:
                raise sqlite3.DatabaseError("it is another program's")
            yield db
    except sqlite3.Error as cause:
        do = "name another file with --database"
        raise UnavailableError(f"a room's file at {file}", str(cause), do) from cause


def _read(db: sqlite3.Connection, measuring: Callable[[Question], Measured]) -> Beliefs:
    lesson = fact(db, "lesson")
    asked = [_belief(db, one, measuring) for one in questions(lesson=lesson)]
    hurt = [_hurt(db, name) for name in TASKS.get(lesson, ())]
    tried = sorted(
        (one for one in hurt if one), key=lambda one: (one.passed - one.tried, -one.checks)
    )
    voters = db.execute("SELECT count(DISTINCT device) FROM votes").fetchone()[0]
    return Beliefs(lesson, tuple(one for one in asked if one), tuple(tried), int(voters))


def _belief(
    db: sqlite3.Connection, asked: Question, measuring: Callable[[Question], Measured]
) -> Belief | None:
    votes: list[dict[int, Answer]] = []
    for turn in ROUNDS:
        sql = "SELECT device, answer FROM votes WHERE question = ? AND round = ?"
        rows = db.execute(sql, (asked.id, turn))
        answers = {device: _answer(asked, text) for device, text in rows}
        votes.append({device: answer for device, answer in answers.items() if answer is not None})
    if not any(votes):
        return None
    first, second = votes
    # in an order that does not tell who answered what
    pairs = sorted(((first[d], second[d]) for d in first.keys() & second.keys()), key=repr)
    rounds = tuple(tuple(sorted(one.values(), key=repr)) for one in votes)
    return Belief(asked, rounds, measuring(asked), tuple(pairs))


def _answer(asked: Question, text: str) -> Answer | None:
    """Return a kept answer, or None where the question takes it no more."""
    try:
        return asked.read(json.loads(text))
    except (ValueError, RelukitError, OverflowError, RecursionError):
        return None


def _hurt(db: sqlite3.Connection, name: str) -> Hurt | None:
    sql = "SELECT count(*), coalesce(sum(passed), 0), coalesce(sum(wrong), 0) FROM outcomes \
WHERE task = ?"
    tried, passed, checks = db.execute(sql, (name,)).fetchone()
    if not tried:
        return None
    about = task(name)
    known = {mistake.sentence for mistake in about.misconceptions}
    sql = "SELECT diagnosis FROM outcomes WHERE task = ? AND NOT passed"
    # what came over the network may be anything: only the course's own sentences are repeated
    said = Counter(row[0] for row in db.execute(sql, (name,)) if row[0] in known)
    commonest, times = min(said.items(), key=lambda p: (-p[1], p[0])) if said else ("", 0)
    return Hurt(name, about.title, tried, passed, checks, commonest, times)
