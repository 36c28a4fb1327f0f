"""How long a learner waits for a check, beside the plain assert that most courses use.

Every task is checked with its own reference answer: all inputs are tried, so this is the longest
way through a check. The first check, which loads the libraries, is not counted and shown apart.
Beside it stands one `numpy.testing.assert_allclose` on one random input, as in a typical hidden
test; it is faster and finds far less (see tests/wrong_answers).
"""

import time
from statistics import median

import numpy as np


def seconds(call, repeats: int = 11) -> float:
    """Return the median wall-clock time of a call."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return median(times)


start = time.perf_counter()
from relukit.checks import check  # noqa: E402 - the import is part of the first check
from relukit.checks.registry import tasks  # noqa: E402

found = tasks("02_definitions")
check(found[0].reference, found[0].name)
first = time.perf_counter() - start
print("## Checks\n\nTarget: under 0.1 s, median over tasks, after the first.\n")
print("| task | milliseconds |\n| --- | --- |")
times = []
for task in found:
    times.append(seconds(lambda task=task: check(task.reference, task.name)))
    print(f"| `{task.name}` | {1000 * times[-1]:.0f} |")
print(f"| **median over tasks** | **{1000 * median(times):.0f}** |")
print(f"| the first check, with its imports | {1000 * first:.0f} |")
x = np.random.default_rng(0).normal(size=10)
plain = seconds(lambda: np.testing.assert_allclose(np.maximum(x, 0), x * (x > 0)))
print(f"| one plain `assert_allclose` | {1000 * plain:.2f} |")
