"""Predict first: what the learner expects of a measurement or of a claim, and how surely."""

from dataclasses import dataclass

from relukit import company, record
from relukit.errors import InvalidValueError, RelukitError
from relukit.ledger.entries import claim, claims
from relukit.ledger.questions import question, unknown_question
from relukit.ledger.questions.judged import Judged
from relukit.ledger.questions.question import Asked, Question, lowered
from relukit.panel import panel
from relukit.quantities import real

_KEPT = "You have read its verdict: progress() goes on counting your first answer."


@dataclass(frozen=True, repr=False)
class Prediction:
    """What the learner predicts.

    Attributes:
        asked: the question, or the claim.
        value: the answer: a letter or word, a number, the short names of an order, the values of
            a sketch; None where there is none yet. Figures draw it.
        sure: how sure the learner is to be right, in percent, or None where that was not said.
        note: what is amiss, or "".
    """

    asked: Asked
    value: record.Answer | None = None
    sure: float | None = None
    note: str = ""

    @property
    def said(self) -> str:
        """The answer in words, or ""."""
        if self.value is None:
            return ""
        sure = f" ({self.sure:g} % sure)" if self.sure is not None else ""
        return self.asked.said(self.value) + sure

    @property
    def lines(self) -> tuple[str, ...]:
        """What is said below the question: the answer, or how to give one."""
        if self.said:
            return tuple(filter(None, (f"You predict: {self.said}.", self.note)))
        lines = [f"No prediction yet: {lowered(self.asked.how)}"]
        if isinstance(self.asked, Question):
            lines.append(f"What counts: {self.asked.rule}." if self.asked.rule else "")
            lines.append("How sure are you? Add sure=80 behind your answer for 80 %.")
        return tuple(filter(None, (*lines, self.note)))

    def __repr__(self) -> str:
        options = [f"{letter}) {words}" for letter, words in self.asked.lettered]
        return "\n  ".join([f"{self.asked.id}: {self.asked.asks}", *options, *self.lines])

    def _repr_html_(self) -> str:
        options = [(f"{letter})", words) for letter, words in self.asked.lettered]
        heading = f"{self.asked.id}: {self.asked.asks}"
        return panel(heading, options, after=self.lines, code=False)


def predict(name: str, answer: object, sure: float | None = None) -> Prediction:
    """Record what the learner predicts, before it is measured; in a room, it is a vote there, too.

    Args:
        name: the id of a question, or of a claim in the ledger.
        answer: as the question asks for it: the letter of an option or its words; a number; a list
            of items in their order; a list of values; for a claim one of the ledger's verdicts;
            `...` for none yet, which prints the question and how to answer.
        sure: how sure you are to be right, in percent; from what a blind guess would be right to
            100. `progress()` compares it with how often you are.

    Raises:
        InvalidTypeError: an answer of another kind than the question asks for.
        InvalidValueError: an answer that is none of those asked for, a `sure` out of range, or no
            question and no claim has this id.

    Example:
        >>> predict("ten-images", ...).value is None
        True
    """
    asked = asked_as(name)
    if answer is ...:
        return Prediction(asked)
    value, surely = asked.read(answer), _percent(asked, sure)
    state, note = record.update(lambda old: old.with_prediction(asked.id, value, surely))
    kept = state.predictions[asked.id]
    told = _KEPT if kept.outcome else ""
    notes = (told, note, _passed_on(asked, value))
    return Prediction(asked, value, surely, " ".join(filter(None, notes)))


def _passed_on(asked: Asked, value: record.Answer) -> str:
    """Tell the answer to whoever listens, and return what it says; rooms ask no claims."""
    room = company.listener()
    if room is None or not isinstance(asked, Question):
        return ""
    return room.predicted(asked.id, asked.lesson, value)


def prediction(name: str) -> Prediction:
    """Return what the learner predicted, so that a figure can draw it: `mine=prediction(...)`.

    An earlier answer that fits its question no more counts as none, and the note says so.

    Args:
        name: the id of a question, or of a claim.

    Raises:
        InvalidValueError: no question and no claim has this id.

    Example:
        >>> prediction("ten-images").asked.KIND
        'number'
    """
    return recorded(asked_as(name), record.read()[0])


def recorded(asked: Asked, state: record.Record) -> Prediction:
    """Return the prediction that a record holds of a question or a claim."""
    guess = state.predictions.get(asked.id)
    if guess is None:
        return Prediction(asked)
    try:
        # how sure the learner was of the first answer says nothing of one that came later
        return Prediction(asked, asked.read(guess.answer), None if guess.outcome else guess.sure)
    except RelukitError:
        return Prediction(asked, note=f"Your earlier answer {guess.answer!r} fits it no more.")


def asked_as(name: object) -> Asked:
    """Return the question, or the claim as a question, of this id.

    Raises:
        InvalidValueError: there is none.
    """
    if isinstance(name, str):
        if found := question(name):
            return found
        if name in (entry.id for entry in claims()):
            return Judged(id=name, asks=claim(name).text)
    raise unknown_question(name)


def _percent(asked: Asked, sure: float | None) -> float | None:
    if sure is None:
        return None
    least = round(asked.least_sure)
    do = f"a blind guess is right in {least} % of cases: " if least else ""
    do += f"write sure={max(least, 80)} for {max(least, 80)} %"
    number = real("percentage sure", sure, least=least, most=100, do=do)
    if 0 < number <= 1:
        raise InvalidValueError(f"a percentage sure from {least} to 100", f"{number:g}", do)
    return number
