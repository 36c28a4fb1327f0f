"""A claim as a question: which of the ledger's verdicts will it get?"""

from dataclasses import dataclass

from relukit.ledger.entries import VERDICTS
from relukit.ledger.questions.question import Asked
from relukit.quantities import typed
from relukit.record import Answer


@dataclass(frozen=True, kw_only=True)
class Judged(Asked):
    """A claim, whose verdict is predicted in one of the ledger's words.

    Example:
        >>> Judged(id="sum", asks="The rectifier is linear.").read(" Wrong")
        'wrong'
    """

    @property
    def how(self) -> str:
        """How it is answered."""
        return f"Replace ... by one of {', '.join(map(repr, VERDICTS))}."

    @property
    def least_sure(self) -> float:
        """One in so many words."""
        return 100 / len(VERDICTS)

    def read(self, answer: object) -> Answer:
        """Return the word, in any capitals and spaces."""
        wanted = f"one of {', '.join(map(repr, VERDICTS))}"
        if not isinstance(answer, str):
            raise self.refused(wanted, typed(answer), kind=True)
        word = " ".join(answer.lower().split())
        if word not in VERDICTS:
            raise self.refused(wanted, repr(answer))
        return word

    def said(self, answer: Answer) -> str:
        """Return the word."""
        return str(answer)
