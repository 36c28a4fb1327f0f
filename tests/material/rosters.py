"""Class lists as platforms export them, for the students of `handins`, and who is matched."""

import csv
import io
import tempfile
from collections.abc import Collection, Sequence
from itertools import combinations
from pathlib import Path

from handins import LESSON, Student

from relukit.checks.registry import tasks
from relukit.grading.classlist.columns import ClassList, read_class_list
from relukit.grading.classlist.filling import fill
from relukit.grading.result import Result
from relukit.grading.submission import Submission

WORTH = sum(task.points for task in tasks(LESSON))
# tasks that come to so many points; a student of place k in the class has solved those of the k-th
# number, and so has other points than the others
SOLVED = {
    sum(task.points for task in some): {task.name for task in some}
    for n in range(len(tasks(LESSON)) + 1)
    for some in combinations(tasks(LESSON), n)
}
DUE = sorted(SOLVED)
_CANVAS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{LESSON} (901)", "Final"]
_MOODLE = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade"]
_MOODLE += ["Grade can be changed", "Last modified (submission)", "Feedback comments"]
_BRIGHTSPACE = ["OrgDefinedId", "Username", "Last Name", "First Name", f"{LESSON} Points Grade"]
_BLACKBOARD = ["Last Name", "First Name", "Username", "Student ID"]
_BLACKBOARD += [f"{LESSON} [Total Pts: {WORTH}]"]


def export(platform: str, students: Sequence[Student]) -> str:
    """Return the class list that a platform exports; a plain one where there is no platform.

    Args:
        platform: as `Submission.platform` says it.
        students: the class, in any order.
    """
    made = io.StringIO()
    write = csv.writer(made).writerow
    if platform == "canvas":
        write(_CANVAS)
        write(["    Points Possible", "", "", "", "", WORTH, "(read only)"])
        for s in students:
            write([f"{s.last}, {s.first}", s.number, f"S{s.number}", s.login, "A", "", ""])
        write(["Student, Test", 999_999, "", "f00", "A", "", ""])
    elif platform == "moodle":
        write(_MOODLE)
        for s in students:
            mail = f"{s.login}@x.org"
            write([f"Participant {s.number}", s.name, mail, "", "", WORTH, "Yes", "-", ""])
    elif platform == "brightspace":
        write([*_BRIGHTSPACE, "End-of-Line Indicator"])
        for s in students:
            write([f"#{s.number}", f"#{s.login}", s.last, s.first, "", "#"])
    elif platform == "blackboard":
        write(_BLACKBOARD)
        for s in students:
            write([s.last, s.first, s.login, f"S{s.number}", ""])
    else:
        write(["name", "login", "id", LESSON])
        for s in students:
            write([s.name, s.login, s.number, ""])
    return made.getvalue()


def n_matched(submissions: Collection[Submission], students: Sequence[Student]) -> int:
    """Return in how many rows of the exported list the points of their own student stand.

    Raises:
        AssertionError: somebody got the points of another.
    """
    platform = next(iter(submissions)).platform
    numbers = [s.number for s in students]
    results = []
    for submission in submissions:
        number = int(submission.answers["relu"].split("return ")[1].split(",")[0])
        solved = SOLVED[DUE[numbers.index(number)]]
        for task in tasks(LESSON):
            status = "passed" if task.name in solved else "wrong"
            results.append(Result(submission.student, LESSON, task.name, status, task.points))
    with tempfile.TemporaryDirectory() as folder:
        roster = Path(folder, "students.csv")
        roster.write_text(export(platform, students), encoding="utf-8")
        listed = read_class_list(roster)
    filled = fill(listed, results, submissions)
    found = [_points(listed, row) for row in range(len(listed.students))]
    # the row of Canvas's test student is the last, and stays empty
    due = [float(DUE[place]) for place in range(len(students))]
    pairs = zip(found, [*due, *[-1.0] * (len(found) - len(due))], strict=True)
    right = sum(own == expected for own, expected in pairs if own is not None)
    assert right == filled.n_filled, f"{filled.n_filled - right} rows hold the points of others"
    return right


def _points(listed: ClassList, place: int) -> float | None:
    columns = [listed.grade] if listed.is_worksheet else listed.columns_of(LESSON)
    (column,) = columns
    text = listed.students[place][column].strip()
    return float(text) if text else None
