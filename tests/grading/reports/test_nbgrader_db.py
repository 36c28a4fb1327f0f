"""Scores and comments arrive in nbgrader's own gradebook, and what a person wrote there stays."""

import hashlib
import os
import shutil
import sqlite3
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import nbformat
import pytest

from relukit.checks.outcome import likened
from relukit.checks.registry import tasks
from relukit.errors import UnavailableError
from relukit.grading.reports.autograded import handed_in_at, student_id, write_autograded
from relukit.grading.reports.nbgrader_db import write_nbgrader
from relukit.grading.result import GRADER_ERROR, TOO_BUSY, UNSCORED, Result
from relukit.grading.submission import Submission

ROOT = Path(__file__).parents[3]
LESSON = "02_definitions"
TASKS = tasks(LESSON)
POINTS = sum(entry.points for entry in TASKS)

nbgrader = pytest.importorskip("nbgrader")


def whole(student, *statuses, **said):
    """Return results for all tasks of the lesson; the statuses are taken in turn."""
    return [
        Result(student, LESSON, entry.name, statuses[i % len(statuses)], entry.points, **said)
        for i, entry in enumerate(TASKS)
    ]


def worth(start, step):
    return float(sum(entry.points for entry in TASKS[start::step]))


def opened(path):
    from nbgrader.api import Gradebook

    return Gradebook(f"sqlite:///{path}", "relukit")


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """Return a gradebook without contents, made where nbgrader's commands are not on the path.

    Making one runs alembic, which takes seconds.
    """
    path = tmp_path_factory.mktemp("empty") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "/nowhere")
        write_nbgrader([], path)
        assert os.environ["PATH"] == "/nowhere"
    return path


@pytest.fixture
def database(empty, tmp_path):
    return Path(shutil.copy(empty, tmp_path / "gradebook.db"))


def contents(path):
    with sqlite3.connect(path) as connection:
        dump = "\n".join(connection.iterdump())
    connection.close()
    return dump


def test_scores_add_up_and_have_the_courses_names(database):
    entries = [*whole("ada", "passed"), *whole("bob", "passed", "wrong"), *whole("eve", "raised")]
    write_nbgrader(entries, database)
    with opened(database) as gradebook:
        (assignment,) = gradebook.assignments
        assert (assignment.name, assignment.max_score) == (LESSON, POINTS)
        (notebook,) = assignment.notebooks
        assert {c.name for c in notebook.grade_cells} == {f"check-{t.name}" for t in TASKS}
        assert {c.name for c in notebook.solution_cells} == {t.name for t in TASKS}
        scores = {s["student"]: s["score"] for s in gradebook.submission_dicts(LESSON)}
        assert scores == {"ada": POINTS, "bob": worth(0, 2), "eve": 0}
        students = {s["id"]: s["score"] for s in gradebook.student_dicts()}
        assert students == scores
        assert not any(s["needs_manual_grade"] for s in gradebook.submission_dicts(LESSON))
        assert gradebook.find_grade("check-relu", LESSON, LESSON, "eve").failed_tests
        average = gradebook.average_assignment_score(LESSON)
        assert average == pytest.approx(sum(scores.values()) / 3)


def test_comments_say_what_was_found(database):
    said = {"given": "x = [1]", "expected": "1", "got": "2", "because": "why", "diagnosis": "what"}
    write_nbgrader(whole("ada", "wrong", **said), database)
    with opened(database) as gradebook:
        comment = gradebook.find_comment("relu", LESSON, LESSON, "ada").comment
    said["diagnosis"] = likened("what")
    lines = ["wrong: 0 of 2 points", *(f"{name}: {text}" for name, text in said.items())]
    assert comment.split("\n") == [f"    {line}" for line in lines]


def test_a_comment_is_only_text_in_nbgraders_feedback(database):
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    texts = ["<script>alert(1)</script>", "\n\n<b>", "</code></pre><b>", "$$<b>$$", "[a](js:1)"]
    entries = [
        replace(entry, because=text)
        for entry, text in zip(whole("ada", "raised"), texts, strict=False)
    ]
    write_nbgrader(entries, database)
    with opened(database) as gradebook:
        for entry in entries:
            comment = gradebook.find_comment(entry.task, LESSON, LESSON, "ada").comment
            html = markdown2html_mistune(comment)
            assert html.count("<") == 4  # pre and code, open and close
            assert html.startswith("<pre><code>")


def test_a_gradebook_behind_a_url_gets_scores_and_no_folder_beside_it(database, tmp_path):
    handed_in = [Submission("ada", LESSON, answers={"relu": "pass"})]
    write_nbgrader(whole("ada", "passed"), f"sqlite:///{database}", submissions=handed_in)
    with opened(database) as gradebook:
        assert {s["score"] for s in gradebook.submission_dicts(LESSON)} == {POINTS}
    assert list(tmp_path.iterdir()) == [database]


