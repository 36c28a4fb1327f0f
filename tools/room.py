"""Run a command in the room that Binder gives: one processor, and no more than so much memory.

    python tools/room.py [--cpus 1] [--mebibytes 2048] COMMAND ...

The command and all that it starts are kept on so many processors, and ended when they take more
memory together than allowed: what counts is the part of each process that is its own, with its
share of what processes share, where the system tells it (Linux), else its resident size. The exit
status is the command's, or 137 after an end for memory. Without processors that can be chosen
(macOS, Windows) the number of threads alone is limited.
"""

import argparse
import contextlib
import os
import subprocess
import sys

import psutil

PAUSE = 0.3  # seconds between two looks at the memory
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
KILLED = 137


def tree(root: psutil.Process) -> list[psutil.Process]:
    """Return a process and all that descend from it, as far as they are still there."""
    with contextlib.suppress(psutil.Error):
        return [root, *root.children(recursive=True)]
    return []


def memory(processes: list[psutil.Process]) -> int:
    """Return how many bytes processes take together."""
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            rss = process.memory_info().rss
            # a proportional share costs time: it is asked for only where it can matter
            share = getattr(process.memory_full_info(), "pss", rss) if rss > 2**27 else rss
            total += share
    return total


def largest() -> int:
    """Return the most bytes that one process took that has ended, which no look can miss."""
    try:
        from resource import RUSAGE_CHILDREN, getrusage
    except ImportError:  # Windows
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return getrusage(RUSAGE_CHILDREN).ru_maxrss * unit


def run(command: list[str], *, cpus: int, limit: int) -> tuple[int, int]:
    """Return the exit status of a command and the most bytes that it took."""
    started = subprocess.Popen(command, env=os.environ | dict.fromkeys(THREADS, str(cpus)))
    root = psutil.Process(started.pid)
    if hasattr(root, "cpu_affinity"):
        with contextlib.suppress(psutil.NoSuchProcess):
            root.cpu_affinity(root.cpu_affinity()[:cpus])
    peak = 0
    try:
        while True:
            processes = tree(root)
            peak = max(peak, memory(processes))
            if peak > limit:
                end(processes)
                started.wait()
                return KILLED, peak
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = started.wait(PAUSE)
                peak = max(peak, largest())
                return (KILLED if peak > limit else status), peak
    finally:
        if started.poll() is None:
            end(tree(root))


def end(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.kill()


def main() -> int:
    parser = argparse.ArgumentParser(description="Run a command in a small room.")
    parser.add_argument("--cpus", type=int, default=1)
    parser.add_argument("--mebibytes", type=int, default=2048)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    status, peak = run(asked.command, cpus=asked.cpus, limit=asked.mebibytes * 2**20)
    said = f"{peak / 2**20:.0f} MiB at most, of {asked.mebibytes}; {asked.cpus} processors"
    sys.stderr.write(f"room: {said}{'; ended for memory' * (status == KILLED)}\n")
    return status


if __name__ == "__main__":
    raise SystemExit(main())
