"""A newer release comes in by git or nbgitpuller, and never over what a learner wrote."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
MINE = "exercises/02_definitions/02_definitions.ipynb"  # edited by the learner and by the release
THEIRS = "exercises/01_history/01_history.ipynb"  # edited by the release alone
NEW = "notebooks/07_new.ipynb"
CODE = "relukit/__init__.py"
OWN = "def relu(x):\n    return abs(x)"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("git"), reason="git is not installed"),
]


@pytest.fixture(autouse=True)
def no_ones_git(monkeypatch, tmp_path):
    """Keep the settings of this computer's user and system out."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("HOME", str(tmp_path))


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@localhost", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def change(path: Path, index: int, text: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[index].source = text
    nbformat.write(notebook, path)


@pytest.fixture
def course(tmp_path):
    """Return the author's repository and a learner's clone of its first release."""
    author, learner = tmp_path / "author", tmp_path / "learner"
    for name in (MINE, THEIRS, CODE, ".gitattributes", "Makefile"):
        (author / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, author / name)
    git(tmp_path, "init", "--quiet", "--initial-branch=main", "author")
    git(author, "add", ".")
    git(author, "commit", "--quiet", "-m", "First release")
    git(tmp_path, "clone", "--quiet", f"file://{author}", "learner")
    return author, learner


def release(author: Path) -> None:
    """Change the same answer that the learner changed, insert a cell, and add a lesson."""
    for name in (MINE, THEIRS):
        change(author / name, 3, "def relu(x):\n    ...")
        notebook = nbformat.read(author / name, as_version=4)
        notebook.cells.insert(2, nbformat.v4.new_code_cell("1 + 1", id="new"))
        nbformat.write(notebook, author / name)
    (author / CODE).write_text((ROOT / CODE).read_text() + "# second release\n")
    (author / NEW).parent.mkdir()
    nbformat.write(nbformat.v4.new_notebook(), author / NEW)
    git(author, "add", ".")
    git(author, "commit", "--quiet", "-m", "Second release")


def came_in(author: Path, learner: Path) -> bool:
    """Return whether what the learner had not touched is that of the new release."""
    return all(
        (learner / name).is_file() and (learner / name).read_bytes() == (author / name).read_bytes()
        for name in (THEIRS, CODE, NEW)
    )


def nbgitpuller(author: Path, learner: Path) -> None:
    pytest.importorskip("nbgitpuller", reason="pip install -e '.[dev]'")
    command = [sys.executable, "-m", "nbgitpuller.pull", f"file://{author}", "main", str(learner)]
    subprocess.run(command, check=True, capture_output=True)


def update(author: Path, learner: Path) -> None:
    subprocess.run(["make", "update"], cwd=learner, check=True, capture_output=True)


@pytest.mark.parametrize("way", [update, nbgitpuller])
def test_an_edited_notebook_stays_as_it_is_and_everything_else_is_renewed(course, way):
    author, learner = course
    change(learner / MINE, 3, OWN)
    mine = (learner / MINE).read_bytes()
    release(author)
    way(author, learner)
    assert (learner / MINE).read_bytes() == mine
    assert came_in(author, learner)
    change(learner / MINE, 3, OWN + " / 2")  # and once more, after the merge
    mine = (learner / MINE).read_bytes()
    change(author / MINE, 5, "later")
    git(author, "commit", "--quiet", "--all", "-m", "Third release")
    way(author, learner)
    assert (learner / MINE).read_bytes() == mine


@pytest.mark.parametrize("way", [update, nbgitpuller])
@pytest.mark.parametrize("first", ["rename", "pull"])
def test_who_renames_an_edited_notebook_gets_the_new_one_beside_it(course, way, first):
    author, learner = course
    change(learner / MINE, 3, OWN)
    mine = (learner / MINE).read_bytes()
    release(author)
    if first == "pull":
        way(author, learner)
    kept = (learner / MINE).rename(learner / "mine.ipynb")
    way(author, learner)
    assert kept.read_bytes() == mine
    assert (learner / MINE).read_bytes() == (author / MINE).read_bytes()
    assert came_in(author, learner)


@pytest.mark.parametrize("way", [update, nbgitpuller])
def test_where_nothing_was_edited_the_release_comes_in_whole(course, way):
    author, learner = course
    release(author)
    way(author, learner)
    assert came_in(author, learner)
    assert (learner / MINE).read_bytes() == (author / MINE).read_bytes()


def test_a_plain_pull_refuses_and_leaves_the_edited_notebook(course):
    author, learner = course
    change(learner / MINE, 3, OWN)
    mine = (learner / MINE).read_bytes()
    release(author)
    with pytest.raises(subprocess.CalledProcessError) as refused:
        git(learner, "pull", "--no-rebase")
    assert "would be overwritten" in refused.value.stderr
    assert (learner / MINE).read_bytes() == mine


def test_a_notebook_of_the_learners_own_under_a_new_name_of_the_release_is_not_lost(course):
    author, learner = course
    (learner / NEW).parent.mkdir()
    (learner / NEW).write_text("my notes")
    release(author)
    with pytest.raises(subprocess.CalledProcessError):
        update(author, learner)
    assert (learner / NEW).read_text() == "my notes"
    nbgitpuller(author, learner)
    kept = [p.read_text() for p in (learner / NEW).parent.glob("07_new__*.ipynb")]
    assert kept == ["my notes"]
    assert came_in(author, learner)


def test_without_the_attributes_git_would_merge_line_by_line(course):
    """The reason for .gitattributes: a cell of the release lands in the learner's notebook."""
    author, learner = course
    (learner / ".gitattributes").write_text("")
    change(learner / MINE, 3, OWN)
    mine = (learner / MINE).read_bytes()
    release(author)
    update(author, learner)
    assert (learner / MINE).read_bytes() != mine


def test_exercises_are_not_made_anew_over_answers_without_being_told_to(course):
    _, learner = course
    (learner / ".venv").mkdir()
    for name in ("pyproject.toml", "constraints.txt", ".venv/course", ".venv/tests"):
        (learner / name).touch()  # in this order: the environment is newer than what it is made of
    change(learner / MINE, 3, OWN)
    mine = (learner / MINE).read_bytes()
    done = subprocess.run(["make", "exercises"], cwd=learner, capture_output=True, text=True)
    assert done.returncode != 0
    assert "make exercises FORCE=1" in done.stderr
    assert (learner / MINE).read_bytes() == mine
    told = subprocess.run(
        ["make", "--dry-run", "exercises", "FORCE=1"], cwd=learner, capture_output=True, text=True
    )
    assert "nbconvert" in told.stdout
