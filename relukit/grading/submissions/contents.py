"""Which lessons a notebook answers, as its cells say."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from relukit.grading.submissions.cells import Cell, candidates

_LONG = 40  # characters of a text that stands in one lesson only


@dataclass(frozen=True)
class Said:
    """What the cells of a notebook say of one lesson.

    Attributes:
        n_tasks: for how many tasks of the lesson there is a cell.
        is_plain: whether that is enough for a name: a cell with the course's metadata, or cells
            for half of the tasks.
        is_most: whether no other lesson has more.
    """

    n_tasks: int
    is_plain: bool
    is_most: bool


def lessons_in(cells: Sequence[Cell], lessons: Mapping[str, Sequence[str]]) -> dict[str, Said]:
    """Return the lessons that a notebook answers.

    These are those with most answer cells, and each other with a cell that has the course's
    metadata or cells for half of its tasks: both lessons' answers may stand in one notebook.

    Args:
        cells: of a notebook.
        lessons: the tasks' names of each lesson.
    """
    if not cells:  # what cannot be read, of which there may be thousands
        return {}
    marks = {cell.grade_id for cell in cells}
    defined = {name for cell in cells for name in cell.names}
    counts = {
        lesson: sum(bool(task in defined or candidates(task, cells)[0]) for task in names)
        for lesson, names in lessons.items()
    }
    most = max(counts.values(), default=0)
    found = {}
    for lesson, names in lessons.items():
        n_tasks = counts[lesson]
        plain = not marks.isdisjoint(names) or 2 * n_tasks >= max(len(names), 2)
        if n_tasks and (n_tasks == most or plain):
            found[lesson] = Said(n_tasks, plain, n_tasks == most)
    return found


def is_read(cells: Sequence[Cell], texts: Collection[str]) -> bool:
    """Return whether a notebook is a lesson's own, which is read and not handed in.

    Args:
        cells: of a notebook without answers.
        texts: of the cells of a lesson's notebook.
    """
    own = [text for cell in cells if len(text := (cell.source or "").strip()) >= _LONG]
    return bool(own) and 2 * sum(text in texts for text in own) > len(own)
