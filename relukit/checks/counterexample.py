"""The search for the smallest input on which an answer fails."""

import contextlib
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from relukit.checks.call import Arguments, Ask, Caller, Reply
from relukit.checks.exploring import EXAMPLES, FRESH, explore
from relukit.checks.judging import INTERRUPTED, SETTLED, judge
from relukit.checks.outcome import Outcome
from relukit.checks.plain import Unusable
from relukit.checks.task import Task

FEW = 4  # numbers that are looked at one by one where an input is cut
SHRINK_SECONDS = 2.0  # of trying smaller inputs, which matters for slow answers only

Probe = tuple[Arguments, object]

_adopted: "dict[tuple[str, int], Drawn]" = {}


@dataclass(frozen=True, eq=False)
class Drawn:
    """What belongs to a task and a number, and takes longer to make than to send to a process.

    Attributes:
        examples: the generated inputs.
        expected: the reference answer's values: where the number is 0 those of `probes`, else
            those of `redrawn`, in the order in which they are asked.
    """

    examples: tuple[Arguments, ...]
    expected: tuple[object, ...]


class _Failing(Exception):  # noqa: N818 - a signal to hypothesis, never seen by a learner
    pass


def expect(task: Task, arguments: Arguments) -> Any:  # noqa: ANN401 - of the kind that the task's own reference returns
    """Return the reference answer's value for one input, as plain data."""
    reply = _referee(task).ask(arguments)
    assert reply.mishap is None, f"the reference of {task.name}: {reply.mishap}"
    return reply.value


@lru_cache(maxsize=256)
def _referee(task: Task) -> Caller:
    return Caller(task.reference, tensors=False, mending=False)


@lru_cache(maxsize=256)
def probes(task: Task) -> tuple[Probe, ...]:
    """Return every input that an answer is tried on, each with its expected value.

    They are the same in every process: first the boundary inputs, then the generated ones.
    """
    return answered(task, 0, (*task.boundary, *examples(task, 0)))


def answered(task: Task, number: int, inputs: Iterable[Arguments]) -> tuple[Probe, ...]:
    """Return inputs with their expected values, worked out here or by another process.

    Args:
        task: the task.
        number: that the inputs belong to.
        inputs: all that are asked about, in their order.
    """
    given = tuple(inputs)
    drawn = _adopted.get((task.name, number))
    due = (expect(task, arguments) for arguments in given) if drawn is None else drawn.expected
    return tuple(zip(given, due, strict=True))


@lru_cache(maxsize=64)
def sweeps(task: Task) -> tuple[Probe, ...]:
    """Return the inputs that an answer is tried on last, each with its expected value.

    They are large, and no misconception is held against them: see `sweeps` beside this module.
    """
    return tuple((arguments, expect(task, arguments)) for arguments in swept(task, 0))


def swept(task: Task, number: int) -> tuple[Arguments, ...]:
    """Return the large inputs that belong to a number: 0 for those of every check."""
    if task.swept is None:
        return ()
    with np.errstate(all="ignore"):  # whatever a learner has set for code of their own
        return tuple(task.swept(np.random.default_rng(number)))


def redrawn(task: Task, number: int) -> tuple[Arguments, ...]:
    """Return further inputs that nobody can foresee who does not know the number.

    Args:
        task: the task.
        number: an integer of at least 0 that the inputs are drawn from.
    """
    if task.generated is None and task.redrawn is not None:
        with np.errstate(all="ignore"):
            drawn = tuple(task.redrawn(np.random.default_rng(number)))
    else:
        drawn = examples(task, number)
    return (*drawn, *swept(task, number))


def examples(task: Task, number: int) -> tuple[Arguments, ...]:
    """Return the generated inputs that belong to a number: 0 for those of every check."""
    adopted = _adopted.get((task.name, number))
    return _generated(task, number) if adopted is None else adopted.examples


@lru_cache(maxsize=256)
def _generated(task: Task, number: int) -> tuple[Arguments, ...]:
    found: list[Arguments] = []
    if task.generated is not None:
        explore(task, found.append, number=number, most=FRESH if number else EXAMPLES)
    return tuple(found)


