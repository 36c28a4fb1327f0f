"""Write what the pages of the course repeat about its lessons, tasks and claims: `make pages`.

What is written comes from each lesson's lesson.toml, from its tasks, from the ledger of claims,
from docs/plans.toml and from pyproject.toml. In a Markdown file, and in a cell of text, it stands
in marked regions (see regions.py). Headings of lessons and heads of exercises are found without
marks, and so are links to lessons. Every notebook gets the cell by which it runs alone. All else
stays as it is, byte for byte.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import facts
import lengths
import links
import nbformat
import plans
import reaches
import rows
from nbgrader.utils import compute_checksum
from regions import Maker, complete, filled, fixed

from relukit.checks.registry import tasks
from relukit.errors import RelukitError
from relukit.files import write_whole
from relukit.grading.jail.exchange import CELLS
from relukit.ledger import claims
from relukit.notebooks import alone
from relukit.syllabus import COURSE, LESSONS, Lesson

ROOT = Path(__file__).parents[1]
HEADING = re.compile(r"^## (?:\d+\. )?(?P<title>.*?)(?: \(\d+ minutes?\))?$", re.MULTILINE)
TASK_HEAD = re.compile(r"\A## .*\n\n.*")  # a heading, and the sentence that says why

# a notebook's cell, as JSON has it
Cell = dict[str, Any]


def written(root: Path = ROOT) -> dict[Path, str]:
    """Return the new text of each file that is not as it should be.

    Args:
        root: the course's folder.

    Raises:
        RelukitError: a file lacks what is to be written anew, or has it twice.
    """
    makers = _makers(root)
    made = {}
    for path in sorted((*root.glob("*.md"), *root.glob("docs/**/*.md"))):
        place, seen = _name(path, root), set[str]()
        text = filled(path.read_text(encoding="utf-8"), makers.get(place, {}), place, seen)
        complete(makers.get(place, {}), place, seen)
        made[path] = facts.links_named(text)
    for lesson in COURSE.values():
        path = root / lesson.notebook
        made[path] = _lesson(_text(path, root), lesson, makers[_name(path, root)])
    for folder in ("solutions", "exercises"):
        for lesson in (COURSE[name] for name in LESSONS):
            path = root / folder / lesson.name / f"{lesson.name}.ipynb"
            released = folder == "exercises"
            if path.exists() or not released:
                made[path] = _exercises(_text(path, root), lesson, _name(path, root), released)
    return {path: text for path, text in made.items() if text != path.read_text(encoding="utf-8")}


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _text(path: Path, root: Path) -> str:
    if not path.exists():
        raise RelukitError(f"a notebook {_name(path, root)}", "none", "write it first")
    return path.read_text(encoding="utf-8")


def _makers(root: Path) -> dict[str, Mapping[str, Maker]]:
    """Return what makes the regions of each file."""
    lessons = {
        lesson.notebook: {"minutes": fixed(facts.reading_time(lesson))}
        | ({"bill": fixed(facts.bill(name))} if lesson.bill else {})
        for name, lesson in COURSE.items()
    }
    lessons["notebooks/00_start_here.ipynb"]["map"] = fixed(facts.map_table())
    return {
        **lessons,
        "README.md": {
            "lessons": fixed(facts.lessons_table()),
            "links": fixed(links.launchers(links.urls(root))),
        },
        "docs/coverage.md": {"sections": rows.coverage},
        "docs/instructor_guide.md": {
            "plans": fixed(plans.plans(root / "docs" / "plans.toml", _lengths(root))),
            "claims": fixed(str(len(claims()))),
            "limits": fixed(facts.limits()),
            "share": fixed(f"{CELLS:.0%}".replace("%", " %")),
        },
        "docs/ledger_review.md": {
            "verdicts": fixed(reaches.verdicts()),
            "settings": fixed(reaches.settings()),
        },
        "docs/predictions.md": {"predictions": partial(rows.predictions, asked=_asked(root))},
    }


def _lengths(root: Path) -> plans.Lengths:
    """Return how long the sections of each page are."""
    return {name: lengths.lengths(_notebook(root, lesson)) for name, lesson in COURSE.items()}


def _notebook(root: Path, lesson: Lesson) -> Cell:
    found: Cell = json.loads(_text(root / lesson.notebook, root))
    return found


def _asked(root: Path) -> dict[str, dict[str, str]]:
    """Return the claims and questions that each page asks first, each with its answer."""
    asked: dict[str, dict[str, str]] = {}
    met = set[str]()
    for name, lesson in COURSE.items():
        notebook = _notebook(root, lesson)
        stored = lengths.answers(notebook)
        named = [one for cell in notebook["cells"] for one in lengths.asked(cell)]
        asked[name] = {one: lengths.answer(one, stored) for one in named if one not in met}
        met |= {*named}
    return asked


def _source(cell: Cell) -> str:
    return "".join(cell["source"])


def _prose(notebook: Cell) -> Iterator[Cell]:
    return (cell for cell in notebook["cells"] if cell["cell_type"] == "markdown")


def _put(cell: Cell, source: str) -> None:
    cell["source"] = source.splitlines(keepends=True)


def _dumped(notebook: Cell, text: str) -> str:
    """Return a notebook as nbformat writes it, or its old text where it is the same."""
    if notebook == json.loads(text):
        return text
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _lesson(text: str, lesson: Lesson, makers: Mapping[str, Maker]) -> str:
    """Return a lesson's notebook with its headings, its minutes and its tables."""
    notebook, place = json.loads(text), lesson.notebook
    _give_alone(notebook)
    found = [
        title
        for cell in _prose(notebook)
        for title in HEADING.findall(_source(cell))
        if title not in lengths.UNTIMED
    ]
    _compare([section.title for section in lesson.sections], found, place)
    numbers, seen = iter(range(1, len(found) + 1)), set[str]()

    def heading(line: re.Match[str]) -> str:
        return (
            line[0]
            if line["title"] in lengths.UNTIMED
            else facts.section_heading(lesson, next(numbers))
        )

    first = notebook["cells"][0]
    _put(first, _titled(first, facts.title(lesson), place))
    for cell in _prose(notebook):
        source = HEADING.sub(heading, _source(cell))
        source = filled(source, makers, f"{place}, cell {cell['id']}", seen)
        _put(cell, facts.links_named(source))
    complete(makers, place, seen)
    return _dumped(notebook, text)


