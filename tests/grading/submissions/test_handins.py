"""In every layout each student is found once, with the platform's id and the last attempt."""

import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from handin_table import table
from handins import (
    CLASS,
    LAYOUTS,
    LESSON,
    OTHER,
    ROOT,
    Student,
    answer,
    course,
    n_expected,
    packed,
    write,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from rosters import n_matched

from relukit.errors import InvalidValueError
from relukit.grading.classlist.people import name_key
from relukit.grading.submissions.collect import collect, gather

IDS = [layout.title for layout in LAYOUTS]


def numbers(found, attempt):
    """Return the numbers of the students whose answers were taken."""
    said = [s.answers["relu"].split("return ")[1].split(", ") for s in found]
    assert all(int(own) == attempt for _, own in said)
    return sorted(int(number) for number, _ in said)


@pytest.mark.parametrize("as_zip", [False, True])
@pytest.mark.parametrize("layout", LAYOUTS, ids=IDS)
def test_everybody_is_found_once_with_the_last_attempt(tmp_path, layout, as_zip):
    path = write(tmp_path, layout.make(CLASS), as_zip=as_zip)
    found = collect(path)
    assert {s.lesson for s in found} == {LESSON}
    assert not any(s.problem for s in found)
    assert len(found) == len({s.student for s in found}) == n_expected(layout, CLASS)
    if layout.merges:
        return
    assert numbers(found, layout.attempt) == [s.number for s in CLASS]
    assert {s.platform for s in found} == {layout.platform}
    if layout.identity:
        field, expected = layout.identity
        by_number = {str(s.number): expected(s) for s in CLASS}
        for s in found:
            number = s.answers["relu"].split("return ")[1].split(",")[0]
            assert getattr(s, field) == by_number[number]


def test_the_table_of_hand_ins_has_a_row_for_each_layout_and_finds_everybody():
    shown, right = table()
    assert right
    assert shown.row_count == len(LAYOUTS)


WORD = st.text(st.sampled_from("abcdeßéñłАв王'-. "), min_size=1, max_size=8)
NAMES = WORD.map(str.strip).filter(lambda w: w.strip(".-' ") and not w.startswith((".", "-")))
LOGINS = st.from_regex(r"[a-z][a-z0-9]{1,7}", fullmatch=True)
CLASSES = st.lists(
    st.tuples(NAMES, NAMES, LOGINS), min_size=2, max_size=6, unique_by=lambda entry: entry[2]
).map(lambda rows: [Student(1_000 + 37 * n, *row) for n, row in enumerate(rows)])


def _is_like_a_name(student):
    return student.last.removeprefix("'")[0].isalpha()  # "'t Hooft" is one, "'.c." none


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS, ids=IDS)
@given(students=CLASSES)
@settings(deadline=None, max_examples=8)
def test_nobody_is_lost_or_merged_whatever_the_names(layout, students):
    with tempfile.TemporaryDirectory() as folder:
        found = collect(write(Path(folder), layout.make(students), as_zip=True), lesson=LESSON)
    assert len({s.student for s in found}) == n_expected(layout, students)
    if not layout.merges:
        assert numbers(found, layout.attempt) == sorted(s.number for s in students)
        matched = n_matched(found, students)  # and nobody gets the points of another
        assert matched == len(students) or not all(map(_is_like_a_name, students))


@given(students=CLASSES)
@settings(deadline=None, max_examples=30)
def test_names_alone_match_whom_the_list_has_once_and_nobody_else(students):
    layout = next(layout for layout in LAYOUTS if layout.merges)
    with tempfile.TemporaryDirectory() as folder:
        found = collect(write(Path(folder), layout.make(students), as_zip=True), lesson=LESSON)
    names = Counter(name_key(s.name) for s in students)
    assert n_matched(found, students) <= sum(n == 1 for n in names.values())


# who could take whose place


