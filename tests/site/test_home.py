"""The first page and the README ask who wins the race, and tell nothing of it before."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from picture import stored
from relu_site.home import FIRST

from relukit.ledger.predictions import asked_as
from relukit.lessons.start.figures.race import TITLES
from relukit.syllabus import COURSE

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
*_, WINS = TITLES.values()
# what says who wins, or who does not
TELLS = re.compile(
    rf"(?:throw|drop)\w* (?:away )?(?:about )?half|{WINS}[^.]*(?:climb|\d+ %)|\bbeat|keeps? all\b"
)


def before(html: str) -> BeautifulSoup:
    """Return what a page tells, and the words for its pictures, without what unfolds."""
    page = BeautifulSoup(html, "html.parser")
    for hidden in page.find_all(["details", "script"]):
        hidden.decompose()
    for image in page.find_all("img"):
        image.insert_after(f" {image.get('alt', '')} ")
    return page


def test_the_readme_tells_nothing_of_the_race_before_one_unfolds_it():
    assert not TELLS.search(before(README).get_text())
    assert TELLS.search(README)  # and there is something to tell
    assert before(README).get_text().index("Which one wins?") < 1000


@pytest.mark.slow
@pytest.mark.browser
def test_the_first_page_asks_before_it_tells(site):
    page = before(site.html("index.html"))
    (asked,) = page.select(".prediction")
    assert asked["data-id"] == FIRST
    assert not TELLS.search(page.article.get_text())
    assert asked_as(FIRST).because not in page.article.get_text()
    unfolds = BeautifulSoup(site.html("index.html"), "html.parser").select_one("details.reveal")
    assert unfolds["data-ids"] == FIRST
    assert unfolds.select_one(".film")
    assert TELLS.search(unfolds.get_text())


@pytest.mark.slow
@pytest.mark.browser
def test_the_first_lesson_asks_the_courses_question_where_its_own_is_answered(site):
    text, _, _ = site.html("notebooks/00_start_here.html").partition('id="the-bill"')
    assert "end up beating" not in before(text).article.get_text()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("lesson", COURSE.values(), ids=COURSE)
def test_no_card_shows_a_picture_that_unfolds_on_its_own_page(site, lesson):
    alt = stored(lesson).metadata["image/png"]["alt"]
    page = BeautifulSoup(site.html(lesson.notebook.replace("ipynb", "html")), "html.parser")
    shown = [image for image in page.article.find_all("img") if image["alt"] == alt]
    assert shown
    assert not any(image.find_parent("details", class_="reveal") for image in shown)


@pytest.mark.slow
@pytest.mark.browser
def test_who_answers_on_the_first_page_sees_the_race(browser, site):
    page = browser.new_page()
    page.goto(f"{site.folder.as_uri()}/index.html")
    film = page.locator(".film")
    assert not film.is_visible()
    page.locator("label.option", has_text="only if it is positive").click()
    page.get_by_role("button", name="This is my prediction").click()
    film.wait_for()
    assert page.locator(".reply .head").inner_text() == "Right."
    page.close()
