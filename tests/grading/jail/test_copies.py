"""No copy of the course that a Python can see shows an answer in the jail."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat
import pytest

import relukit
from relukit.errors import UnavailableError
from relukit.grading.jail import bubblewrap as jails
from relukit.grading.jail import choice
from relukit.grading.jail.choice import choose
from relukit.grading.jail.copies import secret

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
LESSON = "02_definitions"
LESSONS = frozenset({LESSON})
# an answer that says what it finds, and is wrong where it finds nothing
SEEKS = """
import glob, importlib, os, pkgutil, sys
def found():
    try:
        from relukit.checks.registry import task
        return task("relu").reference
    except Exception:
        pass
    try:
        return importlib.import_module("relukit.lessons.definitions.tasks.relu")
    except Exception:
        pass
    for place in sys.path:
        for name in ("relukit.egg-link", "easy-install.pth"):
            if os.path.exists(os.path.join(place, name)):
                return name
    for folder, folders, names in os.walk(sys.prefix):
        for name in names:
            path = os.path.join(folder, name)
            packed = "relukit" in name and name.endswith((".whl", "gz"))
            if folder.endswith("/lessons/definitions/tasks") or packed:
                if os.path.isfile(path) and os.path.getsize(path):
                    return path
            if name.endswith(".ipynb"):
                try:
                    text = open(path, "rb").read()
                except OSError:
                    continue
                if b"BEGIN SOLUTION" in text and b"relukit" in text:
                    return path
        if os.path.basename(folder) in ("wrong_answers", "02_definitions", ".git") and names:
            return folder
def relu(x):
    if place := found():
        raise ValueError(place)
    return x
