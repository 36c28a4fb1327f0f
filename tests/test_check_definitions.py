"""The checks are checked: every wrong answer is rejected and named, every right one passes."""

import dataclasses
import math
import pickle

import mpmath
import numpy as np
import pytest
import torch
from wrong_answers.definitions import RIGHT, WRONG

from relukit.checks import check
from relukit.checks.call import Caller
from relukit.checks.checking import examine
from relukit.checks.counterexample import probes
from relukit.checks.registry import task, tasks

LESSON = "02_definitions"
NAMES = [entry.name for entry in tasks(LESSON)]
KNOWN = [(entry.name, known) for entry in tasks(LESSON) for known in entry.misconceptions]


def named(value):
    return getattr(value, "__name__", None) or getattr(value, "sentence", None) or str(value)


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


@pytest.mark.parametrize(("name", "answer"), RIGHT, ids=named)
def test_a_right_answer_passes(name, answer):
    assert check(answer, name).status == "passed"


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
    assert sum(entry[0] == name for entry in WRONG) >= 6
    assert sum(entry[0] == name for entry in RIGHT) >= 3
    sentences = [known.sentence for known in task(name).misconceptions]
    assert len(set(sentences)) == len(sentences) >= 8


@pytest.mark.parametrize("name", NAMES)
def test_no_input_of_a_task_is_changed_by_a_check(name):
    before = pickle.dumps([arguments for arguments, _ in probes(task(name))])

    def scribbles(*arguments):
        for argument in arguments:
            if isinstance(argument, np.ndarray):
                argument.fill(1)

    check(scribbles, name)
    assert pickle.dumps([arguments for arguments, _ in probes(task(name))]) == before


def test_the_lesson_has_eight_tasks_worth_twenty_points():
    assert [entry.points for entry in tasks(LESSON)] == [2, 2, 2, 3, 3, 3, 3, 2]
    assert all(len(set(entry.hints)) == 3 and entry.why.endswith(".") for entry in tasks(LESSON))


def test_expected_values_of_relu_are_those_of_torch():
    for (x,), expected in probes(task("relu")):
        assert np.array_equal(torch.relu(torch.tensor(x)).numpy(), expected, equal_nan=True)
        assert expected.dtype == x.dtype


@pytest.mark.parametrize("name", ["sigmoid", "softplus"])
def test_expected_values_in_the_tails_are_those_of_mpmath(name):
    def sigmoid(x, k):
        return 1 / (1 + mpmath.exp(-x))

    def softplus(x, k):
        return mpmath.log1p(mpmath.exp(k * x)) / k

    oracle = {"sigmoid": sigmoid, "softplus": softplus}[name]
    compared = 0
    for (x, *k), expected in probes(task(name)):
        tiny = float(np.finfo(x.dtype).tiny)
        for value, got in zip(x.ravel().tolist(), expected.ravel().tolist(), strict=True):
            if math.isfinite(value):
                with mpmath.workdps(400):
                    wanted = float(oracle(mpmath.mpf(value), mpmath.mpf(*k or [1])))
                assert got == pytest.approx(
                    wanted, rel=1e3 * float(np.finfo(x.dtype).eps), abs=tiny
                )
                compared += 1
    assert compared > 40


@pytest.mark.parametrize("name", ["relu", "relu_derivative", "sigmoid", "softplus"])
def test_inputs_cover_shapes_from_0_d_to_3_d_empty_ones_and_precisions(name):
    arrays = [arguments[0] for arguments, _ in probes(task(name))]
    assert {x.ndim for x in arrays} == {0, 1, 2, 3}
    assert any(x.size == 0 for x in arrays)
    assert {"float32", "float64"} <= {x.dtype.name for x in arrays}
    assert any(np.isinf(x).any() for x in arrays)


def test_the_sentence_at_the_kink_says_what_torch_uses():
    leaf = torch.zeros(1, requires_grad=True)
    torch.relu(leaf).sum().backward()
    assert leaf.grad.item() == 0
    outcome = check(lambda x: (x > 0).astype(x.dtype), "relu_derivative")
    assert "at 0 yours gives 0, as torch.relu does" in repr(outcome)
    assert "torch.relu uses 0" in repr(check(lambda x: (x >= 0).astype(x.dtype), "relu_derivative"))


def test_no_sentence_is_said_where_the_task_sees_no_difference_but_a_reader_does():
    third = check(lambda x: np.where(x == 0, 1 / 3, x > 0).astype(x.dtype), "relu_derivative")
    assert (third.status, third.diagnosis) == ("passed", "")
    nearly = check(lambda x: np.nextafter(x > 0, 9, dtype=x.dtype), "relu_derivative")
    assert (nearly.status, nearly.diagnosis) == ("wrong", "")


def test_a_misconception_that_is_altered_is_no_longer_recognized():
    relu = dataclasses.replace(task("relu"), misconceptions=())
    assert check(abs, relu).diagnosis == ""
