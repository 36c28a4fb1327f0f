"""Scores and comments in nbgrader's gradebook, through its own interface, for formgrader to show.

A lesson is an assignment and its one notebook; a task's check cell holds the score, and its answer
cell the comment. Scores and comments that a person has entered stay.
"""

import contextlib
import os
import subprocess
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from relukit.errors import UnavailableError
from relukit.grading.names import readable
from relukit.grading.reports.autograded import handed_in_at, student_id, write_autograded
from relukit.grading.reports.gradebook import arrange
from relukit.grading.reports.report import points, rows
from relukit.grading.result import Result
from relukit.grading.submission import Submission

if TYPE_CHECKING:
    from nbgrader.api import Grade, Gradebook


def write_nbgrader(
    results: Iterable[Result],
    database: str | Path,
    *,
    course: str = "relukit",
    submissions: Iterable[Submission] = (),
) -> None:
    """Write the scores and what was said about the answers into nbgrader's gradebook.

    Assignments, cells and students are added where they are missing. Writing the same results
    again changes nothing. Where an answer has no score, the cell has none, either, and needs
    grading by hand. A student who handed in nothing gets no submission.

    Args:
        results: at most one for each student and task.
        database: a file such as "gradebook.db", new or nbgrader's own, or a database's URL.
        course: the course's id, for a new gradebook.
        submissions: the answers; with them, what formgrader shows beside the scores is written to
            the folder "autograded" beside the file. A URL has no such folder.

    Raises:
        UnavailableError: nbgrader is not installed, or cannot use the database.
        InvalidValueError: there are two results for one task of one student.
    """
    book = arrange(results)
    api = _nbgrader()
    from sqlalchemy.exc import SQLAlchemyError

    url = str(database) if "://" in str(database) else f"sqlite:///{Path(database).resolve()}"
    folder = None if "://" in str(database) else Path(database).resolve().parent
    try:
        with _own_commands(), api.Gradebook(url, course) as gradebook:
            for lesson, worth in book.lessons.items():
                _add_lesson(gradebook, lesson, worth)
                for student, own in book.students.items():
                    entries = [own[lesson, task] for task in worth if (lesson, task) in own]
                    if entries:
                        time = handed_in_at(folder, student, lesson) if folder else None
                        _add_student(api, gradebook, entries, time)
    except (
        SQLAlchemyError,
        api.InvalidEntry,
        OSError,
        subprocess.CalledProcessError,
    ) as cause:
        raise UnavailableError(
            "a gradebook that nbgrader can write",
            f"{url}: {readable(str(cause), limit=300)}",
            "correct the path, or run `nbgrader db upgrade` where another version made it",
        ) from cause
    for submission in submissions:
        if folder and (submission.answers or submission.faults):
            write_autograded(submission, folder)


def _nbgrader() -> ModuleType:
    try:
        from nbgrader import api
    except ImportError as cause:
        raise UnavailableError(
            "nbgrader, which holds the gradebook",
            f"an environment without it ({cause})",
            "install the extra: pip install 'relukit[instructor]'",
        ) from cause
    return api


@contextlib.contextmanager
def _own_commands() -> Iterator[None]:
    """Let nbgrader find the command alembic, also where the environment is not activated."""
    before = os.environ.get("PATH")
    os.environ["PATH"] = os.pathsep.join(filter(None, [sysconfig.get_path("scripts"), before]))
    try:
        yield
    finally:
        if before is None:
            del os.environ["PATH"]
        else:
            os.environ["PATH"] = before


def _add_lesson(gradebook: "Gradebook", lesson: str, worth: Mapping[str, int]) -> None:
    gradebook.update_or_create_assignment(lesson)
    gradebook.update_or_create_notebook(lesson, lesson)
    for task, score in worth.items():
        gradebook.update_or_create_grade_cell(
            f"check-{task}", lesson, lesson, max_score=float(score), cell_type="code"
        )
        gradebook.update_or_create_solution_cell(task, lesson, lesson)


def _add_student(
    api: ModuleType, gradebook: "Gradebook", entries: list[Result], time: datetime | None
) -> None:
    lesson, who = entries[0].lesson, student_id(entries[0].student)
    gradebook.update_or_create_student(who)
    try:
        submission = gradebook.find_submission(lesson, who)
    except api.MissingEntry:
        if all(entry.status == "missing" for entry in entries):
            return
        with gradebook.db.no_autoflush:  # half a submission must not be written on the way
            submission = gradebook.add_submission(lesson, who)
    if time is not None:
        submission.timestamp = time
    model = gradebook.find_notebook(lesson, lesson)
    own = next((n for n in submission.notebooks if n.notebook_id == model.id), None)
    own = own or api.SubmittedNotebook(notebook=model, assignment=submission)
    checks = {cell.name: cell.id for cell in model.grade_cells}
    answers = {cell.name: cell.id for cell in model.solution_cells}
    grades = {grade.cell_id: grade for grade in own.grades}
    comments = {comment.cell_id: comment for comment in own.comments}
    for entry in entries:
        cell = checks[f"check-{entry.task}"]
        _score(grades.get(cell) or api.Grade(cell_id=cell, notebook=own), entry.earned)
        cell = answers[entry.task]
        comment = comments.get(cell) or api.Comment(cell_id=cell, notebook=own)
        comment.auto_comment = _comment(entry)
    gradebook.db.commit()


def _score(grade: "Grade", earned: int | None) -> None:
    score = None if earned is None else float(earned)
    if grade.manual_score is None:
        grade.needs_manual_grade = score is None
    elif score != grade.auto_score:
        grade.needs_manual_grade = True  # a person's score stays, and should be looked at again
    grade.auto_score = score


def _comment(result: Result) -> str:
    # nbgrader's feedback reads it as Markdown, where HTML counts; an indented line is only text
    said = (f"{label}: {text}" for label, text in rows(result))
    lines = [f"{result.status}: {points(result.earned, result.points)}", *said]
    return "\n".join(f"    {line}" for line in lines)
