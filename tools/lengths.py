"""How long a section is, and which answers a lesson stores: read from its notebook.

A reader takes as long as the words need, and 1.5 minutes more for each prediction, and a quarter
of a minute for each frame of a film. Folded text doesn't count, and a table counts half. What a
word takes follows from how long first readers took for the whole lesson.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from relukit.ledger import claim
from relukit.ledger.questions import question
from relukit.ledger.questions.choice import Choice
from relukit.ledger.questions.order import Order
from relukit.ledger.questions.question import with_unit
from relukit.ledger.questions.sketch import Sketch

PREDICTED = re.compile(r'predict\("([\w-]+)"')
PREDICTION, FRAME = 1.5, 0.25  # minutes
UNTIMED = ("The bill", "Summary", "References", "Exercises")  # headings of every lesson
SHORT = 6  # characters of a number; a longer one is rounded
SECTION = re.compile(r"^## (?:\d+\. )?(?P<title>.*?)(?: \(\d+ minutes?\))?$", re.MULTILINE)
UNREAD = re.compile(r"<details.*?</details>|<!--.*?-->", re.DOTALL)
TABLE = re.compile(r"^\|.*$", re.MULTILINE)
WORD = re.compile(r"\w[\w'’.,^-]*")
FRAMES = re.compile(r"@keyframes f\d+")
# what learners move or write themselves: an explorer, a film that is a knob, a cell to change
HANDS = re.compile(r"^explorers\.|^figures\.(?:knob|adopted)\(|^yours = ", re.MULTILINE)
CHECKED = re.compile(r"^check\(", re.MULTILINE)  # an exercise in the lesson itself


@dataclass
class Length:
    """What there is to read and to do in one section."""

    words: float = 0
    predictions: int = 0
    frames: int = 0
    exercises: int = 0
    hands: bool = False

    @property
    def beside(self) -> float:
        """The minutes that its words don't take."""
        return PREDICTION * self.predictions + FRAME * self.frames


def asked(cell: Mapping[str, Any]) -> list[str]:
    """Return the claims and questions that a cell asks about."""
    return PREDICTED.findall("".join(cell["source"]))


def lengths(notebook: Mapping[str, Any]) -> tuple[Length, ...]:
    """Return how long the sections of a notebook are, in their order.

    Args:
        notebook: as JSON has it.
    """
    found: dict[str, Length] = {}
    last = ""
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            for title, text in _texts(UNREAD.sub("", source), last):
                last = title
                if title and title not in UNTIMED:
                    tables = "\n".join(TABLE.findall(text))
                    prose = len(WORD.findall(TABLE.sub("", text)))
                    length = found.setdefault(title, Length())
                    length.words += prose + len(WORD.findall(tables)) / 2
        elif last in found:
            found[last].predictions += len(asked(cell))
            found[last].exercises += len(CHECKED.findall(source))
            found[last].hands |= bool(HANDS.search(source) or CHECKED.search(source))
            shown = ("".join(o.get("data", {}).get("text/html", "")) for o in cell["outputs"])
            found[last].frames += sum(len(FRAMES.findall(html)) for html in shown)
    return tuple(found.values())


def _texts(text: str, title: str) -> Iterator[tuple[str, str]]:
    """Return the parts of a text, each with the title of the section it belongs to."""
    starts = [*SECTION.finditer(text)]
    ends = [start.start() for start in starts] + [len(text)]
    yield title, text[: ends[0]]
    for start, end in zip(starts, ends[1:], strict=True):
        yield start["title"], text[start.end() : end]


def shared(sections: Sequence[Length], minutes: float) -> list[float]:
    """Return the minutes of each section, where the whole lesson takes so many.

    Example:
        >>> shared([Length(words=100), Length(words=50, predictions=1)], 7.5)
        [4.0, 3.5]
    """
    left = minutes - sum(section.beside for section in sections)
    words = sum(section.words for section in sections)
    return [section.words / words * left + section.beside for section in sections]


def answers(notebook: Mapping[str, Any]) -> dict[str, str]:
    """Return what each question of a notebook was answered by, as its stored verdict has it."""
    found: dict[str, str] = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            text = "".join(output.get("data", {}).get("text/plain", ""))
            for part in re.split(r"(?m)^(?=[\w-]+: )", text):
                if head := re.match(r"([\w-]+): the answer\n", part):
                    found[head[1]] = _answer(head[1], part)
    return found


def answer(name: str, stored: Mapping[str, str]) -> str:
    """Return a question's stored answer, or a claim's verdict; "" where nothing is stored."""
    return stored.get(name, "") if question(name) else claim(name).verdict


def _answer(name: str, printed: str) -> str:
    """Return the right answer in short, from what a verdict prints: letters, or numbers."""
    entry = question(name)
    if isinstance(entry, Choice):
        held = re.search(r"^  holds +(.+)$", printed, re.MULTILINE)
        return ", ".join(re.findall(r"(?:^| or )([a-z])\)", held[1])) if held else ""
    if isinstance(entry, Order):
        shorts = {item.says: item.short for item in entry.items}
        placed = re.findall(r"^  \d+\. +(.+?): [^:]*$", printed, re.MULTILINE)
        return ", ".join(shorts[says] for says in placed)
    label = r"(?:measured|computed)(?: \(.*?\))?"
    if isinstance(entry, Sketch):
        label = rf"[\d.]+ {re.escape(entry.x_name)}"
    values = re.findall(rf"^  {label} +([-+\d.e]+)", printed, re.MULTILINE)
    return with_unit(", ".join(map(_short, values)), entry.unit)


def _short(value: str) -> str:
    return value if len(value) < SHORT else f"{float(value):.3g}"
