"""Answers that were late: whoever may have been starved by a neighbour is graded again, alone."""

import contextlib
import functools
import os
import subprocess
import sys
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace

import pytest
from submitted import hand_in

from relukit.checks.registry import tasks
from relukit.grading import pool, questions, student
from relukit.grading import run as runs
from relukit.grading.jail import bubblewrap as jails
from relukit.grading.jail import launcher
from relukit.grading.jail.child import Child
from relukit.grading.jail.exchange import Answer, Request
from relukit.grading.questions import Terms
from relukit.grading.result import TOO_BUSY, Result
from relukit.grading.student import grade_student
from relukit.grading.submission import Submission

pytestmark = pytest.mark.slow
LESSON = "02_definitions"
SPINNERS = """
import os
def relu(x):
    for _ in range(40):
        try:
            if os.fork() == 0:
                os.setsid()
                while True: pass
        except OSError: break
    while True: pass
"""
BUSY = """
import time
def relu(x):
    end = time.process_time() + 0.0002
    while time.process_time() < end: pass
    return np.maximum(x, 0)
"""
SLEEPER = "import time\ndef relu(x):\n    time.sleep(99)\n"


def result(name: str, status: str = "timed out", **more: object) -> Result:
    return Result(name, LESSON, "relu", status, 2, **more)


@pytest.mark.parametrize(
    ("taken", "late"),
    [
        ({"seconds": 10.0, "cpu": 0.0}, True),
        ({"seconds": 10.0, "cpu": 4.8}, True),
        ({"seconds": 10.0, "cpu": 5.0}, False),
        ({"seconds": 5.1, "cpu": 5.0}, False),
        ({"seconds": 10.0, "cpu": 0.0, "status": "raised"}, False),
        ({"status": "too much memory"}, True),
        ({"status": "too much memory", "cgroup": "v2"}, False),
        ({"seconds": 0.4, "status": "too much memory"}, False),
    ],
)
def test_late_is_who_was_stopped_for_what_others_may_have_caused(taken, late):
    assert result("ada", **taken).late is late


LATE = {"seconds": 10.0, "cpu": 1.0}


class Recorder(Executor):
    """Runs each task when it is asked for, and notes whose it was and how many were open."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, bool]] = []

    def submit(self, function, work, terms, late=()):
        self.calls.append((work[0].student, bool(late)))
        future: Future = Future()
        status = "passed" if late or work[0].student != "ada" else "timed out"
        future.set_result([result(work[0].student, status, **LATE)])
        return future


def test_who_was_late_is_graded_again_when_all_others_are_done():
    executor = Recorder()
    work = [(Submission(name, LESSON),) for name in ("ada", "bob", "eve")]
    found = list(runs._by(executor, work, Terms("none", 1)))
    assert executor.calls == [("ada", False), ("bob", False), ("eve", False), ("ada", True)]
    assert [(one.student, one.status) for (one,) in found][-1] == ("ada", "passed")
    assert len(found) == 3


class Processes(Recorder):
    """The same in place of the processes that grade."""

    def __init__(self, n_workers, **more) -> None:
        super().__init__()
        made.append((n_workers, self))

    def shutdown(self, **more):
        pass


made: list[tuple[int, Processes]] = []


def test_processes_grade_the_late_one_alone_too(monkeypatch):
    made.clear()
    monkeypatch.setattr(pool, "ProcessPoolExecutor", Processes)
    monkeypatch.setattr(pool, "_drawn", lambda *args: {})
    work = [(Submission(name, LESSON),) for name in ("ada", "bob")]
    found = list(pool.by_processes(2, work, Terms("none", 1)))
    assert [one.student for (one,) in found] == ["bob", "ada"]
    assert [(n, executor.calls) for n, executor in made] == [
        (2, [("ada", False), ("bob", False)]),
        (1, [("ada", True)]),
    ]


def asked(monkeypatch, answers: list[Answer]) -> list[Request]:
    requests: list[Request] = []

    def ask(self, request):
        requests.append(request)
        return answers[len(requests) - 1]

    monkeypatch.setattr(Child, "ask", ask)
    return requests


NAMES = [task.name for task in tasks(LESSON)][:3]
SLEPT = Answer("timed out", seconds=10.0, cpu=0.1)
STARVED = Answer("timed out", seconds=10.0, cpu=0.1, waited=9.0)


@pytest.mark.parametrize(
    ("first", "again", "n_asked", "became"),
    [
        ([SLEPT] * 3, [SLEPT] * 3, 1, "timed out"),  # one that sleeps costs the class its time once
        ([STARVED] * 3, [SLEPT] * 3, 3, "timed out"),
        ([STARVED] * 3, [STARVED] * 3, 3, TOO_BUSY),
        ([STARVED] * 3, [replace(STARVED, seconds=20.0, cpu=5.0)] * 3, 3, "timed out"),
        ([Answer("died", seconds=1.0)] * 3, [], 0, "raised"),
    ],
)
def test_only_what_was_late_is_asked_again_with_more_patience(
    monkeypatch, first, again, n_asked, became
):
    answers = {name: f"def {name}(x): pass" for name in NAMES}
    submissions = [Submission("ada", LESSON, "ada.ipynb", answers)]
    terms = Terms("none", 1)
    asked(monkeypatch, first)
    found = grade_student(submissions, terms)
    requests = asked(monkeypatch, again)
    second = grade_student(submissions, terms, found)
    assert [request.patience for request in requests] == [student.PATIENCE] * n_asked
    assert [r.task for r in second] == [r.task for r in found]
    assert {r.status for r in found[:3]} <= {"timed out", "raised"}
    assert [r.status for r in second[:3]] == [became] * 3
    points = [None] * 3 if became == TOO_BUSY else [0] * 3
    assert [r.earned for r in second[:3]] == points


def test_who_was_kept_from_the_processors_twice_is_told_so(monkeypatch):
    submissions = [Submission("ada", LESSON, "ada.ipynb", {"relu": "def relu(x): pass"})]
    asked(monkeypatch, [STARVED])
    found = grade_student(submissions, Terms("none", 1))
    asked(monkeypatch, [replace(STARVED, seconds=20.0, cpu=1.25, waited=18.0)])
    again = grade_student(submissions, Terms("none", 1), found)[0]
    assert (again.status, again.seconds, again.cpu, again.waited) == (TOO_BUSY, 20.0, 1.25, 18.0)
    told = "in 20.0 seconds it had a processor for 1.2 and waited for one for 18.0"
    assert again.because == told


def test_forty_spinners_and_a_sleeper_cost_a_neighbour_nothing(
    tmp_path,
    monkeypatch,
    any_jail,
):
    for name, source in (("eve", SPINNERS), ("ada", BUSY), ("zoe", SLEEPER)):
        hand_in(tmp_path / "submitted", name, "exercises", relu=source)
    monkeypatch.setattr(runs, "Terms", functools.partial(questions.Terms, seconds=3))
    with ThreadPoolExecutor(2) as executor:
        grades = runs.grade(
            tmp_path / "submitted", tmp_path / "grades", jail=any_jail, executor=executor
        )
    found = {r.student: r.status for r in grades.results if r.task == "relu"}
    assert found == {"ada": "passed", "eve": "timed out", "zoe": "timed out"}


HALF_A_SECOND = """
import time
def relu(x):
    while time.process_time() < START + 0.5: pass
    return np.maximum(x, 0)
