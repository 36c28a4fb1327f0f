"""After class: what the room believed, as counts that name nobody; and a room that is forgotten."""

import csv
import io
import re
import sqlite3
from html.parser import HTMLParser

import pytest

from relukit.checks.registry import task
from relukit.errors import InvalidValueError, UnavailableError
from relukit.ledger.questions import measured
from relukit.room import stuck
from relukit.room.belief import believed
from relukit.room.report import COLUMNS, forget, page_of, table_of, write_report
from relukit.room.rooms import Room
from relukit.room.store import Store, set_fact

LESSON = "01_history"
RIGHT = ["nerve", "car", "television", "chip", "search"]
OFF = RIGHT[::-1]
SKETCH = [50, 40, 30, 29, 28]
TASK = "half_wave_rectify"
NAMES = ("Ada <b>", "Grace")


class Class:
    """A room on disk, and devices that vote in it."""

    def __init__(self, file):
        self.room, self.file, self.store = Room(LESSON), file, Store(file)
        self.do(self.room.begin)
        self.devices = [self.do(self.room.token) for _ in range(6)]

    def do(self, act):
        return self.store.do(act).result()

    def vote(self, name, *rounds):
        """Let devices vote: for each round an answer for each of them, None for no vote."""
        self.do(lambda db: self.room.act(db, "go", name))
        for action, answers in zip(("open", "again"), rounds, strict=False):
            self.do(lambda db, action=action: self.room.act(db, action, name))
            for device, answer in zip(self.devices, answers, strict=False):
                if answer is not None:
                    self.do(lambda db, d=device, a=answer: self.room.vote(db, d, name, None, a))
            self.do(lambda db: self.room.act(db, "close", name))

    def share(self, device, outcome, diagnosis=None):
        self.do(
            lambda db: stuck.shared(
                self.room,
                db,
                self.devices[device],
                task=TASK,
                outcome=outcome,
                diagnosis=diagnosis,
            )
        )


@pytest.fixture
def taught(tmp_path):
    one = Class(tmp_path / "room.sqlite")
    for device, name in zip(one.devices, NAMES, strict=False):
        one.do(lambda db, d=device, n=name: one.room.name(db, d, n, True))
    one.vote("power-kept", [10, 10, 50, 50, 45.5], [50, 20, 50, 10, None, 50])
    one.vote("five-curves", [RIGHT, OFF, OFF], [RIGHT, RIGHT, OFF])
    one.vote("width-under-noise", [SKETCH, SKETCH])
    one.vote("mach", ["a", "b", "b", "b"])
    yield one
    one.store.close()


def rows(beliefs):
    return list(csv.DictReader(io.StringIO(table_of(beliefs))))


def test_votes_are_counted_by_answer_and_round(taught):
    found = rows(believed(taught.file))
    assert list(found[0]) == list(COLUMNS)
    votes = [row for row in found if row["part"] == "vote" and row["id"] == "power-kept"]
    assert [(r["round"], r["answer"], r["count"], r["outcome"]) for r in votes] == [
        ("1", "10 %", "2", "off"),
        ("1", "50 %", "2", "right"),
        ("1", "45.5 %", "1", "close"),
        ("2", "50 %", "3", "right"),
        ("2", "10 %", "1", "off"),
        ("2", "20 %", "1", "off"),
    ]
    assert votes[0]["share"] == "0.400"


def test_who_moved_is_told_of_those_who_voted_twice(taught):
    power = next(b for b in believed(taught.file).asked if b.question.id == "power-kept")
    moved = power.moved
    assert (moved.gained, moved.lost, moved.wrong) == (1, 1, 2)
    assert moved.voters == (4, 4)
    told = [r for r in rows(believed(taught.file)) if r["part"] == "moved"]
    ways = {r["answer"]: r["count"] for r in told if r["id"] == "power-kept"}
    assert ways == {
        "off, then right": "1",
        "right, then off": "1",
        "right both times": "1",
        "off both times": "1",
    }
    assert power.right == (2, 3)
    mach = next(b for b in believed(taught.file).asked if b.question.id == "mach")
    assert mach.moved.voters == ()
    assert not [
        r for r in rows(believed(taught.file)) if r["part"] == "moved" and r["id"] == "mach"
    ]


def test_questions_come_in_the_lesson_s_order_and_only_those_that_were_voted_on(taught):
    order = [b.question.id for b in believed(taught.file).asked]
    assert order == [n for n in taught.room.order if n in order]
    assert set(order) == {"power-kept", "five-curves", "width-under-noise", "mach"}


def test_exercises_that_hurt_are_counted_and_only_the_course_s_words_are_repeated(taught):
    known = task(TASK).misconceptions[0].sentence
    evil = "=HYPERLINK(1) <script>alert(1)</script> Ada is stuck"
    for device, said in ((0, known), (1, known), (2, evil), (3, evil), (4, evil)):
        taught.share(device, "wrong", said)
    taught.share(0, "wrong", known)
    taught.share(5, "passed")
    (hurt,) = believed(taught.file).hurt
    assert (hurt.tried, hurt.passed, hurt.checks) == (6, 1, 6)
    assert (hurt.said, hurt.times) == (known, 2)
    for text in (page_of(believed(taught.file)), table_of(believed(taught.file))):
        assert "HYPERLINK" not in text
        assert "alert(" not in text


def test_nothing_names_anybody(taught):
    taught.share(0, "wrong")
    beliefs = believed(taught.file)
    with sqlite3.connect(taught.file) as db:
        secrets = [row[0] for row in db.execute("SELECT token FROM devices")]
        secrets += [row[0] for row in db.execute("SELECT value FROM facts WHERE name <> 'lesson'")]
    db.close()
    for text in (page_of(beliefs), table_of(beliefs)):
        for word in (*NAMES, *(s for s in secrets if len(s) > 8)):
            assert word not in text


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.ids, self.links = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name in ("href", "src")]


