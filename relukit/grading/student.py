"""Grade what one student has handed in: ask the answers in the jail, judge them outside."""

import contextlib
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

import numpy as np

from relukit.checks.call import Arguments, Reply
from relukit.checks.counterexample import probes
from relukit.checks.naming import names_in_text
from relukit.checks.registry import tasks
from relukit.checks.task import Task
from relukit.grading.jail.child import Child
from relukit.grading.jail.exchange import CELLS, OUT_OF_TIME, Answer, Request
from relukit.grading.jail.replies import Malformed, cell_error, read_replies
from relukit.grading.questions import Terms, inputs_of, libraries_for, next_request, request_for
from relukit.grading.result import GRADER_ERROR, Result
from relukit.grading.source import commands_in
from relukit.grading.submission import Submission
from relukit.grading.verdict import verdict

PATIENCE = 10.0  # seconds more on the clock for who is graded alone
LONGEST = 500  # characters of a sentence that a harness may have written
_OF_ARRAYS = ("AttributeError", "IndexError", "TypeError", "ValueError")  # where tensors are due
_OUT_OF_MEMORY = ("MemoryError", "_ArrayMemoryError", "OutOfMemoryError")
_OLDER = (
    " (the grader reads Python {}.{}: if it ran in a newer one, write it in a way that {}.{} knows)"
)
_SAID = {
    "timed out": "it was stopped after {seconds} seconds: does a loop in it never end?",
    "too much memory": "it asked for more memory than the {memory} MB that an answer may use",
    "too much output": "it returned more than {output} MB",
    "malformed": "what came back was not the answer's data",
    "died": "the process ended in the middle: exit(), a crash, or a signal",
}


def grade_student(
    submissions: Sequence[Submission], terms: Terms, late: Sequence[Result] = ()
) -> list[Result]:
    """Return a result for each task of each lesson that the submissions are for.

    Args:
        submissions: of one student, each for another lesson.
        terms: what holds for the run.
        late: where it is given, what grading the same has found while others were graded, too;
            only what was late is then graded again. One that is late again is a sleeper, and
            answers of the same student that waited for no processor then stay as they were.

    Returns:
        The results in the order of the submissions and of the lessons' tasks. A fault of the
        grader itself is a result too.
    """
    found: dict[tuple[str, str], Result] = {}
    work: list[tuple[str, Submission, Task]] = []
    for submission in submissions:
        for task in tasks(submission.lesson):
            empty = blank(submission, task, terms)
            found[submission.lesson, task.name] = empty
            if not empty.because:
                work.append((libraries_for(submission, task, terms), submission, task))
    before = {(result.lesson, result.task): result for result in late}
    if before:
        found, terms = dict(before), replace(terms, patience=PATIENCE)
        work = [entry for entry in work if found[entry[1].lesson, entry[2].name].late]
    work.sort(key=itemgetter(0))
    sleeps = False
    with _one_thread():
        for libraries, part in groupby(work, key=itemgetter(0)):
            with Child(terms.jail, libraries=libraries, hidden=terms.hidden) as child:
                for _, submission, task in part:
                    key = submission.lesson, task.name
                    if sleeps and not before[key].starved:
                        continue
                    empty = blank(submission, task, terms)
                    found[key] = _graded_or_blank(empty, submission, task, terms, child)
                    sleeps = bool(before) and (sleeps or _slept(found[key]))
    return list(found.values())


def _slept(result: Result) -> bool:
    return result.status == "timed out" and result.late and not result.starved


def _graded_or_blank(
    empty: Result, submission: Submission, task: Task, terms: Terms, child: Child
) -> Result:
    try:
        return _graded(submission, task, terms, child)
    except Exception as error:  # a fault of ours must not cost the student anything
        child.close()
        said = f"{type(error).__name__}: {error}"
        return replace(empty, status=GRADER_ERROR, because=said)


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Let torch compute here as in the jail: how many threads share a sum changes its rounding."""
    import torch

    kept = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(kept)


def blank(submission: Submission, task: Task, terms: Terms) -> Result:
    """Return the result where there is nothing to run, else one without a reason.

    Args:
        submission: of one student for one lesson.
        task: of that lesson.
        terms: what holds for the run.
    """
    because = submission.problem or submission.faults.get(task.name, "")
    if not because and task.name not in submission.answers:
        because = f"no answer cell for {task.name}"
    return Result(
        student=submission.student,
        lesson=submission.lesson,
        task=task.name,
        status="missing",
        points=task.points,
        because=because,
        note=submission.note,
        file=submission.file,
        digest=submission.digest,
        seed=terms.seed,
        jail=terms.jail,
        cgroup=terms.cgroup,
    )


def _graded(submission: Submission, task: Task, terms: Terms, child: Child) -> Result:
    inputs = inputs_of(task, terms.seed)
    chance = random.Random(f"{terms.seed} {submission.student} {task.name}")
    order = list(range(len(inputs)))
    if task.calls > 1:
        order.append(chance.choice(order))  # one input comes again
    elif len(order) > len(probes(task)):
        order = order[len(probes(task)) :]  # each costs seconds: the new ones must do
    chance.shuffle(order)
    asked = tuple(inputs[i] for i in order)
    empty = replace(blank(submission, task, terms), because="")
    request: Request | None = request_for(submission, task, terms, asked)
    spent = 0.0
    while request is not None:
        answer = child.ask(request)
        result = _judged(empty, task, submission, request, answer, order, inputs)
        if _may_want_torch(result, inputs) and "torch" not in request.modules:
            request = replace(request, modules=(*request.modules, "torch"))
            continue
        spent += answer.seconds
        request = next_request(request, result, answer, submission, task, terms, spent)
    taken = {name: round(getattr(answer, name), 3) for name in ("seconds", "cpu", "waited")}
    return replace(result, **taken)


def _may_want_torch(result: Result, inputs: tuple[Arguments, ...]) -> bool:
    """Return whether the answer may be written for tensors without ever naming torch."""
    arrays = any(isinstance(value, np.ndarray) for entry in inputs for value in entry)
    return arrays and bool(result.given) and result.because.startswith(_OF_ARRAYS)


def _judged(
    result: Result,
    task: Task,
    submission: Submission,
    request: Request,
    answer: Answer,
    order: list[int],
    inputs: tuple[Arguments, ...],
) -> Result:
    if answer.ended != "well":
        status = "raised" if answer.ended == "died" else answer.ended
        said = _SAID[answer.ended].format(seconds=request.seconds, memory=512, output=16)
        return replace(result, status=status, because=said)
    try:
        raised = cell_error(answer.replies)
        replies = read_replies(
            answer.replies, order, n_parameters=len(task.parameters), calls=task.calls
        )
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
    outcome = verdict(task, inputs, replies, names_in_text(submission.answers[task.name]))
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
    for name in submission.elsewhere:
        if f"name '{name}' is not defined" in because:
            said = f"{name} is defined in a cell of your own: put it into the answer cell"
            return _joined(note, said)
    return note
