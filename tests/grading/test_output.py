"""A folder for results that a student may have handed in is refused; one of ours goes on."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from relukit.checks.registry import tasks
from relukit.errors import UnavailableError
from relukit.grading import course
from relukit.grading.jail.choice import choose
from relukit.grading.output import MARK, prepare
from relukit.grading.result import Result
from relukit.grading.run import grade
from relukit.grading.store import NAME, ResultStore
from relukit.grading.submissions.collect import collect

COURSE = Path(__file__).parents[2]
LESSON = "02_definitions"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Keep the key in a folder of the test."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def planted(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / NAME).write_text("{}\n")
    return folder


def test_a_new_or_empty_folder_among_the_submissions_is_ours_from_then_on(tmp_path, home):
    for output in (tmp_path / "sub" / "new", tmp_path / "sub" / "empty"):
        if output.name == "empty":
            output.mkdir()
        prepare(output, tmp_path / "sub")
        (output / NAME).write_text("{}\n")
        prepare(output, tmp_path / "sub")  # the run that goes on
    for path in (output / MARK, *home.rglob("grader.key")):
        assert path.stat().st_mode & 0o777 == 0o600
    assert len(list(home.rglob("grader.key"))) == 1


@pytest.mark.parametrize("mark", [None, "", "0" * 64, "of another folder", "folder", "link"])
def test_a_folder_that_was_handed_in_is_refused(tmp_path, mark):
    output = planted(tmp_path / "sub" / "grades")
    if mark == "of another folder":
        prepare(tmp_path / "sub" / "other", tmp_path / "sub")
        mark = (tmp_path / "sub" / "other" / MARK).read_text()
    if mark == "folder":
        (output / MARK).mkdir()
    elif mark == "link":
        (output / MARK).symlink_to("/dev/zero")
    elif mark is not None:
        (output / MARK).write_text(mark)
    with pytest.raises(UnavailableError, match="may have been handed in"):
        prepare(output, tmp_path / "sub")
    link = tmp_path / "sub" / "link"
    link.symlink_to(planted(tmp_path / "elsewhere"))
    with pytest.raises(UnavailableError, match="may have been handed in"):
        prepare(link, tmp_path / "sub")


def test_one_notebook_s_own_folder_is_a_student_s(tmp_path):
    output = planted(tmp_path / "eve" / "grades")
    with pytest.raises(UnavailableError, match="may have been handed in"):
        prepare(output, tmp_path / "eve" / "a.ipynb")


def test_outside_of_the_submissions_every_folder_is_taken_as_it_is(tmp_path):
    prepare(planted(tmp_path / "grades"), tmp_path / "sub")
    prepare(planted(tmp_path / "beside"), tmp_path / "all.zip")
    assert not (tmp_path / "grades" / MARK).exists()


def test_results_that_a_student_has_handed_in_are_no_verdict(tmp_path):
    try:
        jail = choose()
    except UnavailableError as error:
        pytest.skip(str(error))
    book = nbformat.read(COURSE / "exercises" / LESSON / f"{LESSON}.ipynb", as_version=4)
    place = tmp_path / "sub" / "eve" / LESSON
    place.mkdir(parents=True)
    nbformat.write(book, place / f"{LESSON}.ipynb")
    (one,) = collect(tmp_path / "sub", set_ups=course.set_ups(COURSE))
    passed = [
        Result("eve", LESSON, task.name, "passed", task.points, digest=one.digest)
        for task in tasks(LESSON)
    ]
    output = tmp_path / "sub" / "grades"
    ResultStore(output).add(passed)
    with pytest.raises(UnavailableError, match="may have been handed in"):
        grade(tmp_path / "sub", output, jail=jail, executor=ThreadPoolExecutor(1))
    ours = tmp_path / "sub" / "ours"
    for n_graded in (1, 0):  # the second run goes on with what the first has stored
        found = grade(tmp_path / "sub", ours, jail=jail, executor=ThreadPoolExecutor(1))
        assert found.n_graded == n_graded
    statuses = [json.loads(line)["status"] for line in (ours / NAME).read_text().splitlines()]
    assert set(statuses) == {"not attempted"}
