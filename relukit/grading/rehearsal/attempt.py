"""A process that runs a notebook's cells and checks its answers, and tells another one of it.

It may end at any moment, since cells may do anything: `notebook` starts it, and knows where it was.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import relukit
from relukit.checks.checking import check
from relukit.checks.outcome import Outcome
from relukit.checks.registry import tasks
from relukit.checks.task import Task
from relukit.errors import InvalidValueError, RelukitError, UnavailableError
from relukit.grading.jail.cell import cell_reply, no_exit
from relukit.grading.jail.notebook import Anything, Notebook
from relukit.grading.judgement import meant
from relukit.grading.rehearsal.steps import Step, steps_of
from relukit.grading.submissions.cells import Cell, read_cells
from relukit.grading.submissions.entry import Unusable

Tell = Callable[..., None]
_TALK = ("check", "hint", "predict", "progress", "verdict")  # what these tell is told at the end


def main(path: str, past: str) -> None:
    """Run the cells of a notebook, check its tasks, and write each step as a line of JSON.

    What cells print goes to standard error, so that nothing comes between the lines.

    Args:
        path: the notebook, named after its lesson.
        past: as JSON, what ended an earlier process, by the step where it did, and None for each
            task that has been checked.
    """
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    parent = os.dup(0)
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - for as long as there are cells
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()

    def tell(**step: object) -> None:
        lines.write(json.dumps(step) + "\n")
        lines.flush()

    try:
        attempt(Path(path), json.loads(past), tell)
    except RelukitError as error:
        said = [error.expected, error.got, error.do]
        tell(refused=said, unavailable=isinstance(error, UnavailableError))
    tell(ended=True)
    os._exit(0)  # threads and exit handlers of the cells are not waited for


def _end_with(parent: int) -> None:
    """Wait until the process that started this one is gone, and go too."""
    os.read(parent, 1)
    os._exit(1)


def attempt(path: Path, past: dict[str, str | None], tell: Tell) -> None:
    """Run the cells of a notebook in this process and tell the outcome of each of its tasks.

    A task is checked where its last `check` stands, as in the notebook. What raises there, or is
    not there yet, is checked again at the end: in a notebook that was run in another order, what
    it lacks stands further below.
    """
    cells = _cells(path)
    entries = {task.name: task for task in tasks(path.stem)}
    for name in _TALK:
        setattr(relukit, name, Anything())
    pupil = _Pupil(path.name)
    told = {name for name in entries if name in past}
    for number, step in enumerate(steps_of(cells, tuple(entries)), start=1):
        if step.source:
            at = f"cell {number}"
            tell(at=at)
            pupil.run(step, f"<{at} of {path.name}>", past.get(at) or "")
        for name in step.checks:
            if name in entries and name not in told and pupil.has(name):
                tell(at=name)
                outcome = pupil.outcome(entries[name], at_its_check=True)
                if outcome.status != "raised":
                    told.add(name)
                    tell(outcome=asdict(outcome))
    for name, task in entries.items():
        if name not in told:
            tell(at=name)
            tell(outcome=asdict(pupil.outcome(task)))


class _Pupil:
    """What the cells have defined so far, and how they ended.

    Args:
        file: the notebook's name.
    """

    def __init__(self, file: str) -> None:
        self._file, self._book = file, Notebook()
        self._book.open()
        self._raised: dict[str, tuple[str, bool]] = {}
        self._notes: dict[str, str] = {}
        self._checked: dict[str, object] = {}
        self._defined: dict[str, None] = {}  # a set that keeps its order

    def has(self, name: str) -> bool:
        return name in self._book.names

    def run(self, step: Step, title: str, ended: str) -> None:
        """Run a cell, unless it has ended an earlier process, and remember what it raised."""
        names = self._book.names
        before = {name: names.get(name, self) for name in step.names}
        said, unwritten = f"in its cell the process {ended}", False
        if not ended:
            error = self._error(step.source, title)
            reply = error and cell_reply(error, title)
            said, unwritten = (str(reply.mishap), reply.unwritten) if reply else ("", False)
        self._defined |= dict.fromkeys(step.names)
        for name in step.names:
            self._raised.pop(name, None)
            self._notes.pop(name, None)
            if said and names.get(name, self) is before[name]:
                self._raised[name] = (said if ended else f"its cell stops with {said}", unwritten)
            elif said:
                self._notes[name] = f"after {name} is defined, its cell stops with {said}"

    def _error(self, source: str, title: str) -> BaseException | None:
        try:
            with no_exit():
                self._book.run(source, title)
        except BaseException as error:  # exit() raises, too, and ends no notebook
            return error
        return None

    def outcome(self, task: Task, *, at_its_check: bool = False) -> Outcome:
        """Return the outcome of a task as its answer stands.

        Args:
            task: the task.
            at_its_check: whether its last `check` stands here: what counts is defined by now.
        """
        if at_its_check:
            self._checked[task.name] = self._book.names[task.name]
        raised, unwritten = self._raised.get(task.name, ("", False))
        if unwritten:
            return Outcome(task.name, "not attempted", task.points)
        if raised:
            return Outcome(task.name, "raised", task.points, because=raised)
        if not self.has(task.name) and task.name not in self._checked:
            note = f"no cell of {self._file} defines {task.name}"
            note += meant(task.name, self._defined)
            return Outcome(task.name, "not attempted", task.points, note=note)
        answer = self._checked.get(task.name, self._book.names.get(task.name))
        try:
            outcome = check(answer, task.name)
        except RelukitError as error:
            outcome = Outcome(task.name, "wrong", task.points, because=str(error))
        note = "; ".join(filter(None, (outcome.note, self._notes.get(task.name, ""))))
        return replace(outcome, note=note)


def _cells(path: Path) -> list[Cell]:
    try:
        with path.open("rb") as file:
            return read_cells(file)
    except OSError as cause:
        raise UnavailableError(
            "a notebook that can be read", f"{path}: {cause.strerror}", "correct the path"
        ) from cause
    except Unusable as cause:
        raise InvalidValueError(
            "a notebook", f"{path}, which is none: {cause}", "save it in Jupyter and try again"
        ) from cause


if __name__ == "__main__":
    main(*sys.argv[1:])
