"""What the notebooks store is what the pages show, and every link leads somewhere."""

import gzip
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag

import pytest
from bs4 import BeautifulSoup
from relu_site import course

from relukit.syllabus import COURSE

# built once for the browser's tests, which run in one process
pytestmark = [pytest.mark.slow, pytest.mark.browser]
LESSONS = [lesson.notebook for lesson in COURSE.values()]
MOST_SECONDS = 60  # of a processor
MOST_BYTES = 15_000_000
MOST_SEARCHED = 200_000  # bytes of the search's data, compressed


def article(site, page: str) -> BeautifulSoup:
    return BeautifulSoup(site.html(page), "html.parser").article


@pytest.mark.parametrize("notebook", LESSONS)
def test_every_stored_picture_has_its_stored_description_on_the_page_in_order(site, notebook):
    stored = [
        output.metadata["image/png"]["alt"]
        for cell in course.notebook(notebook).cells
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", {})
    ]
    shown = article(site, notebook.replace(".ipynb", ".html")).find_all("img")
    alts = [image["alt"] for image in shown if not image.find_parent(["noscript", "table"])]
    assert stored == alts  # but the small curves in the rows of a table


@pytest.mark.parametrize("notebook", LESSONS)
def test_every_printed_line_is_on_the_page(site, notebook):
    shown = [e.get_text() for e in article(site, notebook.replace("ipynb", "html"))("pre")]
    for cell in course.notebook(notebook).cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "stream":
                assert output.text.rstrip() in shown


@pytest.mark.parametrize("notebook", LESSONS)
def test_what_a_verdict_says_stands_in_a_block_that_unfolds(site, notebook):
    page = article(site, notebook.replace("ipynb", "html"))
    for panels in page.select(".panels"):
        checked = " points)" in panels.get_text()  # the answer of a check, which is no verdict
        assert checked or panels.find_parent("details", class_=["reveal", "fold"])


@pytest.mark.parametrize("notebook", LESSONS)
def test_what_is_read_after_a_verdict_unfolds_with_it(site, notebook):
    page, cells = article(site, notebook.replace("ipynb", "html")), course.notebook(notebook).cells
    unfolding = [" ".join(e.get_text().split()) for e in page.select("details.reveal p")]
    for name in re.findall(r'predict\("([\w-]+)"', "\n".join(cell.source for cell in cells)):
        settled = [
            n for n, c in enumerate(cells) if re.search(rf'(?m)^verdict\([^)]*"{name}"', c.source)
        ]
        read = next(cell.source for cell in cells[settled[0] :] if cell.cell_type == "markdown")
        words = re.split(r"[$*`\[\n'\"]", read.removeprefix("**Read.**").strip())[0].strip()
        if not read.startswith(("#", "Exercise")):
            assert any(words in text for text in unfolding), (name, words)


def test_an_exercise_page_has_every_hint_behind_a_fold_and_no_answer(site):
    from relukit.checks.registry import tasks

    for lesson in COURSE.values():
        if path := course.exercises(lesson):
            page = article(site, path.replace("ipynb", "html"))
            assert "BEGIN SOLUTION" not in page.get_text()
            groups = page.select(".hints")
            assert [len(group.select("details.hint")) for group in groups] == [3] * len(groups)
            assert len(groups) == len(tasks(lesson.name))
            assert not page.select("details[open]")


class Anchors(HTMLParser):
    """Collects the links of a page, and the ids that links may lead to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        values = dict(attrs)
        self.ids.add(values.get("id", ""))
        to = {"a": "href", "link": "href", "img": "src", "script": "src"}.get(tag)
        if to and values.get(to):
            self.links.append(values[to])


def test_every_link_on_the_site_leads_to_a_file_and_to_an_anchor_in_it(site):
    pages = {page: Anchors(site.html(page)) for page in site.pages}
    broken = []
    for page, anchors in pages.items():
        for link in anchors.links:
            path, anchor = urldefrag(link)
            if re.match(r"https?:|data:", path):
                continue
            to = (site.folder / page).parent / unquote(path.partition("?")[0])
            to = to.resolve() if path else site.folder / page
            name = str(to.relative_to(site.folder)) if to.is_relative_to(site.folder) else link
            if not to.is_file() or (anchor and unquote(anchor) not in pages[name].ids):
                broken.append((page, link))
    assert broken == []


def test_no_formula_is_left_unmade(site):
    for page in site.pages:
        text = re.sub(r"<(pre|code|script)\b.*?</\1>", "", site.html(page), flags=re.DOTALL)
        assert "<merror" not in text
        assert not re.search(r"\$[^$<>]*\\\w+[^$<>]*\$", text), page


def test_the_site_is_built_fast_and_is_small(site):
    files = [path for path in site.folder.rglob("*") if path.is_file()]
    assert site.seconds < MOST_SECONDS
    # as a server sends it; pictures and films hardly get smaller
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < MOST_BYTES
    searched = (site.folder / "_static" / "search-data.js").read_bytes()
    assert len(gzip.compress(searched)) < MOST_SEARCHED
