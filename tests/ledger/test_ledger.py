"""The ledger is complete, and what it says is what a measurement says."""

import math
import operator
import re
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from relukit.diagnostics import zeros_at_the_start
from relukit.errors import InvalidValueError
from relukit.ledger import Finding, Measurement, claim, claims
from relukit.ledger.entries import read_ledger
from relukit.ledger.finding import RELATIONS, Demand, needs
from relukit.ledger.questions import questions
from relukit.ledger.setting import STATED
from relukit.statistics import Interval, interval
from relukit.syllabus import COURSE

ROOT = Path(__file__).parents[2]
MEASURED = [c.id for c in claims() if c.experiment]
SOURCES = '[sources.S]\ntitle = "t"\nyear = 2000\nrevision = "r"\n'
ENTRY = """
[[claim]]
id = "a"
row = 1
text = "t"
said_by = { S = "page 1" }
verdict = "true"
correct = "c"
references = []
"""
# what refutes one side of a quantity refutes it, then what leaves one open
OPEN = "not decided"
VERDICTS = {"the same": "the same", "does not hold": "wrong", OPEN: OPEN, "holds": "true"}
EXPERIMENT = 'experiment = "values.x"\nreason = "r"\n'


@cache
def stored() -> dict[str, list[str]]:
    """Return the lines of each verdict that the notebooks store, as nbval compares them."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code" and cell.source.startswith("verdict("):
                assert not cell.metadata.get("tags"), f"nbval must compare {cell.source}"
                for line in cell.outputs[0].data["text/plain"].splitlines():
                    if not line.startswith("  "):
                        lines = found[line.split(":")[0]] = []
                    lines.append(line)
    return found


@pytest.mark.parametrize("claim_id", MEASURED)
def test_the_stored_measurements_of_a_claim_add_up_to_the_ledgers_verdict(claim_id):
    """The lesson measures, once; this says that what it found is what the ledger says."""
    entry, (title, *lines) = claim(claim_id), stored()[claim_id]
    assert title == f"{claim_id}: {entry.verdict}"
    measured = iter(line[12:] for line in lines if line.startswith("  measured  "))
    became = []
    for demand in entry.holds:
        said = set()
        for relation, threshold in demand.bounds:
            line = next(measured)
            assert line.startswith(f"{demand.what}: ")
            assert f"(the claim needs {needs(relation, threshold)}): " in line
            said.add(line.rpartition(": ")[2].partition(" within")[0])
        became.append(next(word for word in VERDICTS if word in said))
    assert next(measured, None) is None
    words = set(became)
    if OPEN in words and not ("holds" in words and words & {"does not hold", "the same"}):
        words = {OPEN}
    words -= {OPEN} if len(words) > 1 else set()
    if words == {"the same", "does not hold"}:
        words = {"does not hold"}
    assert entry.verdict == (VERDICTS[words.pop()] if len(words) == 1 else "depends")


@pytest.mark.parametrize("claim_id", [c.id for c in claims(verdict="reported")])
def test_what_was_not_opened_is_only_reported_and_its_correction_carries_no_number(claim_id):
    entry = claim(claim_id)
    assert entry.document
    assert not re.search(r"\d", re.sub(r"\b(19|20)\d\d\b", "", entry.correct))


@pytest.mark.parametrize("claim_id", [c.id for c in claims()])
def test_every_reference_stands_in_the_list(claim_id):
    listed = set(re.findall(r"\*\*\[(\w+)\]\*\*", (ROOT / "REFERENCES.md").read_text()))
    assert set(claim(claim_id).references) <= listed
    assert claim(claim_id).references


def test_every_claim_of_a_lesson_is_shown_in_it_or_deeper_and_every_shown_claim_is_in_the_ledger():
    shown: dict[str, set[str]] = {}
    for name, page in COURSE.items():
        cells = nbformat.read(ROOT / page.notebook, as_version=4).cells
        calls = re.findall(r"verdict\(([^)]*)\)", "\n".join(c.source for c in cells))
        named = set(re.findall(r'"([a-z0-9-]+)"', " ".join(calls)))
        shown.setdefault(page.deepens or name, set()).update(named)
    for lesson, named in shown.items():
        named -= {question.id for question in questions()}
        assert named == {c.id for c in claims(lesson=lesson)}, lesson


def test_claims_are_filtered_by_lesson_source_and_verdict():
    some = claims(lesson="02_definitions", source="Brownlee", verdict="depends")
    assert some
    for entry in some:
        assert entry.lesson == "02_definitions"
        assert entry.verdict == "depends"
        assert any("Brownlee" in saying.source.key for saying in entry.said_by)


def test_an_unknown_claim_is_refused_with_a_near_name():
    with pytest.raises(InvalidValueError, match="half-linear"):
        claim("half-liner")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SOURCES + ENTRY, "either an experiment or a document"),
        (SOURCES + ENTRY + 'experiment = "definitions.values.hinge"\n', "the reason for them"),
        (SOURCES + ENTRY.replace('"true"', '"maybe"') + 'document = "d"\n', "a verdict out of"),
        (SOURCES + ENTRY.replace("{ S", "{ T") + 'document = "d"\n', "known source"),
        (SOURCES + ENTRY + EXPERIMENT + "holds = [{ what = 'w' }]\n", "in the holds of claim 'a'"),
        (SOURCES + ENTRY + EXPERIMENT + "holds = [{ what = 'w', over = 1 }]\n", "in the holds"),
        (SOURCES + 2 * (ENTRY + 'document = "d"\n'), "twice"),
        (SOURCES + "opened = false\n" + ENTRY + 'document = "d"\n', "'reported' where no source"),
        (SOURCES + ENTRY.replace('text = "t"\n', "") + 'document = "d"\n', "none of text"),
        (SOURCES + ENTRY + 'document = "d"\nexplored = "w"\n', "an experiment whose setting was"),
    ],
)
def test_a_damaged_ledger_is_refused_with_what_to_do(text, message):
    with pytest.raises(InvalidValueError, match=message):
        read_ledger({"02_definitions": text})


def test_a_claim_settled_by_a_document_has_nothing_to_measure(monkeypatch):
    from relukit.ledger import measuring as module

    settled = read_ledger({"02_definitions": SOURCES + ENTRY + 'document = "the paper"\n'})["a"]
    monkeypatch.setattr(module, "claim", lambda claim_id: settled)
    with pytest.raises(InvalidValueError, match="the paper"):
        module._found.__wrapped__("a", STATED)


def test_a_part_holds_only_if_its_whole_interval_lies_on_the_stated_side():
    seeds = interval([0.9, 1.0, 1.1, 1.0])
    assert Measurement("m", seeds, "above", 0.5).holds is True
    assert Measurement("m", seeds, "below", 0.5).holds is False
    assert Measurement("m", seeds, "above", 1.0).holds is None
    assert Measurement("m", math.nan, "below", 1.0).holds is False


def test_the_verdict_adds_up_the_parts():
    holds, fails = Measurement("m", 1, "equal to", 1), Measurement("n", 1, "equal to", 2)
    unsure = Measurement("o", interval([0.9, 1.1]), "above", 1.0)
    assert Finding((holds, holds)).verdict == "true"
    assert Finding((fails,)).verdict == "wrong"
    assert Finding((holds, fails)).verdict == "depends"
    assert Finding((holds, unsure)).verdict == "not decided"
    assert Finding((fails, unsure)).verdict == "not decided"
    assert Finding((holds, fails, unsure)).verdict == "depends"


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (0.5, "true"),
        (0.3, "wrong"),
        (0.7, "wrong"),
        (interval([0.5, 0.51, 0.49]), "true"),
        (interval([0.7, 0.71, 0.69]), "wrong"),
        (interval([0.55, 0.61, 0.65]), "not decided"),
    ],
)
def test_a_quantity_between_two_bounds_is_one_part_that_can_come_out_wrong(value, verdict):
    demand = Demand("share", (("above", 0.4), ("below", 0.6)))
    assert Finding(demand.held(value)).verdict == verdict


def test_an_experiment_that_returns_another_quantity_than_the_ledger_names_is_refused(monkeypatch):
    from relukit.ledger import measuring as module

    text = ENTRY + 'experiment = "values.x"\nreason = "r"\nholds = [{ what = "a", above = 1 }]\n'
    entry = read_ledger({"02_definitions": SOURCES + text})["a"]
    monkeypatch.setattr(module, "claim", lambda claim_id: entry)
    monkeypatch.setattr(module, "import_module", lambda name: SimpleNamespace(x=lambda: {"b": 2.0}))
    with pytest.raises(InvalidValueError, match="the quantities of 'a': a"):
        module._found.__wrapped__("a", STATED)
    monkeypatch.setattr(module, "import_module", lambda name: SimpleNamespace(x=lambda: {"a": 2.0}))
    assert module._found.__wrapped__("a", STATED).verdict == "true"


@pytest.mark.parametrize("seeds", [(15,), (16, 17)])
def test_an_experiment_of_few_seeds_or_of_different_numbers_of_them_is_refused(seeds, monkeypatch):
    from relukit.ledger import measuring as module

    names = [f"q{n}" for n in seeds]
    holds = ", ".join(f'{{ what = "{name}", above = 0 }}' for name in names)
    text = f'{SOURCES}{ENTRY}experiment = "values.x"\nreason = "r"\nholds = [{holds}]\n'
    entry = read_ledger({"02_definitions": text})["a"]
    values = {name: interval(range(n)) for n, name in zip(seeds, names, strict=True)}
    monkeypatch.setattr(module, "claim", lambda claim_id: entry)
    monkeypatch.setattr(module, "import_module", lambda name: SimpleNamespace(x=lambda: values))
    with pytest.raises(InvalidValueError, match="over the same 16 seeds or more"):
        module._found.__wrapped__("a", STATED)


def test_what_is_measured_over_seeds_is_printed_with_its_interval():
    part = Measurement("accuracy", interval([0.88, 0.93]), "above", 0.9)
    value = "0.9 [0.6, 1.2] (2 seeds, 95 %)"
    assert str(part) == f"accuracy: {value} (the claim needs above 0.9): not decided"


def test_a_difference_inside_its_margin_is_the_same_and_not_undecided():
    tiny = interval([0.001, 0.002, 0.003, 0.002])
    claimed = Measurement("gain", tiny, "above", 0.01, margin=0.01)
    assert claimed.became == "the same within 0.01"
    assert Finding((claimed,)).verdict == "the same"
    wide = Measurement("gain", interval([-0.03, 0.03, 0.01]), "above", 0.01, margin=0.01)
    assert Finding((wide,)).verdict == "not decided"
    other = Measurement("loss", 1.0, "above", 0.5)
    assert Finding((claimed, other)).verdict == "depends"
    worse = Measurement("gain", interval([-0.05, -0.06, -0.05]), "above", 0.01, margin=0.01)
    assert Finding((worse,)).verdict == "wrong"
    assert Finding((claimed, Measurement("loss", 0.1, "above", 0.5))).verdict == "wrong"


@pytest.mark.parametrize(
    ("values", "held"),
    [([0.1, 0.11], True), ([-0.1, -0.11], True), ([2.0, 2.1], False), ([-2.0, -2.1], False)],
)
def test_within_is_about_size(values, held):
    assert Measurement("gap", interval(values), "within", 1.0).holds is held
    assert Measurement("gap", interval([-30.0, 30.0, 0.0]), "within", 1.0).holds is None


@pytest.mark.parametrize("relation", RELATIONS)
@given(low=st.integers(-4, 4), width=st.integers(0, 4), threshold=st.integers(1, 3))
def test_a_relation_holds_where_all_of_an_interval_has_it_and_not_where_nothing_has(
    relation, low, width, threshold
):
    """The oracle walks through the interval in steps of a tenth, ends included."""
    has = {"below": operator.lt, "above": operator.gt, "equal to": operator.eq,
           "within": lambda x, t: abs(x) < t}[relation]  # fmt: skip
    span = Interval(low + width / 2, low, low + width, n=16, level=0.95)
    inside = {has(Fraction(low) + Fraction(i, 10), threshold) for i in range(10 * width + 1)}
    held = inside.pop() if len(inside) == 1 else None
    assert Measurement("m", span, relation, threshold).holds is held


def test_stable_lines_show_no_number_that_a_machine_could_change():
    part = Measurement("time", 0.123, "below", 1.0)
    assert "0.123" not in str(part)
    assert "0.123" in Finding((part,)).measured[0]


def test_the_shares_of_zeros_that_the_lesson_states_are_measured():
    """24 % with every bias 1 is P(N(0, 2) < -1); deeper layers climb back towards one half."""
    shares = torch.tensor([zeros_at_the_start(seed, bias=1.0) for seed in range(16)]).mean(dim=0)
    assert abs(float(shares[0]) - norm.cdf(-1 / math.sqrt(2))) < 0.01
    assert round(100 * norm.cdf(-1 / math.sqrt(2))) == 24
    assert shares[0] < shares[4] < 0.5
    assert 0.4 < shares[-1] < 0.5


def test_the_closed_form_of_softplus_is_45_percent_too_small_at_minus_5():
    exact = math.log1p(math.exp(-5))
    approximate = -5 / (1 - math.exp(5 / math.log(2)))
    assert round(100 * (approximate / exact - 1)) == -45
