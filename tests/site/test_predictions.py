"""A page says of a prediction what relukit says, and shows no answer before it is made."""

import dataclasses
import itertools
import json
import random

import pytest
import site_page
from relu_site import questions as pages

from relukit import record
from relukit.errors import InvalidValueError
from relukit.ledger.calibration import Calibration
from relukit.ledger.predictions import Prediction, asked_as, predict
from relukit.ledger.questions import Choice, Number, Order, question, questions
from relukit.ledger.verdicts import Answered
from relukit.statistics import Interval

pytestmark = pytest.mark.browser


def around(mean, half):
    """Return an interval whose printed form has few digits."""
    return Interval(mean=mean, low=mean - half, high=mean + half, n=16, level=0.95)


# what a question measures here, in its own unit; the site takes it from a stored verdict's text
MEASURED = {
    "which-half": [around(v, 0.01) for v in (0.55, 0.56, 0.57, 0.98)],
    "five-curves": [2000, 1941, 2021, 1969, 1958],
    "lead": [around(v, w) for v, w in ((3.2, 0.4), (2.1, 0.4), (1.25, 0.25), (0.6, 0.4))],
    "ten-images": [around(0.04, 0.01)],
    "cosine": [around(0.8125, 0.0125)],
    "mean-of-elu": [0.16],
    "twice": [3.9],
    "kink": [-3.0],
    "switched-off": [3.0],
}


def answered(name):
    """Return a question, what is measured, and the text of a verdict that holds it."""
    asked = question(name)
    names = asked.quantities or ("only",)
    measured = dict(zip(names, MEASURED[name], strict=True))
    return asked, measured, repr(Answered(asked, Prediction(asked), measured))


def guesses(asked):
    """Return many answers to a question, near to and far from what may be right."""
    stream = random.Random(asked.id)
    match asked:
        case Choice():
            return [letter for letter, _ in asked.lettered]
        case Number():
            near = [m / 16 for m in range(-40, 130)] + [v / 20 for v in range(90)]
            return near + [stream.gauss(0, 10.0**power) for power in range(-6, 9)] + [-0.0]
        case Order():
            return [list(p) for p in itertools.permutations(item.short for item in asked.items)]
    return [[round(stream.uniform(-2, 8), 2) for _ in asked.at] for _ in range(300)]


def printed(asked, stored):
    """Return the values that the page read, as the experiment would return them in their unit."""
    read = pages.record(asked, stored)
    values = read.get("values") or [read["value"]] if "items" not in read else [
        row[2] for row in read["items"]
    ]  # fmt: skip
    names = asked.quantities or ("only",)
    return dict(zip(names, [Interval(*value, 16, 0.95) for value in values], strict=True))


@pytest.fixture(scope="module")
def blank(browser):
    """Return a page without questions, in which the scripts' functions can be called."""
    page = site_page.opened(browser, "")
    yield page
    page.close()


@pytest.mark.parametrize("name", MEASURED)
def test_page_judges_every_answer_as_the_notebook_does(blank, name):
    asked, measured, stored = answered(name)
    given = guesses(asked)
    read = pages.record(asked, stored)
    found = blank.evaluate(
        """([q, answers]) => import("/scripts/judging.js").then(m =>
        answers.map(a => [...m.score(q, a), m.said(q, a)]))""",
        json.loads(json.dumps([read, given])),
    )
    # in the printed unit and digits, which are all that a page knows
    same = dataclasses.replace(asked, times=1.0)
    held = measured if isinstance(asked, Choice) else printed(asked, stored)
    judge = asked if isinstance(asked, Choice) else same
    for answer, (outcome, distance, said) in zip(given, found, strict=True):
        kept = asked.read(answer)
        score = judge.score(kept, held)
        assert (outcome, distance) == (score.outcome, score.distance), (answer, read)
        assert said == asked.said(kept)
    assert len({outcome for outcome, _, _ in found}) > 1


def test_either_option_is_right_where_the_interval_reaches_into_both():
    asked = question("twice")
    found = Answered(asked, Prediction(asked), {"only": around(1.45, 0.2)})
    holds = pages.record(asked, repr(found))["holds"]
    assert holds == list(asked.holding(found.measured))
    assert len(holds) == 2


@pytest.mark.parametrize("asked", [q for q in questions() if q.id not in MEASURED])
def test_value_of_a_question_comes_from_its_notebook(asked):
    rows = pages.answer_rows(asked)
    assert rows
    assert all(label and text for label, text in rows)


def test_stored_verdict_on_another_question_is_refused():
    asked, _, stored = answered("kink")
    with pytest.raises(InvalidValueError, match="make notebooks"):
        pages.record(asked, stored.replace("x + 3", "x + 4"))


