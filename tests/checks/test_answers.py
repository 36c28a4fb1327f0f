"""The checks are checked: every wrong answer is rejected and named, every right one passes."""

import importlib
import pickle

import numpy as np
import pytest
import steps

from relukit.checks import check
from relukit.checks.call import Caller
from relukit.checks.checking import examine
from relukit.checks.counterexample import probes
from relukit.checks.registry import task, tasks
from relukit.syllabus import LESSONS

ANSWERS = [importlib.import_module(f"wrong_answers.{module}") for module in LESSONS.values()]
WRONG = [entry for module in ANSWERS for entry in module.WRONG]
RIGHT = [entry for module in ANSWERS for entry in module.RIGHT]
NAMES = [entry.name for entry in tasks()]
KNOWN = [(entry.name, known) for entry in tasks() for known in entry.misconceptions]


def named(value):
    return getattr(value, "__name__", None) or getattr(value, "sentence", None) or str(value)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "answer", "sentence"), WRONG, ids=named)
def test_a_wrong_answer_is_rejected_with_its_sentence(name, answer, sentence):
    outcome = check(answer, name)
    assert outcome.status in ("wrong", "raised")
    assert outcome.because
    if sentence is None:
        assert outcome.diagnosis == ""
    else:
        assert outcome.diagnosis.startswith(sentence) or sentence in outcome.diagnosis
    assert len(repr(outcome).splitlines()) <= 8
    assert not outcome.expected or outcome.expected != outcome.got


@pytest.mark.slow
@pytest.mark.parametrize(("name", "answer"), RIGHT, ids=named)
def test_a_right_answer_passes(name, answer):
    assert check(answer, name).status == "passed"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "known"), KNOWN, ids=named)
def test_every_misconception_is_recognized_by_its_own_sentence(name, known):
    outcome = check(known.answer, name)
    assert bool(outcome) == known.allowed
    assert outcome.diagnosis == known.sentence


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_passes_also_when_only_data_goes_between_processes(name):
    caller = Caller(task(name).reference)

    def ask(arguments):
        sent = pickle.loads(pickle.dumps(arguments))
        return pickle.loads(pickle.dumps(caller.ask(sent)))

    assert examine(task(name), ask).status == "passed"


@pytest.mark.parametrize("name", NAMES)
def test_there_are_enough_wrong_and_right_answers_to_each_task(name):
    assert sum(entry[0] == name for entry in WRONG) >= steps.LEAST_WRONG
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
