"""Where the learner stands: tasks and points by lesson, and what comes next."""

from dataclasses import dataclass

from relukit.checks import record
from relukit.checks.panel import panel, table
from relukit.checks.registry import LESSONS, tasks


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


@dataclass(frozen=True, repr=False)
class Progress:
    """The learner's progress, which reads as text and as a table.

    Attributes:
        lessons: one entry a lesson, in the course's order.
        predictions: how many claims the learner has predicted.
        next: what to do next, in one sentence.
        note: what is amiss with the progress file, else "".
    """

    lessons: tuple[LessonProgress, ...]
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
        return "\n".join([*lines, *self._after])

    def _repr_html_(self) -> str:
        rows = [
            (e.lesson, f"{e.passed} of {e.tasks}", f"{e.earned} of {e.points}")
            for e in self.lessons
        ]
        drawn = table("Your progress", ("lesson", "tasks passed", "points"), rows)
        return drawn + panel("Where to go on", (), after=self._after)


def progress() -> Progress:
    """Return how far the learner is, from the progress file.

    Example:
        >>> progress().lessons[0].points
        14
    """
    state, note = record.read()
    lessons = []
    open_tasks = []
    for lesson in LESSONS:
        entries = tasks(lesson)
        done = [entry for entry in entries if state.of(entry.name).status == "passed"]
        open_tasks += [entry for entry in entries if entry not in done]
        earned, points = (sum(entry.points for entry in some) for some in (done, entries))
        lessons.append(LessonProgress(lesson, len(done), len(entries), earned, points))
    step = "nothing, every task has passed"
    if open_tasks:
        first = open_tasks[0]
        step = f"{first.name} ({first.title}, {first.minutes} minutes) in {first.lesson}"
    return Progress(tuple(lessons), len(state.predictions), step, note)
