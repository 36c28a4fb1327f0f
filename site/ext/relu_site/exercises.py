"""An exercise notebook as Markdown: what is asked, the stub, three hints behind folds."""

import re
from collections.abc import Iterator
from html import escape

from nbformat import NotebookNode

from relu_site.mathml import with_formulas
from relu_site.reader import Block, code, headed, paragraphs, raw, seen
from relukit.checks.registry import task

_CHECK = re.compile(r"^check\((\w+)\)", re.MULTILINE)
_CODE = re.compile(r"`([^`]+)`")
_HEAD = re.compile(r"^## (.*) \((\d+ minutes, .*)\)$")


def blocks(notebook: NotebookNode, after_title: str) -> Iterator[Block]:
    """Return the pieces of the page; a check becomes the hints of its task.

    Args:
        notebook: the exercises of one lesson, as learners get them.
        after_title: HTML for below the title.
    """
    for cell in seen(notebook):
        if cell.cell_type == "markdown":
            for paragraph in paragraphs(cell.source):
                yield Block(_headed(paragraph), told=True)
                if paragraph.startswith("# "):
                    yield Block(raw(after_title))
        elif found := _CHECK.search(cell.source):
            yield Block(raw(_hints(found[1])))
        elif not cell.source.startswith("progress("):
            yield from code(cell.source)


def _headed(paragraph: str) -> str:
    found = _HEAD.fullmatch(paragraph)
    if found is None:
        return headed(paragraph)
    return f"## {found[1]}\n\n" + raw(f'<p class="minutes">{escape(found[2])}</p>')


def _hints(name: str) -> str:
    """Return the hints of a task, one behind the other."""
    html = ""
    for number, hint in reversed([*enumerate(task(name).hints, start=1)]):
        said = _CODE.sub(r"<code>\1</code>", with_formulas(hint))
        html = (
            f'<details class="hint"><summary>Hint {number} of {len(task(name).hints)}</summary>'
            f"<p>{said}</p>{html}</details>"
        )
    return f'<div class="hints" role="group" aria-label="Hints for {name}">{html}</div>'
