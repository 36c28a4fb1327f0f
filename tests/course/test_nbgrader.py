"""nbgrader itself gives full points to every solution and none to any stub.

That it makes the exercises from the solutions is tested with the other notebooks.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from relukit.checks.registry import tasks
from relukit.syllabus import LESSONS

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
NBGRADER = [sys.executable, "-m", "nbgrader"]
ASSIGNMENT = "all"  # the notebooks of all lessons, so that each step starts once
FOLDERS = {"solved": ROOT / "solutions", "stub": ROOT / "exercises"}
every_lesson = pytest.mark.parametrize("lesson", LESSONS)


def notebooks(folder):
    return [folder / lesson / f"{lesson}.ipynb" for lesson in LESSONS]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Validate and grade two students, one with every solution and one with every stub.

    Returns the folder with the gradebook, and what `validate` said of each student.
    """
    root = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    for student, folder in FOLDERS.items():
        place = root / "submitted" / student / ASSIGNMENT
        place.mkdir(parents=True)
        for path in notebooks(folder):
            shutil.copy(path, place)
    shutil.copytree(root / "submitted" / "solved" / ASSIGNMENT, root / "solutions" / ASSIGNMENT)
    options = {"cwd": root, "text": True, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    options["env"] = os.environ | {"RELUKIT_PROGRESS": str(root / "progress.json")}
    validating = {
        student: subprocess.Popen([*NBGRADER, "validate", *notebooks(folder)], **options)
        for student, folder in FOLDERS.items()
    }
    try:
        for step in ("generate_assignment", "autograde"):
            run = subprocess.run([*NBGRADER, step, ASSIGNMENT], **options)
            assert run.returncode == 0, run.stdout
        return root, {student: job.communicate()[0] for student, job in validating.items()}
    finally:
        for job in validating.values():
            job.kill()


def graded(course, student, lesson):
    """Return the points of each check in a graded notebook, and what nbgrader gave for it."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course[0]}/gradebook.db") as book:
        submission = book.find_submission_notebook(lesson, ASSIGNMENT, student)
        return {grade.name: (grade.max_score, grade.score) for grade in submission.grades}


@every_lesson
def test_nbgrader_gives_a_solution_the_points_of_every_task(course, lesson):
    expected = {f"check-{t.name}": (t.points, t.points) for t in tasks(lesson)}
    assert graded(course, "solved", lesson) == expected


@every_lesson
def test_nbgrader_gives_a_stub_no_points(course, lesson):
    expected = {f"check-{t.name}": (t.points, 0) for t in tasks(lesson)}
    assert graded(course, "stub", lesson) == expected


@every_lesson
def test_a_stub_is_graded_as_not_attempted_and_a_solution_without_a_word(course, lesson):
    for student, said in (("stub", "not attempted"), ("solved", None)):
        path = course[0] / "autograded" / student / ASSIGNMENT / f"{lesson}.ipynb"
        cells = nbformat.read(path, as_version=4).cells
        checks = [cell for cell in cells if cell.source.startswith("check(")]
        raised = [out for cell in checks for out in cell.outputs if out.output_type == "error"]
        assert len(raised) == (len(checks) if said else 0)
        assert all(said in out.evalue for out in raised)


def test_validate_passes_on_every_solution(course):
    said = course[1]["solved"]
    assert said.count("Success! Your notebook passes all the tests.") == len(LESSONS), said


def test_validate_fails_on_every_task_of_every_stub(course):
    failed = re.findall(r"VALIDATION FAILED ON (\d+) CELL", course[1]["stub"])
    assert [int(number) for number in failed] == [len(tasks(lesson)) for lesson in LESSONS]
