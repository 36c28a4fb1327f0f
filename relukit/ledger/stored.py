"""What was measured, read from the verdicts that the lessons' notebooks keep: nothing runs."""

import json
import re
from collections.abc import Mapping
from functools import cache

from relukit.errors import InvalidValueError
from relukit.handout.source import root
from relukit.ledger.finding import Measured, Value
from relukit.ledger.questions import Choice, Order, Question
from relukit.ledger.questions.question import scaled
from relukit.statistics import Interval

_NUMBER = r"-?(?:[\d.]+(?:e[+-]?\d+)?|inf|nan)"
_VALUE = re.compile(
    rf"({_NUMBER})(?: \[({_NUMBER}), ({_NUMBER})\] \((\d+) ([^,()]+), ([\d.]+) %\))?"
)

Rows = tuple[tuple[str, str], ...]


def answer_rows(question: Question, stored: str | None = None) -> Rows:
    """Return the rows of a stored verdict between what was said and why: what was measured.

    Args:
        question: what was asked.
        stored: the text of a verdict that holds its answer; None takes the notebooks'.

    Raises:
        InvalidValueError: no notebook holds the verdict, or it answers another question.

    Example:
        >>> from relukit.ledger.questions import question
        >>> answer_rows(question("kink"))
        (('computed', '-3'),)
    """
    text = _verdicts().get(question.id, "") if stored is None else stored
    lines = [line for line in text.splitlines() if line.startswith("  ")]
    asks = " ".join(question.asks.split())
    if not lines or not lines[0].endswith(f" {asks}"):
        do = "run its notebook again: make notebooks"
        got = lines[0].strip() if lines else "none"
        raise InvalidValueError(f"a stored verdict on {question.id!r}", got, do)
    column = len(lines[0]) - len(asks)
    rows = tuple((line[:column].strip(), line[column:].strip()) for line in lines)
    labels = [label for label, _ in rows]
    return rows[labels.index("you said") + 1 : labels.index("because")]


def printed(text: str) -> Value:
    """Return the value that begins a text: an interval as it prints itself, or a number.

    Raises:
        InvalidValueError: it begins with no number.

    Example:
        >>> printed("5.0 [4.0, 6.0] (16 seeds, 95 %)").high, printed("1941")
        (6.0, 1941.0)
    """
    found = _VALUE.match(text)
    if not found:
        raise InvalidValueError("a printed number", repr(text), "print it as an Interval")
    if not found[2]:
        return float(found[1])
    mean, low, high = (float(found[k]) for k in (1, 2, 3))
    return Interval(mean, low, high, int(found[4]), float(found[6]) / 100, found[5])


def stored_measured(question: Question, stored: str | None = None) -> Measured:
    """Return what a stored verdict says was measured, by name, to the digits that it prints.

    Args:
        question: what was asked.
        stored: as in `answer_rows`.

    Returns:
        As the question's experiment returns it, so that the question judges answers by it.

    Raises:
        InvalidValueError: no notebook holds the verdict, or it answers another question.

    Example:
        >>> from relukit.ledger.questions import question
        >>> question("kink").score(-3, stored_measured(question("kink")))
        Score(outcome='right', distance='')
    """
    rows = answer_rows(question, stored)
    names = question.quantities or ("",)
    if isinstance(question, Order):
        said = {item.says: item.quantity for item in question.items}
        found = {
            name: printed(text.removeprefix(f"{says}: "))
            for _, text in rows
            for says, name in said.items()
            if text.startswith(f"{says}: ")
        }
    else:
        texts = [text for label, text in rows if label != "holds" or type(question) is not Choice]
        several = isinstance(question, Choice) and len(names) > 1
        found = {
            name: printed(text.removeprefix(f"{name}: ") if several else text)
            for name, text in zip(names, texts, strict=True)
        }
    return {name: scaled(value, 1 / question.times) for name, value in found.items()}


@cache
def _verdicts() -> Mapping[str, str]:
    """Return the stored text of each verdict in the notebooks, by its question or claim."""
    found: dict[str, str] = {}
    for path in sorted((root() / "notebooks").rglob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] != "code" or "verdict(" not in "".join(cell["source"]):
                continue
            for output in cell["outputs"]:
                text = "".join(output.get("data", {}).get("text/plain", ""))
                for block in re.split(r"\n(?=\S)", text):
                    found.setdefault(block.partition(":")[0], block)
    return found
