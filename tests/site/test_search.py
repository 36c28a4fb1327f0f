"""The search finds sections, claims and functions, and gives no answer away."""

import json

import pytest
from relu_site import course
from relu_site.search import plain

from relukit.checks.registry import tasks
from relukit.ledger import claims, questions
from relukit.syllabus import COURSE

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def records(site) -> list[dict[str, str]]:
    text = (site.folder / "_static" / "search-data.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix("window.reluSearch=").removesuffix(";\n"))


def test_it_knows_every_claim_by_its_words_and_sources_and_never_by_its_verdict(records):
    found = {r["u"].partition("#")[2]: r for r in records if r["u"].startswith("ledger.html#")}
    assert list(found) == [claim.id for claim in claims()]
    for claim in claims():
        assert found[claim.id]["t"] == claim.text
        assert claim.correct not in found[claim.id]["x"]
        assert found[claim.id]["p"] == f"claim {claim.id}"


def test_it_knows_no_reading_no_reason_and_no_hint(records):
    text = "\n".join(record["x"] for record in records)
    for question in questions():
        assert plain(question.because) not in text
    for task in tasks():
        for hint in task.hints:
            assert len(plain(hint)) < 30 or plain(hint) not in text
    for lesson in COURSE.values():
        for cell in course.notebook(lesson.notebook).cells:
            for paragraph in cell.source.split("\n\n") if cell.cell_type == "markdown" else ():
                if paragraph.startswith(("**Read.**", "**Take away.**")):
                    assert plain(paragraph)[:60] not in text


def test_it_knows_every_section_before_the_summary(records):
    titles = {record["t"] for record in records}
    for lesson in COURSE.values():
        for section in lesson.sections:
            assert any(plain(section.title) in title for title in titles)
    assert "relukit.training.train" in titles


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_learner_finds_a_section_from_the_keyboard_alone(browser, site, address):
    page = browser.new_page()
    page.goto(f"{address}notebooks/00_start_here.html")
    page.keyboard.press("/")
    page.keyboard.type("blame walks home")
    link = page.locator(".found a").first
    link.wait_for()
    assert "7. Blame walks home" in link.inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/02_definitions.html#blame-walks-home")
    page.close()
