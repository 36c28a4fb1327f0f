"""Which cells and which imports an answer needs, found in its text without running it."""

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from relukit.grading.parsing import parse, words
from relukit.grading.scopes import bound_in, free_in, imports_all
from relukit.grading.submissions.toplevel import defined_in

SET_UP = "<set-up>"
_MOST_MODULES = 32
OWN = "of your own "  # and a number: a cell of the student's own
_IMPORTED = re.compile(r"^[ \t>.]*(?:from|import)[ \t]+(\w[\w.]*)", flags=re.MULTILINE)
_COMMAND = re.compile(r"^(?:[%!?].*|.*\?|[\w, ]+=[ \t]*[%!].*)$")
# how Python says that a name is not there
_NO_NAME = (
    *("NameError", "UnboundLocalError", "KeyError", "AttributeError"),
    *("ImportError", "ModuleNotFoundError"),
)
_cached = lru_cache(maxsize=256)  # each answer is asked for once a task


def cells_for(
    name: str,
    answers: Mapping[str, str],
    set_up: str,
    others: Iterable[str] | None = None,
    own: Sequence[tuple[str, str]] = (),
) -> tuple[tuple[str, str], ...]:
    """Return the cells to run for one answer: imports, what it builds on, and itself.

    It builds on other answers, and on cells of the student's own for names that nothing else
    defines: in the notebook it finds them, too. What these need comes with them.

    Args:
        name: the task's name.
        answers: sources by the names of their tasks, in the notebook's order.
        set_up: the source of the course's own cell with imports.
        others: the names of other answers and own cells to run; None for those that the text
            seems to need.
        own: cells of the student's own, see `Submission`.

    Example:
        >>> answers = {"f": "def f(x): return np.abs(x)", "g": "def g(x): return f(x)", "h": "1/0"}
        >>> cells_for("g", answers, "import numpy as np, torch")
        (('<set-up>', 'import numpy as np'), ('<cell f>', 'def f(x): return np.abs(x)'),
         ('<cell g>', 'def g(x): return f(x)'))
        >>> cells_for("f", {"f": "def f(x): return h"}, "", own=[("f", "h = 1"), ("f", "x = 2")])
        (('<set-up>', ''), ('<cell of your own 1>', 'h = 1'), ('<cell f>', 'def f(x): return h'))
    """
    given = set(defined_in(set_up))
    texts = _woven(answers, own)
    defined = {other: bound_in(source) - given for other, source in texts.items()}
    known = given.union(*(defined[other] for other in answers))
    needed: set[str] = {name}
    used: set[str] = set()
    needed |= {other for other in texts.keys() - answers.keys() if imports_all(texts[other])}
    if others is not None:
        needed |= set(others)
    waiting = list(needed)
    while waiting:
        source = texts[waiting.pop()]
        used |= _used(source)
        names = _used(source) - bound_in(source)  # what a cell binds itself it needs from no other
        lacking = free_in(source) - known
        for other in texts.keys() - needed:
            is_answer = other in answers
            if (is_answer and others is not None) or not defined[other] & (
                names if is_answer else lacking
            ):
                continue
            needed.add(other)
            waiting.append(other)
    before = [other for other in texts if other in needed - {name}]
    cells = [(f"<cell {other}>", texts[other]) for other in (*before, name)]
    return ((SET_UP, _imports(set_up, frozenset(used))), *cells)


