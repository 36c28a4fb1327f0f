"""How long a learner waits: each lesson on one processor, idle, and beside one and two others.

    python benchmarks/waiting.py [--others 2] [NOTEBOOK ...]

The notebook's kernel and the others share one processor; the others count in a loop without end. A
cell that takes over five seconds needs a bar: whether one came is read from the widgets that the
cell made. The first cell is the first that imports relukit, which is what a learner waits for; the
cell before it, which looks whether relukit is installed, does nothing. Each idle lesson runs again,
with what its verdicts and figures have kept. Without names, the lessons run, and the deeper pages
on an idle processor only.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
LESSONS = ROOT / "notebooks"
SLOW = (2, 5)  # seconds
COUNT = "while True: pass"
RUN = """
import json, sys, time
import nbformat
from nbclient import NotebookClient

path, folder = sys.argv[1:]
notebook = nbformat.read(path, as_version=4)
client = NotebookClient(notebook, timeout=900, resources={"metadata": {"path": folder}})
bars = lambda: sum(s["_model_name"] == "FloatProgressModel" for s in client.widget_state.values())
found, begun = [], {}
def start(cell, cell_index): begun[cell_index] = time.perf_counter(), bars()
def done(cell, cell_index, **_):
    at, before = begun[cell_index]
    if cell.cell_type == "code":
        found.append([cell.source, time.perf_counter() - at, bars() > before])
client.on_cell_start = start
client.on_cell_executed = done
began = time.perf_counter()
client.execute()
print(json.dumps([time.perf_counter() - began, found]))
"""


@contextlib.contextmanager
def busy(processes: int, processor: int) -> Iterator[None]:
    """Keep a processor busy with so many processes."""
    others = [subprocess.Popen([sys.executable, "-c", COUNT]) for _ in range(processes)]
    try:
        for other in others:
            os.sched_setaffinity(other.pid, {processor})
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def measure(path: Path, processor: int, home: str) -> tuple[float, list[tuple[str, float, bool]]]:
    """Return a run's seconds, and of each code cell its source, seconds, and whether a bar came.

    Args:
        path: the notebook.
        processor: where it runs.
        home: the folder of its progress file, and of what is kept.
    """
    run = subprocess.run(
        [sys.executable, "-c", RUN, str(path), str(path.parent)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"RELUKIT_PROGRESS": f"{home}/progress.json"},
        preexec_fn=lambda: os.sched_setaffinity(0, {processor}),
    )
    return tuple(json.loads(run.stdout.splitlines()[-1]))


def line(path: Path, beside: int, processor: int) -> str:
    """Return a row of the table."""
    with busy(beside, processor), tempfile.TemporaryDirectory() as home:
        seconds, cells = measure(path, processor, home)
        again = "" if beside else slow(*measure(path, processor, home))
    over = [sum(took > limit for _, took, _ in cells) for limit in SLOW]
    bare = sum(took > SLOW[-1] and not bar for _, took, bar in cells)
    first = next(took for source, took, _ in cells if "from relukit" in source)
    source, took, _ = max(cells, key=lambda cell: cell[1])
    last = source.strip().splitlines()[-1]
    return (
        f"| {path.stem} | {beside} | {seconds:.1f} | {first:.1f} | {over[0]} | {over[1]} "
        f"| {bare} | {took:.1f} | `{last[:60]}` | {again} |"
    )


def slow(seconds: float, cells: list[tuple[str, float, bool]]) -> str:
    """Return a run's seconds, and the last line of each cell that took over two."""
    long = [(took, source.strip().splitlines()[-1][:60]) for source, took, _ in cells]
    told = (f"{took:.1f} `{last}`" for took, last in sorted(long, reverse=True) if took > SLOW[0])
    return "; ".join((f"{seconds:.1f}", *told))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="How long a learner waits.")
    parser.add_argument("--others", type=int, default=2, help="how many at most")
    parser.add_argument("notebooks", type=Path, nargs="*")
    asked = parser.parse_args()
    named = [path.resolve() for path in asked.notebooks]
    processor = max(os.sched_getaffinity(0))
    print(
        "## Waiting\n\nOn one processor, with so many other processes on it that never rest. "
        "Targets: idle under 45 s, no cell over 8 s; beside two at most 3.5 times as long; no "
        "cell over 5 s without a bar.\n"
    )
    print(
        "| lesson | others | seconds | first cell | cells over 2 s | over 5 s | of them without a "
        "bar | slowest | its last line | second run, and its cells over 2 s |\n"
        f"|{' --- |' * 10}"
    )
    for path in named or sorted(LESSONS.rglob("*.ipynb")):
        for beside in range(asked.others + 1 if named or path.parent == LESSONS else 1):
            print(line(path, beside, processor), flush=True)


if __name__ == "__main__":
    main()
