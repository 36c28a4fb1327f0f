"""Points get into the rows and columns of an exported class list, and nobody is guessed."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from relukit.checks.registry import tasks
from relukit.errors import InvalidValueError, UnavailableError
from relukit.grading.classlist.columns import read_class_list
from relukit.grading.classlist.filled import UNMATCHED, write_filled
from relukit.grading.classlist.filling import fill
from relukit.grading.classlist.people import name_key
from relukit.grading.classlist.table import split
from relukit.grading.result import GRADER_ERROR, Result
from relukit.grading.submission import Submission

LESSON, OTHER = "02_definitions", "03_variants"
WORTH = sum(entry.points for entry in tasks(LESSON))


def whole(student, status="passed", lesson=LESSON):
    return [Result(student, lesson, e.name, status, e.points) for e in tasks(lesson)]


def handed_in(student, lesson=LESSON, **known):
    return Submission(student, lesson, f"{student}.ipynb", {"relu": "1"}, **known)


def filled(tmp_path, text, submissions, results=None, *, encoding="utf-8", name="list.csv"):
    """Return what became of a class list, its rows as the csv module reads them, and the table
    of who could not be placed."""
    roster = tmp_path / name
    roster.write_bytes(text.encode(encoding))
    out = tmp_path / "out"
    out.mkdir(exist_ok=True)
    if results is None:
        results = [r for s in submissions for r in whole(s.student, lesson=s.lesson)]
    found = fill(read_class_list(roster), results, submissions)
    path, unmatched = write_filled(found, roster, out)
    assert roster.read_bytes() == text.encode(encoding)
    with unmatched.open(encoding="utf-8-sig", newline="") as stream:
        troubles = list(csv.DictReader(stream))
    return found, path, troubles


def cells(path: Path, *, encoding="utf-8-sig", delimiter=","):
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.reader(stream, delimiter=delimiter))


CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,02_definitions (9001),Essay (9002),"
    "Current Score,Final Score\n"
    f"    Points Possible,,,,,{WORTH}.00,10.00,(read only),(read only)\n"
    '"Doe, Jane",123,S1,jdoe,"A and ""B""",,9.5,95,90\n'
    "O\u2019Brien,124,S2,obrien,A,3,EX,,\n"
    '"Student, Test",999,,abc,A,,,,\n'
)


def test_canvas_s_gradebook_is_filled_by_the_user_s_number(tmp_path):
    some = [
        handed_in("doejane_123", platform="canvas", display_name="doejane", user_id="123"),
        handed_in("obrien_124", platform="canvas", display_name="obrien", user_id="124"),
        handed_in("eve_7", platform="canvas", display_name="jdoe", user_id="7"),
    ]
    results = [*whole("doejane_123"), *whole("obrien_124", "wrong"), *whole("eve_7")]
    found, path, troubles = filled(tmp_path, CANVAS, some, results)
    rows = cells(path)
    before = list(csv.reader(io.StringIO(CANVAS)))
    before[2][5], before[3][5] = str(WORTH), "0"
    assert rows == before
    changed = CANVAS.replace('""B""",,9.5', f'""B""",{WORTH},9.5').replace(",A,3,EX", ",A,0,EX")
    assert path.read_text(encoding="utf-8") == changed
    assert (found.n_filled, found.n_changed) == (2, 1)
    assert [(t["what"], t["student"], t["line of the list"]) for t in troubles] == [
        ("handed in, not in the list", "eve_7", ""),
        ("handed in nothing", "", "5"),
    ]


def test_a_new_column_of_canvas_stands_before_the_totals_with_its_points(tmp_path):
    text = CANVAS.replace("02_definitions (9001)", "Quiz (9001)")
    some = [handed_in("doejane_123", platform="canvas", user_id="123")]
    found, path, _ = filled(tmp_path, text, some)
    head, possible, jane, *_ = cells(path)
    assert head[-3:] == [LESSON, "Current Score", "Final Score"]
    assert possible[-3:] == [str(WORTH), "(read only)", "(read only)"]
    assert jane[-3:] == [str(WORTH), "95", "90"]
    assert any("one was added" in note for note in found.notes)


MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\r\n"
    'Participant 11,Jane Doe,jane@x.org,Submitted,,100.00,Yes,"Monday, 2 March 2026",-,\r\n'
    "Participant 12,Bob Ray,bob@x.org,Submitted,,100.00,Yes,-,-,\r\n"
    "Participant 13,Cy Young,cy@x.org,Submitted,,100.00,No,-,-,\r\n"
)


def moodle(name, number):
    return handed_in(name, platform="moodle", display_name=name, user_id=number)


def test_moodle_s_worksheet_is_filled_and_scaled_by_the_participant_s_number(tmp_path):
    some = [moodle("Jane Doe", "11"), moodle("Cy Young", "13")]
    found, path, troubles = filled(tmp_path, MOODLE, some)
    rows = cells(path)
    assert [row[4] for row in rows] == ["Grade", "100", "", ""]
    assert path.read_bytes() == MOODLE.encode().replace(b"Submitted,,100", b"Submitted,100,100", 1)
    assert [t["what"] for t in troubles] == ["locked", "handed in nothing"]
    assert any(f"scaled from {WORTH} points to 100.00" in note for note in found.notes)


def test_a_participant_s_number_of_another_assignment_fills_nobody_else(tmp_path):
    """Number 12 is Bob's in this worksheet; it was Jane's in the assignment handed in."""
    found, path, troubles = filled(tmp_path, MOODLE, [moodle("Jane Doe", "12")])
    assert found.n_filled == 0
    assert path.read_bytes() == MOODLE.encode()
    assert troubles[0]["student"] == "Jane Doe"
    assert "whose name is another: bob ray" in troubles[0]["because"]


def test_half_the_points_are_scaled_and_written_with_the_list_s_comma(tmp_path):
    text = MOODLE.replace(",100.00,", ',"50,00",')
    results = whole("Jane Doe")
    results[0] = Result("Jane Doe", LESSON, results[0].task, "wrong", results[0].points)
    _, path, _ = filled(tmp_path, text, [moodle("Jane Doe", "11")], results)
    want = f"{50 * (WORTH - results[0].points) / WORTH:.2f}".removesuffix(".00").replace(".", ",")
    assert cells(path)[1][4] == want


@pytest.mark.parametrize(
    ("most", "points"),
    [
        *(("1,000.00", "1000"), ("1.000,00", "1000"), ("44", "44"), ("1e308", str(WORTH))),
        *(("nan", str(WORTH)), ("1,000", str(WORTH)), ("0", str(WORTH)), ("-5", str(WORTH))),
        (f"{10**12}", str(WORTH)),
    ],
)
def test_what_a_column_is_worth_is_read_in_any_notation_or_not_at_all(most, points, tmp_path):
    text = CANVAS.replace(f",{WORTH}.00,", f',"{most}",')
    some = [handed_in("doejane_123", platform="canvas", user_id="123")]
    found, path, _ = filled(tmp_path, text, some)
    assert cells(path)[2][5] == points.replace(".", ",")
    is_unclear = most in ("1e308", "1,000", "-5", f"{10**12}")
    assert any("unclear" in note for note in found.notes) == is_unclear


def test_a_maximum_in_a_header_counts_whole_or_not_at_all(tmp_path):
    text = 'Login,"02_definitions [Total Pts: 1e999 Score] |1"\njd,\n'
    _, path, _ = filled(tmp_path, text, [handed_in("jd")])
    assert cells(path)[1] == ["jd", str(WORTH)]


def test_a_worksheet_takes_one_lesson_only(tmp_path):
    some = [moodle("Jane Doe", "11"), handed_in("Jane Doe", OTHER, platform="moodle", user_id="4")]
    found, path, _ = filled(tmp_path, MOODLE, some)
    assert path.read_bytes() == MOODLE.encode()
    assert any("--lesson" in note for note in found.notes)


