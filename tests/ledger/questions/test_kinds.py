"""Each kind of question: which answers it takes, and what they come to."""

import itertools
import math

import numpy as np
import pytest
import torch
from asked import (
    ALL,
    ANSWERS,
    CHOICE,
    LEAD,
    MEASURED,
    NUMBER,
    ORDER,
    SKETCH,
    YEARS,
    between,
    changed,
)
from hypothesis import given
from hypothesis import strategies as st

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.ledger.questions import Item, Option, Score

BOUNDS = st.sampled_from([None, -1.0, 0.0, 0.5, 1.0])


# every kind


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.KIND)
def test_what_is_measured_is_right(question):
    answer = question.read(ANSWERS[question.id])
    assert answer == ANSWERS[question.id]
    assert question.score(answer, MEASURED[question.id]) == Score("right")


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.KIND)
@pytest.mark.parametrize("answer", [None, True, 1.4, "no such answer", ["x"], {}, math.nan, b"b"])
def test_an_answer_of_another_kind_is_refused_with_how_to_answer(question, answer):
    if question is NUMBER and answer == 1.4:
        pytest.skip("this is one")
    with pytest.raises((InvalidTypeError, InvalidValueError), match=r"What to do: replace \.\.\."):
        question.read(answer)


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.KIND)
@pytest.mark.parametrize("field", ["asks", "because"])
def test_a_question_and_its_reason_are_one_line_each(question, field):
    for text in ("", " ", "one\ntwo"):
        with pytest.raises(InvalidValueError, match=f"one line as {field}"):
            changed(question, **{field: text})


@pytest.mark.parametrize("fields", [{"claim": "sum"}, {"measured": ""}, {"measured": "values"}])
def test_a_question_names_one_thing_that_measures_it(fields):
    with pytest.raises(InvalidValueError, match="in prediction 'many'"):
        changed(NUMBER, **fields)


# choice


@pytest.mark.parametrize("answer", ["b", "B", " b) ", "About  HALF", "half"])
def test_an_option_is_chosen_by_its_letter_its_words_or_a_part_of_its_own(answer):
    assert CHOICE.read(answer) == "b"


@pytest.mark.parametrize("answer", ["d", "", "o", "abc", "few or most"])
def test_what_is_no_option_is_refused_with_all_of_them(answer):
    with pytest.raises(InvalidValueError, match=r"'a' \(few\), 'b' \(about half\)"):
        CHOICE.read(answer)


@pytest.mark.parametrize(
    ("value", "holding"),
    [
        (0.5, "b"),
        (0.39, "a"),
        (0.7, "c"),
        (between(0.41, 0.59), "b"),
        (between(0.3, 0.5), "ab"),
        (between(0.3, 0.7), "abc"),
        (0.4, ""),
    ],
)
def test_the_option_that_holds_is_right_and_those_that_stay_open_are(value, holding):
    measured = {"share": value}
    assert "".join(CHOICE.holding(measured)) == holding
    for letter in "abc":
        outcome = "right" if letter in holding else "off"
        assert CHOICE.score(letter, measured) == Score(outcome)
    shown = dict(CHOICE.shown(measured))["holds"]
    assert ("none of the options" in shown) == (not holding)
    assert ("the interval reaches" in shown) == (len(holding) > 1)


def test_options_on_several_quantities_are_each_held_against_their_own():
    options = (Option("one", what="one", above=9), Option("two", what="two", above=9))
    question = changed(CHOICE, options=options, times=1)
    assert question.holding(LEAD) == ("a",)
    assert question.quantities == ("one", "two")
    assert [text for _, text in question.shown(LEAD)] == [
        "one: 10.0 [9.5, 10.5] (16 seeds, 95 %)",
        "two: 5.0 [4.5, 5.5] (16 seeds, 95 %)",
        "a) one",
    ]


