"""A process that runs a notebook's cells and checks its answers, and tells another one of it.

It may end at any moment, since cells may do anything: `notebook` starts it, and knows where it was.
"""

import json
import linecache
import os
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from relukit.checks.checking import check
from relukit.checks.mishap import describe
from relukit.checks.outcome import Outcome
from relukit.checks.registry import tasks
from relukit.checks.task import Task
from relukit.errors import InvalidValueError, RelukitError, UnavailableError
from relukit.notebooks import NotANotebook, read_cells

Tell = Callable[..., None]
_DEFINED = re.compile(r"^(?:(?:async )?def|class) (\w+)|^(\w+) *(?::[^=\n]*)?=(?!=)", re.MULTILINE)
_TALK = re.compile(r"^(check|hint|progress)\(")


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
    """Run the cells of a notebook in this process and tell the outcome of each of its tasks."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    raised: dict[str, str] = {}
    for number, source in enumerate(_answers(path), start=1):
        step = f"cell {number}"
        tell(at=step)
        if step in past:
            said = f"in its cell the process {past[step]}"
        else:
            said = _run(source, f"<{step} of {path.name}>", namespace)
        if said:
            raised |= {a or b: said for a, b in _DEFINED.findall(source)}
    for task in tasks(path.stem):
        if task.name not in past:
            tell(at=task.name)
            tell(outcome=asdict(_outcome(task, namespace, raised, path.name)))


def _outcome(
    task: Task, namespace: dict[str, object], raised: dict[str, str], file: str
) -> Outcome:
    if task.name in raised:
        return Outcome(task.name, "raised", task.points, because=raised[task.name])
    if task.name not in namespace:
        note = f"no cell of {file} defines {task.name}"
        return Outcome(task.name, "not attempted", task.points, note=note)
    try:
        return check(namespace[task.name], task.name)
    except RelukitError as error:
        return Outcome(task.name, "wrong", task.points, because=str(error))


def _answers(path: Path) -> list[str]:
    """Return the code cells, without those that check, hint or show the progress."""
    try:
        with path.open("rb") as file:
            cells = read_cells(file)
    except OSError as cause:
        raise UnavailableError(
            "a notebook that can be read", f"{path}: {cause.strerror}", "correct the path"
        ) from cause
    except NotANotebook as cause:
        raise InvalidValueError(
            "a notebook", f"{path}, which is none: {cause}", "save it in Jupyter and try again"
        ) from cause
    code = [cell.source for cell in cells if cell.is_code and cell.source]
    return [source for source in code if not _TALK.match(source)]


def _run(source: str, name: str, namespace: dict[str, object]) -> str:
    """Run one cell, keep its lines where an outcome looks for them, and say what it raised."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    try:
        exec(compile(source, name, "exec"), namespace)  # the learner's own code, as in Jupyter
    except BaseException as error:  # exit() raises, too, and ends no notebook
        return f"its cell stops with {describe(error, None)}"
    return ""


if __name__ == "__main__":
    main(*sys.argv[1:])