def test_a_display_name_like_moodles_own_part_displaces_nobody(tmp_path):
    eve, bob = Student(7, "Eve", "", "eve"), Student(2, "Bob", "", "bob")
    posing = "Bob_2_assignsubmission_file_"
    files = {
        f"Bob_2_assignsubmission_file_/{LESSON}.ipynb": answer(bob),
        f"{posing}_7_assignsubmission_file_/{LESSON}.ipynb": answer(eve),
    }
    for name, made in {
        "folders": files,
        "flat": {k.replace("/", ""): v for k, v in files.items()},
    }.items():
        found = collect(write(tmp_path / name, made))
        assert len(found) == 2
        (taken,) = (s for s in found if s.student == "Bob")
        assert "return 2, 1" in taken.answers["relu"]


def test_a_files_name_like_blackboards_takes_no_place_in_canvas(tmp_path):
    eve, bob = CLASS[:2]
    files = {
        f"bob_12_34_{LESSON}.ipynb": answer(bob),
        f"eve_13_35_x_bob_attempt_2099-01-01-00-00-00_{LESSON}.ipynb": answer(eve),
    }
    found = {s.student: s for s in collect(write(tmp_path, files))}
    assert set(found) == {"bob_12", "eve_13"}


@pytest.mark.parametrize("as_zip", [False, True])
def test_names_that_look_the_same_stay_two_and_it_is_said(tmp_path, as_zip):
    ada, other = CLASS[:2]
    files = {f"ada/{LESSON}.ipynb": answer(ada), f"ada /{LESSON}.ipynb": answer(other)}
    done = gather(
        write(tmp_path, {**files, f"ada_/{LESSON}.ipynb": answer(CLASS[2])}, as_zip=as_zip)
    )
    by_name = {s.student: s.answers["relu"] for s in done.submissions}
    assert set(by_name) == {"ada", "ada_", "ada__"}
    assert str(ada.number) in by_name["ada"]
    assert str(CLASS[2].number) in by_name["ada_"]
    assert done.problems == (
        "names that look the same and differ in spaces or invisible characters, taken for "
        "different students: ada",
    )


def test_composed_and_decomposed_names_are_one_student(tmp_path):
    files = {f"Zo\u00eb/{LESSON}.ipynb": answer(CLASS[0])}
    files[f"Zoe\u0308/{OTHER}.ipynb"] = answer(CLASS[0]).replace(b"relu", b"elu")
    assert {s.student for s in collect(write(tmp_path, files))} == {"Zo\u00eb"}


@pytest.mark.parametrize("as_zip", [False, True])
def test_what_is_passed_over_is_said(tmp_path, as_zip):
    files = {
        f"ada/{LESSON}.ipynb": answer(CLASS[0]),
        f".bob/{LESSON}.ipynb": answer(CLASS[1]),
        ".git/config": b"",
        "old results/results.jsonl": b"{}",
        "old results/students/ada.html": b"",
    }
    done = gather(write(tmp_path, files, as_zip=as_zip))
    assert {s.student for s in done.submissions} == {"ada"}
    assert done.problems == (
        ".bob was passed over: its name begins with a dot, and such files and folders are not "
        "opened: rename it",
        "old results was passed over: it holds the results of a run of the grader, and no "
        "student's work",
    )


def test_the_runs_own_output_is_no_student(tmp_path):
    files = {
        f"ada/{LESSON}.ipynb": answer(CLASS[0]),
        f"out/autograded/{LESSON}.ipynb": answer(CLASS[1]),
    }
    path = write(tmp_path, files)
    assert {s.student for s in collect(path)} == {"ada", "out"}
    done = gather(path, output=path / "out")
    assert {s.student for s in done.submissions} == {"ada"}
    assert "out was passed over" in done.problems[0]


def test_what_nbgrader_made_beside_its_gradebook_is_no_student(tmp_path):
    files = {
        "gradebook.db": b"",
        f"ada/{LESSON}/{LESSON}.ipynb": answer(CLASS[0]),
        f"autograded/ada/{LESSON}/{LESSON}.ipynb": answer(CLASS[1]),
    }
    done = gather(write(tmp_path, files))
    assert {s.student for s in done.submissions} == {"ada"}
    assert "autograded was passed over" in done.problems[0]


