"""Every kind of page in a real browser: wide and light, on a phone and dark, and very narrow."""

import gzip
import importlib
from urllib.parse import unquote, urlsplit

import pytest

from relukit.syllabus import COURSE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
SETTINGS = {
    "wide": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
}
KINDS = (  # one page of each kind, which is looked at in every setting
    "index.html",
    "notebooks/02_definitions.html",
    "exercises/02_definitions/02_definitions.html",
    "ledger.html",
    "by_hand.html",
    "predictions.html",
    "api/networks.html",
    "instructors/predictions.html",
    "404.html",
)
OTHERS = (  # where what is stored differs, once and narrow
    "notebooks/00_start_here.html",
    "notebooks/01_history.html",
    "notebooks/03_variants.html",
    "notebooks/04_dying_relu.html",
    "notebooks/05_initialization.html",
    "notebooks/06_training.html",
    "notebooks/deeper/D2_numbers_at_the_edge.html",
    "exercises/05_initialization/05_initialization.html",
    "api/activations.html",
    "glossary.html",
    "references.html",
    "instructors/guide.html",
)
LESSONS = [lesson.notebook for lesson in COURSE.values()]
# bytes, compressed, of all that a page asks for before somebody touches it
MOST_OF_A_LESSON = 150_000
MOST_AT_FIRST = {
    "index.html": 150_000,
    "ledger.html": 180_000,
    "notebooks/deeper/D1_circuits.html": 230_000,  # the timeline: 82 entries with their names
}
LIGHT = list(dict.fromkeys([*MOST_AT_FIRST, *(p.replace("ipynb", "html") for p in LESSONS)]))
MOST_SCRIPT = 30_000
EMPTY = "empty-table-header"
HTML = "text/html; charset=utf-8"
UNFOLD = "document.querySelectorAll('article details').forEach(e => { e.open = true })"
# of the ledger's many rows, which are alike, some are enough for axe-core
SOME = (
    "document.querySelectorAll('table.ledger > tbody > tr').forEach((e, n) => {e.hidden = n % 8})"
)
# what lies past the right edge, and in nothing that can be scrolled or is cut off on purpose
PAST_THE_EDGE = """() => {
  const width = document.documentElement.clientWidth, found = [];
  const cut = e => e && e.tagName !== "BODY" &&
    (getComputedStyle(e).overflowX !== "visible" || cut(e.parentElement));
  for (const e of document.querySelectorAll("article *, header *, footer *")) {
    const box = e.getBoundingClientRect();
    if (box.width && box.right > width + 1 && !cut(e)) found.push(e.outerHTML.slice(0, 120));
  }
  return found;
}"""


@pytest.fixture
def visit(browser):
    """Return a function that opens a page in a setting, and says what it asked for and wrote."""
    contexts = []

    def opened(address: str, setting: str, **more):
        context = browser.new_context(**SETTINGS[setting], **more)
        contexts.append(context)
        page, asked, errors = context.new_page(), [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.goto(address)
        return page, asked, errors

    yield opened
    for context in contexts:
        context.close()


def violations(page) -> list[str]:
    """Return all that axe-core finds, however small."""
    name = "axe_playwright_python.sync_playwright"
    engine = importlib.import_module(name).Axe()
    found = engine.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    nodes = [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]]
    # it takes a head that is a formula for an empty one
    return [f"{name}: {html}" for name, html in nodes if name != EMPTY or "<math" not in html]


def looked_at(visit, address: str, setting: str) -> None:
    page, asked, errors = visit(address, setting)
    page.evaluate(UNFOLD)
    page.wait_for_load_state()
    assert errors == []  # axe-core's own come later
    own = urlsplit(address)[:2]
    assert all(url.startswith("data:") or urlsplit(url)[:2] == own for url in asked)
    assert page.evaluate(PAST_THE_EDGE) == []
    page.evaluate(SOME)
    assert violations(page) == []


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("path", KINDS)
def test_a_page_reads_well_for_everybody_and_asks_nobody_else(visit, served, path, setting):
    looked_at(visit, served + path, setting)


