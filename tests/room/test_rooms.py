"""The rules: one question is open at a time, a device votes once a round, and nobody sees early."""

import sqlite3

import pytest

from relukit.errors import RelukitError
from relukit.room import stuck
from relukit.room.rooms import DEVICES, NAME, Refused, Room, nickname
from relukit.room.store import Store, fact

LESSON = "04_dying_relu"
NUMBER, CHOICE = "ten-images", "survive"


@pytest.fixture
def room():
    return Room(LESSON)


@pytest.fixture
def do(tmp_path, room):
    store = Store(tmp_path / "room.sqlite")

    def done(act):
        return store.do(act).result()

    done(room.begin)
    yield done
    store.close()


@pytest.fixture
def device(do, room):
    return lambda: do(room.token)


def refused(do, act) -> str:
    with pytest.raises(Refused) as error:
        do(act)
    return str(error.value)


def acted(do, room, *actions, on=NUMBER):
    for action in actions:
        do(lambda db, action=action: room.act(db, action, on))


def vote(do, room, token, answer, turn=None, on=NUMBER):
    return do(lambda db: room.vote(db, token, on, turn, answer))


def test_a_question_goes_from_waiting_through_two_votes_to_its_answer(do, room):
    seen = [do(room.stage)]
    for action in ("open", "close", "again", "close", "reveal"):
        acted(do, room, action)
        seen.append(do(room.stage))
    assert [(s.phase, s.round) for s in seen] == [
        ("waiting", 0), ("open", 1), ("closed", 1), ("open", 2), ("closed", 2), ("revealed", 2),
    ]  # fmt: skip
    versions = [s.version for s in seen]
    assert versions == sorted(set(versions))


@pytest.mark.parametrize(
    ("before", "action"),
    [
        ((), "close"), ((), "again"), ((), "reveal"), (("open",), "reveal"), (("open",), "again"),
        (("open", "close", "again", "close"), "again"),
        (("open", "close", "reveal"), "again"), (("open", "close", "reveal"), "open"), ((), None),
        ((), "drop"),
    ],
)  # fmt: skip
def test_what_has_no_place_there_is_refused_and_moves_nothing(do, room, before, action):
    acted(do, room, *before)
    was = do(room.stage)
    assert refused(do, lambda db: room.act(db, action, NUMBER))
    assert do(room.stage) == was


def test_a_button_that_is_pressed_twice_does_it_once(do, room):
    acted(do, room, "open", "open", "close", "close", "again", "again")
    stage = do(room.stage)
    assert (stage.phase, stage.round) == ("open", 2)


def test_one_question_is_open_at_a_time(do, room):
    acted(do, room, "open")
    assert "Close it" in refused(do, lambda db: room.act(db, "go", CHOICE))
    assert "another question" in refused(do, lambda db: room.act(db, "open", CHOICE))
    acted(do, room, "close")
    acted(do, room, "go", "open", on=CHOICE)
    assert do(room.stage).question == CHOICE
    assert do(lambda db: room.stage(db, NUMBER)).phase == "closed"


def test_a_device_votes_once_a_round_and_may_change_its_mind(do, room, device):
    token = device()
    acted(do, room, "open")
    assert vote(do, room, token, 3) == 1
    assert vote(do, room, token, 4, turn=1) == 1
    assert do(room.stage).voted == 1
    acted(do, room, "close")
    assert [r.answers for r in do(lambda db: room.rounds(db, NUMBER))] == [{1: 4.0}]


def test_who_comes_too_late_is_told_and_loses_nothing(do, room, device):
    token, other = device(), device()
    assert "not opened" in refused(do, lambda db: room.vote(db, token, NUMBER, None, 7))
    acted(do, room, "open")
    vote(do, room, token, 3)
    acted(do, room, "close")
    for answer in (7, "nonsense"):
        assert "too late" in refused(do, lambda db, a=answer: room.vote(db, token, NUMBER, 1, a))
    assert "too late" in refused(do, lambda db: room.vote(db, other, NUMBER, None, 7))
    acted(do, room, "again")
    assert "second vote" in refused(do, lambda db: room.vote(db, token, NUMBER, 1, 7))
    assert do(lambda db: room.own(db, token, NUMBER)) == {1: 3.0}
    assert do(lambda db: db.execute("SELECT count(*) FROM devices").fetchone()) == (1,)


