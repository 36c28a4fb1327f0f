"""How long every notebook runs in a fresh kernel, and how much memory its kernel takes at most.

Each notebook runs in a process of its own, which waits for its kernel; the operating system then
tells the largest resident size of any process it waited for.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUN = """
import json, resource, sys, time
import nbformat
from nbclient import NotebookClient

path = sys.argv[1]
notebook = nbformat.read(path, as_version=4)
client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": sys.argv[2]}})
start = time.perf_counter()
client.execute()
seconds = time.perf_counter() - start
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024]))
"""


def measure(path: Path) -> tuple[float, float]:
    """Return seconds and peak MiB of one run of a notebook."""
    command = [sys.executable, "-c", RUN, str(path), str(path.parent)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return tuple(json.loads(run.stdout.splitlines()[-1]))


print("## Notebooks\n\nTargets: under 60 s and under 1,024 MiB each, on two cores.\n")
print("| notebook | seconds, with starting the kernel | peak MiB of the kernel |")
print("| --- | --- | --- |")
for folder in ("notebooks", "exercises", "solutions"):
    for path in sorted((ROOT / folder).rglob("*.ipynb")):
        seconds, mebibytes = measure(path)
        print(f"| {path.relative_to(ROOT)} | {seconds:.1f} | {mebibytes:.0f} |")