@pytest.mark.parametrize("path", OTHERS)
def test_a_page_fits_into_the_narrowest_window(visit, site, path):
    looked_at(visit, f"{site.folder.as_uri()}/{path}", "narrow")


@pytest.mark.parametrize("setting", ["wide", "phone"])
def test_every_other_page_reads_well_in_light_and_in_dark(visit, site, setting):
    amiss = {}
    for path in sorted(set(site.pages) - set(KINDS)):
        page, _, errors = visit(f"{site.folder.as_uri()}/{path}", setting)
        page.evaluate(UNFOLD)
        page.wait_for_load_state()
        amiss[path] = [*errors, *page.evaluate(PAST_THE_EDGE), *violations(page)]
        page.close()
    assert len(amiss) > len(OTHERS)
    assert {path: found for path, found in amiss.items() if found} == {}


@pytest.mark.parametrize("setting", SETTINGS)
def test_where_there_is_no_page_the_course_says_so_and_reads_well(visit, site, served, setting):
    for address in (f"{site.folder.as_uri()}/404.html", f"{served}nothing.html"):
        page, _, errors = visit(address, setting)
        assert [e for e in errors if "status of 404" not in e] == []  # what is asked for is missing
        assert page.locator("h1").inner_text().startswith("This unit is off")
        assert page.evaluate(PAST_THE_EDGE) == []
        assert violations(page) == []
        page.get_by_role("link", name="the first page").click()
        page.wait_for_url("**/index.html")


def test_below_a_folder_that_is_none_the_page_finds_its_style_by_the_sites_address(
    visit, site, served
):
    address = f"{served}notebooks/deeper/nothing.html"
    known = site.html("404.html").replace("<head>", f'<head><base href="{served}">', 1)
    page, _, _ = visit("about:blank", "phone")
    page.route(address, lambda route: route.fulfill(status=404, body=known, content_type=HTML))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert all(page.evaluate("[...document.styleSheets].map(s => s.cssRules.length > 0)"))
    assert page.evaluate(PAST_THE_EDGE) == []
    assert violations(page) == []
    page.get_by_role("link", name="the first page").click()
    page.wait_for_url(f"{served}index.html")


@pytest.mark.parametrize("missing", ["a/b/", "notebooks/deeper/nothing.html"])
def test_below_a_folder_that_is_none_the_page_finds_its_site_without_an_address(
    visit, site, served, missing
):
    if "<base" in site.html("404.html"):
        pytest.skip("the site's address is known, and is used")
    page, asked, _ = visit(f"{served}{missing}", "phone")
    page.wait_for_url(f"{served}404.html")
    page.wait_for_load_state("networkidle")
    assert all(page.evaluate("[...document.styleSheets].map(s => s.cssRules.length > 0)"))
    assert page.evaluate(PAST_THE_EDGE) == []
    assert all(urlsplit(url)[:2] == urlsplit(served)[:2] for url in asked)
    page.get_by_role("link", name="the first page").click()
    page.wait_for_url(f"{served}index.html")


@pytest.mark.parametrize("setting", ["wide", "phone"])
@pytest.mark.parametrize("path", LIGHT)
def test_a_page_is_light_when_it_first_comes(visit, site, served, path, setting):
    page, asked, _ = visit(served + path, setting, device_scale_factor=2)
    page.wait_for_load_state("networkidle")
    sizes = {url: size(site, served, url) for url in asked}
    scripts = [url for url in sizes if urlsplit(url).path.endswith(".js")]
    assert sum(sizes.values()) < MOST_AT_FIRST.get(path, MOST_OF_A_LESSON), sizes
    assert sum(map(sizes.get, scripts)) < MOST_SCRIPT


