"""How threads wait for work: a lesson's job with threads that spin, threads that sleep, and one.

The job trains 16 networks of three hidden layers for 300 steps, alone and beside one and two other
processes that never rest. What is compared is OpenMP's default on all processors that this process
may use, the same with OMP_WAIT_POLICY=PASSIVE, and one thread; in turn, a process each.
"""

import os
import statistics
import subprocess
import sys

from relukit.processors import usable

RUNS = 3
COUNT = "while True: pass"
JOB = """
import time, torch
from relukit import datasets, networks, training
build = lambda seed: networks.mlp((64, 128, 128, 128, 10), "relu", seed=seed)
data = datasets.digits()
def job(steps): training.train(build, data, lr=0.1, seeds=16, steps=steps, progress=False)
job(5)
start = time.perf_counter(), time.process_time()
job(300)
print(time.perf_counter() - start[0], time.process_time() - start[1], torch.get_num_threads())
"""
WAYS = {
    "spin (OpenMP's default)": {},
    "sleep (OMP_WAIT_POLICY=PASSIVE)": {"OMP_WAIT_POLICY": "PASSIVE"},
    "one thread": {"OMP_NUM_THREADS": "1"},
}
ASKED = ("OMP_WAIT_POLICY", "OMP_NUM_THREADS")


def run(policy: dict[str, str]) -> tuple[float, float]:
    """Return the seconds that a run takes, and those of all its processors together."""
    environment = {k: v for k, v in os.environ.items() if k not in ASKED} | policy
    said = subprocess.check_output([sys.executable, "-c", JOB], env=environment, text=True)
    seconds, work, _ = map(float, said.split())
    return seconds, work


def main() -> None:
    """Print the table."""
    print(
        f"## Threads that wait\n\nA job of a lesson on {usable()} processors; the median of {RUNS} "
        "runs, in turn.\n"
    )
    print("| threads that wait | other processes | seconds | processor seconds |")
    print("| --- | --- | --- | --- |")
    for others in range(3):
        busy = [subprocess.Popen([sys.executable, "-c", COUNT]) for _ in range(others)]
        try:
            found = {name: [] for name in WAYS}
            for _ in range(RUNS):
                for name, policy in WAYS.items():
                    found[name].append(run(policy))
        finally:
            for other in busy:
                other.kill()
                other.wait()
        for name, runs in found.items():
            seconds, work = map(statistics.median, zip(*runs, strict=True))
            print(f"| {name} | {others} | {seconds:.2f} | {work:.2f} |")


if __name__ == "__main__":
    main()
