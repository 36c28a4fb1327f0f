"""What a room guessed of one question: read from its answer, counted, and shown in a verdict."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape

from relukit.errors import RelukitError
from relukit.ledger.finding import Measured
from relukit.ledger.predictions import prediction
from relukit.ledger.questions import Question, measured, question
from relukit.panel import panel
from relukit.record import Answer

MOST = 2000  # guesses of a round that are looked at
ORDINALS = ("first vote", "second vote")


@dataclass(frozen=True)
class Round:
    """One vote of a room.

    Attributes:
        number: 1, or 2 for the vote after neighbours have talked.
        guesses: what each voter answered, as the question keeps answers.
    """

    number: int
    guesses: tuple[Answer, ...]

    @property
    def name(self) -> str:
        """What it is called in a picture."""
        known = 1 <= self.number <= len(ORDINALS)
        return ORDINALS[self.number - 1] if known else f"vote {self.number}"

    def right(self, asked: Question, found: Measured) -> int:
        """Return how many of the guesses are right."""
        return sum(asked.score(guess, found).outcome == "right" for guess in self.guesses)


def read_rounds(asked: Question, rounds: object) -> tuple[Round, ...]:
    """Return the rounds of a room's answer; what the question would not take is left out.

    Args:
        asked: the question.
        rounds: a list of objects with `round` and `guesses`, or whatever came over the network.
    """
    found = []
    for entry in rounds if isinstance(rounds, list) else ():
        number = entry.get("round") if isinstance(entry, dict) else None
        if type(number) is not int:
            continue
        listed = entry.get("guesses")
        guesses = _read(asked, listed[:MOST]) if isinstance(listed, list) else ()
        found.append(Round(number, tuple(guesses)))
    return tuple(sorted(found, key=lambda one: one.number)[: len(ORDINALS)])


def _read(asked: Question, guesses: Iterable[object]) -> Iterable[Answer]:
    for guess in guesses:
        try:
            yield asked.read(guess)
        except (RelukitError, OverflowError):
            continue


@dataclass(frozen=True, repr=False)
class Guessed:
    """What the room guessed, as a verdict shows it: counts, and a picture with the own guess.

    Attributes:
        question: the question, or None where the course has none of this id.
        rounds: its votes, those that are closed.
        note: why there is nothing to show, or "".
    """

    question: Question | None
    rounds: tuple[Round, ...] = ()
    note: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return self.question is None or bool(self.note) or not any(r.guesses for r in self.rounds)

    @cached_property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Pairs (label, text): each vote, and how many of its answers are right."""
        if self.empty or self.question is None:
            return (("room", self.note or "Nobody has voted on it."),)
        found = measured(self.question)
        return tuple(
            (one.name, f"{one.right(self.question, found)} of {len(one.guesses)} right")
            for one in self.rounds
        )

    def __repr__(self) -> str:
        if self.empty:
            return f"  room      {self.rows[0][1]}"
        first, *others = (f"{name}: {text}" for name, text in self.rows)
        return "\n".join([f"  room      {first}", *(f"            {line}" for line in others)])

    def html(self) -> str:
        """Return the counts as a block, with the picture below them."""
        rows = () if self.empty else self.rows
        after = (self.rows[0][1],) if self.empty else ()
        return panel("The room", rows, after=after, edge="none", code=False) + self._image()

    def _image(self) -> str:
        if self.empty or self.question is None:
            return ""
        from relukit.room.picture import guesses

        own = prediction(self.question.id).value
        picture = guesses(self.question, self.rounds, measured(self.question), own)
        data = base64.b64encode(picture.png()).decode("ascii")
        width, height = picture.shown
        return (
            f"<img src='data:image/png;base64,{data}' alt='{escape(picture.alt, quote=True)}' "
            f"width='{width}' height='{height}' style='max-width: 100%; height: auto'>"
        )


def guessed(name: str, rounds: object = None, *, note: str = "") -> Guessed:
    """Return what a room guessed of a question.

    Args:
        name: the question's id.
        rounds: as `/api/guesses/<question>` gives them.
        note: why there is nothing to show.
    """
    asked = question(name)
    read = read_rounds(asked, rounds) if asked else ()
    return Guessed(asked, read, note)
