"""Many networks at once: the engine, the loop that people write, and the limit.

The loop trains one network after the other with nn.Sequential and torch.optim.SGD, batches picked
by a random order; one network is timed and multiplied by their number. The limit is the same
batched matrix products alone, forward and backward, into memory that is there already. The three
are timed in turns, and for each the fastest turn is shown, the one that other work disturbed
least. Peak memory is measured in a process of its own for each row, above what it held before.
"""

import gc
import itertools
import math
import os
import subprocess
import sys
import time
from functools import lru_cache, partial
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from relukit.networks import mlp
from relukit.training import SGD, Factors, Machine, Record
from relukit.training.exactness import exact
from relukit.training.examples import Examples
from relukit.training.jobs import job_of
from relukit.training.loop import Chunk
from relukit.training.members import Members, members_for
from relukit.training.memory import members_together
from relukit.training.population import Population
from relukit.training.settings import Settings
from relukit.training.sweep import sweep_of

BATCH, N, STEPS = 64, 1437, 5
EIGHT = ("relu", "leaky_relu", "elu", "gelu", "silu", "tanh", "sigmoid", "softplus")
CASES = {
    "(a) 128 nets 64-64-64-64-10, 8 activations": ([64, 64, 64, 64, 10], EIGHT, 16, 10),
    "(b) 256 nets 2-32-32-1, relu": ([2, 32, 32, 1], ("relu",), 256, 40),
    "(c) 64 nets 64-32x9-10, 10 layers, relu": ([64, *[32] * 9, 10], ("relu",), 64, 25),
    "(c) 64 nets 64-64x9-10, 10 layers, relu": ([64, *[64] * 9, 10], ("relu",), 64, 25),
}


