"""Predictions on a page: a question as a section that reads well and, with the script, judges.

The site measures nothing: what a question came to is read from its notebook's stored verdict.
"""

import json
import re
from collections.abc import Iterable
from html import escape
from typing import Any

from relukit.errors import InvalidValueError
from relukit.ledger import claim
from relukit.ledger.finding import ends as bounds
from relukit.ledger.questions import Choice, Number, Order, Question, Sketch
from relukit.ledger.questions.judged import Judged
from relukit.ledger.questions.number import CLOSE, RIGHT
from relukit.ledger.questions.question import Asked, mean
from relukit.ledger.questions.sketch import CLOSE as SKETCH_CLOSE
from relukit.ledger.questions.sketch import RIGHT as SKETCH_RIGHT
from relukit.ledger.stored import Rows, answer_rows, printed

_HOLDING = re.compile(r"(?:^| or )([a-z])\) ")


def section(asked: Asked, stored: str | None = None) -> str:
    """Return a question or a claim as HTML, with all that the script judges by.

    Args:
        asked: what is asked.
        stored: the text of a verdict that holds its answer; None takes the notebooks'.

    Raises:
        InvalidValueError: no notebook holds the verdict, or it answers another question.
    """
    name = escape(asked.id)
    options = "".join(f"<li>{escape(words)}</li>" for _, words in asked.lettered)
    listed = f'<ol type="a" class="options">{options}</ol>' if options else ""
    data = json.dumps(record(asked, stored), ensure_ascii=False).replace("</", "<\\/")
    kind = asked.KIND if isinstance(asked, Question) else Choice.KIND
    return (
        f'<section class="prediction" data-id="{name}" data-kind="{kind}"'
        f' aria-labelledby="asks-{name}">'
        f'<p class="eyebrow">{_eyebrow(asked)}</p>'
        f'<p class="asks" id="asks-{name}">{escape(asked.asks)}</p>{_said_by(asked)}{listed}'
        f'<p class="without">In the notebook: <code>predict("{name}", ...)</code></p>'
        f'<script type="application/json" class="question">{data}</script></section>'
    )


def reveal(ids: Iterable[str]) -> tuple[str, str]:
    """Return the HTML before and after what unfolds once all of these are predicted."""
    names = escape(" ".join(ids))
    return (
        f'<details class="reveal" data-ids="{names}"><summary>'
        '<span class="before">Guess first. Then unfold what was measured</span>'
        '<span class="after">How it came out</span></summary><div>',
        "</div></details>",
    )


def calibration() -> str:
    """Return the place of the learner's own predictions, which the script fills."""
    return (
        '<section class="calibration"><p class="without">Your predictions stay in this browser. '
        "With a script, this page counts them.</p></section>"
    )


def record(asked: Asked, stored: str | None = None) -> dict[str, Any]:
    """Return what the script needs to ask, judge and answer, as plain data.

    Args:
        asked: what is asked.
        stored: as in `section`.
    """
    if isinstance(asked, Judged):
        entry = claim(asked.id)
        found: dict[str, Any] = {
            "options": [[word, word] for word in _words(asked)],
            "holds": [entry.verdict],
            "rows": [["verdict", entry.verdict]],
            "because": entry.correct,
        }
    else:
        assert isinstance(asked, Question)
        rows = answer_rows(asked, stored)
        found = _facts(asked, rows) | {
            "rows": rows,
            "because": asked.because,
            "unit": asked.unit,
            "rule": asked.rule,
        }
    kind = asked.KIND if isinstance(asked, Question) else Choice.KIND
    return {"id": asked.id, "kind": kind, "least": round(asked.least_sure)} | found


def ends(text: str) -> tuple[float, float, float]:
    """Return mean, low and high of a value as it is printed; thrice the same without an interval.

    Example:
        >>> ends("5.0 [4.0, 6.0] (16 seeds, 95 %)"), ends("1941")
        ((5.0, 4.0, 6.0), (1941.0, 1941.0, 1941.0))
    """
    value = printed(text)
    return (mean(value), *bounds(value))


def _facts(question: Question, rows: Rows) -> dict[str, Any]:
    """Return what belongs to one kind: what can be answered, and what holds."""
    match question:
        case Choice():
            held = dict(rows)["holds"]
            return {"options": question.lettered, "holds": _HOLDING.findall(held)}
        case Number():
            ((_, text),) = rows
            value = ends(text)
            right, close = question.right, question.close
            return {
                "value": value,
                "right": RIGHT * abs(value[0]) if right is None else right,
                "close": CLOSE * abs(value[0]) if close is None else close,
            }
        case Order():
            values = {
                item.short: ends(text.removeprefix(f"{item.says}: "))
                for _, text in rows
                for item in question.items
                if text.startswith(f"{item.says}: ")
            }
            items = [[item.short, item.says, values[item.short]] for item in question.items]
            return {"items": items, "first": question.first, "last": question.last}
        case Sketch():
            return {
                "at": question.at,
                "x": question.x_name,
                "y": question.y_name,
                "values": [ends(text) for _, text in rows],
                "right": SKETCH_RIGHT,
                "close": SKETCH_CLOSE,
            }
    raise InvalidValueError("a kind of question with a page", question.KIND, "add it here")


def _words(asked: Judged) -> list[str]:
    """Return the verdicts between which a claim is predicted, in the ledger's order."""
    return re.findall(r"'([^']+)'", asked.how)


def _eyebrow(asked: Asked) -> str:
    return "Predict what becomes of this claim" if isinstance(asked, Judged) else "Predict"


def _said_by(asked: Asked) -> str:
    if not isinstance(asked, Judged):
        return ""
    said = " &middot; ".join(escape(str(saying.source)) for saying in claim(asked.id).said_by)
    return f'<p class="said">in print: {said}</p>'
