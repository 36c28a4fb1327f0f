"""A choice out of stated options, each of which says what would have to be measured."""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from relukit.ledger.finding import Demand, Measured
from relukit.ledger.questions.question import SAME, Question, Score, figure, labelled
from relukit.quantities import typed
from relukit.record import Answer


@dataclass(frozen=True)
class Option:
    """One option: its words, and the bounds within which the measured quantity makes it hold.

    Attributes:
        says: the option in words.
        what: the quantity's name, or "" for the only one that is measured.
        above: the quantity must be above this.
        below: and below this.
        equal: or equal to this.
    """

    says: str
    what: str = ""
    above: float | None = None
    below: float | None = None
    equal: float | None = None

    @property
    def bounds(self) -> tuple[tuple[str, float], ...]:
        """The relations of a `Demand`, which judge it as they judge a claim."""
        pairs = (("above", self.above), ("below", self.below), ("equal to", self.equal))
        return tuple((name, bound) for name, bound in pairs if bound is not None)

    def excludes(self, other: "Option") -> bool:
        """Return whether no number of one quantity makes both hold.

        Example:
            >>> Option("few", below=3).excludes(Option("three", equal=3))
            True
        """
        (low, high), (least, most) = self.range, other.range
        if self.equal is not None:
            return self.equal != other.equal and not least < low < most
        if other.equal is not None:
            return not low < least < high
        return max(low, least) >= min(high, most)

    @property
    def range(self) -> tuple[float, float]:
        """Between which numbers it holds, without these; or the one at which it does, twice."""
        if self.equal is not None:
            return self.equal, self.equal
        low = -math.inf if self.above is None else self.above
        return low, math.inf if self.below is None else self.below


@dataclass(frozen=True, kw_only=True)
class Choice(Question):
    """A choice: right is the option that holds, all others are off.

    Where an interval lies on both sides of a bound, each option that it does not refute is right.

    Attributes:
        options: two or more. They exclude each other: those on one quantity by their
            bounds, which is checked here; those on different quantities when they are measured.
    """

    KIND: ClassVar[str] = "choice"
    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.options) < 2:
            raise self.amiss("two options or more", str(len(self.options)), "add what else may be")
        for option in self.options:
            if not option.bounds or (len(option.bounds) > 1 and option.equal is not None):
                do = "give it above, below, both, or equal"
                raise self.amiss(f"a bound for the option {option.says!r}", "none or two", do)
            if "depends" in option.says.lower().split():
                do = "ask for what it depends on, or name the condition"
                raise self.amiss("options that something can settle", repr(option.says), do)
            if option.equal is None and option.range[0] >= option.range[1]:
                got = f"above {option.above:g} and below {option.below:g}"
                raise self.amiss(f"numbers between the bounds of {option.says!r}", got, "swap them")
        for one, other in itertools.combinations(self.options, 2):
            if one.says == other.says or (one.what == other.what and not one.excludes(other)):
                do = "move their bounds apart, so that one number cannot make both hold"
                got = f"{one.says!r} and {other.says!r}"
                raise self.amiss("options that exclude each other", got, do)

    @property
    def quantities(self) -> tuple[str, ...]:
        """The names of what the options are about."""
        return tuple(dict.fromkeys(option.what for option in self.options if option.what))

    @property
    def lettered(self) -> tuple[tuple[str, str], ...]:
        """Each letter with its words."""
        return lettered(option.says for option in self.options)

    @property
    def how(self) -> str:
        """How it is answered."""
        named = ", ".join(repr(letter) for letter, _ in self.lettered)
        return f"Replace ... by one of {named}."

    @property
    def rule(self) -> str:
        """Nothing to say: right is what holds."""
        return ""

    @property
    def least_sure(self) -> float:
        """One in so many options."""
        return 100 / len(self.options)

    def read(self, answer: object) -> Answer:
        """Return the letter of a letter, or of an option's own words."""
        wanted = "one of " + ", ".join(f"{letter!r} ({words})" for letter, words in self.lettered)
        if not isinstance(answer, str):
            raise self.refused(wanted, typed(answer), kind=True)
        if not (letter := matched(answer, self.lettered)):
            raise self.refused(wanted, repr(answer))
        return letter

    def said(self, answer: Answer) -> str:
        """Return a letter with its words."""
        return f"{answer}) {dict(self.lettered)[str(answer)]}"

    def holding(self, measured: Measured) -> tuple[str, ...]:
        """Return the letters of the options that hold; those left open where none does."""
        held: dict[bool | None, list[str]] = {True: [], None: [], False: []}
        for (letter, _), option in zip(self.lettered, self.options, strict=True):
            value = self.value(measured, option.what)
            sides = {m.holds for m in Demand(option.what, option.bounds).held(value)}
            found = False if False in sides else (None if None in sides else True)
            held[found].append(letter)
        return tuple(held[True] or held[None])

    def settled(self, measured: Measured) -> Answer:
        """Return the letter of the option that holds, the first of those that are left open."""
        return self.holding(measured)[0]

    def compared(self, stated: Measured, there: Measured) -> str:
        """Return which option holds elsewhere, or that the interval reaches into several."""
        held, own = self.holding(there), self.holding(stated)
        if held == own:
            return SAME
        return {0: "none of the options", 1: self.said(held[0]) if held else ""}.get(
            len(held), "not decided"
        )

    def score(self, answer: Answer, measured: Measured) -> Score:
        """Right where the option holds, else off."""
        return Score("right" if answer in self.holding(measured) else "off")

    def shown(self, measured: Measured) -> tuple[tuple[str, str], ...]:
        """Return what was measured or, without an interval, computed, and which option holds."""
        names = self.quantities or ("",)
        rows = []
        for name in names:
            said = f"{name}: " if len(names) > 1 else ""
            value = self.value(measured, name)
            rows.append((labelled(value, self.unit), said + figure(value)))
        found = [self.said(letter) for letter in self.holding(measured)]
        undecided = " or ".join(found) + ": the interval reaches into both"
        told = {0: "none of the options: this run is another one than the question's"}
        return (*rows, ("holds", told.get(len(found), found[0] if len(found) == 1 else undecided)))


def lettered(words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return pairs of a letter and an option's words.

    Example:
        >>> lettered(["a nerve", "a chip"])
        (('a', 'a nerve'), ('b', 'a chip'))
    """
    return tuple((chr(ord("a") + place), text) for place, text in enumerate(words))


def matched(answer: str, options: tuple[tuple[str, str], ...]) -> str:
    """Return the letter of the option that is meant, or "" where none is, or more than one.

    A letter, an option's words, or a part of them that no other option has; in any capitals.

    Example:
        >>> matched("Chip", (("a", "a nerve fibre"), ("b", "a silicon chip")))
        'b'
    """
    said = " ".join(answer.lower().split()).rstrip(").")
    words = {letter: " ".join(text.lower().split()) for letter, text in options}
    if said in words:
        return said
    whole = [letter for letter, text in words.items() if text == said]
    part = [letter for letter, text in words.items() if len(said) > 1 and said in text]
    return next((found[0] for found in (whole, part) if len(found) == 1), "")
