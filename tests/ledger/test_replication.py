"""What is measured elsewhere: which changes apply, what stands, and what is stored of it."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from relukit.errors import InvalidValueError
from relukit.ledger import claim, claims, measuring, replication
from relukit.ledger.entries import read_ledger
from relukit.ledger.questions import Choice, Number, Option, draws, questions
from relukit.ledger.questions import measuring as asked
from relukit.ledger.questions.question import SAME
from relukit.ledger.replication import (
    CHANGES,
    Reach,
    carried,
    elsewhere,
    replicated,
    replicated_in_processes,
    write_reaches,
)
from relukit.ledger.setting import STATED, Setting
from relukit.statistics import interval

LEDGER = """
[sources.S]
title = "t"
year = 2000
revision = "r"

[[claim]]
id = "fake"
text = "t"
said_by = { S = "page 1" }
verdict = "true"
correct = "c"
references = []
experiment = "fakes.run"
reason = "r"
holds = [{ what = "gain", above = 0.5 }]
"""


@pytest.fixture
def ledger(monkeypatch):
    """Return a function that gives the ledger's only claim an experiment."""
    entry = read_ledger({"02_definitions": LEDGER})["fake"]

    def with_experiment(run):
        measuring._found.cache_clear()
        found = SimpleNamespace(run=run)
        monkeypatch.setattr(measuring, "import_module", lambda name: found)
        return entry

    monkeypatch.setattr(measuring, "claim", lambda claim_id: entry)
    monkeypatch.setattr(replication, "questions", lambda lesson: ())
    yield with_experiment
    measuring._found.cache_clear()


def by_width(setting=STATED):
    """A gain that lasts up to twice the width, and does not ask for anything but the width."""
    setting.only("width", "optimizer")
    low = 1.0 if setting.width <= 2 else 0.0
    return {"gain": interval([low + 0.01 * (seed % 3) for seed in setting.seeds])}


def test_a_claim_is_measured_on_the_seeds_and_in_the_setting_that_are_asked_for(ledger):
    seen = []

    def run(setting=STATED):
        seen.append(setting)
        return by_width(setting)

    ledger(run)
    assert measuring.measure("fake").n_seeds == 16
    assert measuring.measure("fake", Setting(seeds=range(3000, 3032))).n_seeds == 32
    assert measuring.measure("fake", Setting(width=4)).verdict == "wrong"
    assert [setting.width for setting in seen] == [1, 1, 4]
    measuring.measure("fake")
    assert len(seen) == 3


def test_a_change_that_the_experiment_cannot_make_is_refused_and_no_verdict_is_given(ledger):
    ledger(by_width)
    with pytest.raises(InvalidValueError, match="changes of width, optimizer"):
        measuring.measure("fake", Setting(depth=6))


def test_an_experiment_that_does_not_say_what_it_can_change_refuses_every_change(ledger):
    """Else a verdict would stand in a setting that nobody asked for."""
    ledger(lambda setting=STATED: {"gain": interval([1.0, 1.1] * 8)})
    assert measuring.measure("fake").verdict == "true"
    with pytest.raises(InvalidValueError, match="the seeds alone"):
        measuring.measure("fake", Setting(width=2))


@pytest.mark.parametrize(
    "runs",
    [
        [(entry.lesson, entry.experiment) for entry in filter(measuring.is_random, claims())],
        [(question.lesson, question.measured) for question in filter(draws, questions())],
    ],
    ids=["claims", "questions"],
)
def test_every_experiment_says_what_it_can_change_before_it_asks_for_anything(runs):
    class SaidError(Exception):
        pass

    class Unasked:
        def only(self, *options):
            assert set(options) <= {"data", "width", "depth", "optimizer", "steps"}
            raise SaidError

    assert runs
    for lesson, name in runs:
        with pytest.raises(SaidError):
            measuring.experiment(lesson, name)(setting=Unasked())


def test_what_draws_nothing_at_random_has_no_other_seeds(ledger):
    entry = ledger(lambda: {"gain": 1.0})
    assert not measuring.is_random(entry)
    with pytest.raises(InvalidValueError, match="draws at random"):
        measuring.measure("fake", Setting(seeds=range(3000, 3016)))
    (found,) = replicated([entry])
    assert found.stands
    assert found.setting == STATED


