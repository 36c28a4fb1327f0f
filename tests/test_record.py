"""The progress file loses nothing: not to a second notebook, a kill, a full disk or damage."""

import json
import os
import re
import signal
import subprocess
import sys

import pytest

from relukit import record
from relukit.checks import check, hint, progress
from relukit.checks.registry import task, tasks
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.syllabus import COURSE

WRITER = """
import os, signal, sys
from relukit import record
print("ready", flush=True)
sys.stdin.readline()
for i in range(60):
    record.update(lambda state: state.with_attempt("relu", "wrong"))
    record.update(lambda state: state.with_prediction(f"{sys.argv[1]}-{i}", "true"))
"""

VICTIM = """
import os, signal, sys
from relukit import record
setattr(os, sys.argv[1], lambda *arguments: os.kill(os.getpid(), signal.SIGKILL))
record.update(lambda state: state.with_attempt("relu", "passed"))
"""


def relu(x):
    return abs(x)


def add_attempt(state):
    return state.with_attempt("relu", "wrong")


def test_two_processes_that_write_at_once_lose_nothing():
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("first", "second")
    ]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    state, note = record.read()
    assert note == ""
    assert state.of("relu").attempts == 120
    assert len(state.predictions) == 120


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_kill_in_the_middle_of_a_write_leaves_the_file_readable(moment):
    record.update(add_attempt)
    killed = subprocess.run([sys.executable, "-c", VICTIM, moment], check=False)
    assert killed.returncode == -signal.SIGKILL
    folder = record.path().parent
    assert list(folder.glob("*.tmp"))
    assert record.read() == (record.Record().with_attempt("relu", "wrong"), "")
    assert record.update(add_attempt)[0].of("relu").attempts == 2
    assert not list(folder.glob("*.tmp"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"version": 2, "tasks": {}, "predictions": {}}',
        b'{"version": 1, "tasks": {"relu": {"status": "splendid"}}, "predictions": {}}',
        b'{"version": 1, "tasks": {"relu": {"attempts": -1}}, "predictions": {}}',
        b'{"version": 1, "tasks": {"relu": {"attempts": "many"}}, "predictions": {}}',
        b'{"version": 1, "tasks": {"relu": {"mood": 1}}, "predictions": {}}',
        b'{"version": 1, "tasks": {}, "predictions": {"a": 1}}',
        b'{"version": 1, "tasks": {}, "predictions": {"a": {}}}',
        b'{"version": 1, "tasks": {}, "predictions": {"a": {"answer": null}}}',
        b'{"version": 1, "tasks": {}, "predictions": {"a": {"answer": NaN}}}',
        b'{"version": 1, "tasks": {}, "predictions": {"a": {"answer": ["x", 1]}}}',
        b'{"version": 1, "tasks": {}, "predictions": {"a": {"answer": "b", "sure": 101}}}',
        b'{"version": 1, "tasks": {}, "predictions": {"a": {"answer": "b", "outcome": "good"}}}',
        b'{"version": 1, "tasks": {}, "predictions": {"a": {"answer": "b", "mood": 1}}}',
        b'{"version": 1, "tasks": {}}',
    ],
    ids=lambda content: content[:60].decode("latin-1") or "empty",
)
def test_a_damaged_file_is_set_aside_and_reported(content):
    record.path().write_bytes(content)
    outcome = check(relu)
    assert outcome.status == "wrong"
    assert "damaged; it is kept as progress.json.damaged-1" in outcome.note
    assert record.path().with_name("progress.json.damaged-1").read_bytes() == content
    assert record.read()[0].of("relu").attempts == 1
    assert check(relu).note == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("/dev/zero", path)])
def test_what_is_no_file_neither_hangs_nor_breaks_a_check(make):
    make(os.environ["RELUKIT_PROGRESS"])
    outcome = check(relu)
    assert outcome.note == record.UNSAVED
    assert check(relu).status == "wrong"
    assert "progress could not be saved" in progress().note
    record._pending.clear()


@pytest.mark.parametrize("name", ["", ".lock"])
def test_a_pipe_instead_of_the_file_or_of_its_lock_hangs_no_reader(name):
    os.mkfifo(os.environ["RELUKIT_PROGRESS"] + name)
    assert progress().lessons


def test_a_huge_file_is_set_aside_unread():
    path = record.path()
    with path.open("wb") as file:
        file.truncate(2**33)
    assert "it is kept as" in check(relu).note


def test_a_file_of_the_first_release_is_read_and_kept():
    """It holds a text for each prediction, one of the ledger's verdicts of that time."""
    old = (
        '{"predictions": {"half-linear": "no difference shown"}, "version": 1, "tasks": '
        '{"relu": {"attempts": 2, "hints": 1, "status": "passed"}}}'
    )
    record.path().write_text(old)
    state, note = record.update(lambda state: state.with_prediction("ten-images", 5.0, 80))
    assert note == ""
    assert record.read() == (state, "")
    assert state.of("relu") == record.TaskRecord("passed", attempts=2, hints=1)
    assert state.predictions == {
        "half-linear": record.Guess("no difference shown"),
        "ten-images": record.Guess(5.0, 80),
    }


