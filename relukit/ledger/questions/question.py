"""A question before a measurement: what is asked, how it is answered, and what counts as right."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import ClassVar

from relukit.errors import InvalidTypeError, InvalidValueError, RelukitError
from relukit.ledger.finding import Measured, Value, ends
from relukit.quantities import typed
from relukit.record import Answer
from relukit.statistics import Interval

SAME = "the same"  # answer, elsewhere


@dataclass(frozen=True)
class Score:
    """What a prediction came to.

    Attributes:
        outcome: one of `relukit.record.OUTCOMES`.
        distance: by how much it was off, such as "27 points", or "".
    """

    outcome: str
    distance: str = ""

    def __str__(self) -> str:
        by = f" by {self.distance}" if self.distance else ""
        return self.outcome if self.outcome == "right" else f"{self.outcome}{by}"


@dataclass(frozen=True, kw_only=True)
class Asked(ABC):
    """What is asked before it is settled: a question about a measurement, or a claim.

    Attributes:
        id: the name by which lessons ask it.
        asks: the question, or the claim itself.
    """

    id: str
    asks: str

    @property
    def lettered(self) -> tuple[tuple[str, str], ...]:
        """Pairs (letter, words) between which the learner chooses; () where there are none."""
        return ()

    @property
    @abstractmethod
    def how(self) -> str:
        """How it is answered, in one sentence."""

    @property
    def least_sure(self) -> float:
        """The percentage of a blind guess, below which another answer would be better."""
        return 0.0

    @abstractmethod
    def read(self, answer: object) -> Answer:
        """Return an answer as it is kept.

        Raises:
            InvalidTypeError: an answer of another kind.
            InvalidValueError: one that is none of what was asked for.
        """

    @abstractmethod
    def said(self, answer: Answer) -> str:
        """Return a kept answer in words."""

    def refused(self, expected: str, got: str, *, kind: bool = False) -> RelukitError:
        """Return the error of an answer that is none; `kind` where its type is another one."""
        error = InvalidTypeError if kind else InvalidValueError
        return error(f"{expected} for {self.id!r}", got, lowered(self.how).removesuffix("."))

    def listed(self, answer: object, n: int, things: str) -> list[object]:
        """Return an answer's n entries, or raise the error that says how many there must be."""
        plain = answer.tolist() if hasattr(answer, "tolist") else answer
        if isinstance(plain, str | bytes | Mapping | Set) or not isinstance(plain, Iterable):
            raise self.refused(f"a list of {n} {things}", typed(plain), kind=True)
        entries = list(plain)
        if len(entries) != n:
            raise self.refused(f"a list of {n} {things}", f"{len(entries)}: {typed(entries)}")
        return entries


