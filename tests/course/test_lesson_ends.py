"""A lesson ends by saying which of its exercises are open."""

from pathlib import Path

import nbformat
import pytest

from relukit.syllabus import COURSE, LESSONS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_ends_with_its_open_exercises_whose_output_is_the_readers_own(lesson):
    cells = nbformat.read(ROOT / COURSE[lesson].notebook, as_version=4).cells
    assert cells[-1].source == f'progress("{lesson}")'
    assert cells[-1].metadata.tags == ["nbval-ignore-output"]
    assert cells[-1].outputs[0].data["text/plain"].startswith(f"{lesson}  0 of ")
    assert cells[-2].source.startswith("## Exercises\n")


def test_the_start_page_says_what_to_do_next():
    cells = nbformat.read(ROOT / "notebooks" / "00_start_here.ipynb", as_version=4).cells
    (shown,) = (cell for cell in cells if cell.source == "progress()")
    assert "next: read notebooks/01_history.ipynb, predict" in shown.outputs[0].data["text/plain"]
