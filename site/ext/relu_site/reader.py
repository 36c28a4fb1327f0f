"""A stored notebook as Markdown: predictions that answer, outputs that unfold, alt texts kept.

Nothing is run; every number is the stored one. From a prediction to its verdict, and to the end of
what is said of it, all is one block that unfolds when the reader has predicted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from docutils.nodes import make_id
from nbformat import NotebookNode

from relu_site import explorers, outputs, questions
from relu_site.shelf import Shelf
from relu_site.wording import without_kernel
from relukit.ledger.predictions import asked_as
from relukit.notebooks.alone import TAG

PREDICT = re.compile(r'^predict\("([\w-]+)", \.\.\.\)\n?', re.MULTILINE)
VERDICT = re.compile(r"^verdict\(([^)]*)\)$", re.MULTILINE)
EXPLORER = re.compile(r"^explorers\.(\w+)\(", re.MULTILINE)
PROGRESS = re.compile(r"^progress\(", re.MULTILINE)
HEADING = re.compile(r"^(#+) (?:(.*?) \((\d+) minutes?\)|(.*))$", re.MULTILINE)
_MARKS = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_IMPORTS = re.compile(r"(?:(?:import|from) [^\n]*\n?|\(\n(?:    [^\n]*\n)+\)\n?|\n)+")
_PREDICT = "**Predict.**"  # a word that the question itself says on the page
_TAKE_AWAY = "**Take away.**"
_AFTER = ("#", _PREDICT, _TAKE_AWAY, "Exercise")  # follows a verdict, and is no reading


@dataclass(frozen=True)
class Block:
    """A piece of a page.

    Attributes:
        text: Markdown.
        told: whether it is told before every prediction, so that the search may find it.
    """

    text: str
    told: bool = False


def raw(html: str) -> str:
    """Return HTML as a piece of Markdown."""
    return f"``````{{raw}} html\n{html}\n``````"


def seen(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """Return the cells that a page shows: not the one that installs the package elsewhere."""
    return (cell for cell in notebook.cells if TAG not in cell.metadata.get("tags", ()))


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of Markdown, formulas and fences whole."""
    return [p.strip("\n") for p in re.split(r"\n{2,}", _MARKS.sub("", text)) if p.strip()]


def headed(paragraph: str) -> str:
    """Return a heading with its minutes beneath it instead of in it."""
    found = HEADING.fullmatch(paragraph)
    if found is None or found[3] is None:
        return paragraph
    return f"{found[1]} {found[2]}\n\n" + raw(f'<p class="minutes">{found[3]} minutes</p>')


def anchor(heading: str) -> str:
    """Return the id that a heading gets on its page, without its minutes."""
    found = HEADING.fullmatch(heading)
    return make_id((found[2] or found[4]) if found else heading)


@dataclass
class Reader:
    """Reads the cells of one notebook in their order.

    Attributes:
        shelf: where pictures and films are put.
        up: the way from the page to the site's root.
        after_title: HTML for below the title.
    """

    shelf: Shelf
    up: str
    after_title: str = ""
    _open: list[str] = field(default_factory=list)  # predicted, not yet settled
    _asked: list[str] = field(default_factory=list)  # predicted in this section
    _end: str = ""  # what ends the block that unfolds, while one is open
    _settled: bool = False  # the block stays open for what is said of it

    def blocks(self, notebook: NotebookNode) -> Iterator[Block]:
        """Return the pieces of the page."""
        for cell in seen(notebook):
            if cell.cell_type == "markdown":
                if not cell.source.startswith("## Exercises\n"):
                    yield from self._text(cell.source)
            elif not PROGRESS.search(cell.source):
                yield from self._code(cell)
        yield from self._close()

    def _text(self, source: str) -> Iterator[Block]:
        goes_on = _PREDICT in source  # to another question, of which its reading says nothing
        for paragraph in paragraphs(source):
            if self._settled and paragraph.startswith(_AFTER):
                yield from self._close()
            if paragraph.startswith("## "):
                yield from self._close()
                self._asked.clear()
            if paragraph.startswith(_TAKE_AWAY) and self._asked:
                yield from self._unfolding(self._asked, Block(paragraph), "What to take away")
                continue
            paragraph = without_kernel(paragraph.removeprefix(_PREDICT).strip())
            told = not self._end and not paragraph.startswith(("**Read.**", _TAKE_AWAY))
            yield Block(headed(paragraph), told)
            if paragraph.startswith("# "):
                yield Block(raw(self.after_title))
            if self._settled and goes_on and not paragraph.endswith(":"):
                yield from self._close()
        if self._settled:
            yield from self._close()

    def _close(self) -> Iterator[Block]:
        if self._end:
            yield Block(raw(self._end))
        self._end, self._settled = "", False

    def _unfolding(self, ids: list[str], block: Block, summary: str) -> Iterator[Block]:
        """Return a block that unfolds with predictions, under words of its own."""
        before, after = questions.reveal(list(ids))
        before = re.sub(r"(<summary[^>]*>).*?(</summary>)", rf"\g<1>{summary}\2", before)
        yield from (Block(raw(before)), block, Block(raw(after)))

    def _code(self, cell: NotebookNode) -> Iterator[Block]:
        if asked := PREDICT.search(cell.source):
            yield from self._close()
            if before := PREDICT.sub("", cell.source).strip():
                yield from code(before)
            yield Block(raw(questions.section(asked_as(asked[1]))))
            self._open.append(asked[1])
            self._asked.append(asked[1])
            return
        if self._open and not self._end:
            before, self._end = questions.reveal(list(self._open))
            yield Block(raw(before))
        settled = VERDICT.search(cell.source)
        yield from self._shown(cell, [] if self._end or not settled else _names(settled[1]))
        if settled and self._end:
            self._open = [name for name in self._open if name not in _names(settled[1])]
            self._settled = not self._open

    def _shown(self, cell: NotebookNode, settles: list[str]) -> Iterator[Block]:
        """Return a cell with its outputs, folded where the notebook folds them."""
        if found := EXPLORER.search(cell.source):
            yield Block(raw(explorers.section(found[1].replace("_", "-"), "")))
            return
        html = "\n".join(outputs.shown(output, self.shelf, self.up) for output in cell.outputs)
        pictured = 'class="printed"' not in html and bool(html)
        folded = cell.metadata.get("jupyter", {}).get("outputs_hidden") and not self._end
        if not pictured:
            yield from code(cell.source)
        if folded:
            what = f"{len(settles)} verdicts" if settles else "what comes out"
            html = f'<details class="fold"><summary>Show {what}</summary>{html}</details>'
        if html:
            yield Block(raw(html))
        if pictured and not VERDICT.fullmatch(cell.source):
            yield from code(cell.source, folded=True)


def code(source: str, *, folded: bool = False) -> Iterator[Block]:
    """Return code, folded where it is not what the page is about."""
    imports = bool(_IMPORTS.fullmatch(source + "\n"))
    block = Block(f"```python\n{source}\n```")
    if not folded and not imports:
        yield block
        return
    summary = "What is imported" if imports else "Code"
    yield Block(raw(f'<details class="source"><summary>{escape(summary)}</summary>'))
    yield block
    yield Block(raw("</details>"))


def _names(arguments: str) -> list[str]:
    return re.findall(r'"([\w-]+)"', arguments)
