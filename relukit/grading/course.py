"""The course's own notebooks: they say what surrounds the answers, and no submission does."""

import json
from pathlib import Path

import relukit
from relukit.errors import UnavailableError, unknown_name
from relukit.grading.shelter import started_in
from relukit.grading.submissions.answers import Released
from relukit.grading.submissions.cells import read_cells
from relukit.handout.source import root
from relukit.syllabus import LESSONS

SET_UP = "imports"  # the id of the cell that every exercise notebook begins with


def course_folder() -> Path:
    """Return the folder that holds `exercises/`: the package's own, else the one of the start.

    The folder of the start may hold submissions, and a student's folder may be called `exercises`.
    So it is the course's only where the package lies in none, and only in a copy of this release.

    Raises:
        UnavailableError: neither does.
    """
    own, here = root(), started_in()
    if _has_exercises(own):
        return own
    if _has_exercises(here) and _is_of_this_release(here):
        return here
    raise UnavailableError(
        "the course's exercises/ of this release, with its relukit/ beside them",
        f"none in {here}",
        "run this in the course's folder",
    )


def lesson_named(text: str | None) -> str | None:
    """Return the lesson that a text names: by its whole name, its number or the rest of its name.

    Args:
        text: as it was typed; None stays None.

    Raises:
        RelukitError: it names no lesson, or several.

    Example:
        >>> lesson_named("02_definitions"), lesson_named("2"), lesson_named("Definitions")
        ('02_definitions', '02_definitions', '02_definitions')
        >>> lesson_named("d2")
        'D2_numbers_at_the_edge'
    """
    if text is None or text in LESSONS:
        return text
    words = text.strip().casefold().replace("-", "_").replace(" ", "_")
    named = {
        lesson
        for lesson in LESSONS
        for number, _, title in [lesson.casefold().partition("_")]
        if words in (lesson.casefold(), title, number, number.lstrip("0"))
    }
    if len(named) != 1:
        raise unknown_name("lesson", text, LESSONS)
    return named.pop()


def must_be_no_submission(folder: Path, submissions: Path) -> None:
    """Look where the course's folder lies, unless it is the package's own.

    Args:
        folder: the course's.
        submissions: a folder, or a file.

    Raises:
        UnavailableError: it is a student's, or may be.
    """
    theirs = folder.resolve().is_relative_to(submissions.resolve())
    if theirs and folder != root():
        raise UnavailableError(
            "a course's folder that no student has handed in",
            f"{folder}, among the submissions",
            "keep the submissions in a folder of their own, beside the course's",
        )


def _has_exercises(folder: Path) -> bool:
    return any((folder / "exercises").glob("*/*.ipynb"))


def _is_of_this_release(folder: Path) -> bool:
    there = folder / "relukit" / "__init__.py"
    return there.is_file() and there.read_bytes() == Path(relukit.__file__).read_bytes()


def set_ups(folder: Path) -> dict[str, str]:
    """Return the source of the cell with imports, by lesson.

    Args:
        folder: holds `exercises/`.
    """
    found = {}
    for lesson in LESSONS:
        path = folder / "exercises" / lesson / f"{lesson}.ipynb"
        if not path.is_file():
            continue
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]  # nbformat takes a second
        for cell in cells:
            if cell.get("id") == SET_UP:
                found[lesson] = "".join(cell["source"])
    return found


def released(folder: Path) -> dict[str, Released]:
    """Return the stubs and, where they are there, the model answers, by lesson.

    Args:
        folder: holds `exercises/` and perhaps `solutions/`.
    """
    stubs, models = (_texts(folder / name) for name in ("exercises", "solutions"))
    return {lesson: Released(stubs[lesson], models[lesson]) for lesson in LESSONS}


def texts_to_read(folder: Path, lesson: str) -> frozenset[str]:
    """Return the texts of the cells of a lesson's own notebook, the one that is read.

    Args:
        folder: holds `notebooks/`.
        lesson: such as "02_definitions".
    """
    paths = (folder / "notebooks").rglob(f"{lesson}.ipynb")
    return frozenset(
        (cell.source or "").strip() for path in paths for cell in read_cells(path.read_bytes())
    )


def _texts(folder: Path) -> dict[str, dict[str, str]]:
    """Return the source of each cell that nbgrader knows, by lesson and the cell's grade_id."""
    found: dict[str, dict[str, str]] = {lesson: {} for lesson in LESSONS}
    for lesson, texts in found.items():
        path = folder / lesson / f"{lesson}.ipynb"
        if path.is_file():
            cells = read_cells(path.read_bytes())
            texts |= {cell.grade_id: cell.source or "" for cell in cells if cell.grade_id}
    return found


def secret_places(folder: Path) -> tuple[Path, ...]:
    """Return what of the course no answer may see: solutions and all that tests them."""
    names = ("solutions", "tests", "exercises", ".git", "submitted", "gradebook.db", "release")
    return tuple(folder / name for name in names)
