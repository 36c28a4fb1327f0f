"""What a student is told of one answer: its replies, or how its process ended, as a result."""

import difflib
import re
import sys
from collections.abc import Iterable
from dataclasses import replace

from relukit.checks.mishap import Mishap
from relukit.checks.naming import names_in_text
from relukit.checks.task import Task
from relukit.grading.jail.exchange import CELLS, OUT_OF_TIME, Answer, Request
from relukit.grading.jail.replies import Raised, cell_error, read_replies
from relukit.grading.jail.wire import Malformed
from relukit.grading.result import TOO_BUSY, Result
from relukit.grading.scopes import bound_in
from relukit.grading.source import commands_in
from relukit.grading.submission import Submission
from relukit.grading.verdict import verdict

LONGEST = 500  # characters of a sentence that a harness may have written
_OUT_OF_MEMORY = ("MemoryError", "_ArrayMemoryError", "OutOfMemoryError")
# what later versions of Python than the course's first one read
_NEWER = re.compile(
    r"^\s*type\s+\w+.*=|^\s*(?:async\s+def|def|class)\s+\w+\s*\[|^\s*except\s+\w+\s*,|"
    r"\b(?:rt|tr|t)[\"']",
    flags=re.MULTILINE,
)
_ABSENT = re.compile(r"No module named '([\w.]+)'")
_LIBRARIES = " (the libraries here are numpy, scipy, sklearn, torch and matplotlib: do without it)"
_SLOW = {"print(": "printing", "plt.": "drawing", "display(": "drawing"}
_OLDER = (
    " (the grader reads Python {}.{}: if it ran in a newer one, write it in a way that {}.{} knows)"
)
_NO_ATTRIBUTE = re.compile(r"has no attribute '(\w+)'")
_SAID = {
    "timed out": "it was stopped after {seconds} seconds: does a loop in it never end?",
    "too much memory": "it asked for more memory than the {memory} MB that an answer may use",
    "too much output": "it returned more than {output} MB",
    "malformed": "what came back was not the answer's data",
    "died": "the process ended in the middle: exit(), a crash, or a signal",
}


def judged(
    result: Result,
    task: Task,
    submission: Submission,
    request: Request,
    answer: Answer,
    order: list[int],
    seed: int,
) -> Result:
    """Return the result that an answer's replies amount to.

    Args:
        result: without a reason, such as `student.blank` returns it.
        task: the task.
        submission: that the answer is from.
        request: what was asked.
        answer: what came back.
        order: which input was asked at each position.
        seed: the secret number that the inputs were drawn from.
    """
    if answer.ended != "well":
        status = "raised" if answer.ended == "died" else answer.ended
        said = _SAID[answer.ended].format(seconds=request.seconds, memory=512, output=16)
        if answer.ended == "timed out":
            said += _slow(submission.answers[task.name])
        return replace(result, status=status, because=said)
    try:
        raised = cell_error(answer.replies)
        replies = read_replies(answer.replies, order, n_parameters=len(task.parameters))
    except Malformed:
        return replace(result, status="malformed", because=_SAID["malformed"])
    typed = commands_in(submission.answers[task.name])
    if typed:
        said = f"{typed!r} is a command of notebooks: it was understood or left out"
        result = replace(result, note=_joined(result.note, said))
    if raised is not None and not replies:
        return _cell_raised(result, task, submission, request, raised)
    if not replies:
        said = f"the answer cell defines no {task.name}"
        said += meant(task.name, bound_in(submission.answers[task.name]))
        return replace(result, status="missing", because=said)
    outcome = verdict(task, seed, replies, names_in_text(submission.answers[task.name]))
    status, because = outcome.status, outcome.because
    if status == "raised" and any(because.startswith(kind) for kind in _OUT_OF_MEMORY):
        status = "too much memory"
    if raised is not None:
        if raised.unwritten and not outcome:
            return replace(result, status="not attempted")
        said = _of_cell(raised.mishap, request)
        said = f"after {task.name} is defined, its cell stops with {said}"
        result = replace(result, note=_joined(result.note, said))
    return replace(
        result,
        status=status,
        given=outcome.given,
        expected=outcome.expected,
        got=outcome.got,
        because=_with_libraries(because)[:LONGEST],
        diagnosis=outcome.diagnosis,
        note=_with_helper(result.note, because, submission),
    )


