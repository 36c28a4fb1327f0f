"""HTML for values that are shown in a notebook: readable in a light and in a dark theme."""

from collections.abc import Iterable, Sequence
from html import escape

# JupyterLab's own variables; elsewhere the colours of the surrounding text
_EDGES = {
    "passed": "var(--jp-success-color1, currentColor)",
    "wrong": "var(--jp-error-color1, currentColor)",
    "raised": "var(--jp-error-color1, currentColor)",
    "not attempted": "var(--jp-border-color1, currentColor)",
    "right": "var(--jp-success-color1, currentColor)",
    "close": "var(--jp-info-color1, currentColor)",
    "off": "var(--jp-warn-color1, currentColor)",
    "none": "transparent",
}
_MONO = "font-family: var(--jp-code-font-family, monospace); white-space: pre-wrap"
_WRAP = "white-space: pre-wrap"
_LABEL = "float: none; width: auto; white-space: nowrap"


def panel(
    heading: str,
    rows: Iterable[tuple[str, str]],
    *,
    after: Iterable[str] = (),
    edge: str = "not attempted",
    code: bool = True,
    folded: bool = False,
    inside: str = "",
) -> str:
    """Return a bordered block: a heading, labelled values, sentences.

    Args:
        heading: one line; says the status in words, since colour is only decoration.
        rows: pairs (label, value).
        after: sentences below.
        edge: a status or an outcome that chooses the colour of the border; "none" for no border.
        code: whether the values are set in the code font.
        folded: whether only the heading is seen until the reader unfolds the rest.
        inside: another block's HTML, which stands at the end of this one.

    Example:
        >>> "<b>" in panel("relu: wrong", [("got", "<b>")])
        False
    """
    style = (
        f"border-left: 4px solid {_EDGES.get(edge, 'currentColor')}; "
        "padding: 0.2em 0.8em; margin: 0.3em 0"
    )
    font = f"margin: 0; {_MONO if code else _WRAP}"
    cells = "".join(
        f"<dt style='{_LABEL}'>{escape(label)}</dt><dd style='{font}'>{escape(value)}</dd>"
        for label, value in rows
    )
    grid = "display: grid; grid-template-columns: max-content auto; gap: 0.1em 1em; margin: 0.3em 0"
    listed = f"<dl style='{grid}'>{cells}</dl>" if cells else ""
    said = "".join(f"<p style='margin: 0.3em 0'>{escape(text)}</p>" for text in after if text)
    if folded:
        head = f"<summary>{escape(heading)}</summary>"
        return f"<details style='{style}'>{head}{listed}{said}{inside}</details>"
    head = f"<p style='margin: 0'><strong>{escape(heading)}</strong></p>"
    return f"<div style='{style}'>{head}{listed}{said}{inside}</div>"


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table whose first column names the row.

    Args:
        caption: one line, read first by a screen reader.
        head: a name for each column.
        rows: as many cells each as `head` has names.
    """
    top = "".join(f"<th scope='col' style='text-align: left'>{escape(name)}</th>" for name in head)
    body = ""
    for first, *others in rows:
        cells = "".join(f"<td style='text-align: left'>{escape(str(c))}</td>" for c in others)
        body += (
            f"<tr><th scope='row' style='text-align: left'>{escape(str(first))}</th>{cells}</tr>"
        )
    caption = f"<caption style='text-align: left'>{escape(caption)}</caption>"
    return f"<table>{caption}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