@pytest.mark.parametrize("answer", ["b", 1.4, 3, ("nerve", "chip"), (5.0, 4.0), ()])
def test_answers_of_every_kind_come_back_as_they_were(answer):
    record.update(lambda state: state.with_prediction("x", answer, 60))
    record.update(lambda state: state.with_outcome("x", "close"))
    record.update(lambda state: state.with_outcome("nobody", "off"))
    assert record.read()[0].predictions == {"x": record.Guess(answer, 60, "close")}


def test_a_user_without_a_home_is_told_once_more_where_progress_can_go(monkeypatch):
    def homeless(*arguments, **options):
        raise RuntimeError("could not determine the home directory")

    monkeypatch.delenv("RELUKIT_PROGRESS")
    monkeypatch.setattr(record.platformdirs, "user_data_path", homeless)
    assert check(relu).note == record.UNSAVED
    assert progress().note == record.UNSAVED
    record._pending.clear()


def test_a_current_folder_that_is_gone_does_not_stop_a_check(tmp_path, monkeypatch):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("RELUKIT_PROGRESS", "progress.json")
    folder.rmdir()
    assert check(relu).status == "wrong"
    record._pending.clear()


def test_a_second_damaged_file_does_not_replace_the_first():
    for content in ("one", "two"):
        record.path().write_text(content)
        note = progress().note
    assert "damaged-2" in note
    assert record.path().with_name("progress.json.damaged-1").read_text() == "one"