def _give_alone(notebook: Cell) -> None:
    """Put the cell for notebooks that run alone below the title, where it is missing.

    At home it does nothing and prints nothing, so of what is stored only the counts move on.
    """
    cells = notebook["cells"]
    for cell in cells:
        if cell["id"] == alone.ID:
            return _put(cell, alone.SOURCE)
    stored = [cell for cell in cells if cell["cell_type"] == "code"]
    for counted in (*stored, *(output for cell in stored for output in cell["outputs"])):
        if counted.get("execution_count") is not None:
            counted["execution_count"] += 1
    run = any(cell["execution_count"] for cell in stored)
    made = {
        "cell_type": "code",
        "execution_count": 1 if run else None,
        "id": alone.ID,
        "metadata": {"jupyter": {"source_hidden": True}, "tags": [alone.TAG]},
        "outputs": [],
    }
    _put(made, alone.SOURCE)
    cells.insert(1, made)
    return None


def _titled(cell: Cell, title: str, place: str) -> str:
    """Return the text of a notebook's first cell under another title."""
    if not (source := _source(cell)).startswith("# "):
        do = "begin it with # and a title"
        raise RelukitError(f"a title in the first cell of {place}", repr(source[:40]), do)
    return title + source[len(source.splitlines()[0]) :]


def _compare(titles: list[str], found: list[str], place: str) -> None:
    """Raise where a notebook's sections are not those of its lesson.toml, new titles aside."""
    do = "give notebook and lesson.toml the same sections in the same order"
    if len(titles) != len(found):
        got = f"{len(found)}: {', '.join(found)}"
        raise RelukitError(f"{len(titles)} sections in {place}, as lesson.toml has", got, do)
    for number, (title, other) in enumerate(zip(titles, found, strict=True), start=1):
        if title != other and other in titles:
            raise RelukitError(f"{title!r} as section {number} of {place}", repr(other), do)


def _exercises(text: str, lesson: Lesson, place: str, released: bool) -> str:
    """Return a notebook of exercises with its first cell, the heads of its tasks and points.

    Args:
        text: the notebook's file.
        lesson: which it belongs to.
        place: its name.
        released: whether a task that it lacks is only not released yet.

    Raises:
        RelukitError: the first cell has no title; or a task has no cells, or no heading.
    """
    notebook = json.loads(text)
    _give_alone(notebook)
    intro, *others = notebook["cells"]
    cells = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in others}
    _titled(intro, "", place)
    _put(intro, facts.intro(lesson))
    for cell in _prose(notebook):
        _put(cell, facts.links_named(_source(cell)))
    for number, task in enumerate(tasks(lesson.name), start=1):
        missing = {f"{task.name}-text", f"check-{task.name}"} - cells.keys()
        if missing and released:
            continue
        if missing:
            expected = f"a cell with the grade_id {min(missing)!r} in {place}"
            raise RelukitError(expected, "none", "give it to the task's cell, as its neighbours do")
        head, check = cells[f"{task.name}-text"], cells[f"check-{task.name}"]
        source = _source(head)
        if not (old := TASK_HEAD.match(source)):
            do = "begin it with ## and a line that says why"
            raise RelukitError(f"a heading in the text of {task.name} in {place}", source[:40], do)
        _put(head, facts.links_named(facts.task_head(task, number)) + source[old.end() :])
        check["metadata"]["nbgrader"]["points"] = task.points
        for cell in (head, check):
            _checked(cell)
    return _dumped(notebook, text)


def _checked(cell: Cell) -> None:
    """Give a released cell the checksum by which nbgrader sees that nobody changed it."""
    entry = cell["metadata"]["nbgrader"]
    if "checksum" in entry:
        entry["checksum"] = compute_checksum(nbformat.from_dict(cell | {"source": _source(cell)}))


def main(root: Path = ROOT) -> int:
    """Write the files that are not as they should be, and say which; 2 where one cannot be."""
    try:
        changed = written(root)
    except RelukitError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for path, text in changed.items():
        write_whole(path, text)
        sys.stdout.write(f"wrote {_name(path, root)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
