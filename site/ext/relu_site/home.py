"""The first page: the course's question, the race, a prediction, the lessons."""

import base64
import tomllib
from html import escape

from nbformat import NotebookNode

from relu_site import course, outputs
from relu_site.shelf import Shelf
from relukit.ledger import claims
from relukit.syllabus import COURSE, TASKS, Lesson

_CARDS = course.ROOT / "site" / "cards.toml"  # the cell whose picture stands for each page


def stored(lesson: Lesson, call: str) -> NotebookNode:
    """Return the stored output with a picture of the cell that begins so.

    Raises:
        ValueError: no cell of the notebook begins so and stores a picture.
    """
    for cell in course.notebook(lesson.notebook).cells:
        if cell.cell_type == "code" and cell.source.startswith(call):
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    return output
    do = "name another in site/cards.toml"
    raise ValueError(
        f"Expected a cell {call!r} with a picture in {lesson.notebook}, got none: {do}."
    )


def film(lesson: Lesson, call: str, shelf: Shelf) -> str:
    """Return a lesson's film, or a picture, for the first page."""
    return outputs.shown(stored(lesson, call), shelf, "")


def cards(shelf: Shelf) -> str:
    """Return a card for each lesson and each deeper page."""
    calls = tomllib.loads(_CARDS.read_text(encoding="utf-8"))
    items = "".join(_card(lesson, calls[lesson.name], shelf) for lesson in COURSE.values())
    return f'<ul class="cards">{items}</ul>'


def _card(lesson: Lesson, call: str, shelf: Shelf) -> str:
    picture = base64.b64decode(stored(lesson, call).data["image/png"])
    to = lesson.notebook.removesuffix("ipynb") + "html"
    told = lesson.teaser or lesson.settles
    asked = len(claims(lesson=lesson.name))
    meta = [f"{lesson.minutes} min", f"{asked} claims in print" if asked else ""]
    if tasks := TASKS.get(lesson.name):
        page = course.exercises(lesson).removesuffix("ipynb") + "html"
        meta.append(f'<a href="{page}">{len(tasks)} exercises</a>')
    still = f'src="{shelf.thumbnail(picture)}" alt="" width="320" height="180"'
    return (
        f"<li><img data-{still}><noscript><img {still}></noscript>"
        f'<div><h3><a href="{to}"><span class="number">{lesson.name[:2]}</span> '
        f"{escape(lesson.title)}</a></h3><p>{escape(told)}</p>"
        f'<p class="meta">{"".join(f"<span>{part}</span>" for part in meta if part)}</p></div></li>'
    )


def tally() -> str:
    """Return how many claims got which verdict, each a link into the ledger."""
    count: dict[str, int] = {}
    for claim in claims():
        count[claim.verdict] = count.get(claim.verdict, 0) + 1
    bars = "".join(
        f'<a class="badge-{verdict.replace(" ", "-")}" href="ledger.html?verdict='
        f'{verdict.replace(" ", "+")}" style="flex-grow: {number}">'
        f"<strong>{number}</strong> {verdict}</a>"
        for verdict, number in sorted(count.items(), key=lambda pair: -pair[1])
    )
    label = f"Verdicts on {len(claims())} claims"
    return f'<div class="tally" role="group" aria-label="{label}">{bars}</div>'