@given(st.tuples(BOUNDS, BOUNDS, BOUNDS), st.tuples(BOUNDS, BOUNDS, BOUNDS))
def test_options_exclude_each_other_where_no_number_makes_both_hold(one, other):
    first, second = Option("1", "", *one), Option("2", "", *other)
    if any(o.equal is not None and len(o.bounds) > 1 for o in (first, second)):
        return
    numbers = np.linspace(-3, 3, 25)  # in between, and every bound itself

    def holds(option, x):
        above = option.above is None or x > option.above
        below = option.below is None or x < option.below
        return above and below and (option.equal is None or x == option.equal)

    both = any(holds(first, x) and holds(second, x) for x in numbers)
    assert first.excludes(second) == second.excludes(first) == (not both)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((Option("all", above=0),), "two options or more"),
        ((Option("few", below=1), Option("many")), "a bound for the option 'many'"),
        ((Option("few", below=1, equal=0), Option("many", above=1)), "a bound for"),
        ((Option("few", below=2), Option("many", above=1)), "exclude each other"),
        ((Option("few", below=1), Option("few", above=1)), "exclude each other"),
        ((Option("few", below=1), Option("it depends", above=1)), "something can settle"),
        ((Option("few", below=1), Option("odd", above=3, below=2)), "between the bounds of 'odd'"),
    ],
)
def test_options_that_leave_it_open_what_is_right_are_refused(options, said):
    with pytest.raises(InvalidValueError, match=said):
        changed(CHOICE, options=options)


# number


@pytest.mark.parametrize("answer", [13, 13.0, np.float32(13), np.array(13), torch.tensor(13.0)])
def test_numbers_of_all_libraries_are_taken(answer):
    assert NUMBER.read(answer) == 13.0
    assert type(NUMBER.read(answer)) is float


@pytest.mark.parametrize("answer", ["13", "13 %", [13], np.array([13, 14]), math.inf, 10**400, 1j])
def test_what_is_no_finite_number_is_refused(answer):
    with pytest.raises((InvalidTypeError, InvalidValueError), match="a finite number for 'many'"):
        NUMBER.read(answer)


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        (13, "right"),
        (15, "right"),
        (15.1, "close by 2.1 points"),
        (8, "close by 5 points"),
        (14.05, "right"),
        (40, "off by 27 points"),
        (-87, "off by 100 points"),
    ],
)
def test_a_number_is_right_or_close_by_its_tolerances(answer, score):
    assert str(NUMBER.score(answer, MEASURED["many"])) == score


def test_inside_the_interval_is_right_however_wide_it_is():
    assert NUMBER.score(30.0, {"silent": between(0.1, 0.3)}).outcome == "right"


def test_without_tolerances_a_tenth_is_right_and_a_quarter_close():
    question = changed(NUMBER, right=None, close=None, unit="", times=1)
    scores = [str(question.score(x, {"n": 200})) for x in (180, 220, 175, 250, 251)]
    assert scores == ["right", "right", "close by 25", "close by 50", "off by 51"]
    assert "a tenth" in question.rule


@pytest.mark.parametrize(("right", "close"), [(None, 1), (1, None), (2, 1), (-1, 1)])
def test_tolerances_that_make_no_sense_are_refused(right, close):
    with pytest.raises(InvalidValueError, match="close"):
        changed(NUMBER, right=right, close=close)


# order


@pytest.mark.parametrize(
    "answer",
    [
        ["nerve", "car", "chip"],
        ("b", "c", "a"),
        ["NERVE", " c", "silicon"],
        ["a nerve fibre", "price", "chip"],
        ["ner", "ca", "chi"],
    ],
)
def test_items_are_named_in_any_short_form_that_means_one_of_them(answer):
    assert ORDER.read(answer) == ("nerve", "car", "chip")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (["nerve", "car"], "got 2"),
        (["nerve", "car", "chip", "car"], "got 4"),
        (["nerve", "car", "car"], "got car twice, and no chip"),
        (["nerve", "car", "x"], "items out of chip, nerve, car .*got 'x'"),
        (["nerve", "car", 3], r"got 3 \(int\)"),
        ("bca", r"a list of 3 items .*got 'bca' \(str\)"),
    ],
)
def test_an_order_that_is_none_is_refused_with_what_is_amiss(answer, said):
    with pytest.raises((InvalidTypeError, InvalidValueError), match=said):
        ORDER.read(answer)


