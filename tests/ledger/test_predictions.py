"""Predict, then read the verdict: recorded, compared, and clear about what was not said."""

import re
from dataclasses import dataclass

import pytest

from relukit import record
from relukit.errors import InvalidTypeError, InvalidValueError, unknown_name
from relukit.ledger import predict, predictions, verdict


@dataclass(frozen=True)
class Claim:
    id: str
    text: str
    verdict: str
    said_by: tuple = ("Brownlee 2019", "Some Wiki")
    correct: str = "What <holds>."
    lesson: str = "02_definitions"
    document: str | None = None


@dataclass(frozen=True)
class Finding:
    verdict: str
    lines: tuple = ("largest gap: 0 (stated: below 1e-12): holds",)


CLAIMS = {
    "sum": Claim("sum", "ReLU is <linear>", "wrong"),
    "old": Claim("old", "ReLU is the default", "outdated"),
    "paper": Claim("paper", "It came in 2010", "true", document="a paper of 2010"),
    "shaky": Claim("shaky", "It always helps", "depends"),
}
FINDINGS = {
    "sum": Finding("wrong"),
    "old": Finding("wrong"),
    "shaky": Finding("not decided"),
}


@pytest.fixture(autouse=True)
def ledger(monkeypatch):
    def claim(name):
        if name not in CLAIMS:
            raise unknown_name("claim", name, CLAIMS)
        return CLAIMS[name]

    monkeypatch.setattr(predictions, "claim", claim)
    monkeypatch.setattr(predictions, "measure", FINDINGS.__getitem__)


@pytest.mark.parametrize("answer", ["wrong", "Wrong", "  WRONG\n"])
def test_a_prediction_is_recorded_in_any_capitals_and_spaces(answer):
    made = predict("sum", answer)
    assert made.answer == "wrong"
    assert repr(made) == "sum: ReLU is <linear>\n  You predict: wrong."
    assert record.read()[0].predictions == {"sum": "wrong"}


def test_the_last_prediction_counts():
    predict("sum", "true")
    predict("sum", "depends")
    assert record.read()[0].predictions == {"sum": "depends"}


def test_three_dots_are_no_prediction_yet():
    made = predict("sum", ...)
    assert made.answer == ""
    assert "No prediction yet: replace ... by one of 'true', 'wrong'" in repr(made)
    assert record.read()[0].predictions == {}


@pytest.mark.parametrize("answer", ["false", "", "tru e", "maybe"])
def test_another_word_is_refused_with_an_example(answer):
    with pytest.raises(InvalidValueError, match=r"predict\('sum', 'wrong'\)"):
        predict("sum", answer)


@pytest.mark.parametrize("answer", [True, None, 1, ["true"]])
def test_what_is_no_word_is_refused(answer):
    with pytest.raises(InvalidTypeError, match="a value of type"):
        predict("sum", answer)


def test_a_claim_that_is_not_in_the_ledger_is_refused():
    with pytest.raises(InvalidValueError, match="did you mean 'sum'"):
        predict("summ", "true")
    with pytest.raises(InvalidValueError, match="did you mean 'sum'"):
        verdict("summ")


def test_a_verdict_shows_claim_sources_evidence_and_what_became_of_the_prediction():
    predict("sum", "wrong")
    assert repr(verdict("sum")).splitlines() == [
        "sum: wrong",
        "  claim     ReLU is <linear>",
        "  said by   Brownlee 2019, Some Wiki",
        "  measured  largest gap: 0 (stated: below 1e-12): holds",
        "  correct   What <holds>.",
        "  predicted wrong: held",
    ]


def test_a_prediction_that_did_not_hold_and_one_that_is_missing_are_told_apart():
    predict("sum", "true")
    assert "predicted true: did not hold" in repr(verdict("sum"))
    assert "predicted" not in repr(verdict("old"))
    assert [entry.held for entry in verdict("sum", "old").entries] == [False, None]


def test_a_document_is_evidence_where_nothing_is_measured():
    assert "measured  nothing; settled on paper: a paper of 2010" in repr(verdict("paper"))


def test_a_run_that_finds_something_else_than_the_ledger_says_so():
    assert "this run finds: not decided" in repr(verdict("shaky"))
    assert "this run finds" not in repr(verdict("old"))


def test_no_claim_at_all_is_refused():
    with pytest.raises(InvalidValueError, match="at least one claim's id"):
        verdict()


def test_html_escapes_the_text_and_fixes_no_colour():
    predict("sum", "wrong")
    for html in (verdict("sum", "paper")._repr_html_(), predict("sum", ...)._repr_html_()):
        assert "<linear>" not in html
        assert "&lt;linear&gt;" in html
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsl\(", html)
    assert "wrong: held" in verdict("sum")._repr_html_()


def test_in_a_notebook_all_verdicts_but_the_first_are_folded_under_their_claim():
    html = verdict("sum", "paper")._repr_html_()
    assert html.count("<details") == 1
    assert "<summary>paper: true. It came in 2010</summary>" in html
    assert "<details" not in verdict("sum")._repr_html_()


def test_a_prediction_that_cannot_be_saved_is_noted(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("RELUKIT_PROGRESS", str(tmp_path / "file" / "progress.json"))
    assert "could not be saved" in repr(predict("sum", "true"))
    assert "predicted true: did not hold" in repr(verdict("sum"))
