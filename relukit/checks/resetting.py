"""One answer of an exercise notebook set back to its stub; what stood there is kept beside it."""

import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from relukit.checks.registry import task
from relukit.errors import InvalidValueError, UnavailableError, unknown_name
from relukit.files import write_whole
from relukit.handout.source import root
from relukit.notebooks import decoded
from relukit.syllabus import LESSONS

if TYPE_CHECKING:
    from nbformat import NotebookNode

_WITH_IDS = (4, 5)  # the first format whose cells have ids
# what nbgrader writes in place of a solution
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
_SOLUTION = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION\n.*?### END SOLUTION$", flags=re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Reset:
    """What a reset did.

    Attributes:
        task: the task's name.
        changed: whether the answer was another than the stub.
        kept: the id of the cell that holds the old text; "" where there was nothing to keep, or
            where the notebook is of a format whose cells have no ids.
    """

    task: str
    changed: bool
    kept: str = ""

    def __str__(self) -> str:
        if not self.changed:
            return f"{self.task}: nothing to reset, its stub is as it was released"
        return (
            f"{self.task}: reset; what stood there is kept in the cell below it. If the notebook "
            "is open, choose File > Reload Notebook from Disk"
        )


def reset(path: str | Path, name: str) -> Reset:
    """Put the released stub back into an exercise notebook, and the old text into a cell below.

    The notebook is written whole or not at all. What is recorded as progress stays.

    Args:
        path: an exercise notebook, named after its lesson.
        name: a task of that lesson.

    Raises:
        InvalidValueError: no lesson or no task of it has this name; or the file is no notebook,
            or has no cell for this answer.
        UnavailableError: the notebook cannot be read or written, or the course's solutions, which
            stubs are made of, are not beside it.
    """
    path = Path(path)
    if path.stem not in LESSONS:
        raise unknown_name("lesson with exercises", path.stem, LESSONS)
    if task(name).lesson != path.stem:
        raise InvalidValueError(
            f"a task of {path.stem}", f"{name!r} of {task(name).lesson}", "name its own notebook"
        )
    stub = released_stub(_read(_solutions(path)), name)
    notebook = _read(path)
    cell = _answer(notebook, name)
    if cell is None:
        raise InvalidValueError(
            f"a cell for the answer {name!r} in {path.name}",
            "none",
            "get the notebook again from the course",
        )
    if cell.source.strip() == stub.strip():
        return Reset(name, changed=False)
    kept = _keep(notebook, cell)
    cell.source, cell.outputs, cell.execution_count = stub, [], None
    _write(path, notebook)
    return Reset(name, changed=True, kept=kept)


def released_stub(solutions: "NotebookNode", name: str) -> str:
    """Return what the released exercises have as the answer to a task.

    Args:
        solutions: the notebook of model answers, as nbformat reads it.
        name: the task's name.

    Raises:
        InvalidValueError: the solutions have no such answer.
    """
    cell = _answer(solutions, name)
    if cell is None:
        raise InvalidValueError(f"a solution of {name!r}", "none", "get the course again")
    return _SOLUTION.sub(lambda region: _indented(region[1]), cell.source)


def _indented(space: str) -> str:
    return "\n".join(space + line for line in STUB.splitlines())


def _solutions(path: Path) -> Path:
    """Return the model answers: of the course that the notebook lies in, or of this package's."""
    for folder in (*path.absolute().parents, root()):
        found = folder / "solutions" / path.stem / path.name
        if found.is_file():
            return found
    raise UnavailableError(
        "the course's solutions/, which stubs are made of",
        f"none above {path}",
        "get the notebook again from the course, and copy your other answers into it",
    )


def _answer(notebook: "NotebookNode", name: str) -> "NotebookNode | None":
    """Return the cell of an answer, or None.

    It is the one that nbgrader knows by this name; where a tool has dropped that, the one with the
    id of the release; and else the last one that defines the name.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code:
        if _grade_id(cell) == name:
            return cell
    free = [cell for cell in code if not _grade_id(cell)]
    for cell in free:
        if cell.get("id") == f"{name.replace('_', '-')}-answer":
            return cell
    defines = re.compile(rf"^(?:def|class) {name}\b", flags=re.MULTILINE)
    return next((cell for cell in reversed(free) if defines.search(cell.source)), None)


def _grade_id(cell: "NotebookNode") -> str:
    graded = cell.metadata.get("nbgrader")
    return graded.get("grade_id", "") if isinstance(graded, dict) else ""


def _keep(notebook: "NotebookNode", cell: "NotebookNode") -> str:
    """Put a cell with the old text below the answer, and return its id."""
    from nbformat.v4 import new_markdown_cell

    if (notebook.nbformat, notebook.nbformat_minor) < _WITH_IDS:
        kept = new_markdown_cell(_fenced(cell.source, 1))
        del kept["id"]
        notebook.cells.insert(notebook.cells.index(cell) + 1, kept)
        return ""
    taken = {other.get("id") for other in notebook.cells}
    number = 1
    while (key := f"{cell.get('id', 'answer')[:50]}-kept-{number}") in taken:
        number += 1
    kept = new_markdown_cell(_fenced(cell.source, number), id=key)
    notebook.cells.insert(notebook.cells.index(cell) + 1, kept)
    return key


def _fenced(source: str, number: int) -> str:
    longest = max((len(ticks) for ticks in re.findall(r"`+", source)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"Kept by a reset, version {number}:\n\n{fence}python\n{source}\n{fence}"


def _read(path: Path) -> "NotebookNode":
    import nbformat

    try:
        text = decoded(path.read_bytes())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # cells without ids are given some
            return nbformat.reads(text, as_version=4)
    except OSError as cause:
        raise UnavailableError(
            "a notebook that can be read", f"{path}: {cause.strerror}", "correct the path"
        ) from cause
    except Exception as cause:  # whatever a reader of arbitrary text may raise
        raise InvalidValueError("a notebook", f"{path}, which is none", "save it again") from cause


def _write(path: Path, notebook: "NotebookNode") -> None:
    import nbformat

    text = nbformat.writes(notebook).rstrip("\n") + "\n"
    try:
        write_whole(path, text)
    except OSError as cause:
        raise UnavailableError(
            "a notebook that can be written", f"{path}: {cause.strerror}", "free it and try again"
        ) from cause
