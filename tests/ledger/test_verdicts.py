"""Read the verdict: your answer, what was measured, how far off, why, and what is in print."""

import re
from dataclasses import dataclass
from html import escape, unescape

import pytest
from asked import ALL, ANSWERS, MEASURED, changed

from relukit import record
from relukit.errors import InvalidValueError
from relukit.ledger import claim, predict, predictions, verdict, verdicts
from relukit.ledger.questions.judged import Judged
from relukit.ledger.replication import Reach

PRINTED = ("half-linear", "linear-stack")


@dataclass(frozen=True)
class Claim:
    id: str
    text: str
    verdict: str
    said_by: tuple = ("Brownlee 2019", "Some Wiki")
    correct: str = "What <holds>."
    document: str | None = None


@dataclass(frozen=True)
class Finding:
    verdict: str
    lines: tuple = ("largest gap: 0 (the claim needs below 1e-12): holds",)


CLAIMS = {
    "sum": Claim("sum", "ReLU is <linear>", "wrong"),
    "old": Claim("old", "ReLU is the default", "outdated"),
    "paper": Claim("paper", "It came in 2010", "true", document="a paper of 2010"),
    "shaky": Claim("shaky", "It always helps", "depends"),
}
FINDINGS = {"sum": Finding("wrong"), "old": Finding("wrong"), "shaky": Finding("not decided")}
FAR = {CLAIMS["shaky"]: Reach("depends", {"Adam": "depends", "depth 6": "wrong"}, "today")}
QUESTIONS = {q.id: changed(q, in_print=PRINTED) for q in ALL}


@pytest.fixture(autouse=True)
def course(monkeypatch):
    asked = predictions.asked_as

    def asked_as(name):
        if name in CLAIMS:
            return Judged(id=name, asks=CLAIMS[name].text)
        return QUESTIONS.get(name) or asked(name)

    for module in (predictions, verdicts):
        monkeypatch.setattr(module, "asked_as", asked_as)
    monkeypatch.setattr(verdicts, "claim", lambda name: CLAIMS.get(name) or claim(name))
    monkeypatch.setattr(verdicts, "measure", FINDINGS.__getitem__)
    monkeypatch.setattr(verdicts, "measured", lambda question: MEASURED[question.id])
    monkeypatch.setattr(verdicts, "reach", FAR.get)


# claims


def test_a_verdict_shows_claim_sources_evidence_and_what_became_of_the_prediction():
    predict("sum", "wrong")
    assert repr(verdict("sum")).splitlines() == [
        "sum: wrong",
        "  claim     ReLU is <linear>",
        "  said by   Brownlee 2019, Some Wiki",
        "  predicted wrong: held",
        "  holds     What <holds>.",
        "  measured  largest gap: 0 (the claim needs below 1e-12): holds",
    ]


def test_many_measurements_of_a_claim_are_folded_in_a_notebook(monkeypatch):
    few = verdict("sum")._repr_html_()
    assert "<details" not in few
    assert "largest gap" in few
    lines = tuple(f"gap {i}: 0" for i in range(3))
    monkeypatch.setitem(FINDINGS, "sum", Finding("wrong", lines))
    many = verdict("sum")._repr_html_()
    assert "<summary>Measured (3)</summary>" in many
    assert many.index("<details") < many.index("gap 0")
    assert "gap 2: 0" in repr(verdict("sum"))


def test_a_verdict_says_how_far_it_was_found_to_carry_where_that_was_tried():
    said = "  elsewhere stands in 1 of 2 other settings. wrong: depth 6 (today)"
    assert said in repr(verdict("shaky"))
    assert "elsewhere" not in repr(verdict("sum"))


def test_a_prediction_that_did_not_hold_and_one_that_is_missing_are_told_apart():
    predict("sum", "true")
    assert "predicted true: did not hold" in repr(verdict("sum"))
    assert "predicted" not in repr(verdict("old"))
    assert [entry.held for entry in verdict("sum", "old").entries] == [False, None]
    assert record.read()[0].predictions == {"sum": record.Guess("true", None, "off")}


def test_a_document_is_evidence_where_nothing_is_measured():
    assert "measured  nothing; settled on paper: a paper of 2010" in repr(verdict("paper"))


def test_a_run_that_finds_something_else_than_the_ledger_says_so():
    assert "this run finds: not decided" in repr(verdict("shaky"))
    assert "this run finds" not in repr(verdict("old"))


def test_no_id_at_all_and_one_that_nothing_has_are_refused():
    with pytest.raises(InvalidValueError, match="at least one id"):
        verdict()
    with pytest.raises(InvalidValueError, match="did you mean 'half-linear'"):
        verdict("sum", "half-liner")


