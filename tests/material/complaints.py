"""The complaints of comparisons, heard as they are made, and disabled one by one.

While `instrumented`, each `return` of a function that returns a complaint reports what it returns.
Where its place is disabled, a complaint is not returned, and the function goes on behind it.
"""

import ast
import contextlib
import inspect
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

PACKAGES = ("relukit.checks", "relukit.lessons")
_NONE = ast.Constant(None)
NAME = "_heard"  # under which the functions' modules see what hears them, for a while
Site = tuple[str, int, int]  # file, line, column


@dataclass
class Heard:
    """What was said, and where.

    Attributes:
        said: the places that complained.
        texts: what they said.
        values: the places that returned something else than a text or None.
        off: the places that are disabled.
    """

    said: set[Site] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    values: set[Site] = field(default_factory=set)
    off: set[Site] = field(default_factory=set)

    def __call__(self, site: Site, value: object) -> object:
        """Return what a place returns, and None for a complaint of one that is disabled."""
        if isinstance(value, str):
            if site in self.off:
                return None
            self.said.add(site)
            self.texts.add(value)
        elif value is not None:
            self.values.add(site)
        return value


_heard = Heard()


def functions(compare: Callable) -> list[types.FunctionType]:
    """Return the functions that a comparison consists of, where they return complaints.

    These are it and what it calls within the checks. Their annotations say what they return: a
    text or something else, such as `str | None`.
    """
    found, waiting = [], [compare]
    while waiting:
        function = waiting.pop(0)
        own = function is compare or function.__module__.startswith(PACKAGES)
        if function in found or not own:
            continue
        found.append(function)
        names = [name for code in _nested(function.__code__) for name in code.co_names]
        reached = [function.__globals__.get(name) for name in names]
        reached += [cell.cell_contents for cell in function.__closure__ or ()]
        waiting += [other for other in reached if isinstance(other, types.FunctionType)]
    return [f for f in found if _complains(str(inspect.signature(f).return_annotation))]


def places(*compares: Callable) -> set[Site]:
    """Return all places from which a complaint of the comparisons can come."""
    found = set()
    for code in {_instrumented(f) for compare in compares for f in functions(compare)}:
        sites = (c for c in code.co_consts if isinstance(c, tuple) and len(c) == 3)
        found |= {site for site in sites if site[0] == code.co_filename}
    return found


@contextlib.contextmanager
def instrumented(*compares: Callable) -> Iterator[Heard]:
    """Hear what the comparisons say."""
    changed = {f: f.__code__ for compare in compares for f in functions(compare)}
    _heard.__init__()
    try:
        for function in changed:
            function.__globals__[NAME] = _heard
            function.__code__ = _instrumented(function)
        yield _heard
    finally:
        for function, code in changed.items():
            function.__globals__.pop(NAME, None)
            function.__code__ = code


@contextlib.contextmanager
def disabled(off: set[Site]) -> Iterator[None]:
    """Let some places complain of nothing."""
    _heard.off = off
    try:
        yield
    finally:
        _heard.off = set()


def _complains(annotation: str) -> bool:
    return "str" in annotation and "|" in annotation


def _instrumented(function: types.FunctionType) -> types.CodeType:
    code = function.__code__
    return _codes(code.co_filename)[code.co_qualname, code.co_firstlineno]


@cache
def _codes(path: str) -> dict[tuple[str, int], types.CodeType]:
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and _complains(ast.unparse(node.returns or _NONE)):
            node.body = [_Returns(path).visit(part) for part in node.body]
    codes = _nested(compile(ast.fix_missing_locations(tree), path, "exec"))
    return {(code.co_qualname, code.co_firstlineno): code for code in codes}


def _nested(code: types.CodeType) -> list[types.CodeType]:
    inner = [part for part in code.co_consts if isinstance(part, types.CodeType)]
    return [code, *(deeper for part in inner for deeper in _nested(part))]


class _Returns(ast.NodeTransformer):
    """Turn `return value` into `if (said := heard(place, value)) is not None: return said`."""

    def __init__(self, path: str) -> None:
        self.path = path

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        if node.value is None or _is_none(node.value):
            return node
        new = ast.parse("if (_said := 0) is not None: return _said").body[0]
        new.test.left.value = self._reported(node.value)
        return ast.copy_location(new, node)

    def _reported(self, value: ast.expr) -> ast.expr:
        if _is_none(value):
            return value
        if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.Or):
            value.values = [self._reported(part) for part in value.values]
            return value
        if isinstance(value, ast.IfExp):
            value.body, value.orelse = self._reported(value.body), self._reported(value.orelse)
            return value
        site = (self.path, value.lineno, value.col_offset)
        call = ast.parse(f"{NAME}({site!r}, 0)", mode="eval").body
        call.args[1] = value
        return call


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