def test_a_folder_that_cannot_be_written_is_noted_and_everything_goes_on(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("RELUKIT_PROGRESS", str(tmp_path / "file" / "progress.json"))
    outcome = check(relu)
    assert outcome.status == "wrong"
    assert "could not be saved" in outcome.note
    assert str(tmp_path) not in repr(outcome)
    assert [hint("relu").number for _ in range(2)] == [1, 2]
    assert record.read()[0].of("relu") == record.TaskRecord("wrong", attempts=1, hints=2)


def test_what_could_not_be_saved_is_saved_with_the_next_change(monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(record.os, "fsync", full)
        assert "could not be saved" in record.update(add_attempt)[1]
    assert not record.path().exists()
    assert not list(record.path().parent.glob("*.tmp"))
    state, note = record.update(add_attempt)
    assert (state.of("relu").attempts, note) == (2, "")
    assert json.loads(record.path().read_text())["tasks"]["relu"]["attempts"] == 2


@pytest.mark.skipif(os.name == "nt", reason="flock is not there")
def test_a_lock_that_is_never_released_hangs_nothing(monkeypatch):
    monkeypatch.setattr(record, "LOCK_TRIES", 1)
    with record._lock(record.path()):
        assert "could not be saved" in check(relu).note
        assert record.read()[0].of("relu").attempts == 1
    assert check(relu).note == ""
    assert record.read()[0].of("relu").attempts == 2


def test_a_file_system_without_locks_is_written_all_the_same(monkeypatch):
    def unsupported(handle):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(record, "_seize", unsupported)
    assert record.update(add_attempt)[1] == ""
    assert record.read()[0].of("relu").attempts == 1


def test_a_symbolic_link_stays_one(tmp_path, monkeypatch):
    real = tmp_path / "elsewhere.json"
    link = tmp_path / "link.json"
    link.symlink_to(real)
    monkeypatch.setenv("RELUKIT_PROGRESS", str(link))
    record.update(add_attempt)
    assert link.is_symlink()
    assert real.exists()


def test_without_the_variable_the_file_lies_in_the_users_data_folder(monkeypatch):
    monkeypatch.delenv("RELUKIT_PROGRESS")
    assert record.path().parts[-2:] == ("relukit", "progress.json")


def test_reading_creates_nothing(tmp_path):
    assert record.read() == (record.Record(), "")
    assert list(tmp_path.iterdir()) == []


def test_a_better_status_stays_and_stubs_are_no_attempts():
    state = record.Record()
    for status in ("not attempted", "raised", "passed", "wrong", "not attempted"):
        state = state.with_attempt("relu", status)
    assert state.of("relu") == record.TaskRecord("passed", attempts=3, hints=0)


def test_progress_counts_tasks_and_points():
    first = tasks()[0]
    record.update(lambda state: state.with_attempt(first.name, "passed"))
    record.update(lambda state: state.with_attempt("count_linear_pieces", "wrong"))
    n, points = len(tasks(first.lesson)), sum(entry.points for entry in tasks(first.lesson))
    lesson = progress().lessons[0]
    assert (lesson.passed, lesson.tasks, lesson.earned, lesson.points) == (
        1,
        n,
        first.points,
        points,
    )
    words = " ".join(repr(progress()).split())
    assert f"{first.lesson} 1 of {n} tasks, {first.points} of {points} points" in words


def test_progress_says_what_to_do_next():
    said = "next: read notebooks/01_history.ipynb, predict as you go, then do its exercises"
    assert said in repr(progress())
    record.update(lambda state: state.with_prediction("which-half", "a"))
    record.update(lambda state: state.with_attempt("relu", "wrong"))
    assert said in repr(progress())  # both are on the start page
    record.update(lambda state: state.with_attempt("count_linear_pieces", "wrong"))
    where = "in exercises/02_definitions/02_definitions.ipynb"
    assert progress().next == f"relu (The rectifier, 5 minutes) {where}; stuck? hint('relu')"
    record.update(lambda state: state.with_attempt("relu", "passed"))
    assert progress().next.startswith(f"{tasks('02_definitions')[1].name} (")
    assert "hint" not in progress().next
    for entry in tasks("02_definitions"):
        record.update(lambda state, name=entry.name: state.with_attempt(name, "passed"))
    assert said in repr(progress())


def test_progress_of_a_lesson_lists_its_open_exercises_and_its_predictions():
    record.update(lambda state: state.with_prediction("half-linear", "true"))
    record.update(lambda state: state.with_prediction("most-popular", "true"))  # of lesson 01
    for status in ("raised", "wrong"):
        record.update(
            lambda state, status=status: state.with_attempt("count_linear_pieces", status)
        )
    record.update(lambda state: state.with_attempt("relu", "passed"))
    now = progress("02_definitions")
    names = [entry.name for entry in tasks("02_definitions")]
    assert [entry.lesson for entry in now.lessons] == ["02_definitions"]
    assert [entry.name for entry in now.open] == names[1:]
    assert now.predictions.made == 1
    assert now.next.startswith(names[1])
    assert "count_linear_pieces (" in repr(now)
    assert "minutes): wrong, 2 attempts\n" in repr(now)
    assert "<caption style='text-align: left'>Open exercises" in now._repr_html_()
    for name in names:
        record.update(lambda state, name=name: state.with_attempt(name, "passed"))
    done = progress("02_definitions")
    assert done.open == ()
    assert "Open exercises" not in done._repr_html_()
    assert done.next.startswith("order_the_timeline")  # in lesson 01, which was begun
    with pytest.raises(InvalidValueError, match="02_definitions"):
        progress("02_definition")


def test_deeper_pages_come_last_and_are_read_where_they_stand():
    names = [entry.lesson for entry in progress().lessons]
    deeper = [name for name in names if COURSE[name].deepens]
    assert names[-len(deeper) :] == deeper == sorted(deeper)
    for entry in tasks():
        if entry.lesson not in deeper:
            record.update(lambda state, name=entry.name: state.with_attempt(name, "passed"))
    said = f"read notebooks/deeper/{deeper[0]}.ipynb, predict as you go"
    assert progress().next.startswith(said)


def test_a_deeper_page_counts_its_lessons_predictions_which_do_not_begin_its_exercises():
    record.update(lambda state: state.with_prediction("python-max", "true"))
    for entry in tasks("02_definitions"):
        record.update(lambda state, name=entry.name: state.with_attempt(name, "passed"))
    assert progress("D2_numbers_at_the_edge").predictions.made == 1
    assert progress("D2_numbers_at_the_edge").next.startswith("relu_derivative (")
    assert progress().next.startswith("read notebooks/01_history.ipynb")


def test_progress_as_html_is_a_table_with_headers_and_no_fixed_colour():
    html = progress()._repr_html_()
    assert "<caption" in html
    assert "scope='row'" in html
    points = sum(entry.points for entry in tasks("02_definitions"))
    assert f"0 of {points}" in html
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsl\(", html)


def test_progress_at_the_end_says_that_nothing_is_left():
    for entry in progress().lessons:
        assert entry.passed == 0
    for entry in tasks():
        record.update(lambda state, name=entry.name: state.with_attempt(name, "passed"))
    assert "every task has passed" in repr(progress())


def test_hints_come_one_by_one_and_then_the_place_of_the_solution():
    shown = [hint(relu) for _ in range(5)]
    assert [entry.text for entry in shown[:3]] == list(task("relu").hints)
    assert repr(shown[0]).startswith("relu: hint 1 of 3\n  ")
    assert "solutions/02_definitions/02_definitions.ipynb" in shown[3].text
    assert shown[3] == shown[4]
    assert record.read()[0].of("relu").attempts == 0


def test_a_hint_is_asked_for_by_function_by_name_or_by_task():
    assert hint("relu").number == 1
    assert hint(task("relu")).number == 2
    assert "hint 3 of 3" in hint(relu)._repr_html_()


def test_a_hint_for_what_is_no_task_is_refused():
    with pytest.raises(InvalidValueError, match="did you mean 'relu'"):
        hint("rleu")
    with pytest.raises(InvalidTypeError, match="a function"):
        hint(3)
