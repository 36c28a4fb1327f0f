"""Every notebook is executed in order, readable, and made the way it should be."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median

import nbformat
import pytest

from relukit.syllabus import module

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
SOLUTIONS = sorted((ROOT / "solutions").glob("*/*.ipynb"))
EXERCISES = sorted((ROOT / "exercises").glob("*/*.ipynb"))
NOTEBOOKS = LESSONS + SOLUTIONS + EXERCISES
FORBIDDEN = r"^\s*[!%]|\bplt\.|sys\.path|os\.chdir|filterwarnings|simplefilter"


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code(path: Path) -> list:
    return [c for c in read(path).cells if c.cell_type == "code"]


def prose(path: Path) -> str:
    return "\n\n".join(c.source for c in read(path).cells if c.cell_type == "markdown")


def statements(cell) -> list[str]:
    return [line for line in cell.source.splitlines() if line.strip()]


every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
every_lesson = pytest.mark.parametrize("path", LESSONS, ids=name)
every_exercise = pytest.mark.parametrize("path", EXERCISES, ids=name)


@every_notebook
def test_cells_were_executed_in_order_on_a_fresh_kernel(path):
    counts = [c.execution_count for c in code(path)]
    assert counts == list(range(1, len(counts) + 1))


@every_notebook
def test_some_cells_are_compared_with_their_stored_outputs(path):
    compared = [
        c
        for c in code(path)
        if c.outputs and "nbval-ignore-output" not in c.metadata.get("tags", [])
    ]
    assert len(compared) >= 2


@every_notebook
def test_no_output_is_an_error_or_stands_on_stderr_or_names_a_path_of_a_machine(path):
    for cell in code(path):
        for output in cell.outputs:
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", cell.source
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/(home|root|Users|tmp|work)/|site-packages|0x[0-9a-f]{6,}", text)


@every_notebook
def test_a_notebook_stays_under_one_mebibyte(path):
    assert path.stat().st_size < 2**20


@every_notebook
def test_cells_are_short_and_touch_nothing_outside(path):
    """One solved cell, which no learner is given, is a whole training loop."""
    assert median(len(statements(c)) for c in code(path)) <= 6
    for cell in code(path):
        most = 22 if cell.source.startswith("def read_letters(") else 15
        assert len(statements(cell)) <= most, cell.source
        assert not re.search(FORBIDDEN, cell.source, flags=re.MULTILINE), cell.source


@every_notebook
def test_a_notebook_imports_from_the_package_and_from_its_own_lesson_and_nothing_deeper(path):
    own = module(path.stem)
    source = "\n".join(cell.source for cell in code(path))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("relukit."):
            assert node.module == own or node.module.count(".") == 1, node.module
            assert node.module != "relukit.lessons"


@every_lesson
def test_a_lesson_defines_nothing_longer_than_eight_lines(path):
    for cell in code(path):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                assert node.end_lineno - node.lineno < 8, cell.source


@every_lesson
def test_a_lesson_has_prerequisites_summary_and_references(path):
    text = prose(path)
    assert "**Prerequisites**" in text
    assert "## Summary" in text
    assert "## References" in text


@every_notebook
def test_links_lead_to_files_that_exist(path):
    for target in re.findall(r"\[[^\]]+\]\(([^)]+)\)", prose(path)):
        if not target.startswith("http"):
            assert (path.parent / target.split("#")[0]).exists(), target


@every_lesson
def test_what_answers_a_prediction_is_folded_until_the_learner_runs_it(path):
    waiting = False
    for cell in code(path):
        folded = cell.metadata.get("jupyter", {}).get("outputs_hidden", False)
        settles = "verdict(" in cell.source
        assert folded == ((waiting and "predict(" not in cell.source) or settles), cell.source
        waiting = (waiting or "predict(" in cell.source) and not settles


@every_exercise
def test_every_task_of_the_released_exercises_is_not_attempted(path):
    checks = [c for c in code(path) if re.match(r"check\(", c.source)]
    assert checks
    for cell in checks:
        assert "not attempted" in cell.outputs[0].data["text/plain"], cell.source
    counts = re.findall(r"(\d+) of \d+ tasks", code(path)[-1].outputs[0].data["text/plain"])
    assert {*counts} == {"0"}, "the last cell stores somebody's progress: run make exercises"


@pytest.mark.parametrize("path", SOLUTIONS, ids=name)
def test_every_task_of_the_solutions_is_passed(path):
    checks = [c for c in code(path) if re.match(r"check\(", c.source)]
    assert checks
    for cell in checks:
        assert "passed" in cell.outputs[0].data["text/plain"], cell.source


def test_solutions_and_exercises_are_mirror_trees():
    assert [p.relative_to(ROOT / "solutions") for p in SOLUTIONS] == [
        p.relative_to(ROOT / "exercises") for p in EXERCISES
    ]


@pytest.mark.parametrize("path", SOLUTIONS, ids=name)
def test_the_tasks_of_a_lesson_have_one_answer_and_one_graded_check_each(path):
    from relukit.checks.registry import tasks

    graded = [c for c in code(path) if c.metadata.get("nbgrader", {}).get("grade")]
    answers = [c for c in code(path) if c.metadata.get("nbgrader", {}).get("solution")]
    found = tasks(path.stem)
    assert [c.source for c in graded] == [f"check({t.name})" for t in found]
    assert [c.metadata.nbgrader.grade_id for c in answers] == [t.name for t in found]
    for cell, task in zip(answers, found, strict=True):
        assert re.search(rf"^(def|class) {task.name}\(", cell.source, flags=re.MULTILINE)
        assert "### BEGIN SOLUTION" in cell.source


@pytest.mark.slow
@every_exercise
def test_nbgrader_makes_the_exercises_from_the_solutions(path, tmp_path):
    """The stored outputs are set aside: they are compared by nbval."""
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", path.stem, "--no-db"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    made = read(tmp_path / "exercises" / path.parent.name / path.name)
    stored = read(path)
    for cell in stored.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    assert made.cells == stored.cells
