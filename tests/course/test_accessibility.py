"""Every notebook and every page made of one can be read without sight, colour or a mouse."""

import importlib
import itertools
import os
import re
from collections import defaultdict
from html import unescape
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from traitlets.config.loader import PyFileConfigLoader

from relukit.syllabus import LESSONS as LESSONS_OF_PACKAGE
from relukit.syllabus import module

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
NOTEBOOKS = [*LESSONS, *sorted(ROOT.glob("solutions/*/*.ipynb")),
             *sorted(ROOT.glob("exercises/*/*.ipynb"))]  # fmt: skip
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)]+)\)")
MATH = re.compile(r"\$\$?[^$]+\$\$?")
VAGUE = {"click here", "here", "link", "more", "page", "read more", "see", "that", "this"}

every_notebook = pytest.mark.parametrize(
    "path", NOTEBOOKS, ids=lambda path: str(path.relative_to(ROOT))
)
every_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def prose(path: Path) -> str:
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def outputs(path: Path) -> list:
    cells = nbformat.read(path, as_version=4).cells
    return [o for cell in cells if cell.cell_type == "code" for o in cell.outputs]


def shown(path: Path, kind: str) -> list[str]:
    """Return what the stored outputs of a notebook hold of one MIME type."""
    return [o.data[kind] for o in outputs(path) if kind in o.get("data", {})]


def described(path: Path) -> list[str]:
    """Return the descriptions of a notebook's images, in their order."""
    return [
        o.metadata["image/png"]["alt"] for o in outputs(path) if "image/png" in o.get("data", {})
    ]


@every_notebook
def test_one_h1_comes_first_and_no_heading_level_is_skipped(path):
    text = re.sub(r"^```.*?^```", "", prose(path), flags=re.MULTILINE | re.DOTALL)
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]
    first = nbformat.read(path, as_version=4).cells[0]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@every_notebook
def test_outputs_bring_no_headings_of_their_own(path):
    assert not [html for html in shown(path, "text/html") if re.search(r"<h[1-6]", html)]
    assert not shown(path, "text/markdown")


@every_notebook
def test_no_two_headings_of_a_notebook_are_the_same(path):
    headings = re.findall(r"^#+ (.+)$", prose(path), flags=re.MULTILINE)
    assert len(set(headings)) == len(headings)


@every_notebook
def test_links_say_where_they_lead_and_the_same_words_lead_to_the_same_place(path):
    targets = defaultdict(set)
    for words, target in LINK.findall(prose(path)):
        plain = words.replace("`", "").strip().lower()
        assert plain not in VAGUE
        assert not re.match(r"https?:|www\.", plain), words
        assert len(re.findall(r"\w", plain)) >= 3, words
        targets[plain].add(target)
    assert {words: found for words, found in targets.items() if len(found) > 1} == {}
    assert "<a " not in "".join(shown(path, "text/html"))


@every_notebook
def test_no_address_stands_bare_in_the_prose(path):
    text = LINK.sub("", prose(path))
    assert not re.search(r"https?://|www\.", text)


@every_notebook
def test_every_image_is_described_as_metadata_and_as_text_and_unlike_any_other(path):
    for output in outputs(path):
        kinds = {kind for kind in output.get("data", {}) if kind.startswith("image/")}
        assert kinds <= {"image/png"}
        if kinds:
            alt = output.metadata["image/png"]["alt"]
            assert output.data["text/plain"] == alt
            assert len(alt.split()) >= 8, alt
            assert alt.endswith("."), alt
            assert not re.match(r"(an? )?(image|picture|figure|plot|chart)\b of", alt.lower())
    assert len(set(described(path))) == len(described(path))


@every_notebook
def test_images_come_from_figures_only(path):
    assert not re.search(r"!\[|<img", prose(path))
    pages = [html for html in shown(path, "text/html") if 'class="relukit-film"' not in html]
    drawn = [html for html in pages if "<img" in html or "<svg" in html]
    assert all("class='relukit-catalogue'" in html for html in drawn)  # a small curve in each row
    assert all(html.count("<img") == html.count(" alt='The curve of ") for html in drawn)


