"""Graded from a submission's own folder: nothing that lies there runs outside of the jail."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from attacks.interpreter import readable_python, remove_copy

import relukit
from relukit.checks.registry import tasks
from relukit.errors import UnavailableError
from relukit.grading import course
from relukit.grading.shelter import sheltered, trusted

pytestmark = pytest.mark.slow
COURSE = Path(__file__).parents[2]
LESSON = "02_definitions"
N_TASKS = len(tasks(LESSON))
HOSTILE = (
    *("threading", "json", "numpy", "torch", "typer", "rich", "lazy_loader", "hypothesis", "re"),
    *("tqdm", "psutil", "socket", "signal", "ctypes", "selectors", "pickle", "random", "tempfile"),
    *("subprocess", "sitecustomize", "usercustomize", "multiprocessing", "concurrent", "site"),
    *("inspect", "runpy", "warnings", "weakref", "collections", "__main__", "secrets", "logging"),
)
# what the console script and `python -m` do, with the Python that runs without a jail
START = """
import sys
from relukit.grading.jail import bubblewrap
bubblewrap.UNJAILED = {python!r}
from relukit.__main__ import app
if __name__ == "__main__":
    app()
"""
HELPERS = """
import shutil, sys
from relukit.grading import pool
from relukit.grading.shelter import sheltered
if __name__ == "__main__":
    sys.path.insert(0, "")
    shutil.copytree({eve!r}, ".", dirs_exist_ok=True)
    with sheltered():
        pool.warm_up("bwrap", ["02_definitions"])
        for jail in ("bwrap", "none"):
            with pool._pool(jail, 1) as workers:
                print(workers.submit(len, "four").result())
