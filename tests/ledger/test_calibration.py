"""What progress() says of the predictions: counts, and trust beside what came of it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relukit import record
from relukit.checks import progress
from relukit.ledger import Calibration
from relukit.record import OUTCOMES, Guess

GUESSES = st.lists(
    st.builds(
        Guess,
        st.just("a"),
        st.none() | st.floats(0, 100),
        st.sampled_from(("", *OUTCOMES)),
    ),
    max_size=12,
)


def sure(*pairs):
    return Calibration.of(Guess("a", p, "right" if r else "off") for p, r in pairs)


def test_nothing_predicted_is_said_in_one_line():
    assert Calibration.of([]).lines == ("predictions made: 0",)


def test_right_close_off_and_unread_are_counted():
    made = [Guess("a", None, o) for o in ("right", "right", "close", "off", "")]
    said = "predictions made: 5 (2 right, 1 close, 1 off, 1 whose verdict you haven't read)"
    assert Calibration.of(made).lines == (said,)


def test_each_step_of_trust_says_how_often_it_was_right():
    lines = sure(*[(80, True)] * 5, *[(80, False)] * 3, (60, True)).lines
    assert lines[1:3] == (
        "When you were 80 % sure, you were right 5 times of 8.",
        "When you were 60 % sure, you were right 1 time of 1.",
    )


def test_percentages_between_the_steps_are_told_with_the_nearest():
    assert sure((83, True), (78, False)).lines[1] == (
        "When you were about 80 % sure, you were right 1 time of 2."
    )


@pytest.mark.parametrize(
    ("right", "said"),
    [(20, "more than you trust"), (16, "you know well"), (19, "you know well"), (11, "too sure")],
)
def test_all_together_are_compared_with_what_chance_allows(right, said):
    calibration = sure(*[(80, True)] * right, *[(80, False)] * (20 - right))
    spread = math.sqrt(20 * 0.8 * 0.2)  # of the number of right ones, a binomial's
    assert (abs(right - 16) <= 2 * spread) == (said == "you know well")
    assert f"you expected 16.0 right of 20, and had {right}: " in calibration.lines[-1]
    assert said in calibration.lines[-1]


def test_of_four_answers_nothing_is_said_in_all():
    assert not any("All in all" in line for line in sure(*[(90, False)] * 4).lines)
    assert any("All in all" in line for line in sure(*[(90, False)] * 5).lines)


@given(GUESSES)
def test_every_answer_is_counted_once(guesses):
    found = Calibration.of(guesses)
    assert found.made == len(guesses)
    assert sum(found.counts) == sum(bool(g.outcome) for g in guesses)
    assert len(found.sure) == sum(bool(g.outcome) and g.sure is not None for g in guesses)
    steps = [line for line in found.lines if line.startswith("When")]
    assert sum(int(line.split(" of ")[-1].rstrip(".")) for line in steps) == len(found.sure)


def test_progress_says_it_for_all_and_for_one_lesson():
    record.update(lambda state: state.with_prediction("ten-images", 5.0, 80))
    record.update(lambda state: state.with_outcome("ten-images", "right"))
    record.update(lambda state: state.with_prediction("half-linear", "true"))
    assert "made: 2 (1 right, 0 close, 0 off, 1 whose" in repr(progress())
    assert "When you were 80 % sure, you were right 1 time of 1." in repr(progress("04_dying_relu"))
    assert "80 %" not in repr(progress("02_definitions"))
    assert "80 % sure" in progress()._repr_html_()