# questions


def test_the_verdict_on_a_number_says_how_far_off_it_was():
    predict("many", 40, sure=70)
    assert repr(verdict("many")).splitlines() == [
        "many: off by 27 points",
        "  asked        What <comes> out?",
        "  you said     40 % (70 % sure)",
        "  measured (%) 13.0 [12.0, 14.0] (16 seeds, 95 %)",
        "  because      It is so.",
        "  in print (2) relukit claims half-linear; relukit claims linear-stack",
    ]


def test_the_verdict_on_a_choice_shows_the_measured_number_and_the_option_that_holds():
    predict("share", "a")
    lines = [line.strip() for line in repr(verdict("share")).splitlines()]
    assert lines[0] == "share: off"
    assert lines[2:5] == [
        "you said     a) few",
        "measured (%) 50 [45, 55] (16 seeds, 95 %)",
        "holds        b) about half",
    ]


def test_the_verdict_on_an_order_and_on_a_sketch_shows_every_number():
    predict("years", ["car", "nerve", "chip"])
    predict("lead", [10, 5, 9])
    text = repr(verdict("years", "lead"))
    assert "years: close by 1 of 3 pairs" in text
    assert "1.           a nerve fibre: 1941" in text
    assert "lead: close by 2.5 points on average" in text
    assert "2 steps      5.0 [4.5, 5.5] (16 seeds, 95 %) points" in text


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.KIND)
def test_your_answer_comes_first_then_the_number_then_why_then_what_is_in_print(question):
    predict(question.id, ANSWERS[question.id])
    (entry,) = verdict(question.id).entries
    labels = [label for label, _ in entry.rows]
    assert labels[0] == "you said"
    assert labels[-1] == "because"
    assert entry.heading == f"{question.id}: right"
    assert entry.html().index("because") < entry.html().index("In print (2)")


def test_a_notebook_says_the_question_once_and_a_console_repeats_it():
    answered = verdict("many")
    question = escape(QUESTIONS["many"].asks)
    assert question not in answered._repr_html_()
    assert question in answered.entries[0].html(folded=True)
    assert f"asked        {unescape(question)}" in repr(answered)


def test_who_has_not_predicted_is_told_so_kindly_and_nothing_is_counted():
    text = repr(verdict("many"))
    assert text.startswith("many: the answer\n")
    assert "you said     nothing this time" in text
    assert "13.0 [12.0, 14.0]" in text
    assert record.read()[0].predictions == {}


def test_what_is_in_print_is_folded_with_text_source_and_verdict():
    html = verdict("many")._repr_html_()
    folded = html[html.index("<details") :]
    assert "<summary>In print (2)</summary>" in folded
    for name in PRINTED:
        entry = claim(name)
        assert entry.text.split("'")[0] in folded
        assert str(entry.said_by[0].source) in folded
        assert f">{entry.verdict}<" in folded


def test_without_claims_in_print_nothing_is_folded(monkeypatch):
    monkeypatch.setitem(QUESTIONS, "many", changed(QUESTIONS["many"], in_print=()))
    assert "<details" not in verdict("many")._repr_html_()
    assert "in print" not in repr(verdict("many"))


def test_the_first_outcome_is_remembered_and_a_second_look_writes_nothing(monkeypatch):
    predict("many", 40)
    verdict("many")
    predict("many", 13)
    monkeypatch.setattr(record, "update", lambda change: pytest.fail("written"))
    assert "many: right" in repr(verdict("many"))
    assert record.read()[0].predictions["many"] == record.Guess(13.0, None, "off")


def test_in_a_notebook_all_but_the_first_are_folded_under_their_question():
    html = verdict("sum", "paper", "many")._repr_html_()
    assert "<summary>paper: true. It came in 2010</summary>" in html
    assert "<summary>many: the answer. What &lt;comes&gt; out?</summary>" in html
    assert html.startswith(" \n")
    assert "<details" not in verdict("sum")._repr_html_()


def test_html_escapes_the_text_and_fixes_no_colour():
    predict("sum", "wrong")
    predict("years", ["car", "nerve", "chip"])
    html = verdict("sum", "years")._repr_html_()
    assert "<linear>" not in html
    assert "<comes>" not in html
    assert "&lt;linear&gt;" in html
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsl\(", html)
    assert "wrong: held" in html


def test_a_prediction_that_cannot_be_saved_has_its_verdict(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("RELUKIT_PROGRESS", str(tmp_path / "file" / "progress.json"))
    predict("sum", "true")
    assert "predicted true: did not hold" in repr(verdict("sum"))
