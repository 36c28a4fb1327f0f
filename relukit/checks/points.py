"""The outcomes of a notebook's tasks as plain data, for programs that collect points."""

from collections.abc import Sequence

from relukit.checks.outcome import Outcome

FORMAT = "relukit/points/1"


def as_points(lesson: str, outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Return what a notebook earned, as data that JSON can hold.

    Args:
        lesson: such as "02_definitions".
        outcomes: one for each task of the lesson.

    Example:
        >>> found = as_points("02_definitions", [Outcome("relu", "passed", 2)])
        >>> found["earned"], found["points"], found["tasks"][0]["status"]
        (2, 2, 'passed')
    """
    tasks = [
        {
            "task": outcome.task,
            "status": outcome.status,
            "earned": outcome.earned,
            "points": outcome.points,
            "said": dict(outcome.rows),
        }
        for outcome in outcomes
    ]
    return {
        "format": FORMAT,
        "lesson": lesson,
        "passed": all(outcomes),
        "earned": sum(outcome.earned for outcome in outcomes),
        "points": sum(outcome.points for outcome in outcomes),
        "tasks": tasks,
    }
