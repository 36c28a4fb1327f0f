"""Whatever students hand in, `collect` finds it, labels it, and goes on."""

import io
import json
import os
import stat
import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relukit.checks.registry import tasks
from relukit.errors import InvalidTypeError, InvalidValueError, UnavailableError
from relukit.grading.submissions import entry, folder, handed_in, zipped
from relukit.grading.submissions.cells import read_cells
from relukit.grading.submissions.collect import collect
from relukit.grading.submissions.stub import is_untouched

LESSON, OTHER = "02_definitions", "03_variants"
ANSWER = "def relu(x):\n    return np.maximum(x, 0)"
NOTHING = "no notebook for this lesson was handed in"
EXERCISES = {
    path.stem: path for path in sorted(Path(__file__).parents[3].glob("exercises/*/*.ipynb"))
}
SET_UPS = {
    lesson: "".join(
        next(c["source"] for c in json.loads(path.read_bytes())["cells"] if c["id"] == "imports")
    )
    for lesson, path in EXERCISES.items()
}


def cell(source, grade_id=None, cell_id=None, kind="code", **more):
    metadata = {} if grade_id is None else {"nbgrader": {"grade_id": grade_id}}
    found = {"cell_type": kind, "metadata": metadata, "source": source, **more}
    return found if cell_id is None else {**found, "id": cell_id}


def notebook(*cells, **more) -> bytes:
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, **more}).encode()


def answered(source=ANSWER, task="relu") -> bytes:
    return notebook(cell(source, task))


