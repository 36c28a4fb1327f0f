"""What an answer behaves like: a known misconception, the same on every input."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from relukit.checks.call import Arguments, Ask, Caller, Reply
from relukit.checks.conversion import converted
from relukit.checks.counterexample import expect, probes
from relukit.checks.judging import judge
from relukit.checks.likeness import alike
from relukit.checks.naming import functions_in, names_in
from relukit.checks.task import Misconception, Task

Likeness = Callable[[Task, Arguments, Reply, Reply], bool]


Asked = tuple[Arguments, Reply]


def diagnose(
    task: Task,
    ask: Ask,
    replies: list[Reply],
    *,
    passed: bool,
    names: frozenset[str] | None = None,
    beyond: Sequence[Asked] = (),
) -> str:
    """Return the sentence of the misconception that replies alike on every probe, else "".

    The closest likeness is tried first: equal up to rounding; equal in the eyes of the task, which
    ignores what it doesn't ask for; equal up to absolute rounding errors. What is allowed beside
    the reference has to be equal up to rounding, since the task makes no difference there.

    Args:
        task: the task.
        ask: makes one call of the answer.
        replies: the replies to the first probes that are known already.
        passed: True considers what is allowed, False what is not.
        names: the names in the answer's code, where it is known. A sentence is withheld that is
            about a function which its own misconception calls and the answer does not.
        beyond: inputs that are no probes, such as a large one on which the answer fails, each with
            the reply: there too it must be alike.
    """
    known = list(replies)
    candidates = [
        entry
        for entry in task.misconceptions
        if entry.allowed == passed and not _contradicted(entry, names)
    ]
    for like in (_closely,) if passed else (_closely, _for_the_task, _roughly):
        found = _survivors(task, ask, known, candidates, like, beyond)
        if found:
            return found[0].sentence
    return ""


def _contradicted(entry: Misconception, names: frozenset[str] | None) -> bool:
    return names is not None and not _told(entry) <= names


@cache
def _told(entry: Misconception) -> frozenset[str]:
    """Return the functions that a misconception's answer calls and its sentence is about.

    What stands behind the colon is advice, which may name what the answer lacks.
    """
    return functions_in(entry.sentence.partition(":")[0]) & (names_in(entry.answer) or frozenset())


def _survivors(
    task: Task,
    ask: Ask,
    known: list[Reply],
    candidates: list[Misconception],
    like: Likeness,
    beyond: Sequence[Asked],
) -> list[Misconception]:
    callers = {entry: Caller(entry.answer, task.harness, mending=False) for entry in candidates}
    for arguments, reply in beyond:
        due = expect(task, arguments)
        known_here = _converted(task, due, reply)
        made = {entry: caller.ask(arguments) for entry, caller in callers.items()}
        callers = {
            entry: callers[entry]
            for entry, own in made.items()
            if like(task, arguments, _converted(task, due, own), known_here)
            and judge(task, arguments, due, [own]) is not None  # right, where the answer is wrong
        }
    for position, (arguments, expected) in enumerate(probes(task)):
        if not callers:
            break
        if position == len(known):
            known.append(ask(arguments))
        callers = {
            entry: caller
            for entry, caller in callers.items()
            if like(
                task,
                arguments,
                _converted(task, expected, caller.ask(arguments)),
                _converted(task, expected, known[position]),
            )
        }
    return list(callers)


def _converted(task: Task, expected: object, reply: Reply) -> Reply:
    return replace(reply, value=converted(expected, reply.value, dtype=task.asks_dtype))


def _closely(task: Task, arguments: Arguments, known: Reply, reply: Reply) -> bool:
    return alike(known, reply)


def _for_the_task(task: Task, arguments: Arguments, known: Reply, reply: Reply) -> bool:
    if not alike(replace(known, value=None), replace(reply, value=None)):
        return False
    if known.mishap is not None:
        return True
    try:
        return task.compare(arguments, known.value, reply.value) is None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return False  # a comparison promises a result only where the expected value has its form


def _roughly(task: Task, arguments: Arguments, known: Reply, reply: Reply) -> bool:
    return alike(known, reply, absolute=True)
