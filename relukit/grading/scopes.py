"""The names that a cell binds where it stands, and those that it takes from other cells."""

import ast
import builtins
import re
import symtable
import warnings
from collections.abc import Iterator
from functools import lru_cache

from relukit.grading.parsing import parse
from relukit.grading.submissions.toplevel import defined_in, without_command_lines

_ALWAYS = frozenset(dir(builtins)) | {"display", "get_ipython", "In", "Out", "__file__", "__name__"}
_WRITES = re.compile(r"\s*%%(?:write)?file\s+(?:-a\s+)?(\w+)\.py\s")
_cached = lru_cache(maxsize=256)  # each answer is asked for once a task


@_cached
def bound_in(source: str) -> frozenset[str]:
    r"""Return the names that a cell binds at its top level, also under if, for, with and try.

    Example:
        >>> sorted(bound_in("for a in [1]: b = 2\nwith x as c: import d\ndef e(): f = 1"))
        ['a', 'b', 'c', 'd', 'e']
    """
    if module := _WRITES.match(source):  # its text runs where it is imported
        return frozenset({module[1]})
    table = _table(source)
    return frozenset(defined_in(source)) if table is None else _bound(table)


@_cached
def free_in(source: str) -> frozenset[str]:
    r"""Return the names that a cell and its functions look up and that nothing in it binds.

    Python's own are left out. Where the cell is no Python, or too long to be parsed, nothing is
    known.

    Example:
        >>> sorted(free_in("def f(x):\n    y = len(x) + h(x)\n    return y + z"))
        ['h', 'z']
    """
    table = _table(source)
    if table is None:
        return frozenset()
    found = {
        symbol.get_name()
        for scope in _scopes(table)
        for symbol in scope.get_symbols()
        if symbol.is_referenced() and (scope is table or symbol.is_global())
    }
    return frozenset(found - _bound(table) - _ALWAYS)


@_cached
def imports_all(source: str) -> bool:
    """Return whether a cell says `from a_module import *`, which may bind any name.

    Example:
        >>> imports_all("from numpy import *"), imports_all("from numpy import abs")
        (True, False)
    """
    tree = parse(without_command_lines(source)) if "*" in source else None
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)] if tree else ()
    return any(entry.name == "*" for node in imports for entry in node.names)


def _bound(table: symtable.SymbolTable) -> frozenset[str]:
    return frozenset(
        symbol.get_name()
        for scope in _scopes(table)
        for symbol in scope.get_symbols()
        if (scope is table or symbol.is_global())  # also `global x`, and := in a comprehension
        and (symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace())
    )


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    waiting = [table]
    while waiting:
        scope = waiting.pop()
        yield scope
        waiting += scope.get_children()


def _table(source: str) -> symtable.SymbolTable | None:
    for text in (source, without_command_lines(source)):
        if parse(text) is None:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # an invalid "\\d" in a cell is not our news
                return symtable.symtable(text, "<cell>", "exec")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    return None
