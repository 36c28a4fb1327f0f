"""Whether an answer cell has been answered at all."""

import ast

from relukit.grading import parsing
from relukit.grading.submissions.cells import MAX_SOURCE

_LONGEST = 200  # lines of a stub


def is_untouched(source: str | None, stub: str = "") -> bool:
    r"""Return whether a text is no answer: the released stub, another release's stub, or nothing.

    Args:
        source: of an answer cell.
        stub: as it was released.

    Example:
        >>> is_untouched("def f(x):\n    'Half of x.'\n    raise NotImplementedError()")
        True
        >>> is_untouched("def f(x):\n    raise NotImplementedError() if x < 0 else x")
        False
    """
    if source is None or len(source) > MAX_SOURCE:
        return False
    lines = [line.strip() for line in source.splitlines()]
    if all(line.startswith("#") or not line for line in lines):
        return True
    if stub and source.split() == stub.split():
        return True
    if len(lines) > _LONGEST:
        return False
    body = tree.body if (tree := parsing.parse(source)) else []
    begun = [node for node in body if not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr)]
    return bool(begun) and all(map(is_stub, body))


def is_stub(node: ast.stmt) -> bool:
    """Return whether a statement of a module defines nothing but a stub, or prepares for one."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        # one with a text alone is the first half of an answer that was split below it
        return all(map(is_stub, node.body)) and not all(map(_is_text, node.body))
    if isinstance(node, ast.Raise):
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) or ast.unparse(node).startswith(
            "super().__init__("
        )
    return isinstance(node, ast.Import | ast.ImportFrom | ast.Pass)


def _is_text(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)