"""


def copied(folder: Path) -> Path:
    """Make a copy of the course, as a checkout has it."""
    for name in ("relukit", "solutions", "exercises", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy2(ROOT / "pyproject.toml", folder)
    for name in ("HEAD", "objects", "refs"):
        (folder / ".git" / name).mkdir(parents=True)
    (folder / ".git" / "HEAD" / "packed").write_text("answers")
    return folder


@pytest.fixture(scope="module")
def bwrap():
    try:
        return choose("bwrap")
    except UnavailableError as error:
        pytest.skip(str(error))


@pytest.fixture
def installed(tmp_path):
    """A Python with a relukit that was installed into it, and with what may lie about in it."""
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    (library,) = venv.glob("lib/python3*/site-packages")
    shutil.copytree(ROOT / "relukit", library / "relukit")
    (library / "others.pth").write_text(sysconfig.get_path("purelib"))  # NumPy and the like
    copied(library.parent / "src" / "relukit")
    shutil.copytree(ROOT / "relukit", library / "build" / "lib" / "relukit")
    (library / "wheels").mkdir()
    (library / "wheels" / "relukit-0.1.0-py3-none-any.whl").write_bytes(b"answers")
    shutil.copy2(ROOT / "solutions" / LESSON / f"{LESSON}.ipynb", venv / "bin" / "mine.ipynb")
    return venv / "bin" / "python"


@pytest.fixture
def submitted(tmp_path):
    book = nbformat.read(ROOT / "solutions" / LESSON / f"{LESSON}.ipynb", as_version=4)
    for cell in book.cells:
        cell.source = re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", cell.source)
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "relu":
            cell.source = SEEKS
    place = tmp_path / "submitted" / "eve" / LESSON
    place.mkdir(parents=True)
    nbformat.write(book, place / f"{LESSON}.ipynb")
    return tmp_path / "submitted"


def command(
    python: Path, submitted: Path, folder: Path, *options: str
) -> subprocess.CompletedProcess:
    words = [
        "-B",
        *options,
        "-m",
        "relukit",
        "grade",
        submitted,
        "--output",
        submitted.parent / "grades",
    ]
    return subprocess.run(
        [python, *words, "--jail", "bwrap", "--workers", "1"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_installed_copy_is_graded_with_from_a_checkout_and_shows_nothing(
    bwrap, installed, submitted, tmp_path
):
    here = tmp_path / "elsewhere"
    shutil.copytree(ROOT / "exercises", here / "exercises")
    shutil.copytree(ROOT / "solutions", here / "solutions")
    shutil.copytree(ROOT / "relukit", here / "relukit")
    done = command(installed, submitted, here, "-P")  # as its own script would start it
    assert done.returncode == 0, done.stdout + done.stderr
    lines = (tmp_path / "grades" / "results.jsonl").read_text().splitlines()
    found = {entry["task"]: entry for entry in map(json.loads, lines)}
    assert found["relu"]["status"] == "wrong", str(found["relu"])
    assert [t for t, entry in found.items() if entry["status"] != "passed"] == ["relu"]


def test_another_relukit_than_the_one_that_answers_import_is_refused(bwrap, submitted, tmp_path):
    done = command(Path(sys.executable), submitted, copied(tmp_path / "checkout"))
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Expected answers to import the relukit that grades" in done.stderr
    assert str(tmp_path / "checkout") in done.stderr
    assert not (tmp_path / "grades" / "results.jsonl").exists()


@pytest.mark.parametrize("jail", ["bwrap", "none"])
def test_a_python_with_another_relukit_is_refused(monkeypatch, jail):
    elsewhere = {"relukit": "/elsewhere/relukit/__init__.py", "secret": []}
    monkeypatch.setattr(choice, "_seen", lambda *_: (elsewhere, ""))
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/bwrap")
    with pytest.raises(UnavailableError, match="got /elsewhere/relukit"):
        choose(jail)
    monkeypatch.setattr(choice, "_seen", lambda *_: ({"relukit": None, "secret": []}, ""))
    with pytest.raises(UnavailableError, match="none that they can see"):
        choose(jail)


@pytest.mark.parametrize("answers", ["lessons", "checks"])  # this release, and the first one
def test_all_that_shows_answers_is_found_and_nothing_else(tmp_path, answers):
    course = copied(tmp_path / "a" / "course")
    package = str(course / "relukit")
    other = tmp_path / "lib" / "relukit"
    (other / answers).mkdir(parents=True)
    kept = tmp_path / "packages"
    for name in ("tests", "build", "numpy/core"):
        (kept / name).mkdir(parents=True)
    for name in ("relukit-1.whl", "relukit.tar.gz", "numpy.whl", "relukit.txt"):
        (kept / name).write_text("")
    (kept / "mine.ipynb").write_text("import relukit ### BEGIN SOLUTION")
    (kept / "stub.ipynb").write_text("import relukit")
    bare = tmp_path / "course.git"
    for name in ("HEAD", "objects", "refs"):
        (bare / name).mkdir(parents=True)
    found = {Path(path) for path in secret(str(tmp_path), package, LESSONS)}
    assert found == {
        *(course / name for name in ("solutions", "exercises", "tests", ".git")),
        *(bare / name for name in ("HEAD", "objects", "refs")),
        *(kept / name for name in ("relukit-1.whl", "relukit.tar.gz", "mine.ipynb")),
        other,
    }


def test_a_hidden_folder_is_hidden_once_and_by_the_name_that_the_jail_shows(tmp_path, monkeypatch):
    real, link = tmp_path / "real", tmp_path / "link"
    (real / "lib" / "secret" / "inner").mkdir(parents=True)
    link.symlink_to(real)
    monkeypatch.setattr(sys, "prefix", str(link))
    package = Path(relukit.__file__).parent
    hidden = (real / "lib/secret/inner", real / "lib/secret", package / "checks" / "task.py")
    words = jails.command(["program"], hidden=hidden)
    assert words.count(str(link / "lib/secret")) == 2  # emptied, and closed
    assert not [word for word in words if "inner" in word or "task.py" in word]