def test_replication_counts_what_stands_on_fresh_seeds(ledger):
    stated = range(1000, 1016)
    entry = ledger(lambda setting=STATED: {
        "gain": interval([float(setting.seeds == stated)] * len(setting.seeds))
    })  # fmt: skip
    (found,) = replicated([entry])
    assert (found.verdict, found.stands) == ("wrong", False)
    assert found.setting.seeds == replication.FRESH
    assert set(stated).isdisjoint(replication.FRESH)


def test_only_changes_that_apply_and_change_something_are_carried(ledger):
    entry = ledger(by_width)
    found = {one.setting.name: one.verdict for one in carried(entry)}
    # widths of 2 and the other optimizer measure what was measured before: they change nothing
    assert found == {"width x4": "wrong"}


def test_an_experiment_that_finds_no_rate_gives_no_verdict_and_stops_nothing(ledger):
    def run(setting=STATED):
        setting.only("width")
        if setting.width == 2:
            raise InvalidValueError("a best rate inside the grid", "none", "begin elsewhere")
        return by_width(setting)

    found = {one.setting.name: one.verdict for one in carried(ledger(run))}
    assert found == {"width x2": replication.NO_VERDICT, "width x4": "wrong"}


def test_a_fault_of_an_experiment_is_not_taken_for_a_change_that_does_not_apply(ledger):
    def run(setting=STATED):
        setting.only("width")
        if setting.changes:
            raise ZeroDivisionError
        return by_width(setting)

    with pytest.raises(ZeroDivisionError):
        list(carried(ledger(run)))


def test_what_is_found_is_stored_and_said_and_what_is_stored_of_others_stays(
    ledger, monkeypatch, tmp_path
):
    entry = ledger(by_width)
    monkeypatch.setattr(replication, "folder", lambda lesson: tmp_path)
    monkeypatch.setattr(replication, "claims", lambda lesson: [entry])
    replication._stored.cache_clear()
    assert replication.reach(entry) is None
    path = write_reaches("02_definitions")
    assert 'width x4" = "wrong"' in path.read_text(encoding="utf-8")
    said = str(replication.reach(entry))
    assert said.startswith("stands in 0 of 1 other settings. wrong: width x4 (")
    before = path.read_text(encoding="utf-8")
    write_reaches("02_definitions", names=[])
    assert path.read_text(encoding="utf-8") == before
    replication._stored.cache_clear()


def test_what_is_stopped_keeps_the_claims_that_it_has_measured(ledger, monkeypatch, tmp_path):
    first = ledger(by_width)
    second = replace(first, id="later")

    def stopped(entry):
        if entry is second:
            raise KeyboardInterrupt
        return carried(entry)

    monkeypatch.setattr(replication, "carried", stopped)
    monkeypatch.setattr(replication, "folder", lambda lesson: tmp_path)
    monkeypatch.setattr(replication, "claims", lambda lesson: [first, second])
    replication._stored.cache_clear()
    with pytest.raises(KeyboardInterrupt):
        write_reaches("02_definitions")
    replication._stored.cache_clear()
    assert "width x4" in str(replication.reach(first))
    assert replication.reach(second) is None
    replication._stored.cache_clear()


def test_how_far_a_verdict_carries_is_said_by_what_was_found():
    found = {"a": "true", "b": "not decided", "c": "true", "d": "not decided", "e": "wrong"}
    said = "stands in 2 of 5 other settings. not decided: b; d. wrong: e (today)"
    far = Reach("true", found, "today")
    assert str(far) == said
    assert (far.stands, far.others) == ("2 of 5", ("not decided: b; d", "wrong: e"))


def test_the_changes_are_14_and_each_has_a_name_of_its_own():
    assert len({setting.name for setting in CHANGES}) == len(CHANGES) == 14
    assert all(setting.changes and setting.seeds == STATED.seeds for setting in CHANGES)


def test_a_claim_that_no_setting_can_change_says_nothing_of_elsewhere(monkeypatch):
    entry = claims(lesson="04_dying_relu")[0]
    for table in ({}, {"made": "today"}):
        monkeypatch.setattr(replication, "_stored", lambda lesson, table=table: {entry.id: table})
        assert replication.reach(entry) is None
    monkeypatch.setattr(
        replication, "_stored", lambda lesson: {entry.id: {"made": "today", "Adam": "wrong"}}
    )
    assert "0 of 1 other settings. wrong: Adam" in str(replication.reach(entry))


