"""The search for the smallest input on which an answer fails."""

import contextlib
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from unittest import mock

import numpy as np

from relukit.checks.call import Arguments, Ask, Caller, Reply
from relukit.checks.judging import INTERRUPTED, SETTLED, judge
from relukit.checks.outcome import Outcome
from relukit.checks.task import Task

EXAMPLES = 60  # inputs drawn beside the boundary ones
FRESH = 30  # inputs drawn by a grader: alone they catch 87 % of the wrong answers in the tests
SHRINK_SECONDS = 2.0  # of trying smaller inputs, which matters for slow answers only

Probe = tuple[Arguments, object]
Examples = dict[tuple[str, int], tuple[Arguments, ...]]  # by a task's name and a number

_adopted: Examples = {}


class _Failing(Exception):  # noqa: N818 - a signal to hypothesis, never seen by a learner
    pass


def expect(task: Task, arguments: Arguments) -> object:
    """Return the reference answer's value for one input, as plain data."""
    reply = _referee(task).ask(arguments)
    assert reply.mishap is None, f"the reference of {task.name}: {reply.mishap}"
    return reply.value


@lru_cache(maxsize=256)
def _referee(task: Task) -> Caller:
    return Caller(task.reference, tensors=False)


@lru_cache(maxsize=256)
def probes(task: Task) -> tuple[Probe, ...]:
    """Return every input that an answer is tried on, each with its expected value.

    They are the same in every process: first the boundary inputs, then the generated ones.
    """
    found = (*task.boundary, *examples(task, 0))
    return tuple((arguments, expect(task, arguments)) for arguments in found)


def redrawn(task: Task, number: int) -> tuple[Arguments, ...]:
    """Return further inputs that nobody can foresee who does not know the number.

    Args:
        task: the task.
        number: an integer of at least 0 that the inputs are drawn from.
    """
    if task.generated is None and task.redrawn is not None:
        return tuple(task.redrawn(np.random.default_rng(number)))
    return examples(task, number)


def examples(task: Task, number: int) -> tuple[Arguments, ...]:
    """Return the generated inputs that belong to a number: 0 for those of every check."""
    if (task.name, number) in _adopted:
        return _adopted[task.name, number]
    found: list[Arguments] = []
    if task.generated is not None:
        _explore(task, found.append, number=number, most=FRESH if number else EXAMPLES)
    return tuple(found)


def adopt(drawn: Examples) -> None:
    """Take over what another process has drawn, since drawing takes longer than sending."""
    _adopted.update(drawn)


def tries(task: Task, ask: Ask, arguments: Arguments) -> list[Reply]:
    """Return the replies to one input, tried as often as the task says, or up to an exception."""
    replies: list[Reply] = []
    while len(replies) < task.calls:
        replies.append(ask(arguments))
        if replies[-1].mishap is not None or replies[-1].unwritten:
            break
    return replies


def search(task: Task, ask: Ask) -> tuple[Outcome | None, list[Reply]]:
    """Return the outcome for the smallest failing input, or None, and the replies on the way.

    Args:
        task: the task.
        ask: makes one call of the answer.

    Returns:
        The outcome, and the first reply to each probe up to the one that failed.
    """
    replies: list[Reply] = []
    for position, (arguments, expected) in enumerate(probes(task)):
        tried = tries(task, ask, arguments)
        replies.append(tried[0])
        outcome = judge(task, arguments, expected, tried)
        if outcome is None:
            continue
        if position >= len(task.boundary) and outcome.because not in SETTLED:
            smaller = _smaller(task, ask)
            outcome = outcome if smaller is None else smaller
        return outcome, replies
    return None, replies


def _smaller(task: Task, ask: Ask) -> Outcome | None:
    found: list[Outcome] = []
    end = time.monotonic() + SHRINK_SECONDS

    def fails(arguments: Arguments) -> None:
        if time.monotonic() > end:
            return
        replies = tries(task, ask, arguments)
        outcome = judge(task, arguments, expect(task, arguments), replies)
        if outcome is not None and outcome.because == INTERRUPTED:
            raise KeyboardInterrupt
        if outcome is not None:
            found.append(outcome)
            raise _Failing

    # hypothesis reports an answer that fails now and then in errors of its own
    with contextlib.suppress(Exception, KeyboardInterrupt):
        _explore(task, fails)
    return found[-1] if found else None


def _explore(
    task: Task, visit: Callable[[Arguments], None], *, number: int = 0, most: int = EXAMPLES
) -> None:
    from hypothesis import HealthCheck, Phase, given, seed, settings

    @settings(
        max_examples=most,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @seed(number)
    @given(task.generated())
    def example(arguments: Arguments) -> None:
        visit(arguments)

    with _without_constants_of_the_session():
        example()


@contextlib.contextmanager
def _without_constants_of_the_session() -> Iterator[None]:
    """Keep hypothesis from mixing constants of the loaded modules into what it draws.

    They differ from session to session, and collecting them leaves a folder beside the notebook.
    """
    from hypothesis.internal.conjecture import providers

    names = ("_get_local_constants", "Constants")
    if not all(hasattr(providers, name) for name in names):  # an older or a newer hypothesis
        yield
        return
    with mock.patch.object(providers, names[0], return_value=providers.Constants()):
        yield
