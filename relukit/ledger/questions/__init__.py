"""What the course asks before it measures: a choice, a number, an order, or a sketch."""

from relukit.ledger.questions.choice import Choice, Option
from relukit.ledger.questions.measuring import draws, forget, measured
from relukit.ledger.questions.number import Number
from relukit.ledger.questions.order import Item, Order
from relukit.ledger.questions.question import Question, Score
from relukit.ledger.questions.reading import (
    KINDS,
    question,
    questions,
    read_questions,
    unknown_question,
)
from relukit.ledger.questions.sketch import Sketch

__all__ = [
    "KINDS",
    "Choice",
    "Item",
    "Number",
    "Option",
    "Order",
    "Question",
    "Score",
    "Sketch",
    "draws",
    "forget",
    "measured",
    "question",
    "questions",
    "read_questions",
    "unknown_question",
]