def test_numbers_are_printed_as_python_prints_them(blank):
    stream = random.Random(0)
    numbers = [stream.gauss(0, 1) * 10.0 ** stream.randint(-12, 12) for _ in range(400)]
    numbers += [m / 8 for m in range(-50, 50)] + [m / 2 for m in range(1000, 1100)]
    numbers += [0.0, -0.0, 1e6, 999999.5, 0.0001, 0.00009999995, 12.5, 125.0, 1e21]
    sure = [abs(v) for v in numbers if abs(v) < 1e9] + [0.25, 0.75, 6.25, 0.05]
    for digits in (2, 6, 12):
        found = blank.evaluate(
            """([numbers, digits]) => import("/scripts/judging.js").then(m =>
            numbers.map(v => m.general(v, digits)))""",
            [numbers, digits],
        )
        assert found == [f"{v:.{digits}g}" for v in numbers]
    found = blank.evaluate(
        """numbers => import("/scripts/judging.js").then(m => numbers.map(v => m.fixed(v, 1)))""",
        sure,
    )
    assert found == [f"{v:.1f}" for v in sure]


def test_calibration_says_what_progress_says(blank):
    stream = random.Random(1)
    for n in [0, 1, 2, 4, 5, 6, *range(8, 60)]:
        held = [
            record.Guess("a", stream.choice([None, 20, 25, 50, 75, 80, 90, 100]),
                         stream.choice(["right", "right", "close", "off", ""]))
            for _ in range(n)
        ]  # fmt: skip
        plain = [dataclasses.asdict(guess) for guess in held]
        found = site_page.called(blank, "calibration", "calibrationLines", plain)
        assert tuple(found) == Calibration.of(held).lines


def body(*names):
    """Return the sections of some questions, each followed by what it unfolds."""
    parts = []
    for name in names:
        before, after = pages.reveal([name])
        stored = answered(name)[2] if name in MEASURED else None
        parts.append(f"{pages.section(asked_as(name), stored)}{before}<p>secret</p>{after}")
    return "".join(parts) + pages.calibration()


ALL = ("kink", "which-half", "half-linear", "five-curves", "lead")


def reply(page, name):
    return page.locator(f'[data-id="{name}"] .reply').inner_text()