def test_writing_again_changes_nothing(database):
    entries = [*whole("ada", "passed", "wrong", GRADER_ERROR), *whole("bob", "missing")]
    write_nbgrader(entries, database)
    before = contents(database)
    write_nbgrader(entries, database)
    assert contents(database) == before


@pytest.mark.parametrize("status", UNSCORED)
def test_new_results_replace_old_ones(database, status):
    write_nbgrader(whole("ada", status), database)
    write_nbgrader(whole("ada", "passed"), database)
    with opened(database) as gradebook:
        submission = gradebook.find_submission(LESSON, "ada")
        assert (submission.score, submission.needs_manual_grade) == (POINTS, False)


def test_a_fault_of_the_grader_is_left_to_a_person(database):
    write_nbgrader(whole("ada", GRADER_ERROR, because="a trace of ours"), database)
    with opened(database) as gradebook:
        grade = gradebook.find_grade("check-relu", LESSON, LESSON, "ada")
        assert (grade.auto_score, grade.needs_manual_grade) == (None, True)
        comment = gradebook.find_comment("relu", LESSON, LESSON, "ada").comment
        assert "a trace of ours" not in comment


def test_what_the_machine_was_too_busy_for_is_no_zero_and_says_so(database):
    write_nbgrader(whole("ada", TOO_BUSY), database)
    with opened(database) as gradebook:
        grade = gradebook.find_grade("check-relu", LESSON, LESSON, "ada")
        assert (grade.auto_score, grade.needs_manual_grade) == (None, True)
        (shown,) = gradebook.submission_dicts(LESSON)
        assert shown["needs_manual_grade"]
        comment = gradebook.find_comment("relu", LESSON, LESSON, "ada").comment
        assert "Not graded yet: the machine was too busy; no points were taken." in comment


def test_what_a_person_entered_stays(database):
    write_nbgrader(whole("ada", "wrong"), database)
    with opened(database) as gradebook:
        gradebook.find_grade("check-relu", LESSON, LESSON, "ada").manual_score = 1.5
        gradebook.find_comment("relu", LESSON, LESSON, "ada").manual_comment = "nearly"
        gradebook.db.commit()
    write_nbgrader(whole("ada", "wrong"), database)
    with opened(database) as gradebook:
        assert not gradebook.find_grade("check-relu", LESSON, LESSON, "ada").needs_manual_grade
    write_nbgrader(whole("ada", "passed"), database)
    with opened(database) as gradebook:
        grade = gradebook.find_grade("check-relu", LESSON, LESSON, "ada")
        assert (grade.score, grade.auto_score, grade.needs_manual_grade) == (1.5, 2.0, True)
        assert gradebook.find_comment("relu", LESSON, LESSON, "ada").comment == "nearly"


def test_who_handed_in_nothing_is_a_student_without_a_submission(database):
    write_nbgrader(whole("ada", "missing"), database)
    with opened(database) as gradebook:
        assert [s.id for s in gradebook.students] == ["ada"]
        assert gradebook.assignment_submissions(LESSON) == []


def test_nbgraders_own_gradebook_gets_no_new_cells(database, monkeypatch):
    from nbgrader.apps.api import NbGraderAPI
    from traitlets.config import Config

    folder = database.parent
    shutil.copytree(ROOT / "solutions" / LESSON, folder / "solutions" / LESSON)
    monkeypatch.chdir(folder)
    course = {"root": str(folder), "course_id": "relukit"}
    course |= {"source_directory": "solutions", "release_directory": "exercises"}
    api = NbGraderAPI(config=Config({"CourseDirectory": course}))
    assert api.generate_assignment(LESSON)["success"]

    def shape():
        with opened(database) as gradebook:
            (assignment,) = gradebook.assignments
            (notebook,) = assignment.notebooks
            cells = {c.name: getattr(c, "max_score", None) for c in notebook._base_cells}
            return cells, notebook.kernelspec, len(notebook.source_cells), assignment.course_id

    before = shape()
    write_nbgrader(whole("ada", "passed"), database)
    assert shape() == before
    with opened(database) as gradebook:
        assert gradebook.find_submission(LESSON, "ada").score == POINTS


