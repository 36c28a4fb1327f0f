"""Which cells and which imports an answer needs, found in its text without running it."""

import ast
import warnings
from collections.abc import Mapping

SET_UP = "<set-up>"


def cells_for(name: str, answers: Mapping[str, str], set_up: str) -> tuple[tuple[str, str], ...]:
    """Return the cells to run for one answer: imports, answers that it builds on, and itself.

    Args:
        name: the task's name.
        answers: sources by the names of their tasks, in the notebook's order.
        set_up: the source of the course's own cell with imports.

    Example:
        >>> answers = {"f": "def f(x): return np.abs(x)", "g": "def g(x): return f(x)", "h": "1/0"}
        >>> cells_for("g", answers, "import numpy as np, torch")
        (('<set-up>', 'import numpy as np'), ('<cell f>', 'def f(x): return np.abs(x)'),
         ('<cell g>', 'def g(x): return f(x)'))
    """
    defined = {other: _bound(_tree(source)) for other, source in answers.items()}
    needed, waiting, used = {name}, [name], set()
    while waiting:
        names = _used(_tree(answers[waiting.pop()]))
        used |= names
        for other in answers:
            if other not in needed and defined[other] & names:
                needed.add(other)
                waiting.append(other)
    before = [other for other in answers if other in needed - {name}]
    cells = [(f"<cell {other}>", answers[other]) for other in (*before, name)]
    return ((SET_UP, _imports(_tree(set_up), used)), *cells)


def modules_in(cells: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Return the names of the modules that the cells import anywhere, in their order.

    Example:
        >>> modules_in((("a", "from scipy import special"), ("b", "def f():\\n    import torch")))
        ('scipy', 'scipy.special', 'torch')
    """
    found: dict[str, None] = {}
    for _, source in cells:
        for node in ast.walk(_tree(source)):
            if isinstance(node, ast.Import):
                found |= dict.fromkeys(entry.name for entry in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found[node.module] = None
                found |= {f"{node.module}.{entry.name}": None for entry in node.names}
    return tuple(found)


def commands_in(source: str) -> str:
    """Return the first notebook command (`%magic`, `!shell`, `name?`) in a cell, or "".

    Example:
        >>> commands_in("%matplotlib inline\\nx = 7 % 2")
        '%matplotlib inline'
    """
    for line in map(str.strip, source.splitlines()):
        if line.startswith(("%", "!", "?")) or (line.endswith("?") and "#" not in line):
            return line[:60]
    return ""


def _tree(source: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # told when the cell runs
        return ast.Module([], [])


def _used(tree: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _bound(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            stored = (part for part in ast.walk(node) if isinstance(part, ast.Name))
            names |= {part.id for part in stored if isinstance(part.ctx, ast.Store)}
    return names


def _imports(tree: ast.Module, used: set[str]) -> str:
    lines = []
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            kept = [e for e in node.names if (e.asname or e.name.split(".")[0]) in used]
            node.names = kept
            lines += [ast.unparse(node)] if kept else []
    return "\n".join(lines)