def test_files_that_say_no_name_are_one_student_and_it_is_said(tmp_path):
    names = (f"{LESSON}.ipynb", f"{LESSON} (1).ipynb", f"Copy of {LESSON}.ipynb")
    done = gather(write(tmp_path, {name: answer(CLASS[0]) for name in names}))
    assert {s.student for s in done.submissions} == {"class"}
    assert "3 files say no student's name" in done.problems[0]


def test_one_name_with_two_numbers_of_moodles_is_one_student_and_it_is_said(tmp_path):
    files = {f"{LESSON}/Jane Doe_1_assignsubmission_file_/a.ipynb": answer(CLASS[0])}
    name = f"{OTHER}/Jane Doe_7_assignsubmission_file_/a.ipynb"
    files[name] = answer(CLASS[0]).replace(b"relu", b"elu")
    done = gather(write(tmp_path, files))
    assert {s.student for s in done.submissions} == {"Jane Doe"}
    assert "Moodle's numbers change with each assignment: Jane Doe" in done.problems[0]


GROUPS = {
    "sections, Canvas": lambda s, group: f"{group}/{s.short}_{s.number}_9_{LESSON}.ipynb",
    "sections, folders": lambda s, group: f"{group}/{s.login}/{LESSON}.ipynb",
    "sections, clones": lambda s, group: f"{group}/relukit-{s.login}/exercises/{LESSON}.ipynb",
    "sections, files": lambda s, group: f"{group}/{s.login}_{LESSON}.ipynb",
    "sections below a lesson": lambda s, group: f"{LESSON}/{group}/{s.login}/{LESSON}.ipynb",
    "weeks below a year": lambda s, group: f"2026/{group}/{s.login}/{LESSON}.ipynb",
}


@pytest.mark.parametrize("form", ["folders", "zips", "folders in a zip"])
@pytest.mark.parametrize("name", GROUPS)
def test_sections_are_opened_and_it_is_said(tmp_path, name, form):
    files = {}
    for place, s in enumerate(CLASS):
        files[GROUPS[name](s, "Tue" if place > 5 else "Mon")] = answer(s)
    if form == "zips":
        split = [[k for k in files if day in k] for day in ("Mon", "Tue")]
        parts = [
            {k.split(day + "/")[1]: files[k] for k in keys}
            for keys, day in zip(split, ("Mon", "Tue"), strict=True)
        ]
        files = {"Mon.zip": packed(parts[0]), "Tue.zip": packed(parts[1])}
    done = gather(write(tmp_path, files, as_zip=form == "folders in a zip"))
    assert numbers(done.submissions, 1) == [s.number for s in CLASS]
    (said,) = (said for said in done.problems if "several students" in said)
    assert "Mon" in said
    assert "Tue" in said


def test_one_students_folders_stay_that_students_and_it_is_said(tmp_path):
    files = {
        f"ada/red/{LESSON}.ipynb": answer(CLASS[0]),
        f"ada/blue/{LESSON}.ipynb": answer(CLASS[0]),
        f"bob/{LESSON}.ipynb": answer(CLASS[1]),
        f"cy/old/{LESSON}.ipynb": answer(CLASS[2]),
        f"cy/new/{LESSON}.ipynb": answer(CLASS[2]),
    }
    done = gather(write(tmp_path, files))
    assert {s.student for s in done.submissions} == {"ada", "bob", "cy"}
    assert done.problems == (
        "holding several notebooks that may be one student's or those of several, and taken for "
        "one student's: ada (blue, red); say whose they are with --names",
    )


def test_a_list_of_names_says_that_a_folder_is_one_students(tmp_path):
    files = {f"Mon/{s.login}/{LESSON}.ipynb": answer(s) for s in CLASS[:3]}
    names = tmp_path / "names.csv"
    names.write_text("file,student\nMon,ada\n")
    done = gather(write(tmp_path, {**files, "notes.zip": packed({"a": b""})}), names=names)
    assert "ada" in {s.student for s in done.submissions if s.answers}
    assert not any("several students" in said for said in done.problems)


