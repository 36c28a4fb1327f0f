"""The rules of a room: which question is open, who has voted, who asks for help.

Everything here acts on the room's file inside of one of its changes; nothing knows HTTP.
"""

import hmac
import json
import sqlite3
import unicodedata
from dataclasses import dataclass, replace
from typing import Any

from relukit.errors import RelukitError, unknown_name
from relukit.ledger.questions import Question, questions
from relukit.record import Answer
from relukit.room.store import fact, secret, set_fact
from relukit.syllabus import COURSE, TASKS

DEVICES = 3000  # that a room admits
NAME = 24  # characters of a nickname
SHOWN = 80  # characters that are shown of an answer that is none
DIAGNOSIS = 300  # characters that are kept of a diagnosis
ROUNDS = 2  # votes on one question
PHASES = ("waiting", "open", "closed", "revealed")


class Refused(Exception):  # noqa: N818 - what a request gets, in a sentence
    """What a room does not take, in one sentence for whoever sent it.

    Args:
        why: "unknown" (no such thing), "device" (no device of this room), "closed" (not now),
            "amiss" (no such answer), "full", "fast".
        sentence: what was expected, what came, and what to do.
    """

    def __init__(self, why: str, sentence: str) -> None:
        self.why = why
        super().__init__(sentence)


@dataclass(frozen=True)
class Stage:
    """Where a room stands with one question.

    Attributes:
        question: its id.
        round: of the vote that is open or was last; 0 before the first.
        phase: one of PHASES.
        voted: how many devices voted in this round.
        version: grows with every change of the room.
    """

    question: str
    round: int
    phase: str
    voted: int = 0
    version: int = 0


@dataclass(frozen=True)
class Round:
    """One vote that is over: an answer for each device, by numbers that name nobody."""

    number: int
    answers: dict[int, Answer]


