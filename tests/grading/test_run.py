"""A whole class: interrupted, continued, with processes killed, and from the command line."""

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from submitted import hand_in

from relukit.checks import counterexample
from relukit.checks.likeness import identical
from relukit.checks.registry import tasks
from relukit.errors import UnavailableError
from relukit.grading import pool, questions
from relukit.grading import run as runs
from relukit.grading.jail import cgroups
from relukit.grading.result import GRADER_ERROR, TOO_BUSY, Result
from relukit.grading.run import grade
from relukit.grading.submission import Submission

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
LESSON = "02_definitions"
N_TASKS = len(tasks(LESSON))
POINTS = sum(task.points for task in tasks(LESSON))


@pytest.fixture
def submitted(tmp_path):
    """Three students: all right, all stubs, and one wrong answer."""
    folder = tmp_path / "submitted"
    hand_in(folder, "ada", "solutions")
    hand_in(folder, "bob", "exercises")
    hand_in(folder, "eve", "solutions", relu="def relu(x):\n    return abs(x)")
    return folder


def earned(results) -> dict[str, int]:
    totals: dict[str, int] = {}
    for result in results:
        totals[result.student] = totals.get(result.student, 0) + result.earned
    return totals


def test_a_class_is_graded_and_not_graded_twice(submitted, tmp_path, any_jail):
    grades = grade(submitted, tmp_path / "grades", jail=any_jail, executor=1)
    assert earned(grades.results) == {"ada": POINTS, "bob": 0, "eve": POINTS - 2}
    assert grades.n_graded == 3
    assert {r.cgroup for r in grades.results} == {grades.cgroup} == {cgroups.name()}
    assert {r.status for r in grades.results if r.student == "bob"} == {"not attempted"}
    (wrong,) = [r for r in grades.results if r.status == "wrong"]
    assert (wrong.student, wrong.task) == ("eve", "relu")
    assert "this is |x|" in wrong.diagnosis
    again = grade(submitted, tmp_path / "grades", jail=any_jail, executor=1)
    assert (again.n_graded, again.results) == (0, grades.results)
    hand_in(submitted / "..", "again", "solutions").replace(
        submitted / "eve" / LESSON / f"{LESSON}.ipynb"
    )
    third = grade(submitted, tmp_path / "grades", jail=any_jail, executor=1)
    assert third.n_graded == 1
    assert earned(third.results)["eve"] == POINTS


@pytest.mark.parametrize("work", [pool.draw, pool.grade_student], ids=["drawing", "grading"])
def test_a_killed_process_costs_nobody_anything(submitted, tmp_path, any_jail, monkeypatch, work):
    for i in range(3):
        hand_in(submitted, f"more{i}", "exercises")
    killed = []

    class Pool(pool.ProcessPoolExecutor):
        def submit(self, function, *args):
            future = super().submit(function, *args)
            if function is work and not killed and len(self._processes) == 2:
                killed.append(next(iter(self._processes)))
                os.kill(killed[0], signal.SIGKILL)
            return future

    monkeypatch.setattr(pool, "ProcessPoolExecutor", Pool)
    grades = grade(submitted, tmp_path / "grades", jail=any_jail, executor=2)
    assert killed
    assert len(grades.results) == 6 * N_TASKS
    assert earned(grades.results)["ada"] == POINTS
    lines = (tmp_path / "grades" / "results.jsonl").read_text(encoding="utf-8").splitlines()
    keys = [(d["student"], d["task"]) for d in map(json.loads, lines)]
    assert len(keys) == len(set(keys)) == 6 * N_TASKS


def test_who_kills_the_grader_again_is_a_grader_error_and_stops_nobody(monkeypatch):
    students = [(Submission(name, LESSON, "", {}),) for name in ("ada", "eve")]
    ada, eve = students
    tried = []

    def in_one_pool(n_workers, left, *_):
        tried.append(list(left))
        if ada in left:
            left.remove(ada)
            yield ["graded"]
        return [eve]

    monkeypatch.setattr(pool, "_drawn", lambda *_: {})
    monkeypatch.setattr(pool, "_in_one_pool", in_one_pool)
    found = list(pool.by_processes(2, students, pool.Terms("none", 1)))
    assert found[0] == ["graded"]
    assert {(r.student, r.status) for r in found[1]} == {("eve", "grader error")}
    assert len(found) == 2
    assert tried == [students, [eve]]


