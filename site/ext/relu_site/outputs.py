"""A notebook's stored outputs as HTML: pictures that load late, films, verdicts, printed lines."""

import base64
import re
from html import escape, unescape
from typing import Any

from relu_site.mathml import mathml
from relu_site.shelf import Shelf
from relukit.ledger import VERDICTS

WIDGET = "application/vnd.jupyter.widget-view+json"
_EDGE = re.compile(r"<(div|details) style='border-left: 4px solid ([^;]+); [^']*'>")
_HEAD = re.compile(r"<p style='margin: 0'><strong>(.*?)</strong></p>", re.DOTALL)
_FOLDED = re.compile(r"<summary>([\w-]+): ([\w ]+)\. (.*?)</summary>", re.DOTALL)
_CODE = "<dd style='margin: 0; font-family: var(--jp-code-font-family, monospace)"
_ROW = "<dt[^>]*>{}</dt><dd[^>]*>.*?</dd>"
_REPEATED = re.compile("|".join(map(_ROW.format, ("you said", "claim"))), re.DOTALL)
_FILM = re.compile(r"<(style|script)>.*?</\1>\s*", re.DOTALL)
_FORMULA = re.compile(r"\$([^$<]+)\$")
_PANEL = "style='border-left: 4px solid"


def picture(png: bytes, described: dict[str, Any], shelf: Shelf, up: str) -> str:
    """Return the element of a picture, which loads when it comes near.

    Args:
        png: its file.
        described: its stored alternative text, width and height in CSS pixels.
        shelf: where its file is put.
        up: the way to the site's root.
    """
    alt, width, height = (described[key] for key in ("alt", "width", "height"))
    return (
        f'<img src="{up}{shelf.picture(png)}" alt="{escape(alt)}" width="{width}" '
        f'height="{height}" loading="lazy" decoding="async">'
    )


def shown(output: Any, shelf: Shelf, up: str) -> str:
    """Return one stored output as HTML; "" for what needs a kernel."""
    if output.output_type == "stream":
        return f'<pre class="printed">{escape(output.text.rstrip())}</pre>'
    data = output.data
    if WIDGET in data:
        return ""
    html = data.get("text/html", "")
    if "image/png" in data:
        png = base64.b64decode(data["image/png"])
        still = picture(png, output.metadata["image/png"], shelf, up)
        film = _film(html, still, shelf, up) if html else still
        return f'<div class="figure">{film}</div>'
    if html:
        if _PANEL in html:
            return _panels(html, up)
        return f'<div class="table">{_FORMULA.sub(_formula, html)}</div>'
    return f'<pre class="printed">{escape(data["text/plain"])}</pre>'


def _film(html: str, still: str, shelf: Shelf, up: str) -> str:
    """Return a film as a still picture with its frames in words, until its script has come."""
    moving = re.search(r'<img [^>]*src="([^"]+)">', html)
    if moving is None:
        raise ValueError("Expected the picture of a film in its stored output, got none.")
    path = shelf.film(unescape(moving[1]))
    html = _FILM.sub("", html.replace(moving[0], still))
    head = f'<div class="film" data-frames="{up}{path}"'
    return html.replace('<div class="relukit-film"', head, 1)


def _panels(html: str, up: str) -> str:
    """Return a verdict or a check in the site's own look, formulas as MathML."""

    def edge(found: re.Match[str]) -> str:
        colour = re.search(r"--jp-(\w+)-color1", found[2])
        return f'<{found[1]} class="panel edge-{colour[1] if colour else "none"}">'

    html = _REPEATED.sub("", html)
    html = _EDGE.sub(edge, html)
    html = _HEAD.sub(lambda found: _heading(found[1], up), html)
    html = _FOLDED.sub(lambda found: _summary(*found.groups(), up), html)
    html = html.replace(_CODE, f'<dd class="code" {_CODE[4:]}')
    html = re.sub(r" style='[^']*'", "", html)
    return f'<div class="panels">{_FORMULA.sub(_formula, html.strip())}</div>'


def _formula(found: re.Match[str]) -> str:
    return mathml(unescape(found[1]))


def _heading(text: str, up: str) -> str:
    """Return a panel's head: a claim with its verdict, the answer to a question, or a check."""
    name, _, rest = text.partition(": ")
    if rest == "the answer":
        return '<p class="panel-head">What was measured</p>'
    if badge_ := badge(rest):
        to = f"{up}ledger.html#{name}"
        return f'<p class="panel-head">{badge_} <a href="{to}"><code>{name}</code></a></p>'
    return f'<p class="panel-head">{text}</p>'


def _summary(name: str, verdict: str, text: str, up: str) -> str:
    return f"<summary>{badge(verdict)} {text}</summary>"


def badge(verdict: str) -> str:
    """Return a verdict of the ledger as a coloured word; "" for other words."""
    if verdict not in VERDICTS:
        return ""
    return f'<span class="badge badge-{verdict.replace(" ", "-")}">{verdict}</span>'
