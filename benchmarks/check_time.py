"""How long a learner waits for a check, beside what courses use in its place.

Every task is checked with a right answer: all inputs are tried, so this is the longest way through
a check. The first check, which loads the libraries, is not counted and shown apart.
Beside it stands, for each task, one `numpy.testing.assert_allclose` of the same answer on the first
input, as in a typical hidden test; and the share of the task's misconceptions that it lets through,
where the check lets none through.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

REPEATS, SLOW = 11, 0.3  # a check of more than so many seconds is timed once, before it is cached


def seconds(call: Callable[[], object]) -> float:
    """Return the median wall-clock time of a call."""
    times = []
    while len(times) < REPEATS and max(times, default=0.0) < SLOW:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return times[-1] if times[-1] > SLOW else median(times)


start = time.perf_counter()
from relukit.checks.call import Caller, Reply  # noqa: E402 - the import is part of the first check
from relukit.checks.checking import examine  # noqa: E402
from relukit.checks.counterexample import probes  # noqa: E402
from relukit.checks.registry import LESSONS, task, tasks  # noqa: E402
from relukit.checks.task import Task  # noqa: E402


def check(entry: Task, reply: Callable[[tuple], Reply]) -> bool:
    """Return whether an answer passes, without a record of it."""
    return bool(examine(entry, reply))


def one_assert(entry: Task, reply: Callable[[tuple], Reply]) -> bool:
    """Return whether an answer passes one assert on the first input."""
    arguments, expected = probes(entry)[0]
    try:
        got = reply(arguments).value
        if isinstance(expected, str | bool) or not _numeric(expected):
            assert got == expected
        else:
            for wanted, part in zip(_parts(expected), _parts(got), strict=True):
                np.testing.assert_allclose(part, wanted)
    except Exception:  # an assert that fails, or an answer that cannot be compared
        return False
    return True


def _parts(value: object) -> list:
    return list(value) if isinstance(value, tuple) else [value]


def _numeric(value: object) -> bool:
    return all(np.asarray(part).dtype.kind in "biuf" for part in _parts(value))


sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "material"))
from wrong_answers import collected  # noqa: E402 - the tests' answers have no package

first = task("relu")
check(first, Caller(first.reference).ask)
cold = time.perf_counter() - start
print("## Checks\n\nTargets: median over tasks under 0.1 s, after the first; none above 5 s.\n")
print("| lesson | task | inputs | check, ms | one assert, ms | misconceptions past the assert |")
print("| --- | --- | --- | --- | --- | --- |")
times, let_through, known = [], 0, 0
for lesson in LESSONS:
    for entry in tasks(lesson):
        right = Caller(collected.right(entry)[0], entry.harness).ask
        wrong = [e for e in entry.misconceptions if not e.allowed]
        missed = sum(one_assert(entry, Caller(e.answer, entry.harness).ask) for e in wrong)
        times.append(seconds(lambda entry=entry, right=right: check(entry, right)))
        plain = seconds(lambda entry=entry, right=right: one_assert(entry, right))
        print(
            f"| {lesson[:2]} | `{entry.name}` | {len(probes(entry))} | {1e3 * times[-1]:.0f} "
            f"| {1e3 * plain:.2f} | {missed} of {len(wrong)} |"
        )
        let_through, known = let_through + missed, known + len(wrong)
print(f"| | **median** | | **{1e3 * median(times):.0f}** | | **{let_through} of {known}** |")
print(f"\nThe slowest check takes {max(times):.1f} s; the first one, with imports, {cold:.1f} s.")
