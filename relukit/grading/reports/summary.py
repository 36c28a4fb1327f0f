"""What a class did with each task: how many passed, and what went wrong most often."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from relukit.checks.outcome import likened
from relukit.checks.registry import tasks
from relukit.checks.task import Task
from relukit.grading.names import readable
from relukit.grading.reports.gradebook import Book
from relukit.grading.result import STATUSES, UNSCORED, Result

# the statuses that one colour stands for, from the best to the least
GROUPS = MappingProxyType(
    {
        "passed": ("passed",),
        "wrong": ("wrong",),
        "stopped": ("raised", "timed out", "too much memory", "too much output", "malformed"),
        "not attempted": ("not attempted",),
        "missing": ("missing",),
    }
)


@dataclass(frozen=True)
class TaskSummary:
    """What the class did with one task.

    Attributes:
        name: the task's name.
        title: a few words; the name where the course does not know the task.
        points: what it is worth.
        statuses: how many students have each status, answers without a score left out.
        finding: what was said most often about answers that did not pass, else "".
        times: of how many answers.
    """

    name: str
    title: str
    points: int
    statuses: Mapping[str, int]
    finding: str
    times: int

    @property
    def groups(self) -> dict[str, int]:
        """How many students are in each group of statuses."""
        return {g: sum(self.statuses.get(s, 0) for s in some) for g, some in GROUPS.items()}

    @property
    def graded(self) -> int:
        """How many students have a result."""
        return sum(self.statuses.values())

    @property
    def handed_in(self) -> int:
        """How many students handed in something in which an answer could stand."""
        return self.graded - self.statuses.get("missing", 0)

    @property
    def attempted(self) -> int:
        """How many students wrote an answer."""
        return self.handed_in - self.statuses.get("not attempted", 0)

    @property
    def passed(self) -> int:
        """How many answers passed."""
        return self.statuses.get("passed", 0)

    @property
    def rate(self) -> str:
        """The share of attempted answers that passed, such as "75 %"; a dash where none was."""
        return f"{100 * self.passed / self.attempted:.0f} %" if self.attempted else "-"


def known_tasks() -> dict[str, Task]:
    """Return the course's tasks by their names."""
    return {entry.name: entry for entry in tasks()}


def group(status: str) -> str:
    """Return the group that a status belongs to; its own name where it is none of a student's.

    Example:
        >>> group("timed out")
        'stopped'
    """
    return next((name for name, some in GROUPS.items() if status in some), status)


def summarize(book: Book, lesson: str) -> tuple[TaskSummary, ...]:
    """Return a summary of each task of a lesson, in the lesson's order.

    Args:
        book: the results of a class.
        lesson: one of the book's lessons.
    """
    course = known_tasks()
    summaries = []
    for task, points in book.lessons[lesson].items():
        entries = [own[lesson, task] for own in book.students.values() if (lesson, task) in own]
        counts = Counter(entry.status for entry in entries if entry.status not in UNSCORED)
        said = Counter(filter(None, map(_finding, entries)))
        finding, times = min(said.items(), key=lambda pair: (-pair[1], pair[0]), default=("", 0))
        title = course[task].title if task in course else task
        statuses = {status: counts[status] for status in STATUSES if counts[status]}
        summaries.append(TaskSummary(task, title, points, statuses, finding, times))
    return tuple(summaries)


def _finding(result: Result) -> str:
    if group(result.status) not in ("wrong", "stopped"):
        return ""
    return readable(likened(result.diagnosis) or result.because)
