"""An end to work that takes too long, whatever the work is.

Counts of what is looked at bound what is known to take long. This bounds the rest: the next text
that a pattern or a parser takes a year for.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN = 0.5  # seconds until the work is interrupted once more, where it has caught the first time


class Exhausted(BaseException):  # what catches all errors must not catch it
    """The work has taken all the time that it may take."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Interrupt what is done in here after so many seconds of CPU time.

    It is in force in a process's first thread, on systems that have such a clock; elsewhere it
    does nothing. A call into C that looks for no signals ends first.

    Args:
        seconds: of CPU time of this process.

    Raises:
        Exhausted: they are over.
    """
    first = threading.current_thread() is threading.main_thread()
    if not first or not hasattr(signal, "SIGPROF"):
        yield
        return
    is_on = True

    def interrupt(number: int, frame: FrameType | None) -> None:
        if is_on:
            raise Exhausted

    before = signal.signal(signal.SIGPROF, interrupt)
    signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
    try:
        try:
            yield
        finally:
            is_on = False
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
