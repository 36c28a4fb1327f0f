"""Three hints a task, one at a time: a question, a pointer, the first line."""

import inspect
from dataclasses import dataclass
from typing import cast

from relukit import record
from relukit.checks.registry import task_of, variables_of
from relukit.checks.task import Task
from relukit.panel import panel


@dataclass(frozen=True, repr=False)
class Hint:
    """One hint, or where the solution is once all hints have been shown.

    Attributes:
        task: the task's name.
        number: 1, 2 or 3; 4 where no hint is left.
        text: the hint.
        note: what is amiss with the progress file, else "".
    """

    task: str
    number: int
    text: str
    note: str = ""

    @property
    def heading(self) -> str:
        """Which hint this is."""
        if self.number > 3:
            return f"{self.task}: no more hints"
        return f"{self.task}: hint {self.number} of 3"

    def __repr__(self) -> str:
        note = f"\n  note: {self.note}" if self.note else ""
        return f"{self.heading}\n  {self.text}{note}"

    def _repr_html_(self) -> str:
        return panel(self.heading, (), after=(self.text, self.note))


def hint(answer: object) -> Hint:
    """Return the next hint for a task; each call shows one more.

    Args:
        answer: the learner's function, a task's name, or a task.

    Raises:
        InvalidTypeError: the answer is none of these.
        InvalidValueError: no task has this name; the message gives the nearest one.

    Example:
        >>> hint("relu").task
        'relu'
    """
    if issubclass(type(answer), str | Task):  # isinstance would ask the answer's own __class__
        wanted = task_of(None, cast("str | Task", answer))
    else:
        wanted = task_of(answer, variables=variables_of(inspect.currentframe()))
    state, note = record.update(lambda state: _shown(state, wanted.name))
    number = state.of(wanted.name).hints
    if number <= len(wanted.hints):
        return Hint(wanted.name, number, wanted.hints[number - 1], note)
    where = f"solutions/{wanted.lesson}/{wanted.lesson}.ipynb"
    return Hint(wanted.name, number, f"the solution, with its reasons, is in {where}", note)


def _shown(state: record.Record, name: str) -> record.Record:
    return state.with_hint(name) if state.of(name).hints <= 3 else state
