"""The wheel carries the course, is the same whenever it is built, and runs on its own."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import nbformat
import pytest
import yaml
from distribution import built, digest, tracked

import relukit

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
RELEASE = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text())["jobs"]
COURSE = "relukit/handout/files/"  # where the wheel has it
LESSON = "02_definitions"
SEEKS = """
import glob, os, relukit
def relu(x):
    found = glob.glob(os.path.dirname(relukit.__file__) + "/handout/**", recursive=True)
    if len(found) > 1:
        raise ValueError(found[1])
    return x * (x > 0)
"""


@pytest.fixture(scope="module")
def distribution(tmp_path_factory):
    return built(tmp_path_factory.mktemp("repository"))


@pytest.fixture(scope="module")
def installed(distribution, tmp_path_factory):
    """Return the Python of an environment that has the wheel, beside the libraries of this one."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    words = "import sysconfig; print(sysconfig.get_path('purelib'))"
    command = [python, "-c", words]
    place = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    with zipfile.ZipFile(distribution[0]) as wheel:
        wheel.extractall(place)
    Path(place, "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def run(python: Path, *words: str, cwd: Path, check: bool = True) -> subprocess.CompletedProcess:
    command = [python, "-m", "relukit", *words]
    settings = os.environ | {"RELUKIT_PROGRESS": str(cwd / "progress.json")}
    return subprocess.run(
        command, cwd=cwd, env=settings, capture_output=True, text=True, check=check
    )


def test_the_wheel_has_every_notebook_as_the_repository_has_it(distribution):
    with zipfile.ZipFile(distribution[0]) as wheel:
        carried = {
            name.removeprefix(COURSE): digest(wheel.read(name))
            for name in wheel.namelist()
            if name.startswith(COURSE)
        }
    names = [n for n in tracked("notebooks", "exercises", "solutions") if n.endswith(".ipynb")]
    assert {*names, "REFERENCES.md", "LICENSE"} <= carried.keys()
    assert {n: digest((ROOT / n).read_bytes()) for n in carried} == carried


def test_the_wheel_has_the_pages_of_a_room(distribution):
    names = tracked("relukit/room/templates")
    with zipfile.ZipFile(distribution[0]) as wheel:
        assert set(names) <= set(wheel.namelist())
    assert len(names) > 5


def test_every_module_and_table_of_the_wheel_is_the_repositorys(distribution):
    with zipfile.ZipFile(distribution[0]) as wheel:
        own = [n for n in wheel.namelist() if n.startswith("relukit/") and COURSE not in n]
        assert {n: digest((ROOT / n).read_bytes()) for n in own} == {
            n: digest(wheel.read(n)) for n in own
        }
    assert {n for n in tracked("relukit") if n.endswith((".py", ".pyi", ".toml"))} <= set(own)


def test_a_second_build_is_the_same_bytes(distribution, tmp_path):
    again = built(tmp_path)
    for first, second in zip(distribution, again, strict=True):
        assert digest(first.read_bytes()) == digest(second.read_bytes()), first.name
    assert f"relukit-{relukit.__version__}-py3-none-any.whl" == distribution[0].name


def test_a_package_index_would_take_it(distribution):
    pytest.importorskip("twine", reason="pip install -e '.[dev]'")
    command = [sys.executable, "-m", "twine", "check", "--strict", *distribution]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_what_the_wheel_lays_into_a_folder_is_what_the_repository_has(installed, tmp_path):
    said = run(installed, "start", "course", "--no-open", cwd=tmp_path).stdout
    assert "0 of yours kept" in said
    course = tmp_path / "course"
    laid = [p for p in course.rglob("*") if p.is_file() and p.name != ".relukit.json"]
    assert len(laid) > len(tracked("notebooks", "exercises"))
    for path in laid:
        own = ROOT / path.relative_to(course)
        assert digest(path.read_bytes()) == digest(own.read_bytes()), path
    again = run(installed, "start", "course", "--no-open", cwd=tmp_path).stdout
    assert f"0 new, 0 renewed, {len(laid)} as they were" in again


def test_an_answer_is_checked_and_reset_in_what_the_wheel_has_laid(installed, tmp_path):
    run(installed, "start", "course", "--no-open", cwd=tmp_path)
    path = tmp_path / "course" / "exercises" / LESSON / f"{LESSON}.ipynb"
    answered(path, "def relu(x):\n    return x * (x > 0)")
    said = run(installed, "check", str(path), cwd=tmp_path, check=False).stdout
    assert "passed" in said.splitlines()[0] or "wrong" in said.splitlines()[0]
    assert "reset" in run(installed, "reset", str(path), "relu", cwd=tmp_path).stdout
    assert "raise NotImplementedError" in answer(nbformat.read(path, 4)).source


def test_no_answer_that_is_graded_sees_what_the_wheel_carries(installed, tmp_path):
    path = tmp_path / "submitted" / "ada" / f"{LESSON}.ipynb"
    path.parent.mkdir(parents=True)
    shutil.copyfile(ROOT / "exercises" / LESSON / f"{LESSON}.ipynb", path)
    answered(path, SEEKS)
    done = run(installed, "grade", "submitted", "--output", "grades", cwd=tmp_path, check=False)
    if "a jail that bubblewrap" in done.stderr or "the program bwrap" in done.stderr:
        pytest.skip(done.stderr)
    lines = (tmp_path / "grades" / "results.jsonl").read_text().splitlines()
    (found,) = (one for one in map(json.loads, lines) if one["task"] == "relu")
    assert "handout" not in json.dumps(found), found
    assert found["status"] in ("passed", "wrong"), done.stderr


def answer(notebook):
    return next(
        c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "relu"
    )


def answered(path: Path, source: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    answer(notebook).source = source
    nbformat.write(notebook, path)


def test_a_release_is_built_twice_checked_and_published_without_a_password():
    text = " ".join(step.get("run", "") for step in RELEASE["build"]["steps"])
    for words in ("SOURCE_DATE_EPOCH", "diff -r dist again", "twine check --strict", "-m build"):
        assert words in text
    publish = RELEASE["publish"]
    assert (publish["needs"], publish["permissions"]) == ("build", {"id-token": "write"})
    assert "secrets." not in (ROOT / ".github" / "workflows" / "release.yml").read_text()


def test_the_container_installs_what_the_lab_needs_with_the_build_of_torch_for_cpus():
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    assert container["containerEnv"]["UV_TORCH_BACKEND"] == "cpu"
    assert "--editable '.[lab]'" in container["postCreateCommand"]
    for name in container["customizations"]["codespaces"]["openFiles"]:
        assert (ROOT / name).is_file()
