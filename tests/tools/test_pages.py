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
from urllib.parse import parse_qs, urlsplit

import facts
import lengths
import links
import pages
import plans
import pytest
import regions
import rows

from relukit.checks.registry import tasks
from relukit.errors import RelukitError
from relukit.syllabus import COURSE, TASKS, folder

ROOT = Path(__file__).parents[2]
LESSON = "04_dying_relu"
BOOK = f"{LESSON}.ipynb"
TASK = TASKS[LESSON][0]


def copied(to: Path) -> Path:
    """Return a folder with a copy of the pages."""
    for path in (*ROOT.glob("*.md"), ROOT / "pyproject.toml"):
        shutil.copy(path, to)
    for part in ("docs", "notebooks", "solutions", "exercises"):
        shutil.copytree(ROOT / part, to / part)
    return to


@pytest.fixture
def course(tmp_path):
    return copied(tmp_path)


def edit(path: Path, pattern: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    changed, found = re.subn(pattern, new, text, count=1, flags=re.MULTILINE)
    assert found, pattern
    path.write_text(changed, encoding="utf-8", newline="\n")


def add(path: Path, pattern: str, number: int) -> None:
    """Add to the first number that follows a pattern."""
    found = re.search(rf"({pattern})(\d+)", path.read_text(encoding="utf-8"))
    edit(path, re.escape(found[0]), f"{found[1]}{int(found[2]) + number}")


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def text_of(path: Path) -> str:
    """Return a document, or the texts of a notebook."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    return "\n\n".join("".join(c["source"]) for c in cells(path) if c["cell_type"] == "markdown")


def test_every_page_says_what_the_course_says():
    said = []
    for path, new in pages.written(ROOT).items():
        pairs = zip_longest(path.read_text(encoding="utf-8").splitlines(), new.splitlines())
        number, (old, right) = next((n, p) for n, p in enumerate(pairs, start=1) if p[0] != p[1])
        said.append(f"{path.relative_to(ROOT)}, line {number}, says\n{old}\nand not\n{right}")
    if said:
        pytest.fail("\n\n".join(["run make pages", *said]), pytrace=False)


# what a change below adds to the numbers of a page
ADDED = {
    "README.md": (rf"notebooks/{BOOK}\) .* (\d+) min .*, (\d+) min", (1, 3)),
    "notebooks/00_start_here.ipynb": (rf"/{BOOK}\) \| (\d+) \+ (\d+) \|", (1, 3)),
    f"notebooks/{BOOK}": (r"(\d+) minutes, and (\d+) for the", (1, 3)),
    f"solutions/{LESSON}/{BOOK}": (r"(\d+) points, about (\d+) minutes", (5, 3)),
    f"exercises/{LESSON}/{BOOK}": (r"## 1\. .* \((\d+) minutes, \w+, (\d+) points\)", (3, 5)),
}


def numbers(course: Path, name: str) -> list[int]:
    return [int(n) for n in re.search(ADDED[name][0], text_of(course / name)).groups()]


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """Return the pages of a course with other titles, minutes and points, written anew."""
    course = copied(tmp_path_factory.mktemp("course"))
    for part in ("relukit", "tools"):
        shutil.copytree(ROOT / part, course / part, ignore=shutil.ignore_patterns("__pycache__"))
    lesson = folder(LESSON).relative_to(ROOT)
    toml, task = course / lesson / "lesson.toml", course / lesson / "tasks" / f"{TASK}.py"
    edit(toml, '^title = ".*"', 'title = "Silent units"')
    add(toml, r"sections = \[\n.*minutes = ", 1)
    edit(toml, r"(sections = \[\n.*title = )\".*?\"", r'\1"Off | on"')
    edit(task, r"^    title=.*", '    title="Gone",')
    add(task, "    points=", 5)
    add(task, "    minutes=", 3)
    command = [sys.executable, course / "tools" / "pages.py"]
    env = os.environ | {"PYTHONPATH": str(course)}
    subprocess.run(command, cwd=course, env=env, check=True)
    return course


@pytest.mark.slow
def test_a_change_of_a_lesson_or_a_task_reaches_every_page_and_touches_nothing_else(changed):
    for name, (_, added) in ADDED.items():
        old = numbers(ROOT, name)
        assert numbers(changed, name) == [o + n for o, n in zip(old, added, strict=True)]
    texts = {path: text_of(path) for path in (*changed.rglob("*.md"), *changed.rglob("*.ipynb"))}
    assert not [path for path, text in texts.items() if f"[{COURSE[LESSON].heading}](" in text]
    for name, said in (
        ("README.md", f"[04 Silent units](notebooks/{BOOK})"),
        ("docs/coverage.md", r"| 1. Off \| on |"),
        ("docs/predictions.md", "\n## 04 Silent units\n\n| asked |"),
        ("docs/instructor_guide.md", rf"/{BOOK}) section 1: Off \| on |"),
        (f"notebooks/{BOOK}", "# 04 Silent units: "),
        (f"notebooks/{BOOK}", "\n## 1. Off | on ("),
        (f"solutions/{LESSON}/{BOOK}", f"[04 Silent units](../../notebooks/{BOOK})"),
        (f"exercises/{LESSON}/{BOOK}", "\n## 1. Gone ("),
    ):
        assert said in texts[changed / name], name
    for path in changed.rglob("*.ipynb"):
        for old, new in zip(cells(ROOT / path.relative_to(changed)), cells(path), strict=True):
            kept = ("cell_type", "id", "outputs", "execution_count")
            assert [old.get(key) for key in kept] == [new.get(key) for key in kept]
            assert old["source"] == new["source"] or old["cell_type"] == "markdown"
    entries = [
        c["metadata"].get("nbgrader", {}) for c in cells(changed / "exercises" / LESSON / BOOK)
    ]
    points = {entry["grade_id"]: entry["points"] for entry in entries if "points" in entry}
    assert points == {f"check-{t.name}": t.points + 5 * (t.name == TASK) for t in tasks(LESSON)}


@pytest.mark.slow
def test_the_minutes_of_a_plan_add_up_after_a_change(changed):
    guide = text_of(changed / "docs" / "instructor_guide.md")
    plans = re.findall(r"^\| start .*\n\| --- .*\n((?:\| .*\n)+)", guide, flags=re.MULTILINE)
    assert len(plans) == 3
    for plan in plans:
        passed = 0
        row = r"^\| (\d+):(\d\d) \| \d* \| (\d+) \|"
        for hours, part, minutes in re.findall(row, plan, re.MULTILINE):
            assert 60 * int(hours) + int(part) == passed
            passed += int(minutes)
        heading = guide[: guide.index(plan)].rsplit("\n## ", 1)[1].splitlines()[0]
        assert f"({passed} minutes" in heading


def test_what_authors_write_stays_and_what_is_new_waits_for_them(course):
    path = course / "docs" / "predictions.md"
    name = re.search(r"^\| `([\w-]+)` \| \w", text_of(path), re.MULTILINE)[1]
    edit(path, rf"^\| `{name}` .*\n", "")
    made = pages.written(course)
    assert list(made) == [path]
    assert re.search(
        rf"^\| `{name}` \| \w+ \| [^|]+ \|( \.\.\. \|){{4}}$", made[path], re.MULTILINE
    )


@pytest.mark.parametrize("part", [r"\d+(?=\. )", r"(?<=\. ).+?(?= \|)"], ids=["number", "title"])
def test_a_section_is_found_by_its_title_and_else_by_its_number(course, part):
    path = course / "docs" / "coverage.md"
    text = text_of(path)
    last = text.splitlines()[-3]
    path.write_text(text.replace(last, last[:60] + re.sub(part, "1", last[60:])))
    assert pages.written(course) == {path: text}


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


SECOND = r'"## 2\. .*?(?=\\n|")'
THIRD = COURSE[LESSON].sections[2].title
BREAKS = {
    "README.md": [("<!-- pages: lessons -->", "", "<!-- end --> alone in README.md, line ")],
    "docs/plans.toml": [
        (
            r'^( +)"\d\d\.\d-\d"',
            r'\1"02.1-99"',
            "Expected sections such as 02.1-4, .* got '02.1-99'",
        ),
        ('"10 Break"', '"500 Break"', "left for the last row of '.*', day 1, got -"),
        (' +"10 Break",\n', "", "at most 90 minutes without a break in 'Half a day', day 1, got 1"),
        (r'"xor_net \| pairs"', '"9 Talk"', "until everybody does something, got .* section 4"),
        (
            '"02.8: 15 the law',
            '"02.8-9: 15 the law',
            "Expected sections .* got '02.8-9: 15 the law",
        ),
    ],
    "docs/predictions.md": [(r"^\| `(\w.*?)` \|", r"| `\1x` |", "asks about, .* did you mean '")],
    "docs/coverage.md": [(r"\d+\. [^|]+ \| main", "99. Nothing | main", "got '99. Nothing'")],
    f"notebooks/{BOOK}": [
        ('"# 04 ', '"04 ', "a title in the first cell of notebooks/04"),
        (SECOND, '"none', r"\d sections in notebooks/04.*, got \d: "),
        (SECOND, f'"## 2. {THIRD}', f"as section 2 of notebooks/04.*, got '{THIRD}'"),
        ("<!-- pages: minutes -->", "", r"<!-- end --> alone in .*04.*, cell .*, line \d+"),
    ],
    f"solutions/{LESSON}/{BOOK}": [
        (f'"{TASK}-text"', '"none"', f"the grade_id '{TASK}-text' in solutions/"),
        (r'"## 1\. ', '"', f"a heading in the text of {TASK} in solutions/"),
    ],
}


def test_what_is_amiss_is_named_and_nothing_is_written(course, capsys):
    readme = course / "README.md"
    for name, breaks in BREAKS.items():
        for pattern, new, said in breaks:
            texts = {path: path.read_text(encoding="utf-8") for path in (course / name, readme)}
            edit(readme, r"\| \d+ min \|", "| 999 min |")  # which would be mended
            edit(course / name, pattern, new)
            assert pages.main(course) == 2, said
            assert re.search(said, capsys.readouterr().err), said
            assert "| 999 min |" in text_of(readme)
            for path, text in texts.items():
                path.write_text(text, encoding="utf-8", newline="\n")
    assert pages.main(course) == 0
    assert capsys.readouterr().out == ""


def test_a_notebook_without_the_cell_for_running_alone_gets_it_below_its_title(course):
    path = course / "notebooks" / BOOK
    whole = path.read_text(encoding="utf-8")
    stored = json.loads(whole)
    assert stored["cells"].pop(1)["id"] == "alone"
    for cell in stored["cells"]:
        for counted in (cell, *cell.get("outputs", ())):
            if counted.get("execution_count"):
                counted["execution_count"] -= 1
    path.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert pages.written(course) == {path: whole}
    path.write_text(whole.replace("this notebook runs alone", "alone"), encoding="utf-8")
    assert pages.written(course) == {path: whole}


def test_a_task_that_is_not_released_yet_is_passed_over(course):
    book = f"{LESSON}/{BOOK}"
    edit(course / "exercises" / book, f'"{TASK}-text"', '"none"')
    assert pages.written(course) == {}
    shutil.rmtree(course / "exercises" / LESSON)
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


def test_owner_and_addresses_stand_in_one_place_and_where_they_are_unset_no_link_needs_them(course):
    project = course / "pyproject.toml"
    text = re.sub(
        r"^\[project\.urls\]\n(.+\n)*", "", project.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    project.write_text(text, encoding="utf-8")
    pages.main(course)
    unset = text_of(course / "README.md")
    assert not re.search(r"badge|OWNER|HUB|https?://(?!pytorch)", unset)
    named = 'Repository = "https://github.com/ada/bends"\nDocumentation = "https://ada.org/b"\n'
    project.write_text(f"{text}\n[project.urls]\n{named}", encoding="utf-8")
    pages.main(course)
    written = text_of(course / "README.md")
    first = "notebooks/00_start_here.ipynb"
    (binder,) = re.findall(r"\((https://mybinder\.org/v2/[^)]+)\)", written)
    assert urlsplit(binder).path == "/v2/gh/ada/bends/main"
    assert parse_qs(urlsplit(binder).query) == {"urlpath": [f"lab/tree/{first}"]}
    assert f"/github/ada/bends/blob/main/{first})" in written
    assert "(https://ada.org/b)" in written
    assert (ROOT / first).is_file()
    with pytest.raises(RelukitError, match=r"\[project\.urls\]"):
        links.launchers({"Repository": "https://github.com/ada"})


MODULES = [facts, lengths, links, plans, regions, rows]


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)
def test_the_examples_in_the_tools_run(module):
    assert doctest.testmod(module).failed == 0
