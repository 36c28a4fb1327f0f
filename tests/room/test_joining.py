"""A notebook in a room: predictions are votes, checks are shared if wanted; none is needed."""

import json
import stat

import pytest
from asked import ALL, ANSWERS, MEASURED
from fake_room import TOKEN, fake_room

import relukit
from relukit import company, record
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.ledger import predictions, verdicts
from relukit.room import asking, guessed, joining

QUESTIONS = {question.id: question for question in ALL}
OTHER = TOKEN.replace("0", "f")


@pytest.fixture(autouse=True)
def course(monkeypatch):
    """Let the course ask the four questions of the tests, and nobody stay in a room."""
    known = predictions.asked_as

    def asked_as(name):
        return QUESTIONS.get(name) or known(name)

    for module in (predictions, verdicts):
        monkeypatch.setattr(module, "asked_as", asked_as)
    monkeypatch.setattr(guessed, "question", QUESTIONS.get)
    for module in (verdicts, guessed):
        monkeypatch.setattr(module, "measured", lambda question: MEASURED[question.id])
    yield
    company.listen(None)


@pytest.fixture
def room():
    with fake_room() as room:
        yield room


def relu(x):
    return abs(x)


def test_a_prediction_of_each_kind_is_a_vote_too(room):
    assert relukit.room.join(room.address)
    for name, answer in ANSWERS.items():
        said = relukit.predict(name, list(answer) if isinstance(answer, tuple) else answer)
        assert said.note == "The room has your vote (round 1)."
    votes = room.of("/api/vote")
    assert [vote["question"] for vote in votes] == list(ANSWERS)
    assert {(vote["device"], vote["round"]) for vote in votes} == {(TOKEN, None)}
    assert [vote["answer"] for vote in votes] == ["b", 13.0, ["nerve", "car", "chip"], [10, 5, 1]]


def test_without_a_room_nothing_is_sent_and_nothing_is_said(room):
    assert relukit.predict("share", "b").note == ""
    assert room.asked == []


def test_three_dots_a_claim_and_another_lesson_s_question_are_no_votes(room):
    relukit.room.join(room.address)
    assert relukit.predict("share", ...).note == ""
    assert relukit.predict("half-linear", "depends").note == ""
    assert relukit.predict("ten-images", 5).note == ""
    assert room.of("/api/vote") == []


def test_what_the_room_refuses_stays_a_prediction_and_the_room_says_why(room):
    relukit.room.join(room.address)
    room.answers["/api/vote"] = (409, {"error": "Round 1 of this question is closed."})
    said = relukit.predict("share", "b")
    assert said.note == "The room did not take it as a vote: Round 1 of this question is closed."
    assert record.read()[0].predictions["share"].answer == "b"


def test_a_room_that_is_gone_costs_one_line():
    with fake_room() as room:
        relukit.room.join(room.address, share=True)
    said = relukit.predict("share", "c")
    assert said.note == (
        "The room doesn't answer (nobody listens there): your prediction is kept here. "
        "Run this cell again to vote."
    )
    assert record.read()[0].predictions["share"].answer == "c"
    outcome = relukit.check(relu)
    assert outcome.status == "wrong"
    assert outcome.note == "the room doesn't answer (nobody listens there), so it does not know"
    assert "The room doesn't answer" in repr(relukit.verdict("share", room=True))


def test_nobody_waits_longer_than_the_patience(room, monkeypatch):
    relukit.room.join(room.address)
    room.answers["/api/vote"] = (200, 5.0)
    monkeypatch.setattr(asking.Address.ask, "__kwdefaults__", {"seconds": 0.2})
    assert "(no answer within 0.2 s)" in relukit.predict("share", "c").note


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>a router's page</html>",
        b"[1, 2]",
        b'"text"',
        b"[" * 100_000,
        b"{" + b" " * 2**21 + b"}",
        b"\xff\xfe",
        {"lesson": 3},
    ],
    ids=["nothing", "html", "list", "text", "nested", "long", "bytes", "number"],
)
def test_what_is_no_room_is_said_and_joins_nothing(room, body):
    room.answers["/api/state"] = (200, body)
    joined = relukit.room.join(room.address)
    assert not joined
    assert "No room answers there: what answers is no room" in repr(joined)
    assert company.listener() is None


