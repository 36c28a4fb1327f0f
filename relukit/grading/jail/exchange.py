"""What the grader asks the process in the jail, and what comes back."""

from dataclasses import dataclass
from typing import Any

OUT_OF_MEMORY = 77  # exit status
# parts of an answer's time by which the cells before it, and its own, must end; the rest is left
# for the questions
OTHERS, CELLS = 0.2, 0.6
OUT_OF_TIME = ("OutOfTime", "TooLate")  # how a cell ends that took too long


class OutOfTime(BaseException):
    """Raised inside a cell when its time is over, so that what it has defined can be asked."""


@dataclass(frozen=True)
class Request:
    """One answer, and what to ask it.

    Attributes:
        name: what the answer cell defines.
        cells: pairs (title, source), in the order to run them; the answer cell comes last.
        harness: "module:function".
        inputs: tuples of plain data.
        modules: what to import first.
        seconds: CPU time; twice as much may pass on the clock.
        patience: seconds more that may pass on the clock.
    """

    name: str
    cells: tuple[tuple[str, str], ...]
    harness: str
    inputs: tuple[tuple, ...]
    modules: tuple[str, ...]
    seconds: int
    patience: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes:
        ended: "well", or how it ended: "timed out", "too much memory", "too much output",
            "malformed" or "died".
        replies: data as the process wrote it, unchecked; None unless it ended well.
        seconds: on the clock.
        cpu: seconds of CPU time, with that of the processes that it has started.
        waited: seconds in which it could have run, and no processor was free.
        peak: the largest resident size of the answering process, in bytes.
        signal: the number of the signal that ended it, or 0.
    """

    ended: str
    replies: Any = None
    seconds: float = 0.0
    cpu: float = 0.0
    waited: float = 0.0
    peak: int = 0
    signal: int = 0
