"""The verdict on an answer, from its replies; the process that made them is dead."""

from collections.abc import Mapping
from dataclasses import replace

from relukit.checks.call import Arguments, Reply
from relukit.checks.counterexample import probes
from relukit.checks.diagnosis import diagnose
from relukit.checks.judging import SETTLED, judge
from relukit.checks.outcome import Outcome
from relukit.checks.task import Task
from relukit.grading.questions import questions


def verdict(
    task: Task,
    seed: int,
    replies: Mapping[int, list[Reply]],
    names: frozenset[str] | None = None,
) -> Outcome:
    """Return the outcome for the simplest input on which an answer fails, or that it passed.

    Args:
        task: the task.
        seed: the secret number that the inputs were drawn from, see `questions.inputs_of`.
        replies: by the position of their input.
        names: the names in the answer's code, where it is known.
    """
    n_known, due = len(probes(task)), questions(task, seed)
    for position in sorted(replies):
        arguments, expected = due[position]
        outcome = judge(task, arguments, expected, replies[position])
        if outcome is None:
            continue
        if outcome.status == "not attempted" or outcome.because in SETTLED:
            return outcome
        beyond = () if position < n_known else ((arguments, replies[position][0]),)
        said = _diagnosis(task, replies, names, passed=False, beyond=beyond)
        return replace(outcome, diagnosis=said)
    remark = _diagnosis(task, replies, names, passed=True)
    return Outcome(task.name, "passed", task.points, diagnosis=remark)


def _diagnosis(
    task: Task,
    replies: Mapping[int, list[Reply]],
    names: frozenset[str] | None,
    *,
    passed: bool,
    beyond: tuple[tuple[Arguments, Reply], ...] = (),
) -> str:
    first = [replies[i][0] for i in range(len(probes(task))) if i in replies]
    if len(first) < len(probes(task)):
        return ""
    return diagnose(task, _no_more, first, passed=passed, names=names, beyond=beyond)


def _no_more(arguments: Arguments) -> Reply:
    raise AssertionError("every probe has been asked")
