"""Where the learner stands: tasks and points by lesson, what is open, and what comes next."""

from dataclasses import dataclass

from relukit import record
from relukit.checks.registry import tasks
from relukit.checks.task import Task
from relukit.errors import unknown_name
from relukit.panel import panel, table
from relukit.syllabus import LESSONS

ON_THE_START_PAGE = {"half-linear", "relu"}  # met there, before any lesson is begun


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
        predictions: how many claims the learner has predicted.
        next: what to do next, in one sentence.
        note: what is amiss with the progress file, else "".
    """

    lessons: tuple[LessonProgress, ...]
    open: tuple[OpenTask, ...]
    predictions: int
    next: str
    note: str = ""

    @property
    def _after(self) -> tuple[str, ...]:
        said = (f"predictions made: {self.predictions}", f"next: {self.next}")
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

    Args:
        lesson: such as "02_definitions": this one alone, with the exercises that are open.

    Raises:
        InvalidValueError: no lesson has this name.

    Example:
        >>> progress().lessons[0].points
        14
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
        _predicted(lesson, state) if lesson else len(state.predictions),
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
        return f"read notebooks/{here}.ipynb, predict as you go, then do its exercises"
    task = _entry(_open(here, state)[0], state)
    hint = f"; stuck? hint('{task.name}')" if task.attempts else ""
    where = f"exercises/{here}/{here}.ipynb"
    return f"{task.name} ({task.title}, {task.minutes} minutes) in {where}{hint}"


def _begun(lesson: str, state: record.Record) -> bool:
    from relukit.ledger import claims

    tried = [task.name for task in tasks(lesson) if state.of(task.name).attempts]
    known = {claim.id for claim in claims(lesson=lesson)}
    return bool({*tried, *known.intersection(state.predictions)} - ON_THE_START_PAGE)


def _predicted(lesson: str, state: record.Record) -> int:
    """Return how many claims of a lesson the learner has predicted."""
    from relukit.ledger import claims

    return sum(claim.id in state.predictions for claim in claims(lesson=lesson))