class Room:
    """The room of one lesson.

    Args:
        lesson: a key of COURSE whose folder has questions.

    Raises:
        InvalidValueError: there is no such lesson, or it asks nothing.

    Example:
        >>> room = Room("04_dying_relu")
        >>> room.order[:2]
        ('ten-images', 'survive')
    """

    def __init__(self, lesson: str) -> None:
        asking = {entry.lesson for entry in questions()}
        if lesson not in asking:
            raise unknown_name("lesson with questions", lesson, asking)
        self.lesson = lesson
        self.questions: dict[str, Question] = {q.id: q for q in questions(lesson=lesson)}
        self.order = tuple(self.questions)
        self.tasks = TASKS.get(lesson, ())

    @property
    def title(self) -> str:
        """The lesson's number and title."""
        return COURSE[self.lesson].heading

    def begin(self, db: sqlite3.Connection) -> None:
        """Give a new file what a room needs; one that was begun goes on where it stands."""
        if fact(db, "lesson", self.lesson) != self.lesson:
            other = fact(db, "lesson")
            sentence = f"This file holds a room of {other}. Name another file with --database."
            raise Refused("amiss", sentence)
        fact(db, "secret", secret())
        fact(db, "key", secret(256))
        fact(db, "version", 0)
        if fact(db, "question", self.order[0]) not in self.questions:
            set_fact(db, "question", self.order[0])  # another release may have renamed one

    def question(self, name: object) -> Question:
        """Return a question of this room."""
        if isinstance(name, str) and name in self.questions:
            return self.questions[name]
        raise Refused("unknown", "This room has no such question. Reload the page.")

    def stage(self, db: sqlite3.Connection, name: str = "") -> Stage:
        """Return where a question stands, or the one that the board shows."""
        name = name or fact(db, "question")
        row = db.execute("SELECT round, phase FROM phases WHERE question = ?", (name,)).fetchone()
        turn, phase = row or (0, "waiting")
        sql = "SELECT count(*) FROM votes WHERE question = ? AND round = ?"
        voted = db.execute(sql, (name, turn)).fetchone()[0]
        return Stage(name, turn, phase, voted, int(fact(db, "version")))

    def stages(self, db: sqlite3.Connection) -> dict[str, Stage]:
        """Return where each question stands, in the lesson's order."""
        return {name: self.stage(db, name) for name in self.order}

    # what the board does

    def act(self, db: sqlite3.Connection, action: object, name: object) -> Stage:
        """Do what a button of the board says; one that is pressed twice does it once.

        Args:
            db: the room's file.
            action: open, close, again, reveal or go.
            name: the question's id.
        """
        asked, now = self.question(name).id, self.stage(db)
        if action == "go":
            if now.phase == "open" and now.question != asked:
                raise Refused("closed", "A vote is open. Close it, then go to another question.")
            set_fact(db, "question", asked)
            return self._changed(db, self.stage(db, asked))
        if asked != now.question:
            raise Refused("closed", "The board has gone to another question. Reload the page.")
        return self._changed(db, _moved(now, action))

    def _changed(self, db: sqlite3.Connection, stage: Stage) -> Stage:
        values = (stage.question, stage.round, stage.phase)
        db.execute("INSERT OR REPLACE INTO phases VALUES(?, ?, ?)", values)
        return replace(stage, version=self.grown(db))

    def grown(self, db: sqlite3.Connection) -> int:
        """Count one more change of the room, and return the room's version."""
        version = int(fact(db, "version")) + 1
        set_fact(db, "version", version)
        return version

    # who takes part

    def token(self, db: sqlite3.Connection) -> str:
        """Return the name of a new device; the room keeps it when it first does something."""
        number = secret()
        return f"{number}-{self._signed(db, number)}"

    def known(self, db: sqlite3.Connection, token: object) -> bool:
        """Return whether this room gave a device its name."""
        if not isinstance(token, str) or len(token) != 49 or not token.isascii():
            return False
        number, _, signature = token.partition("-")
        return hmac.compare_digest(signature, self._signed(db, number))

    def _signed(self, db: sqlite3.Connection, number: str) -> str:
        return hmac.new(fact(db, "key").encode(), number.encode(), "sha256").hexdigest()[:16]

    def device(self, db: sqlite3.Connection, token: object, *, new: bool = True) -> int:
        """Return a device's number, 0 where it has done nothing yet and `new` is False."""
        if not self.known(db, token):
            raise Refused("device", "This room does not know your device. Open its page again.")
        row = db.execute("SELECT id FROM devices WHERE token = ?", (token,)).fetchone()
        if row or not new:
            return int(row[0]) if row else 0
        if db.execute("SELECT count(*) FROM devices").fetchone()[0] >= DEVICES:
            raise Refused("full", f"This room is full: it has {DEVICES} devices.")
        number = db.execute("INSERT INTO devices(token) VALUES(?)", (token,)).lastrowid
        self.grown(db)
        return int(number or 0)

    def name(self, db: sqlite3.Connection, token: object, name: object, named: object) -> str:
        """Keep a device's nickname, and whether the board may show it; return it."""
        kept, number = nickname(name), self.device(db, token)
        shown = int(named is True and bool(kept))
        sql = "UPDATE devices SET name = ?, named = ? WHERE id = ?"
        db.execute(sql, (kept, shown, number))
        self.grown(db)
        return kept

    def own_name(self, db: sqlite3.Connection, token: object) -> tuple[str, bool]:
        """Return a device's nickname, and whether the board may show it."""
        sql = "SELECT name, named FROM devices WHERE token = ?"
        row = db.execute(sql, (token,)).fetchone() or ("", 0)
        return row[0], bool(row[1])

    def leave(self, db: sqlite3.Connection, token: object) -> None:
        """Forget a device's name, its checks and its call for help; its votes stay."""
        number = self.device(db, token, new=False)
        db.execute("UPDATE devices SET name = '', named = 0 WHERE id = ?", (number,))
        for table in ("outcomes", "helps"):
            db.execute(f"DELETE FROM {table} WHERE device = ?", (number,))
        self.grown(db)

    # votes

    def vote(
        self, db: sqlite3.Connection, token: object, name: object, turn: object, answer: object
    ) -> int:
        """Keep a device's answer to the open question, in the place of an earlier one.

        Args:
            db: the room's file.
            token: the device's.
            name: the question's id.
            turn: the round that the sender saw, or None for the one that is open.
            answer: as the question's `read` takes it.

        Returns:
            The round in which it counts.
        """
        number, asked = self.device(db, token), self.question(name)
        stage = self.stage(db, asked.id)
        if stage.phase == "waiting":
            raise Refused(
                "closed",
                "The board has not opened this question yet. \
Send it again when it has.",
            )
        if stage.phase != "open":
            raise Refused(
                "closed",
                "This vote is closed, so your answer came too late. \
What you sent before it closed counts.",
            )
        if turn is not None and turn != stage.round:
            raise Refused("closed", "This is the second vote now. Reload the page, and vote again.")
        try:
            kept = asked.read(answer)
        except RelukitError as error:
            wanted = error.expected.removesuffix(f" for {asked.id!r}")
            got = error.got if len(error.got) <= SHOWN else f"{error.got[:SHOWN]}..."
            sentence = f"Expected {wanted}, got {got}. Change it, and send it again."
            raise Refused("amiss", sentence) from None
        row = (asked.id, stage.round, number, json.dumps(kept, ensure_ascii=False))
        db.execute("INSERT OR REPLACE INTO votes VALUES(?, ?, ?, ?)", row)
        self.grown(db)
        return stage.round

    def own(self, db: sqlite3.Connection, token: object, name: str) -> dict[int, Answer]:
        """Return what a device answered to a question, by round."""
        sql = "SELECT round, answer FROM votes JOIN devices ON id = device \
WHERE token = ? AND question = ?"
        return {turn: _answer(text) for turn, text in db.execute(sql, (token, name))}

    def rounds(self, db: sqlite3.Connection, name: str) -> tuple[Round, ...]:
        """Return the votes on a question that are over; none while one of them is open."""
        stage = self.stage(db, name)
        if stage.phase == "open":
            return ()
        sql = "SELECT device, answer FROM votes WHERE question = ? AND round = ? ORDER BY device"
        return tuple(
            Round(turn, {number: _answer(text) for number, text in db.execute(sql, (name, turn))})
            for turn in range(1, stage.round + 1)
        )

    def guesses(self, db: sqlite3.Connection, name: object) -> dict[str, Any]:
        """Return what the room guessed, without devices, once the vote is over."""
        asked = self.question(name).id
        stage, rounds = self.stage(db, asked), self.rounds(db, asked)
        if not rounds:
            soon = "The vote is open" if stage.phase == "open" else "The vote has not begun"
            raise Refused("closed", f"{soon}. The room's guesses are shown when it is closed.")
        listed = [
            {"round": r.number, "voters": len(r.answers), "guesses": list(r.answers.values())}
            for r in rounds
        ]
        return {"rounds": listed, "revealed": stage.phase == "revealed"}