@every_notebook
def test_no_meaning_of_an_output_is_in_its_colour(path):
    """Words have the page's own colours, so their contrast is that of the reader's theme."""
    for html in shown(path, "text/html"):
        styles = ";".join(re.findall(r"style=[\"']([^\"']*)", html))
        assert not re.search(r"(^|;)\s*(color|background[\w-]*)\s*:", styles), styles
    for output in outputs(path):
        assert "\x1b[" not in output.get("text", "") + output.get("data", {}).get("text/plain", "")


@every_notebook
def test_every_table_of_an_output_names_its_columns(path):
    for html in shown(path, "text/html"):
        for table in re.findall(r"<table.*?</table>", html, flags=re.DOTALL):
            heads = re.findall(r"<th\b([^>]*)>", table)
            assert heads
            assert all("scope=" in attributes for attributes in heads), heads


@every_notebook
def test_a_table_of_the_prose_has_a_name_over_every_column(path):
    for head in re.findall(r"^\|(.+)\|\n\|[ :|-]+\|$", prose(path), flags=re.MULTILINE):
        assert all(cell.strip() for cell in head.split("|")), head


def test_every_explorer_stands_in_a_lesson_where_the_browser_test_moves_it():
    cells = [cell for path in LESSONS for cell in nbformat.read(path, as_version=4).cells]
    shown = re.findall(r"^explorers\.(\w+)\(\)", "\n".join(c.source for c in cells), re.MULTILINE)
    made = []
    for package in {module(lesson) for lesson in LESSONS_OF_PACKAGE}:  # pages share one
        explorers = importlib.import_module(f"{package}.explorers")
        made += [name for name in vars(explorers) if name.endswith(("_explorer", "_builder"))]
    assert sorted(shown) == sorted(made)


@pytest.fixture(scope="module")
def exporter() -> HTMLExporter:
    """Return what `make html` makes pages with."""
    if not os.environ.get("CI"):
        pytest.importorskip("latex2mathml", reason="not installed: pip install -e '.[dev]'")
    config = PyFileConfigLoader(str(ROOT / "docs" / "nbconvert_config.py")).load_config()
    return HTMLExporter(config=config)


def formulas(path: Path) -> list[str]:
    """Return the formulas of a notebook's prose and HTML outputs; code is none."""
    text = re.sub(r"`[^`]*`", "", prose(path)) + "\n".join(map(unescape, shown(path, "text/html")))
    return MATH.findall(text)


# Playwright's event loop is closed by its own threads after the tests.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.browser
@every_lesson
def test_the_page_of_a_lesson_passes_axe_and_needs_no_network(
    path, exporter, browser, axe, tmp_path
):
    html, _ = exporter.from_filename(str(path))
    written = tmp_path / f"{path.stem}.html"
    written.write_text(html, encoding="utf-8")
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("http*://**", lambda route: route.abort())
    page.goto(written.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert axe(page) == []
    assert [url for url in asked if url.startswith("http")] == []
    assert html.count("<script") == html.count('class="relukit-film"')
    alts = page.eval_on_selector_all("img", "images => images.map(image => image.alt)")
    assert [alt for alt in alts if not alt.startswith("The curve of ")] == described(path)
    assert page.locator("math").count() == len(formulas(path))
    assert not re.search(r"\$|\\[a-z]", "".join(page.locator(".jp-MarkdownCell").all_inner_texts()))
    targets = page.eval_on_selector_all("a:not(.anchor-link)", "all => all.map(a => a.pathname)")
    assert not [target for target in targets if re.search(r"/\d\d_\w+\.ipynb$", target)
                and "/exercises/" not in target]  # fmt: skip
    page.close()