def unless_busy(result: Result, empty: Result, request: Request, answer: Answer) -> Result:
    """Return a result, or that there is none, since no processor was free while the clock ran.

    What has used up the CPU time that it may use has timed out, and so has what slept.

    Args:
        result: of an answer that was graded alone, with what it took.
        empty: the same without a reason.
        request: what was asked.
        answer: what came back.
    """
    by_clock = answer.ended == "timed out" and result.cpu < 0.98 * request.seconds
    if not (by_clock and result.late and result.starved):
        return result
    said = (
        f"in {result.seconds:.1f} seconds it had a processor for {result.cpu:.1f} and waited "
        f"for one for {result.waited:.1f}"
    )
    return replace(empty, status=TOO_BUSY, because=said)


def _cell_raised(
    result: Result, task: Task, submission: Submission, request: Request, raised: Raised
) -> Result:
    if raised.unwritten:
        return replace(result, status="not attempted")
    said = _of_cell(raised.mishap, request)
    if raised.mishap.kind in OUT_OF_TIME:
        said += _slow(submission.answers[task.name])
    note = _with_helper(result.note, said, submission)
    status = "too much memory" if raised.mishap.kind in _OUT_OF_MEMORY else "raised"
    if raised.mishap.kind in OUT_OF_TIME:
        status = "timed out"
    return replace(result, status=status, because=f"its cell stops with {said}", note=note)


def _of_cell(mishap: Mishap, request: Request) -> str:
    """Return what ended the answer's cell, in the student's words where we know more."""
    if mishap.kind in OUT_OF_TIME:
        limit = f", {CELLS * request.seconds:g} of {request.seconds} seconds"
        where = f" ({mishap.where})" if mishap.where else ""
        return f"the end of its time{limit if mishap.kind == OUT_OF_TIME[0] else ''}{where}"
    is_newer = "f-string" in mishap.message or _NEWER.search(request.cells[-1][1])
    if mishap.kind == "SyntaxError" and is_newer:
        return str(mishap) + _OLDER.format(*sys.version_info[:2] * 2)
    if mishap.kind == "ModuleNotFoundError" and _ABSENT.search(mishap.message):
        return str(mishap) + _LIBRARIES
    return str(mishap)


def _with_libraries(because: str) -> str:
    is_absent = because.startswith("ModuleNotFoundError") and _ABSENT.search(because)
    return because + _LIBRARIES if is_absent else because


def _slow(source: str) -> str:
    """Return what beside a loop may have taken the time, for who can see nothing of it."""
    for begin, done in _SLOW.items():
        if begin in source:
            return f" Or is it the {done} inside of it? That takes time: take it out"
    return ""


def meant(name: str, defined: Iterable[str]) -> str:
    """Return what to say where no cell defines a name, but one that is nearly the same.

    Args:
        name: of a task.
        defined: the names that there are.

    Example:
        >>> meant("relu", ["np", "relU"])
        '; it defines relU: did you mean relu?'
        >>> meant("relu", ["np"])
        ''
    """
    known = {other.casefold(): other for other in defined}
    near = difflib.get_close_matches(name.casefold(), known, n=1, cutoff=0.7)
    return f"; it defines {known[near[0]]}: did you mean {name}?" if near else ""


def _joined(note: str, said: str) -> str:
    return f"{note}; {said}" if note else said


def _with_helper(note: str, because: str, submission: Submission) -> str:
    """Add what a cell of the student's own has to do with an error, where it has."""
    for name in submission.elsewhere:
        if f"name '{name}' is not defined" in because:
            said = f"{name} is defined in a cell of your own: put it into the answer cell"
            return _joined(note, said)
    attribute = _NO_ATTRIBUTE.search(because)
    if attribute and any(f".{attribute[1]} =" in text for _, text in submission.own):
        said = f"{attribute[1]} is set in a cell of your own: put it into the answer cell"
        return _joined(note, said)
    return note
