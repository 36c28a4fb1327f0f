"""What a student is told of one answer: its replies, or how its process ended, as a result."""

import re
import sys
from dataclasses import replace

from relukit.checks.call import Reply
from relukit.checks.naming import names_in_text
from relukit.checks.task import Task
from relukit.grading.jail.exchange import CELLS, OUT_OF_TIME, Answer, Request
from relukit.grading.jail.replies import Malformed, cell_error, read_replies
from relukit.grading.result import Result
from relukit.grading.source import commands_in
from relukit.grading.submission import Submission
from relukit.grading.verdict import verdict

LONGEST = 500  # characters of a sentence that a harness may have written
_OUT_OF_MEMORY = ("MemoryError", "_ArrayMemoryError", "OutOfMemoryError")
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
        return _cell_raised(result, submission, request, raised)
    if not replies:
        said = f"the answer cell defines no {task.name}"
        return replace(result, status="missing", because=said)
    outcome = verdict(task, seed, replies, names_in_text(submission.answers[task.name]))
    status, because = outcome.status, outcome.because
    if status == "raised" and any(because.startswith(kind) for kind in _OUT_OF_MEMORY):
        status = "too much memory"
    if raised is not None:
        if raised.unwritten and not outcome:
            return replace(result, status="not attempted")
        said = f"after {task.name} is defined, its cell stops with {_of_cell(raised, request)}"
        result = replace(result, note=_joined(result.note, said))
    return replace(
        result,
        status=status,
        given=outcome.given,
        expected=outcome.expected,
        got=outcome.got,
        because=because[:LONGEST],
        diagnosis=outcome.diagnosis,
        note=_with_helper(result.note, because, submission),
    )


def _cell_raised(result: Result, submission: Submission, request: Request, raised: Reply) -> Result:
    if raised.unwritten:
        return replace(result, status="not attempted")
    said = _of_cell(raised, request)
    note = _with_helper(result.note, said, submission)
    status = "too much memory" if raised.mishap.kind in _OUT_OF_MEMORY else "raised"
    if raised.mishap.kind in OUT_OF_TIME:
        status = "timed out"
    return replace(result, status=status, because=f"its cell stops with {said}", note=note)


def _of_cell(raised: Reply, request: Request) -> str:
    """Return what ended the answer's cell, in the student's words where we know more."""
    mishap = raised.mishap
    if mishap.kind in OUT_OF_TIME:
        limit = f", {CELLS * request.seconds:g} of {request.seconds} seconds"
        where = f" ({mishap.where})" if mishap.where else ""
        return f"the end of its time{limit if mishap.kind == OUT_OF_TIME[0] else ''}{where}"
    if mishap.kind == "SyntaxError":
        return str(mishap) + _OLDER.format(*sys.version_info[:2] * 2)
    return str(mishap)


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
