"""What the site takes from the course's folder: its notebooks and its addresses."""

import tomllib
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from relukit.syllabus import COURSE, LESSONS, Lesson

ROOT = Path(__file__).parents[3]

# pages of the site that are files of the repository, besides notebooks and exercises
DOCUMENTS = {
    "REFERENCES.md": "references",
    "docs/how_to_run.md": "running",
    "docs/limits.md": "limits",
    "docs/instructor_guide.md": "instructors/guide",
    "docs/predictions.md": "instructors/predictions",
    "docs/coverage.md": "instructors/coverage",
}
LEDGER = "ledger"


def exercises(lesson: Lesson) -> str:
    """Return where a page's exercises stand, from the course's folder; "" where it has none."""
    return f"exercises/{lesson.name}/{lesson.name}.ipynb" if lesson.name in LESSONS else ""


@cache
def pages() -> dict[str, str]:
    """Return the document of the site for each file of the repository that is one."""
    found = dict(DOCUMENTS)
    for lesson in COURSE.values():
        for path in filter(None, (lesson.notebook, exercises(lesson))):
            found[path] = path.removesuffix(".ipynb")
    return found


@cache
def notebook(path: str) -> NotebookNode:
    """Return a stored notebook.

    Args:
        path: from the course's folder.
    """
    return nbformat.read(ROOT / path, as_version=4)


@cache
def addresses() -> dict[str, str]:
    """Return `[project.urls]`: what is not set there gets no link anywhere."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project.get("urls", {})
