"""`make pages` writes each fact wherever it is repeated, says what it misses, and no more."""

import doctest
import json
import os
import re
import shutil
import subprocess
import sys
from itertools import zip_longest
from pathlib import Path

import facts
import pages
import plans
import pytest
import regions
import rows

from relukit.errors import RelukitError

ROOT = Path(__file__).parents[1]
PARTS = ("docs", "notebooks", "solutions", "exercises")
DYING = "04_dying_relu"


@pytest.fixture
def course(tmp_path):
    """Return a copy of the pages."""
    for path in ROOT.glob("*.md"):
        shutil.copy(path, tmp_path)
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def text_of(path: Path) -> str:
    """Return a document, or the texts of a notebook."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    return "\n\n".join("".join(c["source"]) for c in cells(path) if c["cell_type"] == "markdown")


def test_every_page_says_what_the_course_says():
    for path, new in pages.written(ROOT).items():
        pairs = zip_longest(path.read_text(encoding="utf-8").splitlines(), new.splitlines())
        number, (old, right) = next((n, p) for n, p in enumerate(pairs, start=1) if p[0] != p[1])
        where = f"{path.relative_to(ROOT)}, line {number}"
        pytest.fail(f"run make pages: {where} says\n{old}\nand not\n{right}", pytrace=False)


def test_a_change_of_a_lesson_or_a_task_reaches_every_page_and_touches_nothing_else(course):
    shutil.copytree(ROOT / "relukit", course / "relukit")
    shutil.copytree(ROOT / "tools", course / "tools")
    lesson = course / "relukit" / "lessons" / "dying"
    edit(lesson / "lesson.toml", 'title = "Dying ReLU"', 'title = "Silent units"')
    edit(lesson / "lesson.toml", '"Born dead", minutes = 8', '"Dead | at birth", minutes = 9')
    edit(lesson / "tasks" / "dead_units.py", "points=2", "points=7")
    edit(lesson / "tasks" / "dead_units.py", "minutes=5", "minutes=6")
    edit(lesson / "tasks" / "dead_units.py", 'title="Dead', 'title="Gone')
    before = {path: path.read_text(encoding="utf-8") for path in course.rglob("*.ipynb")}
    command = [sys.executable, course / "tools" / "pages.py"]
    options = {"cwd": course, "env": os.environ | {"PYTHONPATH": str(course)}, "text": True}
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, **options)
    book = f"{DYING}.ipynb"
    assert [line.removeprefix("wrote ") for line in run.stdout.splitlines()] == [
        *("README.md", "docs/coverage.md", "docs/instructor_guide.md", "docs/predictions.md"),
        *("notebooks/00_start_here.ipynb", f"notebooks/{book}"),
        *(f"{folder}/{DYING}/{book}" for folder in ("solutions", "exercises")),
    ]
    expected = {
        "README.md": f"[04 Silent units](notebooks/{book}) | dead at birth, dead from training, "
        f"and which units come back | 41 min | [8 tasks](exercises/{DYING}/{book}), 96 min |",
        "docs/coverage.md": r"| 2. Dead \| at birth |",
        "docs/predictions.md": "\n## 04 Silent units\n\n| claim |",
        "notebooks/00_start_here.ipynb": f"](../exercises/{DYING}/{book}) | 41 + 96 |",
        f"notebooks/{book}": "# 04 Silent units: units that fall silent\n",
        f"solutions/{DYING}/{book}": "8 tasks, 21 points, about 96 minutes. They belong to the "
        f"lesson [04 Silent units](../../notebooks/{book})",
        f"exercises/{DYING}/{book}": "\n\n## 1. Gone, or merely off? (6 minutes, easy, 7 points)\n",
    }
    for name, said in expected.items():
        assert said in text_of(course / name), name
        assert "Dying ReLU" not in text_of(course / name)
    head = text_of(course / "notebooks" / book)
    assert "## 2. Dead | at birth (9 minutes)\n" in head
    assert re.search(r"\*\*Time\*\*: .*41 minutes, and 96 for the \[exercises", head)
    guide = text_of(course / "docs" / "instructor_guide.md")
    for line in (
        rf"| 1:27 | 9 | [04](../notebooks/{book}) section 2: Dead \| at birth | predict by hand",
        "| 1:36 | 6 | exercise `dead_units`: Gone, or merely off? | alone, then",
        "| 3:39 | 21 | Checkpoint",
    ):
        assert f"\n{line}" in guide
    for path, text in before.items():
        old, new = json.loads(text)["cells"], cells(path)
        assert len(old) == len(new)
        for one, other in zip(old, new, strict=True):
            if one["cell_type"] == "code":
                one["metadata"] = other["metadata"] = {}
            assert one == other or one["cell_type"] == "markdown"
    exercises = cells(course / "exercises" / DYING / book)
    points = [cell["metadata"].get("nbgrader", {}).get("points") for cell in exercises]
    assert [n for n in points if n] == [7, *[2] * 7]


def test_what_authors_write_stays_and_what_is_new_waits_for_them(course):
    path = course / "docs" / "predictions.md"
    row = re.search(r"^\| `half-linear` .*\n", path.read_text(encoding="utf-8"), re.MULTILINE)[0]
    edit(path, row, "")
    made = pages.written(course)
    assert list(made) == [path]
    assert "| `half-linear` | wrong | ... | ... | ... |\n" in made[path]
    edit(course / "docs" / "coverage.md", "7. Many layers |\n| orth", "2. Many layers |\n| orth")
    assert "7. Many layers |\n| orth" in pages.written(course)[course / "docs" / "coverage.md"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one\n<!-- pages: a -->1", r"an end of the region 'a', got none .* in x\.md, line 2"),
        ("<!-- pages: a -->\n<!-- pages: b --> <!-- end -->", r"region 'a', got .* x\.md, line 1"),
        ("<!-- pages: aa -->1<!-- end -->", r"known region in x\.md, line 1, .*did you mean 'a'"),
        ("\n<!-- end -->", r"its end, got <!-- end --> alone in x\.md, line 2"),
        (
            "<!-- pages: a -->1<!-- end -->\n<!-- pages: a -->1<!-- end -->",
            r"one region 'a', got another in x\.md, line 2",
        ),
    ],
)
def test_marks_that_do_not_fit_are_named_with_their_line(text, said):
    makers = {"a": lambda old: old, "b": lambda old: old}
    with pytest.raises(RelukitError, match=said):
        regions.filled(text, makers, "x.md", set())


BREAKS = {
    "README.md": [("<!-- pages: lessons -->", "", "<!-- end --> alone in README.md, line ")],
    "docs/plans.toml": [
        ('"06.3-5"', '"06.3-15"', "Expected sections such as 02.1-4, .* got '06.3-15'"),
        (
            '"02.5",\n        "15',
            '"02",\n        "15',
            "left for the last row of 'Half a day', day 1, got -15",
        ),
    ],
    "docs/predictions.md": [("`half-linear`", "`half-liner`", "did you mean 'half-linear'")],
    "docs/coverage.md": [("8. What it costs", "9. What it cost", "got '9. What it cost'")],
    f"notebooks/{DYING}.ipynb": [
        ("# 04 Dying", "04 Dying", "a title in the first cell of notebooks/04"),
        ("## 2. Born dead (8 minutes)", "Born dead", "7 sections in .*, got 6: Off is not dead, "),
        ("## 2. Born dead", "## 2. Autopsy", "Expected 'Born dead' as section 2 of .*'Autopsy'"),
        (" <!-- pages: minutes -->", " ", "<!-- end --> alone in .*, cell cell-00, line 10"),
        ("<!-- pages: minutes -->40 minutes", "", "alone in"),
    ],
    f"solutions/{DYING}/{DYING}.ipynb": [
        (
            '"grade_id": "dead_units-text"',
            '"grade_id": "dead"',
            "the grade_id 'dead_units-text' in",
        ),
        ("## 1. Dead, or", "1. Dead, or", "a heading in the text of dead_units in solutions/"),
    ],
}


def test_what_is_amiss_is_named_and_nothing_is_written(course, capsys):
    for name, breaks in BREAKS.items():
        for old, new, said in breaks:
            text = (course / name).read_text(encoding="utf-8")
            edit(course / name, old, new)
            edit(course / "README.md", "| 5 min |", "| 6 min |")  # which would be mended
            assert pages.main(course) == 2
            assert re.search(said, capsys.readouterr().err), said
            edit(course / "README.md", "| 6 min |", "| 5 min |")
            (course / name).write_text(text, encoding="utf-8", newline="\n")
    assert pages.main(course) == 0
    assert capsys.readouterr().out == ""


def test_a_task_that_is_not_released_yet_is_passed_over(course):
    book = f"{DYING}/{DYING}.ipynb"
    edit(course / "exercises" / book, '"grade_id": "dead_units-text"', '"grade_id": "dead"')
    assert pages.written(course) == {}
    shutil.rmtree(course / "exercises" / DYING)
    assert pages.written(course) == {}
    (course / "solutions" / book).unlink()
    with pytest.raises(RelukitError, match=f"a notebook solutions/{book}, got none"):
        pages.written(course)


def test_a_file_without_its_region_is_told_what_to_put_in(course):
    text = (course / "README.md").read_text(encoding="utf-8")
    (course / "README.md").write_text(re.sub(r"<!-- .*? -->", "", text), encoding="utf-8")
    with pytest.raises(
        RelukitError, match=r"'lessons' in README\.md, got none.*<!-- pages: lessons"
    ):
        pages.written(course)


@pytest.mark.parametrize("module", [facts, plans, regions, rows], ids=lambda m: m.__name__)
def test_the_examples_in_the_tools_run(module):
    assert doctest.testmod(module).failed == 0