def state_of_a_process():
    import ctypes
    import sys

    import torch

    found = {"dumpable": ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)}  # PR_GET_DUMPABLE
    found["threads"] = torch.get_num_threads()
    found["parent"] = os.getppid()
    found["imported"] = "relukit.grading.student" in sys.modules
    return found


@pytest.mark.parametrize("jail", ["bwrap", "none"])
def test_processes_that_grade_are_closed_and_come_from_one_that_has_imported(jail):
    pool.warm_up(jail, ["06_training"])
    with pool._pool(jail, 2) as processes:
        found = [processes.submit(state_of_a_process).result() for _ in range(2)]
    assert {state["dumpable"] for state in found} == {0}
    assert {state["threads"] for state in found} == {1}
    assert {state["imported"] for state in found} == {True}
    ours = {state["parent"] == os.getpid() for state in found}
    assert ours == {jail == "none"}  # without a jail no socket tells a process to fork


def test_inputs_are_drawn_once_and_are_those_that_each_process_would_draw(monkeypatch):
    seed = 2**63 + 5
    drawn = pool._drawn(2, [LESSON], pool.Terms("none", seed))
    assert set(drawn) == {(task.name, number) for task in tasks(LESSON) for number in (0, seed)}
    for entry in tasks(LESSON):
        due = [expected for _, expected in questions.questions(entry, seed)]
        sent = [drawn[entry.name, number] for number in (0, seed)]
        assert identical([value for part in sent for value in part.expected], due)
        for number, part in zip((0, seed), sent, strict=True):
            assert repr(part.examples) == repr(counterexample.examples(entry, number))
    generated = next(task for task in tasks(LESSON) if task.generated is not None)
    monkeypatch.setattr(counterexample, "_adopted", {})
    further = counterexample.swept(generated, seed)
    inputs, values = ((),), ("its value", *("another" for _ in further))
    counterexample.adopt({(generated.name, seed): counterexample.Drawn(inputs, values)})
    assert counterexample.redrawn(generated, seed)[0] == ()
    questions.questions.cache_clear()
    asked = questions.questions(generated, seed)[len(counterexample.probes(generated)) :]
    questions.questions.cache_clear()
    assert [value for _, value in asked] == list(values)


def test_where_drawing_fails_the_run_goes_on(monkeypatch):
    monkeypatch.setattr(pool, "draw", int)  # which takes no name of a task
    assert pool._drawn(1, [LESSON], pool.Terms("none", 1)) == {}


def test_an_interrupt_keeps_what_there_is(submitted, tmp_path, any_jail):
    command = [sys.executable, "-m", "relukit", "grade", submitted]
    command += ["--output", tmp_path / "grades", "--workers", "1", "--jail", any_jail]
    for i in range(300):
        hand_in(submitted, f"more{i:03}", "solutions")
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    stored = tmp_path / "grades" / "results.jsonl"
    while not stored.exists() or not stored.read_text(encoding="utf-8").count("\n"):
        assert process.poll() is None, process.stderr.read().decode()
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    try:
        printed = process.communicate(timeout=4)
    except subprocess.TimeoutExpired:  # Python drops a signal that comes in a destructor
        process.send_signal(signal.SIGINT)
        printed = process.communicate(timeout=120)
    said, amiss = (text.decode() for text in printed)
    assert process.returncode == 130, said + amiss
    assert "run the same command again" in said
    assert (tmp_path / "grades" / "class.html").exists()
    before = stored.read_text(encoding="utf-8").count("\n")
    assert 0 < before < 303 * N_TASKS
    for i in range(2, 300):
        shutil.rmtree(submitted / f"more{i:03}")
    done_before = {json.loads(line)["student"] for line in stored.read_text("utf-8").splitlines()}
    grades = grade(submitted, tmp_path / "grades", jail=any_jail, executor=1)
    left = {"ada", "bob", "eve", "more000", "more001"} - done_before
    assert grades.n_graded == len(left)
    assert len(grades.results) == 5 * N_TASKS


