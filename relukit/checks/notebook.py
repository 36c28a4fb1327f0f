"""All tasks of an exercise notebook, checked at once and without Jupyter."""

import linecache
import re
from pathlib import Path

from relukit.checks.checking import check
from relukit.checks.outcome import Outcome
from relukit.checks.registry import LESSONS, tasks
from relukit.errors import InvalidValueError, UnavailableError, unknown_name
from relukit.notebooks import Cell, NotANotebook, read_cells


def check_notebook(path: str | Path) -> tuple[Outcome, ...]:
    """Run the cells of an exercise notebook in this process and return an outcome for each task.

    Args:
        path: a notebook named after its lesson, such as "02_definitions.ipynb".

    Returns:
        One outcome for each task of the lesson, in the lesson's order. A cell that raises, or that
        is missing, costs the tasks that it should define and no others.

    Raises:
        UnavailableError: the file cannot be read.
        InvalidValueError: it is not a notebook, or not named after a lesson with exercises.
    """
    path = Path(path)
    if path.stem not in LESSONS:
        raise unknown_name("lesson with exercises", path.stem, LESSONS)
    namespace: dict[str, object] = {"__name__": "__main__"}
    raised: dict[str, str] = {}
    for cell in _answers(path):
        error = _run(cell.source, f"<cell {cell.cell_id} of {path.name}>", namespace)
        if error is not None:
            for name in re.findall(r"^(?:def|class) (\w+)", cell.source, flags=re.MULTILINE):
                raised[name] = f"its cell stops with {type(error).__name__}: {error}"
    outcomes = []
    for task in tasks(path.stem):
        if task.name in raised:
            outcome = Outcome(task.name, "raised", task.points, because=raised[task.name])
        elif task.name not in namespace:
            note = f"no cell of {path.name} defines {task.name}"
            outcome = Outcome(task.name, "not attempted", task.points, note=note)
        else:
            outcome = check(namespace[task.name], task.name)
        outcomes.append(outcome)
    return tuple(outcomes)


def _answers(path: Path) -> list[Cell]:
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
    talk = re.compile(r"^(check|hint|progress)\(")
    return [c for c in cells if c.is_code and c.source and not talk.match(c.source)]


def _run(source: str, name: str, namespace: dict[str, object]) -> Exception | None:
    """Run one cell; keep its lines where an outcome looks for the line that failed."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    try:
        exec(compile(source, name, "exec"), namespace)  # the learner's own code, as in Jupyter
    except Exception as error:
        return error
    return None
