"""Formulas as MathML, made when the site is built: no script, no font, no request."""

import re
from functools import cache
from html import escape, unescape
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert

_NAMES = re.compile(r"<mo>(max|min|log|exp|sin|tanh|ln|cos|sign)</mo>")
_FORMULA = re.compile(r"(?<!\\)\$([^$]+)\$")
_LONG = 50  # characters of TeX, from which a formula may be wider than a phone


@cache
def mathml(latex: str, display: str = "inline") -> str:
    """Return a formula as MathML."""
    found = convert(latex, display=display)
    # a named function is an identifier: an operator would stand apart from its arguments
    return _NAMES.sub(r"<mi>\1</mi><mo>&#x2061;</mo>", found)


def with_formulas(text: str) -> str:
    """Return plain text as HTML, with MathML for what stands between dollar signs."""
    return _FORMULA.sub(lambda found: mathml(unescape(found[1])), escape(text))


def _inline(translator: Any, node: nodes.math) -> None:
    latex = node.astext()
    formula = mathml(latex)
    wide = f'<span class="math-wide">{formula}</span>'
    translator.body.append(wide if len(latex) > _LONG else formula)
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.math_block) -> None:
    formula = mathml(node.astext().strip(), "block")
    translator.body.append(f'<div class="math">{formula}</div>')
    raise nodes.SkipNode


def setup(app: Any) -> None:
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
