"""Scripts as they are served: without comments, indentation and blank lines."""

import re

_BLOCK = re.compile(r"^ */\*\*.*?\*/\n", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"(?:^|(?<=[\s;,{(]))// .*$", re.MULTILINE)


def lean(text: str) -> str:
    """Return a script that does the same and is shorter.

    Args:
        text: with no text in backticks that goes over lines: its own spaces would go, too.

    Raises:
        ValueError: there is such a text.

    Example:
        >>> lean("/** One. */\\nif (x) {\\n  // why\\n  f(`a`);\\n}\\n")
        'if (x) {\\nf(`a`);\\n}\\n'
    """
    for line in text.splitlines():
        if line.count("`") % 2:
            raise ValueError(f"Expected texts in backticks on one line, got {line.strip()!r}.")
    bare = _LINE.sub("", _BLOCK.sub("", text))
    return "".join(f"{line.strip()}\n" for line in bare.splitlines() if line.strip())