def test_nobody_sees_guesses_while_a_vote_is_open(do, room, device):
    def guesses(db):
        return room.guesses(db, NUMBER)

    assert "not begun" in refused(do, guesses)
    acted(do, room, "open")
    vote(do, room, device(), 3)
    assert "is open" in refused(do, guesses)
    acted(do, room, "close")
    assert do(guesses)["rounds"] == [{"round": 1, "voters": 1, "guesses": [3.0]}]
    acted(do, room, "again")
    assert "is open" in refused(do, guesses)
    acted(do, room, "close", "reveal")
    assert do(guesses)["revealed"]


@pytest.mark.parametrize(
    ("lesson", "question", "good", "bad"),
    [
        (LESSON, CHOICE, "a", ["z", 3, None, ["a"], {"a": 1}, "", "a" * 3000]),
        (LESSON, NUMBER, 4, ["4", None, float("nan"), float("inf"), 10**400, True, [4], "<b>"]),
        ("03_variants", "own-half", ["flat", "mirror", "straight", "zigzag"],
         [["flat"] * 4, ["flat"], "flat", None, ["flat", "mirror", "straight", 7], [[]] * 4]),
        ("03_variants", "lead", [1, 2, 3, 4], [[1, 2, 3], [1, 2, 3, "x"], 4, [1, 2, 3, None], {}]),
    ],
)  # fmt: skip
def test_bad_answers_of_every_kind_get_a_sentence_and_keep_the_one_before(
    tmp_path, lesson, question, good, bad
):
    room, store = Room(lesson), Store(tmp_path / "other.sqlite")

    def do(act):
        return store.do(act).result()

    do(room.begin)
    token = do(room.token)
    acted(do, room, "go", "open", on=question)
    vote(do, room, token, good, on=question)
    kept = do(lambda db: room.own(db, token, question))
    for answer in bad:
        said = refused(do, lambda db, a=answer: room.vote(db, token, question, None, a))
        assert said.startswith("Expected ")
        assert "send it again" in said
        assert len(said) < 700
    assert do(lambda db: room.own(db, token, question)) == kept
    store.close()


@pytest.mark.parametrize(
    "forged", ["", None, 3, "a" * 49, "é" * 49, "0" * 32 + "-" + "0" * 16, ["x"], {"device": 1}]
)
def test_a_forged_device_is_none(do, room, forged):
    acted(do, room, "open")
    assert "does not know" in refused(do, lambda db: room.vote(db, forged, NUMBER, None, 3))
    assert do(room.stage).voted == 0


def test_a_device_of_another_room_is_none(do, room, tmp_path):
    other = Store(tmp_path / "other.sqlite")
    other.do(room.begin).result()
    token = other.do(room.token).result()
    other.close()
    assert "does not know" in refused(do, lambda db: room.device(db, token))


def test_a_room_admits_so_many_and_no_more(do, room, device):
    rows = [(f"t{i}",) for i in range(DEVICES)]
    do(lambda db: db.executemany("INSERT INTO devices(token) VALUES(?)", rows))
    acted(do, room, "open")
    assert "full" in refused(do, lambda db: room.vote(db, room.token(db), NUMBER, None, 3))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  Ada   L. ", "Ada L."), (None, ""), ("a\u202eb\nc\x00", "a b c"),
        ("É" * NAME, "É" * NAME),
        ("<b>x</b>", "<b>x</b>"), ("\ud800x", "x"),
    ],
)  # fmt: skip
def test_a_nickname_is_kept_on_one_line(given, kept):
    assert nickname(given) == kept


@pytest.mark.parametrize("given", ["a" * (NAME + 1), 3, ["a"], True, "e" + "\u0301\u0302" * 11])
def test_a_nickname_that_is_none_is_refused(given):
    with pytest.raises(Refused, match="Expected a nickname"):
        nickname(given)


def test_a_name_stands_on_the_board_only_where_its_owner_ticked_it(do, room, device):
    shy, open_ = device(), device()
    do(lambda db: room.name(db, shy, "Shy", False))
    do(lambda db: room.name(db, open_, "Open", True))
    for token in (shy, open_):
        do(lambda db, t=token: stuck.ask_for_help(room, db, t))
        do(lambda db, t=token: stuck.shared(room, db, t, task="autopsy", outcome="wrong",
                                            diagnosis="<i>units</i>"))  # fmt: skip
    assert [name for _, name in do(stuck.line)] == ["", "Open"]
    (state,) = [s for s in do(lambda db: stuck.tasks(room, db)) if s.task == "autopsy"]
    assert (state.named, state.wrong, state.diagnosis) == (("Open",), 2, "<i>units</i>")