@dataclass(frozen=True, kw_only=True)
class Question(Asked):
    """What every kind of question has; `choice`, `number`, `order` and `sketch` add their own.

    Attributes:
        lesson: the lesson in whose folder it is, such as "04_dying_relu".
        because: one sentence that says why the measured number is as it is.
        measured: the function that measures, such as "race.accuracies" among the lesson's
            experiments; or "" where `claim` is given.
        claim: the id of the claim whose measured quantities answer it, or "".
        unit: of what is measured and of the answer, such as "%"; "" where it is dimensionless.
        times: what the measured numbers are multiplied by to come in this unit, above 0.
        in_print: ids of the ledger's claims on the point.
    """

    KIND: ClassVar[str]
    lesson: str
    because: str
    measured: str = ""
    claim: str = ""
    unit: str = ""
    times: float = 1.0
    in_print: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.measured) == bool(self.claim):
            got = "both" if self.claim else "neither"
            do = "name the function that measures it, or the claim that does"
            raise self.amiss("either measured or claim", got, do)
        if self.measured.count(".") != (not self.claim):
            do = "write the module and the function, such as birth.shares"
            raise self.amiss("measured = module.function", repr(self.measured), do)
        for name, text in (("asks", self.asks), ("because", self.because)):
            if not text.strip() or "\n" in text.strip():
                raise self.amiss(f"one line as {name}", repr(text), "write one sentence")

    @property
    @abstractmethod
    def quantities(self) -> tuple[str, ...]:
        """The names of what must be measured; () takes the only one that is measured."""

    @property
    @abstractmethod
    def rule(self) -> str:
        """What counts as right and as close, in one line; "" where that goes without saying."""

    @abstractmethod
    def score(self, answer: Answer, measured: Measured) -> Score:
        """Return what a kept answer comes to beside what was measured."""

    @abstractmethod
    def settled(self, measured: Measured) -> Answer:
        """Return the answer that what was measured makes right."""

    def compared(self, stated: Measured, there: Measured) -> str:
        """Return what the right answer becomes elsewhere, in a few words.

        Args:
            stated: what is measured where the question states it.
            there: what is measured elsewhere.
        """
        score = self.score(self.settled(stated), there)
        return SAME if score.outcome == "right" else str(score)

    @abstractmethod
    def shown(self, measured: Measured) -> tuple[tuple[str, str], ...]:
        """Return what was measured as pairs (label, text)."""

    def value(self, measured: Measured, name: str = "") -> Value:
        """Return one quantity in the question's unit; the only one where it has no name."""
        (found,) = [measured[name]] if name else measured.values()
        return scaled(found, self.times)

    def amiss(self, expected: str, got: str, do: str) -> InvalidValueError:
        """Return the error of an entry that is not as it should be."""
        return InvalidValueError(f"{expected} in prediction {self.id!r}", got, do)


def scaled(value: Value, times: float) -> Value:
    """Return a number or an interval in another unit, `times` its old value; times above 0.

    Example:
        >>> print(scaled(Interval(mean=0.05, low=0.04, high=0.06, n=16, level=0.95), 100))
        5.0 [4.0, 6.0] (16 seeds, 95 %)
    """
    if not isinstance(value, Interval):
        return value * times
    ends = (times * value.mean, times * value.low, times * value.high)
    return Interval(*ends, value.n, value.level, value.counted)


def mean(value: Value) -> float:
    """Return a number, or the mean of an interval."""
    return value.mean if isinstance(value, Interval) else float(value)


def distance(number: float, value: Value) -> float:
    """Return how far a number lies outside of an interval; 0 inside.

    Example:
        >>> distance(7.0, Interval(mean=5.0, low=4.0, high=6.0, n=16, level=0.95))
        1.0
    """
    low, high = ends(value)
    return max(low - number, number - high, 0.0)


def figure(value: Value) -> str:
    """Return a measured value as it is printed: an interval as its text, a number to six digits.

    Example:
        >>> figure(1941)
        '1941'
    """
    return str(value) if isinstance(value, Interval) else f"{value:.6g}"


def labelled(value: Value, unit: str) -> str:
    """Return how a value came about, measured over seeds or computed, with its unit.

    Example:
        >>> labelled(56, ""), labelled(3.93, "times smaller")
        ('computed', 'computed (times smaller)')
    """
    came = "measured" if isinstance(value, Interval) else "computed"
    return f"{came} ({unit})" if unit else came


def rounded(difference: float) -> str:
    """Return a difference with two digits that count, and without an exponent where that is short.

    Example:
        >>> rounded(27.3), rounded(0.0312), rounded(1234.0)
        ('27', '0.031', '1200')
    """
    return f"{float(f'{difference:.2g}'):.12g}"


def with_unit(text: str, unit: str, *, difference: bool = False) -> str:
    """Return a number in words with its unit; percentages differ by points.

    Example:
        >>> with_unit("40", "%"), with_unit("27", "%", difference=True), with_unit("3", "")
        ('40 %', '27 points', '3')
    """
    if difference and unit == "%":
        unit = "point" if text == "1" else "points"
    return f"{text} {unit}".rstrip()


def lowered(sentence: str) -> str:
    """Return a sentence as a part of another one: it begins with a small letter.

    Example:
        >>> lowered("Replace ... by a number.")
        'replace ... by a number.'
    """
    return sentence[0].lower() + sentence[1:]
