"""A room's pages read well for everybody, also without a script, and where something is amiss."""

import contextlib
import re
import sqlite3

import pytest
from served_room import JSON, ServedRoom

from relukit.ledger.questions import questions

LESSON = "03_variants"
KINDS = {question.KIND: question for question in questions(lesson=LESSON)}
PHONE = {"viewport": {"width": 320, "height": 640}}
SCRIPT = re.compile(r"<script.*?</script>", re.DOTALL)
PAST_THE_EDGE = "document.documentElement.scrollWidth - innerWidth"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # Playwright's event loop is closed by its own threads after the tests.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture
def room(tmp_path):
    room = ServedRoom(tmp_path, LESSON)
    yield room
    room.kill()


@pytest.fixture(params=["light", "dark"])
def phone(request, browser):
    """Return a narrow phone's page, which loads its style from the room and no script.

    axe-core needs a browser that runs scripts, so the room's own is taken out of what is sent, and
    what a browser without scripts would show is put in its place.
    """
    context = browser.new_context(**PHONE, color_scheme=request.param)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def without_script(route):
        kind = route.request.resource_type
        if kind == "document":
            sent = route.fetch(max_redirects=0)
            text = SCRIPT.sub("", sent.text()).replace("noscript>", "span>")
            route.fulfill(response=sent, body=text)
        elif kind == "stylesheet":
            route.continue_()
        else:
            route.abort()

    page.route("**/*", without_script)
    yield page
    context.close()
    assert errors == []


def looked_at(page, axe) -> None:
    assert page.locator("script").count() == 0
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).borderRadius") != "0px"
    assert page.evaluate(PAST_THE_EDGE) <= 0
    assert axe(page) == []


def filled(page, kind: str) -> None:
    """Answer a question by the form alone; an order stands as it is drawn up."""
    if kind == "choice":
        page.get_by_role("radio").first.check()
    if kind in ("number", "sketch"):
        fields = page.locator("form[action='/vote'] input:not([type=hidden])")
        for number, field in enumerate(fields.all(), start=1):
            field.fill(str(number))


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_script_each_stage_of_a_question_reads_well(room, phone, axe, kind):
    name = KINDS[kind].id
    room.do("go", name)
    phone.goto(room.address)
    looked_at(phone, axe)
    for action in ("open", "again"):
        room.do(action, name)
        phone.goto(room.address)
        assert "Reload this page to see what is open." in phone.locator(".count").inner_text()
        filled(phone, kind)
        phone.get_by_role("button", name="Vote", exact=True).click()
        phone.goto(room.address)
        assert phone.get_by_text("Your vote counts:").is_visible()
        looked_at(phone, axe)
        room.do("close", name)
        phone.goto(room.address)
        looked_at(phone, axe)
    room.do("reveal", name)
    phone.goto(room.address)
    assert phone.locator("svg.guesses").get_attribute("aria-label")
    looked_at(phone, axe)


def test_without_a_script_help_and_a_name_are_there(room, phone, axe):
    phone.goto(room.address)
    phone.get_by_role("button", name="Ask for help").click()
    phone.goto(room.address)
    assert phone.get_by_text("You asked for help.").is_visible()
    phone.locator("details.name summary").click()
    assert phone.get_by_label(re.compile("Nickname")).is_visible()
    looked_at(phone, axe)
    phone.get_by_role("button", name="I'm fine now").click()
    phone.goto(room.address)
    assert phone.get_by_role("button", name="Ask for help").is_visible()


def amiss(room) -> dict[str, tuple[int, str]]:
    """Return what the room answers to requests that are amiss, as (status, page)."""
    asked = {
        "an address that is none": room.get("/nothing"),
        "a request that is none": room.get("/vote"),
        "a question that is none": room.form("/vote", {"question": "x"}),
        "an answer that is none": room.form("/vote", {"question": KINDS["number"].id}),
        "no form": room.ask("POST", "/vote", b"{}", Content_Type=JSON),
        "a board that is none": room.get("/board/x"),
    }
    return {words: (answer.status, answer.text) for words, answer in asked.items()}


def broken(folder) -> tuple[int, str]:
    """Return the status and the page of a room that has lost a part of its file."""
    room = ServedRoom(folder, LESSON)
    try:
        with contextlib.closing(sqlite3.connect(room.database)) as db:
            db.execute("ALTER TABLE devices RENAME TO lost")
            db.commit()
        answer = room.get("/")
        return answer.status, answer.text
    finally:
        room.kill()


def sending(status: int, text: str):
    """Return a handler of requests that answers with a page."""
    kind = "text/html; charset=utf-8"
    return lambda route: route.fulfill(status=status, content_type=kind, body=text)


def test_a_page_that_says_what_is_amiss_reads_well_and_leads_back(
    room, phone, axe, tmp_path_factory
):
    said = amiss(room) | {"a fault of the room's own": broken(tmp_path_factory.mktemp("broken"))}
    assert {status for status, _ in said.values()} >= {404, 405, 422, 500}
    for words, (status, text) in said.items():
        phone.unroute_all()
        phone.route(f"{room.address}/amiss", sending(status, SCRIPT.sub("", text)))
        phone.goto(f"{room.address}/amiss")
        assert phone.locator("[data-sentence]").inner_text().endswith("."), words
        assert phone.get_by_role("link").get_attribute("href") == "/", words
        looked_at(phone, axe)
