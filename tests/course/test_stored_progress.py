"""What a stored notebook says of the learner's progress counts the tasks that there are."""

import re
from pathlib import Path

import nbformat
import pytest

from relukit.checks.registry import tasks
from relukit.syllabus import COURSE, LESSONS

ROOT = Path(__file__).parents[2]
NOTEBOOKS = [
    path
    for folder in ("notebooks", "exercises", "solutions")
    for path in sorted((ROOT / folder).rglob("*.ipynb"))
]
COUNTS = {
    lesson: (str(len(tasks(lesson))), str(sum(task.points for task in tasks(lesson))))
    for lesson in LESSONS
}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_stored_progress_counts_the_tasks_of_the_course(path):
    """Where it does not: make notebooks, or make exercises, with the name as LESSON."""
    cells = nbformat.read(path, as_version=4).cells
    shown = [c for c in cells if c.cell_type == "code" and c.source.startswith("progress(")]
    if COURSE[path.stem].deepens and not COURSE[path.stem].tasks:  # a page without exercises
        assert not shown
        return
    assert len(shown) == 1
    (output,) = shown[0].outputs
    rows = re.findall(
        r"^(\w+) +\d+ of (\d+) tasks, \d+ of (\d+) points$", output.data["text/plain"], re.MULTILINE
    )
    named = re.findall(r'"(\w+)"', shown[0].source) or LESSONS
    assert {name: (n, points) for name, n, points in rows} == {name: COUNTS[name] for name in named}


def test_the_main_path_is_worth_a_hundred_points():
    main = [lesson for lesson in LESSONS if not COURSE[lesson].deepens]
    assert sum(int(COUNTS[lesson][1]) for lesson in main) == 100
