"""A notebook in a real room, from joining to the report, through a kill in between."""

import numpy as np
import pytest
from served_room import ServedRoom

import relukit
from relukit import company, record
from relukit.room.belief import believed

QUESTION, RIGHT = "power-kept", 50

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    room = ServedRoom(tmp_path_factory.mktemp("room"), "01_history")
    yield room
    room.kill()


@pytest.fixture(autouse=True)
def alone():
    yield
    company.listen(None)


def half_wave_rectify(signal, drop=0.0):
    return np.maximum(signal, 0)


def test_a_class_from_joining_to_the_report(room):
    joined = relukit.room.join(room.address, "Ada", share=True)
    assert joined
    assert "you are in (01_history)" in repr(joined)

    said = relukit.predict(QUESTION, RIGHT)  # before the board opens it
    assert said.note.startswith("The room did not take it as a vote: ")
    assert room.do("go", QUESTION).status == 303
    assert room.do("open", QUESTION).status == 303
    assert relukit.predict(QUESTION, 10).note == "The room has your vote (round 1)."
    assert "Nothing of the room yet: " in repr(relukit.verdict(QUESTION, room=True))

    room.kill()
    assert "nobody listens there" in relukit.predict(QUESTION, 20).note
    room.start()
    assert relukit.predict(QUESTION, 30).note.endswith("The room has your vote (round 1).")

    company.listen(None)  # the kernel starts again, and the cells are run once more
    relukit.room.join(room.address, "Ada", share=True)
    assert relukit.predict(QUESTION, 25).note.endswith("The room has your vote (round 1).")
    assert room.do("close", QUESTION).status == 303
    late = relukit.predict(QUESTION, RIGHT).note
    assert "The room did not take it as a vote: This vote is closed" in late
    assert room.do("again", QUESTION).status == 303
    assert relukit.predict(QUESTION, RIGHT).note.endswith("The room has your vote (round 2).")
    assert room.do("close", QUESTION).status == 303
    shown = repr(relukit.verdict(QUESTION, room=True))
    assert "first vote: 0 of 1 right" in shown
    assert "second vote: 1 of 1 right" in shown
    assert room.do("reveal", QUESTION).status == 303

    assert relukit.check(half_wave_rectify).note == ""
    power = next(b for b in believed(room.database).asked if b.question.id == QUESTION)
    assert power.rounds == ((25.0,), (50.0,))
    assert (power.moved.gained, power.moved.lost) == (1, 0)
    (hurt,) = believed(room.database).hurt
    assert (hurt.task, hurt.tried, hurt.passed, hurt.checks) == ("half_wave_rectify", 1, 0, 1)
    assert hurt.said.startswith("the drop is not used")


def test_a_learner_asks_for_help_and_leaves_nothing_but_votes(room):
    relukit.room.join(room.address, "Grace", share=True, named=True)
    relukit.check(half_wave_rectify)
    assert "You are in the line for help." in repr(relukit.room.ask_for_help())
    assert "Grace" in room.get(room.board).text
    before = believed(room.database)
    assert "You have left it." in repr(relukit.room.leave())
    assert "Grace" not in room.get(room.board).text
    after = believed(room.database)
    assert after.asked == before.asked
    assert sum(h.tried for h in after.hurt) == sum(h.tried for h in before.hurt) - 1


def test_a_name_that_is_html_and_answers_that_are_none_do_no_harm(room):
    relukit.room.join(room.address, "<script>x</script>", named=True, share=True)
    relukit.room.ask_for_help()
    assert "&lt;script&gt;x" in room.get(room.board).text
    assert "<script>x" not in room.get(room.board).text
    relukit.room.leave()


def test_a_lesson_that_the_room_does_not_ask_stays_alone(room):
    relukit.room.join(room.address)
    assert relukit.predict("ten-images", 5).note == ""
    assert record.read()[0].predictions["ten-images"].answer == 5
