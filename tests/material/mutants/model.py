"""The model answers of the course, as text and as what a check takes."""

import json
from functools import cache
from pathlib import Path

from relukit.checks.task import Task
from relukit.grading.source import cells_for

COURSE = Path(__file__).parents[3]


@cache
def _cells(lesson: str) -> dict[str, str]:
    """Return the source of each cell that nbgrader knows, by its grade_id, and of the imports."""
    path = COURSE / "solutions" / lesson / f"{lesson}.ipynb"
    found = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        key = cell["metadata"].get("nbgrader", {}).get("grade_id", cell["id"])
        if cell["cell_type"] == "code":
            found[key] = "".join(cell["source"])
    return found


def source(task: Task) -> str:
    """Return the text of the model answer."""
    return _cells(task.lesson)[task.name]


def built(task: Task, text: str) -> object:
    """Return what an answer cell defines, run behind the cells that it needs.

    Args:
        task: whose answer it is.
        text: of the cell.

    Raises:
        Exception: whatever the cell raises.
    """
    cells = _cells(task.lesson)
    answers = {k: v for k, v in cells.items() if k.isidentifier() and k != "imports"}
    answers[task.name] = text
    names: dict[str, object] = {"__name__": "mutant"}
    for title, part in cells_for(task.name, answers, cells["imports"]):
        exec(compile(part, title, "exec"), names)
    return names[task.name]
