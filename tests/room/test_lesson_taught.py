"""A lesson is taught from a board to three phones in Chromium, in all four kinds of question."""

import re

import pytest
from served_room import ServedRoom

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LOST = re.compile(
    "ERR_(CONNECTION|INCOMPLETE|EMPTY|INTERNET|FAILED)"
)  # a room that was killed, a cut stream
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def room(tmp_path):
    room = ServedRoom(tmp_path, "03_variants")
    yield room
    if room.process.poll() is None:
        room.stop()


@pytest.fixture
def pages(browser, room):
    """Yield a board and three phones: one light, one dark, one without a script."""
    kinds = [{"viewport": {"width": 1440, "height": 900}}, PHONE,
             PHONE | {"color_scheme": "dark"}, PHONE | {"java_script_enabled": False}]  # fmt: skip
    contexts = [browser.new_context(**kind) for kind in kinds]
    opened = [context.new_page() for context in contexts]
    errors = []
    for page in opened:
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: m.type == "error" and errors.append(m.text))
    opened[0].goto(room.address + room.board)
    for page in opened[1:]:
        page.goto(room.address)
    yield opened
    for context in contexts:
        context.close()
    assert [e for e in errors if not LOST.search(e)] == []


def press(board, name):
    board.get_by_role("button", name=name, exact=True).click()


def go(board, number):
    chip = board.get_by_role("button", name=re.compile(f"^Question {number},"))
    chip.click()
    board.locator(".chip[aria-current]", has_text=re.compile(f"^{number}$")).wait_for()


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def answer_choice(page):
    page.get_by_role("radio").nth(1).check()


def answer_number(page):
    page.get_by_label("Your number").fill("0,16")


def answer_order(page):
    page.get_by_role("button", name="Later: flat (ReLU)").press("ArrowDown")


def answer_sketch(page):
    for field, value in zip(page.get_by_role("textbox").all()[:4], "4321", strict=True):
        field.fill(value)


@pytest.mark.parametrize(
    ("number", "answer"),
    [(4, answer_choice), (3, answer_number), (1, answer_order), (5, answer_sketch)],
    ids=["choice", "number", "order", "sketch"],
)
def test_a_question_is_asked_twice_and_answered_and_every_page_reads_well(
    room, pages, axe, number, answer
):
    board, phone, dark, plain = pages

    def look():
        plain.reload()
        for page in pages:
            assert fits(page)
        for page in (board, phone, dark):
            assert axe(page) == []

    go(board, number)
    press(board, "Open the vote")
    for turn, name in ((1, "First vote: open"), (2, "Second vote: open")):
        for page in (phone, dark):
            page.get_by_text(name, exact=True).wait_for()
            answer(page)
            page.get_by_role("button", name="Vote", exact=True).click()
            page.get_by_text("Your vote counts:").wait_for()
        plain.reload()
        assert "reload" in plain.content().lower()
        if number != 1:
            answer(plain)
        plain.get_by_role("button", name="Vote", exact=True).click()
        plain.get_by_text("Your vote counts:").wait_for()
        board.locator("[data-voted]", has_text="3").wait_for()
        assert board.get_by_role("img", name=re.compile("vote, ")).count() == 0
        look()
        press(board, "Close the vote")
        phone.locator(".badge.closed").wait_for()
        assert phone.get_by_role("img").count() == 0
        if turn == 1:
            press(board, "Vote again")
    press(board, "Reveal")
    for page in (phone, dark, board):
        page.get_by_text("Why?", exact=True).wait_for()
        assert page.locator("svg.guesses").get_attribute("aria-label").startswith("First vote, 3")
    assert "First vote: " not in phone.locator(".badge").inner_text()
    look()


def test_a_phone_that_sleeps_through_a_restart_wakes_to_the_open_question(room, pages):
    board, phone, dark, _ = pages
    dark.context.set_offline(True)
    room.kill()
    answer = "Send it again"
    room.start()
    go(board, 4)
    press(board, "Open the vote")
    phone.locator(".badge.open").wait_for()
    dark.context.set_offline(False)
    dark.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    dark.locator(".badge.open").wait_for()
    answer_choice(dark)
    dark.context.set_offline(True)
    dark.get_by_role("button", name="Vote", exact=True).click()
    dark.get_by_role("alert").get_by_text(answer).wait_for()
    assert dark.get_by_role("radio").nth(1).is_checked()
    dark.context.set_offline(False)
    dark.get_by_role("button", name="Vote", exact=True).click()
    dark.get_by_text("Your vote counts:").wait_for()


def test_a_phone_whose_stream_is_cut_asks_instead(room, pages):
    board, phone, *_ = pages
    phone.route("**/events", lambda route: route.abort())
    phone.reload()
    go(board, 4)
    press(board, "Open the vote")
    phone.locator(".badge.open").wait_for()


def test_help_and_names_do_not_lose_what_was_not_sent_yet(room, pages):
    board, phone, _, plain = pages
    go(board, 4)
    press(board, "Open the vote")
    phone.locator(".badge.open").wait_for()
    answer_choice(phone)
    phone.locator("details.name summary").click()
    phone.get_by_label(re.compile("Nickname")).fill("Ada")
    phone.get_by_role("checkbox").check()
    phone.get_by_role("button", name="Keep").click()
    phone.get_by_text("You are Ada").wait_for()
    phone.get_by_role("button", name="Ask for help").click()
    phone.locator(".help").get_by_text("Place 1 in the line").wait_for()
    assert phone.get_by_role("radio").nth(1).is_checked()
    board.locator("[data-line]").get_by_text("Ada").wait_for()
    plain.get_by_role("button", name="Ask for help").click()
    plain.locator(".help").get_by_text("Place 2 in the line").wait_for()
    board.locator("[data-line]").get_by_text("Somebody").wait_for()
    board.get_by_role("button", name="Ada, place 1: helped").click()
    phone.get_by_role("button", name="Ask for help").wait_for()


def test_the_phones_page_weighs_little(room):
    sizes = [len(room.get(path).text.encode()) for path in ("/", "/room.css", "/room.js")]
    assert sum(sizes) < 40_000
