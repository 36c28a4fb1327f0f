"""The instructor guide's plans, minute by minute, from docs/plans.toml.

Two clocks: a section's minutes are those of one reader, alone. In a room somebody shows and
explains, and nobody reads a sentence twice; but hands go up before each prediction, and each
exercise stands in a notebook of its own.
"""

import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from facts import count, in_table
from lengths import Length

from relukit.checks.registry import task
from relukit.errors import RelukitError
from relukit.syllabus import COURSE, TASKS, Lesson

SECTIONS = re.compile(
    r"(?P<lesson>\d\d)(?:\.(?P<first>\d+)(?:-(?P<last>\d+))?)?(?:: (?P<minutes>\d+) (?P<part>.+))?"
)
OTHER = re.compile(r"(?P<minutes>\d+) (?P<what>.+)")
PAUSE = re.compile(r"\d+ (Break|Lunch)")
HANDS_ON = "hands on"  # in what a row says of how: everybody does something
LEAST_LEFT = 10  # minutes of a day for its last row
LONGEST = 90  # minutes without a break
APART = 60  # minutes, breaks aside, without anything for everybody to do
PACE = 35  # of the lesson's words a minute, told and shown in a room
ASKING, OPENING = 2.5, 3.0  # minutes that a room takes longer: a prediction, an exercise
HEAD = "| start | alone | in a room | what | how |\n| --- | --- | --- | --- | --- |"

# how long the sections of each lesson are, by its name
Lengths = Mapping[str, Sequence[Length]]


@dataclass(frozen=True)
class Row:
    """One row of a plan: what, how, and how long alone (0: not for one reader) and in a room."""

    what: str
    how: str
    room: int
    alone: int = 0
    pause: bool = False
    hands: bool = False
    part: bool = False
    sections: tuple[tuple[str, int], ...] = ()


def in_a_room(length: Length) -> int:
    """Return how many minutes a room takes for a section that is so long.

    Example:
        >>> in_a_room(Length(words=350)), in_a_room(Length(words=350, predictions=1, exercises=1))
        (10, 17)
    """
    longer = ASKING * length.predictions + OPENING * length.exercises
    return int(length.words / PACE + length.beside + longer + 0.5)


def plans(path: Path, lengths: Lengths) -> str:
    """Return the plans as Markdown.

    Args:
        path: of docs/plans.toml.
        lengths: of the sections of each lesson, by its name.

    Raises:
        RelukitError: a row names nothing of the course, a day is too full, or a stretch of it too
            long.
    """
    entry = tomllib.loads(path.read_text(encoding="utf-8"))
    parts = []
    for plan in entry["plan"]:
        days, minutes = plan["days"], plan["minutes"]
        parts.append(f"## {plan['title']} ({count(minutes, 'minute')}{' each' * (len(days) > 1)})")
        held: list[Row] = []
        for number, day in enumerate(days, start=1):
            place = f"{plan['title']!r}, day {number}"
            rows = _day(day, minutes, entry["usual"], lengths, place)
            parts += [f"### Day {number}"] * (len(days) > 1)
            parts.append(_table(rows))
            held += rows
        parts.append(_left_out(held))
    return "\n\n".join(parts)


def _day(
    day: list[str], minutes: int, usual: Mapping[str, str], lengths: Lengths, place: str
) -> list[Row]:
    """Return a day's rows, whose last one takes the minutes that are left."""
    rows = [row for line in day[:-1] for row in _rows(line, usual, lengths, place)]
    left = minutes - sum(row.room for row in rows)
    do = "leave something out in docs/plans.toml, or make the day longer"
    if left < LEAST_LEFT:
        expected = f"{LEAST_LEFT} of {minutes} minutes left for the last row of {place}"
        raise RelukitError(expected, str(left), do)
    last, _, how = day[-1].partition(" | ")
    rows.append(Row(in_table(last), how, left))
    for pause, stretch in itertools.groupby(rows, key=lambda row: row.pause):
        if not pause and (sat := sum(row.room for row in [*stretch])) > LONGEST:
            expected = f"at most {LONGEST} minutes without a break in {place}"
            raise RelukitError(expected, str(sat), "move a break in docs/plans.toml")
    for hands, stretch in itertools.groupby((r for r in rows if not r.pause), lambda r: r.hands):
        idle = [*stretch]
        if not hands and (sat := sum(row.room for row in idle)) > APART:
            expected = f"at most {APART} minutes in {place} until everybody does something"
            got = f"{sat} from {idle[0].what!r} on"
            raise RelukitError(expected, got, "put an exercise or an explorer between")
    return rows


