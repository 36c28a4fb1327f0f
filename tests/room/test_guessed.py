"""What came over the network is read by the question, and what remains is drawn."""

import numpy as np
import pytest
from asked import ALL, ANSWERS, CHOICE, MEASURED, NUMBER, ORDER, SKETCH
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from relukit.figures.canvas import PALETTE
from relukit.ledger.questions import questions
from relukit.room.guessed import ORDINALS, Round, guessed, read_rounds
from relukit.room.picture import guesses

BAD = [None, True, [], {}, "<b>", "z", float("nan"), 10**400, ["nerve"] * 3, [1, 2], "x" * 10_000]


@pytest.mark.parametrize("question", ALL, ids=lambda question: question.KIND)
def test_answers_that_the_question_would_not_take_are_left_out(question):
    answer = ANSWERS[question.id]
    (found,) = read_rounds(question, [{"round": 1, "guesses": [*BAD, answer]}])
    assert found.guesses == (answer,)


@pytest.mark.parametrize(
    "rounds",
    [None, 5, "rounds", {}, [5], [{}], [{"round": "1"}], [{"round": True, "guesses": ["a"]}]],
    ids=str,
)
def test_rounds_that_are_none_hold_nothing(rounds):
    assert read_rounds(CHOICE, rounds) == ()


def test_rounds_come_in_their_order_and_no_more_than_there_are():
    rounds = [{"round": n, "guesses": ["a"] * n} for n in (3, 2, 1)]
    assert [(one.number, len(one.guesses)) for one in read_rounds(CHOICE, rounds)] == [
        (1, 1),
        (2, 2),
    ]


def test_a_question_that_the_course_does_not_have_is_no_picture():
    assert "<img" not in guessed("<b>", [{"round": 1, "guesses": ["a"]}]).html()


def drawn(question, *rounds, own=None):
    votes = [Round(n, guesses) for n, guesses in enumerate(rounds, start=1)]
    return guesses(question, votes, MEASURED[question.id], own)


def test_bars_have_the_counts_of_each_vote_and_mark_what_holds():
    picture = drawn(CHOICE, ("a", "a", "b"), ("b", "b", "b"), own="a")
    (axes,) = picture.axes
    bars = {name: [bar for bar in axes.patches if bar.get_gid() == name] for name in ORDINALS}
    assert [[bar.get_width() for bar in one] for one in bars.values()] == [[2, 1, 0], [0, 3, 0]]
    for one in bars.values():  # right is blue and filled, off is hollow
        filled = [to_hex(bar.get_facecolor()) for bar in one]
        assert filled == ["#ffffff", PALETTE["blue"].lower(), "#ffffff"]
    assert (
        axes.get_title(loc="left") == "The room: 1 of 3 right, and 3 of 3 right in the second vote"
    )
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["a) few\n◆ you", "b) about half\n◆ holds", "c) most of them"]


def test_an_order_that_nobody_gave_stands_there_if_it_is_right():
    axes = drawn(ORDER, (("chip", "car", "nerve"),) * 4).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "chip, car, nerve",
        "nerve, car, chip\n◆ holds",
    ]
    assert [bar.get_width() for bar in axes.patches] == [4, 0]


def test_each_guess_of_a_number_is_a_diamond_and_what_is_far_is_counted_at_the_edge():
    values = (*range(1, 41), 1e9, -1e9, 1e300)
    axes = drawn(NUMBER, tuple(map(float, values)), own=12.0).axes[0]
    clouds = [one for one in axes.collections if isinstance(one, PathCollection)]
    places = np.concatenate([np.asarray(cloud.get_offsets()) for cloud in clouds])
    assert sorted(clouds[1].get_offsets()[:, 1]) == [11, 12, 13, 14, 15]  # within 2 of 13
    assert len(places) == len(values)
    assert len(np.unique(places.round(6), axis=0)) == len(values)  # none hides another one
    low, high = axes.get_ylim()
    assert places[:, 1].min() == low
    assert places[:, 1].max() == high < 100
    words = [text.get_text() for text in axes.texts]
    assert {"2 beyond ↑", "1 beyond ↓", "you", "measured: 13"} <= set(words)


def test_guesses_that_are_all_alike_have_an_axis_too():
    for value in (0.0, 13.0, -7e-12):
        low, high = drawn(NUMBER, (value,) * 3).axes[0].get_ylim()
        assert low < value < high


def test_a_sketch_is_a_curve_over_what_was_measured_one_panel_a_vote():
    picture = drawn(SKETCH, ((1.0, 2.0, 3.0),), ((10.0, 5.0, 1.0), (9.0, 1e300, 1.0)), own=None)
    curves = [[one for one in a.lines if one.get_gid() == "guesses"] for a in picture.axes]
    assert [len(one) for one in curves] == [1, 2]
    assert curves[0][0].get_ydata().tolist() == [1, 2, 3]
    assert "the room's middle was 9.5 at 1" in picture.alt
    assert "measured" in [text.get_text() for text in picture.axes[1].get_legend().get_texts()]


@pytest.mark.parametrize("question", ALL, ids=lambda question: question.KIND)
def test_a_picture_says_how_many_voted(question):
    answer = ANSWERS[question.id]
    picture = drawn(question, (answer,) * 3, (answer,) * 2, own=answer)
    assert picture.alt.endswith("3 in the first vote and 2 in the second vote voted.")
    assert len(picture.png()) < 120_000


def test_every_question_of_the_course_has_a_kind_that_is_drawn():
    assert {question.KIND for question in questions()} <= {question.KIND for question in ALL}
