"""The folders beside nbgrader's gradebook: what formgrader shows next to scores and comments."""

import re
from datetime import datetime
from pathlib import Path

from relukit.checks.registry import tasks
from relukit.grading.names import ends_in_hash, readable, slug, visible
from relukit.grading.store import write_whole
from relukit.grading.submission import Submission

LONGEST_ID = 128  # characters of an id in nbgrader's database
LONGEST_CODE = 100_000  # characters of an answer that are shown
LONGEST_NOTE = 1_000  # bytes of a note beside a submission
NOTES = ("timestamp.txt", "submission_secret.txt")  # without which no feedback goes back
_ID = re.compile(rf"[\w@][\w.@ -]{{0,{LONGEST_ID - 1}}}")


def student_id(student: str) -> str:
    """Return the id of a student in nbgrader's gradebook: the name itself where it can be one.

    Example:
        >>> student_id("ada@example.org"), student_id("a/b")
        ('ada@example.org', 'a-b-c14cddc033f64b9d')
    """
    plain = _ID.fullmatch(student) and readable(student) == student
    return student if plain and not ends_in_hash(student) else slug(student)


def handed_in_at(folder: Path, student: str, lesson: str) -> datetime | None:
    """Return the time that `nbgrader collect` noted, which formgrader compares with the score's.

    Args:
        folder: where nbgrader's gradebook is.
        student: the student's name.
        lesson: such as "02_definitions".
    """
    from nbgrader.utils import parse_utc

    file = folder / "submitted" / student_id(student) / lesson / "timestamp.txt"
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > LONGEST_ID:
            return None
        return parse_utc(file.read_text(encoding="utf-8").strip())
    except (OSError, ValueError, OverflowError):
        return None


def write_autograded(submission: Submission, folder: Path) -> Path:
    """Write the answers as `autograded/<student>/<lesson>/<lesson>.ipynb`, and return the path.

    The notebook holds the source of each answer, with what cannot be seen in it written out, and
    no outputs. The notes that nbgrader's exchange put beside the submission are copied, as
    `nbgrader autograde` does: `nbgrader release_feedback` goes by them.

    Args:
        submission: what a student has handed in for one of the course's lessons.
        folder: where nbgrader's gradebook is.
    """
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    cells: list[nbformat.NotebookNode] = []
    for number, task in enumerate(tasks(submission.lesson)):
        source = _shown(submission.answers.get(task.name, ""))
        check = {"grade": True, "solution": False, "locked": True, "points": task.points}
        parts = (
            new_markdown_cell(f"## {task.title}"),
            new_code_cell(source, metadata=_marked(task.name)),
            new_code_cell(f"check({task.name})", metadata=_marked(f"check-{task.name}", **check)),
        )
        for part, cell in enumerate(parts):
            cell["id"] = f"{number}-{part}"  # the same in each run
        cells += parts
    path = folder / "autograded" / student_id(submission.student) / submission.lesson
    path.mkdir(parents=True, exist_ok=True)
    _copy_notes(folder / "submitted" / path.relative_to(folder / "autograded"), path)
    path /= f"{submission.lesson}.ipynb"
    write_whole(path, nbformat.writes(new_notebook(cells=cells)) + "\n")
    return path


def _copy_notes(source: Path, to: Path) -> None:
    for note in (source / name for name in NOTES):
        if note.is_symlink() or not note.is_file() or note.stat().st_size > LONGEST_NOTE:
            continue
        write_whole(to / note.name, note.read_text(encoding="utf-8", errors="replace"))


def _shown(source: str) -> str:
    lines = source[:LONGEST_CODE].expandtabs(4).splitlines()
    return "\n".join(map(visible, lines))


def _marked(name: str, **more: object) -> dict[str, object]:
    known = {"grade": False, "solution": True, "locked": False, "task": False}
    return {"nbgrader": {"schema_version": 3, "grade_id": name, **known, **more}}
