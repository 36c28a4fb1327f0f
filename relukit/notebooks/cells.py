"""The cells of a notebook, in any format that has cells."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from relukit.notebooks.slim import Limits, NotANotebook, Readable, few_lists, read_slim


@dataclass(frozen=True)
class Cell:
    """What counts of a cell.

    Attributes:
        kind: "code", "markdown", "raw", or whatever the file says.
        grade_id: what nbgrader calls it; "" where the metadata has no such id.
        cell_id: its id in the notebook, or "".
        source: its text; None where it has none.
        is_locked: whether nbgrader's metadata says that it is the course's and not the student's.
    """

    kind: str
    grade_id: str
    cell_id: str
    source: str | None
    is_locked: bool = False

    @property
    def is_code(self) -> bool:
        """Whether it is run, and no text."""
        return self.kind == "code"


def read_cells(
    file: Readable | bytes,
    *,
    may_load: Callable[[str], bool] = few_lists,
    limits: Limits | None = None,
) -> list[Cell]:
    """Return the cells of a notebook in any format that has cells, from nbformat 2 on.

    Args:
        file: the notebook's bytes, or what they are read from. They may begin with a byte order
            mark, and be UTF-8, UTF-16 or UTF-32.
        may_load: says of the text, without its outputs, whether it is worth reading as JSON.
        limits: what may still be read, where several files share it.

    Raises:
        NotANotebook: the bytes are none.

    Example:
        >>> cells = '{"cells": [{"cell_type": "code", "id": "a", "source": ["x = 1"]}]}'
        >>> [(cell.cell_id, cell.source) for cell in read_cells(cells.encode("utf-16"))]
        [('a', 'x = 1')]
    """
    notebook = read_slim(file, may_load, limits)
    return [_cell(entry) for entry in _entries(notebook) if isinstance(entry, dict)]


def _entries(notebook: object) -> list[Any]:
    if isinstance(notebook, dict):
        if isinstance(notebook.get("cells"), list):
            return notebook["cells"]
        sheets = notebook.get("worksheets")  # before nbformat 4
        if isinstance(sheets, list):
            parts = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
            return [entry for part in parts if isinstance(part, list) for entry in part]
    raise NotANotebook("it is no notebook: it has no cells")


def _cell(entry: dict[str, Any]) -> Cell:
    metadata = entry.get("metadata")
    graded = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    graded = graded if isinstance(graded, dict) else {}
    grade_id, kind = graded.get("grade_id"), entry.get("cell_type")
    source = entry.get("source", entry.get("input", ""))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    return Cell(
        kind=kind if isinstance(kind, str) else "",
        grade_id=grade_id if isinstance(grade_id, str) else "",
        cell_id=entry["id"] if isinstance(entry.get("id"), str) else "",
        source=source if isinstance(source, str) else None,
        is_locked=graded.get("solution") is False,
    )
