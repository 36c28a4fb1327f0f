"""The package's docstrings, Google style with $formulas$ and `code`, as reStructuredText."""

import re
from typing import Any

_PART = re.compile(r":\w+:`[^`]*`|``[^`]*``|(?<!\\)\$([^$]+)\$|`([^`]+)`|([|*])(?=\S)")


def _part(found: re.Match[str]) -> str:
    formula, code, mark = found.groups()
    if formula:
        return f":math:`{formula}`"
    if code:
        return f"``{code}``"
    return f"\\{mark}" if mark else found[0]


def tidy(lines: list[str]) -> None:
    """Rewrite a docstring's lines in place; examples and directives stay as they are."""
    example = False
    for number, line in enumerate(lines):
        example = (example and line.strip() != "") or line.lstrip().startswith(">>>")
        if not example and not re.match(r"\s*(\.\.|:\w)", line):
            lines[number] = _PART.sub(_part, line)


def setup(app: Any) -> None:
    # before napoleon, which writes markup of its own
    app.connect("autodoc-process-docstring", lambda *event: tidy(event[-1]), priority=100)
