"""How nbconvert makes slides of a lesson: which cells begin one, and what stays off the screen.

Metadata `slideshow.slide_type` of a cell counts where it is given. Else a heading begins a slide;
what follows it lies below: a question with its options on a slide of its own, an output, what to
read in it. Cells to be run by the learner alone (imports, explorers, the progress) are left out.
"""

import importlib.util
import re
from html import escape
from pathlib import Path

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

LONG = 620  # characters; a text slide takes about as many
SHORT = 6  # lines; longer code stays off the screen
STARTS = re.compile(r"#+ |\*\*(Read|Predict)\.\*\*")
OWN = re.compile(r"^(predict|progress|hint)\(|^explorers\.", flags=re.MULTILINE)
ASKED = re.compile(r"^[\w-]+: (?P<asks>.+)\n(?P<options>(?:  [a-z]\) .+\n)*)  No prediction yet")
GUESS = re.compile(r"<dt[^>]*>you said</dt><dd[^>]*>.*?</dd>", re.DOTALL)
LEFT_OUT = re.compile(r"## (References|Exercises)\b")


def blocks(source: str) -> list[str]:
    """Return the paragraphs of a Markdown text; a fenced block is one."""
    found, fenced = [], False
    for block in re.split(r"\n{2,}", source.strip()):
        if fenced:
            found[-1] += f"\n\n{block}"
        else:
            found.append(block)
        fenced ^= len(re.findall(r"^```", block, flags=re.MULTILINE)) % 2 == 1
    return found


def pieces(source: str) -> list[str]:
    """Return a Markdown text in parts that fit on a slide each."""
    parts: list[str] = []
    for block in blocks(source):
        lone = parts and re.fullmatch(r"#+ .*", parts[-1])  # a heading, still without a text
        full = parts and not lone and len(parts[-1]) + len(block) > LONG
        if not parts or (STARTS.match(block) and not lone) or full:
            parts.append(block)
        else:
            parts[-1] += f"\n\n{block}"
    return parts


def slide_type(cell: NotebookNode, before: NotebookNode | None) -> str:
    """Return the type of a cell without one of its own.

    Args:
        cell: a code cell, or one piece of text.
        before: the cell before it.
    """
    if cell.cell_type == "markdown":
        if LEFT_OUT.match(cell.source):
            return "skip"
        if cell.source.startswith('<div class="asked">'):
            return "-" if re.search(r"^\*\*Predict\.", before.source, re.MULTILINE) else "subslide"
        if cell.source.startswith("**Read.**") and before.source.startswith("verdict("):
            return "-"  # on the slide of the verdict
        return "slide" if re.match(r"##? ", cell.source) else "subslide"
    if cell.cell_type != "code" or not cell.outputs or OWN.search(cell.source):
        return "skip"
    return "subslide"


def question(cell: NotebookNode) -> NotebookNode | None:
    """Return what a cell asks, with its options and without how to answer; None where nothing."""
    for output in cell.outputs if cell.cell_type == "code" else ():
        if found := ASKED.match(output.get("data", {}).get("text/plain", "")):
            options = re.findall(r"^  [a-z]\) (.+)$", found["options"], flags=re.MULTILINE)
            rows = "".join(f"<li>{escape(words)}</li>" for words in options)
            listed = f'<ol type="a">{rows}</ol>' * bool(rows)
            return new_markdown_cell(
                f'<div class="asked"><p>{escape(found["asks"])}</p>{listed}</div>'
            )
    return None


def without_guess(cell: NotebookNode) -> None:
    """Take what nobody said out of a stored verdict: on a screen the room's guesses count."""
    for output in cell.outputs:
        if html := output.get("data", {}).get("text/html"):
            output.data["text/html"] = GUESS.sub("", html)


def hides_input(cell: NotebookNode) -> bool:
    """Return whether the code is in the way of what it shows."""
    drawn = any("image/png" in output.get("data", {}) for output in cell.outputs)
    long = len(cell.source.splitlines()) > SHORT
    return drawn or long or cell.source.startswith("verdict(")


class Slides(Preprocessor):
    """Splits texts, and gives every cell its slide type."""

    def preprocess(self, notebook, resources):
        cells = []
        for cell in notebook.cells:
            if cell.cell_type == "markdown" and "slideshow" not in cell.metadata:
                text = re.sub(r"<!--.*?-->\n*", "", cell.source)
                # links lead to files that are not beside the slides
                text = re.sub(r"(?<!!)\[([^\]]+)\]\([^)]+\)", r"\1", text)
                cells += [new_markdown_cell(part) for part in pieces(text)]
            else:
                cells.append(question(cell) or cell)
        for before, cell in zip([None, *cells], cells, strict=False):
            if cell.cell_type == "code":
                cell.metadata.hide_input = hides_input(cell)
                without_guess(cell)
            cell.metadata.setdefault("slideshow", {"slide_type": slide_type(cell, before)})
        notebook.cells = cells
        return notebook, resources


def of_reveal(name: str) -> str:
    """Return a file of reveal.js, which the package pyreveal brings."""
    package = Path(importlib.util.find_spec("pyreveal").origin).parent
    text = (package / "revealjs" / "dist" / name).read_text(encoding="utf-8")
    return re.sub(r"</(script|style)", r"<\\/\1", text)


load_subconfig("nbconvert_config.py")  # noqa: F821 - traitlets gives it to a configuration file
c = get_config()  # noqa: F821
c.HTMLExporter.filters["of_reveal"] = of_reveal
c.SlidesExporter.template_name = "slides"
c.SlidesExporter.preprocessors = [Slides]
