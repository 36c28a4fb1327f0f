"""What the pages of the course repeat about its lessons and tasks, as Markdown."""

import re

from relukit.checks.registry import tasks
from relukit.checks.task import Task
from relukit.grading.jail.child import MEMORY
from relukit.grading.jail.inside import FILE
from relukit.grading.questions import SECONDS, SLOWER
from relukit.syllabus import COURSE, LESSONS, Lesson

WIDTH, HEIGHT = 150, 90  # of a small picture in the README, in CSS pixels

INTRO = """# {lesson.heading}: exercises

{tasks}, {points}, about {minutes}. They belong to the {lesson.kind} \
[{lesson.heading}](../../{lesson.notebook}), which says where each fits.

Write your answer in place of `raise NotImplementedError()`, run the cell, and run the check below \
it. A check says *passed*, *wrong* with the smallest input that shows it, *raised*, or *not \
attempted*. `hint({first})` gives the next of three hints. Arrays are NumPy arrays; a right answer \
may use any method."""

# a link to a lesson's notebook, with a label that begins with a number
LINK = re.compile(
    r"\[[\dD]\d [^\]\n]*\](?P<target>\((?:\.\./)*(?:notebooks/)?(?:deeper/)?"
    rf"(?P<name>{'|'.join(COURSE)})\.ipynb\))"
)


def count(number: int, word: str) -> str:
    """Return a number with its word.

    Example:
        >>> count(1, "minute"), count(5, "minute")
        ('1 minute', '5 minutes')
    """
    return f"{number} {word}{'s' * (number != 1)}"


def in_table(text: str) -> str:
    """Return a text as a cell of a table takes it."""
    return text.replace("|", r"\|")


def exercise_minutes(lesson: str) -> int:
    """Return how long the exercises of a page take."""
    return sum(task.minutes for task in tasks(lesson))


def card_of(lesson: Lesson) -> str:
    """Return where the README's small picture of a page is, from the course's folder."""
    return f"docs/cards/{lesson.name[:2]}.png"


def lessons_table() -> str:
    """Return the table of lessons of the README."""
    rows = ["| | lesson | what it settles | reading | exercises |", "| --- " * 5 + "|"]
    for name, lesson in COURSE.items():
        small = f'<img src="{card_of(lesson)}" width="{WIDTH}" height="{HEIGHT}" alt="">'
        row = f"| {small} | [{lesson.heading}]({lesson.notebook}) | {in_table(lesson.settles)}"
        row += f" | {lesson.minutes} min |"
        if lesson.tasks:
            link = f"[{count(len(lesson.tasks), 'task')}](exercises/{name}/{name}.ipynb)"
            row += f" {link}, {exercise_minutes(name)} min"
        rows.append(f"{row} |")
    return "\n".join(rows)


def map_table() -> str:
    """Return the map of the start page."""
    rows = ["| lesson | exercises | minutes: lesson + exercises |", "| --- | --- | --- |"]
    for name in LESSONS:
        lesson = COURSE[name]
        page = lesson.notebook.removeprefix("notebooks/")
        label = f"{count(len(lesson.tasks), 'task')} on {lesson.kind} {name[:2]}"
        rows.append(
            f"| [{lesson.heading}]({page}): {in_table(lesson.teaser)}"
            f" | [{label}](../exercises/{name}/{name}.ipynb)"
            f" | {lesson.minutes} + {exercise_minutes(name)} |"
        )
    return "\n".join(rows)


def bill(name: str) -> str:
    """Return the course's bill as it stands at the end of a page: a row for each lesson so far.

    Args:
        name: of the page, a key of COURSE.
    """
    rows = [
        "| lesson | what the bend buys | what it costs | who pays |",
        "| --- | --- | --- | --- |",
    ]
    for other, lesson in COURSE.items():
        if lesson.bill and other <= name:
            rows.append(f"| {' | '.join(map(in_table, (lesson.heading, *lesson.bill)))} |")
    return "\n".join(rows)


def reading_time(lesson: Lesson) -> str:
    """Return what the head of a lesson says of its minutes."""
    said = count(lesson.minutes, "minute")
    if not lesson.tasks:
        return said
    up = "../" * lesson.notebook.count("/")
    link = f"[exercises of this {lesson.kind}]({up}exercises/{lesson.name}/{lesson.name}.ipynb)"
    return f"{said}, and {exercise_minutes(lesson.name)} for the {link}"


def title(lesson: Lesson) -> str:
    """Return the first heading of a lesson."""
    return f"# {lesson.heading}{f': {lesson.subtitle}' * bool(lesson.subtitle)}"


def section_heading(lesson: Lesson, number: int) -> str:
    """Return the heading of a section, counted from 1; those of the start page have no numbers."""
    section = lesson.sections[number - 1]
    numbered = f"{number}. " * (lesson.name in LESSONS or bool(lesson.deepens))
    return f"## {numbered}{section.title} ({count(section.minutes, 'minute')})"


def intro(lesson: Lesson) -> str:
    """Return the first cell of a lesson's exercises."""
    entries = tasks(lesson.name)
    return INTRO.format(
        lesson=lesson,
        first=entries[0].name,
        tasks=count(len(entries), "task"),
        points=count(sum(task.points for task in entries), "point"),
        minutes=count(exercise_minutes(lesson.name), "minute"),
    )


def task_head(task: Task, place: int) -> str:
    """Return the heading of a task, which is the place-th of its lesson, and why it matters."""
    facts = (count(task.minutes, "minute"), task.difficulty, count(task.points, "point"))
    return f"## {place}. {task.title} ({', '.join(facts)})\n\n{task.why}"


def limits() -> str:
    """Return what an answer may use where it is graded."""
    trained = f"{SECONDS * SLOWER} where each call trains networks"
    memory = f"{MEMORY // 2**20} MB beside the libraries, and {FILE // 2**20} MB a file"
    return f"{SECONDS} seconds of processor time ({trained}), {memory}"


def links_named(text: str) -> str:
    """Return a text whose links to lessons carry the lessons' titles.

    Example:
        >>> links_named("see [04 Dead units](../notebooks/04_dying_relu.ipynb)")
        'see [04 Dying ReLU](../notebooks/04_dying_relu.ipynb)'
    """
    return LINK.sub(lambda found: f"[{COURSE[found['name']].heading}]{found['target']}", text)