@pytest.mark.parametrize("token", [None, 5, "", "short", "x" * 500, "<script>0123456789", ["a"]])
def test_a_token_that_is_none_joins_nothing(room, token):
    room.answers["/api/join"] = (200, {"device": token})
    assert not relukit.room.join(room.address)


def test_no_redirection_is_followed_and_no_proxy_is_asked(room, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    room.answers["/api/state"] = (302, {})
    assert not relukit.room.join(room.address)
    assert room.of("/api/join") == []
    room.answers["/api/state"] = (200, {"lesson": "02_definitions"})
    assert relukit.room.join(room.address)


def test_what_a_room_says_is_one_short_line_that_no_terminal_obeys(room):
    relukit.room.join(room.address)
    evil = "\x1b[31m<b>\nno\u202e" + "x" * 10_000
    room.answers["/api/vote"] = (400, {"error": evil})
    said = relukit.predict("share", "b")
    assert said.note.isprintable()
    assert len(said.note) < 400
    assert "<b>" not in said._repr_html_()
    room.answers["/api/vote"] = (500, {"error": {"a": 1}})
    assert relukit.predict("share", "b").note.endswith("status 500")
    room.answers["/api/vote"] = (200, {"round": "<b>"})
    assert relukit.predict("share", "b").note == "The room has your vote."


@pytest.mark.parametrize(
    "address",
    ["", "  ", "ftp://a", "http://", "http://a:port", "http://a:99999", "http://me:pw@a", "a b"],
)
def test_an_address_that_is_none_is_refused_before_anybody_is_asked(address):
    with pytest.raises(InvalidValueError, match="copy the address from the board"):
        relukit.room.join(address)


@pytest.mark.parametrize("address", [None, 8765, b"http://a"])
def test_an_address_of_another_type_is_refused(address):
    with pytest.raises(InvalidTypeError, match="copy the address"):
        relukit.room.join(address)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.168.1.5:8765", "http://192.168.1.5:8765"),
        (" http://room.local:8765/ ", "http://room.local:8765"),
        ("http://a:8765/board/12345", "http://a:8765"),
        ("https://hub/services/room/", "https://hub/services/room"),
        ("http://[::1]:8765", "http://[::1]:8765"),
    ],
)
def test_an_address_is_read_as_people_copy_it(text, address):
    assert str(asking.Address.parse(text)) == address


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"nickname": "x" * 25}, "at most 24"),
        ({"nickname": "  "}, "can be read"),
        ({"nickname": "a\x1bb"}, "can be read"),
        ({"nickname": 5}, "at most 24"),
        ({"named": True}, "a nickname that the board may show"),
        ({"share": "yes"}, "share=True"),
    ],
)
def test_options_that_cannot_be_are_refused(options, said):
    with pytest.raises((InvalidValueError, InvalidTypeError), match=said):
        relukit.room.join("http://127.0.0.1:9", **options)


def test_checks_are_shared_only_where_the_learner_said_so(room):
    relukit.room.join(room.address)
    relukit.check(relu)
    assert room.of("/api/outcome") == []
    relukit.room.join(room.address, "Ada", share=True)
    assert relukit.check(relu).note == ""
    relukit.check(..., "relu")
    relukit.check(lambda x: 1 / 0, "relu")
    found = room.of("/api/outcome")
    assert [one["outcome"] for one in found] == ["wrong", "wrong"]  # a stub is no attempt
    assert found[0]["task"] == "relu"
    assert found[0]["diagnosis"].startswith("this is |x|")
    assert found[1]["diagnosis"] is None  # an error's text may hold what the learner wrote
    assert [one["named"] for one in room.of("/api/join")] == [False, False]


def test_the_same_notebook_run_again_is_the_same_voter(room):
    relukit.room.join(room.address)
    relukit.room.join(room.address)
    assert [one["device"] for one in room.of("/api/join")] == [None, TOKEN]
    file = record.path().with_name(joining.FILE)
    assert json.loads(file.read_text()) == {room.address: TOKEN}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "[]", '{"http://a": 5}', "[" * 100_000, "\udcff"])
