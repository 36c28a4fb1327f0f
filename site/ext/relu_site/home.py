"""The first page: who wins the race, the race itself once that is answered, the lessons."""

import base64
import io
from html import escape

from picture import BEGINS, stored
from PIL import Image

from relu_site import course, outputs, questions
from relu_site.shelf import Shelf
from relukit.figures.canvas import SHARP
from relukit.ledger import claims
from relukit.ledger.predictions import asked_as
from relukit.syllabus import COURSE, TASKS, Lesson

FIRST = "which-half"
WHY = (
    'A ReLU network begins by throwing away <em class="off">about half</em> of what its units '
    'compute. Why does it end up beating the one that <em class="on">keeps everything</em>?'
)


def race(shelf: Shelf) -> str:
    """Return the race before it begins, who wins it as a question, and the race, which unfolds."""
    with Image.open(BEGINS) as image:
        image.seek(1)  # behind the still picture, which a viewer without animation shows
        out = io.BytesIO()
        image.save(out, format="png")
        width, height = (side // SHARP for side in image.size)
        about = {"alt": image.text["Description"], "width": width, "height": height}
    begins = outputs.picture(out.getvalue(), about, shelf, "")
    before, after = questions.reveal([FIRST])
    film = outputs.shown(stored(COURSE["00_start_here"], "figures.race()"), shelf, "")
    return (
        f'<div class="figure">{begins}</div><div class="guess">'
        f'{questions.section(asked_as(FIRST))}{before}{film}<p class="why">{WHY}</p>{after}</div>'
    )


def cards(shelf: Shelf) -> str:
    """Return a card for each lesson and each deeper page."""
    items = "".join(_card(lesson, shelf) for lesson in COURSE.values())
    return f'<ul class="cards">{items}</ul>'


def _card(lesson: Lesson, shelf: Shelf) -> str:
    picture = base64.b64decode(stored(lesson).data["image/png"])
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
