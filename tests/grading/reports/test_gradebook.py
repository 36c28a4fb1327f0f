"""The tables of points add up, load where they should, and start no formula."""

import csv
import io
import os
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relukit.checks.registry import tasks
from relukit.errors import InvalidValueError
from relukit.grading.reports.gradebook import CANVAS, GRADEBOOK, arrange, write_gradebook
from relukit.grading.result import STATUSES, UNSCORED, Result

LESSON = "02_definitions"
WORTH = str(sum(entry.points for entry in tasks(LESSON)))
FIRST = str(sum(entry.points for entry in tasks("01_history")))
names = st.text(st.characters(exclude_categories=()), max_size=40)


def result(student, task="relu", status="passed", points=2, lesson=LESSON):
    return Result(student, lesson, task, status, points)


def whole(student, statuses=("passed",), lesson=LESSON):
    """Return results for all tasks of a lesson; the statuses are taken in turn."""
    entries = tasks(lesson)
    return [
        result(student, entry.name, statuses[i % len(statuses)], entry.points, lesson)
        for i, entry in enumerate(entries)
    ]


def read(folder, name=GRADEBOOK):
    with (folder / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def rows(folder, name=GRADEBOOK):
    head, *body = read(folder, name)
    return [dict(zip(head, row, strict=True)) for row in body]


def test_points_stand_by_student_and_task_and_add_up(tmp_path):
    write_gradebook([*whole("bob", ["wrong", "passed"]), *whole("ada")], tmp_path)
    ada, bob = rows(tmp_path)
    points = {entry.name: entry.points for entry in tasks(LESSON)}
    assert ada["student"] == "ada"
    assert ada["total"] == ada["points possible"] == ada[f"{LESSON} total"] == WORTH
    assert {name: ada[f"{LESSON} {name}"] for name in points} == {
        name: str(worth) for name, worth in points.items()
    }
    right = [entry.points for entry in tasks(LESSON)][1::2]
    assert bob["total"] == str(sum(right))
    assert bob[f"{LESSON} relu"] == "0"


def test_columns_follow_the_course_whatever_the_order_of_the_results(tmp_path):
    entries = [*whole("ada"), *whole("ada", lesson="01_history"), *whole("Bob")]
    write_gradebook(entries, tmp_path / "a")
    write_gradebook(reversed(entries), tmp_path / "b")
    for name in (GRADEBOOK, CANVAS):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    order = [f"01_history {t.name}" for t in tasks("01_history")] + ["01_history total"]
    order += [f"{LESSON} {t.name}" for t in tasks(LESSON)] + [f"{LESSON} total"]
    assert read(tmp_path / "a")[0] == ["student", *order, "total", "points possible"]


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_of_a_student_has_points(tmp_path, status):
    write_gradebook([result("ada", status=status)], tmp_path)
    assert rows(tmp_path)[0]["total"] == ("2" if status == "passed" else "0")


@pytest.mark.parametrize("status", UNSCORED)
def test_what_has_no_score_is_no_zero_and_no_part_of_a_total(tmp_path, status):
    entries = whole("ada", ["passed", status]) + whole("ada", lesson="01_history")
    write_gradebook(entries, tmp_path)
    row = rows(tmp_path)[0]
    second = tasks(LESSON)[1].name
    assert row[f"{LESSON} {second}"] == row[f"{LESSON} total"] == row["total"] == "-"
    assert row["01_history total"] == FIRST
    assert row["points possible"] == str(int(FIRST) + int(WORTH))
    canvas = rows(tmp_path, CANVAS)[1]
    assert (canvas["01_history"], canvas[LESSON]) == (FIRST, "")


def test_a_lesson_that_was_not_graded_is_no_zero(tmp_path):
    write_gradebook([*whole("ada"), *whole("bob", lesson="01_history")], tmp_path)
    ada, bob = rows(tmp_path)
    assert (ada["01_history total"], ada["total"], ada["points possible"]) == ("-", WORTH, WORTH)
    assert (bob[f"{LESSON} relu"], bob["total"], bob["points possible"]) == ("-", FIRST, FIRST)


def test_canvas_finds_its_columns_and_the_points_possible(tmp_path):
    # Canvas wants Student and ID first, Section last before the assignments, and the words
    # Points Possible in the first cell of a row.
    write_gradebook([*whole("ada"), *whole("ada", lesson="01_history")], tmp_path)
    head, possible, ada = read(tmp_path, CANVAS)
    assert head[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert head[5:] == ["01_history", LESSON]
    assert "Points Possible" in possible[0]
    assert possible[5:] == [FIRST, WORTH]
    assert ada == ["ada", "", "ada", "ada", "", FIRST, WORTH]


def test_a_student_called_points_possible_sets_no_points_in_canvas(tmp_path):
    write_gradebook(whole("Points \n Possible"), tmp_path)
    assert [row[0] for row in read(tmp_path, CANVAS)][2:] == [""]


def test_no_row_of_points_possible_disturbs_moodle(tmp_path):
    write_gradebook(whole("ada"), tmp_path)
    assert [row[0] for row in read(tmp_path)] == ["student", "ada"]


def test_excel_sees_utf_8_and_the_header_is_not_quoted(tmp_path):
    write_gradebook([result("Zo\u00eb")], tmp_path)
    for name, start in ((GRADEBOOK, b"student,"), (CANVAS, b"Student,")):
        data = (tmp_path / name).read_bytes()
        assert data.startswith(b"\xef\xbb\xbf" + start)
        assert "Zo\u00eb".encode() in data
        assert b"\r\n" in data


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "=cmd|' /C calc'!A0", "\uff1d1"]
FORMULAS += ['"=1', "a;=1", 'a;"=1', "a, =1", "\x00=1"]


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_name_is_no_formula_however_the_file_is_split(tmp_path, name, delimiter):
    write_gradebook([result(name)], tmp_path)
    for file in (GRADEBOOK, CANVAS):
        text = (tmp_path / file).read_text(encoding="utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text), delimiter=delimiter) for cell in row]
        started = [c for c in cells if c.lstrip(" \"'")[:1] in tuple("=+-@\uff1d") and c != "-"]
        assert all("'" in re.match(r"[ \"']*", cell)[0] for cell in started)


@given(st.lists(names, min_size=1, max_size=4, unique=True))
@settings(deadline=None, max_examples=60)
def test_any_names_give_a_table_that_can_be_read(tmp_path_factory, students):
    folder = tmp_path_factory.mktemp("book")
    write_gradebook([result(name) for name in students], folder)
    head, *body = read(folder)
    assert [len(row) for row in body] == [len(head)] * len(students)
    assert [row[1:] for row in body] == [["2", "2", "2", "2"]] * len(students)
    assert not any(row[0].startswith(("=", "+", "@", "\t")) for row in body)
    assert len(read(folder, CANVAS)) == len(students) + 2


def test_a_task_that_the_course_does_not_know_comes_last(tmp_path):
    write_gradebook([result("ada", "zzz", lesson="99_new"), *whole("ada")], tmp_path)
    assert read(tmp_path)[0][-4:] == ["99_new zzz", "99_new total", "total", "points possible"]


def test_two_results_for_one_task_are_refused():
    with pytest.raises(InvalidValueError, match="one result"):
        arrange([result("ada"), result("ada", status="wrong")])


def test_no_results_give_a_header(tmp_path):
    paths = write_gradebook([], tmp_path / "new")
    assert [path.name for path in paths] == [GRADEBOOK, CANVAS]
    assert read(tmp_path / "new") == [["student", "total", "points possible"]]
    assert sorted(os.listdir(tmp_path / "new")) == [GRADEBOOK, CANVAS]
