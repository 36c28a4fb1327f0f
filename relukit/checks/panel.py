"""HTML for values that are shown in a notebook: readable in a light and in a dark theme."""

from collections.abc import Iterable, Sequence
from html import escape

# JupyterLab's own variables; elsewhere the colours of the surrounding text
_EDGES = {
    "passed": "var(--jp-success-color1, currentColor)",
    "wrong": "var(--jp-error-color1, currentColor)",
    "raised": "var(--jp-error-color1, currentColor)",
    "not attempted": "var(--jp-border-color1, currentColor)",
}
_MONO = "font-family: var(--jp-code-font-family, monospace); white-space: pre-wrap"


def panel(
    heading: str,
    rows: Iterable[tuple[str, str]],
    *,
    after: Iterable[str] = (),
    edge: str = "not attempted",
) -> str:
    """Return a bordered block: a heading, labelled values, sentences.

    Args:
        heading: one line; says the status in words, since colour is only decoration.
        rows: pairs (label, value); the value is set in the code font.
        after: sentences below.
        edge: a status that chooses the colour of the border.

    Example:
        >>> "<b>" in panel("relu: wrong", [("got", "<b>")])
        False
    """
    style = (
        f"border-left: 4px solid {_EDGES.get(edge, 'currentColor')}; "
        "padding: 0.2em 0.8em; margin: 0.3em 0"
    )
    cells = "".join(
        f"<dt>{escape(label)}</dt><dd style='margin: 0; {_MONO}'>{escape(value)}</dd>"
        for label, value in rows
    )
    grid = "display: grid; grid-template-columns: max-content auto; gap: 0.1em 1em; margin: 0.3em 0"
    listed = f"<dl style='{grid}'>{cells}</dl>" if cells else ""
    said = "".join(f"<p style='margin: 0.3em 0'>{escape(text)}</p>" for text in after if text)
    head = f"<p style='margin: 0'><strong>{escape(heading)}</strong></p>"
    return f"<div style='{style}'>{head}{listed}{said}</div>"


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
