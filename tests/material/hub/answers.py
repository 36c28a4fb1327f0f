"""What ten learners answer: some of it right, some wrong, some not at all."""

from pathlib import Path

import nbformat
from hub.needs import ROOT
from hub.repository import LESSON

from relukit.checks.registry import tasks

RIGHT_RELU = "import numpy as np\n\n\ndef relu(x):\n    return np.maximum(x, 0)\n"
WRONG_RELU = "def relu(x):\n    return abs(x)\n"


def solved(path: Path) -> dict[str, str]:
    """Return the model answers of a notebook by their names, without nbgrader's marks."""
    found = {}
    for cell in nbformat.read(path, as_version=4).cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("solution"):
            lines = [line for line in cell.source.splitlines() if " SOLUTION" not in line]
            found[mark["grade_id"]] = "\n".join(lines)
    return found


def answers_of(n_right: int) -> dict[str, str]:
    """Return as many right answers, then one that raises; the rest is left open."""
    right = solved(ROOT / "solutions" / LESSON / f"{LESSON}.ipynb")
    names = [task.name for task in tasks(LESSON)]
    answers = {name: right[name] for name in names[:n_right]}
    for name in names[n_right : n_right + 1]:
        answers[name] = f"def {name}(*given):\n    raise ValueError('I do not know')\n"
    return answers


def outcomes_of(n_right: int) -> dict[str, str]:
    """Return what becomes of these answers, task by task."""
    names = [task.name for task in tasks(LESSON)]
    told = ["passed"] * n_right + ["raised"] + ["not attempted"] * len(names)
    return dict(zip(names, told, strict=False))
