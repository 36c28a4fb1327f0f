"""A grader that is killed leaves no process behind, whatever its processes were doing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from attacks.interpreter import readable_python

from relukit.errors import UnavailableError
from relukit.grading.jail.choice import choose

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
LESSON = "02_definitions"
ENDLESS = "def relu(x):\n    while True:\n        pass"


@pytest.fixture(params=["bwrap", "none"])
def jail(request):
    if request.param == "none" and readable_python() != sys.executable:
        pytest.skip("this Python can be read by root alone")
    try:
        return choose(request.param)
    except UnavailableError as error:
        pytest.skip(str(error))


def hand_in(folder: Path, student: str, source: str) -> None:
    book = nbformat.read(ROOT / "exercises" / LESSON / f"{LESSON}.ipynb", as_version=4)
    for cell in book.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "relu":
            cell.source = source
    place = folder / student / LESSON
    place.mkdir(parents=True)
    nbformat.write(book, place / f"{LESSON}.ipynb")


def test_no_process_outlives_a_grader_that_is_killed(tmp_path, jail):
    (tmp_path / "ran").touch(mode=0o666)
    (tmp_path / "ran").chmod(0o666)
    for student in ("a", "b", "c"):
        hand_in(tmp_path / "submitted", student, ENDLESS)
    words = ["grade", tmp_path / "submitted", "--output", tmp_path / "grades"]
    words += ["--jail", jail, "--workers", "2"]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "relukit", *words],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    grader, seen = psutil.Process(process.pid), set()
    end = time.monotonic() + 200
    while time.monotonic() < end:  # until an answer is at work: a process that uses its time up
        seen |= set(grader.children(recursive=True))
        if any(map(is_an_answer, seen)):
            break
        time.sleep(0.05)
    else:
        pytest.fail("no answer has run")
    seen |= set(grader.children(recursive=True))
    assert len(seen) > 6
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    _, alive = psutil.wait_procs(seen, timeout=30)
    assert [entry for entry in alive if entry.status() != psutil.STATUS_ZOMBIE] == []


def is_an_answer(process: psutil.Process) -> bool:
    """Return whether it is bound by the limit of time that the grader sets for answers."""
    try:
        limits = Path(f"/proc/{process.pid}/limits").read_text().splitlines()
    except OSError:
        return False
    (time_limit,) = [line for line in limits if line.startswith("Max cpu time")]
    return time_limit.split()[3] == "5"
