"""The slides of a lesson need no network, show what the lesson shows, and cut nothing off."""

import re
from functools import cache
from html import unescape
from pathlib import Path

import nbformat
import pytest
from nbconvert import SlidesExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from traitlets.config.loader import PyFileConfigLoader

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
every_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


@cache
def exporter() -> SlidesExporter:
    pytest.importorskip("pyreveal", reason="pip install -e '.[dev]'")
    loader = PyFileConfigLoader("slides_config.py", path=str(ROOT / "docs"))
    return SlidesExporter(config=loader.load_config())


@cache
def slides(path: Path) -> str:
    return exporter().from_filename(str(path))[0]


def parts(html: str) -> list[str]:
    """Return the slides, each without the tags that surround it."""
    body = html.split('<div class="slides">')[1].split("<script>")[0]
    return [part for part in re.split(r"</?section>", body) if part.strip(" \n</div>")]


def made_of(*cells) -> list[str]:
    return parts(exporter().from_notebook_node(nbformat.v4.new_notebook(cells=list(cells)))[0])


@every_lesson
def test_nothing_is_fetched_from_a_network(path):
    html = slides(path)
    page = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
    assert not re.search(r"<(link|iframe|object)\b|\bsrc=(?!\"data:)|@import|url\((?!data:)", page)
    assert "<script src" not in html
    assert "revealjs.com" in html.split("<script>")[1]  # reveal.js itself


@every_lesson
def test_every_heading_and_every_figure_of_the_lesson_is_on_a_slide_and_described(path):
    cells = nbformat.read(path, as_version=4).cells
    shown = "\n".join(parts(slides(path)))
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    for heading in re.findall(r"^## ([^$`\n]+)$", text, flags=re.MULTILINE):
        begins = re.search(rf"<h2[^>]*>{re.escape(heading)}<", unescape(shown))
        assert bool(begins) == (heading not in {"References", "Exercises"}), heading
    described = [
        output.metadata["image/png"]["alt"]
        for cell in cells
        if cell.cell_type == "code" and not cell.source.startswith("explorers.")
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]
    alts = [unescape(alt) for alt in re.findall(r'alt="([^"]+)"', shown)]
    assert [alt for alt in alts if not alt.startswith("The curve of ")] == described


@every_lesson
def test_what_the_learner_runs_alone_is_left_out(path):
    shown = "\n".join(parts(slides(path)))
    assert "No prediction yet" not in shown
    assert "import numpy" not in shown
    assert "Your progress" not in shown


def test_a_heading_begins_a_slide_and_a_reading_stands_with_its_verdict():
    printed = [new_output("stream", text="2")]
    made = made_of(
        new_markdown_cell("# 1 Title\n\ntext\n\n## One\n\nintro\n\n**Predict.** Is it?"),
        new_code_cell("1 + 1", outputs=printed),
        new_code_cell("verdict('it')", outputs=printed),
        new_markdown_cell("**Read.** It is.\n\n**Predict.** And that?"),
        new_code_cell("\n".join("12345678"), outputs=printed),
    )
    expected = ["Title", "One", "Is it", "1 + 1", "It is", "And that"]
    assert all(said in part for said, part in zip(expected, made, strict=False))
    assert "verdict" not in made[4]
    assert "8" not in made[6]  # long code stays off the screen
    assert len(made) == 7


QUESTION = """it: Is x < 1?
  a) yes
  b) no
  No prediction yet: replace ... by one of 'a', 'b'.
"""


def test_a_question_stands_with_its_options_on_a_slide_before_what_answers_it():
    asked = new_output("execute_result", data={"text/plain": QUESTION})
    said = "<dt>you said</dt><dd>nothing</dd><dt>holds</dt>"
    verdict = new_output("execute_result", data={"text/plain": "it", "text/html": said})
    made = made_of(
        new_markdown_cell("# T\n\ntext\n\n**Predict.** Now."),
        new_code_cell("predict('it', ...)", outputs=[asked]),
        new_code_cell("verdict('it')", outputs=[verdict]),
        new_code_cell("import x\n\npredict('it', ...)", outputs=[asked]),
    )
    assert len(made) == 4
    assert "Now." in made[1]
    for slide in (made[1], made[3]):
        assert "Is x &lt; 1?" in slide
        assert slide.count("<li>") == 2
        assert "replace" not in slide
    assert "holds" in made[2]
    assert "you said" not in made[2]


@every_lesson
def test_every_question_of_a_lesson_is_on_a_slide(path):
    cells = nbformat.read(path, as_version=4).cells
    asked = sum(cell.source.count('predict("') for cell in cells if cell.cell_type == "code")
    assert slides(path).count('<div class="asked">') == asked


def test_the_metadata_of_a_cell_count_before_any_rule():
    made = made_of(
        new_markdown_cell("# Title"),
        new_markdown_cell("off", metadata={"slideshow": {"slide_type": "skip"}}),
        new_markdown_cell("on", metadata={"slideshow": {"slide_type": "-"}}),
        new_markdown_cell("say", metadata={"slideshow": {"slide_type": "notes"}}),
    )
    assert len(made) == 1
    assert "off" not in made[0]
    assert '<aside class="notes"><p>say' in made[0]


def test_no_text_is_lost_where_it_is_split_and_a_fenced_block_stays_whole():
    texts = [f"word {i} " * 40 for i in range(5)]
    fenced = "```text\na\n\n\nb\n```"
    made = made_of(new_markdown_cell("\n\n".join(["# T", *texts, fenced])))
    assert len(made) > 2
    for i in range(5):
        assert sum(f"word {i}" in part for part in made) == 1
    assert sum("a" in part and "b\n" in part and "<pre>" in part for part in made) == 1


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@every_lesson
def test_every_slide_fits_its_screen_and_stays_readable(path, browser, tmp_path):
    file = tmp_path / "slides.html"
    file.write_text(slides(path), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url))
    page.goto(file.as_uri())
    wrong.remove(file.as_uri())
    page.wait_for_selector("body[data-fitted]", timeout=120_000)
    found = page.evaluate(
        """deck.getSlides().map(slide => ({
            size: parseFloat(getComputedStyle(slide).fontSize),
            over: Math.max(slide.scrollHeight - slide.clientHeight,
                           slide.scrollWidth - slide.clientWidth),
            text: slide.innerText.slice(0, 60),
            missing: [...slide.querySelectorAll('img')].some(image => !image.naturalWidth),
        }))"""
    )
    page.close()
    assert [url for url in wrong if not url.startswith("data:")] == []
    assert len(found) == len(parts(slides(path)))
    for slide in found:
        assert slide["over"] <= 0, slide
        assert slide["size"] >= 20, slide  # pixels, on a screen of 1280
        assert not slide["missing"], slide
