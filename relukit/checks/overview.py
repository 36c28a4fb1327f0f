"""Where the learner stands: tasks and points by lesson, what is open, and what comes next."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relukit import record
from relukit.checks.registry import tasks
from relukit.checks.task import Task
from relukit.errors import unknown_name
from relukit.panel import panel, table
from relukit.syllabus import COURSE, LESSONS

if TYPE_CHECKING:
    from relukit.ledger import Calibration

ON_THE_START_PAGE = {"which-half", "relu"}  # met there, before any lesson is begun


@dataclass(frozen=True)
class LessonProgress:
    """How far one lesson's tasks are.

    Attributes:
        lesson: its name, such as "02_definitions".
        passed: how many tasks passed.
        tasks: how many there are.
        earned: points of the tasks that passed.
        points: points of all tasks.
    """

    lesson: str
    passed: int
    tasks: int
    earned: int
    points: int


@dataclass(frozen=True)
class OpenTask:
    """A task that has not passed yet.

    Attributes:
        name: the task's name.
        title: a few words.
        minutes: how long it takes a learner.
        status: the best status so far.
        attempts: how many checks were made, stubs aside.
    """

    name: str
    title: str
    minutes: int
    status: str
    attempts: int

    @property
    def stand(self) -> str:
        """The status with the number of attempts, such as "wrong, 2 attempts"."""
        if not self.attempts:
            return self.status
        return f"{self.status}, {self.attempts} attempt{'s' * (self.attempts > 1)}"


@dataclass(frozen=True, repr=False)
class Progress:
    """The learner's progress, which reads as text and as a table.

    Attributes:
        lessons: one entry a lesson, in the course's order.
        open: the tasks that have not passed, where one lesson was asked for.
        predictions: how many predictions came true, and how well the learner's trust in them did.
        next: what to do next, in one sentence.
        note: what is amiss with the progress file, else "".
    """

    lessons: tuple[LessonProgress, ...]
    open: tuple[OpenTask, ...]
    predictions: "Calibration"
    next: str
    note: str = ""

    @property
    def _after(self) -> tuple[str, ...]:
        said = (*self.predictions.lines, f"next: {self.next}")
        return (*said, f"note: {self.note}") if self.note else said

    def __repr__(self) -> str:
        width = max(len(entry.lesson) for entry in self.lessons)
        lines = [
            f"{e.lesson:<{width}}  {e.passed} of {e.tasks} tasks, {e.earned} of {e.points} points"
            for e in self.lessons
        ]
        lines += [f"open: {e.name} ({e.title}, {e.minutes} minutes): {e.stand}" for e in self.open]
        return "\n".join([*lines, *self._after])

    def _repr_html_(self) -> str:
        rows = [
            (e.lesson, f"{e.passed} of {e.tasks}", f"{e.earned} of {e.points}")
            for e in self.lessons
        ]
        drawn = table("Your progress", ("lesson", "tasks passed", "points"), rows)
        if self.open:
            waiting = [(e.name, e.title, e.minutes, e.stand) for e in self.open]
            drawn += table("Open exercises", ("task", "what", "minutes", "so far"), waiting)
        return drawn + panel("Where to go on", (), after=self._after)


def progress(lesson: str | None = None) -> Progress:
    """Return how far the learner is, from the progress file.

    It also says how many predictions were right, close and off, and where you said how sure you
    were, how that compares. How to read it: whoever says "80 % sure" ten times should be right
    about eight times; right less often means too sure, right more often that you know more than
    you trust yourself to.

    Args:
        lesson: such as "02_definitions": this one alone, with the exercises that are open.

    Raises:
        InvalidValueError: no lesson has this name.

    Example:
        >>> progress().lessons[0].points
        12
        >>> len(progress("02_definitions").lessons)
        1
    """
    if lesson is not None and lesson not in LESSONS:
        raise unknown_name("lesson", lesson, LESSONS)
    state, note = record.read()
    shown = (lesson,) if lesson else tuple(LESSONS)
    waiting = _open(lesson, state) if lesson else ()
    return Progress(
        tuple(_count(name, state) for name in shown),
        tuple(_entry(task, state) for task in waiting),
        _predicted(lesson, state),
        _next(lesson, state),
        note,
    )


def _open(lesson: str, state: record.Record) -> tuple[Task, ...]:
    return tuple(task for task in tasks(lesson) if state.of(task.name).status != "passed")


def _entry(task: Task, state: record.Record) -> OpenTask:
    seen = state.of(task.name)
    return OpenTask(task.name, task.title, task.minutes, seen.status, seen.attempts)


def _count(lesson: str, state: record.Record) -> LessonProgress:
    entries, waiting = tasks(lesson), _open(lesson, state)
    done = [entry for entry in entries if entry not in waiting]
    earned, points = (sum(entry.points for entry in some) for some in (done, entries))
    return LessonProgress(lesson, len(done), len(entries), earned, points)


def _next(lesson: str | None, state: record.Record) -> str:
    """Return the next step: in this lesson, else in one that was begun, else in the first one."""
    unfinished = [name for name in LESSONS if _open(name, state)]
    if not unfinished:
        return "nothing, every task has passed"
    begun = [name for name in unfinished if _begun(name, state)]
    here = lesson if lesson in unfinished else (begun or unfinished)[0]
    if here not in (lesson, *begun):
        return f"read {COURSE[here].notebook}, predict as you go, then do its exercises"
    task = _entry(_open(here, state)[0], state)
    hint = f"; stuck? hint('{task.name}')" if task.attempts else ""
    where = f"exercises/{here}/{here}.ipynb"
    return f"{task.name} ({task.title}, {task.minutes} minutes) in {where}{hint}"


def _begun(lesson: str, state: record.Record) -> bool:
    tried = {task.name for task in tasks(lesson) if state.of(task.name).attempts}
    return bool((tried | (_asked(lesson) & state.predictions.keys())) - ON_THE_START_PAGE)


def _predicted(lesson: str | None, state: record.Record) -> "Calibration":
    """Return what came of the predictions, of one lesson or of all."""
    from relukit.ledger import Calibration

    # a deeper page asks what stands with the lesson on which it goes on
    asks = COURSE[lesson].deepens or lesson if lesson else None
    known = _asked(asks) if asks else state.predictions.keys()
    return Calibration.of(guess for name, guess in state.predictions.items() if name in known)


def _asked(lesson: str) -> set[str]:
    """Return the ids of a lesson's claims and questions."""
    from relukit.ledger import claims, questions

    asked = {question.id for question in questions(lesson=lesson)}
    return asked | {claim.id for claim in claims(lesson=lesson)}
