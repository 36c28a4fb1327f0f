"""Code in the text of a Markdown cell: what stands between two fences."""

import re

_OPENS = re.compile(r" {0,3}(`{3,}|~{3,})([^\n]*)")


def fenced(text: str) -> str:
    r"""Return the lines inside the fences of a text, as CommonMark has them.

    A fence that is never closed reaches to the end. Each line is looked at once, so the time grows
    as the text does, whatever it is.

    Args:
        text: of a Markdown cell.

    Example:
        >>> fenced("my answer:\n```python\ndef f(x): return x\n```\nis done")
        'def f(x): return x'
    """
    fence, inside = "", []
    for line in text.split("\n"):
        found = _OPENS.match(line)
        mark, rest = (found[1], found[2]) if found else ("", "")
        if not fence:
            fence = "" if "`" in mark and "`" in rest else mark  # code within a line
        elif mark.startswith(fence) and not rest.strip(" \t"):
            fence = ""
        else:
            inside.append(line)
    return "\n".join(inside)
