"""The points of the lessons, put into the rows and columns of a class list."""

import re
from collections.abc import Iterable, Sequence

from relukit.grading.classlist.columns import ClassList
from relukit.grading.classlist.filled import Filled, Trouble, shown
from relukit.grading.classlist.people import Match, People
from relukit.grading.classlist.table import Row
from relukit.grading.reports.gradebook import FORMULA, NO_GRADE, Book, arrange
from relukit.grading.result import Result
from relukit.grading.submission import Submission

_DIGITS = re.compile(r"[0-9]{1,9}")
_SHOWS_DIGITS = re.compile(r"[1-9]")


def fill(listed: ClassList, results: Iterable[Result], submissions: Iterable[Submission]) -> Filled:
    """Fill the points of each lesson into a class list; the list is changed.

    Only what was handed in gets points: every other cell stays as it was. Where a column says what
    it is worth and that differs from the lesson's points, they are scaled.

    Args:
        listed: the class list.
        results: at most one for each student and task.
        submissions: what was handed in.
    """
    book = arrange(results)
    filled = Filled(listed)
    own: dict[str, list[Submission]] = {}
    for submission in submissions:
        handed_in = submission.file or submission.answers
        if handed_in and submission.student in book.students:
            own.setdefault(submission.student, []).append(submission)
    people = People(listed)
    matches = {student: people.find(some) for student, some in own.items()}
    placed = _placed(filled, own, matches)
    columns = _columns(filled, book)
    for (position, lesson), student in placed.items():
        if lesson in columns:
            _put(filled, book, student, lesson, columns[lesson], listed.students[position])
    _missing(filled, book, placed)
    _formulas(filled)
    return filled


def _placed(
    filled: Filled, own: dict[str, list[Submission]], matches: dict[str, Match]
) -> dict[tuple[int, str], str]:
    """Return whose points go where: students by the position of their row and the lesson."""
    positions = {id(row): i for i, row in enumerate(filled.listed.students)}
    claims: dict[tuple[int, str], list[str]] = {}
    names: dict[int, list[str]] = {}
    for student, match in matches.items():
        lessons = [submission.lesson for submission in own[student]]
        if match.row is None:
            said = ", ".join(lessons)
            filled.troubles.append(
                Trouble("handed in, not in the list", student, said, None, match.because)
            )
            continue
        position = positions[id(match.row)]
        names.setdefault(position, []).append(student)
        for lesson in lessons:
            claims.setdefault((position, lesson), []).append(student)
    placed = {}
    for (position, lesson), students in claims.items():
        row = filled.listed.students[position]
        if len(students) == 1:
            placed[position, lesson] = students[0]
            if len(names[position]) > 1:
                said = f"the same row as {_others(names[position], students[0])}, other lessons"
                filled.troubles.append(
                    Trouble("two names in one row", students[0], lesson, row, said)
                )
        for student in students if len(students) > 1 else ():
            said = f"{_others(students, student)} handed it in, too; neither is filled in"
            filled.troubles.append(Trouble("two for one row", student, lesson, row, said))
            placed[position, lesson] = ""
    return placed


def _others(students: Sequence[str], student: str) -> str:
    return ", ".join(shown(other) for other in students if other != student)


def _columns(filled: Filled, book: Book) -> dict[str, int]:
    """Return the column of each lesson, made where there is none."""
    listed, columns = filled.listed, {}
    if listed.is_worksheet and len(book.lessons) > 1:
        filled.notes.append(
            "a grading worksheet is of one assignment, and these are several lessons: nothing is "
            "filled in; name the lesson with --lesson"
        )
        return {}
    for lesson, points in book.lessons.items():
        if not listed.is_worksheet and not listed.columns_of(lesson):
            listed.add_column(lesson, sum(points.values()))
            filled.notes.append(f"no column is named after {lesson}: one was added")
    grade = listed.grade if listed.is_worksheet else None
    for lesson, points in book.lessons.items():
        found = listed.columns_of(lesson) if grade is None else [grade]
        if len(found) > 1:
            named = " and ".join(shown(listed.headers[i]) for i in found)
            filled.notes.append(
                f"{len(found)} columns are named after {lesson}, none is filled in: {named}"
            )
            continue
        columns[lesson], worth = found[0], sum(points.values())
        most = {listed.maximum(row, found[0]) for row in listed.students}
        unclear = sorted(text for text in most if _SHOWS_DIGITS.search(text) and not _number(text))
        if unclear:
            said = shown(unclear[0])
            filled.notes.append(f"{lesson}: what it is worth is unclear, {said!r}: not scaled")
        if scales := sorted(text for text in most if _number(text) not in (None, 0.0, worth)):
            filled.notes.append(f"{lesson}: scaled from {worth} points to {', '.join(scales[:3])}")
    return columns


def _put(filled: Filled, book: Book, student: str, lesson: str, column: int, row: Row) -> None:
    if not student:
        return
    points = book.lesson_total(student, lesson)
    if points is None:
        filled.troubles.append(
            Trouble("not graded", student, lesson, row, "the grader failed; the cell is as it was")
        )
        return
    said = filled.listed.maximum(row, column)
    worth = sum(book.lessons[lesson].values())
    most = _number(said) or worth
    value = f"{points * most / worth:.2f}".rstrip("0").rstrip(".") if worth else "0"
    if "," in said:
        value = value.replace(".", ",")
    old = row[column].strip()
    if filled.listed.is_locked(row):
        filled.troubles.append(
            Trouble("locked", student, lesson, row, f"the list takes no grade here; {value} is due")
        )
        return
    if any(map(str.isalpha, old)):  # such as "EX" for excused
        said = f"the cell holds the text {shown(old)}, which is kept; {value} is due"
        filled.troubles.append(Trouble("a text in the cell", student, lesson, row, said))
        return
    filled.n_filled += 1
    filled.n_changed += old not in ("", NO_GRADE) and _number(old) != _number(value)
    row.put(column, value, filled.listed.table.delimiter)


def _number(text: str) -> float | None:
    """Return a number of points in any country's notation; None where it is none, or unclear."""
    point = max(text.rfind("."), text.rfind(","))
    before, after = (text[:point], text[point + 1 :]) if point >= 0 else (text, "")
    is_thousand = text.count(",") == 1 and "." not in text and len(after) == 3
    digits = before.replace(",", "").replace(".", "")
    if is_thousand or not _DIGITS.fullmatch(digits + after):
        return None
    return float(f"{digits}.{after or 0}")


def _missing(filled: Filled, book: Book, placed: dict[tuple[int, str], str]) -> None:
    for position, row in enumerate(filled.listed.students):
        lessons = [lesson for lesson in book.lessons if (position, lesson) not in placed]
        if lessons:
            said = "the cell is as it was" if len(lessons) == 1 else "the cells are as they were"
            filled.troubles.append(Trouble("handed in nothing", "", ", ".join(lessons), row, said))


def _formulas(filled: Filled) -> None:
    found = [
        row.line
        for row in filled.listed.table.rows
        for value in row.values
        if FORMULA.match(value) and value.strip() != NO_GRADE and not _is_number(value)
    ]
    if found:
        name = shown(filled.listed.name)
        filled.notes.append(
            f"{len(found)} cells of {name} begin like a formula, the first in line {found[0]}; "
            "they are kept so that it can be imported: open it in no spreadsheet program"
        )


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
