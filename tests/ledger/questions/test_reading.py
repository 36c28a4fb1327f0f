"""What predictions.toml may hold; and the course's own questions."""

import re
from pathlib import Path

import nbformat
import pytest

from relukit.errors import InvalidValueError
from relukit.ledger import claim
from relukit.ledger.questions import Choice, Order, measured, questions, read_questions
from relukit.lessons.definitions.experiments import values

ROOT = Path(__file__).parents[3]
KNOWN = {name: claim(name) for name in ("half-linear", "bert-gelu")}
NUMBER = {
    "id": "'n'",
    "kind": "'number'",
    "asks": "'How many?'",
    "because": "'So.'",
    "measured": "'values.many'",
}
KIND_OF = {
    "choice": {"options": "[{says = 'few', below = 1}, {says = 'many', above = 1}]"},
    "number": {},
    "order": {"items": "[{says = 'one', short = 'x'}, {says = 'two', short = 'y'}]"},
    "sketch": {"at": "[1, 2]", "x_name": "'x'", "y_name": "'y'", "whats": "['a', 'b']"},
}


def entry(**changes):
    fields = {**NUMBER, **changes}
    lines = [f"{name} = {value}" for name, value in fields.items() if value is not None]
    return "\n".join(["[[prediction]]", *lines, ""])


def read(*entries):
    return read_questions({"02_definitions": "\n".join(entries)}, KNOWN)


@pytest.mark.parametrize("kind", KIND_OF)
def test_an_entry_of_each_kind_is_read(kind):
    found = read(entry(kind=f"'{kind}'", **KIND_OF[kind]))
    assert kind == found["n"].KIND
    assert found["n"].lesson == "02_definitions"


@pytest.mark.parametrize("kind", KIND_OF)
def test_each_field_that_a_kind_needs_is_missed(kind):
    needed = {**KIND_OF[kind], "asks": "'How many?'", "because": "'So.'"}
    for name in needed:
        with pytest.raises(InvalidValueError, match=f"prediction 'n', got none of {name}"):
            read(entry(**{**KIND_OF[kind], "kind": f"'{kind}'", name: None}))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": None}, "an id in prediction 1 of 02_definitions"),
        ({"id": "3"}, "an id in"),
        ({"kind": None}, "a kind out of choice, number, order, sketch in prediction 'n', got None"),
        ({"kind": "'guess'"}, "a kind out of"),
        ({"options": "[]"}, "the fields of a number in prediction 'n': .*got options"),
        ({"wrong": "1"}, "got wrong"),
        ({"right": "'2'", "close": "3"}, "a number as right in prediction 'n'"),
        ({"right": "true", "close": "3"}, "a number as right"),
        ({"asks": "3"}, "text as asks"),
        ({"times": "0"}, "times above 0"),
        ({"times": "-1.0"}, "times above 0"),
        ({"times": "nan"}, "times above 0"),
        ({"in_print": "'half-linear'"}, "a list as in_print"),
        ({"in_print": "[3]"}, "names as in_print"),
        ({"in_print": "['half-liner']"}, "ids of the ledger's claims .*did you mean 'half-linear'"),
        ({"id": "'half-linear'"}, "an id of its own .*a claim has it"),
        ({"measured": None, "claim": "'half-liner'"}, "did you mean 'half-linear'"),
        ({"measured": None, "claim": "'half-linear'", "what": "'x'"}, "that the claim"),
        ({"measured": None, "claim": "'half-linear'"}, "that the claim .*none named"),
        ({"measured": None, "claim": "'bert-gelu'", "what": "'x'"}, "name another claim"),
        ({"kind": "'choice'", "options": "[3]"}, "says, what, above.* in the options of"),
        ({"kind": "'choice'", "options": "[{words = 'x'}]"}, "words"),
        ({"kind": "'choice'", "options": "[{says = 'x', above = '3'}]"}, "above = '3'"),
        ({"kind": "'choice'", "options": "[{says = 3, above = 3}]"}, "says = 3"),
        ({"kind": "'order'", "items": "[{says = 'x'}]"}, "says, short, what in the items of"),
        ({"kind": "'sketch'", **KIND_OF["sketch"], "at": "['1', '2']"}, "numbers as at"),
    ],
)
def test_an_entry_that_is_amiss_is_refused_with_its_name(changes, said):
    with pytest.raises(InvalidValueError, match=said):
        read(entry(**changes))


