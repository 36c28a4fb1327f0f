"""`relukit check` and `relukit grade` come to the same verdict on the same notebook."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from shapes import BESIDE, LESSON, notebook

from relukit.grading.command import run
from relukit.grading.rehearsal.notebook import check_notebook

SHAPES = BESIDE


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """Return what the command `check` says of relu in each shape of a notebook."""
    folder = tmp_path_factory.mktemp("checked")

    def outcome(name: str):
        path = folder / name / f"{LESSON}.ipynb"
        path.parent.mkdir()
        path.write_text(json.dumps(notebook(SHAPES[name])))
        found = {outcome.task: outcome for outcome in check_notebook(path, seconds=60)}
        assert len(found) == 9
        return found["relu"]

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(SHAPES, pool.map(outcome, SHAPES), strict=True))


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