def adopt(drawn: Mapping[tuple[str, int], Drawn]) -> None:
    """Take over what another process has drawn, by the names of the tasks and the numbers."""
    _adopted.update(drawn)


def tries(task: Task, ask: Ask, arguments: Arguments) -> list[Reply]:
    """Return the replies to one input, tried as often as the task says, or up to an exception."""
    replies: list[Reply] = []
    while len(replies) < task.calls:
        replies.append(ask(arguments))
        if replies[-1].mishap is not None or replies[-1].unwritten:
            break
        if isinstance(replies[-1].value, Unusable):  # it may be large: once is enough
            break
    return replies


@dataclass(frozen=True)
class Found:
    """What a search has found.

    Attributes:
        outcome: for the smallest failing input; None where there is none.
        replies: the first reply to each probe, up to the one that failed.
        swept: the failing input with the reply, where it is part of a sweep.
    """

    outcome: Outcome | None
    replies: list[Reply]
    swept: tuple[tuple[Arguments, Reply], ...] = ()


def search(task: Task, ask: Ask) -> Found:
    """Return the outcome for the smallest failing input, and the replies on the way.

    Args:
        task: the task.
        ask: makes one call of the answer.

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
        return Found(outcome, replies)
    for arguments, expected in sweeps(task):
        tried = tries(task, ask, arguments)
        outcome = judge(task, arguments, expected, tried)
        if outcome is not None:
            return _reduced(task, ask, (arguments, tried[0]), outcome, replies)
    return Found(None, replies)


def passes(task: Task, ask: Ask) -> bool:
    """Return whether an answer passes, without looking for the smallest input on which it fails.

    Args:
        task: the task.
        ask: makes one call of the answer.
    """
    everything = (pair for some in (probes, sweeps) for pair in some(task))
    return all(judge(task, a, expected, tries(task, ask, a)) is None for a, expected in everything)


def _reduced(
    task: Task, ask: Ask, swept: tuple[Arguments, Reply], outcome: Outcome, replies: list[Reply]
) -> Found:
    """Return what is found on the smallest part of an input that still fails."""
    end = time.monotonic() + SHRINK_SECONDS
    failing = swept
    waiting = iter(() if outcome.because in SETTLED else parts(swept[0]))
    while (part := next(waiting, None)) is not None and time.monotonic() < end:
        if not all(task.fits(part)):
            continue
        due = _referee(task).ask(part)
        if due.mishap is not None:  # cut so, it is nothing that the task's text allows
            continue
        tried = tries(task, ask, part)
        smaller = judge(task, part, due.value, tried)
        if smaller is not None and smaller.because not in SETTLED:
            outcome, failing = smaller, (part, tried[0])
            waiting = parts(part)
    sizes = [value.size for value in failing[0] if isinstance(value, np.ndarray)]
    if max(sizes, default=0) > FEW and outcome.because not in SETTLED:
        said = f"{outcome.because}; parts of this input pass, so its size matters to the answer"
        outcome = replace(outcome, because=said)
    return Found(outcome, replies, (failing,))


def parts(arguments: Arguments) -> Iterator[Arguments]:
    """Yield what is left of an input where arrays of the same length are cut together.

    The halves come first, then each number by itself.

    Example:
        >>> [part[0].tolist() for part in parts((np.arange(2.0), 1.0))]
        [[0.0], [1.0]]
    """
    lengths = {n for value in arguments for n in np.shape(_first(value)) if n > 1}
    for length in sorted(lengths, reverse=True):
        if length > FEW:
            cuts = [slice(0, length // 2), slice(length // 2, length)]
        else:
            cuts = [slice(i, i + 1) for i in range(length)]
            cuts += [slice(0, length - 1), slice(1, length)] if length > 2 else []
        for cut in cuts:
            yield tuple(_cut(value, length, cut) for value in arguments)


def _first(value: object) -> np.ndarray | int:
    return value if isinstance(value, np.ndarray) else 0


def _cut(value: object, length: int, cut: slice) -> object:
    if not isinstance(value, np.ndarray):
        return value
    return value[tuple(cut if n == length else slice(None) for n in value.shape)]


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
        explore(task, fails)
    return found[-1] if found else None
