"""What an answer is asked: the inputs, known and new, and what its process needs."""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from relukit.checks.call import Arguments
from relukit.checks.counterexample import (
    Drawn,
    Probe,
    answered,
    examples,
    probes,
    redrawn,
)
from relukit.checks.registry import task as task_named
from relukit.checks.task import Task
from relukit.grading.jail.exchange import Answer, Request
from relukit.grading.result import Result
from relukit.grading.source import SET_UP, cells_for, modules_in, others_wanted
from relukit.grading.submission import Submission

SECONDS = 5  # of CPU time for an answer; the slowest right one of the tests takes 0.7
SLOWER = 12  # times as long for a task whose calls are expensive
# what the course's package offers that imports torch, and torch itself
_WITH_TORCH = re.compile(
    r"torch|relukit\.(activations|datasets|diagnostics|figures|initialization|networks|training)"
)


@dataclass(frozen=True)
class Terms:
    """What holds for all submissions of a run.

    Attributes:
        jail: "bwrap" or "none".
        seed: the secret number that inputs are drawn from.
        set_ups: the source of the course's cell with imports, by lesson.
        hidden: files and folders that the jail must not show.
        seconds: CPU time for an answer.
        patience: seconds that may pass on the clock beside twice the CPU time.
        cgroup: "v1" or "v2" where each student's answers run in a cgroup, else "".
    """

    jail: str
    seed: int
    set_ups: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[Path, ...] = ()
    seconds: int = SECONDS
    patience: float = 0.0
    cgroup: str = ""


def draw(name: str, seed: int) -> dict[tuple[str, int], Drawn]:
    """Return what belongs to a task: for every check, and for the secret number."""
    task = task_named(name)
    asked = questions(task, seed)
    parts = {0: asked[: len(probes(task))], seed: asked[len(probes(task)) :]}
    return {
        (name, number): Drawn(examples(task, number), tuple(due for _, due in part))
        for number, part in parts.items()
    }


@lru_cache(maxsize=512)
def questions(task: Task, seed: int) -> tuple[Probe, ...]:
    """Return the inputs of every check, then new ones, the smallest first, and what is due."""
    return (*probes(task), *answered(task, seed, sorted(redrawn(task, seed), key=_extent)))


def inputs_of(task: Task, seed: int) -> tuple[Arguments, ...]:
    """Return the inputs alone."""
    return tuple(arguments for arguments, _ in questions(task, seed))


def _extent(value: object) -> float:
    if isinstance(value, tuple | list):
        return sum(map(_extent, value)) + 1.0
    return float(value.size) if isinstance(value, np.ndarray) else 1.0


def request_for(
    submission: Submission,
    task: Task,
    terms: Terms,
    inputs: tuple[Arguments, ...],
    *,
    others: Iterable[str] | None = None,
) -> Request:
    """Return what to ask an answer, with all that its process has to import.

    Args:
        submission: holds the answer.
        task: which it answers.
        terms: what holds for the run.
        inputs: to ask it about.
        others: the tasks whose answers are run before it; None for those that it seems to need.
    """
    set_up = terms.set_ups.get(submission.lesson, "")
    cells = cells_for(task.name, submission.answers, set_up, others, submission.own)
    modules = tuple(dict.fromkeys((*modules_in(cells), *_of_harness(task))))
    return Request(
        name=task.name,
        cells=cells,
        harness=f"{task.harness.__module__}:{task.harness.__name__}",
        inputs=inputs,
        modules=modules,
        seconds=terms.seconds * (SLOWER if task.calls == 1 else 1),
        patience=terms.patience,
    )


def next_request(
    request: Request,
    result: Result,
    answer: Answer,
    submission: Submission,
    task: Task,
    terms: Terms,
    spent: float,
) -> Request | None:
    """Return what to ask next where other cells may be to blame; None where nothing is.

    Args:
        request: what was asked.
        result: what came of it.
        answer: what came back.
        submission: holds the answer.
        task: which it answers.
        terms: what holds for the run.
        spent: seconds that all tries have taken; together they share one answer's time.
    """
    if answer.ended == "died" and len(request.cells) > len((SET_UP, task.name)):
        others: tuple[str, ...] | None = ()
    else:
        texts = submission.answers, request.cells, submission.own
        others = others_wanted(result.because, task.name, *texts) or None
    seconds = request.seconds - round(spent)
    if others is None or seconds < 1:
        return None
    more = request_for(submission, task, terms, request.inputs, others=others)
    modules = tuple(dict.fromkeys((*request.modules, *more.modules)))
    return replace(more, modules=modules, seconds=seconds)


def _of_harness(task: Task) -> tuple[str, ...]:
    """Return the modules that the harness of a task imports."""
    loads = getattr(sys.modules[task.harness.__module__], "LOADS", ())
    return ("torch", *loads) if "torch" in task.harness.__code__.co_names else loads


def about_torch(task: Task) -> bool:
    """Return whether every answer to a task needs torch."""
    return "torch" in _of_harness(task)


def libraries_for(submission: Submission, task: Task, terms: Terms) -> str:
    """Return what an answer's process is to find imported, see `forkserver.SHARED`."""
    modules = request_for(submission, task, terms, ()).modules
    if any(map(_WITH_TORCH.match, modules)):
        return "torch"
    return "scipy" if any(name.startswith("scipy") for name in modules) else "numpy"
