"""One cell, run until it ends or its time is over; either way the answer can be asked then."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

from relukit.grading.jail.exchange import OutOfTime
from relukit.grading.jail.notebook import Notebook

if TYPE_CHECKING:
    from relukit.checks.call import Reply

_AGAIN = 0.1  # seconds until a cell that goes on in spite of its end is stopped again


class TooLate(OutOfTime):
    """Raised where the clock ran out and not the CPU time: it slept, or others took the machine."""


def cell_reply(error: BaseException, title: str) -> "Reply":
    """Return what is told of the exception that ended a cell."""
    from relukit.checks.call import Reply
    from relukit.checks.mishap import describe

    mishap = describe(error, None)
    where = f"line {_line(error, title)} of the cell" if _line(error, title) else ""
    mishap = type(mishap)(mishap.kind, mishap.message, where)
    return Reply(mishap=mishap, unwritten=isinstance(error, NotImplementedError))


def run_cell(
    book: Notebook, source: str, title: str, part: float, cpu: float, deadline: float
) -> BaseException | None:
    """Run a cell, and return what ended it: nothing, an exception, an exit, or its time.

    Args:
        book: that the cell belongs to.
        source: its text.
        title: its name in tracebacks.
        part: of this process's CPU time, at which the cell must have ended.
        cpu: that time in seconds.
        deadline: the end of all cells and questions on the monotonic clock, in seconds. Of what is
            left until then, a cell may take more than of the CPU time: others may keep it waiting.
    """
    seconds = max(part * cpu - time.process_time(), _AGAIN)
    wall = max((deadline - time.monotonic()) * (1 + part) / 2, _AGAIN)
    error = None
    try:
        with no_exit():
            try:
                signal.signal(signal.SIGPROF, _stop)
                signal.signal(signal.SIGALRM, _stop)
                signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
                signal.setitimer(signal.ITIMER_REAL, wall, _AGAIN)
                book.run(source, title)
            finally:
                _stop_clocks()
    except BaseException as raised:  # a cell may raise anything, SystemExit included
        _stop_clocks()
        error = raised
    return error


def _stop(number: int, frame: object) -> None:
    kind = TooLate if number == signal.SIGALRM else OutOfTime
    raise kind("its time was over")


def _stop_clocks() -> None:
    for clock in (signal.ITIMER_PROF, signal.ITIMER_REAL):
        signal.setitimer(clock, 0)


@contextlib.contextmanager
def no_exit() -> Iterator[None]:
    """Let `os._exit` end the cell and not the process, of which the answer is still to be asked."""
    real, here = os._exit, os.getpid()

    def leave(status: int = 0) -> NoReturn:
        if os.getpid() != here:  # a process that the cell has started
            real(status)
        raise SystemExit(status)

    os._exit = leave
    try:
        yield
    finally:
        os._exit = real


def _line(error: BaseException, title: str) -> int:
    if isinstance(error, SyntaxError) and error.filename == title:
        return error.lineno or 0
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == title:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