def test_what_stands_elsewhere_is_said_in_a_line_and_so_is_that_nothing_was_tried(
    ledger, monkeypatch
):
    monkeypatch.setattr(replication, "_stored", lambda lesson: {})
    entry = ledger(by_width)
    assert measuring.changeable(entry) == ("width", "optimizer")
    assert "no other setting is stored" in elsewhere(entry)
    stored = {entry.id: {"made": "today", "Adam": "wrong"}}
    monkeypatch.setattr(replication, "_stored", lambda lesson: stored)
    assert elsewhere(entry) == str(replication.reach(entry))
    monkeypatch.setattr(replication, "_stored", lambda lesson: {})
    for run in (lambda setting=STATED: setting.only(), lambda setting=STATED: {}):
        assert measuring.changeable(ledger(run)) == ()
        assert elsewhere(entry).startswith("not tried in other settings")


def test_what_is_stored_is_about_claims_that_there_are_and_changes_that_are_made():
    names = {setting.name for setting in CHANGES}
    for entry in claims():
        if far := replication.reach(entry):
            assert far.found.keys() <= names
            assert measuring.is_random(claim(entry.id))


CHOICE = Choice(
    id="half",
    lesson="02_definitions",
    asks="How much?",
    because="It is so.",
    measured="fakes.run",
    options=(Option("little", below=0.5), Option("much", above=0.5)),
)
NUMBER = Number(
    id="much",
    lesson="02_definitions",
    asks="How much?",
    because="It is so.",
    measured="fakes.run",
    right=0.1,
    close=0.5,
)


@pytest.fixture
def answered(monkeypatch):
    """Return a function that gives every question one experiment."""

    def with_experiment(run):
        asked._measured.cache_clear()
        monkeypatch.setattr(asked, "experiment", lambda lesson, name: run)

    yield with_experiment
    asked._measured.cache_clear()


@pytest.mark.parametrize(("question", "became"), [(CHOICE, "a) little"), (NUMBER, "off by 1")])
def test_the_answer_to_a_question_is_carried_like_a_verdict(answered, question, became):
    answered(by_width)
    found = {one.setting.name: one.verdict for one in carried(question)}
    assert found == {"width x4": became}
    assert not any(one.stands for one in carried(question))


def test_an_answer_that_stays_is_the_same(answered):
    def run(setting=STATED):
        setting.only("depth")
        return {"gain": interval([0.7 + 0.001 * (setting.depth or 0)] * len(setting.seeds))}

    answered(run)
    for question in (CHOICE, NUMBER):
        assert {one.verdict for one in carried(question)} == {SAME}


def test_an_answer_is_measured_on_fresh_seeds_and_one_that_draws_nothing_again(answered):
    answered(by_width)
    (found,) = replicated([CHOICE])
    assert (found.stands, found.setting.seeds) == (True, replication.FRESH)
    answered(lambda: {"gain": 0.7})
    (found,) = replicated([CHOICE])
    assert (found.stands, found.setting) == (True, STATED)


def test_where_an_interval_reaches_into_two_options_it_is_not_decided(answered):
    def run(setting=STATED):
        setting.only("width")
        spread = 0.4 if setting.width == 4 else 0.01
        return {"gain": interval([0.55 - spread, 0.55 + spread] * 8)}

    answered(run)
    assert {one.setting.name: one.verdict for one in carried(CHOICE)}["width x4"] == "not decided"


def test_processes_find_what_one_finds():
    entries = [claim(name) for name in ("half-linear", "half-active", "two-steady-states")]
    alone = {found.id: (found.verdict, found.lines) for found in replicated(entries)}
    beside = {
        found.id: (found.verdict, found.lines)
        for found in replicated_in_processes(entries, processes=2)
    }
    assert len({entry.lesson for entry in entries}) >= 2
    assert beside == alone


def test_what_is_called_true_is_not_contradicted_more_often_than_it_stands():
    contradicted = {}
    for entry in claims():
        if entry.verdict == "true" and (far := replication.reach(entry)):
            found = [*far.found.values()]
            against = found.count("wrong") + found.count("depends")
            if against > found.count("true"):
                contradicted[entry.id] = str(far)
    assert not contradicted
