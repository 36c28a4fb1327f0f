"""Predict: every kind of answer is recorded, and what is none is refused; nothing is lost."""

import re

import pytest
from asked import ALL, ANSWERS, CHOICE, NUMBER, ORDER

from relukit import record
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.ledger import claim, predict, prediction, predictions
from relukit.ledger.entries import VERDICTS

TEXT = claim("half-linear").text


@pytest.fixture(autouse=True)
def course(monkeypatch):
    monkeypatch.setattr(predictions, "question", {q.id: q for q in ALL}.get)


def stored(name):
    return record.read()[0].predictions[name]


# claims


@pytest.mark.parametrize("answer", ["wrong", "Wrong", "  WRONG\n"])
def test_a_verdict_is_predicted_in_any_capitals_and_spaces(answer):
    made = predict("half-linear", answer)
    assert made.value == "wrong"
    assert repr(made) == f"half-linear: {TEXT}\n  You predict: wrong."
    assert stored("half-linear") == record.Guess("wrong")


def test_three_dots_are_no_prediction_yet_and_every_verdict_is_named():
    made = predict("half-linear", ...)
    assert made.value is None
    said = ", ".join(map(repr, VERDICTS))
    assert repr(made).endswith(f"\n  No prediction yet: replace ... by one of {said}.")
    assert record.read()[0].predictions == {}


@pytest.mark.parametrize("answer", ["false", "", "tru e", "maybe"])
def test_another_word_is_refused_with_all_of_them(answer):
    with pytest.raises(InvalidValueError, match=r"'true', 'wrong', .*What to do: replace"):
        predict("half-linear", answer)


@pytest.mark.parametrize("answer", [True, None, 1, ["true"]])
def test_what_is_no_word_is_refused(answer):
    with pytest.raises(InvalidTypeError, match=r"\((bool|NoneType|int|list)\)"):
        predict("half-linear", answer)


@pytest.mark.parametrize("name", ["half-liner", "", None, 3, ["half-linear"]])
def test_an_id_that_nothing_has_is_refused(name):
    with pytest.raises(InvalidValueError, match="known prediction or claim"):
        predict(name, "true")
    with pytest.raises(InvalidValueError, match="known prediction or claim"):
        prediction(name)


# questions


def test_three_dots_print_the_question_its_options_and_how_to_answer():
    assert repr(predict("share", ...)).splitlines() == [
        "share: What <comes> out?",
        "  a) few",
        "  b) about half",
        "  c) most of them",
        "  No prediction yet: replace ... by one of 'a', 'b', 'c'.",
        "  How sure are you? Add sure=80 behind your answer for 80 %.",
    ]


@pytest.mark.parametrize("question", [q for q in ALL if q is not CHOICE], ids=lambda q: q.KIND)
def test_what_will_count_as_right_is_said_before(question):
    assert f"\n  What counts: {question.rule}.\n" in repr(predict(question.id, ...))


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.KIND)
def test_an_answer_of_every_kind_is_kept_whole(question):
    made = predict(question.id, ANSWERS[question.id], 80)
    assert stored(question.id) == record.Guess(ANSWERS[question.id], 80.0)
    again = prediction(question.id)
    assert (again.value, again.sure) == (made.value, made.sure) == (ANSWERS[question.id], 80.0)
    assert "You predict: " in repr(made)
    assert "(80 % sure)." in repr(made)


def test_the_last_prediction_counts_until_its_verdict_is_read():
    predict("many", 40, 90)
    predict("many", 30, 60)
    assert stored("many") == record.Guess(30.0, 60.0)
    record.update(lambda state: state.with_outcome("many", "off"))
    made = predict("many", 13, 100)
    assert "goes on counting your first answer" in made.note
    assert stored("many") == record.Guess(13.0, 60.0, "off")


def test_a_refused_answer_leaves_the_earlier_one():
    predict("many", 40, 90)
    for answer, sure in (("x", None), (13, 101)):
        with pytest.raises((InvalidTypeError, InvalidValueError)):
            predict("many", answer, sure)
    assert stored("many") == record.Guess(40.0, 90.0)


@pytest.mark.parametrize("sure", [-1, 101, float("nan"), 0.8, 1, "80", True])
def test_a_percentage_that_is_none_is_refused_with_an_example(sure):
    with pytest.raises((InvalidTypeError, InvalidValueError), match="sure=80 for 80 %"):
        predict("many", 13, sure)
    assert record.read()[0].predictions == {}


def test_nobody_is_less_sure_than_a_blind_guess():
    with pytest.raises(InvalidValueError, match="a blind guess is right in 33 % of cases"):
        predict("share", "b", sure=20)
    assert predict("share", "b", sure=33).sure == 33
    assert predict("many", 13, sure=0).sure == 0


def test_an_answer_that_fits_a_changed_question_no_more_is_none_and_named():
    record.update(lambda state: state.with_prediction("share", "z"))
    record.update(lambda state: state.with_prediction("half-linear", "no difference shown"))
    for name in ("share", "half-linear"):
        found = prediction(name)
        assert found.value is None
        assert "fits it no more" in repr(found)


def test_a_prediction_that_cannot_be_saved_is_noted_and_kept(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("RELUKIT_PROGRESS", str(tmp_path / "file" / "progress.json"))
    assert "could not be saved" in repr(predict("many", 13))
    assert prediction("many").value == 13


@pytest.mark.parametrize("question", [CHOICE, NUMBER, ORDER], ids=lambda q: q.KIND)
def test_html_escapes_the_text_and_fixes_no_colour(question):
    for made in (predict(question.id, ...), predict(question.id, ANSWERS[question.id])):
        html = made._repr_html_()
        assert "What &lt;comes&gt; out?" in html
        assert "<comes>" not in html
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsl\(", html)
        plain = " ".join(repr(made).split())
        assert all(line.split(": ")[-1] in plain for line in made.lines)
