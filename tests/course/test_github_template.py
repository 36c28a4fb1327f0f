"""The template for classes on GitHub does what it says, as far as a machine without GitHub can."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from relukit.checks.points import FORMAT
from relukit.checks.registry import tasks

pytestmark = pytest.mark.slow
COURSE = Path(__file__).parents[2]
TEMPLATE = COURSE / "docs" / "github_template"
LESSON = "02_definitions"
NOTEBOOK = f"exercises/{LESSON}/{LESSON}.ipynb"
WORKFLOW = yaml.safe_load((TEMPLATE / ".github" / "workflows" / "check.yml").read_text("utf-8"))
STEPS = WORKFLOW["jobs"]["check"]["steps"]
COMMANDS = {step["name"]: step["run"] for step in STEPS if "run" in step}
WORTH = sum(task.points for task in tasks(LESSON))
HANDED_IN = {"right": "solutions", "stub": "exercises"}


def repository(folder: Path, work: str) -> Path:
    """Make a learner's repository: the template, and a notebook."""
    shutil.copytree(TEMPLATE / ".github", folder / ".github")
    target = folder / NOTEBOOK
    target.parent.mkdir(parents=True)
    if work == "unreadable":
        target.write_text("{", encoding="utf-8")
        return folder
    source = COURSE / HANDED_IN.get(work, "solutions") / LESSON / f"{LESSON}.ipynb"
    book = json.loads(source.read_text(encoding="utf-8"))
    for cell in book["cells"]:
        if work == "wrong" and cell["metadata"].get("nbgrader", {}).get("grade_id") == "relu":
            cell["source"] = "def relu(x):\n    return x\n"
    target.write_text(json.dumps(book), encoding="utf-8")
    (folder / "points.json").write_text('{"earned": 1000}')  # forged, and committed
    (folder / "result.json").write_text('{"score": 1000}')
    return folder


def environment(folder: Path) -> dict[str, str]:
    kept = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "RELUKIT_PROGRESS": str(folder / "progress.json"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "PIP_NO_INDEX": "1",  # it is installed already
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    declared = {k: str(v) for k, v in WORKFLOW["env"].items() if "${{" not in str(v)}
    return kept | declared


def run_steps(folder: Path) -> dict[str, int]:
    """Run the steps as GitHub does: the rest is left out after a failure, unless it says always."""
    statuses: dict[str, int] = {}
    for step in STEPS:
        failed = any(statuses.values())
        if "run" not in step or (failed and step.get("if") != "always()"):
            continue
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(command, cwd=folder, env=environment(folder), check=False)
        statuses[step["name"]] = done.returncode
    return statuses


def test_the_workflow_says_what_github_needs():
    assert set(WORKFLOW) == {"name", True, "permissions", "defaults", "env", "jobs"}  # True is "on"
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert WORKFLOW["defaults"]["run"]["shell"] == "bash"  # which fails where a pipe's part does
    assert WORKFLOW["env"]["NOTEBOOK"] == NOTEBOOK
    assert (COURSE / NOTEBOOK).is_file()
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", name) for name in used)
    assert list(COMMANDS) == ["Install the course", "Check every task", "Show the points"]


@pytest.mark.parametrize(
    ("work", "status", "earned"), [("right", 0, WORTH), ("wrong", 1, WORTH - 2), ("stub", 1, 0)]
)
def test_the_steps_give_a_status_and_points(work, status, earned, tmp_path):
    folder = repository(tmp_path / "learner", work)
    assert run_steps(folder) == {
        "Install the course": 0,
        "Check every task": status,
        "Show the points": 0,
    }
    points = json.loads((folder / "points.json").read_text(encoding="utf-8"))
    assert (points["format"], points["lesson"]) == (FORMAT, LESSON)
    assert (points["earned"], points["points"]) == (earned, WORTH)
    assert points["passed"] is (status == 0)
    assert [entry["task"] for entry in points["tasks"]] == [task.name for task in tasks(LESSON)]
    told = {entry["task"]: entry for entry in points["tasks"]}
    assert told["relu"]["status"] == {"right": "passed", "stub": "not attempted"}.get(work, work)
    if work == "wrong":
        assert told["relu"]["said"]["expected"]
    summary = (folder / "summary.md").read_text(encoding="utf-8")
    assert f"{earned} of {WORTH} points" in summary


def test_without_a_verdict_there_are_no_points_and_no_green_mark(tmp_path):
    folder = repository(tmp_path / "learner", "unreadable")
    statuses = run_steps(folder)
    assert statuses["Check every task"] == 2
    assert statuses["Show the points"] == 1
    assert not (folder / "points.json").exists()


def test_the_autograder_writes_what_classroom_50_collects(tmp_path):
    folder = repository(tmp_path / "learner", "wrong")
    told = {
        **{"CLASSROOM": "cs", "ASSIGNMENT": LESSON, "SUBMISSION_TAG": "submit/1"},
        **{"COMMIT_URL": "https://x.org/c", "RELEASE_URL": "https://x.org/r"},
    }
    command = [sys.executable, TEMPLATE / "autograder.py"]
    subprocess.run(command, cwd=folder, env=environment(folder) | told, check=True)
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    assert result["schema"] == "classroom50/result/v1"
    assert (result["score"], result["max-score"]) == (WORTH - 2, WORTH)
    assert result["score"] == sum(test["score"] for test in result["tests"])
    assert result["max-score"] == sum(test["max-score"] for test in result["tests"])
    assert [test["passed"] for test in result["tests"]].count(False) == 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", result["datetime"])
    assert (result["classroom"], result["assignment"]) == ("cs", LESSON)


def test_the_autograder_fails_where_there_is_no_verdict(tmp_path):
    folder = repository(tmp_path / "learner", "unreadable")
    command = [sys.executable, TEMPLATE / "autograder.py"]
    done = subprocess.run(command, cwd=folder, env=environment(folder), check=False)
    assert done.returncode == 1
    assert not (folder / "result.json").exists()


def test_its_readme_names_files_and_options_that_exist():
    text = (TEMPLATE / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"`(\.github/[\w./]*|autograder\.py)`", text):
        assert (TEMPLATE / name).exists()
    options = subprocess.run(
        [sys.executable, "-m", "relukit", "grade", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"COLUMNS": "200"},
    ).stdout
    for option in re.findall(r"--[a-z]+", text):
        assert option in options
    assert f'"points": {WORTH},' in text
