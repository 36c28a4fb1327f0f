"""All tasks of an exercise notebook, checked at once and without Jupyter."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from relukit.checks.checking import GRADED
from relukit.checks.outcome import Outcome
from relukit.checks.registry import tasks
from relukit.errors import InvalidValueError, UnavailableError, unknown_name
from relukit.syllabus import LESSONS

SECONDS = 300  # for one cell or one task; the slowest right answer trains for a few seconds

# -P: a file random.py beside the notebook is not Python's own
COMMAND = (sys.executable, "-P", "-m", "relukit.grading.rehearsal.attempt")


class _Ended(Exception):  # noqa: N818 - the process of the cells, before its work was done
    pass


def check_notebook(path: str | Path, *, seconds: float = SECONDS) -> tuple[Outcome, ...]:
    """Run the cells of an exercise notebook in a process and return an outcome for each task.

    A cell or an answer that ends the process, or takes too long, costs its own tasks: another
    process goes on behind it.

    Args:
        path: a notebook named after its lesson, such as "02_definitions.ipynb".
        seconds: how long one cell or one task may take.

    Returns:
        One outcome for each task of the lesson, in the lesson's order. A cell that raises before
        it has defined an answer, or that is missing, costs that task and no other.

    Raises:
        UnavailableError: the file cannot be read, or no process can be started.
        InvalidValueError: it is not a notebook, or not named after a lesson with exercises.
    """
    path = Path(path)
    if path.stem not in LESSONS:
        raise unknown_name("lesson with exercises", path.stem, LESSONS)
    entries = {task.name: task for task in tasks(path.stem)}
    found: dict[str, Outcome] = {}
    past: dict[str, str | None] = {}
    while True:
        step = ""
        try:
            for told in _steps(path, past, seconds):
                step = told.get("at", step)
                if "refused" in told:
                    error = UnavailableError if told["unavailable"] else InvalidValueError
                    raise error(*told["refused"])
                if "outcome" in told:
                    outcome = Outcome(**told["outcome"])
                    found[outcome.task], past[outcome.task] = outcome, None
            break
        except _Ended as end:
            if not step:
                raise UnavailableError(
                    "a process for the notebook's cells",
                    f"one that {end}",
                    "run relukit doctor, which looks for what is amiss",
                ) from None
            if step in past:  # it has ended here before, or behind this step
                break
            past[step] = str(end)
            if step in entries:
                points = entries[step].points
                found[step] = Outcome(step, "raised", points, because=f"the process {end}")
    for name, task in entries.items():
        lost = "the notebook's process ended before this task was checked"
        found.setdefault(name, Outcome(name, "raised", task.points, because=lost))
    return tuple(found[name] for name in entries)


def _steps(path: Path, past: dict[str, str | None], seconds: float) -> Iterator[dict]:
    """Give what a process tells, step by step.

    Raises:
        _Ended: it ended before its work was done, or was killed after so many seconds.
    """
    environment = {key: value for key, value in os.environ.items() if key != GRADED}
    environment.setdefault("MPLBACKEND", "agg")  # a window that waits to be closed stops no cell
    process = subprocess.Popen(
        [*COMMAND, str(path), json.dumps(past)],
        stdin=subprocess.PIPE,  # closed when this process ends in any way
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment,
        start_new_session=True,  # so that an interrupt arrives there once, from here
    )
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    try:
        while True:
            try:
                line = _next(process, lines, seconds)
            except queue.Empty:
                said = f"was stopped after {seconds:g} seconds: does a loop in it never end?"
                raise _Ended(said) from None
            if not line:
                raise _Ended(_ending(process.wait()))
            told = json.loads(line)
            if "ended" in told:
                return
            yield told
    finally:
        _kill(process)


def _read(stream: IO[str], lines: queue.Queue[str]) -> None:
    for line in stream:
        lines.put(line)
    lines.put("")


def _next(process: subprocess.Popen[str], lines: queue.Queue[str], seconds: float) -> str:
    """Return the next line; the first interrupt is passed on, to end one call, not the check."""
    try:
        return lines.get(timeout=seconds)
    except KeyboardInterrupt:
        if os.name == "nt":
            raise
        process.send_signal(signal.SIGINT)
    return lines.get(timeout=seconds)


def _ending(status: int) -> str:
    if status < 0:
        name = signal.Signals(-status).name if -status in set(signal.Signals) else -status
        return f"was ended by the signal {name}: a crash, too much memory, or a kill"
    return f"ended in the middle, with status {status}: does it call os._exit?"


def _kill(process: subprocess.Popen[str]) -> None:
    """End a process and what it has started."""
    with contextlib.suppress(OSError):
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in filter(None, (process.stdin, process.stdout)):
        with contextlib.suppress(OSError):
            stream.close()
