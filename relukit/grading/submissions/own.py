"""Cells of a student's own: what of them an answer may need, and where they stand."""

from collections.abc import Sequence

from relukit.grading.submissions.cells import MAX_SOURCE, Cell

SET_UP = "imports"  # the id of the course's own cell with imports
MAX_OWN = 20  # cells that are kept: each may take its part of an answer's time
MAX_KEPT = MAX_SOURCE  # characters of them all


def texts_of(
    own: Sequence[Cell], cells: Sequence[Cell], answers: Sequence[tuple[str, Cell]], set_up: str
) -> tuple[tuple[str, str], ...]:
    """Return the cells that define anything, each behind the task whose answer comes next.

    Of the course's own cell with imports only what the student has added is kept.

    Args:
        own: the cells, in their order.
        cells: all of the notebook.
        answers: the tasks' names, and the first cell of the answer to each.
        set_up: the source of the course's own cell with imports.

    Example:
        >>> helper, answer = Cell("code", "", "", "h = 1"), Cell("code", "f", "", "def f(): 3")
        >>> texts_of([helper], [helper, answer], [("f", answer)], "")
        (('f', 'h = 1'),)
    """
    places = {id(cell): place for place, cell in enumerate(cells)}
    spots = sorted((places[id(cell)], task) for task, cell in answers if id(cell) in places)
    kept, left = [], MAX_KEPT
    known = set(set_up.splitlines())
    for cell in own:
        source = cell.source or ""
        if SET_UP in (cell.grade_id, cell.cell_id):
            source = "\n".join(line for line in source.splitlines() if line not in known)
        binds = cell.names or "import" in source or ":" in source
        if not binds or (not source.isascii() and _is_broken(source)) or len(source) > left:
            continue
        left -= len(source)
        following = (task for place, task in spots if place > places[id(cell)])
        kept.append((next(following, ""), source))
    return tuple(kept[:MAX_OWN])


def _is_broken(source: str) -> bool:
    """Return whether a text holds half a character, which nothing can carry to a process."""
    return any("\ud800" <= character <= "\udfff" for character in source)