def test_one_pair_of_neighbours_is_close_and_more_is_off():
    names = ("nerve", "car", "chip")
    found = {order: str(ORDER.score(order, YEARS)) for order in itertools.permutations(names)}
    assert found == {
        ("nerve", "car", "chip"): "right",
        ("car", "nerve", "chip"): "close by 1 of 3 pairs",
        ("nerve", "chip", "car"): "close by 1 of 3 pairs",
        ("car", "chip", "nerve"): "off by 2 of 3 pairs",
        ("chip", "nerve", "car"): "off by 2 of 3 pairs",
        ("chip", "car", "nerve"): "off by 3 of 3 pairs",
    }


def test_pairs_whose_intervals_overlap_count_either_way():
    measured = {
        "a silicon chip": between(4, 6),
        "a nerve fibre": between(1, 3),
        "money": between(2.5, 3.5),
    }
    for order in (("nerve", "car", "chip"), ("car", "nerve", "chip")):
        assert ORDER.score(order, measured).outcome == "right"
    assert ORDER.score(("nerve", "chip", "car"), measured).outcome == "close"


def test_the_measured_order_is_shown_with_its_numbers():
    assert ORDER.shown(YEARS) == (
        ("1.", "a nerve fibre: 1941"),
        ("2.", "a car and its price: 1958"),
        ("3.", "a silicon chip: 2000"),
    )


@pytest.mark.parametrize(
    "items",
    [
        (Item("one", "one"),),
        (Item("one", "same"), Item("two", "same")),
        (Item("one", "two words"), Item("two", "two")),
        (Item("one", ""), Item("two", "two")),
    ],
)
def test_items_without_a_short_name_of_their_own_are_refused(items):
    with pytest.raises(InvalidValueError, match="short name"):
        changed(ORDER, items=items)


# sketch


@pytest.mark.parametrize("answer", [[10, 5, 1], np.array([10, 5, 1]), torch.tensor([10.0, 5, 1])])
def test_a_sketch_is_a_list_of_numbers_of_any_library(answer):
    assert SKETCH.read(answer) == (10.0, 5.0, 1.0)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ([10, 5], "a list of 3 numbers .*got 2"),
        ([10, 5, math.nan], "finite numbers .*got nan"),
        ([10, 5, "1"], "finite numbers"),
        (10, "a list of 3 numbers"),
        ({1: 10}, "a list of 3 numbers"),
    ],
)
def test_a_sketch_with_other_points_is_refused(answer, said):
    with pytest.raises((InvalidTypeError, InvalidValueError), match=said):
        SKETCH.read(answer)


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        ((10.4, 5.4, 0.6), "right"),  # inside of all intervals
        ((13.4, 5.0, 1.0), "right"),  # 2.9 / 3 = 0.97 points of a range of 10
        ((14.0, 5.0, 1.0), "close by 1.2 points on average"),
        ((10.0, 5.0, 9.0), "close by 2.5 points on average"),
        ((10.0, 5.0, 9.1), "off by 2.5 points on average"),
        ((0.0, 0.0, 0.0), "off by 4.8 points on average"),
    ],
)
def test_a_sketch_is_judged_by_its_mean_distance_relative_to_the_range(answer, score):
    assert str(SKETCH.score(answer, LEAD)) == score


@pytest.mark.parametrize(
    "fields", [{"at": (1, 2)}, {"at": (1, 2, 2)}, {"at": (4, 2, 1)}, {"at": (1,), "whats": ("a",)}]
)
def test_a_sketch_has_increasing_places_with_a_quantity_each(fields):
    with pytest.raises(InvalidValueError, match="in prediction 'lead'"):
        changed(SKETCH, **fields)
