"""The instructor guide's plans, minute by minute, from docs/plans.toml."""

import re
import tomllib
from pathlib import Path

from facts import count, in_table

from relukit.checks.registry import task
from relukit.errors import RelukitError
from relukit.syllabus import COURSE, TASKS

SECTIONS = re.compile(r"(?P<lesson>\d\d)(?:\.(?P<first>\d+)(?:-(?P<last>\d+))?)?")
OTHER = re.compile(r"(?P<minutes>\d+) (?P<what>.+)")
LEAST_LEFT = 10  # minutes of a day for its last row

# minutes, what, how
Row = tuple[int, str, str]


def plans(path: Path) -> str:
    """Return the plans as Markdown.

    Args:
        path: of docs/plans.toml.

    Raises:
        RelukitError: a row names nothing of the course, or a day is too full.
    """
    entry = tomllib.loads(path.read_text(encoding="utf-8"))
    parts = []
    for plan in entry["plan"]:
        days, minutes = plan["days"], plan["minutes"]
        parts.append(f"## {plan['title']} ({count(minutes, 'minute')}{' each' * (len(days) > 1)})")
        for number, day in enumerate(days, start=1):
            parts += [f"### Day {number}"] * (len(days) > 1)
            parts.append(_table(day, minutes, entry["usual"], f"{plan['title']!r}, day {number}"))
    return "\n\n".join(parts)


def _table(day: list[str], minutes: int, usual: dict[str, str], place: str) -> str:
    """Return a day's table, whose last row takes the minutes that are left."""
    rows = [row for line in day[:-1] for row in _rows(line, usual, place)]
    left = minutes - sum(spent for spent, _, _ in rows)
    if left < LEAST_LEFT:
        raise RelukitError(
            f"{LEAST_LEFT} of {minutes} minutes left for the last row of {place}",
            str(left),
            "leave something out in docs/plans.toml, or make the day longer",
        )
    last, _, manner = day[-1].partition(" | ")
    lines, passed = ["| start | minutes | what | how |", "| --- | --- | --- | --- |"], 0
    for spent, what, how in (*rows, (left, last, manner)):
        lines.append(f"| {passed // 60}:{passed % 60:02} | {spent} | {what} | {how} |")
        passed += spent
    return "\n".join(lines)


def _rows(line: str, usual: dict[str, str], place: str) -> list[Row]:
    """Return what a line of the plan stands for: some sections, an exercise, or anything else."""
    what, _, how = line.partition(" | ")
    if named := SECTIONS.fullmatch(what):
        if rows := _sections(named, how or usual["section"]):
            return rows
    elif any(what in names for names in TASKS.values()):
        entry = task(what)
        return [_row(entry.minutes, f"exercise `{what}`: {entry.title}", how or usual["exercise"])]
    elif other := OTHER.fullmatch(what):
        return [_row(int(other["minutes"]), other["what"], how)]
    expected = f"sections such as 02.1-4, an exercise, or minutes and a text in {place}"
    raise RelukitError(expected, repr(line), "correct docs/plans.toml")


def _sections(named: re.Match[str], how: str) -> list[Row]:
    """Return the rows of some sections of a lesson; none where it has no such sections."""
    lesson = next((page for name, page in COURSE.items() if name[:2] == named["lesson"]), None)
    if lesson is None:
        return []
    first = int(named["first"] or 1)
    last = int(named["last"] or named["first"] or len(lesson.sections))
    if not 1 <= first <= last <= len(lesson.sections):
        return []
    link = f"[{named['lesson']}](../notebooks/{lesson.name}.ipynb)"
    return [
        _row(section.minutes, f"{link} section {number}: {section.title}", how)
        for number, section in enumerate(lesson.sections, start=1)
        if first <= number <= last
    ]


def _row(minutes: int, what: str, how: str) -> Row:
    return minutes, in_table(what), how
