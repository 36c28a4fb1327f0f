"""The course's repository as learners get it, and its second release."""

import shutil
import subprocess
from pathlib import Path

import nbformat
from hub.needs import ROOT
from hub.serving import Hub

LESSON = "02_definitions"
START = "notebooks/00_start_here.ipynb"
READ = f"notebooks/{LESSON}.ipynb"
EXERCISES = f"exercises/{LESSON}/{LESSON}.ipynb"
UNTOUCHED = "exercises/01_history/01_history.ipynb"
NEW = "notebooks/07_new.ipynb"
RENEWED = (START, READ, EXERCISES, UNTOUCHED)
SENTENCE = "A sentence of the second release."


def git(folder: Path, *words: str) -> str:
    named = ("-c", "user.name=author", "-c", "user.email=author@localhost")
    command = ["git", *named, *words]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def publish(hub: Hub) -> Path:
    """Commit the files of this course to a bare repository; return the author's folder."""
    author = hub.folder / "author"
    names = git(ROOT, "ls-files", "-z").split("\0")
    for name in filter(None, names):
        (author / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, author / name)
    git(hub.folder, "init", "--quiet", "--initial-branch=main", "author")
    git(author, "add", ".")
    git(author, "commit", "--quiet", "--message", "First release")
    git(hub.folder, "clone", "--quiet", "--bare", "author", "relukit.git")
    git(author, "remote", "add", "origin", str(hub.folder / "relukit.git"))
    return author


def release_again(author: Path) -> None:
    """Publish a second release: a sentence more in four notebooks, and a new one."""
    for name in RENEWED:
        notebook = nbformat.read(author / name, as_version=4)
        notebook.cells[0].source += f"\n\n{SENTENCE}"
        nbformat.write(notebook, author / name)
    nbformat.write(nbformat.v4.new_notebook(), author / NEW)
    git(author, "add", ".")
    git(author, "commit", "--quiet", "--message", "Second release")
    git(author, "push", "--quiet", "origin", "main")
