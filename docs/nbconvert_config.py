"""How nbconvert writes a lesson as one page: formulas as MathML, links between the pages."""

import re
from html import unescape
from pathlib import Path

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


class Renderer(IPythonRenderer):
    """Markdown whose formulas need no script, and whose links to lessons lead to their pages."""

    def inline_math(self, text: str) -> str:
        return convert(text)

    def block_math(self, text: str) -> str:
        return convert(text, display="block")

    def link(self, text: str, url: str, title: str | None = None) -> str:
        # all pages lie in one folder, and those of deeper/ are one folder further away from it
        url = re.sub(r"^(?:\.\./)?(?:deeper/)?(\w+)\.ipynb", r"\1.html", url)
        return super().link(text, re.sub(r"^\.\./\.\./", "../", url), title)


def markdown_with_mathml(source: str) -> str:
    """Return Markdown as HTML."""
    return MarkdownWithMath(renderer=Renderer(escape=False)).render(source)


def html_with_mathml(source: str) -> str:
    """Return an output's HTML with its formulas as MathML."""
    return re.sub(r"\$([^$<]+)\$", lambda found: convert(unescape(found[1])), source)


c = get_config()  # noqa: F821 - traitlets gives it to a configuration file
c.HTMLExporter.extra_template_basedirs = [str(Path(__file__).parent / "templates")]
c.HTMLExporter.template_name = "lesson"
c.HTMLExporter.filters = {"markdown2html": markdown_with_mathml, "mathml": html_with_mathml}
c.TagRemovePreprocessor.enabled = True
c.TagRemovePreprocessor.remove_cell_tags = ["remove-cell"]
