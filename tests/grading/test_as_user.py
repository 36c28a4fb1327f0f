"""The grader in the hands of a user who is not root, as most instructors are."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from attacks.interpreter import readable_python

pytestmark = pytest.mark.slow
COURSE = Path(__file__).parents[2]
LESSON = "02_definitions"
USER = 64_999
ANSWERS = {
    "ada": None,
    "eve": "def relu(x):\n    return abs(x)",
    "joe": "import glob\ndef relu(x):\n    assert glob.glob('COURSE/solutions/*')\n    1 / 0",
    "kim": "import numpy as np\nstatus = open('/proc/self/status').read()\n"
    "assert 'CapEff:\\t0000000000000000\\nCapBnd' in status\n"
    "def relu(x):\n    return np.maximum(x, 0)",
}


def as_user(folder: Path, *words: str) -> subprocess.CompletedProcess:
    """Run Python as a user without rights, from a folder of its own."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "COLUMNS": "200"},
        user=USER,
        group=USER,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture
def folder(tmp_path_factory):
    """A home with four submissions: all right, one wrong answer, and two that look around."""
    if os.geteuid() != 0:
        pytest.skip("every other test of the grader has run as such a user")
    if readable_python() != sys.executable:
        pytest.skip("this Python can be read by root alone")
    home = tmp_path_factory.mktemp("home")
    book = nbformat.read(COURSE / "solutions" / LESSON / f"{LESSON}.ipynb", as_version=4)
    for cell in book.cells:  # with its marks it is the course's, and is refused
        lines = cell.source.splitlines()
        cell.source = "\n".join(line for line in lines if " SOLUTION" not in line)
    for student, source in ANSWERS.items():
        for cell in book.cells:
            if source and cell.metadata.get("nbgrader", {}).get("grade_id") == "relu":
                cell.source = source.replace("COURSE", str(COURSE))
        place = home / "submitted" / student / LESSON / f"{LESSON}.ipynb"
        place.parent.mkdir(parents=True)
        nbformat.write(book, place)
    for path in (home, *home.rglob("*")):
        os.chown(path, USER, USER)
    for parent in home.parents:
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)  # pytest makes its own for this user alone
    return home


@pytest.mark.parametrize("jail", ["bwrap", "none"])
def test_a_class_is_graded_by_a_user_without_rights(folder, jail):
    words = ("-m", "relukit", "grade", "submitted", "--output", "grades", "--jail", jail)
    done = as_user(folder, *words, "--workers", "1")
    if jail == "bwrap" and "Expected" in done.stderr + done.stdout:
        pytest.skip(done.stderr + done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = (folder / "grades" / "results.jsonl").read_text().splitlines()
    told = {r["student"]: r for r in map(json.loads, lines) if r["task"] == "relu"}
    assert {student: found["status"] for student, found in told.items()} == {
        **{"ada": "passed", "eve": "wrong", "joe": "raised", "kim": "passed"}
    }
    assert {found["jail"] for found in told.values()} == {jail}
    # the jail shows no solutions; without one, and with the user's own rights, they can be read
    raised = "AssertionError" if jail == "bwrap" else "ZeroDivisionError"
    assert raised in told["joe"]["because"]