def nickname(name: object) -> str:
    """Return a nickname as it is kept: on one line, without what hides or turns letters round.

    Raises:
        Refused: no text, or too long.

    Example:
        >>> nickname("  Ada   L. ")
        'Ada L.'
    """
    if name is None:
        return ""
    if not isinstance(name, str):
        raise Refused("amiss", "Expected a nickname in letters. Send text, or leave it empty.")
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in name)
    kept = " ".join(unicodedata.normalize("NFC", shown).split())
    if len(kept) > NAME or sum(unicodedata.category(c)[0] == "M" for c in kept) > NAME // 3:
        got = f"got {len(kept)}"
        raise Refused("amiss", f"Expected a nickname of {NAME} characters, {got}. Shorten it.")
    return kept


def _moved(now: Stage, action: object) -> Stage:
    """Return the stage after a button of the board."""
    at = (now.phase, now.round)
    if action == "open" and now.phase == "waiting":
        return replace(now, phase="open", round=1)
    if action == "close" and now.phase == "open":
        return replace(now, phase="closed")
    if action == "again" and at == ("closed", 1):
        return replace(now, phase="open", round=ROUNDS)
    if action == "reveal" and now.phase == "closed":
        return replace(now, phase="revealed")
    done = {
        "open": now.phase == "open",
        "close": now.phase in ("closed", "revealed"),
        "again": at == ("open", ROUNDS),
        "reveal": now.phase == "revealed",
    }
    if isinstance(action, str) and done.get(action):
        return now
    words = {"waiting": "not open yet", "open": "open", "closed": "closed", "revealed": "revealed"}
    raise Refused("closed", f"The vote is {words[now.phase]}, so that can't be done. Reload.")


def _answer(text: str) -> Answer:
    found = json.loads(text)
    return tuple(found) if isinstance(found, list) else found
