"""Which cells and which imports an answer needs, found in its text without running it."""

import ast
import re
from collections.abc import Mapping
from functools import lru_cache

from relukit.grading.parsing import parse, words
from relukit.grading.submissions.toplevel import defined_in

SET_UP = "<set-up>"
_IMPORTED = re.compile(r"^[ \t]*(?:import|from)[ \t]+([\w.]+)", flags=re.MULTILINE)
_cached = lru_cache(maxsize=256)  # each answer is asked for once a task


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
    defined = {other: _bound(source) for other, source in answers.items()}
    needed, waiting, used = {name}, [name], set()
    while waiting:
        names = _used(answers[waiting.pop()])
        used |= names
        for other in answers:
            if other not in needed and defined[other] & names:
                needed.add(other)
                waiting.append(other)
    before = [other for other in answers if other in needed - {name}]
    cells = [(f"<cell {other}>", answers[other]) for other in (*before, name)]
    return ((SET_UP, _imports(set_up, frozenset(used))), *cells)


def modules_in(cells: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Return the names of the modules that the cells import anywhere, in their order.

    Example:
        >>> modules_in((("a", "from scipy import special"), ("b", "def f():\\n    import torch")))
        ('scipy', 'scipy.special', 'torch')
    """
    return tuple(dict.fromkeys(name for _, source in cells for name in _modules(source)))


@_cached
def _modules(source: str) -> tuple[str, ...]:
    tree = parse(source)
    if tree is None:
        return tuple(dict.fromkeys(_IMPORTED.findall(source)))
    found: dict[str, None] = {}
    for node in ast.walk(tree):
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


@_cached
def _used(source: str) -> frozenset[str]:
    tree = parse(source)
    if tree is None:
        return frozenset(words(source))
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


@_cached
def _bound(source: str) -> frozenset[str]:
    tree = parse(source)
    if tree is None:
        return frozenset(defined_in(source))
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            stored = (part for part in ast.walk(node) if isinstance(part, ast.Name))
            names |= {part.id for part in stored if isinstance(part.ctx, ast.Store)}
    return frozenset(names)


def _imports(set_up: str, used: frozenset[str]) -> str:
    tree = parse(set_up)
    lines = []
    for node in tree.body if tree else ():
        if isinstance(node, ast.Import | ast.ImportFrom):
            kept = [e for e in node.names if (e.asname or e.name.split(".")[0]) in used]
            some = ast.Import(kept)
            if isinstance(node, ast.ImportFrom):
                some = ast.ImportFrom(node.module, kept, node.level)
            lines += [ast.unparse(some)] if kept else []
    return "\n".join(lines)
