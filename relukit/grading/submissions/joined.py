"""Cells in which the answers of several tasks stand, divided among their tasks."""

import ast
import re
from collections.abc import Collection

from relukit.grading import parsing
from relukit.grading.submissions.stub import is_stub
from relukit.grading.submissions.toplevel import defined_by, without_command_lines

_CHECK = re.compile(r"^(?:check|hint|progress)\([^()\n]*\)[ \t]*;?[ \t]*$", flags=re.MULTILINE)


def answers(source: str | None, task: str) -> bool:
    r"""Return whether a text that defines a task's name does so with more than a stub.

    Example:
        >>> text = "def f(x):\n    return x\n\ndef g(x):\n    raise NotImplementedError()"
        >>> answers(text, "f"), answers(text, "g"), answers("from mine import f", "f")
        (True, False, True)
    """
    found = [node for node in _statements(source or "") if task in defined_by(node)]
    # an import stands in stubs, too, but one that brings the name is an answer
    return not found or isinstance(found[-1], ast.Import | ast.ImportFrom) or not is_stub(found[-1])


def without(source: str, others: Collection[str]) -> str:
    r"""Return a text without what it defines for other tasks; all else stays where it is.

    Args:
        source: of a cell; where it is no Python it stays as it is.
        others: names of tasks whose answers are taken from the same cell.

    Example:
        >>> without("a = 1\ndef f(x):\n    return x\n# of g\ndef g(x):\n    return a", {"f"})
        'a = 1\n# of g\ndef g(x):\n    return a'
    """
    nodes = _statements(source)
    cut: set[int] = set()
    for node in nodes:
        names = defined_by(node)
        if names and set(names) <= set(others) and not isinstance(node, ast.Import):
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
            cut |= set(range(first, (node.end_lineno or first) + 1))
    lines = source.split("\n")
    left = "\n".join(line for number, line in enumerate(lines, 1) if number not in cut)
    return left if left.strip() else source


def without_course(source: str, released: str) -> str:
    r"""Return a text that was joined with a cell of the course's, without the course's part.

    Args:
        source: of the cell.
        released: the cell's text as it was released; "" where it is not known.

    Example:
        >>> without_course("check(f)\n\ndef g(x):\n    return x", "check(f)").strip()
        'def g(x):\n    return x'
    """
    if released.strip() and released.strip() in source:
        source = source.replace(released.strip(), "", 1)
    return _CHECK.sub("", source)


def _statements(source: str) -> list[ast.stmt]:
    tree = parsing.parse(without_command_lines(source))
    return tree.body if tree else []