def answer_by_keys(page, name, *keys):
    """Go to the first thing of a question that can be answered, press keys, and predict."""
    place = page.locator(f'[data-id="{name}"]')
    place.locator("input:not([type=range]), [role=slider], .order button").first.focus()
    for key in keys:
        page.keyboard.press(key)
    while page.evaluate("!document.activeElement.matches('.primary')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


KEYS = {
    "kink": "1.2",
    "which-half": ["ArrowDown", "ArrowDown", "ArrowDown"],
    "half-linear": ["ArrowRight", "ArrowRight"],
    "five-curves": ["ArrowUp", "ArrowDown", "ArrowDown"],
    "lead": ["ArrowUp"] * 8 + ["Tab"] + ["Shift+ArrowUp"],
}
KEPT = {
    "kink": 1.2,
    "which-half": "d",
    "half-linear": "depends",
    "five-curves": ["nerve", "search", "chip", "television", "car"],
    "lead": [1.6, 1, 0, 0],
}


@pytest.mark.parametrize(("width", "scheme"), [(1000, "light"), (390, "dark"), (320, "light")])
def test_all_kinds_are_answered_by_keyboard_alone(browser, axe, width, scheme):
    page = site_page.opened(browser, body(*ALL), width=width, scheme=scheme)
    assert not axe(page)
    assert not site_page.wider_than_the_page(page)
    seen = page.inner_text("main")
    assert "secret" not in seen
    for name in ALL:
        data = json.loads(page.locator(f'[data-id="{name}"] script').inner_text())
        assert data["because"] not in seen
        assert "so it is" not in seen
        assert reply(page, name) == ""
        answer_by_keys(page, name, *KEYS[name])
        assert data["because"] in reply(page, name)
    kept = page.evaluate("JSON.parse(localStorage.getItem('relukit-predictions'))")
    assert {name: guess["answer"] for name, guess in kept.items()} == KEPT
    assert page.inner_text("main").count("secret") == len(ALL)
    assert not axe(page)
    assert not site_page.wider_than_the_page(page)
    assert not page.errors
    page.close()


def test_predictions_are_kept_until_they_are_forgotten(browser):
    page = site_page.opened(browser, body("kink", "twice"))
    kink = page.locator('[data-id="kink"]')
    kink.locator("input[type=number]").fill("-3.005")
    kink.locator("input[type=range]").fill("8")
    kink.locator(".primary").click()
    assert reply(page, "kink").startswith("Right.")
    assert "70 % sure" in reply(page, "kink")
    page.reload()
    page.wait_for_function("window.ready")
    assert reply(page, "kink").startswith("Right.")
    assert page.locator('details[data-ids="kink"]').get_attribute("open") is not None
    assert page.locator('details[data-ids="twice"]').get_attribute("open") is None
    assert "70 % sure, you were right 1 time of 1" in page.inner_text(".calibration")
    kink.get_by_role("button", name="Forget").click()
    assert reply(page, "kink") == ""
    assert "No predictions yet" in page.inner_text(".calibration")
    assert page.locator('details[data-ids="kink"]').get_attribute("open") is None
    assert kink.locator("input[type=number]").input_value() == ""
    assert page.evaluate("localStorage.getItem('relukit-predictions')") == "{}"
    page.close()


@pytest.mark.parametrize(
    "held",
    [
        {"kink": {"answer": "b", "sure": None, "outcome": "right"}},
        {"which-half": {"answer": "e", "sure": 50, "outcome": "off"}},
        {"five-curves": {"answer": ["nerve"] * 5, "sure": None, "outcome": "off"}},
        {"lead": {"answer": [1, 2, None, 3], "sure": None, "outcome": "off"}},
        3,
        None,
    ],
)
def test_an_answer_that_fits_no_more_is_asked_again(browser, held):
    page = site_page.opened(browser, body(*ALL))
    page.evaluate("held => localStorage.setItem('relukit-predictions', held)", json.dumps(held))
    page.reload()
    page.wait_for_function("window.ready")
    assert page.locator(".primary:visible").count() == len(ALL)
    assert "No predictions yet" in page.inner_text(".calibration")
    page.close()


def test_predictions_work_where_the_browser_keeps_nothing(browser):
    page = site_page.opened(browser, body("kink", "twice"))
    page.evaluate(
        """Object.defineProperty(window, "localStorage", {get() { throw Error("no"); }})"""
    )
    page.locator('[data-id="kink"] input[type=number]').fill("-3")
    page.locator('[data-id="kink"] .primary').click()
    assert reply(page, "kink").startswith("Right.")
    assert "Predictions made: 1" in page.inner_text(".calibration")
    assert not page.errors
    page.close()


def test_two_questions_unfold_together(browser):
    before, after = pages.reveal(["kink", "xor-units"])
    asked = "".join(pages.section(question(name)) for name in ("kink", "xor-units"))
    page = site_page.opened(browser, f"{asked}{before}<p>secret</p>{after}")
    for name, open_now in (("kink", False), ("xor-units", True)):
        page.locator(f'[data-id="{name}"] input[type=number]').fill("2")
        page.locator(f'[data-id="{name}"] .primary').click()
        assert ("secret" in page.inner_text("main")) == open_now
    page.close()


def test_exported_cell_gives_the_notebook_the_same_predictions(browser):
    page = site_page.opened(browser, body(*ALL))
    for name in ALL:
        page.locator(f'[data-id="{name}"] input[type=range]').fill("5")
        answer_by_keys(page, name, *KEYS[name])
    exec(page.inner_text(".calibration pre"), {})
    kept = page.evaluate("JSON.parse(localStorage.getItem('relukit-predictions'))")
    found = record.read()[0].predictions
    assert found.keys() == kept.keys()
    for name, guess in found.items():
        assert guess.answer == asked_as(name).read(KEPT[name])
        assert guess.sure == kept[name]["sure"]
        assert predict(name, KEPT[name]).said
    page.close()


def test_items_and_points_are_dragged(browser):
    page = site_page.opened(browser, body("five-curves", "lead"))
    grip = page.locator('[data-short="car"] .grip').bounding_box()
    top = page.locator('[data-short="chip"]').bounding_box()
    page.mouse.move(grip["x"] + 5, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(grip["x"] + 5, top["y"] + 1, steps=20)
    page.mouse.up()
    order = page.locator(".order li").evaluate_all("all => all.map(li => li.dataset.short)")
    assert order == ["car", "chip", "nerve", "search", "television"]
    point = page.locator(".sketch .dot").first
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0], middle[1] - 40, steps=5)
    page.mouse.up()
    assert float(page.locator(".sketch [role=slider]").first.get_attribute("aria-valuenow")) > 1
    page.close()


@pytest.mark.parametrize("name", ALL)
def test_question_reads_well_without_a_script(browser, name):
    page = site_page.opened(browser, body(name), script=False)
    seen = page.inner_text("main")
    asked = asked_as(name)
    assert asked.asks in seen
    assert f'predict("{name}", ...)' in seen
    assert all(words in seen for _, words in asked.lettered)
    assert "secret" not in seen
    page.close()
