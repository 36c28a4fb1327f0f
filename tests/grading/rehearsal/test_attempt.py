"""`relukit check` and `relukit grade` come to the same verdict on the same notebook."""

import json
import subprocess
import sys

import pytest
from shapes import AGAIN, BESIDE, LESSON, OWN, notebook

from relukit.checks.outcome import Outcome
from relukit.checks.registry import tasks
from relukit.grading.command import run

pytestmark = pytest.mark.slow
SHAPES = BESIDE | OWN | AGAIN


# a process for each notebook, as `check_notebook` starts them, but of what is imported already
_FORKS = """
import json, os, sys
from pathlib import Path
from relukit.checks.registry import task
from relukit.grading.rehearsal.attempt import attempt
import torch, relukit.checks.checking
for path in map(Path, sys.argv[1:]):
    if os.fork() == 0:
        out = open(path.with_suffix(".steps"), "w")
        attempt(path, {}, lambda **step: print(json.dumps(step), file=out, flush=True))
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """Return what the command `check` says of relu in each shape of a notebook."""
    folder = tmp_path_factory.mktemp("checked")
    paths = {name: folder / name / f"{LESSON}.ipynb" for name in SHAPES}
    for name, path in paths.items():
        path.parent.mkdir()
        path.write_text(json.dumps(notebook(SHAPES[name])))
    subprocess.run(
        [sys.executable, "-P", "-c", _FORKS, *map(str, paths.values())],
        check=True,
        capture_output=True,
        cwd=folder,
    )
    found = {}
    for name, path in paths.items():
        steps = map(json.loads, path.with_suffix(".steps").read_text().splitlines())
        outcomes = [Outcome(**step["outcome"]) for step in steps if "outcome" in step]
        assert len(outcomes) == len({outcome.task for outcome in outcomes}) == len(tasks(LESSON))
        (found[name],) = (outcome for outcome in outcomes if outcome.task == "relu")
    return found


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Return what the command `grade` says of the same."""
    folder = tmp_path_factory.mktemp("graded")
    for name, shape in SHAPES.items():
        path = folder / "handed_in" / name / f"{LESSON}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook(shape)))
    run(folder / "handed_in", folder / "out", lesson=LESSON)
    lines = (folder / "out" / "results.jsonl").read_text().splitlines()
    results = [json.loads(line) for line in lines]
    return {entry["student"]: entry for entry in results if entry.get("task") == "relu"}


@pytest.mark.parametrize("name", SHAPES)
def test_the_verdict_on_an_honest_notebook_is_one(name, checked, graded):
    wanted = SHAPES[name].status
    assert checked[name].status == wanted, checked[name]
    assert graded[name]["status"] == wanted, graded[name]
