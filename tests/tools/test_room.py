"""The small room in which the lessons are tested holds what it promises."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.slow
ROOM = Path(__file__).parents[2] / "tools" / "room.py"
TAKE = "x = b'1' * (200 * 2**20)"


def room(*arguments: str, mebibytes: int = 2048) -> subprocess.CompletedProcess:
    command = [sys.executable, str(ROOM), "--mebibytes", str(mebibytes), sys.executable, "-c"]
    return subprocess.run([*command, *arguments], capture_output=True, text=True)


def test_the_command_keeps_its_output_and_its_exit_status():
    run = room("print('here'); raise SystemExit(3)")
    assert (run.stdout, run.returncode) == ("here\n", 3)


def test_it_has_one_processor_and_one_thread():
    run = room("import os, psutil; print(os.environ['OMP_NUM_THREADS'])")
    assert run.stdout == "1\n"
    if not hasattr(psutil.Process(), "cpu_affinity"):
        pytest.skip("no processor can be chosen here")
    wait = "import psutil\nwhile len(psutil.Process().cpu_affinity()) > 1: pass"
    assert room(wait).returncode == 0


@pytest.mark.parametrize(
    "code",
    [
        f"{TAKE}; input()",
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {TAKE + '; input()'!r}])",
    ],
    ids=["itself", "a child"],
)
def test_what_takes_more_memory_is_ended_with_all_that_it_started(code):
    command = [sys.executable, str(ROOM), "--mebibytes", "100", sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        said = run.stderr.read()  # ends when nobody is left who could write
        assert run.wait() == 137
    assert "ended for memory" in said


@pytest.mark.skipif(sys.platform == "win32", reason="nothing remembers the most memory there")
def test_what_took_more_for_a_moment_between_two_looks_has_failed():
    assert room(TAKE, mebibytes=150).returncode == 137


@pytest.mark.skipif(sys.platform == "win32", reason="nothing remembers the most memory there")
def test_what_takes_less_is_measured():
    run = room(TAKE, mebibytes=400)
    assert run.returncode == 0
    assert 200 < int(run.stderr.split("room: ")[1].split()[0]) < 400
