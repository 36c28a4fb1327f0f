"""How well each check tells wrong answers from right ones, and how long it takes: `make checks`."""

import importlib
import time
from statistics import median

from rich.console import Console
from rich.table import Table

from relukit.checks.call import Caller
from relukit.checks.checking import examine
from relukit.checks.registry import LESSONS, tasks
from relukit.checks.task import Task


def passes(task: Task, answer: object) -> bool:
    """Return whether an answer passes, without a record of it."""
    return bool(examine(task, Caller(answer, task.harness).ask))


def milliseconds(task: Task, answer: object, repeats: int = 5) -> float:
    """Return the median time of a check, after one that is not counted."""
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        passes(task, answer)
        times.append(1e3 * (time.perf_counter() - start))
        if times[0] > 1e3:  # a training task: the first time is no longer than the others
            break
    return median(times[1:] or times)


def main() -> None:
    """Print a row for each task, and the sums."""
    columns = ("task", "wrong rejected", "right accepted", "named", "ms")
    table = Table(*columns, box=None, padding=(0, 2, 0, 0))
    sums, times = [0] * 6, []
    for lesson, module in LESSONS.items():
        answers = importlib.import_module(f"wrong_answers.{module}")
        for task in tasks(lesson):
            known = task.misconceptions
            wrong = [entry[1] for entry in answers.WRONG if entry[0] == task.name]
            wrong += [entry.answer for entry in known if not entry.allowed]
            right = [answer for name, answer in answers.RIGHT if name == task.name]
            right += [entry.answer for entry in known if entry.allowed]
            rejected = sum(not passes(task, answer) for answer in wrong)
            accepted = sum(passes(task, answer) for answer in right)
            outcomes = [examine(task, Caller(e.answer, task.harness).ask) for e in known]
            named = sum(o.diagnosis == e.sentence for o, e in zip(outcomes, known, strict=True))
            counts = (rejected, len(wrong), accepted, len(right), named, len(known))
            sums = [a + b for a, b in zip(sums, counts, strict=True)]
            times.append(milliseconds(task, right[0]))
            table.add_row(task.name, *_pairs(counts), f"{times[-1]:.0f}")
    table.add_row("all", *_pairs(sums), f"{median(times):.0f}")
    Console(width=100).print(table)


def _pairs(counts: tuple[int, ...] | list[int]) -> list[str]:
    return [f"{counts[i]}/{counts[i + 1]}" for i in (0, 2, 4)]


if __name__ == "__main__":
    main()