@pytest.mark.parametrize("above", ["eve_13_35_work.zip", "Eve_13_assignsubmission_file_/work.zip"])
def test_a_zip_with_an_owner_takes_nobodys_place(tmp_path, above):
    bob = f"bob_12_34_{LESSON}.ipynb"
    forged = packed({bob: answer(CLASS[0]), f"ann_11_99_{LESSON}.ipynb": answer(CLASS[0])})
    done = gather(write(tmp_path, {above: forged, bob: answer(CLASS[1])}))
    taken = {s.student: s for s in done.submissions}
    assert set(taken) == {"bob_12", "eve_13" if above.startswith("eve") else "Eve"}
    assert str(CLASS[1].number) in taken["bob_12"].answers["relu"]


def test_what_lies_in_a_group_gives_way_to_what_lies_beside_it_and_it_is_said(tmp_path):
    bob, other = f"bob_12_34_{LESSON}.ipynb", f"ann_11_99_{LESSON}.ipynb"
    later = bob.replace("34", "99")
    group = packed({later: answer(CLASS[0]), other: answer(CLASS[2])})
    done = gather(write(tmp_path, {"x.zip": group, bob: answer(CLASS[1])}))
    taken = {s.student: s for s in done.submissions}
    assert str(CLASS[1].number) in taken["bob_12"].answers["relu"]
    assert done.problems[-1].endswith("taken for one student each: bob_12")


