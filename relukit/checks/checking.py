"""Check one answer: four outcomes, the smallest counterexample, and a diagnosis."""

import inspect
import os
from collections.abc import Iterable
from dataclasses import replace

from relukit import company, record
from relukit.checks.call import Ask, Caller, as_function
from relukit.checks.counterexample import search
from relukit.checks.diagnosis import diagnose
from relukit.checks.judging import SETTLED
from relukit.checks.naming import names_in
from relukit.checks.outcome import Outcome
from relukit.checks.plain import name_of
from relukit.checks.registry import task_of, variables_of
from relukit.checks.surroundings import kept_for_a_check, mend, remember
from relukit.checks.task import Task
from relukit.errors import CheckFailed, InvalidTypeError

GRADED = "NBGRADER_EXECUTION"  # set by nbgrader where it runs a notebook


def check(answer: object, task: str | Task | None = None) -> Outcome:
    """Check an answer against its task and record the attempt in the learner's progress.

    Conventions: a stub (a body of `...`, `pass`, or `raise NotImplementedError`) is "not
    attempted". What an answer may be made of is one rule for all tasks, `conversion.converted`.
    Functions written for torch get tensors. Warnings don't count.

    Args:
        answer: the learner's function, or anything else that can be called.
        task: a task or its name; None takes the function's own name, or the name of a variable
            that holds it where check is called.

    Returns:
        The outcome, which is true only where the answer passed.

    Raises:
        InvalidTypeError: the answer is not a function.
        InvalidValueError: no task has this name; the message gives the nearest one.
        CheckFailed: the answer did not pass, and nbgrader runs the notebook.

    Example:
        >>> def relu(x):
        ...     return abs(x)
        >>> check(relu)  # doctest: +ELLIPSIS
        relu: wrong (0 of 2 points)
          given     x = [-3.0] (float64)
          expected  [0.0] (float64)
          got       [3.0] (float64)
          because   where x is negative, ReLU is 0
          diagnosis it behaves like a known mistake: this is |x|: what is negative ...
    """
    wanted = task_of(answer, task, variables_of(inspect.currentframe()))
    if wanted.harness is as_function and answer is not ... and not callable(answer):
        raise InvalidTypeError(
            f"a function for the task {wanted.name!r}",
            f"a value of type {name_of(type(answer))}",
            f"pass the function itself, without calling it: check({wanted.name})",
        )
    remember()
    replaced = dict.fromkeys(mend())
    with kept_for_a_check():
        caller = Caller(answer, wanted.harness)
        outcome = examine(wanted, caller.ask, names_in(answer))
    note = _about(replaced | caller.replaced | dict.fromkeys(mend()))
    if GRADED not in os.environ:
        unsaved = record.update(lambda state: state.with_attempt(wanted.name, outcome.status))[1]
        notes = (note, unsaved, _passed_on(outcome))
        return replace(outcome, note="; ".join(filter(None, notes)))
    if not outcome:
        rows = dict(outcome.rows)
        said = rows.get("diagnosis") or rows.get("because", "")
        got = f"{outcome.status}: {said}" if said else outcome.status
        raise CheckFailed(
            f"an answer to {wanted.name} that passes", got, f"run check({wanted.name}) for more"
        )
    return outcome


def _passed_on(outcome: Outcome) -> str:
    """Tell the outcome to whoever listens, and return what it says."""
    room = company.listener()
    return room.checked(outcome.task, outcome.status, outcome.diagnosis) if room else ""


def _about(replaced: Iterable[str]) -> str:
    names = ", ".join(replaced)
    if not names:
        return ""
    return f"your code replaced {names}, which is put back: give what you write a name of its own"


def examine(task: Task, ask: Ask, names: frozenset[str] | None = None) -> Outcome:
    """Return the outcome of an answer that is reached only through `ask`; records nothing.

    Args:
        task: the task.
        ask: makes one call of the answer.
        names: the names in the answer's code, where it is known.

    Example:
        >>> from relukit.checks.registry import task
        >>> bool(examine(task("relu"), Caller(task("relu").reference).ask))
        True
    """
    found = search(task, ask)
    outcome = found.outcome
    if outcome is None:
        remark = diagnose(task, ask, found.replies, passed=True, names=names)
        return Outcome(task.name, "passed", task.points, diagnosis=remark)
    if outcome.status == "not attempted" or outcome.because in SETTLED:
        return outcome
    said = diagnose(task, ask, found.replies, passed=False, names=names, beyond=found.swept)
    return replace(outcome, diagnosis=said)
