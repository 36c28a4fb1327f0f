"""Grade what one student has handed in: ask the answers in the jail, judge them outside."""

import contextlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

import numpy as np

from relukit.checks.call import Arguments
from relukit.checks.counterexample import probes
from relukit.checks.registry import tasks
from relukit.checks.task import Task
from relukit.grading.jail.child import Child
from relukit.grading.jail.exchange import Request
from relukit.grading.judgement import judged, unless_busy
from relukit.grading.questions import Terms, inputs_of, libraries_for, next_request, request_for
from relukit.grading.result import GRADER_ERROR, Result
from relukit.grading.submission import Submission

AGAIN = 16  # inputs that come twice, far from each other, and must give the same
PATIENCE = 10.0  # seconds more on the clock for who is graded alone
_OF_ARRAYS = ("AttributeError", "IndexError", "TypeError", "ValueError")  # where tensors are due


def grade_student(
    submissions: Sequence[Submission], terms: Terms, late: Sequence[Result] = ()
) -> list[Result]:
    """Return a result for each task of each lesson that the submissions are for.

    Args:
        submissions: of one student, each for another lesson.
        terms: what holds for the run.
        late: where it is given, what grading the same has found while others were graded, too;
            only what was late is then graded again. One that is late again and waited for no
            processor is a sleeper, and answers of the same student that did neither then stay as
            they were; one that others kept from the processors again has no score.

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
            asked: list[Result] = []
            with Child(terms.jail, libraries=libraries, hidden=terms.hidden) as child:
                for _, submission, task in part:
                    key = submission.lesson, task.name
                    if sleeps and not before[key].starved:
                        continue
                    empty = blank(submission, task, terms)
                    asked.append(empty)
                    found[key] = _graded_or_blank(empty, submission, task, terms, child)
                    sleeps = bool(before) and (sleeps or _slept(found[key]))
            for empty in asked if child.fault else ():
                found[empty.lesson, empty.task] = _fault(empty, child.fault)
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
        return _fault(empty, f"{type(error).__name__}: {error}")


def _fault(empty: Result, said: str) -> Result:
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
    order, known = list(range(len(inputs))), len(probes(task))
    if task.calls > 1:
        order += chance.sample(order, min(len(order), AGAIN))
    elif len(order) > known:
        order = order[known:]  # each costs seconds: the new ones must do
    chance.shuffle(order)
    asked = tuple(inputs[i] for i in order)
    empty = replace(blank(submission, task, terms), because="")
    request: Request | None = request_for(submission, task, terms, asked)
    spent = 0.0
    while request is not None:
        answer = child.ask(request)
        result = judged(empty, task, submission, request, answer, order, terms.seed)
        if _may_want_torch(result, inputs) and "torch" not in request.modules:
            request = replace(request, modules=(*request.modules, "torch"))
            continue
        spent += answer.seconds
        asked_last = request
        request = next_request(request, result, answer, submission, task, terms, spent)
    taken = {name: round(getattr(answer, name), 3) for name in ("seconds", "cpu", "waited")}
    result, empty = replace(result, **taken), replace(empty, **taken)
    return unless_busy(result, empty, asked_last, answer) if terms.patience else result


def _may_want_torch(result: Result, inputs: tuple[Arguments, ...]) -> bool:
    """Return whether the answer may be written for tensors without ever naming torch."""
    arrays = any(isinstance(value, np.ndarray) for entry in inputs for value in entry)
    return arrays and bool(result.given) and result.because.startswith(_OF_ARRAYS)
