"""`make exercise` begins an exercise: what it writes can be imported, and what is there stays."""

import importlib.util
import json
import shutil
import tomllib
from pathlib import Path

import nbformat
import pytest
import skeleton

from relukit.checks.task import Task
from relukit.errors import InvalidValueError
from relukit.syllabus import TASKS

ROOT = Path(__file__).parents[2]
LESSON = "03_variants"
FILES = (
    "relukit/lessons/variants/lesson.toml",
    "tests/material/wrong_answers/variants.py",
    f"solutions/{LESSON}/{LESSON}.ipynb",
)


@pytest.fixture
def course(tmp_path):
    """Return a copy of the files that an exercise changes."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "relukit/lessons/variants/tasks").mkdir()
    return tmp_path


def test_an_exercise_is_begun_in_four_files_and_a_second_call_changes_nothing(course):
    task = "relukit/lessons/variants/tasks/zigzag.py"
    changed = skeleton.write("zigzag", LESSON, course)
    assert sorted(str(path.relative_to(course)) for path in changed) == sorted([*FILES, task])
    assert skeleton.write("zigzag", LESSON, course) == []
    listed = tomllib.loads((course / FILES[0]).read_text(encoding="utf-8"))["tasks"]
    assert listed == [*TASKS[LESSON], "zigzag"]


def test_an_exercise_of_a_deeper_page_stands_with_the_page_and_not_with_its_lesson(tmp_path):
    page, folder = "D2_numbers_at_the_edge", "relukit/lessons/definitions"
    files = (
        f"{folder}/{page}.toml",
        "tests/material/wrong_answers/definitions.py",
        f"solutions/{page}/{page}.ipynb",
    )
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / folder / "tasks").mkdir()
    changed = skeleton.write("zigzag", page, tmp_path)
    task = tmp_path / folder / "tasks" / "zigzag.py"
    assert sorted(changed) == sorted([*(tmp_path / name for name in files), task])
    listed = tomllib.loads((tmp_path / files[0]).read_text(encoding="utf-8"))["tasks"]
    assert listed == [*TASKS[page], "zigzag"]
    assert task.read_text(encoding="utf-8").startswith('"""A task of page D2 on')


def test_what_is_written_is_a_task_that_can_be_imported(course):
    skeleton.write("zigzag", LESSON, course)
    path = course / "relukit/lessons/variants/tasks/zigzag.py"
    spec = importlib.util.spec_from_file_location("zigzag", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert isinstance(module.TASK, Task)
    assert module.TASK.parameters == ("x",)


def test_its_cells_stand_behind_the_last_task_and_the_others_stay_as_they_are(course):
    path = course / FILES[2]
    before = json.loads(path.read_text(encoding="utf-8"))
    skeleton.write("zigzag", LESSON, course)
    after = json.loads(path.read_text(encoding="utf-8"))
    place = next(i for i, c in enumerate(after["cells"]) if c["id"] == "zigzag-text")
    assert after["cells"][place - 1]["source"] == [f"check({TASKS[LESSON][-1]})"]
    made = after["cells"][place : place + 3]
    assert after["cells"][:place] + after["cells"][place + 3 :] == before["cells"]
    assert [c["metadata"]["nbgrader"]["grade_id"] for c in made] == [
        "zigzag-text",
        "zigzag",
        "check-zigzag",
    ]
    nbformat.validate(nbformat.read(path, as_version=4))


@pytest.mark.parametrize(
    ("name", "lesson", "message"),
    [
        ("zig zag", LESSON, "a name that Python takes"),
        ("relu", LESSON, "a name of its own"),
        ("zigzag", "03_variant", "did you mean '03_variants'"),
    ],
)
def test_a_name_that_cannot_be_is_refused(course, name, lesson, message):
    with pytest.raises(InvalidValueError, match=message):
        skeleton.write(name, lesson, course)
    assert not list((course / "relukit/lessons/variants/tasks").iterdir())
