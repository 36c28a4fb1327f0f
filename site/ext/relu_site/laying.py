"""The sources of the site, laid out from the repository: one Markdown file for each page."""

import json
import re
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path

from links import runners

from relu_site import (
    bundle,
    course,
    exercises,
    explorers,
    glossary,
    home,
    ledger,
    questions,
    search,
    stills,
)
from relu_site.course import ROOT
from relu_site.links import linked, upwards
from relu_site.reader import Block, Reader, raw
from relu_site.shelf import Shelf
from relukit.syllabus import COURSE, TASKS, Lesson

SITE = ROOT / "site"
_EXPLORER = re.compile(r"<!-- site: explorer ([\w-]+) -->")
API = (
    "activations", "checks", "datasets", "diagnostics", "errors", "explorers", "figures",
    "gaussian", "initialization", "ledger", "networks", "room", "statistics", "training",
)  # fmt: skip


def lay(folder: Path) -> None:
    """Lay out all sources of the site in a folder, which is emptied first.

    Args:
        folder: outside of what the repository keeps, such as build/site-sources.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shelf = Shelf(folder / "_extra")
    found: list[search.Record] = []
    for document, blocks in _documents(shelf):
        pieces = list(blocks)
        found += search.records(document, pieces)
        _write(folder, document, "\n\n".join(piece.text for piece in pieces))
    for path in SITE.glob("*.md"):
        _write(folder, path.stem, _filled(path.read_text(encoding="utf-8"), shelf))
    _api(folder)
    found += [*search.claim_records(), *glossary.records()]
    (folder / search.RECORDS).write_text(json.dumps(found), encoding="utf-8")
    made = folder / "_made"
    made.mkdir()
    (made / "course.js").write_text(bundle.course_script(), encoding="utf-8")
    shutil.copy(ROOT / "relukit" / "figures" / "film.css", made / "film.css")


def _write(folder: Path, document: str, text: str) -> None:
    path = folder / f"{document}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")


def _documents(shelf: Shelf) -> Iterator[tuple[str, Iterator[Block]]]:
    """Return the pages that are notebooks or documents of the repository, piece by piece."""
    addresses = course.addresses()
    for path, document in course.pages().items():
        up = upwards(document)
        if path.endswith(".md"):
            text = linked((ROOT / path).read_text(encoding="utf-8"), path, document, addresses)
            yield document, iter([Block(text)])
            continue
        notebook = course.notebook(path).copy()
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = linked(cell.source, path, document, addresses)
        bar = launch(path, up, shelf)
        if path.startswith("exercises/"):
            yield document, exercises.blocks(notebook, bar)
        else:
            yield document, Reader(shelf, up, bar).blocks(notebook)


def launch(path: str, up: str, shelf: Shelf) -> str:
    """Return what stands below a page's title: how long it takes, and where it can be run."""
    lesson = COURSE[Path(path).stem]
    name = shelf.put(f"downloads/{path}", (ROOT / path).read_bytes())
    links = [f'<a href="{up}{name}" download>Notebook</a>', *_services(path, course.addresses())]
    minutes = ""
    if path.startswith("exercises/"):
        to = lesson.notebook.removesuffix("ipynb") + "html"
        links.append(f'<a class="next" href="{up}{to}">The {lesson.kind}</a>')
    else:
        minutes = f'<span class="minutes">{lesson.minutes} minutes</span>'
        if page := course.exercises(lesson):
            words = f"{len(TASKS[lesson.name])} exercises"
            to = page.removesuffix("ipynb") + "html"
            links.append(f'<a class="next" href="{up}{to}">{words}</a>')
    return f'<nav class="launch" aria-label="Run this page">{minutes}{"".join(links)}</nav>'


def _services(path: str, addresses: dict[str, str]) -> Iterator[str]:
    """Return a link to each service that runs a notebook, as far as its address is known."""
    for name, address in runners(addresses, path).items():
        yield f'<a href="{escape(address)}">{name}</a>'


def _filled(text: str, shelf: Shelf) -> str:
    """Return a page of site/ with what comes from the course in place of its marks."""
    marks = {
        "race": lambda: home.race(shelf),
        "cards": lambda: home.cards(shelf),
        "tally": home.tally,
        "ledger": ledger.table,
        "glossary": glossary.listed,
        "calibration": questions.calibration,
    }
    for mark, html in marks.items():
        if f"<!-- site: {mark} -->" in text:
            text = text.replace(f"<!-- site: {mark} -->", raw(html()))
    text = _EXPLORER.sub(
        lambda found: raw(explorers.section(found[1], stills.still(found[1], shelf))), text
    )
    return text.replace("<!-- site: contents -->", _contents())


def _contents() -> str:
    """Return the tables of contents, from which the theme makes the sidebar."""

    def tree(caption: str, entries: list[str]) -> str:
        lines = "\n".join(entries)
        return f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{lines}\n```"

    def entry(lesson: Lesson, path: str) -> str:
        return f"{lesson.heading} <{path.removesuffix('.ipynb')}>"

    pages = COURSE.values()
    tasks = [entry(page, course.exercises(page)) for page in pages if page.name in TASKS]
    look_up = (
        "ledger",
        "glossary",
        "by_hand",
        "predictions",
        "api/index",
        "references",
        "running",
        "limits",
    )
    teach = [p for p in course.DOCUMENTS.values() if p.startswith("instructors/")]
    return "\n\n".join(
        (
            tree("Lessons", [entry(page, page.notebook) for page in pages]),
            tree("Exercises", tasks),
            tree("Look up", list(look_up)),
            tree("Teach", [*teach, "credits"]),
        )
    )


def _api(folder: Path) -> None:
    """Write a page for each part of the package whose names are public."""
    entries = []
    for name in API:
        text = (
            f"# relukit.{name}\n\n```{{eval-rst}}\n.. automodule:: relukit.{name}\n"
            "   :members:\n   :imported-members:\n   :exclude-members: set\n```"
        )
        _write(folder, f"api/{name}", text)
        entries.append(name)
    lines = "\n".join(entries)
    text = (SITE / "api" / "index.md").read_text(encoding="utf-8")
    _write(folder, "api/index", f"{text}\n```{{toctree}}\n:maxdepth: 1\n\n{lines}\n```")
