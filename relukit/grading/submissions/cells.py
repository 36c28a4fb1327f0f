"""The cells of a notebook, and which of them may be a task's answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import BinaryIO

from relukit import notebooks
from relukit.checks.registry import tasks as tasks_of_course
from relukit.grading import parsing
from relukit.grading.submissions.entry import Unusable
from relukit.grading.submissions.toplevel import defined_in

MAX_SOURCE = 100 * 1024  # bytes of an answer
MAX_CELLS = 1000  # of a notebook; the longest of the course has 112
_OF_COURSE = re.compile(r"imports|intro|check-.*|.*-text", flags=re.DOTALL)  # ids of our cells


@dataclass(frozen=True)
class Cell(notebooks.Cell):
    """A cell, and what it defines."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names that it defines at the top level, where it is code."""
        source = (self.is_code and self.source) or ""
        return defined_in(source) if len(source) <= MAX_SOURCE else ()


def read_cells(file: BinaryIO | bytes) -> list[Cell]:
    """Return the cells of a notebook in any format that has cells, from nbformat 2 on.

    Kernels, outputs and all other metadata are left out, so forging them changes nothing.

    Raises:
        Unusable: the bytes are no notebook.
    """
    try:
        found = notebooks.read_cells(file, may_load=parsing.may_load)
    except notebooks.NotANotebook as cause:
        raise Unusable(str(cause)) from cause
    if len(found) > MAX_CELLS or not parsing.may_use_cells(len(found)):
        raise Unusable(f"it has more than {MAX_CELLS:,} cells")
    return [Cell(**vars(cell)) for cell in found]


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
    known = cell.grade_id in _all_tasks() or _OF_COURSE.fullmatch(cell.grade_id)
    return not cell.grade_id or not (cell.is_locked or known)


@cache
def _all_tasks() -> frozenset[str]:
    return frozenset(task.name for task in tasks_of_course())