def test_an_id_twice_a_table_of_another_name_and_what_is_no_toml_are_refused():
    with pytest.raises(InvalidValueError, match=r"an id of its own .*another one has it"):
        read(entry(), entry())
    with pytest.raises(InvalidValueError, match=r"entries \[\[prediction\]\] .*got predict"):
        read(entry().replace("prediction", "predict"))
    with pytest.raises(InvalidValueError, match=r"TOML in the predictions.toml of 02_definitions"):
        read("[[prediction")


# measuring


def one(**changes):
    return read(entry(**changes))["n"]


def test_what_is_measured_must_be_what_the_question_names(monkeypatch):
    monkeypatch.setattr(values, "many", lambda: {"a": 1, "b": 2}, raising=False)
    assert measured(one(what="'a'")) == {"a": 1, "b": 2}
    with pytest.raises(InvalidValueError, match="measured: c in prediction 'n', got a; b"):
        measured(one(what="'c'"))
    with pytest.raises(InvalidValueError, match=r"measured: one quantity .*got a; b"):
        measured(one())


def test_an_interval_over_few_seeds_is_refused(monkeypatch):
    from asked import between

    monkeypatch.setattr(values, "few", lambda: {"a": between(0, 1, n=15)}, raising=False)
    with pytest.raises(InvalidValueError, match=r"intervals over 16 seeds or more .*got 15"):
        measured(one(measured="'values.few'"))


@pytest.mark.parametrize("name", ["values.nothing", "nowhere.many"])
def test_an_experiment_that_is_not_there_is_named(name):
    with pytest.raises(InvalidValueError, match=rf"{name} of 02_definitions in prediction 'n'"):
        measured(one(measured=f"'{name}'"))


def test_an_error_inside_of_an_experiment_is_not_taken_for_a_missing_one(monkeypatch):
    def broken():
        raise AttributeError("of its own", name="other")

    monkeypatch.setattr(values, "broken", broken, raising=False)
    with pytest.raises(AttributeError, match="of its own"):
        measured(one(measured="'values.broken'"))


def test_a_question_is_measured_once(monkeypatch):
    calls = []
    monkeypatch.setattr(values, "counted", lambda: calls.append(1) or {"a": 1}, raising=False)
    for _ in range(2):
        measured(one(measured="'values.counted'"))
    assert calls == [1]


def test_a_claims_quantity_answers_a_question():
    what = claim("half-linear").holds[0].what
    question = one(measured=None, claim="'half-linear'", what=f"'{what}'")
    assert measured(question)[what] == 0


# the course's own


def shown_in_notebooks() -> set[str]:
    cells = [
        cell.source
        for path in (ROOT / "notebooks").rglob("*.ipynb")
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
    ]
    calls = re.findall(r"verdict\(([^)]*)\)", "\n".join(cells))
    return set(re.findall(r'"([\w-]+)"', " ".join(calls)))


def test_there_is_a_question_of_every_kind():
    assert {question.KIND for question in questions()} == set(KIND_OF)


def test_no_order_is_shown_as_it_should_be_given():
    """Without measuring: those that are looked up, as years are."""
    for question in questions():
        if isinstance(question, Order) and "timeline" in question.measured:
            given = [item.short for item in question.items]
            assert question.score(question.read(given), measured(question)).outcome == "off"


@pytest.mark.slow
@pytest.mark.parametrize("question", questions(), ids=lambda q: q.id)
def test_a_question_that_no_lesson_asks_yet_is_measured_here(question):
    """What a lesson asks is measured where it is run, and its stored output is read below."""
    if question.id in shown_in_notebooks():
        pytest.skip("its lesson measures it")
    found = measured(question)
    assert question.shown(found)
    if isinstance(question, Choice):
        assert len(question.holding(found)) == 1


@pytest.mark.slow
def test_the_lead_from_which_the_sketch_goes_on_is_the_measured_one():
    (question,) = (q for q in questions() if q.id == "lead")
    assert "about 4 points" in question.asks
    assert measured(question)["after 200 steps"].contains(4)


def test_in_what_is_stored_one_option_holds():
    for path in (ROOT / "notebooks").rglob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert "none of the options" not in text
        assert "the interval reaches into both" not in text
