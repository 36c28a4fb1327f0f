"""How well each check tells wrong answers from right ones, and how long it takes: `make checks`."""

import sys
import time
from statistics import median

from mutants.trial import SLOW, TARGETS, Trial, trial
from rich.console import Console
from rich.table import Table
from wrong_answers import collected

from relukit.checks.call import Caller
from relukit.checks.checking import examine
from relukit.checks.counterexample import passes
from relukit.checks.registry import tasks
from relukit.checks.task import Task
from relukit.syllabus import LESSONS

MOST, MOST_SLOW = 400, 12  # mutants of a kind for each task, and where a check takes seconds


def milliseconds(task: Task, answer: object, repeats: int = 5) -> float:
    """Return the median time of a check, after one that is not counted."""
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        examine(task, Caller(answer, task.harness).ask)
        times.append(1e3 * (time.perf_counter() - start))
        if times[0] > 1e3:  # a training task: the first time is no longer than the others
            break
    return median(times[1:] or times)


def main(names: list[str]) -> None:
    """Print a row for each task, the sums, every wrong name, and every mutant that passes.

    Args:
        names: of the tasks; none takes all.
    """
    columns = ("task", "wrong rejected", "right accepted", "named", "range", "code", "ms")
    table = Table(*columns, box=None, padding=(0, 2, 0, 0))
    sums, times, passed = [0] * 10, [], []
    for task in (t for lesson in LESSONS for t in tasks(lesson) if not names or t.name in names):
        most = MOST_SLOW if task.name in SLOW else MOST
        trials = {kind: trial(task, kind, most=most) for kind in TARGETS}
        misnamed = collected.misnamed(task)
        tried = [n for t in trials.values() for n in (t.rejected, t.wrong)]
        counts = _answers(task, len(misnamed)) + tried
        sums = [a + b for a, b in zip(sums, counts, strict=True)]
        times.append(
            milliseconds(task, task.reference if task.calls > 1 else collected.right(task)[0])
        )
        table.add_row(task.name, *_pairs(counts), f"{times[-1]:.0f}")
        passed += [f"{task.name}, {line}" for line in misnamed]
        passed += [line for kind, found in trials.items() for line in _lines(task, kind, found)]
    table.add_row("all", *_pairs(sums), f"{median(times):.0f}")
    Console(width=120).print(table)
    Console(soft_wrap=True, markup=False, emoji=False, highlight=False).print(*passed, sep="\n")


def _answers(task: Task, misnamed: int) -> list[int]:
    """Return how many answers are rejected, accepted and named as they should be."""
    known, wrong = task.misconceptions, collected.wrong(task)
    right = collected.right(task) + [entry.answer for entry in known if entry.allowed]
    rejected = sum(not passes(task, Caller(a, task.harness).ask) for a in wrong)
    accepted = sum(passes(task, Caller(a, task.harness).ask) for a in right)
    due = len(known) + sum(sentence is not None for _, _, sentence in collected.listed(task))
    return [rejected, len(wrong), accepted, len(right), due - misnamed, due]


def _lines(task: Task, kind: str, found: Trial) -> list[str]:
    """Return a line for each mutant that passes, and for each that is listed as right in vain."""
    said = [f"{task.name}, {kind}, passes: {title}" for title in found.survivors]
    return said + [f"{task.name}, {kind}, listed as right: {title}" for title in found.stale]


def _pairs(counts: list[int]) -> list[str]:
    return [f"{counts[i]}/{counts[i + 1]}" for i in range(0, len(counts), 2)]


if __name__ == "__main__":
    main(sys.argv[1:])
