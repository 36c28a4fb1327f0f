"""Files of answers that ran without a jail are removed by a grader who is root."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from attacks.interpreter import readable_python, remove_copy

from relukit.checks.registry import tasks
from relukit.errors import UnavailableError
from relukit.grading import pool, student
from relukit.grading.jail import bubblewrap as jails
from relukit.grading.jail import remnants
from relukit.grading.jail.child import Child
from relukit.grading.jail.choice import choose
from relukit.grading.jail.exchange import Request
from relukit.grading.jail.launcher import Started
from relukit.grading.questions import Terms
from relukit.grading.result import GRADER_ERROR
from relukit.grading.submission import Submission

pytestmark = pytest.mark.slow
USER = 64_999
ONLY_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can remove what others own")


@ONLY_ROOT
def test_what_the_user_made_goes_and_what_others_made_stays(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("somebody else's")
    folder = tmp_path / "shared"
    (folder / "tree" / "deep").mkdir(parents=True)
    (folder / "tree" / "deep" / "file").write_text("")
    (folder / "tree" / "link").symlink_to(outside)
    (folder / "link").symlink_to(outside)
    (folder / "of root").write_text("")
    (folder / "file").write_text("")
    os.mkfifo(folder / "pipe")
    for name in ("tree", "link", "file", "pipe"):
        os.chown(folder / name, USER, USER, follow_symlinks=False)
    remnants.remove(USER, since=time.time() - 60, folders=(str(folder), "/no such folder"))
    assert [path.name for path in folder.iterdir()] == ["of root"]
    assert (outside / "kept").exists()


@ONLY_ROOT
def test_what_is_older_than_the_run_stays(tmp_path):
    (tmp_path / "old").write_text("")
    os.chown(tmp_path / "old", USER, USER)
    remnants.remove(USER, since=time.time() + 3600, folders=(str(tmp_path),))
    assert (tmp_path / "old").exists()


@ONLY_ROOT
def test_an_answer_without_a_jail_leaves_no_file(monkeypatch):
    monkeypatch.setattr(jails, "UNJAILED", readable_python())
    try:
        choose("none")
    except UnavailableError as error:
        pytest.skip(str(error))
    names = [f"{folder}/left_by_a_test_{os.getpid()}" for folder in ("/tmp", "/dev/shm")]
    source = (
        f"import os\ndef f():\n    for name in {names}: open(name, 'w').close()\n    os._exit(0)"
    )
    request = Request("f", (("f", source),), "relukit.checks.call:as_function", ((),), (), 5)
    before = set(Path("/tmp").iterdir())
    with Child("none") as child:
        assert child.ask(request).ended == "died"
        assert all(map(os.path.exists, names))
    assert not any(map(os.path.exists, names))
    assert not {path for path in set(Path("/tmp").iterdir()) - before if path.owner() == USER}
    remove_copy()


DEEP = """
import os
os.mkdir("{0}"); os.chdir("{0}")
for _ in range(3000):
    os.mkdir("d"); os.chdir("d")
