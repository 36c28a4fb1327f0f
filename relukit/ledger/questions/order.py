"""An order of items by what is measured of each."""

import itertools
from dataclasses import dataclass
from typing import ClassVar

from relukit.ledger.finding import Measured, ends
from relukit.ledger.questions.choice import lettered, matched
from relukit.ledger.questions.question import Question, Score, figure, mean, with_unit
from relukit.quantities import typed
from relukit.record import Answer


@dataclass(frozen=True)
class Item:
    """One of the things to put in order.

    Attributes:
        says: the item in words.
        short: one word of its own, by which it is kept and printed.
        what: the name of the quantity that gives it its place; "" takes `says`.
    """

    says: str
    short: str
    what: str = ""

    @property
    def quantity(self) -> str:
        """The name of the quantity that gives it its place."""
        return self.what or self.says


@dataclass(frozen=True, kw_only=True)
class Order(Question):
    """An order: right where every pair is, close where one pair of neighbours is swapped, else off.

    A pair whose intervals overlap, or whose numbers are equal, counts as right either way.

    Attributes:
        items: two or more, in an order that does not give the answer away.
        first: which end comes first, such as "earliest": the one of the smallest number.
        last: which comes last, such as "latest".
    """

    KIND: ClassVar[str] = "order"
    items: tuple[Item, ...]
    first: str = "smallest"
    last: str = "largest"

    def __post_init__(self) -> None:
        super().__post_init__()
        names = [item.short for item in self.items]
        if len(names) < 2 or len(set(names)) < len(names):
            raise self.amiss(
                "two items or more, each with a short name of its own", str(names), "rename them"
            )
        if any(not name or " " in name for name in names):
            raise self.amiss("one word as an item's short name", str(names), "shorten it")

    @property
    def quantities(self) -> tuple[str, ...]:
        """The name of what is measured of each item."""
        return tuple(item.quantity for item in self.items)

    @property
    def lettered(self) -> tuple[tuple[str, str], ...]:
        """Each letter with its item."""
        return lettered(item.says for item in self.items)

    @property
    def how(self) -> str:
        """How it is answered."""
        shorts = ", ".join(item.short for item in self.items)
        return (
            f"Replace ... by a list of all {len(self.items)} in your order, from the {self.first} "
            f"to the {self.last}: their letters, or in short {shorts}."
        )

    @property
    def rule(self) -> str:
        """What counts as right and as close."""
        return "right if every pair is in order; close if one pair of neighbours is swapped"

    def read(self, answer: object) -> Answer:
        """Return the short names, in the learner's order."""
        entries = self.listed(answer, len(self.items), "items")
        found = [self._item(entry) for entry in entries]
        twice = sorted({name for name in found if found.count(name) > 1})
        if twice:
            missing = [item.short for item in self.items if item.short not in found]
            got = f"{', '.join(twice)} twice, and no {', '.join(missing)}"
            raise self.refused("each item once", got)
        return tuple(found)

    def _item(self, entry: object) -> str:
        wanted = "items out of " + ", ".join(item.short for item in self.items)
        if not isinstance(entry, str):
            raise self.refused(wanted, typed(entry), kind=True)
        said = " ".join(entry.lower().split())
        shorts = {item.short.lower(): item.short for item in self.items}
        if said in shorts:
            return shorts[said]
        begun = [
            short for lower, short in shorts.items() if len(said) > 1 and lower.startswith(said)
        ]
        if len(begun) == 1:
            return begun[0]
        letter = matched(entry, self.lettered)
        if not letter:
            raise self.refused(wanted, repr(entry))
        return self.items[ord(letter) - ord("a")].short

    def said(self, answer: Answer) -> str:
        """Return the order in short."""
        return ", ".join(map(str, answer))  # type: ignore[arg-type]

    def _swapped(self, answer: Answer, measured: Measured) -> int:
        """Return how many pairs stand the wrong way round."""
        places = {item.short: item.quantity for item in self.items}
        values = [self.value(measured, places[name]) for name in answer]  # type: ignore[index, union-attr]
        return sum(
            ends(one)[0] > ends(other)[1] for one, other in itertools.combinations(values, 2)
        )

    def settled(self, measured: Measured) -> Answer:
        """Return the items' short names in their measured order."""

        def place(item: Item) -> float:
            return mean(self.value(measured, item.quantity))

        return tuple(item.short for item in sorted(self.items, key=place))

    def score(self, answer: Answer, measured: Measured) -> Score:
        """Right, close or off by the number of pairs that stand the wrong way round."""
        wrong, n = self._swapped(answer, measured), len(self.items)
        if not wrong:
            return Score("right")
        said = f"{wrong} of {n * (n - 1) // 2} pairs"
        return Score("close" if wrong == 1 else "off", said)

    def shown(self, measured: Measured) -> tuple[tuple[str, str], ...]:
        """Return the items in their measured order."""
        rows = [(self.value(measured, item.quantity), item) for item in self.items]
        rows.sort(key=lambda row: mean(row[0]))
        return tuple(
            (f"{place}.", f"{item.says}: {with_unit(figure(value), self.unit)}")
            for place, (value, item) in enumerate(rows, start=1)
        )
