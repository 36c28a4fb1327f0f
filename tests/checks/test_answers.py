"""The checks are checked: every wrong answer is rejected and named, every right one passes."""

import functools
import pickle

import numpy as np
import pytest
import steps
from wrong_answers import collected
from wrong_answers.forms import FORMS, SAID, SPARED, formed

from relukit.checks import check
from relukit.checks.call import Caller
from relukit.checks.checking import examine
from relukit.checks.counterexample import probes
from relukit.checks.registry import task, tasks

WRONG = [entry for each in tasks() for entry in collected.listed(each)]
RIGHT = [(each.name, answer) for each in tasks() for answer in collected.right(each)]
FORMED = [(each.name, *form) for each in tasks() for form in formed(each)]
NAMES = [entry.name for entry in tasks()]
KNOWN = [(entry.name, known) for entry in tasks() for known in entry.misconceptions]


def named(value):
    """Return what a test is called after; a form is named already, and its answer is not."""
    if isinstance(value, functools.partial):
        return ""
    return getattr(value, "__name__", None) or getattr(value, "sentence", None) or str(value)


def refused(answer, name):
    """Return the outcome of an answer that must not pass, which says why in a few lines."""
    outcome = check(answer, name)
    assert outcome.status in ("wrong", "raised")
    assert outcome.because
    assert len(repr(outcome).splitlines()) <= 8
    assert not outcome.expected or outcome.expected != outcome.got
    return outcome


@pytest.mark.slow
@pytest.mark.parametrize(("name", "answer", "sentence"), WRONG, ids=named)
def test_a_wrong_answer_is_rejected_with_its_sentence(name, answer, sentence):
    said = refused(answer, name).diagnosis
    told = f"expected {sentence!r}, got {said!r}"
    assert said == "" if sentence is None else sentence in said, told


@pytest.mark.slow
@pytest.mark.parametrize(("name", "form", "answer", "sentence"), FORMED, ids=named)
def test_a_form_of_mistake_is_rejected_in_every_task_that_it_applies_to(
    name, form, answer, sentence
):
    said = refused(answer, name).diagnosis
    told = f"{said!r} is said of {form}: if it is right, name it in SAID of wrong_answers/forms.py"
    assert said == "" if sentence is None else sentence in said, told


@pytest.mark.parametrize("form", SPARED)
def test_where_a_form_is_spared_it_is_right(form):
    (spoil,) = (known for known in FORMS if known.__name__ == form)
    for name in SPARED[form]:
        assert FORMS[spoil](task(name))
        assert check(functools.partial(spoil, task(name).reference), name).status == "passed"


def test_what_is_said_of_a_form_is_said_of_one_that_there_is():
    assert {*SAID, *SPARED} <= {form.__name__ for form in FORMS}
    assert {name for known in (SAID, SPARED) for names in known.values() for name in names} <= {
        *NAMES,
        "",
    }


@pytest.mark.slow
@pytest.mark.parametrize(("name", "answer"), RIGHT, ids=named)
def test_a_right_answer_passes(name, answer):
    assert check(answer, name).status == "passed"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "known"), KNOWN, ids=named)
def test_every_misconception_is_recognized_by_its_own_sentence(name, known):
    outcome = check(known.answer, name) if known.allowed else refused(known.answer, name)
    assert bool(outcome) == known.allowed
    assert outcome.diagnosis == known.sentence


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_reference_passes_also_when_only_data_goes_between_processes(name):
    caller = Caller(task(name).reference)

    def ask(arguments):
        sent = pickle.loads(pickle.dumps(arguments))
        return pickle.loads(pickle.dumps(caller.ask(sent)))

    assert examine(task(name), ask).status == "passed"


@pytest.mark.parametrize("name", NAMES)
def test_there_are_enough_wrong_and_right_answers_to_each_task(name):
    spelt = [sentence for own, _, sentence in WRONG if own == name and sentence is not None]
    assert len(spelt) >= steps.LEAST_SPELT
    assert sum(entry[0] == name for entry in RIGHT) >= steps.LEAST_RIGHT
    sentences = [known.sentence for known in task(name).misconceptions]
    assert len(set(sentences)) == len(sentences) >= steps.LEAST_KNOWN


@pytest.mark.parametrize("name", NAMES)
def test_no_input_of_a_task_is_changed_by_a_check(name):
    before = pickle.dumps([arguments for arguments, _ in probes(task(name))])

    def scribbles(*arguments):
        for argument in arguments:
            if isinstance(argument, np.ndarray):
                argument.fill(1)

    check(scribbles, name)
    assert pickle.dumps([arguments for arguments, _ in probes(task(name))]) == before


@pytest.mark.parametrize("name", NAMES)
def test_a_task_has_three_different_hints_and_a_reason(name):
    entry = task(name)
    assert len(set(entry.hints)) == 3
    assert entry.why.endswith(".")
    assert entry.minutes >= 1