def test_a_damaged_file_of_tokens_is_none(room, text):
    file = record.path().with_name(joining.FILE)
    file.write_text(text, errors="surrogateescape")
    assert relukit.room.join(room.address)
    assert json.loads(file.read_text()) == {room.address: TOKEN}


def test_only_the_newest_tokens_are_kept():
    for number in range(joining.KEPT_ROOMS + 5):
        joining._keep(f"http://room{number}", TOKEN)
    assert list(joining._tokens()) == [f"http://room{i}" for i in range(5, joining.KEPT_ROOMS + 5)]


def test_a_room_that_began_anew_is_joined_anew_once(room):
    relukit.room.join(room.address)
    room.answers["/api/join"] = (200, {"device": OTHER})
    room.answers["/api/vote"] = (401, {"error": "This room does not know you."})
    said = relukit.predict("share", "b")
    assert [vote["device"] for vote in room.of("/api/vote")] == [TOKEN, OTHER]
    assert said.note.endswith("This room does not know you.")


def test_help_is_asked_for_and_whoever_leaves_is_heard_no_more(room):
    assert relukit.room.ask_for_help() == joining.NOWHERE
    relukit.room.join(room.address)
    assert "You are in the line for help." in repr(relukit.room.ask_for_help())
    room.answers["/api/help"] = (429, {"error": "Slowly."})
    assert "You are not in the line: Slowly." in repr(relukit.room.ask_for_help())
    assert "You have left it." in repr(relukit.room.leave())
    assert room.of("/api/leave") == [{"device": TOKEN}]
    assert relukit.predict("share", "b").note == ""
    assert room.of("/api/vote") == []
    assert relukit.room.leave() == joining.NOWHERE


def test_whoever_leaves_a_room_that_is_gone_has_left_it():
    with fake_room() as room:
        relukit.room.join(room.address)
    assert "You have left it; it was not told: nobody listens there." in repr(relukit.room.leave())
    assert company.listener() is None


def test_a_second_room_that_does_not_answer_leaves_the_first_one(room):
    relukit.room.join(room.address)
    said = relukit.room.join("http://127.0.0.1:9")
    assert f"You stay in the room at {room.address}." in repr(said)
    assert relukit.predict("share", "b").note


def test_a_joined_room_shows_itself_and_escapes_what_came_over_the_network(room):
    room.answers["/api/state"] = (200, {"lesson": "<script>alert(1)</script>"})
    assert "<script>" not in relukit.room.join(room.address, "<b>Ada</b>")._repr_html_()


ROUNDS = [
    {"round": 1, "voters": 3, "guesses": ["a", "b", "c"]},
    {"round": 2, "voters": 3, "guesses": ["b", "b", "c"]},
]


def test_a_verdict_shows_what_the_room_guessed(room):
    room.answers["/api/guesses/share"] = (200, {"rounds": ROUNDS, "revealed": True})
    assert "you are in none" in repr(relukit.verdict("share", room=True))
    relukit.room.join(room.address)
    said = relukit.verdict("share", room=True)
    assert "  room      first vote: 1 of 3 right\n            second vote: 2 of 3 right" in repr(
        said
    )
    html = said._repr_html_()
    assert html.startswith(" \n")
    assert "src='data:image/png;base64," in html
    assert "alt='Bars of the votes for each answer; a) few: 1 then 0;" in html
    assert "room" not in repr(relukit.verdict("share"))


def test_a_verdict_says_why_there_is_nothing_of_the_room(room):
    room.answers["/api/guesses/share"] = (403, {"error": "The vote is still open."})
    relukit.room.join(room.address)
    assert "Nothing of the room yet: The vote is still open." in repr(
        relukit.verdict("share", room=True)
    )
    assert "this is a claim" in repr(relukit.verdict("half-linear", room=True))
    room.answers["/api/guesses/share"] = (200, {"rounds": []})
    assert "Nobody has voted on it." in relukit.verdict("share", room=True)._repr_html_()
