"""The names that a cell defines at the top level, also where it is not plain Python."""

import ast
import re
from itertools import islice

from relukit.grading import parsing

MAX_NAME = 80  # characters of a name that is worth telling
_MAX_NAMES = 1000  # of a text that is not parsed
_COMMAND = re.compile(r"^[ \t]*[%!?].*$", flags=re.MULTILINE)  # a notebook's own: %magic, !shell
_BEGINS = re.compile(
    r"^(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)|^(\w+)[ \t]*=(?!=)", flags=re.MULTILINE
)


def defined_in(source: str) -> tuple[str, ...]:
    r"""Return the names that functions, classes, assignments and imports define at the top level.

    Lines that are commands of notebooks are passed over. Where the rest is no Python, what its
    lines begin with decides; so it does where the text is too long to be parsed.

    Args:
        source: any text; it is not run.

    Example:
        >>> defined_in("import numpy as np, scipy.special\n%timeit f()\na, b = 1, 2\ndef f(): 3")
        ('np', 'scipy', 'a', 'b', 'f')
        >>> defined_in("def f(x):\n    return x +\nlimit = 3")
        ('f', 'limit')
    """
    if not parsing.may_read(source):
        return ()
    plain = without_command_lines(source)
    tree = parsing.parse(plain)
    if tree is None:
        found = [match[1] or match[2] for match in islice(_BEGINS.finditer(plain), _MAX_NAMES)]
    else:
        found = [name for statement in tree.body for name in defined_by(statement)]
    return tuple(dict.fromkeys(name for name in found if len(name) <= MAX_NAME))


def without_command_lines(source: str) -> str:
    """Return a cell with its commands (`%magic`, `!shell`) left empty, line for line."""
    return _COMMAND.sub("", source)


def may_define(text: str) -> bool:
    """Return whether a text may define a name; prose seldom does, and is not worth parsing."""
    return "import " in text or _BEGINS.search(text) is not None


def defined_by(statement: ast.stmt) -> list[str]:
    """Return the names that a statement defines where it stands.

    Args:
        statement: of a module's top level.
    """
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        names = [entry.asname or entry.name.split(".")[0] for entry in statement.names]
        return [name for name in names if name != "*"]
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target] if statement.value else []
    else:
        targets = []
    parts = (part for target in targets for part in ast.walk(target))
    return [p.id for p in parts if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Store)]
