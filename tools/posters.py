"""Print a poster of each lesson, one picture on A2, into build/posters/ (`make posters`).

docs/posters.toml says what each asks and shows; the picture is drawn anew, as lines, not dots.
Chromium prints. Where `[project.urls]` names the web site, its address and a QR code stand below.
"""

import ast
import io
import re
import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

import nbformat
import segno
from jinja2 import Environment, FileSystemLoader
from links import urls
from markupsafe import Markup
from playwright.sync_api import sync_playwright

from relukit.errors import UnavailableError
from relukit.figures.canvas import Picture
from relukit.figures.film import Film, keeping_frames
from relukit.syllabus import COURSE, Lesson

ROOT = Path(__file__).parents[1]
DRAWN = ROOT / "docs" / "posters.toml"
OUT = ROOT / "build" / "posters"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def imports(lesson: Lesson) -> str:
    """Return the import statements of a lesson's notebook, in their order."""
    cells = nbformat.read(ROOT / lesson.notebook, as_version=4).cells
    code = [c.source for c in cells if c.cell_type == "code" and "get_ipython" not in c.source]
    kept = [
        n for c in code for n in ast.parse(c).body if isinstance(n, ast.Import | ast.ImportFrom)
    ]
    return "\n".join(map(ast.unparse, kept))


def picture(lesson: Lesson, draws: str) -> Picture:
    """Return the picture that an expression draws where the lesson's imports have been run."""
    names: dict[str, Any] = {}
    exec(imports(lesson), names)
    with keeping_frames():
        drawn = eval(draws, names)
    return drawn.frames[drawn.still] if isinstance(drawn, Film) else drawn


def lines(drawn: Picture) -> Markup:
    """Return a picture as SVG that grows with the page."""
    out = io.StringIO()
    drawn.savefig(out, format="svg")
    svg = re.sub(r"<svg[^>]*>", _grows, out.getvalue(), count=1)
    return Markup(svg[svg.index("<svg") :])


def _grows(tag: re.Match[str]) -> str:
    """Return the first tag of an SVG without its own width and height."""
    return re.sub(r' (width|height)="[^"]*"', "", tag[0])


def page(lesson: Lesson, asks: str, draws: str, says: str) -> str:
    """Return a lesson's poster as HTML."""
    drawn = picture(lesson, draws)
    folder = FileSystemLoader(ROOT / "docs" / "templates" / "poster")
    template = Environment(loader=folder, autoescape=True).get_template("poster.html.j2")
    address = urls(ROOT).get("Documentation", "")
    code = Markup(segno.make(address).svg_inline(border=0)) if address else ""
    return template.render(
        lesson=lesson,
        asks=asks,
        says=says,
        alt=drawn.alt,
        svg=lines(drawn),
        site=address,
        code=code,
    )


def main() -> int:
    """Print them."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        raise UnavailableError("Chromium, which prints", "none", "install it: apt install chromium")
    OUT.mkdir(parents=True, exist_ok=True)
    texts = tomllib.loads(DRAWN.read_text(encoding="utf-8"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        sheet = browser.new_page()
        for name, text in texts.items():
            sheet.set_content(page(COURSE[name], **text))
            file = OUT / f"{name}.pdf"
            sheet.pdf(path=file, prefer_css_page_size=True, print_background=True)
            sys.stdout.write(f"wrote {file.relative_to(ROOT)}\n")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
