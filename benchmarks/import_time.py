"""How long a learner waits for the first import, beside what other courses import first.

Each statement runs in fresh interpreters; the time is the median of nine, wall clock, less the
median of an interpreter that imports nothing.
"""

import subprocess
import sys
import time
from statistics import median

STATEMENTS = ("import relukit", "import numpy", "import torch", "import matplotlib.pyplot")


def seconds(statement: str, repeats: int = 9) -> float:
    """Return the median wall-clock time of a fresh interpreter that runs a statement."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], check=True)
        times.append(time.perf_counter() - start)
    return median(times)


bare = seconds("pass")
print("## Import\n\nTarget: `import relukit` under 0.15 s.\n")
print("| statement | seconds |\n| --- | --- |")
for statement in STATEMENTS:
    print(f"| `{statement}` | {seconds(statement) - bare:.3f} |")
