"""The instructor guide leaves nothing out: sections, predictions, promises, class lists."""

import inspect
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

from relukit import room as live
from relukit.grading.classlist.filled import UNMATCHED
from relukit.grading.classlist.headers import Kind, kind_of
from relukit.grading.jail.choice import CHOICES
from relukit.ledger.questions import question
from relukit.room.command import room as commands
from relukit.syllabus import COURSE

ROOT = Path(__file__).parents[2]
BOARD = ROOT / "relukit" / "room" / "templates" / "board.html"
GUIDE = (ROOT / "docs" / "instructor_guide.md").read_text(encoding="utf-8")
PREDICTIONS = (ROOT / "docs" / "predictions.md").read_text(encoding="utf-8")


LESSONS = {name: lesson for name, lesson in COURSE.items() if not lesson.deepens}
ROW = re.compile(r"^\| (\d+):(\d\d) \| (\d*) \| (\d+) \| (.*?) \| (.*?) \|$", re.MULTILINE)


def plans() -> dict[str, str]:
    """Return the text of each plan by its title."""
    region = GUIDE.split("<!-- pages: plans -->")[1].split("<!-- end -->")[0]
    return dict(part.split("\n", 1) for part in region.split("\n## ")[1:])


def days() -> list[list[tuple[str, ...]]]:
    """Return the rows of each day: hours, minutes, alone, in a room, what, how."""
    return [
        ROW.findall(day) for plan in plans().values() for day in re.split(r"\n### Day \d\n", plan)
    ]


def test_what_a_plan_does_not_hold_it_names_for_reading():
    assert len(plans()) == 2
    for plan in plans().values():
        table, rest = plan.rsplit("To read at home:", 1)
        for name, lesson in LESSONS.items():
            link = f"[{name[:2]}](../{lesson.notebook})"
            at_home = rest.split(link)[1].split(";")[0] if link in rest else ""
            listed = {int(n) for n in re.findall(r"\d+", at_home.split("section")[-1])}
            whole = link in rest and not at_home.strip(" .\n")
            for number, section in enumerate(lesson.sections, start=1):
                held = f"{link} section {number}: {section.title} |" in table
                assert held != (whole or number in listed), (name, number)


def test_a_room_goes_by_words_predictions_films_and_exercises():
    """Words are counted here by splitting: as good as the tool's, within a tenth."""
    checked = 0
    for *_, alone, room, what, _ in (row for day in days() for row in day):
        if named := re.match(r"\[\d\d\]\(\.\./(notebooks/.*?)\) section (\d+): (.*)", what):
            if ", in part: " in what:
                continue
            cells = json.loads((ROOT / named[1]).read_text(encoding="utf-8"))["cells"]
            joined = "\n\n".join(
                "".join(cell["source"])
                if cell["cell_type"] == "markdown"
                else "\n".join(
                    "ASKED" if "predict(" in line else "CHECKED"
                    for line in "".join(cell["source"]).splitlines()
                    if line.startswith(("predict(", "check("))
                )
                + " FRAME" * json.dumps(cell["outputs"]).count("@keyframes f")
                for cell in cells
            )
            joined = re.sub(r"<details.*?</details>|<!--.*?-->", "", joined, flags=re.DOTALL)
            section = re.split(rf"\n## (?:\d+\. )?{re.escape(named[3])} \(", joined, maxsplit=1)[1]
            section = section.split("\n## ")[0]
            extra = {"ASKED": 4, "CHECKED": 3, "FRAME": 0.25}
            beside = sum(minutes * section.split().count(mark) for mark, minutes in extra.items())
            words = [word for word in section.split() if re.search(r"\w", word)]
            words = [word for word in words if word not in extra]
            due = len(words) / 35 + beside
            assert abs(int(room) - due) <= 1 + 0.1 * due, (what, due)
            checked += 1
        elif what.startswith("exercise "):
            assert int(room) == int(alone) + 3
            checked += 1
    assert checked > 40


