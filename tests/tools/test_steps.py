"""CONTRIBUTING lists the steps that tools/steps.py checks, and that sees each omission."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
import steps

from relukit.checks.registry import tasks
from relukit.syllabus import LESSONS

ROOT = Path(__file__).parents[2]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture
def course(tmp_path):
    """Return a copy of the files that steps.py reads of the start and of lesson 02."""
    for name in (
        "README.md",
        "notebooks/00_start_here.ipynb",
        *(f"{folder}02_definitions.ipynb" for folder in ("notebooks/",)),
        *(f"{folder}/02_definitions/02_definitions.ipynb" for folder in ("solutions", "exercises")),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def done(kind: str, name: str, root: Path) -> list[bool]:
    return [step for step, _ in steps.report(kind, name, root)]


@pytest.mark.parametrize("kind", steps.STEPS)
def test_contributing_has_as_many_steps_as_are_checked_and_names_the_script(kind):
    section = re.search(rf"## Add an? {kind}\n(.*?)\n## ", CONTRIBUTING, flags=re.DOTALL)[1]
    numbers = re.findall(r"^(\d)\. ", section, flags=re.MULTILINE)
    assert [int(n) for n in numbers] == list(range(1, len(steps.STEPS[kind]) + 1))
    assert f"make {kind} {'ID' if kind == 'claim' else 'NAME'}=" in section


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_step_is_done_for_a_lesson_of_the_course(lesson):
    assert all(done("lesson", lesson, ROOT)), steps.report("lesson", lesson, ROOT)


@pytest.mark.parametrize("name", [entry.name for entry in tasks()])
def test_every_step_is_done_for_an_exercise_of_the_course(name, monkeypatch):
    # what answers come to is tried once, by the tests of checks
    monkeypatch.setattr(steps.collected, "misnamed", lambda task: [])
    monkeypatch.setattr(steps, "passes", lambda task, ask: True)
    assert all(done("exercise", name, ROOT)), steps.report("exercise", name, ROOT)


def test_a_lesson_that_does_not_exist_has_every_step_open(capsys):
    assert not any(done("lesson", "99_nothing", ROOT)[:3])
    assert steps.main(["lesson", "99_nothing"]) == 1
    assert "1 open  the notebook" in capsys.readouterr().out
    assert steps.main(["exercise", "rleu"]) == 1
    assert "did you mean 'relu'?" in capsys.readouterr().out


def test_a_wrong_call_prints_how_to_call_it(capsys):
    assert steps.main(["lessons"]) == 2
    assert "make lesson NAME=" in capsys.readouterr().err


def test_each_step_of_a_lesson_is_seen_when_it_is_missing(course):
    path = course / "notebooks" / "02_definitions.ipynb"
    assert all(done("lesson", path.stem, course))
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.pop()
    notebook.cells[1].execution_count = 5
    for cell in notebook.cells:
        cell.source = cell.source.replace("**Time**", "Time")
    nbformat.write(notebook, path)
    (course / "README.md").write_text("nothing")
    assert not any(done("lesson", path.stem, course))


def test_each_step_of_an_exercise_is_seen_when_it_is_missing(course, monkeypatch):
    from wrong_answers import definitions

    assert all(done("exercise", "relu", course))
    for folder, old, new in (
        ("solutions", "### BEGIN SOLUTION", "### SOLUTION"),
        ("exercises", "raise NotImplementedError()", "return x"),
    ):
        path = course / folder / "02_definitions" / "02_definitions.ipynb"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    monkeypatch.setattr(definitions, "RIGHT", [])
    assert done("exercise", "relu", course) == [True, False, False, False]


def test_an_answer_that_comes_to_something_else_than_it_is_listed_for_is_named(course, monkeypatch):
    from wrong_answers import definitions

    def negated(x):
        return -x

    monkeypatch.setattr(definitions, "RIGHT", [*definitions.RIGHT, ("relu", negated)])
    listed = [*definitions.WRONG, ("relu", negated, "this is softplus")]
    monkeypatch.setattr(definitions, "WRONG", listed)
    found, text = steps.report("exercise", "relu", course)[2]
    assert not found
    assert "refused: negated" in text
    assert "negated: expected 'this is softplus', got " in text
