"""The file of results loses at most what was being written, and never what was written before."""

import json
import os
import signal
import stat
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relukit.errors import InvalidValueError, UnavailableError
from relukit.grading.result import UNSCORED, Result
from relukit.grading.store import NAME, ResultStore, write_whole

LESSON = "02_definitions"
TASKS = ("relu", "hinge_weights", "kill_the_mutants")

# adds students one after the other, and says so after each
WRITER = """
import sys
from relukit.grading.result import Result
from relukit.grading.store import ResultStore
store = ResultStore(sys.argv[1])
first = int(sys.argv[2])
for i in range(first, first + 10_000):
    store.add(Result(f"s{i}", "02_definitions", t, "passed", 2, got="x" * 400, digest="d")
              for t in ("relu", "hinge_weights", "kill_the_mutants"))
    print(i, flush=True)
"""

# writes some of the bytes of the second student and is killed there
VICTIM = """
import os, signal, sys
from relukit.grading.result import Result
from relukit.grading.store import ResultStore
def block(name):
    return [Result(name, "02_definitions", t, "passed", 2, digest="d")
            for t in ("relu", "hinge_weights", "kill_the_mutants")]
store = ResultStore(sys.argv[1])
store.add(block("ada"))
whole = os.write
def part(handle, data):
    whole(handle, data[: int(len(data) * float(sys.argv[2]))])
    os.kill(os.getpid(), signal.SIGKILL)
os.write = part
store.add(block("bob"))
"""


def block(student="ada", *, digest="d", status="passed", lesson=LESSON):
    return [Result(student, lesson, task, status, 2, digest=digest, jail="bwrap") for task in TASKS]


def test_what_is_added_is_loaded_sorted(tmp_path):
    store = ResultStore(tmp_path)
    store.add(block("bob"))
    store.add(iter(block("ada")))
    assert ResultStore(tmp_path).load() == store.load()
    assert store.load().results == (*block("ada"), *block("bob"))
    assert store.load().problems == ()


def test_an_empty_or_missing_folder_holds_nothing(tmp_path):
    assert ResultStore(tmp_path / "new" / "one").load().results == ()


def test_each_line_is_one_result(tmp_path):
    ResultStore(tmp_path).add(block())
    lines = [json.loads(line) for line in (tmp_path / NAME).read_text().splitlines()]
    assert [line["task"] for line in lines] == list(TASKS)
    assert {"seed", "seconds", "jail", "status", "digest"} <= lines[0].keys()


def test_only_the_same_submission_is_done(tmp_path):
    store = ResultStore(tmp_path)
    store.add(block(digest="d1"))
    for same in (store, ResultStore(tmp_path)):
        assert same.done("ada", LESSON, "d1")
        assert not same.done("ada", LESSON, "d2")
        assert not same.done("ada", "01_history", "d1")
        assert not same.done("bob", LESSON, "d1")


def test_a_submission_without_a_digest_is_never_done(tmp_path):
    store = ResultStore(tmp_path)
    store.add(block(digest=""))
    assert not store.done("ada", LESSON, "")


@pytest.mark.parametrize("status", UNSCORED)
def test_what_has_no_score_is_graded_again(tmp_path, status):
    store = ResultStore(tmp_path)
    store.add([*block()[:2], Result("ada", LESSON, "kill_the_mutants", status, 2, digest="d")])
    assert not store.done("ada", LESSON, "d")
    assert not ResultStore(tmp_path).done("ada", LESSON, "d")
    store.add(block())
    assert store.done("ada", LESSON, "d")
    assert store.load().results == tuple(block())


def test_new_results_replace_old_ones(tmp_path):
    store = ResultStore(tmp_path)
    store.add(block(digest="old"))
    store.add(block(digest="new", status="wrong"))
    assert store.load().results == tuple(block(digest="new", status="wrong"))
    assert not store.done("ada", LESSON, "old")