def size(site, served: str, url: str) -> int:
    """Return the bytes of a file as they are sent, compressed where that helps."""
    data = (site.folder / unquote(urlsplit(url.removeprefix(served)).path)).read_bytes()
    return min(len(data), len(gzip.compress(data)))


FOCUSABLE = """() => {
  const all = document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']");
  const seen = e => e.checkVisibility({visibilityProperty: true}) && !e.disabled &&
    e.getBoundingClientRect().width > 1 && !e.closest(".sidebar-drawer, .toc-drawer, [inert]") &&
    !(e.type === "radio" && e !== e.form?.querySelector("[type=radio]"));
  return [...all].filter(seen).map((e, n) => { e.dataset.place = n; return n; });
}"""


@pytest.mark.parametrize("path", ["index.html", "notebooks/00_start_here.html", "by_hand.html"])
def test_the_keyboard_alone_reaches_everything(visit, site, path):
    page, _, _ = visit(f"{site.folder.as_uri()}/{path}", "phone")
    page.wait_for_load_state("networkidle")
    wanted, reached = set(page.evaluate(FOCUSABLE)), set()
    for _ in range(3 * len(wanted)):
        page.keyboard.press("Tab")
        place = page.evaluate("document.activeElement.dataset.place")
        reached.add(int(place) if place else None)
        if wanted <= reached:
            break
    missed = [
        page.locator(f"[data-place='{n}']").evaluate("e => e.outerHTML") for n in wanted - reached
    ]
    assert missed == []


def test_the_small_curves_of_the_catalogue_keep_their_width_on_a_phone(site, visit):
    page, _, _ = visit(f"{site.folder.as_uri()}/notebooks/deeper/D3_catalogue.html", "phone")
    wide = page.eval_on_selector_all(
        "td img", "all => all.map(e => e.getBoundingClientRect().width)"
    )
    assert len(wide) > 30
    assert set(wide) == {84}


@pytest.mark.parametrize("name", ["Lessons and search", "On this page"])
def test_the_keyboard_opens_a_drawer_and_closes_it(visit, site, name):
    page, _, _ = visit(f"{site.folder.as_uri()}/notebooks/02_definitions.html", "phone")
    button = page.get_by_role("button", name=name)
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    page.wait_for_function("document.activeElement.closest('.sidebar-drawer, .toc-drawer')")
    page.keyboard.press("Escape")
    assert button.get_attribute("aria-expanded") == "false"
    assert button.evaluate("e => e === document.activeElement")


def test_a_film_is_a_picture_until_somebody_plays_it(visit, address):
    page, asked, _ = visit(f"{address}notebooks/02_definitions.html", "wide")
    film = page.locator(".film").first
    film.scroll_into_view_if_needed()
    assert not [url for url in asked if "/films/" in url]
    words, button = film.locator("p.waiting").inner_text(), film.get_by_role("button", name="Play")
    button.focus()
    page.keyboard.press("Enter")
    film.locator("svg").wait_for()
    assert len([url for url in asked if "/films/" in url]) == 1
    pause = film.get_by_role("button", name="Pause")
    assert pause.evaluate("e => e === document.activeElement")
    slider, said = film.locator("input"), film.locator("[role=status]")
    assert film.locator(".waiting").count() == 0
    slider.focus()
    page.keyboard.press("Home")
    first = said.inner_text()
    page.keyboard.press("End")
    assert said.inner_text() not in ("", first)
    assert film.locator("ol li").last.text_content() == said.inner_text() == words


def test_without_a_script_all_is_there_and_verdicts_unfold_by_hand(visit, site):
    page, _, _ = visit(
        f"{site.folder.as_uri()}/notebooks/02_definitions.html", "phone", java_script_enabled=False
    )
    assert page.locator(".film img").first.is_visible()
    reveal = page.locator("details.reveal").first
    answer = reveal.locator(".panels")
    assert not answer.is_visible()
    reveal.locator("summary").first.click()
    assert answer.is_visible()