MONTHS = {
    "French": [
        "janv.",
        "f\u00e9vr.",
        "mars",
        "avr.",
        "mai",
        "juin",
        "juil.",
        "ao\u00fbt",
        "sept.",
        "oct.",
        "nov.",
        "d\u00e9c.",
    ],
    "German": [
        "Jan",
        "Feb",
        "M\u00e4rz",
        "Apr",
        "Mai",
        "Juni",
        "Juli",
        "Aug",
        "Sept",
        "Okt",
        "Nov",
        "Dez",
    ],
    "Spanish": [
        "ene.",
        "feb.",
        "mar.",
        "abr.",
        "may.",
        "jun.",
        "jul.",
        "ago.",
        "sep.",
        "oct.",
        "nov.",
        "dic.",
    ],
    "Portuguese": [
        "janeiro",
        "fevereiro",
        "mar\u00e7o",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ],
    "Italian": ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"],
    "Dutch": [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
}


@pytest.mark.parametrize("language", MONTHS)
def test_brightspaces_months_are_read_in_the_languages_of_platforms(tmp_path, language):
    for number, (month, later) in enumerate(pairwise(MONTHS[language])):
        names = (f"7-1 - Jo - 28 {month} 2026 1159", f"7-1 - Jo - 3 {later} 2026 901")
        files = {f"{n}/{LESSON}.ipynb": answer(CLASS[0], k) for k, n in enumerate(names, 1)}
        done = gather(write(tmp_path / str(number), files))
        assert numbers(done.submissions, 2) == [CLASS[0].number], later
        assert done.problems == ()


def test_times_that_cannot_be_read_are_said(tmp_path):
    days = ("28 Frimaire 2026 1159", "3 Niv\u00f4se 2026 901")
    files = {f"7-1 - Jo - {day}/{LESSON}.ipynb": answer(CLASS[0]) for day in days}
    (said,) = gather(write(tmp_path, files)).problems
    assert "the last may not be the one that counts: Jo" in said


@pytest.mark.parametrize("kind", ["exercises", "solutions"])
def test_the_courses_own_notebook_beside_the_students_is_nobodys_and_it_is_said(tmp_path, kind):
    own = (ROOT / kind / LESSON / f"{LESSON}.ipynb").read_bytes()
    files = {f"{LESSON}.ipynb": own, f"ada/{LESSON}.ipynb": answer(CLASS[0])}
    done = gather(write(tmp_path, files))
    assert {s.student for s in done.submissions} == {"ada"}
    assert done.problems == (f"{LESSON}.ipynb is the course's own and taken for nobody's",)


@pytest.mark.parametrize("name", ["2", "02", "definitions", "02-Definitions", "02_definitions"])
def test_a_lesson_may_be_named_in_short(tmp_path, name):
    files = {f"ada/{LESSON}.ipynb": answer(CLASS[0]), f"ada/{OTHER}.ipynb": answer(CLASS[0])}
    assert {s.lesson for s in collect(write(tmp_path, files), lesson=name)} == {LESSON}


@pytest.mark.parametrize("name", ["22", "", "0", "definition", "x"])
def test_a_name_of_no_lesson_is_refused(tmp_path, name):
    path = write(tmp_path, {f"ada/{LESSON}.ipynb": answer(CLASS[0])})
    with pytest.raises(InvalidValueError, match="known lesson"):
        gather(path, lesson=name)


def test_two_spellings_of_one_name_are_said(tmp_path):
    files = {f"Zo\u00eb/{LESSON}.ipynb": answer(CLASS[0])}
    files[f"Zoe\u0308/{LESSON}.ipynb"] = answer(CLASS[1])
    (said,) = gather(write(tmp_path, files)).problems
    assert "two ways of Unicode" in said


ODD = {
    "the root is one student's copy of the course": (course(CLASS[0]), {"class": 1}),
    "Teams, versions": (
        {
            f"Submitted files/{s.name}/02 Definitions/Version {v}/{LESSON}.ipynb": answer(s, v)
            for s in CLASS[:2]
            for v in (1, 2, 10)
        },
        {"Ada Lovelace": 10, "Grace Hopper": 10},
    ),
    "copies of a Mac's": (
        {
            f"ada/{LESSON} copy.ipynb": answer(CLASS[0]),
            f"ada/{LESSON} copy 2.ipynb": answer(CLASS[0]),
            f"ada/{LESSON}.ipynb": answer(CLASS[0], 2),
            f"{LESSON} - Bob \u2013 Kopie.ipynb": answer(CLASS[1]),
        },
        {"ada": 2, "Bob": 1},
    ),
    "students called like the course's folders": (
        {
            f"{name}/{LESSON}.ipynb": answer(CLASS[0])
            for name in ("solutions", "exercises", "source")
        },
        {"solutions": 1, "exercises": 1, "source": 1},
    ),
    "Blackboard, logins of digits": (
        {
            f"HW 2_{n}_attempt_2026-01-30-15-00-00_{n}_7_x.ipynb": answer(CLASS[0])
            for n in ("12345678", "12345679")
        },
        {"12345678": 1, "12345679": 1},
    ),
    "Blackboard, logins with a line": (
        {
            f"Work of week_2_{n}_attempt_2026-01-30-15-00-00_x.ipynb": answer(CLASS[0])
            for n in ("j_doe", "k_doe")
        },
        {"j_doe": 1, "k_doe": 1},
    ),
    "Brightspace, names with lines": (
        {
            f"7-1 - Anne-Marie - de la Tour - Oct 3, 2026 1159 PM/{LESSON}.ipynb": answer(CLASS[0]),
            f"8-1 - 2026 - Oct 3, 2026 1159 PM/{LESSON}.ipynb": answer(CLASS[1]),
        },
        {"Anne-Marie - de la Tour": 1, "2026": 1},
    ),
    "Gradescope": (
        {f"submission_{n}/{LESSON}.ipynb": answer(CLASS[0]) for n in (1, 2)},
        {"submission_1": 1, "submission_2": 1},
    ),
}


@pytest.mark.parametrize("as_zip", [False, True])
@pytest.mark.parametrize("name", ODD)
def test_an_odd_layout_loses_nobody(tmp_path, name, as_zip):
    files, expected = ODD[name]
    found = collect(write(tmp_path, files, as_zip=as_zip), lesson=LESSON)
    attempts = {s.student: int(s.answers["relu"].rsplit(" ", 1)[1]) for s in found}
    assert attempts == expected