def examples(widths: list[int]) -> Examples:
    """Return random data of the size of scikit-learn's digits."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(N, widths[0], generator=generator)
    if widths[-1] == 1:
        y = x.sum(1, keepdim=True).sin()
    else:
        y = torch.randint(widths[-1], (N,), generator=generator)
    return Examples(x, y)


@lru_cache(maxsize=1)
def networks_of(widths: tuple[int, ...], activation: str, n_members: int) -> Members:
    """Return the networks of the seeds from 0; the last asked for are kept."""
    build = partial(_network, widths, activation)
    return members_for(build, tuple(range(n_members)))


def _network(widths: tuple[int, ...], activation: str, seed: int) -> nn.Module:
    return mlp(widths, activation, seed=seed)


class Engine:
    """The engine's own chunks, ready to step, as `train` would cut them.

    Args:
        widths: of the layers.
        activation: between them.
        n_members: how many networks.
        device: torch's name of it.
        graphs: whether a card's steps are recorded and replayed.
    """

    def __init__(
        self,
        widths: list[int],
        activation: str,
        n_members: int,
        device: str = "cpu",
        *,
        graphs: bool = True,
    ) -> None:
        sweep, rule = sweep_of(0.01, Factors(), n_members), SGD(momentum=0.9)
        networks = networks_of(tuple(widths), activation, n_members)
        settings = Settings(rule, 10**4, BATCH, Record(10**4), device, graphs=graphs)
        population = Population(networks, examples(widths), settings, sweep)
        size = members_together(population, Machine(device, memory=2**40))
        self.chunks = [
            Chunk(job_of(population, range(i, min(i + size, n_members))))
            for i in range(0, n_members, size)
        ]

    def steps(self) -> None:
        """Make STEPS steps of every member; each chunk makes them on its own, as in `train`."""
        for chunk in self.chunks:
            for _ in range(STEPS):
                chunk._update()


class Loop:
    """One network, trained as in any tutorial."""

    def __init__(self, widths: list[int], activation: str, device: str = "cpu") -> None:
        data = examples(widths)
        self.x, self.y = data.x.to(device), data.y.to(device)
        self.network = mlp(widths, activation).to(device)
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=0.01, momentum=0.9)
        self.rule = functional.cross_entropy if data.classifies else functional.mse_loss
        self.order, self.at = torch.randperm(N, device=device), 0

    def step(self) -> None:
        if self.at + BATCH > N:
            self.order, self.at = torch.randperm(N, device=self.order.device), 0
        rows = self.order[self.at : self.at + BATCH]
        self.at += BATCH
        self.optimizer.zero_grad()
        loss = self.rule(self.network(self.x[rows]), self.y[rows])
        loss.backward()
        self.optimizer.step()
        loss.item()


def limit(widths: list[int], n_members: int, device: str = "cpu") -> partial:
    """Return the matrix products of one step, as a call."""
    new = partial(torch.randn, device=device)
    pairs = list(itertools.pairwise(widths))
    weights = [new(n_members, m, n) for n, m in pairs]
    into = [torch.empty_like(w) for w in weights]
    values = [new(n_members, BATCH, n) for n in widths]
    slopes = [torch.empty_like(v) for v in values]

    def products() -> None:
        for i, w in enumerate(weights):
            torch.bmm(values[i], w.transpose(1, 2), out=slopes[i + 1])
        for i in reversed(range(len(weights))):
            torch.bmm(values[i + 1].transpose(1, 2), values[i], out=into[i])
            if i:
                torch.bmm(values[i + 1], weights[i], out=slopes[i])

    return partial(products)


def milliseconds(calls: dict, repeats: int, turns: int = 9, device: str = "cpu") -> dict:
    """Return each call's time in its fastest turn; all are timed one after another in each turn."""
    times: dict = {name: [] for name in calls}
    for turn in range(turns + 2):
        for name, call in calls.items():
            n = repeats * STEPS * (2 if name == "loop" else 1)
            start = time.perf_counter()
            for _ in range(n // STEPS if name == "engine" else n):
                call()
            if device == "cuda":
                torch.cuda.synchronize()
            if turn > 1:  # the first two turns load and warm
                times[name].append(1000 * (time.perf_counter() - start) / n)
    return {name: min(found) for name, found in times.items()}


def compare(widths: list[int], activations: tuple[str, ...], n_members: int) -> dict:
    """Return the times of one step of all members, summed over activations."""
    total = {"engine": 0.0, "loop": 0.0, "limit": 0.0}
    for activation in activations:
        calls = {
            "engine": Engine(widths, activation, n_members).steps,
            "loop": Loop(widths, activation).step,
            "limit": limit(widths, n_members),
        }
        found = milliseconds(calls, repeats=4 if n_members < 100 else 2)
        total["engine"] += found["engine"]
        total["loop"] += found["loop"] * n_members
        total["limit"] += found["limit"]
    return total


def peak(kind: str, name: str) -> float:
    """Return by how many MiB a process grows while it trains one case, in a new process."""
    run = subprocess.run(
        [sys.executable, __file__, kind, name], capture_output=True, text=True, check=True
    )
    return float(run.stdout)


def grow(kind: str, name: str) -> None:
    """Print by how many MiB this process's peak grows in one case."""
    widths, activations, n_members, _ = CASES[name]
    Loop([2, 3, 2], "relu").step()  # the libraries are loaded
    before = high_water()
    for activation in activations:
        if kind == "engine":
            step = Engine(widths, activation, n_members).steps
        else:
            step = Loop(widths, activation).step
        for _ in range(30):
            step()
        networks_of.cache_clear()
    print(high_water() - before)


def high_water() -> float:
    """Return this process's peak resident memory in MiB, nan where the system does not say."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    except (OSError, StopIteration):
        return math.nan


def scaling() -> None:
    """Print the time of a step against members, width and depth."""
    print("\nTime per step against size (relu, batch 64, SGD with momentum).\n")
    print("| net | members | milliseconds | microseconds a member |\n| --- | --- | --- | --- |")
    rows = [([2, 32, 32, 1], n) for n in (1, 4, 16, 64, 256, 1024, 4096)]
    rows += [([64, w, w, 10], 64) for w in (16, 32, 64, 128, 256)]
    rows += [([64, *[64] * (d - 1), 10], 32) for d in (2, 4, 8, 16, 32)]
    for widths, n_members in rows:
        step = Engine(widths, "relu", n_members).steps
        found = milliseconds({"engine": step}, repeats=1 if n_members > 500 else 2, turns=5)
        shape = f"{widths[0]}-{widths[1]}x{len(widths) - 2}-{widths[-1]}"
        time_of = found["engine"]
        print(f"| {shape} | {n_members} | {time_of:.2f} | {1000 * time_of / n_members:.1f} |")


def on_cuda() -> None:
    """Print the table of the device, where there is one."""
    if not torch.cuda.is_available():
        print("\nNo CUDA device at hand: its table was not measured.")
        return
    name = f"{torch.cuda.get_device_name()}, CUDA {torch.version.cuda}"
    print(
        f"\nOn {name}, microseconds a member-step; the engine launches each kernel, replays a "
        "recorded step, and does so with TF32. Target ratio: 300.\n"
    )
    print(
        "| net | members | launched | replayed | with TF32 | loop | ratio | limit |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |"
    )
    for widths in ([64, 64, 64, 64, 10], [2, 32, 32, 1]):
        for n_members in (2048, 16384):
            row_on_cuda(widths, n_members)


def row_on_cuda(widths: list[int], n_members: int) -> None:
    """Print one row of the device's table."""
    device, times = torch.device("cuda"), {}
    calls = {
        "launched": lambda: Engine(widths, "relu", n_members, "cuda", graphs=False).steps,
        "engine": lambda: Engine(widths, "relu", n_members, "cuda").steps,
        "with TF32": lambda: Engine(widths, "relu", n_members, "cuda").steps,
        "loop": lambda: Loop(widths, "relu", "cuda").step,
        "limit": lambda: limit(widths, n_members, "cuda"),
    }
    for name, made in calls.items():  # one after the other, as a card may not hold all of them
        kind = "loop" if name in ("loop", "limit") else "engine"
        with exact(device, tf32=name == "with TF32"):
            found = milliseconds({kind: made()}, repeats=4, turns=5, device="cuda")[kind]
        times[name] = 1000 * found / (1 if name == "loop" else n_members)
        gc.collect()  # a recorded step and its chunk hold each other
        torch.cuda.empty_cache()
    ratio = times["loop"] / times["engine"]
    print(
        f"| {'-'.join(map(str, widths))} | {n_members} | {times['launched']:.3f} | "
        f"{times['engine']:.3f} | {times['with TF32']:.3f} | {times['loop']:.0f} | "
        f"**{ratio:.0f}** | {times['limit']:.3f} |",
        flush=True,
    )


def main() -> None:
    """Print the comparison, the scaling and the device's table."""
    print("## Many networks at once\n")
    print(
        f"Milliseconds for one step of all members; batch {BATCH}, SGD with momentum, float32, "
        f"{torch.get_num_threads()} threads, {os.cpu_count()} cores. Target share: 50 %.\n"
    )
    print("| members | engine | loop | ratio | target | limit | share | MiB | MiB of the loop |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, (widths, activations, n_members, target) in CASES.items():
        found = compare(widths, activations, n_members)
        print(
            f"| {name} | {found['engine']:.2f} | {found['loop']:.1f} | "
            f"**{found['loop'] / found['engine']:.1f}** | {target} | {found['limit']:.2f} | "
            f"{100 * found['limit'] / found['engine']:.0f} % | {peak('engine', name):.0f} | "
            f"{peak('loop', name):.0f} |"
        )
    scaling()
    on_cuda()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        grow(*sys.argv[1:])
    elif "--cuda" in sys.argv:
        on_cuda()
    else:
        main()
