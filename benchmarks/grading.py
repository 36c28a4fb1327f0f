"""How many submissions a minute, beside `nbgrader autograde` on the same ones.

A class of 20 hands in all lessons: right answers, wrong ones, untouched exercises, and two that
try to stop the grader (an endless loop, a process that ends itself). nbgrader runs as shipped, one
notebook after the other; `relukit grade` uses as many processes as there are processors. Then one
lesson of ever larger classes, for how time and memory grow.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil

from relukit.checks.registry import tasks
from relukit.syllabus import LESSONS

ROOT = Path(__file__).parents[1]
N_STUDENTS = int(os.environ.get("RELUKIT_BENCH_STUDENTS", "20"))
SIZES = (10, 50, 500)
LESSON = "02_definitions"
WRONG = {"relu": "def relu(x):\n    return abs(x)", "gelu": "def gelu(x):\n    return x"}
HOSTILE = (
    {"relu": "def relu(x):\n    while True:\n        pass"},
    {"relu": "import os\n\ndef relu(x):\n    os._exit(0)"},
)


def hand_in(folder: Path, student: str, lesson: str, changes: dict[str, str], source: str) -> None:
    """Write one submission: a notebook of the course with some answers replaced."""
    notebook = nbformat.read(ROOT / source / lesson / f"{lesson}.ipynb", as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        own = "\n".join(line for line in cell.source.splitlines() if " SOLUTION" not in line)
        cell.source = changes.get(name, own)  # with its marks it is the course's, and is refused
    place = folder / student / lesson
    place.mkdir(parents=True)
    nbformat.write(notebook, place / f"{lesson}.ipynb")


def make_class(folder: Path, n_students: int, lessons: tuple[str, ...]) -> None:
    """Write a class: of twenty, twelve right, four wrong, two untouched, two hostile."""
    for i in range(n_students):
        kind = i % 20
        changes, source = {}, "solutions"
        if 12 <= kind < 16:
            changes = WRONG
        elif 16 <= kind < 18:
            source = "exercises"
        elif kind >= 18:
            changes = HOSTILE[kind - 18]
        for lesson in lessons:
            hand_in(folder, f"student{i:03}", lesson, changes, source)


def measured(
    command: list, folder: Path
) -> tuple[float, float, float, subprocess.CompletedProcess]:
    """Return seconds, the largest process's MiB, and the first process's MiB while it runs."""
    largest = first = 0
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        options = {"cwd": folder, "stdout": said, "stderr": subprocess.STDOUT}
        paths = sysconfig.get_path("scripts"), os.environ["PATH"]  # nbgrader calls alembic
        options["env"] = os.environ | {"PATH": os.pathsep.join(paths)}
        process = subprocess.Popen(command, **options)
        seen = psutil.Process(process.pid)
        ended = threading.Event()
        threading.Thread(target=lambda: (process.wait(), ended.set()), daemon=True).start()
        while not ended.wait(0.1):
            try:
                first = max(first, seen.memory_info().rss)
                sizes = [child.memory_info().rss for child in seen.children(recursive=True)]
            except psutil.Error:
                continue
            largest = max([largest, *sizes])
        said.seek(0)
        text = said.read().decode(errors="replace")
    seconds = time.perf_counter() - start
    done = subprocess.CompletedProcess(command, process.returncode, text)
    return seconds, largest / 2**20, first / 2**20, done


def grade(course: Path, name: str) -> tuple[float, float, float]:
    """Run `relukit grade` on a class."""
    command = [sys.executable, "-m", "relukit", "grade", course / "submitted"]
    command += ["--output", course / name]
    *found, done = measured(command, ROOT)
    if done.returncode:
        sys.exit(done.stdout)
    return tuple(found)


def autograde(course: Path) -> tuple[float, float, float]:
    """Run nbgrader on the same class: generate each assignment, then grade it."""
    shutil.copytree(ROOT / "solutions", course / "source")
    nbgrader = [sys.executable, "-m", "nbgrader"]
    for lesson in LESSONS:
        _, _, _, done = measured([*nbgrader, "generate_assignment", lesson], course)
        if done.returncode:
            sys.exit(done.stdout)
    seconds, largest, first = 0.0, 0.0, 0.0
    for lesson in LESSONS:
        one = measured([*nbgrader, "autograde", lesson, "--log-level=ERROR"], course)
        seconds, largest, first = seconds + one[0], max(largest, one[1]), max(first, one[2])
    return seconds, largest, first


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as name:
        course = Path(name)
        make_class(course / "submitted", N_STUDENTS, tuple(LESSONS))
        n_files = N_STUDENTS * len(LESSONS)
        n_answers = N_STUDENTS * len(tasks())
        rows = {"relukit grade": grade(course, "grades"), "nbgrader autograde": autograde(course)}
        lines = (course / "grades" / "results.jsonl").read_text(encoding="utf-8").splitlines()
        seen = {json.loads(line)["status"] for line in lines}
    print("## Grading\n\nTarget: 14 times nbgrader's submissions a minute, under 600 MB a child.\n")
    print(f"{N_STUDENTS} students, {n_files} notebooks, {n_answers} answers; ", end="")
    print(f"outcomes that occur: {', '.join(sorted(seen))}.\n")
    print("| | seconds | notebooks a minute | largest process, MiB | the command itself, MiB |")
    print("| --- | --- | --- | --- | --- |")
    for title, (seconds, largest, first) in rows.items():
        a_minute = 60 * n_files / seconds
        print(f"| `{title}` | {seconds:.0f} | {a_minute:.0f} | {largest:.0f} | {first:.0f} |")
    ratio = rows["nbgrader autograde"][0] / rows["relukit grade"][0]
    print(f"| ratio | | **{ratio:.1f}** | | |\n")
    print(f"One lesson ({LESSON}) of larger classes, graded by `relukit grade`:\n")
    print("| students | seconds | seconds a student | the command itself, MiB |")
    print("| --- | --- | --- | --- |")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as name:
            course = Path(name)
            make_class(course / "submitted", size, (LESSON,))
            seconds, _, first = grade(course, "grades")
        print(f"| {size} | {seconds:.0f} | {seconds / size:.2f} | {first:.0f} |")


if __name__ == "__main__":
    main()