"""


def deep(folder: Path) -> None:
    """Make a tree that is deeper than a path can be long, and than Python can call."""
    subprocess.run([sys.executable, "-c", DEEP.format(folder)], check=True)


@ONLY_ROOT
def test_a_tree_of_any_depth_goes(tmp_path):
    deep(tmp_path / "deep")
    os.chown(tmp_path / "deep", USER, USER)
    remnants.remove(USER, since=0, folders=(str(tmp_path),))
    assert not any(tmp_path.iterdir())


@ONLY_ROOT
def test_files_that_vanish_meanwhile_leave_none_of_the_others(tmp_path, monkeypatch):
    for n in range(20):
        (tmp_path / f"{n}").write_text("")
        os.chown(tmp_path / f"{n}", USER, USER)
    real = os.listdir
    monkeypatch.setattr(remnants.os, "listdir", lambda folder: ["gone", *real(folder), "gone too"])
    remnants.remove(USER, since=0, folders=(str(tmp_path),))
    assert real(tmp_path) == []


@ONLY_ROOT
def test_what_lies_in_a_folder_that_all_may_write_to_goes(tmp_path):
    """On most desktops there are such folders in /tmp: .X11-unix, .ICE-unix."""
    for name, mode, owner in (
        ("shared", 0o1777, 0),
        ("private", 0o755, 0),
        ("neighbour", 0o777, USER - 1),
    ):
        (tmp_path / name / "tree").mkdir(parents=True)
        (tmp_path / name / "file").write_text("")
        (tmp_path / name / "kept").write_text("of root")
        for path in ("tree", "file"):
            os.chown(tmp_path / name / path, USER, USER)
        os.chown(tmp_path / name, owner, owner)
        (tmp_path / name).chmod(mode)
    outside = tmp_path / "private"
    (tmp_path / "shared" / "link").symlink_to(outside, target_is_directory=True)
    remnants.remove(USER, since=0, folders=(str(tmp_path),))
    found = {name: sorted(os.listdir(tmp_path / name)) for name in os.listdir(tmp_path)}
    assert found == {
        "shared": ["kept", "link"],
        "private": ["file", "kept", "tree"],
        # whose it is may put another folder in its place; it goes as a whole, with its owner's
        "neighbour": ["file", "kept", "tree"],
    }


def test_the_folder_of_a_student_is_private_and_goes_with_all_that_is_in_it():
    with remnants.home(USER) as folder:
        found = os.stat(folder)
        assert found.st_mode & 0o777 == 0o700
        assert found.st_uid == (USER if os.geteuid() == 0 else os.geteuid())
        deep(Path(folder) / "deep")
    assert not os.path.exists(folder)


@pytest.fixture
def bare(monkeypatch):
    monkeypatch.setattr(jails, "UNJAILED", readable_python())
    try:
        yield choose("none")
    except UnavailableError as error:
        pytest.skip(str(error))
    remove_copy()


def test_without_a_jail_each_student_has_a_place_of_its_own_to_write_to(bare):
    source = """
import os, pathlib, tempfile
def f():
    places = [os.environ["HOME"], os.environ["TMPDIR"], tempfile.gettempdir()]
    places.append(str(pathlib.Path.home()))
    open("settings", "w").close()
    return [*places, os.path.dirname(os.getcwd()), oct(os.stat(places[0]).st_mode & 0o777)]
"""
    request = Request("f", (("f", source),), "relukit.checks.call:as_function", ((),), (), 5)
    found = []
    for _ in range(2):
        with Child(bare) as child:
            *places, mode = child.ask(request).replies[0]["value"]
        assert set(places) == {places[0]}
        assert mode == "0o700"
        assert not os.path.exists(places[0])
        found.append(places[0])
    assert found[0] != found[1]


def test_what_goes_wrong_at_the_end_of_a_jail_is_a_fault_of_the_grader_with_that_student(
    bare, monkeypatch
):
    real, ended = Started.end, []

    def end(self):
        real(self)
        ended.append(True)
        raise RecursionError("too deep")

    monkeypatch.setattr(Started, "end", end)
    answers = {"relu": "def relu(x): return x"}
    terms = Terms(bare, 1, {"02_definitions": "import numpy as np"})
    found = student.grade_student([Submission("eve", "02_definitions", answers=answers)], terms)
    of_relu = next(result for result in found if result.task == "relu")
    assert ended
    assert (of_relu.status, of_relu.because) == (GRADER_ERROR, "RecursionError: too deep")
    assert {result.status for result in found} == {GRADER_ERROR, "missing"}


def test_whatever_grading_one_student_raises_the_others_are_graded(monkeypatch):
    class Future:
        def result(self):
            raise RecursionError("too deep")

    eve = (Submission("eve", "02_definitions"),)
    found = pool._results_of(Future(), eve, Terms("none", 1))
    assert [result.task for result in found] == [task.name for task in tasks("02_definitions")]
    assert {result.status for result in found} == {GRADER_ERROR}