"""


@pytest.fixture
def eve(tmp_path):
    """A submission of one lesson, with modules beside it that say that they were run."""
    book = nbformat.read(COURSE / "exercises" / LESSON / f"{LESSON}.ipynb", as_version=4)
    folder = tmp_path / "submitted" / "eve"
    (folder / LESSON).mkdir(parents=True)
    nbformat.write(book, folder / LESSON / f"{LESSON}.ipynb")
    for name in HOSTILE:
        said = f"import os\nopen({str(tmp_path / 'ran')!r}, 'a').write({name!r} + ' ')\n"
        (folder / f"{name}.py").write_text(f"{said}raise SystemExit('run in a submission')\n")
    (folder / "matplotlibrc").write_bytes(b"\xff\xfe")
    (folder / ".hypothesis").write_text("no folder")
    other = folder / "exercises" / "05_initialization"
    other.mkdir(parents=True)
    (other / f"{other.name}.ipynb").write_text('{"cells": []}')
    return folder


@pytest.fixture
def python():
    yield readable_python()
    remove_copy()


def ran(eve: Path) -> str:
    path = eve.parents[1] / "ran"
    return path.read_text() if path.exists() else ""


def graded(words: list, eve: Path, jail: str, **variables: str) -> None:
    """Grade from the submission's folder, with paths as one would write them there."""
    words = [*words, "grade", "..", "--output", "../../grades", "--jail", jail, "--workers", "1"]
    words += ["--lesson", LESSON]
    done = subprocess.run(
        words,
        cwd=eve,
        env=os.environ | {"COLUMNS": "200"} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if "What to do" in done.stderr and "jail" in done.stderr:
        pytest.skip(done.stderr)
    assert ran(eve) == "", done.stderr
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 students" in done.stdout
    assert (eve.parents[1] / "grades" / "results.jsonl").read_text().count(
        "not attempted"
    ) == N_TASKS


def test_the_command_runs_nothing_of_the_folder_it_is_started_in(eve):
    (eve / "relukit").mkdir()
    for name in ("__init__", "__main__", "errors"):
        (eve / "relukit" / f"{name}.py").write_text((eve / "json.py").read_text())
    graded([Path(sys.executable).parent / "relukit"], eve, "bwrap")


def test_the_module_runs_nothing_but_a_package_of_its_own_name(eve):
    graded([sys.executable, "-m", "relukit"], eve, "bwrap")


def test_without_a_jail_it_is_the_same(eve, tmp_path, python):
    start = tmp_path / "bin" / "start.py"
    start.parent.mkdir()
    start.write_text(START.format(python=python))
    graded([sys.executable, start], eve, "none")


@pytest.mark.parametrize("variable", ["", ".", ":/nowhere", "../here"])
def test_no_variable_lets_helpers_look_there(eve, tmp_path, variable):
    """The first process is misled by Python itself, so the files come after its start."""
    (tmp_path / "here").mkdir()
    (tmp_path / "start.py").write_text(HELPERS.format(eve=str(eve)))
    done = subprocess.run(
        [sys.executable, "-P", tmp_path / "start.py"],
        cwd=tmp_path / "here",
        env=os.environ | {"PYTHONPATH": variable, "PYTHONSTARTUP": "json.py"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "4\n4\n", done.stderr
    assert ran(eve) == ""


def test_helpers_stand_in_the_root_with_a_clean_environment_and_all_is_put_back(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", ":/tools")
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    before = os.getcwd(), dict(os.environ), list(sys.path)
    code = "import os, sys; print(os.getcwd(), sys.flags.safe_path, '' in sys.path)"
    with sheltered():
        assert os.getcwd() == "/"
        assert "" not in sys.path
        assert {name for name in os.environ if name.startswith("PYTHON")} == {"PYTHONSAFEPATH"}
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert said.split() == ["/", "True", "False"]
    assert (os.getcwd(), dict(os.environ), list(sys.path)) == before


def test_what_was_installed_and_the_folder_of_the_script_stay(tmp_path, monkeypatch):
    script = tmp_path / "script.py"
    monkeypatch.setattr(sys.modules["__main__"], "__file__", str(script), raising=False)
    path = [str(tmp_path), "/x", "/usr/lib/python312.zip", str(tmp_path)]
    assert trusted(path, tmp_path, "") == path
    monkeypatch.delattr(sys.modules["__main__"], "__file__")
    assert trusted(path, tmp_path, "") == path[1:]


SETTINGS = ("matplotlibrc", "dask.yaml", "jupyter_config.py", "alembic.ini", "pytest.ini", ".env")


def test_no_library_opens_settings_that_lie_there(eve):
    """Whoever opened one of these would wait for ever."""
    for name in SETTINGS:
        (eve / name).unlink(missing_ok=True)
        os.mkfifo(eve / name)
    graded([Path(sys.executable).parent / "relukit"], eve, "bwrap")
    assert (eve.parents[1] / "grades" / "class.html").exists()


def test_a_folder_called_exercises_among_the_submissions_changes_no_verdict(tmp_path):
    """Its set-up breaks one lesson and leaves those alone that the grader's own trial is of."""
    book = nbformat.read(COURSE / "exercises" / LESSON / f"{LESSON}.ipynb", as_version=4)
    for cell in book.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "relu":
            cell.source = "def relu(x):\n    return np.maximum(x, 0)\n"
    place = tmp_path / "ada" / LESSON
    place.mkdir(parents=True)
    nbformat.write(book, place / f"{LESSON}.ipynb")
    for lesson in (LESSON, "04_dying_relu", "05_initialization", "06_training"):
        text = (COURSE / "exercises" / lesson / f"{lesson}.ipynb").read_text(encoding="utf-8")
        place = tmp_path / "exercises" / lesson
        place.mkdir(parents=True)
        if lesson == LESSON:
            text = text.replace("import numpy as np", "import math as np")
        (place / f"{lesson}.ipynb").write_text(text, encoding="utf-8")
    words = ["grade", ".", "--output", "../grades", "--workers", "1", "--lesson", LESSON]
    done = subprocess.run(
        [Path(sys.executable).parent / "relukit", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    if "What to do" in done.stderr and "jail" in done.stderr:
        pytest.skip(done.stderr)
    lines = (tmp_path.parent / "grades" / "results.jsonl").read_text().splitlines()
    found = {(one["student"], one["task"]): one["status"] for one in map(json.loads, lines)}
    assert found["ada", "relu"] == "passed", done.stderr


def test_the_course_is_the_package_s_own_and_another_only_of_this_release(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exercises" / LESSON).mkdir(parents=True)
    (tmp_path / "exercises" / LESSON / f"{LESSON}.ipynb").write_text('{"cells": []}')
    assert course.course_folder() == COURSE
    monkeypatch.setattr(course, "root", lambda: tmp_path / "site-packages")  # has no course
    with sheltered(), pytest.raises(UnavailableError, match="of this release"):
        course.course_folder()
    (tmp_path / "relukit").mkdir()
    (tmp_path / "relukit" / "__init__.py").write_bytes(Path(relukit.__file__).read_bytes())
    with sheltered():
        assert course.course_folder() == tmp_path
    assert course.set_ups(tmp_path) == {}
    course.must_be_no_submission(tmp_path, tmp_path / "submitted")
    for place in (tmp_path, tmp_path.parent):
        with pytest.raises(UnavailableError, match="among the submissions"):
            course.must_be_no_submission(tmp_path, place)
