"""The pictures of a room's guesses say in words what they show, and bear any guess."""

import random
import re
import xml.etree.ElementTree as ET

import pytest

from relukit.figures.canvas import PALETTE
from relukit.ledger.questions import Choice, Number, Order, Question, question, questions
from relukit.ledger.stored import answer_rows, stored_measured
from relukit.room import ink
from relukit.room.guesses import bars, drawn, told
from relukit.room.moves import moves

ONE_OF_EACH = ("first-layer-killer", "ten-images", "own-half", "lead")


def answers(asked: Question, n: int, stream: random.Random) -> list:
    """Return n answers of all sorts, wild ones among them."""
    match asked:
        case Choice():
            found = [stream.choice([letter for letter, _ in asked.lettered]) for _ in range(n)]
        case Number():
            found = [stream.choice([stream.gauss(0, 30), -1e308, 1e308, 0, -0.0]) for _ in range(n)]
        case Order():
            shorts = [item.short for item in asked.items]
            found = [stream.sample(shorts, len(shorts)) for _ in range(n)]
        case _:
            found = [[stream.gauss(0, 9) for _ in asked.whats] for _ in range(n)]
    return [asked.read(answer) for answer in found]


@pytest.mark.parametrize("asked", questions(), ids=lambda q: q.id)
def test_what_a_notebook_keeps_judges_as_what_was_measured_does(asked):
    measured = stored_measured(asked)
    assert asked.score(asked.settled(measured), measured).outcome == "right"
    if isinstance(asked, Choice):
        held = re.findall(r"(?:^| or )([a-z])\) ", dict(answer_rows(asked))["holds"])
        assert tuple(held) == asked.holding(measured)


@pytest.mark.parametrize("n", [0, 1, 2, 300])
@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_any_guesses_make_a_picture_that_stays_on_its_paper(name, n):
    asked, stream = question(name), random.Random(n)
    rounds = [answers(asked, n, stream), answers(asked, n, stream)]
    for measured in (None, stored_measured(asked)):
        for width, size in ((358, 14), (900, 20)):
            text = drawn(asked, rounds, measured, width=width, size=size)
            page = ET.fromstring(text)
            assert len(text) < 40_000
            assert "nan" not in text.lower().replace("nan at", "")
            assert page.get("aria-label") == told(asked, rounds, measured)
            for mark in page.iter("{http://www.w3.org/2000/svg}text"):
                assert -1 <= float(mark.get("x")) <= width + 1


def test_right_is_blue_and_filled_and_off_is_orange_and_hollow_only_once_it_is_revealed():
    asked = question("first-layer-killer")
    hidden = drawn(asked, [["a", "f"]])
    assert not re.search('class="(on|off)"', hidden)
    assert "✓" not in hidden
    shown = drawn(asked, [["a", "f"]], stored_measured(asked))
    assert re.search(r'<rect [^>]*class="on" fill="#0072B2"', shown)
    assert re.search(r'<rect [^>]*class="off" fill="none" stroke="#D55E00"', shown)
    assert shown.count("✓") == 1
    assert tuple(PALETTE[n] for n in ("blue", "vermilion", "grey")) == (ink.ON, ink.OFF, ink.GREY)


def test_words_of_guesses_are_escaped():
    sheet = ink.Sheet(300, 14)
    text = sheet.page([sheet.words(0, 9, "<b>&")], 20, '"<script>"')
    assert ET.fromstring(text).get("aria-label") == '"<script>"'
    assert "<b>" not in text


def test_one_wild_guess_does_not_press_the_others_into_a_line():
    asked = question("ten-images")
    guesses = [float(n) for n in range(30)] + [1e9]
    text = drawn(asked, [guesses], stored_measured(asked))
    assert "1 farther right" in text
    columns = {m[1] for m in re.finditer(r"M(\d+) -?[\d.]+l", text)}
    assert len(columns) > 20


def test_orders_are_counted_the_commonest_first_and_the_right_one_on_top():
    asked = question("own-half")
    best = asked.settled(stored_measured(asked))
    other = best[::-1]
    rows = bars(asked, [[other, other, best]])
    assert [(row.counts, row.right) for row in rows] == [((2,), None), ((1,), None)]
    rows = bars(asked, [[other, other, best]], stored_measured(asked))
    assert [(row.counts, row.right) for row in rows] == [((1,), True), ((2,), False)]


def test_what_moved_is_counted_among_those_who_voted_twice():
    asked, measured = question("first-layer-killer"), {}
    measured = stored_measured(asked)
    first = {1: "a", 2: "a", 3: "f", 4: "f", 5: "a"}
    second = {1: "f", 2: "b", 3: "f", 4: "a", 6: "f"}
    found = moves(asked, [first, second], measured)
    assert (found.right, found.voters) == ((2, 3), (5, 5))
    assert (found.wrong, found.gained, found.lost) == (2, 1, 1)
    assert "Of 2 who were not right at first, 1 moved to the right answer (50 %)." in found.lines
    assert moves(asked, [{}], measured).lines == ("Right in the first vote: 0 of 0.",)
