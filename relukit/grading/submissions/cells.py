"""The answers in a notebook: the source text of its answer cells, and why any is missing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from relukit.grading import parsing
from relukit.grading.submissions.entry import Unusable
from relukit.grading.submissions.toplevel import defined_in

MAX_SOURCE = 100 * 1024  # bytes of an answer
MAX_ELSEWHERE = 50
MAX_READ = 2**20  # characters of a student's own cells that are looked through
MAX_CELLS = 1000  # of a notebook; the longest of the course has 112
_SET_UP = "imports"


@dataclass(frozen=True)
class Cell:
    """What counts of a cell; `source` is None where it has no text or is no code."""

    is_code: bool
    grade_id: str
    cell_id: str
    source: str | None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names that it defines at the top level."""
        source = self.source or ""
        return defined_in(source) if len(source) <= MAX_SOURCE else ()


def read_cells(data: bytes) -> list[Cell]:
    """Return the cells of a notebook in any format that has cells, from nbformat 2 on.

    Kernels, outputs and all other metadata are left out, so forging them changes nothing.

    Raises:
        Unusable: the bytes are no notebook.
    """
    if not data.strip():
        raise Unusable("the file is empty")
    if not parsing.may_load(data):
        raise Unusable("it holds more than any notebook does")
    try:
        notebook = json.loads(data.decode("utf-8-sig"), parse_int=_no_number)
    except UnicodeDecodeError as cause:
        raise Unusable("it is no notebook: its text is not UTF-8") from cause
    except json.JSONDecodeError as cause:
        why = f"it is no notebook: line {cause.lineno} is not JSON"
        raise Unusable(f"{why} (was it saved or sent only in part?)") from cause
    except Exception as cause:  # nested too deeply, a number too long
        raise Unusable("it is no notebook: its JSON is out of the ordinary") from cause
    entries = _entries(notebook)
    if len(entries) > MAX_CELLS or not parsing.may_use_cells(len(entries)):
        raise Unusable(f"it has more than {MAX_CELLS:,} cells")
    return [_cell(entry) for entry in entries if isinstance(entry, dict)]


def _no_number(digits: str) -> int:
    """Stand in for integers, which mean nothing here: to read thousands of digits takes long."""
    return 0


def _entries(notebook: object) -> list:
    if isinstance(notebook, dict):
        if isinstance(notebook.get("cells"), list):
            return notebook["cells"]
        sheets = notebook.get("worksheets")  # before nbformat 4
        if isinstance(sheets, list):
            parts = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
            return [entry for part in parts if isinstance(part, list) for entry in part]
    raise Unusable("it is no notebook: it has no cells")


def _cell(entry: dict) -> Cell:
    metadata = entry.get("metadata")
    graded = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = graded.get("grade_id") if isinstance(graded, dict) else None
    source = entry.get("source", entry.get("input", ""))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    is_code = entry.get("cell_type") == "code"
    return Cell(
        is_code=is_code,
        grade_id=grade_id if isinstance(grade_id, str) else "",
        cell_id=entry["id"] if isinstance(entry.get("id"), str) else "",
        source=source if is_code and isinstance(source, str) else None,
    )


def lesson_of(cells: Sequence[Cell], lessons: Mapping[str, Sequence[str]]) -> str | None:
    """Return the lesson most of whose answer cells are here, or None where none stands out.

    Args:
        cells: of a notebook.
        lessons: the tasks' names of each lesson.
    """
    counts = {
        lesson: sum(bool(candidates(task, cells)[0]) for task in names)
        for lesson, names in lessons.items()
    }
    most = max(counts.values(), default=0)
    best = [lesson for lesson, count in counts.items() if count == most]
    return best[0] if most and len(best) == 1 else None


def candidates(task: str, cells: Sequence[Cell]) -> tuple[list[Cell], str]:
    """Return the code cells that may be a task's answer, and how they were recognised.

    A cell with the task's grade_id comes first. Only where no cell has it, because a tool dropped
    the metadata, the cell's id counts, and then the definition of the task's name in a cell that
    is not one of the course's own.
    """
    marked = [cell for cell in cells if cell.grade_id == task]
    if marked:
        return [cell for cell in marked if cell.is_code], ""
    free = [cell for cell in cells if cell.is_code and not cell.grade_id]
    by_id = [cell for cell in free if cell.cell_id == f"{task.replace('_', '-')}-answer"]
    if by_id:
        return by_id, "its id"
    return [cell for cell in free if task in cell.names], "what it defines"


@dataclass(frozen=True)
class Answers:
    """What `Submission` needs from a notebook: see there."""

    answers: dict[str, str]
    faults: dict[str, str]
    elsewhere: tuple[str, ...]
    note: str


def read_answers(cells: Sequence[Cell], tasks: Iterable[str], set_up: str = "") -> Answers:
    """Return the answers among the cells.

    Args:
        cells: of a notebook.
        tasks: the names of the lesson's tasks.
        set_up: the source of the course's own cell with imports; where it is given, what a student
            has added to that cell counts as defined elsewhere.
    """
    answers, faults, found_by, chosen = {}, {}, {}, []
    for task in tasks:
        found, how = candidates(task, cells)
        chosen += found
        sources = list(dict.fromkeys((cell.source or "").rstrip() for cell in found))
        fault = _fault(task, sources, any(cell.source is None for cell in found))
        if fault:
            faults[task] = fault
            continue
        answers[task] = found[0].source
        if how:
            found_by.setdefault(how, []).append(task)
    notes = [
        f"recognised by {how}, as the cell's metadata is gone: {', '.join(names)}"
        for how, names in found_by.items()
    ]
    if parsing.is_spent():
        notes.append(parsing.SPENT)
    known = {name for cell in chosen for name in cell.names} | set(defined_in(set_up))
    own = _own(cells, chosen, bool(set_up))
    return Answers(answers, faults, _elsewhere(own, known), "; ".join(notes))


def _fault(task: str, sources: Sequence[str], unreadable: bool) -> str:
    if not sources:
        return f"no answer cell for {task}: was it deleted, or its type changed?"
    if unreadable:
        return f"the source of the answer cell for {task} is no text"
    if len(sources) > 1:
        return f"{len(sources)} cells answer {task} and differ: keep one"
    size = len(sources[0].encode("utf-8", "surrogatepass"))
    if size > MAX_SOURCE:
        return f"the answer cell for {task} is longer than {MAX_SOURCE // 1024} KiB"
    if any("\ud800" <= character <= "\udfff" for character in sources[0]):
        return f"the answer cell for {task} holds half a character (a lone surrogate)"
    return ""


def _own(cells: Sequence[Cell], chosen: Sequence[Cell], with_set_up: bool) -> list[Cell]:
    """Return the code cells that are neither answers nor the course's."""
    own = []
    for cell in cells:
        is_set_up = _SET_UP in (cell.grade_id, cell.cell_id)
        is_free = not cell.grade_id and not is_set_up
        used = any(cell is answer for answer in chosen)
        if cell.is_code and not used and (is_free or (is_set_up and with_set_up)):
            own.append(cell)
    return own


def _elsewhere(own: Iterable[Cell], known: set[str]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    left = MAX_READ
    for cell in own:
        left -= len(cell.source or "")
        if left < 0 or len(names) >= MAX_ELSEWHERE:
            break
        names |= dict.fromkeys(name for name in cell.names if name not in known)
    return tuple(names)[:MAX_ELSEWHERE]
