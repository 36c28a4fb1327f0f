"""Reading the files of notebooks: the cells that count, and nothing of what was printed."""

from relukit.notebooks.alone import is_alone
from relukit.notebooks.cells import Cell, read_cells
from relukit.notebooks.slim import MAX_KEPT, Limits, NotANotebook, Readable, decoded, read_slim

__all__ = [
    "MAX_KEPT",
    "Cell",
    "Limits",
    "NotANotebook",
    "Readable",
    "decoded",
    "is_alone",
    "read_cells",
    "read_slim",
]