FORMS = {
    "Moodle's gradebook": (
        '"First name",Surname,"ID number","Email address","Assignment: 02_definitions (Real)",'
        '"Feedback: 02_definitions","Course total (Real)"\nJane,Doe,77,j@x.org,-,,-\n',
        "utf-8-sig",
        handed_in("Jane Doe", platform="moodle", display_name="Jane Doe", user_id="5"),
    ),
    "Blackboard": (
        '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t'
        f'"02_definitions [Total Pts: {WORTH} Score] |1234"\r\n'
        '"Doe"\t"Jane"\t"jdoe"\t"77"\t""\r\n',
        "utf-16",
        handed_in("jdoe", platform="blackboard", login="jdoe"),
    ),
    "Brightspace": (
        "OrgDefinedId,Username,Last Name,First Name,Email,"
        f"02_definitions Points Grade <Numeric MaxPoints:{WORTH} Weight:10>,"
        "End-of-Line Indicator\n"
        "#77,#jdoe,Doe,Jane,j@x.org,,#\n",
        "utf-8",
        handed_in("Jane Doe", platform="brightspace", display_name="Jane Doe", user_id="4711"),
    ),
    "ILIAS": (
        "update;usr_id;login;lastname;firstname;status;mark;notice;comment;02_definitions\n"
        "0;4711;jdoe;Doe;Jane;notgraded;;;;\n",
        "cp1252",
        handed_in("jdoe", platform="ilias", login="jdoe", user_id="4711", display_name="Jane Doe"),
    ),
    "GitHub Classroom": (
        '"identifier","github_username","github_id","name","02_definitions"\n'
        '"jane@x.org","jdoe","99","",""\n',
        "utf-8",
        handed_in("jdoe", platform="github", login="JDoe"),
    ),
    "a plain list": (
        "sep=;\nName;E-Mail;02 Definitions\nM\u00fcller, J\u00f6rg;j@x.org;\n",
        "cp1252",
        handed_in("Jo\u0308rg  M\u00dcLLER"),
    ),
    "a folder named by e-mail": (
        "Email,02_definitions\nJane@X.org,\n",
        "utf-8",
        handed_in("jane@x.org"),
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_lists_of_other_platforms_are_filled_and_keep_their_form(form, tmp_path):
    text, encoding, submission = FORMS[form]
    found, path, troubles = filled(tmp_path, text, [submission], encoding=encoding)
    assert (found.n_filled, troubles) == (1, [])
    table = found.listed.table
    raw = path.read_bytes()
    assert raw.startswith(table.mark)
    now, before = raw.decode(encoding), text
    assert now.count(str(WORTH)) == before.count(str(WORTH)) + 1
    ours = [row.values for row in split(now.partition("\n")[2], table.delimiter)]
    theirs = [row.values for row in split(before.partition("\n")[2], table.delimiter)]
    differ = [
        (a, b)
        for new, old in zip(ours, theirs, strict=True)
        for a, b in zip(new, old, strict=True)
        if a != b
    ]
    assert [a for a, _ in differ] == [str(WORTH)]
    assert [b for _, b in differ] in ([""], ["-"])


def test_brightspace_gets_a_new_column_before_its_last(tmp_path):
    text = "Username,Email,End-of-Line Indicator\n#jdoe,j@x.org,#\n"
    _, path, _ = filled(tmp_path, text, [handed_in("jdoe")])
    assert cells(path)[0] == [
        "Username",
        "Email",
        f"{LESSON} Points Grade",
        "End-of-Line Indicator",
    ]
    assert cells(path)[1] == ["#jdoe", "j@x.org", str(WORTH), "#"]


def test_nobody_is_guessed_lost_or_merged(tmp_path):
    text = (
        "Name,Login,02_definitions\nJane Doe,jd1,\nJane Doe,jd2,\nBob Ray,bob,\nAda L,ada,7\n"
        "Zoe,zoe,\n"
    )
    some = [
        handed_in("Jane Doe"),  # two rows have this name
        handed_in("bob"),
        handed_in("Bob Ray"),  # the same row
        handed_in("Ada"),  # by the login, in another case
        handed_in("Ada Lo"),  # nearly a name
        Submission("zoe", LESSON, problem="nothing was handed in"),
    ]
    results = [r for s in some for r in whole(s.student)]
    found, path, troubles = filled(tmp_path, text, some, results)
    assert [row[2] for row in cells(path)[1:]] == ["", "", "", str(WORTH), ""]
    told = sorted((t["what"], t["student"], t["name in the list"]) for t in troubles)
    assert told == [
        ("handed in nothing", "", "Jane Doe jd1"),
        ("handed in nothing", "", "Jane Doe jd2"),
        ("handed in nothing", "", "Zoe zoe"),
        ("handed in, not in the list", "Ada Lo", ""),
        ("handed in, not in the list", "Jane Doe", ""),
        ("two for one row", "Bob Ray", "Bob Ray bob"),
        ("two for one row", "bob", "Bob Ray bob"),
    ]
    assert "several rows: lines 2, 3" in next(
        t["because"] for t in troubles if t["student"] == "Jane Doe"
    )
    assert all(any(t["what"] in line for line in found.lines) for t in troubles)


def test_what_the_grader_failed_on_stays_as_it_was(tmp_path):
    results = whole("ada")
    results[0] = Result("ada", LESSON, results[0].task, GRADER_ERROR, results[0].points)
    _, path, troubles = filled(
        tmp_path, "Login,02_definitions\nada,5\n", [handed_in("ada")], results
    )
    assert cells(path)[1] == ["ada", "5"]
    assert [t["what"] for t in troubles] == ["not graded"]


def test_two_columns_of_one_lesson_are_both_left_alone(tmp_path):
    text = "Login,02_definitions (1),02_definitions (2)\nada,,\n"
    found, path, _ = filled(tmp_path, text, [handed_in("ada")])
    assert path.read_text() == text
    assert any("2 columns are named after" in note for note in found.notes)


@pytest.mark.parametrize("text", ["EX", "krank", "excused", "\u75c5\u6b20"])
def test_a_text_in_a_cell_is_kept_and_listed(tmp_path, text):
    found, path, troubles = filled(
        tmp_path, f"Login,02_definitions\nada,{text}\nbob,3\n", [handed_in("ada"), handed_in("bob")]
    )
    assert path.read_text(encoding="utf-8") == f"Login,02_definitions\nada,{text}\nbob,{WORTH}\n"
    assert (found.n_filled, found.n_changed) == (1, 1)
    (told,) = troubles
    assert told["what"] == "a text in the cell"
    assert f"{text}, which is kept; {WORTH} is due" in told["because"]


def test_a_member_of_a_team_of_moodles_is_found_by_number_and_name(tmp_path):
    text = (
        "Identifier,Full name,02_definitions\nParticipant 11,Jane Doe,\nParticipant 12,Bob Roe,\n"
    )
    some = [
        handed_in(f"Group A-{name}", platform="moodle", display_name=f"Group A-{name}", user_id=n)
        for name, n in (("Jane Doe", "11"), ("Al Roe", "12"))
    ]
    _, path, troubles = filled(tmp_path, text, some)
    assert f"Participant 11,Jane Doe,{WORTH}" in path.read_text()
    assert "Participant 12,Bob Roe,\n" in path.read_text()
    assert "Group A-Al Roe" in {t["student"] for t in troubles}


def test_a_name_by_hand_that_looks_like_canvas_gets_nobody_elses_row(tmp_path):
    text = "ID,Name,Login,02_definitions\n1,Jane Doe,doe,\n2,Bob Roe,roe,\n"
    some = [
        handed_in(f"{name}_{n}", platform="canvas", display_name=name, user_id=n)
        for name, n in (("doe", "2"), ("roe", "1"))
    ]
    found, path, troubles = filled(tmp_path, text, some)
    assert (found.n_filled, path.read_text()) == (0, text)
    assert "its name the login of line 2" in str(troubles)


def test_formulas_of_the_list_are_told_and_those_of_students_defused(tmp_path):
    text = "Name,Login,02_definitions\n=cmd|' /C calc'!A0,ada,-1\n"
    some = [handed_in("ada"), handed_in("=1+1")]
    found, path, _ = filled(tmp_path, text, some)
    assert path.read_text() == text.replace(",-1", f",{WORTH}")
    assert any("begin like a formula, the first in line 2" in note for note in found.notes)
    raw = (tmp_path / "out" / UNMATCHED).read_text(encoding="utf-8-sig")
    assert ",'=1+1," in raw


BAD = {
    "no such column": "a,b\n1,2\n",
    "empty": "",
    "a quote without an end": 'Name,Login\n"Jane,jd\n',
    "a workbook": "PK\x03\x04",
    "zero bytes": "N\0\0\0ame",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_what_is_no_class_list_is_refused_before_anything_is_graded(text, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(text)
    with pytest.raises(InvalidValueError):
        read_class_list(path)
    with pytest.raises(UnavailableError):
        read_class_list(tmp_path / "none.csv")


text_cells = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8)


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.lists(text_cells, min_size=2, max_size=4), min_size=1, max_size=4),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
@example([["a\x85b", "\u2028"]], ",", "\n", csv.QUOTE_MINIMAL)
@example([["", "\n"]], ",", "\r", csv.QUOTE_MINIMAL)
def test_records_are_read_as_the_csv_module_reads_them(rows, delimiter, end, quoting):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    text = stream.getvalue()
    found = split(text, delimiter)
    theirs = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    # older versions of the module write a line end of another kind unquoted, and read a blank line
    assert [row.values if row.cells != [""] else [] for row in found] == theirs
    assert "".join(delimiter.join(row.cells) + row.end for row in found) == text


@settings(max_examples=200, deadline=None)
@given(text=st.text('a",;\n\r ', max_size=30))
def test_odd_text_is_read_as_the_csv_module_reads_it_and_kept(text):
    try:
        found = split(text, ",")
    except InvalidValueError:
        return
    theirs = list(csv.reader(io.StringIO(text, newline="")))
    assert [row.values if row.cells != [""] else [] for row in found] == theirs
    assert "".join(",".join(row.cells) + row.end for row in found) == text


@settings(max_examples=100, deadline=None)
@given(
    names=st.lists(st.text("abc,\"\n;'=", min_size=1, max_size=6), min_size=1, max_size=6),
    value=text_cells,
)
def test_a_filled_list_differs_in_the_filled_cells_only(names, value, tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("list")
    stream = io.StringIO(newline="")
    logins = [f"u{i}" for i in range(len(names))]
    body = [[n, u, "", value] for n, u in zip(names, logins, strict=True)]
    csv.writer(stream).writerows([["Name", "Login", LESSON, "Comment"], *body])
    _, path, troubles = filled(tmp_path, stream.getvalue(), [handed_in(u) for u in logins])
    assert cells(path, encoding="utf-8")[1:] == [[n, u, str(WORTH), v] for n, u, _, v in body]
    assert troubles == []


@given(st.text(max_size=12))
def test_a_name_is_itself_in_any_case_and_order(name):
    assert name_key(name) == name_key(f"  {name}  ")
    if "," not in name and name.strip() and name.isascii():
        assert name_key(f"{name}, Jane") == name_key(f"JANE {name}")


def test_five_thousand_students_are_placed_without_looking_through_all_for_each(tmp_path):
    n = 5000
    text = "Name,Login,02_definitions\n" + "".join(f'"Doe{i}, J",u{i},\n' for i in range(n))
    roster = tmp_path / "list.csv"
    roster.write_text(text)
    listed = read_class_list(roster)
    assert listed.students is listed.students
    found = fill(
        listed,
        [Result(f"u{i}", LESSON, "relu", "passed", 2) for i in range(n)],
        [handed_in(f"u{i}") for i in range(n)],
    )
    assert (found.n_filled, found.troubles) == (n, [])


def test_the_command_fills_a_class_list_and_tells_everywhere_who_is_missing(tmp_path, monkeypatch):
    from relukit.grading import command
    from relukit.grading.run import Grades

    some = (handed_in("ada"), handed_in("<b>eve</b>"))
    results = tuple(r for s in some for r in whole(s.student))
    grades = Grades(results, some, "bwrap", "", 2, interrupted=False, problems=())
    monkeypatch.setattr(command, "grade", lambda *args, **kwargs: grades)
    roster, output = tmp_path / "people.csv", tmp_path / "grades"
    roster.write_text("Login,02_definitions\nada,\n")
    done = command.run(tmp_path, output, roster=roster)
    assert (output / "people_filled.csv").read_text() == f"Login,02_definitions\nada,{WORTH}\n"
    missing = "handed in, not in the list: <b>eve</b>, 02_definitions"
    assert any(line.startswith(missing) for line in done.summary)
    assert f"written: {output / UNMATCHED}" in done.summary
    page = (output / "class.html").read_text(encoding="utf-8")
    assert "not in the list: &lt;b&gt;eve&lt;/b&gt;" in page
    roster.write_text("a,b\n")
    monkeypatch.setattr(command, "grade", None)  # nothing is graded before the list is read
    with pytest.raises(InvalidValueError):
        command.run(tmp_path, output, roster=roster)
