"""What the search box looks through: sections, claims and functions, with their addresses.

It finds what a page tells before every prediction, and no verdict, no reading and no hint.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sphinx import addnodes

from relu_site.reader import HEADING, Block, anchor
from relukit.ledger import claims

RECORDS = "search-records.json"  # in the sources: what `records` found
DATA = "search-data.js"  # on the site
_CUT = ("Summary", "The bill", "References")  # sections that repeat what predictions were about
_FENCE = re.compile(r"(`{3,})[^`].*?\1", re.DOTALL)
_MARKS = re.compile(r"^(?:#+|-|>) |^[-| ]+$|\|", re.MULTILINE)  # of lines, and of tables' cells
_MARKUP = re.compile(r"[*`\[\\]|\]\([^)\s]*\)")  # of words

Record = dict[str, str]


def plain(markdown: str) -> str:
    """Return Markdown without its markup, on one line."""
    return " ".join(_MARKUP.sub("", _MARKS.sub(" ", _FENCE.sub(" ", markdown))).split())


def records(document: str, blocks: Iterable[Block]) -> Iterator[Record]:
    """Return a record for each section of a page: its address, title, page and words.

    Args:
        document: the page's name.
        blocks: its pieces, as the reader gives them.
    """
    page, found = "", {"u": "", "t": "", "p": "", "x": ""}
    for block in blocks:
        first, _, _ = block.text.partition("\n")
        if block.told and HEADING.fullmatch(first):
            if found["t"] and found["t"] not in _CUT:
                yield found
            title = plain(first)
            found = {"u": f"{document}.html#{anchor(first)}", "t": title, "p": page, "x": ""}
            page = page or title
            block = Block(block.text.partition("\n")[2], told=True)
        if block.told:
            found["x"] = f"{found['x']} {plain(block.text)}".strip()
    if found["t"] and found["t"] not in _CUT:
        yield found


def claim_records() -> Iterator[Record]:
    """Return a record for each claim: what it says and who says it, and not what holds."""
    for claim in claims():
        said = ", ".join(saying.source.key for saying in claim.said_by)
        yield {"u": f"ledger.html#{claim.id}", "t": claim.text, "p": f"claim {claim.id}", "x": said}


def _names(app: Any) -> Iterator[Record]:
    """Return a record for each public name of the package: the first sentence about it."""
    for document in sorted(app.env.found_docs):
        if not document.startswith("api/"):
            continue
        for thing in app.env.get_doctree(document).findall(addnodes.desc_signature):
            if thing["ids"]:
                content = thing.parent.next_node(addnodes.desc_content)
                words = " ".join(content.astext().split()) if content else ""
                to = f"{document}.html#{thing['ids'][0]}"
                yield {"u": to, "t": thing["ids"][0], "p": "the package", "x": words[:160]}


def _write(app: Any, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        told = json.loads((Path(app.srcdir) / RECORDS).read_text(encoding="utf-8"))
        text = json.dumps([*told, *_names(app)], ensure_ascii=False, separators=(",", ":"))
        path = Path(app.outdir) / "_static" / DATA
        path.write_text(f"window.reluSearch={text};\n", encoding="utf-8")


def setup(app: Any) -> None:
    app.connect("build-finished", _write)