def test_the_line_for_help_keeps_its_order_and_a_second_call_is_none(do, room, device):
    tokens = [device() for _ in range(3)]
    places = [do(lambda db, t=t: stuck.ask_for_help(room, db, t)) for t in (*tokens, tokens[0])]
    assert places == [1, 2, 3, 1]
    first = do(stuck.line)[0][0]
    do(lambda db: stuck.helped(room, db, str(first)))
    assert do(lambda db: stuck.place_in_line(db, tokens[1])) == 1
    assert do(lambda db: stuck.place_in_line(db, tokens[0])) == 0
    for place in ("x", None, "-1", "9" * 30, "²"):
        assert "no such place" in refused(do, lambda db, p=place: stuck.helped(room, db, p))


def test_a_task_that_was_passed_stays_passed_and_the_commonest_diagnosis_is_told(do, room, device):
    def share(token, outcome, diagnosis=None):
        do(lambda db: stuck.shared(room, db, token, task="autopsy", outcome=outcome,
                                   diagnosis=diagnosis))  # fmt: skip

    a, b, c, d = (device() for _ in range(4))
    share(a, "wrong", "one")
    share(b, "wrong", "two")
    share(c, "wrong", "two")
    share(d, "wrong", "one")
    share(d, "wrong", "one")
    share(a, "passed")
    share(a, "wrong", "three")
    state = {s.task: s for s in do(lambda db: stuck.tasks(room, db))}
    told = state["autopsy"]
    assert (told.passed, told.wrong, told.untouched, told.diagnosis) == (1, 3, 0, "two")
    assert state["life_lines"].untouched == 4


@pytest.mark.parametrize(
    "words",
    [
        {"task": "relu", "outcome": "wrong"}, {"task": ["autopsy"], "outcome": "wrong"},
        {"task": "autopsy", "outcome": "raised"}, {"task": "autopsy", "outcome": []},
        {"task": "autopsy", "outcome": "wrong", "diagnosis": {"a": 1}},
    ],
)  # fmt: skip
def test_bad_outcomes_are_refused(do, room, device, words):
    token = device()
    assert refused(do, lambda db: stuck.shared(room, db, token, **words))


def test_who_leaves_takes_the_name_the_checks_and_the_call_along_and_leaves_the_vote(
    do, room, device, tmp_path
):
    token = device()
    acted(do, room, "open")
    vote(do, room, token, 3)
    do(lambda db: room.name(db, token, "Zebulon", True))
    do(lambda db: stuck.ask_for_help(room, db, token))
    do(lambda db: stuck.shared(room, db, token, task="autopsy", outcome="passed"))
    do(lambda db: room.leave(db, token))
    assert do(stuck.line) == ()
    assert do(lambda db: stuck.tasks(room, db)) == ()
    assert do(lambda db: room.own_name(db, token)) == ("", False)
    assert do(room.stage).voted == 1


def test_a_file_goes_on_where_it_was_with_the_same_secret(room, tmp_path):
    file = tmp_path / "room.sqlite"
    secrets = set()
    for turn in range(2):
        store = Store(file)
        store.do(room.begin).result()
        secrets.add(store.do(lambda db: fact(db, "secret")).result())
        if not turn:
            token = store.do(room.token).result()
            store.do(lambda db: room.act(db, "open", NUMBER)).result()
            store.do(lambda db, t=token: room.vote(db, t, NUMBER, None, 3)).result()
        assert store.do(lambda db, t=token: room.own(db, t, NUMBER)).result() == {1: 3.0}
        store.close()
    assert len(secrets) == 1
    assert len(secrets.pop()) == 32


def test_a_file_of_another_lesson_or_program_is_refused(room, tmp_path):
    store = Store(tmp_path / "room.sqlite")
    store.do(room.begin).result()
    with pytest.raises(Refused, match="a room of 04_dying_relu"):
        store.do(Room("03_variants").begin).result()
    store.close()
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE mine(a)")
    db.close()
    before = other.read_bytes()
    (tmp_path / "text").write_text("no database at all, but a text of some length" * 9)
    for file in (other, tmp_path / "text", tmp_path):
        with pytest.raises(RelukitError, match="--database"):
            Store(file)
    assert other.read_bytes() == before


def test_a_lesson_that_asks_nothing_has_no_room():
    with pytest.raises(RelukitError, match="did you mean '04_dying_relu'"):
        Room("04_dying_rel")