def test_a_cluster_that_loses_a_worker_loses_nothing(submitted, tmp_path, any_jail):
    distributed = pytest.importorskip("distributed")
    for i in range(5):
        hand_in(submitted, f"more{i}", "solutions")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        pid = next(iter(client.run(os.getpid).values()))
        executor = client.get_executor()
        submit, sent = executor.submit, []

        def kill_one(*args):
            sent.append(submit(*args))
            if len(sent) == 4:
                os.kill(pid, signal.SIGKILL)
            return sent[-1]

        executor.submit = kill_one
        grades = grade(submitted, tmp_path / "grades", jail=any_jail, executor=executor)
    assert len(grades.results) == 8 * N_TASKS
    assert not [r for r in grades.results if r.status == GRADER_ERROR]
    assert sorted(earned(grades.results).values()) == [0, POINTS - 2, *[POINTS] * 6]


def test_the_command_writes_all_that_an_instructor_needs(
    submitted, tmp_path, any_jail, browser, axe
):
    archive = tmp_path / "export.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for path in submitted.rglob("*.ipynb"):
            zipped.write(path, f"{path.parts[-3]}_{LESSON}.ipynb")
    output = tmp_path / "grades"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "relukit", "grade", archive, "--output", output),
            *("--lesson", LESSON, "--nbgrader-db", tmp_path / "gradebook.db", "--jail", any_jail),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"3 students, {3 * N_TASKS} answers" in done.stdout
    text = (output / "gradebook.csv").read_text(encoding="utf-8-sig")
    table = {row["student"]: row for row in csv.DictReader(io.StringIO(text))}
    assert {name: row["total"] for name, row in table.items()} == {
        "ada": str(POINTS),
        "bob": "0",
        "eve": str(POINTS - 2),
    }
    assert len(list((output / "students").glob("*.html"))) == 3
    page = browser.new_page()
    page.goto((output / "class.html").as_uri())
    assert "2 of 3" in page.locator("tr", has_text="The rectifier relu").first.inner_text()
    assert len(page.screenshot(full_page=True)) > 20_000
    assert axe(page) == []
    page.get_by_role("link", name="eve").click()
    assert "this is |x|" in page.locator("main, body").first.inner_text()
    page.close()
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert book.find_submission(LESSON, "ada").score == POINTS
        assert book.find_submission(LESSON, "eve").score == POINTS - 2


def test_nothing_to_grade_and_no_course_are_said(tmp_path, any_jail, monkeypatch):
    with pytest.raises(Exception, match="What to do"):
        grade(tmp_path / "nowhere", tmp_path / "grades", jail=any_jail, executor=1)
    monkeypatch.setattr(runs, "course_folder", lambda: runs_without_course())
    (tmp_path / "submitted").mkdir()
    hand_in(tmp_path / "submitted", "ada", "exercises")
    with pytest.raises(UnavailableError, match="exercises/"):
        grade(tmp_path / "submitted", tmp_path / "grades", jail=any_jail, executor=1)


def runs_without_course():
    raise UnavailableError("the course's exercises/", "none", "run this in the course's folder")


def test_the_command_names_whom_the_machine_was_too_busy_for(tmp_path, monkeypatch):
    from relukit.grading import command

    names = {"ada": "passed", "bob": TOO_BUSY, "eve": "wrong"}
    results = tuple(Result(name, LESSON, "relu", said, 2) for name, said in names.items())
    grades = runs.Grades(results, (), "bwrap", "", 3, interrupted=False, problems=())
    monkeypatch.setattr(command, "grade", lambda *args, **kwargs: grades)
    done = command.run(tmp_path, tmp_path / "grades")
    assert done.n_errors == 1
    assert "1 passed, 1 wrong, 1 machine too busy" in done.summary
    assert done.summary[-1].endswith("when the machine is quieter: bob")
    assert not any("the grader failed" in line for line in done.summary)
    text = (tmp_path / "grades" / "gradebook.csv").read_text(encoding="utf-8-sig")
    rows = {row["student"]: row["total"] for row in csv.DictReader(io.StringIO(text))}
    assert rows == {"ada": "2", "bob": "-", "eve": "0"}
