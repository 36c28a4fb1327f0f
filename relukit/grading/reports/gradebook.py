"""Points by student, lesson and task, and the tables that learning platforms import."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from relukit.checks.registry import tasks
from relukit.errors import InvalidValueError
from relukit.grading.names import readable
from relukit.grading.result import Result
from relukit.grading.store import write_whole
from relukit.syllabus import LESSONS

GRADEBOOK = "gradebook.csv"
CANVAS = "gradebook_canvas.csv"
# Moodle makes an empty cell of a new grade item a 0; of this it makes no grade.
NO_GRADE = "-"
POINTS_POSSIBLE = "Points Possible"
_NAME = 200  # characters of a name
# What spreadsheets take for a formula, at the start and where some of them split a cell.
FORMULA = re.compile(r"""((?:^|[;,|])[\s"']*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])""")


@dataclass(frozen=True)
class Book:
    """Results by student and by task.

    Attributes:
        lessons: the points of each task by its name, by lesson; in the course's order.
        students: each student's results by lesson and task; sorted by the student's name.
    """

    lessons: Mapping[str, Mapping[str, int]]
    students: Mapping[str, Mapping[tuple[str, str], Result]]

    def earned(self, student: str, lesson: str, task: str) -> int | None:
        """Return the points for one task; None where it has not been graded."""
        result = self.students[student].get((lesson, task))
        return None if result is None else result.earned

    def lesson_total(self, student: str, lesson: str) -> int | None:
        """Return the points for a lesson; None unless each of its tasks has been graded."""
        points = [self.earned(student, lesson, task) for task in self.lessons[lesson]]
        return _sum(points)

    def taken(self, student: str) -> tuple[str, ...]:
        """Return the lessons for which the student has results."""
        own = {lesson for lesson, _ in self.students[student]}
        return tuple(lesson for lesson in self.lessons if lesson in own)

    def total(self, student: str) -> int | None:
        """Return the points for all the student's lessons; None unless each has been graded."""
        points = [self.lesson_total(student, lesson) for lesson in self.taken(student)]
        return _sum(points)

    def possible(self, student: str) -> int:
        """Return what the student's lessons are worth."""
        return sum(sum(self.lessons[lesson].values()) for lesson in self.taken(student))


def _sum(points: Sequence[int | None]) -> int | None:
    graded = [number for number in points if number is not None]
    return sum(graded) if len(graded) == len(points) else None


def arrange(results: Iterable[Result]) -> Book:
    """Return the results by student and by task.

    Raises:
        InvalidValueError: there are two results for one task of one student.

    Example:
        >>> book = arrange([Result("ada", "02_definitions", "relu", "passed", 2)])
        >>> book.total("ada"), book.possible("ada")
        (2, 2)
    """
    students: dict[str, dict[tuple[str, str], Result]] = {}
    points: dict[str, dict[str, int]] = {}
    for result in results:
        own = students.setdefault(result.student, {})
        key = result.lesson, result.task
        if key in own:
            raise InvalidValueError(
                "one result for each student and task",
                f"two of {result.student!a} for {result.task!a}",
                "pass what ResultStore.load returns",
            )
        own[key] = result
        points.setdefault(result.lesson, {})[result.task] = result.points
    known = {entry.name: i for i, entry in enumerate(tasks())}
    order = {lesson: i for i, lesson in enumerate(LESSONS)}
    lessons = {
        lesson: {
            task: points[lesson][task]
            for task in sorted(points[lesson], key=lambda task: (known.get(task, len(known)), task))
        }
        for lesson in sorted(points, key=lambda lesson: (order.get(lesson, len(order)), lesson))
    }
    names = sorted(students, key=lambda name: (name.casefold(), name))
    return Book(lessons, {name: students[name] for name in names})


def write_gradebook(results: Iterable[Result], folder: str | Path) -> tuple[Path, Path]:
    """Write the points as two tables, and return the paths of the files.

    `gradebook.csv` has one row a student, a column a task, one a lesson's total, the total, and
    the points possible for the student's lessons. It is what Moodle imports: map "student" to the
    user, and what you want of the others to grade items. "-" is no grade: what the grader failed
    on, what the machine was too busy for, what was not graded, and each total that lacks such a
    part. A row of points possible would stop Moodle's import, or overwrite a student's grades.

    `gradebook_canvas.csv` is what Canvas imports: its own columns, a row of points possible, and a
    column a lesson, which becomes an assignment; an empty cell is no grade. Canvas finds the
    student by the SIS user ID, the login ID or the name, so the student stands in all three.

    Both are UTF-8 with the mark that Excel needs. Text that a spreadsheet would take for a formula
    is led by an apostrophe; control characters are written out.

    Args:
        results: at most one for each student and task.
        folder: where the files go; it is made where it is missing.

    Raises:
        InvalidValueError: there are two results for one task of one student.
    """
    book = arrange(results)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / GRADEBOOK, folder / CANVAS
    for path, rows in zip(paths, (_plain(book), _canvas(book)), strict=True):
        stream = io.StringIO()
        csv.writer(stream).writerows([[cell(value) for value in row] for row in rows])
        write_whole(path, stream.getvalue(), encoding="utf-8-sig")
    return paths


def _plain(book: Book) -> list[list[object]]:
    head: list[object] = ["student"]
    for lesson, points in book.lessons.items():
        head += [*(f"{lesson} {task}" for task in points), f"{lesson} total"]
    rows = [[*head, "total", "points possible"]]
    for student in book.students:
        row: list[object] = [student]
        for lesson, points in book.lessons.items():
            row += [book.earned(student, lesson, task) for task in points]
            row.append(book.lesson_total(student, lesson))
        row += [book.total(student), book.possible(student)]
        rows.append([NO_GRADE if value is None else value for value in row])
    return rows


def _canvas(book: Book) -> list[list[object]]:
    blank = [""] * 4
    rows: list[list[object]] = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *book.lessons],
        [f"    {POINTS_POSSIBLE}", *blank, *(sum(p.values()) for p in book.lessons.values())],
    ]
    for student in book.students:
        # a student of this name would be read as the row above
        name = "" if POINTS_POSSIBLE in readable(student, limit=_NAME) else student
        totals = [book.lesson_total(student, lesson) for lesson in book.lessons]
        points = ["" if total is None else total for total in totals]
        rows.append([name, "", student, student, "", *points])
    return rows


def cell(value: object) -> object:
    """Return what to write for a value, so that no spreadsheet takes it for a formula."""
    if not isinstance(value, str) or value == NO_GRADE or value.strip() == POINTS_POSSIBLE:
        return value
    return FORMULA.sub(r"\1'", readable(value, limit=_NAME))