def put(root: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def packed(files, **options) -> bytes:
    """Return a zip; a key is a name or a ZipInfo."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in files.items():
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def nested(data: bytes, depth: int) -> bytes:
    """Return zips inside each other with a notebook in the innermost."""
    for _ in range(depth):
        data = packed({f"{LESSON}.{'zip' if data[:2] == b'PK' else 'ipynb'}": data})
    return data


def only(path, **options):
    (found,) = collect(path, **options)
    return found


def by_key(path, **options):
    found = collect(path, **options)
    keys = [(s.student, s.lesson) for s in found]
    assert keys == sorted(set(keys))
    return dict(zip(keys, found, strict=True))


NBGRADER = {
    f"submitted/ada/{LESSON}/{LESSON}.ipynb": answered("def relu(x): return 1"),
    f"submitted/ada/{LESSON}/timestamp.txt": b"2026-01-01 10:00:00 UTC",
    f"submitted/ada/{OTHER}/{OTHER}.ipynb": answered("def maxout(x): return 3", "maxout"),
    f"submitted/bob/{LESSON}/{LESSON}.ipynb": answered("def relu(x): return 2"),
    f"submitted/bob/{LESSON}/helpers.py": b"relu = None",
    f"source/{LESSON}/{LESSON}.ipynb": answered("def relu(x): return 0"),
    "gradebook.db": b"",
}


# where files lie


def expect_nbgrader(found):
    assert list(found) == [("ada", LESSON), ("ada", OTHER), ("bob", LESSON), ("bob", OTHER)]
    assert found["ada", LESSON].answers == {"relu": "def relu(x): return 1"}
    assert found["ada", OTHER].answers == {"maxout": "def maxout(x): return 3"}
    assert found["bob", LESSON].answers == {"relu": "def relu(x): return 2"}
    assert found["bob", OTHER].problem == NOTHING
    assert found["bob", OTHER].file == found["bob", OTHER].note == ""
    assert found["ada", LESSON].problem == found["ada", LESSON].note == ""
    assert found["ada", LESSON].file == f"ada/{LESSON}/{LESSON}.ipynb"


@pytest.mark.parametrize("start", ["", "submitted"])
def test_nbgraders_layout_is_read_from_the_course_or_from_submitted(tmp_path, start):
    expect_nbgrader(by_key(put(tmp_path, NBGRADER) / start))


@pytest.mark.parametrize("above", ["", "course/", "a/b/"])
def test_nbgraders_layout_is_read_from_a_zip(tmp_path, above):
    path = tmp_path / "all.zip"
    path.write_bytes(packed({above + name: data for name, data in NBGRADER.items()}))
    expect_nbgrader(by_key(path))


def test_one_student_of_nbgraders_is_named_by_the_folder(tmp_path):
    put(tmp_path, NBGRADER)
    assert set(by_key(tmp_path / "submitted/ada")) == {("ada", LESSON), ("ada", OTHER)}
    only_one = put(tmp_path / "class", {f"eve/{LESSON}/{LESSON}.ipynb": answered()})
    assert only(only_one).student == "eve"


@pytest.mark.parametrize("as_zip", [False, True])
@pytest.mark.parametrize(
    ("name", "student"),
    [
        (f"doejane_12345_67890_{LESSON}.ipynb", "doejane_12345"),
        (f"doejane_LATE_12345_67890_{LESSON}.ipynb", "doejane_12345"),
        (f"doejane_12345_67890_{LESSON}-1.ipynb", "doejane_12345"),
        ("doejane_12345_67890_my homework.ipynb", "doejane_12345"),
        (f"van_der_berg_12345_67890_{LESSON}.ipynb", "van_der_berg_12345"),
        (f"anon_aB3dE_67890_{LESSON}.ipynb", "anon_aB3dE"),
        (f"LATE_anon_aB3dE_67890_{LESSON}.ipynb", "anon_aB3dE"),
        (f"Jane Doe_12345_assignsubmission_file_/{LESSON}.ipynb", "Jane Doe"),
        ("Jane Doe_12345_assignsubmission_file_/homework/final.ipynb", "Jane Doe"),
        (f"Jane Doe_12345_assignsubmission_file_{LESSON}.ipynb", "Jane Doe"),
        (f"{LESSON}/Jane Doe_12345_assignsubmission_file/final.ipynb", "Jane Doe"),
        (f"jane-{LESSON}.ipynb", "jane"),
        (f"jane_{LESSON}.ipynb", "jane"),
        (f"jane_1_{LESSON}.ipynb", "jane_1"),
        (f"{LESSON}_jane.ipynb", "jane"),
        ("jane-02-Definitions (2).ipynb", "jane"),
        (f"jane-{LESSON}.ipynb.json", "jane"),
        (f"jane-{LESSON}.IPYNB", "jane"),
        ("jane.ipynb", "jane"),
        (f"{LESSON}/jane.ipynb", "jane"),
        (f"{LESSON}/jane/answers.ipynb", "jane"),
        (f"jane/{LESSON}.ipynb", "jane"),
        (f"hand in/jane-{LESSON}.ipynb", "jane"),
        (f"Jüri Õun/{LESSON}.ipynb", "Jüri Õun"),
    ],
)
def test_a_path_says_whose_it_is(tmp_path, name, student, as_zip):
    both = {name: answered(), f"{name.rsplit('/', 1)[0]}/notes.txt": b""} if "/" in name else {}
    files = {**both, name: answered()}
    path = tmp_path / "in.zip" if as_zip else put(tmp_path / "in", files)
    if as_zip:
        path.write_bytes(packed(files))
    found = only(path)
    assert (found.student, found.lesson) == (student, LESSON)
    assert found.answers == {"relu": ANSWER}
    assert found.problem == found.note == ""


def test_no_file_takes_the_place_of_another_students(tmp_path):
    forged = answered("forged = 1")
    files = {
        f"ada/{LESSON}/{LESSON}.ipynb": answered(),
        f"bob/ada-{LESSON}.ipynb": forged,
        f"cy/ada/{LESSON}/{LESSON}.ipynb": forged,
        f"dan/Ada_1_assignsubmission_file_/{LESSON}.ipynb": forged,
        f"eve/submitted/ada/{LESSON}/{LESSON}.ipynb": forged,
        f"fay/ada_1_2_{LESSON}.ipynb": forged,
        f"gus/../ada/{LESSON}/{LESSON}.ipynb": forged,
        "hal.zip": packed({f"ada/{LESSON}/{LESSON}.ipynb": forged}),
    }
    path = tmp_path / "in.zip"
    path.write_bytes(packed(files))
    found = by_key(path)
    assert {s for s, _ in found} >= {"ada", "bob", "cy", "dan", "eve", "fay", "hal"}
    assert [s.student for s in found.values() if s.answers == {"relu": ANSWER}] == ["ada"]


def test_a_single_notebook_is_a_submission(tmp_path):
    found = only(put(tmp_path, {"jane.ipynb": answered()}) / "jane.ipynb")
    assert (found.student, found.lesson, found.file) == ("jane", LESSON, "jane.ipynb")


def test_one_name_in_several_lessons_is_one_student_of_moodles(tmp_path):
    one = f"{LESSON}/Jane Doe_1_assignsubmission_file_/a.ipynb"
    two = f"{OTHER}/Jane Doe_7_assignsubmission_file_/a.ipynb"
    found = by_key(put(tmp_path, {one: answered(), two: answered("def maxout(x): 1", "maxout")}))
    assert set(found) == {("Jane Doe", LESSON), ("Jane Doe", OTHER)}
    assert not any(s.problem for s in found.values())


@pytest.mark.parametrize("second", [f"{LESSON}.ipynb", "essay.pdf"])
def test_two_students_of_one_name_stay_two(tmp_path, second):
    one = f"Jane Doe_1_assignsubmission_file_/{LESSON}.ipynb"
    two = f"Jane Doe_7_assignsubmission_file_/{second}"
    found = by_key(put(tmp_path, {one: answered("a = 1"), two: answered("a = 2")}))
    assert set(found) == {("Jane Doe_1", LESSON), ("Jane Doe_7", LESSON)}
    assert found["Jane Doe_1", LESSON].answers == {"relu": "a = 1"}


@pytest.mark.parametrize("place", ["doejane_1_2_work.zip", "Jane_1_assignsubmission_file_/w.zip"])
@pytest.mark.parametrize("inside", [f"{LESSON}.ipynb", f"my/{LESSON}/x.ipynb", "final.ipynb"])
@pytest.mark.parametrize("as_zip", [False, True])
def test_a_zip_inside_the_download_is_one_students(tmp_path, place, inside, as_zip):
    files = {place: packed({inside: answered(), "bob.txt": b"", "__MACOSX/._x.ipynb": b"\0"})}
    path = tmp_path / "in.zip" if as_zip else put(tmp_path / "in", files)
    if as_zip:
        path.write_bytes(packed(files))
    found = only(path)
    assert found.student in ("doejane_1", "Jane")
    assert found.answers == {"relu": ANSWER}
    assert found.file == f"{place}/{inside}"


def test_files_of_systems_and_editors_are_no_submissions(tmp_path):
    clutter = (".ipynb_checkpoints/x.ipynb", "__MACOSX/._jane.ipynb", "._jane.ipynb", "README.md")
    files = {f"jane-{LESSON}.ipynb": answered(), **dict.fromkeys(clutter, b"\0\5\x16\7")}
    assert only(put(tmp_path, files)).student == "jane"


# which lessons


def test_the_lesson_can_be_given(tmp_path):
    found = by_key(put(tmp_path, NBGRADER), lesson=OTHER)
    assert set(found) == {("ada", OTHER), ("bob", OTHER)}


@pytest.mark.parametrize("lesson", EXERCISES)
def test_the_answer_cells_say_the_lesson(tmp_path, lesson):
    source = EXERCISES[lesson].read_bytes()
    stripped = json.loads(source)
    for entry_ in stripped["cells"]:
        entry_["metadata"] = {}
    without_ids = json.loads(json.dumps(stripped))
    for entry_ in without_ids["cells"]:
        del entry_["id"]
    files = {"a.ipynb": source, "b.ipynb": json.dumps(stripped).encode()}
    files["c.ipynb"] = json.dumps(without_ids).encode()
    found = by_key(put(tmp_path, files), set_ups=SET_UPS)
    assert {name for _, name in found} == {lesson}
    names = {task.name for task in tasks(lesson)}
    assert [set(s.answers) for s in found.values()] == [names] * 3
    assert len({tuple(s.answers.items()) for s in found.values()}) == 1
    assert not any(s.faults or s.elsewhere or s.problem for s in found.values())
    a, b, c = (s.note for s in found.values())
    assert a == ""
    assert b.startswith("recognised by its id, as the cell's metadata is gone: ")
    assert c.startswith("recognised by what it defines, as the cell's metadata is gone: ")


def test_who_hands_in_nothing_for_a_lesson_is_told_so(tmp_path):
    files = {
        f"ada/{LESSON}.ipynb": answered(),
        "bob/essay.pdf": b"%PDF",
        "cy_1_2_essay.pdf": b"%PDF",
        "dan_3_text.html": b"<p>",
        f"eve/{OTHER}.ipynb": answered("def maxout(x): 1", "maxout"),
    }
    path = put(tmp_path, files)
    (path / "fay").mkdir()
    found = by_key(path)
    students = ["ada", "bob", "cy_1", "dan_3", "eve", "fay"]
    assert list(found) == [(name, lesson) for name in students for lesson in (LESSON, OTHER)]
    assert {key for key, s in found.items() if s.problem != NOTHING} == {
        ("ada", LESSON),
        ("eve", OTHER),
    }
    assert found["bob", LESSON].note == "bob/essay.pdf is no notebook: hand in the .ipynb file"
    assert found["fay", OTHER].note == ""


def test_a_notebook_of_another_lesson_is_named(tmp_path):
    wrong = answered("def maxout(x): 1", "maxout")
    path = put(tmp_path, {f"jane-{LESSON}.ipynb": wrong})
    found = only(path)
    assert (found.lesson, set(found.answers)) == (OTHER, {"maxout"})
    assert found.note == f"its name says {LESSON}, and its cells are those of {OTHER}"
    other = only(path, lesson=LESSON)
    assert other.problem == NOTHING
    assert other.note == f"jane-{LESSON}.ipynb: {found.note}"


def test_notebooks_whose_names_were_swapped_count_by_their_cells(tmp_path):
    files = {
        f"jane/{OTHER}.ipynb": answered(),
        f"jane/{LESSON}.ipynb": answered("maxout = 1", "maxout"),
    }
    found = by_key(put(tmp_path, files))
    assert found["jane", LESSON].answers == {"relu": ANSWER}
    assert found["jane", OTHER].answers == {"maxout": "maxout = 1"}
    assert "its name says" in found["jane", OTHER].note


def test_a_misnamed_notebook_gives_way_to_one_that_is_named_rightly(tmp_path):
    own = answered("def maxout(x): return 2", "maxout")
    files = {f"jane/{OTHER}.ipynb": own, f"jane/{LESSON}.ipynb": answered("maxout = 1", "maxout")}
    found = by_key(put(tmp_path, files))
    assert found["jane", OTHER].answers == {"maxout": "def maxout(x): return 2"}
    assert f"jane/{LESSON}.ipynb was left out" in found["jane", OTHER].note


@pytest.mark.parametrize("name", ["hw", LESSON, OTHER, "02 and 03"])
def test_two_lessons_in_one_notebook_are_two_submissions(tmp_path, name):
    both = notebook(cell(ANSWER, "relu"), cell("def maxout(x): return 1", "maxout"))
    found = by_key(put(tmp_path, {f"jane/{name}.ipynb": both}))
    assert found["jane", LESSON].answers == {"relu": ANSWER}
    assert found["jane", OTHER].answers == {"maxout": "def maxout(x): return 1"}


READING = (EXERCISES[LESSON].parents[2] / "notebooks" / f"{LESSON}.ipynb").read_bytes()


def test_the_lessons_notebook_in_place_of_the_exercises_says_so(tmp_path):
    found = only(put(tmp_path, {f"jane/{LESSON}.ipynb": READING}))
    assert found.problem.startswith(
        "it is the lesson's notebook, which is read: hand in exercises/"
    )
    assert found.answers == {}


def test_the_lessons_notebook_beside_the_exercises_does_no_harm(tmp_path):
    files = {f"jo_1_20_{LESSON}-1.ipynb": READING, f"jo_1_9_{LESSON}.ipynb": answered()}
    files |= {f"al_2_20_{LESSON}.ipynb": answered(), f"al_2_9_{LESSON}-1.ipynb": READING}
    found = by_key(put(tmp_path, files))
    assert found["jo_1", LESSON].answers == found["al_2", LESSON].answers == {"relu": ANSWER}


@pytest.mark.parametrize(
    "names", ["jane_1_9_{}.ipynb jane_1_10_{}.ipynb", "jane/{}.ipynb jane/{}.ipynb"]
)
@pytest.mark.parametrize("stubs", [True, False])
def test_parts_of_one_upload_are_put_together(tmp_path, names, stubs):
    parts = [[cell(ANSWER, "relu")], [cell(HINGES, "hinge_weights")]]
    if stubs:
        parts[0].append(cell(HINGES_STUB, "hinge_weights"))
        parts[1].append(cell(STUB, "relu"))
    one, two = (name.format(part) for name, part in zip(names.split(), ("a", "b"), strict=True))
    found = only(put(tmp_path, {one: notebook(*parts[0]), two: notebook(*parts[1])}))
    assert found.answers == {"relu": ANSWER, "hinge_weights": HINGES}
    assert "taken from" in found.note
    assert "left out" not in found.note


@pytest.mark.parametrize(
    ("data", "why"),
    [(notebook(), "it holds no answer cell of any lesson"), (b"[1]", "it is no notebook")],
)
def test_a_file_that_names_no_lesson_is_its_students_problem(tmp_path, data, why):
    files = {f"ada-{LESSON}.ipynb": answered(), "bob.ipynb": data, f"cy/{LESSON}.ipynb": answered()}
    found = by_key(put(tmp_path, {**files, "cy/spare.ipynb": data}))
    assert found["bob", LESSON].problem.startswith(why)
    assert found["bob", LESSON].file == "bob.ipynb"
    assert found["cy", LESSON].answers == {"relu": ANSWER}
    assert found["cy", LESSON].note == ""


# which of two


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (f"doejane_1_20_{LESSON}.ipynb", f"doejane_1_9_{LESSON}-1.ipynb"),
        (f"doejane_LATE_1_20_{LESSON}.ipynb", f"doejane_1_9_{LESSON}.ipynb"),
        ("doejane_1_20_mine.ipynb", f"doejane_1_9_{LESSON}.ipynb"),
        (
            "x_jo_attempt_2026-02-01-09-00-00_mine.ipynb",
            f"x_jo_attempt_2026-01-30-09-00-00_{LESSON}.ipynb",
        ),
        (f"jane/{LESSON}.ipynb", f"jane/{LESSON}_old.ipynb"),
        (f"jane/{LESSON}.ipynb", f"jane/{LESSON} - backup.ipynb"),
        (f"jane/{LESSON}_final.ipynb", f"jane/{LESSON}.ipynb"),
        (f"jane/{LESSON}_final_v2.ipynb", f"jane/{LESSON}_final.ipynb"),
        (f"jane/{LESSON}.ipynb", f"jane/{LESSON}_trial.ipynb"),
        (f"jane/{LESSON}.ipynb", f"jane/old/{LESSON}_final.ipynb"),
        (f"jane/{LESSON}.ipynb", f"jane/sicherung/{LESSON}/{LESSON}.ipynb"),
        (f"jane/{LESSON}.ipynb", f"jane/tries/{LESSON}.ipynb"),
        (f"jane/{LESSON}.ipynb", f"jane/{LESSON} - Copy (2).ipynb"),
        (f"jane/relukit/exercises/{LESSON}.ipynb", f"jane/relukit-old/exercises/{LESSON}.ipynb"),
        (f"jane/relukit/exercises/{LESSON}.ipynb", f"jane/relukit (copy)/exercises/{LESSON}.ipynb"),
        ("doejane_1_20_final.ipynb", "doejane_1_9_first.ipynb"),
        (f"{LESSON}/jo_1_20_final.ipynb", f"{LESSON}/jo_1_9_{LESSON}.ipynb"),
        (f"jane/{LESSON}-2.ipynb", f"jane/{LESSON}-1.ipynb"),
        (f"jane/{LESSON} (10).ipynb", f"jane/{LESSON} (9).ipynb"),
        (f"jane/{LESSON}.ipynb", f"jane/{LESSON}-Copy1.ipynb"),
        (f"jane/{LESSON}/{LESSON}.ipynb", f"jane/{LESSON}/{LESSON}-1.ipynb"),
        (f"jane/{LESSON}/{LESSON}.ipynb", f"jane/{LESSON}/Untitled.ipynb"),
        (f"jane/{LESSON}/Untitled.ipynb", "jane/scratch.ipynb"),
        (f"jane_{LESSON}.ipynb", f"jane-{LESSON}.ipynb"),
    ],
)
@pytest.mark.parametrize("broken", [False, True])
def test_the_last_resubmission_counts_and_the_note_names_the_other(tmp_path, last, first, broken):
    data = b"" if broken and LESSON in last else answered("right = 1")
    path = tmp_path / "in.zip"
    path.write_bytes(packed({last: data, first: answered("wrong = 1")}))
    found = only(path, lesson=LESSON)
    base = found.file.rsplit("/", 1)[-1]
    assert base == last.rsplit("/", 1)[-1]
    assert found.problem == ("" if data else "the file is empty")
    assert found.answers == ({"relu": "right = 1"} if data else {})
    assert f"was left out: {found.file} counts" in found.note
    assert first.rsplit("/", 1)[-1] in found.note


def test_a_note_names_three_others_and_counts_the_rest(tmp_path):
    files = {f"jane/{LESSON}-{number}.ipynb": answered() for number in range(1, 8)}
    note = only(put(tmp_path, files)).note
    assert note.count(".ipynb") == 4
    assert "and 3 more were left out" in note


# the whole course


SOLUTION = (EXERCISES[LESSON].parents[2] / "solutions" / LESSON / f"{LESSON}.ipynb").read_bytes()


def with_answer(data: bytes, source=ANSWER, task="relu") -> bytes:
    """Return a released notebook with one answer."""
    book = json.loads(data)
    for entry_ in book["cells"]:
        if entry_["metadata"].get("nbgrader", {}).get("grade_id") == task:
            entry_["source"] = source
    return json.dumps(book).encode()


def without_marks(data: bytes) -> bytes:
    book = json.loads(data)
    for entry_ in book["cells"]:
        entry_["source"] = [line for line in entry_["source"] if " SOLUTION" not in line]
    return json.dumps(book).encode()


WHOLE = {
    f"exercises/{LESSON}/{LESSON}.ipynb": with_answer(EXERCISES[LESSON].read_bytes()),
    f"solutions/{LESSON}/{LESSON}.ipynb": SOLUTION,
    f"notebooks/{LESSON}.ipynb": notebook(cell("1 + 1")),
    "README.md": b"",
}


@pytest.mark.parametrize("above", ["", "relukit-main/", "a/b/relukit/"])
@pytest.mark.parametrize("form", ["folder", "zip", "zip in zip"])
def test_of_the_whole_course_the_exercises_count(tmp_path, above, form):
    files = {above + name: data for name, data in WHOLE.items()}
    if form != "folder":
        inner = packed(files)
        files = {"work.zip": inner if form == "zip" else packed({"relukit.zip": inner})}
    put(tmp_path, {f"ada/{name}": data for name, data in files.items()})
    if above.startswith("a/"):  # where ada is alone, such folders are taken for ones around her
        put(tmp_path, {f"bob/{LESSON}.ipynb": answered()})
    found = by_key(tmp_path)["ada", LESSON]
    assert found.answers["relu"] == ANSWER
    assert found.file.endswith(f"exercises/{LESSON}/{LESSON}.ipynb")
    assert f"solutions/{LESSON}/{LESSON}.ipynb" in found.note
    assert f"{found.file} counts" in found.note


@pytest.mark.parametrize(
    "name",
    [f"solutions/{LESSON}/{LESSON}.ipynb", f"exercises/{LESSON}/{LESSON}.ipynb", "mine.ipynb"],
)
def test_the_model_answers_are_nobodys(tmp_path, name):
    found = only(put(tmp_path, {f"ada/{name}": SOLUTION, f"ada/{LESSON}.txt": b""}), lesson=LESSON)
    assert found.answers == {}
    assert found.problem.startswith("it is the course's own notebook of solutions and not yours")


def test_the_model_answers_never_win_over_a_students_work(tmp_path):
    own = with_answer(EXERCISES[LESSON].read_bytes())
    files = {f"ada/{LESSON}/{LESSON}.ipynb": SOLUTION, "ada/my homework.ipynb": own}
    found = only(put(tmp_path, files))
    assert found.answers["relu"] == ANSWER
    assert f"ada/{LESSON}/{LESSON}.ipynb: the course's own solutions was left out" in found.note


def test_model_answers_without_their_marks_count_only_where_they_may_be_a_students(tmp_path):
    bare = without_marks(SOLUTION)
    files = {
        f"ada/solutions/{LESSON}/{LESSON}.ipynb": bare,
        f"bob/{LESSON}/{LESSON}.ipynb": bare,
        f"cy/solutions/{LESSON}.ipynb": with_answer(bare),
    }
    found = by_key(put(tmp_path, files))
    assert found["ada", LESSON].problem.startswith("it is the course's own notebook")
    assert not found["bob", LESSON].problem  # a copy, perhaps, which no text can tell
    assert "every answer is word for word the course's own" in found["bob", LESSON].note
    assert found["cy", LESSON].answers["relu"] == ANSWER


def test_one_marked_answer_costs_that_answer_alone(tmp_path):
    marked = (
        "def relu(x):\n    ### BEGIN SOLUTION\n    return np.maximum(x, 0)\n    ### END SOLUTION"
    )
    data = with_answer(EXERCISES[LESSON].read_bytes(), marked)
    found = only(put(tmp_path, {f"ada-{LESSON}.ipynb": data}))
    assert found.faults["relu"].startswith("the course's own model answer, with the marks")
    assert len(found.answers) == len(tasks(LESSON)) - 1


def test_an_untouched_notebook_gives_way_to_an_answered_one_of_the_same_upload(tmp_path):
    own = with_answer(EXERCISES[LESSON].read_bytes())
    blank = EXERCISES[LESSON].read_bytes()
    one = {f"exercises/{LESSON}/{LESSON}.ipynb": blank, f"my work/{LESSON}.ipynb": own}
    files = {f"ada/{name}": data for name, data in one.items()}
    first, last = (f"HW_bob_attempt_2026-01-{day}-09-00-00" for day in (20, 30))
    files |= {f"{first}_{LESSON}.ipynb": own, f"{last}_{LESSON}.ipynb": blank}
    found = by_key(put(tmp_path, files))
    assert found["ada", LESSON].answers["relu"] == ANSWER
    assert "NotImplementedError" in found["bob", LESSON].answers["relu"]


def test_canvas_hands_out_one_upload_whatever_the_numbers_of_its_files(tmp_path):
    own, blank = with_answer(EXERCISES[LESSON].read_bytes()), EXERCISES[LESSON].read_bytes()
    files = {f"bob_1_9_{LESSON}.ipynb": own, f"bob_1_20_{LESSON}-1.ipynb": blank}
    assert only(put(tmp_path, files)).answers["relu"] == ANSWER


def test_sixty_megabytes_of_outputs_are_no_hindrance(tmp_path):
    book = json.loads(with_answer(EXERCISES[LESSON].read_bytes()))
    for entry_ in book["cells"][:10]:
        entry_["outputs"] = [{"data": {"image/png": "iVBORw0KGgo" * 600_000}}]
    data = json.dumps(book).encode()
    assert len(data) > 60_000_000
    files = {f"ada-{LESSON}.ipynb": data, "bob.zip": packed({f"{LESSON}.ipynb": data})}
    path = put(tmp_path, files)
    del data, book, files
    tracemalloc.start()
    found = by_key(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [s.answers["relu"] for s in found.values()] == [ANSWER, ANSWER]
    assert peak < 40 * 2**20


# what a notebook holds


def cells(*found, **options):
    return lambda tmp_path: only(
        put(tmp_path, {f"jane-{LESSON}.ipynb": notebook(*found)}), **options
    )


def test_only_the_source_of_answer_cells_counts(tmp_path):
    forged = cell(ANSWER, "relu", outputs=[{"text": "2/2"}], execution_count=[{}])
    forged["metadata"] |= {"tags": ["skip-execution"]}
    forged["metadata"]["nbgrader"] |= {"points": 99, "grade": "yes", "solution": None}
    check = cell("check = print", "check-relu")
    data = notebook(check, forged, metadata={"kernelspec": {"name": "bash"}}, nbformat="x")
    found = only(put(tmp_path, {f"jane-{LESSON}.ipynb": data}))
    assert found.answers == {"relu": ANSWER}
    assert found.elsewhere == ()


def test_a_missing_answer_cell_is_a_fault_of_its_task_alone(tmp_path):
    found = cells(cell(ANSWER, "relu"))(tmp_path)
    assert "relu" not in found.faults
    said = "no answer cell for hinge_weights: was it deleted, or its type changed?"
    assert found.faults["hinge_weights"] == said
    assert list(found.answers) + list(found.faults) == [task.name for task in tasks(LESSON)]


@pytest.mark.parametrize("kind", ["markdown", "raw", None, ["code"]])
@pytest.mark.parametrize(
    "text", [ANSWER, f"My answer:\n\n```python\n{ANSWER}\n```\n", "  " + ANSWER]
)
def test_an_answer_cell_that_was_turned_into_text_is_graded(tmp_path, kind, text):
    text = text.replace("\n", "\n  ") if text.startswith("  ") else text
    found = cells(cell(text, "relu", kind=kind), cell("def relu(x): return 0"))(tmp_path)
    assert found.answers["relu"].strip() == ANSWER
    assert (
        "turned into a text cell, whose text was graded (set it back to Code): relu" in found.note
    )


def test_an_answer_cell_whose_text_is_no_answer_says_so(tmp_path):
    found = cells(cell("I would use a maximum.", "relu", kind="markdown"))(tmp_path)
    said = (
        "the answer cell for relu is a markdown cell, and its text does not define relu in Python"
    )
    assert found.faults["relu"] == f"{said}: set its type back to Code"


STUB = "def relu(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
OLD_STUB = (
    'def relu(x):\n    """An older text."""\n    # your code here\n    raise NotImplementedError'
)
BODY = "    return np.maximum(x, 0)"


@pytest.mark.parametrize("stub", [STUB, OLD_STUB, "", "\n# hm\n", "import numpy\n" + STUB])
@pytest.mark.parametrize("first", [True, False])
def test_an_untouched_stub_never_competes(tmp_path, stub, first):
    parts = [cell(stub, "relu"), cell(ANSWER, "relu")]
    found = cells(*(parts if first else parts[::-1]))(tmp_path)
    assert found.answers == {"relu": ANSWER}
    assert found.note == ""


@pytest.mark.parametrize("lesson", EXERCISES)
def test_the_released_stubs_are_untouched_and_the_model_answers_are_not(lesson):
    released = read_cells(EXERCISES[lesson].read_bytes())
    solutions = EXERCISES[lesson].parents[2] / "solutions" / lesson / f"{lesson}.ipynb"
    for made, untouched in ((released, True), (read_cells(solutions.read_bytes()), False)):
        for task in tasks(lesson):
            (answer,) = (entry for entry in made if entry.grade_id == task.name)
            assert is_untouched(answer.source) == untouched


@pytest.mark.parametrize(
    ("parts", "answer", "said"),
    [
        (["def relu(x):", BODY], f"def relu(x):\n{BODY}", "joined"),
        (['def relu(x):\n    "doc"', BODY], f'def relu(x):\n    "doc"\n{BODY}', "joined"),
        (["import math", ANSWER], f"import math\n{ANSWER}", "joined"),
        (["def _h(x): return x", ANSWER], f"def _h(x): return x\n{ANSWER}", "joined"),
        ([ANSWER, "print(relu(3))"], f"{ANSWER}\nprint(relu(3))", "joined"),
        ([ANSWER, "not python at all"], ANSWER, "joined"),
        ([ANSWER, "def relu(x): return 1"], "def relu(x): return 1", "the last one counts"),
        (
            ["k = 2\ndef relu(x): return 0", "def relu(x): return k"],
            "k = 2\ndef relu(x): return 0\ndef relu(x): return k",
            "the last one counts",
        ),
        (
            [ANSWER, "relu = np.vectorize(relu)"],
            f"{ANSWER}\nrelu = np.vectorize(relu)",
            "the last one counts",
        ),
        (
            [ANSWER, "old = relu\ndef relu(x): return old(x)"],
            f"{ANSWER}\nold = relu\ndef relu(x): return old(x)",
            "the last one counts",
        ),
        ([STUB, "def relu(x):", BODY], f"def relu(x):\n{BODY}", "joined"),
        ([ANSWER, STUB, ANSWER + "\n"], ANSWER, ""),
    ],
)
def test_halves_are_joined_and_of_two_definitions_the_last_counts(tmp_path, parts, answer, said):
    found = cells(*(cell(source, "relu") for source in parts))(tmp_path)
    assert found.answers["relu"].rstrip() == answer
    assert "relu" not in found.faults
    assert said in found.note
    assert bool(said) == bool(found.note)


@pytest.mark.parametrize(
    "stub",
    [STUB, "", "# todo", "pass", "def relu(x):\n    ...", "def relu(x):\n    'Hm.'\n    pass"],
)
def test_an_answer_in_a_cell_of_ones_own_is_graded(tmp_path, stub):
    own = [cell("def relu(x): return 7"), cell(ANSWER), cell("print(relu(2))")]
    found = cells(cell(stub, "relu"), *own)(tmp_path)
    assert found.answers == {"relu": ANSWER}
    assert found.note.endswith("so the last cell of your own was graded: relu")


def test_an_answer_cell_that_leaves_the_definition_to_an_own_cell_is_graded_with_it(tmp_path):
    found = cells(cell(ANSWER), cell("print(relu(2))", "relu"))(tmp_path)
    assert found.answers == {"relu": f"{ANSWER}\nprint(relu(2))"}
    assert "graded together with a cell of your own" in found.note


def test_an_answer_in_the_check_cell_is_graded_there_and_told(tmp_path):
    found = cells(cell(STUB, "relu"), cell(f"{ANSWER}\ncheck(relu)", "check-relu"))(tmp_path)
    assert {name: text.strip() for name, text in found.answers.items()} == {"relu": ANSWER}
    assert found.note.startswith("graded where it stands, in another cell of the course's: move it")


HINGES = "def hinge_weights(x):\n    return 1 / (1 + np.exp(-x))"
HINGES_STUB = "def hinge_weights(x):\n    raise NotImplementedError()"
CHECK = "from relukit import check\ncheck(relu)"


@pytest.mark.parametrize(
    "parts",
    [
        [cell(f"{ANSWER}\n\n{HINGES}", "relu")],
        [cell(f"{ANSWER}\n\n{HINGES}", "relu"), cell(HINGES_STUB, "hinge_weights")],
        [cell(STUB, "relu"), cell(f"{ANSWER}\n\n{HINGES}", "hinge_weights")],
        [cell(f"{ANSWER}\n\n{HINGES_STUB}", "relu"), cell(HINGES, "hinge_weights")],
        [cell(f"{STUB}\n\n{HINGES}", "relu"), cell(ANSWER)],
        [cell(HINGES, "relu"), cell(ANSWER, "hinge_weights")],
        [cell(ANSWER, "relu"), cell(f"check(relu)\n\n{HINGES}", "check-relu")],
        [cell(f"import numpy as np\n{ANSWER}", "imports"), cell(HINGES, "hinge_weights")],
        [cell(STUB, "relu"), cell(HINGES_STUB, "hinge_weights"), cell(f"{HINGES}\n{ANSWER}")],
        [cell(f"%%time\n{ANSWER}\n!pip list\n{HINGES}", "relu")],
        [cell(f"{ANSWER}\n\n@cache\n{HINGES}", "relu")],
        [cell("relu = lambda x: np.maximum(x, 0)\n" + HINGES, "hinge_weights")],
    ],
)
def test_answers_that_were_joined_in_one_cell_are_divided(tmp_path, parts):
    found = cells(*parts)(tmp_path)
    assert {"relu", "hinge_weights"} <= set(found.answers)
    assert "np.maximum" in found.answers["relu"]
    assert "np.exp" in found.answers["hinge_weights"]
    if not any(f"{STUB}\n\n" in part["source"] or HINGES_STUB in part["source"] for part in parts):
        assert "np.exp" not in found.answers["relu"]
        assert "np.maximum" not in found.answers["hinge_weights"]
    assert "check(" not in "".join(found.answers.values())


def test_a_stub_that_was_joined_with_an_answer_is_not_attempted(tmp_path):
    found = cells(cell(f"{ANSWER}\n\n{HINGES_STUB}", "relu"))(tmp_path)
    assert found.answers["hinge_weights"].strip() == HINGES_STUB
    assert "hinge_weights" not in found.faults


def test_what_joined_answers_share_stays_with_each(tmp_path):
    source = f"half = 0.5\n{ANSWER}\ndef hinge_weights(x):\n    return half"
    found = cells(cell(source, "relu"))(tmp_path)
    assert found.answers["hinge_weights"] == "half = 0.5\ndef hinge_weights(x):\n    return half"


def test_an_answer_in_a_text_cell_of_ones_own_is_told(tmp_path):
    found = cells(cell(STUB, "relu"), cell(f"Mine:\n```\n{ANSWER}\n```", kind="markdown"))(tmp_path)
    assert found.answers == {"relu": STUB}
    assert found.note.startswith("a text cell defines it, which is not graded")


def test_a_cell_without_text_does_not_hurt_the_answer_beside_it(tmp_path):
    assert cells(cell(None, "relu"), cell(ANSWER, "relu"))(tmp_path).answers == {"relu": ANSWER}


@pytest.mark.parametrize("cell_id", ["relu-answer", "old-id-7"])
def test_ids_of_an_older_release_are_no_hindrance(tmp_path, cell_id):
    parts = [
        cell("import numpy as np", "old-imports"),
        cell(ANSWER, "definitions_relu", cell_id=cell_id),
        cell("def hinge_weights(x):\n    raise NotImplementedError()", "definitions_hinge_weights"),
        cell("check(relu)", "test_relu"),
    ]
    parts[3]["metadata"]["nbgrader"] |= {"solution": False, "grade": True}
    found = cells(*parts)(tmp_path)
    assert found.answers["relu"] == ANSWER
    assert "NotImplementedError" in found.answers["hinge_weights"]
    how = "its id" if cell_id == "relu-answer" else "what it defines"
    assert f"recognised by {how}, as its metadata is of another release: relu" in found.note


def test_equal_copies_of_an_answer_cell_are_one_answer(tmp_path):
    found = cells(cell(ANSWER, "relu"), cell(ANSWER + "\n\n", "relu"))(tmp_path)
    assert found.answers == {"relu": ANSWER}


def test_without_metadata_the_cells_id_counts_and_then_the_definition(tmp_path):
    by_id = cell("x = 1", cell_id="identity-from-relus-answer")
    defines = cell("%time\ndef relu(x): return 1")
    doubled = [cell("def hinge_weights(x): return 1"), cell("def hinge_weights(x): return 2")]
    not_alone = cell("if True:\n    def count_linear_pieces(x): return 1")
    found = cells(by_id, defines, *doubled, not_alone)(tmp_path)
    assert found.answers == {
        "relu": defines["source"],
        "identity_from_relus": "x = 1",
        "hinge_weights": "def hinge_weights(x): return 2",
    }
    assert "the last one counts, as where a notebook runs: hinge_weights" in found.note
    assert "count_linear_pieces" in found.faults
    assert "recognised by what it defines, as the cell's metadata is gone: relu" in found.note


def test_a_cell_with_metadata_wins_over_what_others_define(tmp_path):
    found = cells(
        cell("def relu(x): return 1", cell_id="relu-answer"),
        cell(ANSWER, "relu"),
        cell("def relu(x): return 2"),
    )(tmp_path)
    assert found.answers == {"relu": ANSWER}
    assert found.note == ""


def test_a_course_cell_gives_way_to_a_cell_of_ones_own(tmp_path):
    found = cells(cell("def relu(x): 1", "check-relu"), cell(ANSWER), cell(HINGES, "hinge_weights"))
    assert found(tmp_path).answers == {"relu": ANSWER, "hinge_weights": HINGES}


def test_a_class_is_recognised_too(tmp_path):
    data = notebook(cell("class PReLU:\n    pass"))
    found = only(put(tmp_path, {"jane.ipynb": data}))
    assert (found.lesson, set(found.answers)) == (OTHER, {"PReLU"})


@pytest.mark.parametrize("source", [ANSWER, ANSWER.splitlines(keepends=True)])
def test_a_source_is_a_text_or_a_list_of_lines(tmp_path, source):
    assert cells(cell(source, "relu"))(tmp_path).answers == {"relu": ANSWER}


@pytest.mark.parametrize("source", [None, 3, {"a": 1}, ["x", 3], [["x"]]])
def test_a_source_that_is_no_text_is_a_fault(tmp_path, source):
    found = cells(cell(source, "relu"))(tmp_path)
    assert found.faults["relu"] == "the source of the answer cell for relu is no text"


def test_a_source_is_capped_and_must_fit_into_a_file(tmp_path):
    fits, too_long = "#" * 100 * 1024, "é" * (50 * 1024 + 1)
    parts = (
        cell(fits, "relu"),
        cell(too_long, "hinge_weights"),
        cell("x = '\ud800'", "count_linear_pieces"),
    )
    found = cells(*parts)(tmp_path)
    assert found.answers == {"relu": fits}
    assert (
        found.faults["hinge_weights"] == "the answer cell for hinge_weights is longer than 100 KiB"
    )
    assert "lone surrogate" in found.faults["count_linear_pieces"]


def test_notebooks_of_nbformat_3_are_read(tmp_path):
    old = cell(None, "relu", language="python", input=ANSWER.splitlines(keepends=True))
    del old["source"]
    data = json.dumps({"worksheets": [{"cells": [old]}, None, {}], "nbformat": 3}).encode()
    found = only(put(tmp_path, {f"jane-{LESSON}.ipynb": data}))
    assert found.answers == {"relu": ANSWER}


def test_an_untouched_exercise_has_every_answer_and_nothing_else(tmp_path):
    path = put(tmp_path, {f"jane-{LESSON}.ipynb": EXERCISES[LESSON].read_bytes()})
    for options in ({}, {"set_ups": SET_UPS}):
        found = only(path, **options)
        assert list(found.answers) == [task.name for task in tasks(LESSON)]
        assert all("NotImplementedError" in source for source in found.answers.values())
        assert found.faults == {}
        assert found.elsewhere == ()


# names that are defined elsewhere


def test_names_that_only_own_cells_define_are_listed(tmp_path):
    found = cells(
        cell("import numpy as np", "imports"),
        cell("%matplotlib inline\n!ls\nimport scipy.special, math as m\nfrom os import *"),
        cell("def helper(x):\n    inner = 1\nclass Kit: pass\na, (b, *c) = 1, (2, 3)\nd: int = 1"),
        cell("e: int\na[0] = f.g = h = 2\nrelu = 1\nshared = 1"),
        cell(ANSWER + "\nshared = 2", "relu"),
        cell("def broken(:\nlimit = 3\nif limit == 3: pass"),
        cell("helper = 2", "check-relu"),
        cell("also = 1", kind="markdown"),
    )(tmp_path)
    assert found.elsewhere == (
        *("scipy", "m", "helper", "Kit", "a", "b", "c", "d", "h"),
        *("broken", "limit"),
    )


def test_what_a_student_adds_to_the_imports_is_listed_where_those_are_known(tmp_path):
    own = cell("import numpy as np\nimport pandas as pd", "imports")
    assert cells(own, cell(ANSWER, "relu"))(tmp_path).elsewhere == ()
    known = {LESSON: "import numpy as np"}
    assert cells(own, cell(ANSWER, "relu"), set_ups=known)(tmp_path).elsewhere == ("pd",)


def test_names_elsewhere_are_capped(tmp_path):
    many = "\n".join(f"n{i} = {i}" for i in range(500))
    huge = cell("x" * 200 + " = 1\n" + "y = 1\n" * 20_000)
    found = cells(cell("long_" * 20 + " = 1"), huge, cell(many))(tmp_path)
    assert found.elsewhere == tuple(f"n{i}" for i in range(50))


def test_a_warning_about_a_students_text_is_not_raised(tmp_path):
    found = cells(cell("a, b = '\\d', 1"), cell(ANSWER, "relu"))(tmp_path)
    assert found.elsewhere == ("a", "b")


def test_only_so_much_of_a_students_own_cells_is_looked_through(tmp_path):
    long = [cell(f"n{i} = 1\n" + "#" * 100_000) for i in range(12)]
    found = cells(*long, cell(ANSWER, "relu"))(tmp_path)
    assert found.elsewhere == tuple(f"n{i}" for i in range(10))


@pytest.mark.parametrize(
    "source", ["-" * 50_000 + "1", "x" + ".a" * 50_000, "(" * 5_000, "\0", "x = '\\d'", "\ud800"]
)
def test_own_cells_that_no_parser_likes_do_no_harm(tmp_path, source):
    found = cells(cell(source), cell("fine = 1"), cell(ANSWER, "relu"))(tmp_path)
    assert "fine" in found.elsewhere
    assert found.answers == {"relu": ANSWER}


# files that can't be used


def deep() -> bytes:
    return b'{"cells": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"


BROKEN = {
    "empty": (b"", "the file is empty"),
    "blank": (b" \n\n", "the file is empty"),
    "cut off": (answered()[:-9], "it is no notebook: line 1 is not JSON"),
    "deep": (deep(), "it is no notebook: its JSON is out of the ordinary"),
    "not UTF-8": (b'{"cells": ["\xff"]}', "it is no notebook: its text is not UTF-8"),
    "long number": (b'{"cells": ' + b"9" * 5_000 + b"}", "it is no notebook: it has no cells"),
    "NaN keys": (b'{NaN: 1, "cells": []}', "it is no notebook: line 1 is not JSON"),
    "a list": (b"[]", "it is no notebook: it has no cells"),
    "a number": (b"NaN", "it is no notebook: it has no cells"),
    "no cells": (b'{"cells": {"a": 1}}', "it is no notebook: it has no cells"),
    "brackets": (b"[]," * 1_000_001, "it holds more than any notebook does"),
    "large": (b" " * (10 * 2**20 + 1), "it is larger than 10 MiB"),
    "a zip": (packed({"x": b""}), "it is no notebook: "),
}


@pytest.mark.parametrize("as_zip", [False, True])
def test_a_file_that_cannot_be_used_is_a_problem_of_its_student(tmp_path, as_zip):
    files = {f"{name}-{LESSON}.ipynb": data for name, (data, _) in BROKEN.items()}
    files[f"ada-{LESSON}.ipynb"] = answered()
    path = tmp_path / "in.zip" if as_zip else put(tmp_path / "in", files)
    if as_zip:
        path.write_bytes(packed(files))
    found = by_key(path)
    assert len(found) == len(files)
    assert found["ada", LESSON].answers == {"relu": ANSWER}
    for name, (_, why) in BROKEN.items():
        assert found[name, LESSON].problem.startswith(why), name
        assert found[name, LESSON].file == f"{name}-{LESSON}.ipynb"
        assert found[name, LESSON].answers == {}


def test_values_that_are_no_numbers_and_odd_cells_are_passed_over(tmp_path):
    odd = (None, 3, [], {}, {"metadata": []}, {"metadata": {"nbgrader": []}}, {"id": 3})
    worse = cell(ANSWER, ["relu"]), cell(float("nan"), float("nan")), cell("\ufeff", "")
    assert cells(*odd, *worse, cell(ANSWER, "relu"))(tmp_path).answers == {"relu": ANSWER}


def test_a_byte_order_mark_is_no_fault(tmp_path):
    data = b"\xef\xbb\xbf" + answered()
    assert only(put(tmp_path, {f"j-{LESSON}.ipynb": data})).answers == {"relu": ANSWER}


def test_links_are_problems_and_never_followed(tmp_path):
    secret = put(tmp_path / "secret", {f"{LESSON}.ipynb": answered("secret = 1")})
    root = put(tmp_path / "in", {f"ada/{LESSON}.ipynb": answered(), f"dan/{LESSON}/a.txt": b""})
    (root / "bob").symlink_to(secret)
    (root / "cy").mkdir()
    (root / "cy" / LESSON).symlink_to(secret)
    (root / "dan" / LESSON / f"{LESSON}.ipynb").symlink_to(secret / f"{LESSON}.ipynb")
    (root / f"eve-{LESSON}.ipynb").symlink_to("nowhere")
    (root / "fay").symlink_to("fay")
    (root / "ada" / f"{LESSON}-9.ipynb").symlink_to(secret / f"{LESSON}.ipynb")
    found = by_key(root)
    why = "it is a symbolic link, which is not followed"
    assert {s.student for s in found.values() if s.problem == why} == {
        *("bob", "cy", "dan", "eve", "fay")
    }
    assert found["ada", LESSON].answers == {"relu": ANSWER}
    assert found["ada", LESSON].note.startswith(f"ada/{LESSON}-9.ipynb was left out")
    assert {lesson for _, lesson in found} == {LESSON}


def test_a_file_that_becomes_a_link_is_not_followed_either(tmp_path):
    path = put(tmp_path, {"a.ipynb": answered(), "b.ipynb": b""})
    (one,) = [e for e in folder.walk(path) if e.path == ("b.ipynb",)]
    (path / "b.ipynb").unlink()
    (path / "b.ipynb").symlink_to(path / "a.ipynb")
    with pytest.raises(entry.Unusable, match="symbolic link"):
        one.read(10)


def test_the_folder_itself_may_be_a_link(tmp_path):
    real = put(tmp_path / "real", {f"ada-{LESSON}.ipynb": answered()})
    (tmp_path / "link").symlink_to(real)
    assert only(tmp_path / "link").answers == {"relu": ANSWER}


def test_a_pipe_keeps_nobody_waiting(tmp_path):
    put(tmp_path, {f"ada-{LESSON}.ipynb": answered(), f"cy/{LESSON}/x.txt": b""})
    os.mkfifo(tmp_path / f"bob-{LESSON}.ipynb")
    os.mkfifo(tmp_path / f"cy/{LESSON}/{LESSON}.ipynb")
    os.mkfifo(tmp_path / "dan.zip")
    found = by_key(tmp_path)
    problems = {s.student: s.problem for s in found.values()}
    assert problems == {"ada": ""} | dict.fromkeys(("bob", "cy", "dan"), "it is no regular file")


def test_a_sparse_giant_is_not_read(tmp_path):
    put(tmp_path, {f"ada-{LESSON}.ipynb": answered()})
    with (tmp_path / f"bob-{LESSON}.ipynb").open("wb") as file:
        file.truncate(2**40)
    tracemalloc.start()
    found = by_key(tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found["bob", LESSON].problem == "it is larger than 10 MiB without its outputs"
    assert peak < 40 * 2**20


@pytest.mark.skipif(os.getuid() == 0, reason="root reads everything")
def test_what_may_not_be_read_is_a_problem(tmp_path):
    put(tmp_path, {f"ada-{LESSON}.ipynb": answered(), f"bob/{LESSON}.ipynb": answered()})
    (tmp_path / f"ada-{LESSON}.ipynb").chmod(0)
    (tmp_path / "bob").chmod(0)
    found = by_key(tmp_path, lesson=LESSON)
    (tmp_path / "bob").chmod(0o700)
    assert "cannot be read: Permission denied" in found["ada", LESSON].problem
    assert "cannot be read: Permission denied" in found["bob", LESSON].problem


def test_reading_errors_are_problems(tmp_path, monkeypatch):
    put(tmp_path, {f"ada-{LESSON}.ipynb": answered(), f"bob/x/{LESSON}.ipynb": answered()})
    scan, opened = os.scandir, os.open

    def refuse(path, real, *rest):
        if str(path).endswith(("bob/x", f"ada-{LESSON}.ipynb")):
            raise PermissionError(13, "Permission denied")
        return real(path, *rest)

    monkeypatch.setattr(os, "scandir", lambda path: refuse(path, scan))
    monkeypatch.setattr(os, "open", lambda path, *rest, **more: refuse(path, opened, *rest))
    found = by_key(tmp_path, lesson=LESSON)
    assert found["ada", LESSON].problem == "it cannot be read: Permission denied"
    assert found["bob", LESSON].problem == "the folder cannot be read: Permission denied"


def test_a_folder_with_endless_files_or_depth_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "MAX_ENTRIES", 20)
    put(tmp_path, {f"ada-{LESSON}.ipynb": answered()})
    put(tmp_path, {f"bob/{i}.txt": b"" for i in range(30)})
    put(tmp_path, {f"cy/{'x/' * 15}{LESSON}.ipynb": answered()})
    found = by_key(tmp_path)
    assert found["bob", LESSON].problem == "the folder holds more than 20 files"
    assert found["cy", LESSON].problem == NOTHING
    assert found["ada", LESSON].problem == ""


def test_a_student_with_too_many_files_stops_at_the_cap(tmp_path, monkeypatch):
    put(tmp_path, {f"ada-{LESSON}.ipynb": answered(), "bob/0.ipynb": b"{}"})
    put(tmp_path, {f"bob/{i}.ipynb": b"{}" for i in range(120)})
    put(tmp_path, {f"bob/{LESSON}.ipynb": answered()})
    found = by_key(tmp_path)
    assert found["bob", LESSON].problem.startswith("more was handed in than is read for one")
    assert found["ada", LESSON].problem == ""


# zips that mean no good


@cache
def bomb(size: int) -> bytes:
    return packed({f"{LESSON}.ipynb": b"0" * size})


def lie_about_sizes(data: bytes, size: int) -> bytes:
    """Return a zip of one member with another declared size."""
    changed = bytearray(data)
    struct.pack_into("<I", changed, changed.index(b"PK\x03\x04") + 22, size)
    struct.pack_into("<I", changed, changed.index(b"PK\x01\x02") + 24, size)
    return bytes(changed)


@pytest.mark.parametrize("declared", [None, 100, 2**31])
def test_a_zip_bomb_is_unpacked_no_further_than_the_cap(tmp_path, declared):
    data = bomb(80 * 2**20)
    if declared is not None:
        data = lie_about_sizes(data, declared)
    assert len(data) < 2**20
    path = put(tmp_path, {f"ada-{LESSON}.ipynb": answered(), "bob_1_2_work.zip": data})
    tracemalloc.start()
    found = by_key(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 45 * 2**20
    why = (
        "it is damaged in the zip"
        if declared == 100
        else "it is larger than 10 MiB without its outputs"
    )
    assert found["bob_1", LESSON].problem == why
    assert found["ada", LESSON].problem == ""


def test_the_same_bomb_in_the_download_stops_nobody_else(tmp_path):
    path = tmp_path / "in.zip"
    large = b"0" * (30 * 2**20)
    files = {f"bob-{LESSON}.ipynb": large, f"cy-{LESSON}.ipynb": answered(), "dan.zip": large}
    path.write_bytes(packed(files))
    found = by_key(path)
    assert found["bob", LESSON].problem == "it is larger than 10 MiB without its outputs"
    assert found["dan", LESSON].problem == "the zip is damaged, or none"
    assert found["cy", LESSON].answers == {"relu": ANSWER}


def test_what_one_student_packs_is_capped_in_total(tmp_path, monkeypatch):
    monkeypatch.setattr(handed_in, "Allowance", partial(entry.Allowance, size=3 * 2**20))
    files = {f"{i}.ipynb": b" " * 2**20 for i in range(5)}
    packed_ = packed({**files, f"x {LESSON}.ipynb": answered()})
    path = put(tmp_path, {f"ada-{LESSON}.ipynb": answered(), "bob.zip": packed_})
    found = by_key(path)
    why = "more was handed in than is read for one student, 100 files and 300 MiB"
    assert found["bob", LESSON].problem == why
    assert found["ada", LESSON].problem == ""


def test_a_zip_of_too_many_members_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(handed_in, "Allowance", partial(entry.Allowance, members=1_000))
    many = packed({f"{i}.ipynb": b"" for i in range(1_001)})
    path = put(tmp_path, {f"ada-{LESSON}.ipynb": answered(), "bob.zip": many})
    assert by_key(path)["bob", LESSON].problem == zipped.TOO_MANY
    monkeypatch.setattr("relukit.grading.submissions.listing.MAX_MEMBERS", 50)
    (tmp_path / "all.zip").write_bytes(many)
    with pytest.raises(InvalidValueError, match="at most 50 files in a zip, got 1,001"):
        collect(tmp_path / "all.zip")


@pytest.mark.parametrize(
    "name",
    [
        f"../{LESSON}.ipynb",
        f"/tmp/{LESSON}.ipynb",
        f"C:\\{LESSON}.ipynb",
        f"a/../../{LESSON}.ipynb",
    ],
)
def test_a_member_that_leads_out_is_not_read_and_nothing_is_written(tmp_path, name):
    home = tmp_path / "home"
    slip = packed({name: answered("stolen = 1")})
    put(home, {f"ada-{LESSON}.ipynb": answered(), "bob_1_2_work.zip": slip})
    before = sorted(tmp_path.rglob("*"))
    found = by_key(home)
    assert found["bob_1", LESSON].problem == "its name in the zip leads out of the folder"
    assert found["ada", LESSON].answers == {"relu": ANSWER}
    assert sorted(tmp_path.rglob("*")) == before


def test_a_name_that_leads_out_of_the_download_takes_nobodys_place(tmp_path):
    path = tmp_path / "in.zip"
    slips = {f"../ada-{LESSON}.ipynb": answered("forged = 1"), "../../etc/passwd": b"root"}
    path.write_bytes(packed({f"ada-{LESSON}.ipynb": answered(), **slips}))
    found = only(path)
    assert found.answers == {"relu": ANSWER}
    assert "was left out" in found.note


def test_links_and_encrypted_members_of_zips_are_problems(tmp_path):
    link = zipfile.ZipInfo(f"{LESSON}.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    whole = zipfile.ZipInfo(LESSON)
    whole.external_attr = (stat.S_IFLNK | 0o777) << 16
    pipe = zipfile.ZipInfo(f"{LESSON}.ipynb")
    pipe.external_attr = (stat.S_IFIFO | 0o666) << 16
    encrypted = bytearray(packed({f"{LESSON}.ipynb": answered()}))
    for record, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[encrypted.index(record) + place] |= 1
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr(f"{LESSON}.ipynb", answered())
    files = {
        "link.zip": packed({link: b"/etc/passwd"}),
        "whole.zip": packed({whole: b"/etc"}),
        "pipe.zip": packed({pipe: b""}),
        "encrypted.zip": bytes(encrypted),
        "lzma.zip": made.getvalue(),
        "nested.zip": nested(answered(), 2),
        "nests.zip": nested(answered(), 4),
        "none.zip": packed({"essay.pdf": b"", "nothing/": b""}),
        "torn.zip": packed({f"{LESSON}.ipynb": answered()})[:-30],
        "empty.zip": b"",
    }
    found = by_key(put(tmp_path, files), lesson=LESSON)
    link_said = "it is a symbolic link, which is not followed"
    assert {s.student: s.problem for s in found.values()} == {
        "link": link_said,
        "whole": link_said,
        "pipe": "it is no regular file",
        "encrypted": "it is encrypted",
        "lzma": "the zip is packed in an unusual way: pack it again as an ordinary zip",
        "nested": "",
        "nests": "more than 3 zips inside each other are not opened",
        "none": "the zip holds no notebook",
        "torn": "the zip is damaged, or none",
        "empty": "the zip is damaged, or none",
    }


def test_a_damaged_member_is_a_problem(tmp_path):
    data = bytearray(packed({f"{LESSON}.ipynb": answered()}))
    data[50:60] = b"\xff" * 10
    path = put(tmp_path, {"bob.zip": bytes(data)})
    assert only(path).problem == "it is damaged in the zip"


# the list of names


def named(tmp_path, text, **options):
    listed = tmp_path / "names.csv"
    listed.write_bytes(text.encode() if isinstance(text, str) else text)
    files = {
        "upload one.ipynb": answered(),
        f"b_{LESSON}.ipynb": answered(),
        f"x/{OTHER}.ipynb": answered("def maxout(x): 1", "maxout"),
    }
    return by_key(put(tmp_path / "in", files), names=listed, **options)


def test_a_list_of_names_wins_over_the_paths(tmp_path):
    text = (
        f'file,student,lesson\nupload one.ipynb,Ada,{OTHER}\nx,"Doe, Jane",\nb_{LESSON}.ipynb,Bob\n'
    )
    found = named(tmp_path, text)
    assert {key for key, s in found.items() if not s.problem} == {
        ("Ada", OTHER),
        ("Doe, Jane", OTHER),
        ("Bob", LESSON),
    }
    assert not any(s.note for s in found.values() if s.problem)
    assert found["Ada", OTHER].note == f"it looks like the notebook of {LESSON}"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "start", ["", "\ufeff", "\ufeff Student{0}FILE \r\nAda{0}upload one.ipynb"]
)
def test_a_list_of_names_may_come_from_excel(tmp_path, separator, start):
    text = start if "Ada" in start else start + "file{0}student\n\nupload one.ipynb{0}Ada{0}\n"
    assert ("Ada", LESSON) in named(tmp_path, text.format(separator))


def test_a_name_for_a_folder_holds_for_all_that_is_in_it(tmp_path):
    put(tmp_path / "in", {"z/essay.pdf": b"", "z/deep/notes.md": b""})
    found = named(tmp_path, "file,student\nz,Zed\n")
    assert found["Zed", LESSON].problem == NOTHING
    do = "is no notebook: hand in the .ipynb file"
    assert found["Zed", LESSON].note == f"z/deep/notes.md {do}; z/essay.pdf {do}"


def test_a_name_for_a_file_that_is_not_there_is_a_student_without_a_notebook(tmp_path):
    found = named(tmp_path, "file,student\nmissing.ipynb,Zoe\n")
    assert found["Zoe", LESSON].problem == NOTHING
    said = "the list of names has missing.ipynb, which was not handed in"
    assert found["Zoe", LESSON].note == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no file and no student among none"),
        ("name,path\na,b\n", "no file and no student among name, path"),
        ("file,name\na,b\n", "no student among file, name"),
        ("file,student\nb.ipynb,\n", "line 2 of names.csv: file 'b.ipynb', student ''"),
        ("file,student,lesson\nb,Ada,02_definition\n", "did you mean '02_definitions'"),
        ("file,student\nb,Ada\n./b,Bob\n", "a second one for './b' in line 3"),
        ('file,student\n"b,Ada\n', "names.csv, line 2: unexpected end of data"),
        ("file,student\nb,J\xfcri\n".encode("latin-1"), "whose byte 16 is something else"),
    ],
)
def test_a_bad_list_of_names_says_what_to_do(tmp_path, text, said):
    with pytest.raises(InvalidValueError) as raised:
        named(tmp_path, text)
    assert said in str(raised.value)
    assert "What to do" in str(raised.value)


def test_a_list_of_names_that_is_not_there_is_told(tmp_path):
    put(tmp_path, {f"b_{LESSON}.ipynb": answered()})
    with pytest.raises(UnavailableError, match="No such file"):
        collect(tmp_path, names=tmp_path / "names.csv")


# names


def test_names_are_kept_but_for_what_turns_a_terminal_about(tmp_path):
    names = {
        "Ada": "Ada",
        "ada": "ada",
        "Ev\x1b[2Jil": "Ev\\x1b[2Jil",
        "Zo\u0065\u0308": "Zo\u00eb",
        "=1+1": "=1+1",
        "a\u202eb": "a\\u202eb",
        "new\nline": "new line",
    }
    put(tmp_path, {f"{name}/{LESSON}.ipynb": answered() for name in names})
    os.mkdir(os.fsencode(tmp_path) + b"/J\xe9r")
    found = by_key(tmp_path)
    assert {student for student, _ in found} == {*names.values(), "J\\udce9r"}
    for submission in found.values():
        json.dumps([submission.student, submission.file]).encode()
        submission.file.encode()
        assert submission.file.isprintable()


# what the instructor got wrong


def test_wrong_arguments_say_what_to_do(tmp_path):
    with pytest.raises(UnavailableError, match="No such file"):
        collect(tmp_path / "nowhere")
    with pytest.raises(InvalidTypeError, match="got a int"):
        collect(3)
    with pytest.raises(InvalidValueError, match="did you mean '02_definitions'"):
        collect(tmp_path, lesson="02_definition")
    put(tmp_path, {"notes.txt": b"", "ada/notes.txt": b"", "x.zip.txt": b""})
    for lesson in (None, LESSON):
        with pytest.raises(InvalidValueError, match="submissions: notebooks, or zips"):
            collect(tmp_path, lesson=lesson)
    with pytest.raises(InvalidValueError, match="neither a zip nor a notebook"):
        collect(tmp_path / "notes.txt")
    put(tmp_path, {"ada.ipynb": notebook()})
    with pytest.raises(InvalidValueError, match="name the lesson, one of 01_history"):
        collect(tmp_path)
    assert {s.student for s in collect(str(tmp_path), lesson=LESSON)} == {"ada"}


def test_importing_it_loads_no_torch():
    code = "import sys, relukit.grading.submissions.collect\n"
    code += "print({'torch', 'nbformat'} & sys.modules.keys())"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


# whatever the bytes

ANY = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = st.sampled_from(
    [
        *("cells", "cell_type", "code", "source", "metadata", "nbgrader", "grade_id", "relu", "id"),
        *(
            "worksheets",
            "input",
            "relu-answer",
            "hinge_weights",
            "imports",
            "a=1",
            "def relu(x): 1",
        ),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | WORDS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(WORDS, inner, max_size=6),
    max_leaves=25,
)
CELLS = st.fixed_dictionaries(
    {"cell_type": st.just("code") | VALUES, "source": VALUES, "metadata": VALUES | st.just({})},
    optional={"id": WORDS | VALUES},
)
SHAPED = st.fixed_dictionaries({"cells": st.lists(CELLS | VALUES, max_size=6) | VALUES})
NOTEBOOKS = st.binary(max_size=200) | (VALUES | SHAPED).map(lambda v: json.dumps(v).encode())


def expect_order(found):
    keys = [(s.student, s.lesson) for s in found]
    assert keys == sorted(set(keys))
    for submission in found:
        names = {task.name for task in tasks(submission.lesson)}
        told = [*submission.answers, *submission.faults]
        assert submission.problem or sorted(told) == sorted(names)
        assert not (submission.problem and told)
        assert all(isinstance(source, str) for source in submission.answers.values())
        assert isinstance(submission.digest, str)
        (submission.student + submission.file + submission.note + submission.problem).encode()


@ANY
@given(data=NOTEBOOKS)
def test_no_notebook_stops_the_others(tmp_path, data):
    files = {f"ada-{LESSON}.ipynb": answered(), f"bob-{LESSON}.ipynb": data, "cy.ipynb": data}
    found = collect(put(tmp_path, files), lesson=LESSON)
    expect_order(found)
    assert found[0].answers == {"relu": ANSWER}
    assert [s.student for s in found] == ["ada", "bob", "cy"]


GOOD_ZIP = packed({f"{LESSON}.ipynb": answered(), "a/b.txt": b"text", "c/": b""})
CHANGES = st.lists(
    st.tuples(st.integers(0, len(GOOD_ZIP) - 1), st.integers(0, 255)), min_size=1, max_size=8
)


@ANY
@given(changes=CHANGES, cut=st.integers(0, 30), junk=st.binary(max_size=9))
def test_no_zip_stops_the_others(tmp_path, changes, cut, junk):
    data = bytearray(GOOD_ZIP)
    for place, value in changes:
        data[place] = value
    data = bytes(data[: len(data) - cut]) + junk
    found = collect(put(tmp_path, {f"ada-{LESSON}.ipynb": answered(), "bob.zip": data}))
    expect_order(found)
    assert found[0].answers == {"relu": ANSWER}
    assert "bob" in {s.student for s in found}
    (tmp_path / "whole").mkdir(exist_ok=True)
    (tmp_path / "whole" / "all.zip").write_bytes(data)
    with suppress(InvalidValueError):  # no zip any more, or nothing in it
        expect_order(collect(tmp_path / "whole" / "all.zip", lesson=LESSON))


PIECES = st.text(max_size=4) | st.sampled_from(
    [
        *("..", ".", "", "\\", "C:", "ada", LESSON, OTHER, "ada_1_2_x", "\0", "(2)"),
        *(
            "Ada B_1_assignsubmission_file_",
            "x" * 300,
            "-1",
            "-Copy1",
            "__MACOSX",
            "02-definitions",
        ),
    ]
)
PATHS = st.builds(
    lambda parts, last: "/".join([*parts, last]),
    st.lists(PIECES, max_size=4),
    st.builds("{}{}".format, PIECES, st.sampled_from([".ipynb", ".zip", "", "/", ".IPYNB.json"])),
)


@ANY
@pytest.mark.filterwarnings("ignore:Duplicate name")
@given(paths=st.lists(PATHS, max_size=6), data=NOTEBOOKS | st.just(answered()))
def test_no_names_in_a_zip_stop_the_others(tmp_path, paths, data):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("ada.ipynb", answered())
        for path in paths:
            name = path.encode("utf-8", "replace").decode()
            archive.writestr(zipfile.ZipInfo(name or "x"), data)
    (tmp_path / "in.zip").write_bytes(made.getvalue())
    found = collect(tmp_path / "in.zip")
    expect_order(found)
    # another file may be of the same student and count in its place: then a note says so
    assert any(s.answers == {"relu": ANSWER} or "left out" in s.note for s in found)


@ANY
@given(tail=st.binary(max_size=60), level=st.integers(0, 9))
def test_no_compressed_bytes_stop_the_others(tmp_path, tail, level):
    raw = zlib.compressobj(level, zlib.DEFLATED, -15)
    good = packed({f"{LESSON}.ipynb": answered()})
    start = good.index(b".ipynb") + 6
    data = (
        good[:start]
        + (raw.compress(tail) + raw.flush() + tail)[:40].ljust(40, b"\0")
        + good[start + 40 :]
    )
    found = collect(put(tmp_path, {f"ada-{LESSON}.ipynb": answered(), "bob.zip": data}))
    expect_order(found)
    assert {s.student: s.problem for s in found} == {"ada": "", "bob": "it is damaged in the zip"}
