"""A changed model answer, and whether a check finds it out."""

import contextlib
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from relukit.checks.call import Caller
from relukit.checks.counterexample import passes
from relukit.checks.task import Task

SECONDS = 20.0  # of the processor, until a mutant counts as one that never ends


@dataclass(frozen=True)
class Mutant:
    """A changed model answer.

    Attributes:
        title: what was changed, the same in each run.
        make: returns the answer; may raise, as the cell of a learner may.
    """

    title: str
    make: Callable[[], object]


def survives(task: Task, mutant: Mutant) -> bool:
    """Return whether a check lets a mutant pass."""
    try:
        with _limited():
            answer = mutant.make()
            return passes(task, Caller(answer, task.harness).ask)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) and not str(error):  # a person's
            raise
        return False


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt("too slow")

    # a clock on the wall would stop, on a busy machine, those that are only slow
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
