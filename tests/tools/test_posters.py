"""The posters: each lesson of the main path has one, of one page, A2, with its picture as lines."""

import re
import tomllib

import posters
import pytest

from relukit.syllabus import COURSE

TEXTS = tomllib.loads(posters.DRAWN.read_text(encoding="utf-8"))


def test_each_lesson_of_the_main_path_has_a_poster():
    assert [*TEXTS] == [name for name in COURSE if not name.startswith("D")]


@pytest.mark.parametrize("name", TEXTS)
def test_what_a_poster_draws_is_drawn_in_its_lesson(name):
    function = re.match(r"figures\.\w+\(", TEXTS[name]["draws"])[0]
    assert function in (posters.ROOT / COURSE[name].notebook).read_text(encoding="utf-8")


def test_a_poster_asks_shows_and_says_and_its_picture_grows_with_the_page():
    name = "01_history"
    html = posters.page(COURSE[name], **TEXTS[name])
    assert TEXTS[name]["asks"] in html
    assert TEXTS[name]["says"] in html
    assert re.search(r'aria-label="[^"]{20,}"', html)
    (tag,) = re.findall(r"<svg[^>]*>", html)
    assert "viewBox" in tag
    assert "width" not in tag


def test_words_of_a_poster_are_no_markup():
    html = posters.page(COURSE["01_history"], "<b>?</b>", "figures.stripes()", "1 < 2")
    assert "&lt;b&gt;?" in html
    assert "1 &lt; 2" in html


@pytest.mark.browser
def test_a_poster_is_one_page_of_a2(browser):
    sheet = browser.new_page()
    sheet.set_content(posters.page(COURSE["01_history"], **TEXTS["01_history"]))
    pdf = sheet.pdf(prefer_css_page_size=True, print_background=True)
    (box,) = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    millimetres = [float(points) * 25.4 / 72 for points in box]
    assert millimetres == pytest.approx([594, 420], abs=1)
