"""Before any student, answers of known verdicts are graded; nobody is where they don't get them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from relukit.checks.registry import task
from relukit.errors import RelukitError, UnavailableError
from relukit.grading import canary
from relukit.grading import run as runs
from relukit.grading.course import set_ups
from relukit.grading.jail import forkserver
from relukit.grading.jail.child import Child
from relukit.grading.jail.exchange import Request
from relukit.grading.jail.launcher import JailBroken
from relukit.grading.questions import Terms, libraries_for
from relukit.grading.result import Result
from relukit.grading.run import grade
from relukit.grading.student import grade_student
from relukit.syllabus import LESSONS

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
LESSON = "02_definitions"


@pytest.fixture
def submitted(tmp_path):
    book = nbformat.read(ROOT / "exercises" / LESSON / f"{LESSON}.ipynb", as_version=4)
    for student in ("ada", "eve"):
        place = tmp_path / "submitted" / student / LESSON
        place.mkdir(parents=True)
        nbformat.write(book, place / f"{LESSON}.ipynb")
    return tmp_path / "submitted"


def statuses(results) -> set[str]:
    return {result.status for result in results if not result.because.startswith("no answer cell")}


def test_the_trial_has_all_three_verdicts_with_and_without_torch(jail):
    terms = Terms(jail, 2**63 + 1, set_ups(ROOT))
    for kinds in (("numpy",), ("torch",)):
        handed_in = canary.submissions(kinds)
        for entry in handed_in:
            for name in entry.answers:
                assert libraries_for(entry, task(name), terms) == kinds[0]
        results = grade_student(handed_in, terms)
        canary.must_be_as_known(results)
        assert statuses(results) == {"passed", "wrong", "not attempted"}


def test_a_verdict_that_is_not_as_known_is_refused_with_what_came_and_what_to_do():
    results = [Result(canary.STUDENT, LESSON, "he_normal", "raised", 1, because="it ended")]
    with pytest.raises(RelukitError, match=r"'passed'.*he_normal.*'raised' \(it ended\).*doctor"):
        canary.must_be_as_known(results)
    canary.must_be_as_known([replace(results[0], task="gain", status="missing")])


@pytest.mark.parametrize("place", [0, 1, 2])
def test_results_are_held_until_the_trial_is_over(place):
    ada, eve = ([Result(name, LESSON, "relu", "passed", 2)] for name in ("ada", "eve"))
    good = [Result(canary.STUDENT, LESSON, "he_normal", "passed", 1)]
    found = [ada, eve]
    found.insert(place, good)
    assert list(canary.proved(found)) == [ada, eve]
    found[place] = [replace(good[0], status="wrong")]
    seen = []
    with pytest.raises(RelukitError):
        seen.extend(iter(canary.proved(found)))
    assert seen == []


def test_without_a_trial_nothing_comes():
    assert list(canary.proved([[Result("ada", LESSON, "relu", "passed", 2)]])) == []


@pytest.mark.parametrize("executor", [1, ThreadPoolExecutor(1)], ids=["processes", "executor"])
def test_a_broken_course_grades_nobody(submitted, tmp_path, jail, monkeypatch, executor):
    monkeypatch.setattr(runs, "set_ups", lambda _: dict.fromkeys(LESSONS, "import math as np"))
    with pytest.raises(RelukitError, match="verdict 'passed' on the grader's own answer"):
        grade(submitted, tmp_path / "grades", jail=jail, executor=executor)
    assert not (tmp_path / "grades" / "results.jsonl").exists()


def test_a_lesson_whose_own_notebook_is_missing_is_refused(submitted, tmp_path, monkeypatch):
    ours = set_ups(ROOT)
    del ours[LESSON]
    monkeypatch.setattr(runs, "set_ups", lambda _: ours)
    with pytest.raises(UnavailableError, match=f"no exercises/{LESSON}"):
        grade(submitted, tmp_path / "grades", jail="none", executor=1)


def test_the_trial_is_no_student(submitted, tmp_path, jail):
    grades = grade(submitted, tmp_path / "grades", jail=jail, executor=ThreadPoolExecutor(1))
    assert {result.student for result in grades.results} == {"ada", "eve"}
    assert grades.n_graded == 2


@pytest.mark.parametrize("libraries", list(forkserver.SHARED))
def test_course_code_that_cannot_be_imported_is_the_graders_fault(jail, libraries):
    cells = (("probe", "def probe(): return 7"),)
    asked = Request("probe", cells, "relukit.nowhere:as_function", ((),), (), 5)
    with Child(jail, libraries=libraries) as child:
        with pytest.raises(JailBroken, match="nowhere"):
            child.ask(asked)
        well = child.ask(replace(asked, harness="relukit.checks.call:as_function"))
        assert well.replies[0]["value"] == 7