START = time.process_time()
"""
FOR_EVER = "def relu(x):\n    while True: pass\n"


@contextlib.contextmanager
def busy(processor: int, n: int):
    """Keep a processor busy with other processes, each of a session, as the kernel shares it."""
    code = f"import os\nos.sched_setaffinity(0, {{{processor}}})\nos.close(1)\nwhile True: pass"
    command = [sys.executable, "-S", "-c", code]
    apart = {"stdout": subprocess.PIPE, "start_new_session": True}
    others = [subprocess.Popen(command, **apart) for _ in range(n)]
    try:
        for other in others:
            with other.stdout as line:
                line.read()  # ends when it begins
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


@pytest.fixture
def pinned(any_jail):
    """Let answers run on one processor alone."""
    allowed = os.sched_getaffinity(0)
    processor = min(allowed)
    launcher._server(jails.interpreter(any_jail)).close()
    os.sched_setaffinity(0, {processor})
    try:
        with Child(any_jail, libraries="numpy"):  # the server that all others are forked from
            launcher.share(any_jail, libraries="numpy")
        os.sched_setaffinity(0, allowed)
        yield processor
    finally:
        os.sched_setaffinity(0, allowed)
        launcher._server(jails.interpreter(any_jail)).close()


def test_a_right_answer_on_a_machine_that_stays_busy_gets_no_zero(monkeypatch, any_jail, pinned):
    monkeypatch.setattr(student, "PATIENCE", 1.0)
    set_up = {LESSON: "import numpy as np"}
    terms = Terms(any_jail, 1, set_ups=set_up, seconds=1)
    became = {}

    def again(source: str) -> Result:
        work = [Submission("ada", LESSON, "ada.ipynb", {"relu": source})]
        late = [r for r in grade_student([Submission("ada", LESSON)], terms) if r.task != "relu"]
        late.insert(0, result("ada", seconds=2.0, waited=1.9))
        return grade_student(work, terms, late)[0]

    became["quiet"] = again(HALF_A_SECOND)
    with busy(pinned, 12):
        became["busy"] = again(HALF_A_SECOND)
        became["sleeper"] = again(SLEEPER)
    became["crowd"] = again(SPINNERS)  # which waits for its own processes alone
    became["loop"] = again(FOR_EVER)
    assert {name: one.status for name, one in became.items()} == {
        "quiet": "passed",
        "busy": TOO_BUSY,
        "sleeper": "timed out",
        "crowd": "timed out",
        "loop": "timed out",
    }, {name: (one.seconds, one.cpu, one.waited) for name, one in became.items()}
