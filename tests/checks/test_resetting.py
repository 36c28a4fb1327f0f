"""A reset brings the stub back, loses nothing of the learner's, and writes all or nothing."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from relukit.checks.registry import tasks
from relukit.checks.resetting import released_stub, reset
from relukit.errors import InvalidValueError, UnavailableError
from relukit.grading.rehearsal.notebook import check_notebook
from relukit.syllabus import LESSONS

ROOT = Path(__file__).parents[2]
LESSON = "02_definitions"
OWN = "def relu(x):\n    return abs(x)  # ``` I tried"


def read(path):
    return nbformat.read(path, as_version=4)


def cell(notebook, name):
    (found,) = (c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)
    return found


@pytest.fixture
def exercise(tmp_path):
    """Return a learner's copy of a lesson's exercises, with an answer to `relu`."""
    path = tmp_path / f"{LESSON}.ipynb"
    shutil.copy(ROOT / "exercises" / LESSON / path.name, path)
    return answered(path, OWN)


def answered(path, text):
    notebook = read(path)
    answer = cell(notebook, "relu")
    answer.source, answer.execution_count = text, 7
    answer.outputs = [nbformat.v4.new_output("stream", text="printed")]
    nbformat.write(notebook, path)
    return path


@pytest.mark.parametrize("lesson", LESSONS)
def test_stubs_made_of_the_solutions_are_those_of_the_released_exercises(lesson):
    solutions = read(ROOT / "solutions" / lesson / f"{lesson}.ipynb")
    released = read(ROOT / "exercises" / lesson / f"{lesson}.ipynb")
    for task in tasks(lesson):
        assert released_stub(solutions, task.name) == cell(released, task.name).source


def test_a_reset_restores_one_stub_and_keeps_the_old_text_beside_it(exercise):
    before = read(exercise)
    done = reset(exercise, "relu")
    after = read(exercise)
    nbformat.validate(after)
    assert done.changed
    where = next(i for i, c in enumerate(after.cells) if c.id == done.kept)
    kept = after.cells.pop(where)
    answer = after.cells[where - 1]
    assert f"\n````python\n{OWN}\n````" in kept.source
    assert kept.cell_type == "markdown"
    released = cell(read(ROOT / "exercises" / LESSON / exercise.name), "relu")
    assert (answer.source, answer.outputs, answer.execution_count) == (released.source, [], None)
    answer.update({k: cell(before, "relu")[k] for k in ("source", "outputs", "execution_count")})
    assert after == before  # nothing else moved
    assert "not attempted" in str(check_notebook(exercise)[0])


def test_resets_pile_up_and_a_stub_is_left_alone(exercise):
    first = reset(exercise, "relu")
    written = exercise.read_bytes()
    again = reset(exercise, "relu")
    assert not again.changed
    assert "nothing to reset" in str(again)
    assert exercise.read_bytes() == written
    second = reset(answered(exercise, "def relu(x):\n    return x"), "relu")
    cells = {c.id: c.source for c in read(exercise).cells}
    assert OWN in cells[first.kept]
    assert "return x\n" in cells[second.kept]


@pytest.mark.parametrize("minor", [0, 2, 4])
def test_a_notebook_of_a_format_without_ids_stays_valid(exercise, minor):
    book = json.loads(exercise.read_text(encoding="utf-8"))
    book["nbformat_minor"] = minor
    for entry in book["cells"]:
        del entry["id"]
    exercise.write_text(json.dumps(book), encoding="utf-8")
    done = reset(exercise, "relu")
    after = json.loads(exercise.read_text(encoding="utf-8"))
    schema = nbformat.validator.get_validator(4, minor)
    assert not list(schema.iter_errors(after))
    assert (after["nbformat"], after["nbformat_minor"], done.kept) == (4, minor, "")
    assert len(after["cells"]) == len(book["cells"]) + 1
    assert sum(OWN in "".join(entry["source"]) for entry in after["cells"]) == 1
    assert not reset(exercise, "relu").changed


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_reset_reads_every_encoding_that_grading_reads(exercise, encoding):
    exercise.write_bytes(exercise.read_text(encoding="utf-8").encode(encoding))
    assert reset(exercise, "relu").changed
    nbformat.validate(read(exercise))
    assert "not attempted" in str(check_notebook(exercise)[0])


@pytest.mark.parametrize("keep_ids", [True, False])
def test_an_answer_whose_metadata_a_tool_has_dropped_is_found(exercise, keep_ids):
    book = json.loads(exercise.read_text(encoding="utf-8"))
    for entry in book["cells"]:
        entry["metadata"] = {}
        if not keep_ids:
            del entry["id"]
    exercise.write_text(json.dumps(book), encoding="utf-8")
    assert reset(exercise, "relu").changed
    after = read(exercise)
    nbformat.validate(after)
    stubs = [c for c in after.cells if c.cell_type == "code" and "NotImplemented" in c.source]
    assert len(stubs) == len(tasks(LESSON))


def test_nothing_is_lost_where_the_disk_fails(exercise, monkeypatch):
    written = exercise.read_bytes()

    def full(*arguments):
        raise OSError(28, "No space left on device")

    for call in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(os, call, full)
            with pytest.raises(UnavailableError, match="No space left"):
                reset(exercise, "relu")
        assert exercise.read_bytes() == written
        assert sorted(exercise.parent.iterdir()) == [exercise]


def test_the_rights_of_the_file_stay(exercise):
    exercise.chmod(0o640)
    reset(exercise, "relu")
    assert exercise.stat().st_mode & 0o777 == 0o640


def test_wrong_names_and_files_are_refused(exercise, tmp_path):
    with pytest.raises(InvalidValueError, match="relu"):
        reset(exercise, "rleu")
    with pytest.raises(InvalidValueError, match="of 05_initialization"):
        reset(exercise, tasks("05_initialization")[0].name)
    with pytest.raises(InvalidValueError, match="lesson with exercises"):
        reset(tmp_path / "notes.ipynb", "relu")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnavailableError, match="correct the path"):
        reset(tmp_path / "empty" / exercise.name, "relu")
    exercise.write_text("{}")
    with pytest.raises(InvalidValueError):
        reset(exercise, "relu")
    nbformat.write(nbformat.v4.new_notebook(), exercise)
    with pytest.raises(InvalidValueError, match="a cell for the answer"):
        reset(exercise, "relu")


def test_without_solutions_it_says_what_they_are_for(exercise, monkeypatch):
    from relukit.checks import resetting

    monkeypatch.setattr(resetting, "root", lambda: exercise.parent / "site")
    with pytest.raises(UnavailableError, match="which stubs are made of"):
        reset(exercise, "relu")


def test_the_command_line_resets_one_answer(exercise):
    command = [sys.executable, "-m", "relukit", "reset", str(exercise), "relu"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "kept in the cell below it" in run.stdout
    assert OWN not in cell(read(exercise), "relu").source
