"""The cells of a notebook, and which of them may be a task's answer."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from relukit import notebooks
from relukit.checks.registry import tasks as tasks_of_course
from relukit.grading import parsing
from relukit.grading.submissions.entry import Unusable
from relukit.grading.submissions.fences import fenced
from relukit.grading.submissions.toplevel import defined_in, may_define

MAX_SOURCE = 100 * 1024  # bytes of an answer
MAX_CELLS = 1000  # of a notebook; the longest of the course has 112
_MAX_ID = 256  # characters of an id; the longest of the course has 40
_OF_COURSE = re.compile(r"imports|intro|check-.*|.*-text", flags=re.DOTALL)  # ids of our cells


@dataclass(frozen=True)
class Cell(notebooks.Cell):
    """A cell, and what it defines."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names that it defines at the top level, where it is code."""
        source = (self.is_code and self.source) or ""
        return defined_in(source) if len(source) <= MAX_SOURCE else ()

    @cached_property
    def as_code(self) -> tuple["Cell", ...]:
        """What its text says as Python, where it is no code: as a whole, and inside fences."""
        source = self.source or ""
        if self.is_code or len(source) > MAX_SOURCE or not parsing.may_read(source):
            return ()
        texts = map(textwrap.dedent, dict.fromkeys((source, fenced(source))))
        found = (text for text in texts if may_define(text) and parsing.parse(text))
        return tuple(Cell("code", self.grade_id, self.cell_id, text) for text in found)


def read_cells(file: notebooks.Readable | bytes) -> list[Cell]:
    """Return the cells of a notebook in any format that has cells, from nbformat 2 on.

    Kernels, outputs and all other metadata are left out, so forging them changes nothing.

    Raises:
        Unusable: the bytes are no notebook.
    """
    try:
        found = notebooks.read_cells(file, may_load=parsing.may_load, limits=parsing.limits())
    except notebooks.NotANotebook as cause:
        raise Unusable(str(cause)) from cause
    if len(found) > MAX_CELLS or not parsing.may_use_cells(len(found)):
        raise Unusable(f"it has more than {MAX_CELLS:,} cells")
    return [_with_short_ids(Cell(**vars(cell))) for cell in found]


def _with_short_ids(cell: Cell) -> Cell:
    """Cut ids that no notebook has, since each is looked at once a task."""
    if max(len(cell.grade_id), len(cell.cell_id)) <= _MAX_ID:
        return cell
    return replace(cell, grade_id=cell.grade_id[:_MAX_ID], cell_id=cell.cell_id[:_MAX_ID])


def candidates(task: str, cells: Sequence[Cell]) -> tuple[list[Cell], str]:
    """Return the cells that may be a task's answer, and how they were recognised.

    A cell with the task's grade_id comes first. Only where no cell has it, because a tool dropped
    the metadata or the notebook is of another release, the cell's id counts, and then the
    definition of the task's name in a code cell that is not one of the course's own.
    """
    marked = [cell for cell in cells if cell.grade_id == task]
    if marked:
        return marked, ""
    free = [cell for cell in cells if is_free(cell)]
    by_id = [cell for cell in free if cell.cell_id == f"{task.replace('_', '-')}-answer"]
    if by_id:
        return by_id, "its id"
    return [cell for cell in free if task in cell.names], "what it defines"


def is_free(cell: Cell) -> bool:
    """Return whether a cell is the student's, or of a release that this one doesn't know."""
    if notebooks.is_alone(cell.source):
        return False
    known = cell.grade_id in _all_tasks() or _OF_COURSE.fullmatch(cell.grade_id)
    return not cell.grade_id or not (cell.is_locked or known)


@cache
def _all_tasks() -> frozenset[str]:
    return frozenset(task.name for task in tasks_of_course())
