"""The instructor guide leaves nothing out: sections, predictions, promises, class lists."""

import inspect
import re
from pathlib import Path

from relukit import room
from relukit.grading.classlist.filled import UNMATCHED
from relukit.grading.classlist.headers import Kind, kind_of
from relukit.grading.jail.choice import CHOICES
from relukit.room.command import room as commands
from relukit.syllabus import COURSE

ROOT = Path(__file__).parents[2]
BOARD = ROOT / "relukit" / "room" / "templates" / "board.html"
GUIDE = (ROOT / "docs" / "instructor_guide.md").read_text(encoding="utf-8")
PREDICTIONS = (ROOT / "docs" / "predictions.md").read_text(encoding="utf-8")


def test_two_days_go_through_every_section_of_the_course():
    both = GUIDE.split("\n## Two days")[1].split("\n## ")[0]
    for name, lesson in ((n, page) for n, page in COURSE.items() if not page.deepens):
        for number, section in enumerate(lesson.sections, start=1):
            assert f"(../notebooks/{name}.ipynb) section {number}: {section.title}" in both


def test_every_prediction_says_what_to_say_before_it_and_after_it():
    found = re.findall(r"^\| `[\w-]+` \| [\w ]+ \|(.*)\|$", PREDICTIONS, flags=re.MULTILINE)
    assert len(found) > 60
    for rest in found:
        texts = [text.strip() for text in rest.split("|")]
        assert len(texts) == 3
        assert all(len(text.split()) > 2 for text in texts)


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
        assert name in room.__all__
    assert {"share", "named"} <= inspect.signature(room.join).parameters.keys()