def test_nobody_sits_longer_than_can_be_sat():
    for day in (day for day in days() if day):
        sat = passed = 0
        for hours, minutes, _, room, what, _ in day:
            assert 60 * int(hours) + int(minutes) == passed
            passed += int(room)
            sat = 0 if what in ("Break", "Lunch") else sat + int(room)
            assert sat <= 90, what
        assert int(day[-1][3]) >= 10  # what is left
        assert passed in (240, 420)


def test_every_prediction_says_its_answer_how_a_room_takes_it_and_what_to_say():
    found = re.findall(r"^\| `([\w-]+)` \| [\w ]+ \|(.*)\|$", PREDICTIONS, flags=re.MULTILINE)
    assert len(found) > 60
    marks = Counter[str]()
    for name, rest in found:
        right, how, *texts = (text.strip() for text in rest.split("|"))
        assert right, name
        assert "?" not in right, name
        assert len(texts) == 3
        assert all(len(text.split()) > 2 for text in texts), name
        marks[how] += 1
        told = re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", texts[0])
        asked = question(name)
        if asked and asked.KIND == "number" and float(right.split()[0]) > 1:
            assert right.split()[0] not in told, name
    assert marks.keys() == {"hands", "paper", "read on"}
    assert min(marks.values()) > len(found) / 4


def test_answers_are_those_that_the_stored_verdicts_hold():
    choices = re.findall(r"^\| `([\w-]+)` \| choice \| (.*?) \|", PREDICTIONS, re.MULTILINE)
    for name, right in choices:
        lesson = next(n for n in COURSE if f'predict(\\"{name}\\"' in books()[n])
        says = dict(question(name).lettered)[right]
        stored = books()[lesson].split(f"{name}: the answer")[-1]
        assert json.dumps(says, ensure_ascii=False)[1:-1] in stored.split("because")[0], name


@cache
def books() -> dict[str, str]:
    """Return the file of each notebook by its page."""
    return {n: (ROOT / page.notebook).read_text(encoding="utf-8") for n, page in COURSE.items()}


def test_the_guide_tells_the_promise_in_three_levels():
    promise = GUIDE.split("### What is promised")[1]
    assert [line[:2] for line in promise.splitlines() if re.match(r"\d\.", line)] == [
        "1.",
        "2.",
        "3.",
    ]
    for choice in set(CHOICES) - {"auto"}:
        assert f"--jail {choice}" in promise


def test_the_columns_that_the_guide_names_say_who_a_student_is():
    section = GUIDE.split("### A class list of your platform")[1].split("\n### ")[0]
    found = re.findall(r"^\| [\w, ]+ \| .* \| (.*) \|$", section, flags=re.MULTILINE)
    named = [name for cell in found[1:] for name in re.findall(r"`([\w ]+)`", cell)]
    assert len(named) > 10
    assert all(isinstance(kind_of(name), Kind) for name in named)
    assert UNMATCHED in section
    assert UNMATCHED in GUIDE.split("## Grading")[1].split("- `--names")[0]


def test_the_guide_calls_the_board_s_buttons_as_the_board_does():
    section = GUIDE.split("\n## A live board")[1].split("\n## ")[0]
    buttons = re.findall(r'button\("\w+", "([^"]+)"', BOARD.read_text(encoding="utf-8"))
    assert len(buttons) >= 5
    bold = {words.rstrip(".") for words in re.findall(r"\*\*([^*]+)\*\*", section)}
    assert set(buttons) <= bold


def test_the_commands_and_calls_of_the_live_board_exist():
    section = GUIDE.split("\n## A live board")[1].split("\n## ")[0]
    known = {command.callback.__name__ for command in commands.registered_commands}
    assert set(re.findall(r"`relukit room (\w+)`", section)) == known
    for name in re.findall(r"relukit\.room\.(\w+)\(", section):
        assert name in live.__all__
    assert {"share", "named"} <= inspect.signature(live.join).parameters.keys()