@pytest.mark.parametrize(
    "wrong", [[], [*block("ada"), *block("bob")], [*block(), *block(lesson="x")], block() * 2]
)
def test_only_one_student_and_lesson_is_added_at_once(tmp_path, wrong):
    with pytest.raises(InvalidValueError, match="one student and one lesson"):
        ResultStore(tmp_path).add(wrong)
    assert not (tmp_path / NAME).exists()


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_a_killed_process_loses_at_most_the_student_it_was_writing(tmp_path):
    acknowledged = 0
    for first in (0, 100_000, 200_000):
        command = [sys.executable, "-c", WRITER, str(tmp_path), str(first)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            for _ in range(25):
                acknowledged += bool(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
            acknowledged += len(writer.stdout.readlines())
        assert writer.returncode == -signal.SIGKILL
    stored = ResultStore(tmp_path).load()
    students = [result.student for result in stored.results]
    assert all(students.count(student) == len(TASKS) for student in set(students))
    assert acknowledged <= len(set(students)) <= acknowledged + 3


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
@pytest.mark.parametrize("share", [0.0, 0.1, 0.34, 0.5, 0.9, 0.99])
def test_a_process_killed_in_the_middle_of_a_write_corrupts_nothing(tmp_path, share):
    run = subprocess.run([sys.executable, "-c", VICTIM, str(tmp_path), str(share)], check=False)
    assert run.returncode == -signal.SIGKILL
    store = ResultStore(tmp_path)
    assert [(r.student, r.task) for r in store.load().results] == [("ada", t) for t in TASKS]
    assert bool(store.load().problems) == (share > 0)
    assert store.done("ada", LESSON, "d")
    assert not store.done("bob", LESSON, "d")
    store.add(block("bob"))  # starts on a line of its own
    assert {r.student for r in store.load().results} == {"ada", "bob"}
    assert store.done("bob", LESSON, "d")


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_any_beginning_of_the_file_gives_whole_students(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("store")
    store = ResultStore(folder)
    for student in ("ada", "bob", "eve"):
        store.add(block(student))
    whole = (folder / NAME).read_bytes()
    (folder / NAME).write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    results = ResultStore(folder).load().results
    assert list(results) == [r for s in ("ada", "bob", "eve") for r in block(s)][: len(results)]
    assert len(results) % len(TASKS) == 0


GOOD = {"part": 1, "of": 1, **block()[0].as_dict()}
FOREIGN = [
    b"not json",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b"{}",
    b"[1, 2]",
    b"null",
    b'"text"',
    json.dumps(GOOD | {"status": "A+"}).encode(),
    json.dumps(GOOD | {"student": 5}).encode(),
    json.dumps(GOOD | {"points": "2"}).encode(),
    json.dumps(GOOD | {"points": True}).encode(),
    json.dumps(GOOD | {"part": 0}).encode(),
    json.dumps(GOOD | {"part": 2, "of": 3}).encode(),
    json.dumps(GOOD | {"part": 1, "of": 2}).encode(),
    json.dumps(GOOD | {"part": []}).encode(),
    json.dumps(GOOD | {"more": 1}).encode(),
    json.dumps({k: v for k, v in GOOD.items() if k != "task"}).encode(),
]


@pytest.mark.parametrize("line", FOREIGN, ids=lambda line: line[:20].decode("latin-1"))
def test_a_foreign_line_is_reported_and_costs_no_other_student(tmp_path, line):
    store = ResultStore(tmp_path)
    store.add(block("ada"))
    with store.file.open("ab") as stream:
        stream.write(line + b"\n")
    store.add(block("bob"))
    stored = ResultStore(tmp_path).load()
    assert {r.student for r in stored.results} == {"ada", "bob"}
    assert len(stored.results) == 2 * len(TASKS)
    assert len(stored.problems) == 1


def test_settling_leaves_one_line_a_result_and_keeps_a_damaged_file_aside(tmp_path):
    store = ResultStore(tmp_path)
    store.add(block("bob", digest="old"))
    store.add(block("ada"))
    store.add(block("bob", digest="new"))
    assert store.settle().problems == ()
    lines = [json.loads(line) for line in store.file.read_text().splitlines()]
    assert [line["student"] for line in lines] == ["ada"] * 3 + ["bob"] * 3
    assert os.listdir(tmp_path) == [NAME]
    before = store.file.read_bytes() + b"torn"
    store.file.write_bytes(before)
    assert len(store.settle().problems) == 1
    assert (tmp_path / f"{NAME}.damaged-1").read_bytes() == before
    assert ResultStore(tmp_path).load().problems == ()
    assert ResultStore(tmp_path).done("bob", LESSON, "new")


def test_odd_names_survive(tmp_path):
    names = ["\udc80", "a\nb", "\u202e", '"', "\u738b"]
    for name in names:
        ResultStore(tmp_path).add(block(name))
    assert {r.student for r in ResultStore(tmp_path).load().results} == set(names)


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
def test_only_the_owner_reads_the_results(tmp_path):
    store = ResultStore(tmp_path)
    store.add(block())
    assert stat.S_IMODE(store.file.stat().st_mode) == 0o600
    store.settle()
    assert stat.S_IMODE(store.file.stat().st_mode) == 0o600


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    write_whole(path, "old")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(UnavailableError, match="disk full"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["page.html"]


# adds students until the disk is full, and says how many it has stored
FILLER = """
import resource, sys
from relukit.errors import UnavailableError
from relukit.grading.result import Result
from relukit.grading.store import ResultStore, write_whole
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
store = ResultStore(sys.argv[1])
try:
    for i in range(99):
        store.add(Result(f"s{i}", "02_definitions", t, "passed", 2, got="x" * 400, digest="d")
                  for t in ("relu", "hinge_weights", "kill_the_mutants"))
except UnavailableError as error:
    print(i, error)
try:
    write_whole(store.file, "x" * 10**6)
except UnavailableError as error:
    print(error)
"""


@pytest.mark.parametrize("size", [1, 5000, 7777])
def test_a_full_disk_is_said_and_tears_nothing(tmp_path, size):
    words = [sys.executable, "-c", FILLER, tmp_path, str(size)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    first, second = done.stdout.splitlines()
    n_stored = int(first.split()[0])
    assert all("room for" in line and "What to do: make room" in line for line in (first, second))
    stored = ResultStore(tmp_path).load()
    assert len(stored.results) == 3 * n_stored
    assert stored.problems == ()
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    store = ResultStore(tmp_path)
    assert [store.done(f"s{i}", LESSON, "d") for i in (0, n_stored)] == [n_stored > 0, False]
    store.add(block("zoe"))
    assert len(store.settle().results) == 3 * n_stored + 3