def test_the_page_stands_alone_and_its_links_lead_somewhere(taught):
    page = page_of(believed(taught.file))
    seen = Tags()
    seen.feed(page)
    assert not {"script", "link", "iframe", "form", "img"} & set(seen.tags)
    assert seen.links
    assert all(link.startswith("#") and link[1:] in seen.ids for link in seen.links)
    assert seen.tags.count("svg") == 4
    assert "<strong>1 of 4</strong> who voted twice moved to the right answer" in page


def test_a_room_in_which_nobody_voted_says_so(tmp_path):
    store = Store(tmp_path / "room.sqlite")
    store.do(Room(LESSON).begin).result()
    beliefs = believed(tmp_path / "room.sqlite")
    store.close()
    assert "Nobody has voted in this room." in page_of(beliefs)
    assert rows(beliefs) == []


def test_both_files_are_written_whole_where_they_are_wanted(taught, tmp_path):
    page, table = write_report(believed(taught.file), tmp_path / "new" / "folder")
    assert page.name == "room_01_history.html"
    assert table.read_bytes().startswith(b"\xef\xbb\xbfpart,id,")
    (tmp_path / "file").write_text("")
    with pytest.raises(UnavailableError, match="name another folder"):
        write_report(believed(taught.file), tmp_path / "file" / "folder")


def test_an_answer_that_the_question_takes_no_more_is_left_out(taught):
    with sqlite3.connect(taught.file) as db:
        for device, text in enumerate(('"z"', "{", "null", "[" * 5000, "NaN"), start=50):
            db.execute("INSERT INTO votes VALUES('mach', 1, ?, ?)", (device, text))
    db.close()
    mach = next(b for b in believed(taught.file).asked if b.question.id == "mach")
    assert mach.rounds[0] == ("a", "b", "b", "b")


def test_what_is_no_room_is_refused_and_stays(tmp_path):
    other, text = tmp_path / "other.sqlite", tmp_path / "notes.txt"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE votes(a)")
    db.close()
    text.write_text("not a database, " * 100)
    for act in (believed, forget):
        with pytest.raises(InvalidValueError, match="none at"):
            act(tmp_path / "none.sqlite")
        for file in (other, text):
            with pytest.raises(UnavailableError, match="--database"):
                act(file)
            assert file.exists()


def test_what_is_forgotten_is_nowhere_on_the_disk(taught, tmp_path):
    taught.share(0, "wrong", "a diagnosis of Ada")
    taught.store.close()
    names = [p for p in tmp_path.iterdir() if p.name.startswith("room.sqlite")]
    assert any(b"Grace" in path.read_bytes() for path in names)
    kept = [path.open("rb") for path in names]  # what the disk holds of them, also without a name
    forget(taught.file)
    assert not [p for p in tmp_path.iterdir() if p.name.startswith("room.sqlite")]
    for stream in kept:
        assert b"Grace" not in stream.read()
        stream.close()


def test_a_room_that_is_open_is_not_forgotten(taught):
    from fake_room import fake_room

    with fake_room() as open_room:
        open_room.answers["/api/state"] = (200, {"lesson": LESSON})
        port = int(open_room.address.rpartition(":")[2])
        taught.do(lambda db: set_fact(db, "port", port))
        with pytest.raises(UnavailableError, match=r"close it with Ctrl\+C"):
            forget(taught.file)
        assert taught.file.exists()
        open_room.answers["/api/state"] = (200, {"lesson": "another"})
        forget(taught.file)
    assert not taught.file.exists()


def test_what_is_measured_is_asked_once_for_each_question(taught):
    asked = []

    def measuring(question):
        asked.append(question.id)
        return measured(question)

    believed(taught.file, measuring)
    assert sorted(asked) == sorted({"power-kept", "five-curves", "width-under-noise", "mach"})


def test_cells_that_look_like_formulas_are_text_and_numbers_stay(taught):
    from relukit.room.report import _cell

    assert _cell("=1+1") == "'=1+1"
    assert _cell("@a") == "'@a"
    assert _cell("-0.5") == "-0.5"
    assert _cell("- 5 %") == "'- 5 %"
    assert re.fullmatch("[a-z]+", str(_cell("plain")))


@pytest.fixture
def command(monkeypatch):
    """Return a function that runs `relukit room` with words, and returns status and output."""
    from typer.testing import CliRunner

    from relukit.room.command import room

    def run(*words, answer=None):
        done = CliRunner().invoke(room, [str(word) for word in words], input=answer)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output

    return run


def test_the_commands_write_a_report_and_forget_after_asking(taught, tmp_path, command):
    out = tmp_path / "out"
    status, said = command("report", "--database", taught.file, "--output", out)
    assert status == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "room_01_history.csv",
        "room_01_history.html",
    ]
    assert str(out / "room_01_history.html") in said
    status, _ = command("forget", "--database", taught.file, answer="n\n")
    assert status == 1
    assert taught.file.exists()
    status, said = command("forget", "--database", taught.file, "--yes")
    assert (status, said.strip()) == (0, f"erased {taught.file}")
    assert not taught.file.exists()
    with pytest.raises(InvalidValueError, match="none at"):
        command("report", "--database", taught.file)


def test_without_a_file_the_commands_take_the_lesson_s(tmp_path, monkeypatch, command):
    from relukit.room import store

    monkeypatch.setattr(store.platformdirs, "user_data_path", lambda *a, **k: tmp_path)
    with pytest.raises(InvalidValueError, match=r"none at .*rooms.01_history\.sqlite"):
        command("report", "--lesson", "1")
