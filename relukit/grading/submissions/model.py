"""Whether a notebook is the course's own solutions, which are never a student's work."""

import re
from collections.abc import Mapping, Sequence

from relukit.grading.submissions.answers import Released
from relukit.grading.submissions.cells import Cell

_MARKER = re.compile(
    r"^[ \t]*###[ \t]*(?:BEGIN|END)[ \t]+SOLUTION", flags=re.MULTILINE | re.IGNORECASE
)
MARKED = "the course's own model answer, with the marks of solutions/: write one of your own"


def is_marked(source: str) -> bool:
    r"""Return whether a text holds the marks that only the course's solutions have.

    Example:
        >>> is_marked("def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION")
        True
    """
    return _MARKER.search(source) is not None


def is_model(
    cells: Sequence[Cell], tasks: Sequence[str], released: Released, *, beside: bool
) -> bool:
    """Return whether a notebook is the course's solutions, as released or as good as that.

    Args:
        cells: of the notebook.
        tasks: the names of the lesson's tasks.
        released: what the course has released for the lesson.
        beside: whether it lies in a folder of solutions, where answers that are word for word the
            course's own are taken for the course's also without the marks.
    """
    texts = [cell.source for cell in cells if cell.grade_id in tasks and cell.source]
    marked = sum(map(is_marked, texts)) or sum(
        is_marked(cell.source) for cell in cells if cell.is_code and cell.source
    )
    if marked and 2 * marked >= max(len(texts), 1):
        return True
    if not beside or not released.models:
        return False
    return is_copied({c.grade_id: c.source or "" for c in cells if c.grade_id in tasks}, released)


def is_copied(answers: Mapping[str, str], released: Released) -> bool:
    """Return whether every answer is word for word the course's own."""
    models = {name: _plain(text) for name, text in released.models.items()}
    return bool(answers) and all(_plain(t) == models.get(name) for name, t in answers.items())


def _plain(text: str) -> list[str]:
    lines = (line.split("#")[0].split() for line in text.splitlines())
    return [word for line in lines for word in line]