def _table(rows: Sequence[Row]) -> str:
    lines, passed = [HEAD], 0
    for row in rows:
        start = f"{passed // 60}:{passed % 60:02}"
        lines.append(f"| {start} | {row.alone or ''} | {row.room} | {row.what} | {row.how} |")
        passed += row.room
    return "\n".join(lines)


def _left_out(rows: Sequence[Row]) -> str:
    """Return which sections the rows leave out: they are for reading."""
    whole = {section for row in rows if not row.part for section in row.sections}
    in_part = {section for row in rows if row.part for section in row.sections} - whole
    said = []
    for name, lesson in COURSE.items():
        numbers = [n for n in range(1, len(lesson.sections) + 1) if (name, n) not in whole]
        if lesson.deepens or not numbers:
            continue
        named = [f"{n} (the rest)" if (name, n) in in_part else str(n) for n in numbers]
        listed = f" section{'s' * (len(named) > 1)} {', '.join(named)}"
        said.append(_link(lesson) + listed * (len(named) < len(lesson.sections)))
    return f"To read at home: {'; '.join(said)}."


def _rows(line: str, usual: Mapping[str, str], lengths: Lengths, place: str) -> Iterator[Row]:
    """Yield what a line of the plan stands for: some sections, an exercise, or anything else."""
    what, _, how = line.partition(" | ")
    hands = HANDS_ON in how
    if named := SECTIONS.fullmatch(what):
        if rows := _sections(named, how or usual["section"], lengths):
            yield from (replace(row, hands=row.hands or hands) for row in rows)
            return
    elif any(what in names for names in TASKS.values()):
        entry = task(what)
        title = in_table(f"exercise `{what}`: {entry.title}")
        room = int(entry.minutes + OPENING + 0.5)
        yield Row(title, how or usual["exercise"], room, entry.minutes, hands=True)
        return
    elif other := OTHER.fullmatch(what):
        pause = bool(PAUSE.fullmatch(what))
        yield Row(in_table(other["what"]), how, int(other["minutes"]), pause=pause, hands=hands)
        return
    expected = f"sections such as 02.1-4, an exercise, or minutes and a text in {place}"
    raise RelukitError(expected, repr(line), "correct docs/plans.toml")


def _link(lesson: Lesson) -> str:
    return f"[{lesson.name[:2]}](../{lesson.notebook})"


def _sections(named: re.Match[str], how: str, lengths: Lengths) -> list[Row]:
    """Return the rows of some sections of a lesson; none where it has no such sections."""
    lesson = next((page for name, page in COURSE.items() if name[:2] == named["lesson"]), None)
    if lesson is None:
        return []
    first = int(named["first"] or 1)
    last = int(named["last"] or named["first"] or len(lesson.sections))
    if not 1 <= first <= last <= len(lesson.sections) or (named["part"] and first < last):
        return []
    rows = []
    for number in range(first, last + 1):
        section, length = lesson.sections[number - 1], lengths[lesson.name][number - 1]
        what = in_table(f"{_link(lesson)} section {number}: {section.title}")
        row = Row(what, how, in_a_room(length), section.minutes, hands=length.hands)
        if named["part"]:
            what += f", in part: {in_table(named['part'])}"
            row = Row(what, how, int(named["minutes"]), part=True)
        rows.append(replace(row, sections=((lesson.name, number),)))
    return rows
