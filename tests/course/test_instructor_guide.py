"""The instructor guide agrees with the notebooks: minutes, sections, exercises, predictions."""

import re
from pathlib import Path

import nbformat
import pytest

from relukit.checks.registry import tasks
from relukit.grading.classlist.filled import UNMATCHED
from relukit.grading.classlist.headers import Kind, kind_of
from relukit.grading.jail.child import MEMORY
from relukit.grading.jail.choice import CHOICES
from relukit.grading.jail.exchange import CELLS
from relukit.grading.jail.inside import FILE
from relukit.grading.questions import SECONDS, SLOWER
from relukit.ledger import claim

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "instructor_guide.md").read_text(encoding="utf-8")
PREDICTIONS = (ROOT / "docs" / "predictions.md").read_text(encoding="utf-8")
NOTEBOOKS = {path.name: path for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
PLANS = re.findall(r"((?:^\| .*\n)+)", GUIDE, flags=re.MULTILINE)
PLANS = [plan for plan in PLANS if plan.startswith("| start | minutes |")]


def cells(path: Path) -> list:
    return nbformat.read(path, as_version=4).cells


def section_minutes(path: Path) -> list[tuple[str, int]]:
    """Return (title, minutes) for each timed section, in order."""
    text = "\n".join(cell.source for cell in cells(path) if cell.cell_type == "markdown")
    found = re.findall(r"^## (?:\d+\. )?(.*) \((\d+) minutes?\)$", text, flags=re.MULTILINE)
    return [(title, int(minutes)) for title, minutes in found]


def rows(plan: str) -> list[list[str]]:
    cut = (re.split(r"(?<!\\)\|", line.strip("|")) for line in plan.splitlines()[2:])
    return [[cell.strip().replace(r"\|", "|") for cell in row] for row in cut]


def predicted() -> list[str]:
    sources = (cell.source for path in NOTEBOOKS.values() for cell in cells(path))
    return [name for source in sources for name in re.findall(r'predict\("([\w-]+)"', source)]


def test_there_are_three_plans():
    assert len(PLANS) == 3


@pytest.mark.parametrize(("plan", "total"), list(zip(PLANS, (240, 420, 420), strict=True)))
def test_the_minutes_of_a_plan_add_up(plan, total):
    passed = 0
    for start, minutes, *_ in rows(plan):
        assert start == f"{passed // 60}:{passed % 60:02}"
        passed += int(minutes)
    assert passed == total
    heading = GUIDE[: GUIDE.index(plan)].rsplit("\n## ", 1)[1].splitlines()[0]
    assert f"({total} minutes" in heading


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_agrees_with_the_lessons(plan):
    pattern = r"\[\d\d\]\(\.\./notebooks/([\w.]+)\) section (\d+): (.*)"
    found = 0
    for _, minutes, what, *_ in rows(plan):
        match = re.fullmatch(pattern, what)
        if match is None:
            assert "section" not in what
            continue
        found += 1
        name, number, title = match.groups()
        assert section_minutes(NOTEBOOKS[name])[int(number) - 1] == (title, int(minutes))
    assert found > 10


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_agrees_with_the_exercises(plan):
    known = {task.name: (task.title, task.minutes) for task in tasks()}
    found = 0
    for _, minutes, what, *_ in rows(plan):
        if match := re.fullmatch(r"exercise `(\w+)`: (.*)", what):
            found += 1
            assert known[match[1]] == (match[2], int(minutes))
    assert found > 5


def test_two_days_go_through_every_section_of_the_course():
    both = PLANS[1] + PLANS[2]
    for name, path in NOTEBOOKS.items():
        for number, _ in enumerate(section_minutes(path), start=1):
            assert f"({'../notebooks/' + name}) section {number}:" in both


def test_every_prediction_has_its_row():
    documented = re.findall(r"^\| `([\w-]+)` \|", PREDICTIONS, flags=re.MULTILINE)
    assert documented == list(dict.fromkeys(predicted()))


def test_a_row_gives_the_ledger_s_verdict():
    found = re.findall(r"^\| `([\w-]+)` \| ([\w ]+) \|(.*)\|$", PREDICTIONS, flags=re.MULTILINE)
    assert len(found) == len(set(predicted()))
    for name, verdict, rest in found:
        assert verdict == claim(name).verdict
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


def test_the_guide_states_the_limits_of_an_answer():
    said = f"{SECONDS} seconds of processor time ({SECONDS * SLOWER} where"
    assert said in GUIDE
    assert f"{MEMORY // 2**20} MB beside the libraries, and {FILE // 2**20} MB a file" in GUIDE
    assert f"an answer's own cell may use {CELLS:.0%}".replace("%", " %") in GUIDE


def test_the_columns_that_the_guide_names_say_who_a_student_is():
    section = GUIDE.split("### A class list of your platform")[1].split("\n### ")[0]
    found = re.findall(r"^\| [\w, ]+ \| .* \| (.*) \|$", section, flags=re.MULTILINE)
    named = [name for cell in found[1:] for name in re.findall(r"`([\w ]+)`", cell)]
    assert len(named) > 10
    assert all(isinstance(kind_of(name), Kind) for name in named)
    assert UNMATCHED in section
    assert UNMATCHED in GUIDE.split("## Grading")[1].split("- `--names")[0]
