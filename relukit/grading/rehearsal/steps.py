"""What of a notebook is run, cell by cell, and where each task's last check stands in it."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from relukit.grading.parsing import parse
from relukit.grading.submissions.answers import read_answers
from relukit.grading.submissions.cells import Cell
from relukit.grading.submissions.stub import is_untouched

_TALK = ("check", "hint", "progress")


@dataclass(frozen=True)
class Step:
    """One cell.

    Attributes:
        source: what is run; "" for a cell that only checks, hints or shows the progress.
        names: what it defines at the top level.
        checks: the tasks whose last check stands here.
    """

    source: str
    names: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()


def steps_of(cells: Sequence[Cell], tasks: Sequence[str]) -> list[Step]:
    """Return the cells to run, in the notebook's order.

    As in a grading, a stub gives way to a cell that answers its task, and the text of an answer
    cell that was turned into a text cell is run where no code defines the task.

    Args:
        cells: of the notebook.
        tasks: the names of the lesson's tasks.

    Example:
        >>> cells = [Cell("code", "", "", text) for text in ("relu = abs", "check(relu)")]
        >>> [(step.source, step.checks) for step in steps_of(cells, ["relu"])]
        [('relu = abs', ()), ('', ('relu',))]
    """
    code = [(cell, cell.source) for cell in cells if cell.is_code and cell.source]
    stubs = {id(cell) for cell, source in code if is_untouched(source)}
    written = {name for cell, _ in code if id(cell) not in stubs for name in cell.names}
    run = []
    for cell, source in code:
        answered = set(cell.names) & set(tasks)
        if id(cell) not in stubs or not answered or not answered <= written:
            run.append((cell, source))
    last = {name: cell for cell, source in run for name in _checked(source)}
    found = [
        Step(
            "" if _only_talks(source) else source,
            cell.names,
            tuple(name for name, other in last.items() if other is cell),
        )
        for cell, source in run
    ]
    defined = {name for cell, _ in run for name in cell.names}
    texts = {source for _, source in run}
    answers = read_answers(cells, tasks).answers
    for name in tasks:
        if name not in defined and answers.get(name) and answers[name] not in texts:
            found.append(Step(answers[name], (name,)))
    return found


def _checked(source: str) -> tuple[str, ...]:
    """Return the names that a cell checks at its top level: `check(relu)`."""
    return tuple(
        argument.id
        for name, call in _talks(source)
        for argument in call.args[:1]
        if name == "check" and isinstance(argument, ast.Name)
    )


def _only_talks(source: str) -> bool:
    tree = parse(source)
    return tree is not None and len(tree.body) == len(_talks(source)) > 0


def _talks(source: str) -> list[tuple[str, ast.Call]]:
    """Return the calls of `check`, `hint` and `progress` that are statements of a cell, by name."""
    tree = parse(source)
    calls = [node.value for node in (tree.body if tree else ()) if isinstance(node, ast.Expr)]
    return [
        (call.func.id, call)
        for call in calls
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _TALK
    ]