def _woven(answers: Mapping[str, str], own: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return all texts in the notebook's order, by the task's name or `OWN` and a number."""
    numbered = [(place, f"{OWN}{n}", text) for n, (place, text) in enumerate(own, start=1)]
    texts: dict[str, str] = {}
    for name, source in answers.items():
        texts |= {key: text for place, key, text in numbered if place == name}
        texts[name] = source
    return texts | {key: text for place, key, text in numbered if place not in answers}


def others_wanted(
    said: str,
    name: str,
    answers: Mapping[str, str],
    cells: Iterable[tuple[str, str]],
    own: Sequence[tuple[str, str]] = (),
) -> tuple[str, ...]:
    """Return the other cells to run where an error says that a name of theirs is missing.

    A name may be looked up in a way that no text shows. Answers that stand before this one come
    first; where they lack it, or have run already, all others. Of the student's own cells come
    those that define it, and those that have run.

    Args:
        said: what is said about the error.
        name: the task's name.
        answers: sources by the names of their tasks, in the notebook's order.
        cells: that ran.
        own: cells of the student's own, see `Submission`.

    Returns:
        Names of tasks, and of own cells; none where others are of no use.

    Example:
        >>> answers = {"f": "def f(x): 1", "g": "def g(x): return globals()[name]", "h": "z = 1"}
        >>> others_wanted("KeyError: 'f'", "g", answers, ()), others_wanted("'z'", "g", answers, ())
        (('f',), ())
    """
    if not any(kind in said for kind in _NO_NAME):
        return ()
    ran = {title for title, _ in cells}
    missing = set(words(said))
    texts = _woven(answers, own)
    wanted = [
        other
        for other, source in texts.items()
        if not _is(other, ran) and other != name and bound_in(source) & missing
    ]
    if not wanted:
        return ()
    order = list(answers)
    theirs = [other for other in wanted if other in answers]
    mine = [key for key in texts if key not in answers and (key in wanted or _is(key, ran))]
    earlier = order[: order.index(name)]
    if not theirs:
        chosen = [other for other in order if other != name and _is(other, ran)]
    elif set(theirs) <= set(earlier):
        chosen = earlier
    else:
        chosen = [other for other in order if other != name]
    return (*chosen, *mine)


def _is(key: str, ran: set[str]) -> bool:
    return f"<cell {key}>" in ran


def modules_in(cells: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    r"""Return the names of the first modules that the cells import anywhere, in their order.

    They are imported before the answer's own time begins, so they must be few.

    Example:
        >>> modules_in((("a", "from scipy import special"), ("b", "def f():\n    import torch")))
        ('scipy', 'scipy.special', 'torch')
    """
    names = dict.fromkeys(name for _, source in cells for name in _modules(source))
    return tuple(islice(names, _MOST_MODULES))


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
    r"""Return the first notebook command (`%magic`, `!shell`, `name?`) in a cell, or "".

    Example:
        >>> commands_in("%matplotlib inline\nx = 7 % 2")
        '%matplotlib inline'
    """
    if (tree := parse(source)) and tree.body:  # plain Python, whatever its lines begin with
        return ""
    for line in map(str.strip, source.splitlines()):
        if _COMMAND.match(line) and not line.startswith("#"):
            return line[:60]
    return ""


@_cached
def _used(source: str) -> frozenset[str]:
    """Return the names that an answer may look up, in its code or in strings such as "relu(x)"."""
    tree = parse(source)
    if tree is None:  # with commands of notebooks, too long, or no Python: any word may be a name
        return frozenset(words(source))
    names, told = set(), set()
    by_attribute = "__main__" in source
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            told.add(node.value)  # a docstring looks nothing up
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in told:
            names |= set(words(node.value))
        elif by_attribute and isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif by_attribute and isinstance(node, ast.ImportFrom):
            names |= {entry.name for entry in node.names}
    return frozenset(names)


def _imports(set_up: str, used: frozenset[str]) -> str:
    tree = parse(set_up)
    lines = []
    for node in tree.body if tree else ():
        if isinstance(node, ast.Import | ast.ImportFrom):
            kept = [e for e in node.names if (e.asname or e.name.split(".")[0]) in used]
            some: ast.Import | ast.ImportFrom = ast.Import(kept)
            if isinstance(node, ast.ImportFrom):
                some = ast.ImportFrom(node.module, kept, node.level)
            lines += [ast.unparse(some)] if kept else []
    return "\n".join(lines)