def test_formgraders_lists_show_the_submissions(database, monkeypatch):
    from nbgrader.apps.api import NbGraderAPI
    from traitlets.config import Config

    monkeypatch.chdir(database.parent)
    entries = [*whole("ada", "passed"), *whole("<b>", "wrong")]
    answers = [Submission(name, LESSON, answers={"relu": "pass"}) for name in ("ada", "<b>")]
    folder = database.parent / "submitted" / "ada" / LESSON
    folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text("2026-03-01 12:30:00 UTC")
    write_nbgrader(entries, database, submissions=answers)
    api = NbGraderAPI(config=Config({"CourseDirectory": {"root": str(database.parent)}}))
    listed = {s["student"]: s for s in api.get_submissions(LESSON)}
    assert {name: s["score"] for name, s in listed.items()} == {
        "ada": POINTS,
        student_id("<b>"): 0,
    }
    assert all(s["autograded"] for s in listed.values())
    assert listed["ada"]["timestamp"] == "2026-03-01T12:30:00"
    notebooks = api.get_notebook_submissions(LESSON, LESSON)
    assert {n["student"]: n["score"] for n in notebooks} == {
        name: s["score"] for name, s in listed.items()
    }


def test_the_notebook_beside_the_scores_has_the_answers_and_runs_nothing(tmp_path):
    answers = {"relu": "def relu(x):\n\treturn '\x1b[31m\u202e'  +  1"}
    path = write_autograded(Submission("../ada", LESSON, answers=answers), tmp_path)
    assert path.is_relative_to(tmp_path / "autograded")
    assert ".." not in path.parts
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    marks = {c.metadata.nbgrader.grade_id: c for c in notebook.cells if "nbgrader" in c.metadata}
    assert marks["relu"].source == "def relu(x):\n    return '\\x1b[31m\\u202e'  +  1"
    assert marks["check-relu"].metadata.nbgrader.points == 2
    assert {c.metadata.nbgrader.grade for c in marks.values()} == {True, False}
    assert len(marks) == 2 * len(TASKS)
    assert not any(c.get("outputs") for c in notebook.cells)
    first = hashlib.sha256(path.read_bytes()).digest()
    write_autograded(Submission("../ada", LESSON, answers=answers), tmp_path)
    assert hashlib.sha256(path.read_bytes()).digest() == first


def test_the_exchanges_notes_lie_beside_the_notebook_for_the_feedback(tmp_path):
    handed_in = tmp_path / "submitted" / "ada" / LESSON
    handed_in.mkdir(parents=True)
    (handed_in / "timestamp.txt").write_text("2026-03-01 12:30:00 UTC")
    (handed_in / "submission_secret.txt").write_text("ab" * 64)
    folder = write_autograded(Submission("ada", LESSON), tmp_path).parent
    assert (folder / "timestamp.txt").read_text() == "2026-03-01 12:30:00 UTC"
    assert (folder / "submission_secret.txt").read_text() == "ab" * 64


def test_a_note_that_is_a_link_or_too_long_is_not_copied(tmp_path):
    handed_in = tmp_path / "submitted" / "eve" / LESSON
    handed_in.mkdir(parents=True)
    (handed_in / "timestamp.txt").write_text("x" * 10_000)
    (tmp_path / "key").write_text("not eve's")
    (handed_in / "submission_secret.txt").symlink_to(tmp_path / "key")
    folder = write_autograded(Submission("eve", LESSON), tmp_path).parent
    assert {path.name for path in folder.iterdir()} == {f"{LESSON}.ipynb"}


@pytest.mark.parametrize("student", ["ada", "s123", "ada@example.org", "Ada Lovelace", "Zo\u00eb"])
def test_a_plain_name_is_the_id(student):
    assert student_id(student) == student


@pytest.mark.parametrize("student", ["", "..", "a/b", "a\\b", "<b>", "-x", "a" * 129, "a\u202e"])
def test_another_name_becomes_a_safe_id(student):
    assert student_id(student) != student
    assert len(student_id(student)) <= 128


@pytest.mark.parametrize("text", ["", "yesterday", "x" * 10_000, "2026-13-45", "\0"])
def test_a_time_that_cannot_be_read_is_none(tmp_path, text):
    folder = tmp_path / "submitted" / "ada" / LESSON
    folder.mkdir(parents=True)
    assert handed_in_at(tmp_path, "ada", LESSON) is None
    (folder / "timestamp.txt").write_text(text)
    assert handed_in_at(tmp_path, "ada", LESSON) is None
    (folder / "timestamp.txt").write_text("2026-03-01 12:30:00")
    assert handed_in_at(tmp_path, "ada", LESSON) == datetime(2026, 3, 1, 12, 30)


def test_without_nbgrader_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbgrader", None)
    with pytest.raises(UnavailableError, match=r"relukit\[instructor\]"):
        write_nbgrader([], tmp_path / "gradebook.db")


def test_a_file_that_is_no_gradebook_is_named(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a database " * 100)
    with pytest.raises(UnavailableError, match="a gradebook that nbgrader can write"):
        write_nbgrader(whole("ada", "passed"), path)
    with pytest.raises(UnavailableError, match="a gradebook that nbgrader can write"):
        write_nbgrader([], tmp_path / "missing" / "gradebook.db")
