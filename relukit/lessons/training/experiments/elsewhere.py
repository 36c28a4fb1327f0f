"""Where a network runs, and in how many bits: copies, clocks, batches, numbers of 16 bits."""

import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional

from relukit.datasets import digits
from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.networks import mlp
from relukit.statistics import interval
from relukit.training import batch

WIDTHS, BATCH, STEPS, LR = (64, 64, 10), 32, 50, 0.1
BATCHES = (1, 8, 64, 512, 4096)
IMAGES = 4096  # that are copied, whole and one by one
SIZE = 1024  # rows and columns of the matrices that are timed


def place() -> torch.device:
    """Return the device of the page: a card that CUDA can use, or the processor.

    Example:
        >>> place().type in ("cuda", "cpu")
        True
    """
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def wait(device: torch.device) -> None:
    """Return when a device has done all that it was asked for; a processor always has."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def fastest(work: Callable[[], object], device: torch.device, *, rounds: int = 5) -> float:
    """Return the shortest of some times, in seconds, from the call to the end of the work.

    Args:
        work: what is timed, and called once before.
        device: where it is done.
        rounds: how often.
    """
    times = []
    for _ in range(rounds + 1):
        wait(device)
        start = time.perf_counter()
        work()
        wait(device)
        times.append(time.perf_counter() - start)
    return min(times[1:])


@kept.once
def times_of_copies() -> dict[str, float]:
    """Return in how many seconds images of 8 x 8 come to the device: at once, and one by one.

    On a processor, where nothing has to move, they are copied within its memory. The third time
    is that of one pass of a small network over all of them.
    """
    device, images = place(), torch.rand(IMAGES, 64)

    def copied(part: Tensor) -> Tensor:
        return part.to(device, copy=True)

    there, network = images.to(device), mlp(WIDTHS).to(device)
    with torch.no_grad():
        return {
            f"{IMAGES} images, one copy": fastest(lambda: copied(images), device),
            f"{IMAGES} images, {IMAGES} copies": fastest(
                lambda: [copied(one) for one in images.unbind()], device, rounds=2
            ),
            "the network's answers": fastest(lambda: network(there), device),
        }


def two_clocks() -> dict[str, float]:
    """Return two times of one matrix product, in seconds, where work is put into a queue.

    A card's calls go into a queue of its own. On a processor a thread stands for the card: the
    call hands the product over and comes back.
    """
    device = place()
    x = torch.rand(SIZE, SIZE, device=device)
    if device.type == "cuda":
        return _clocked(lambda: torch.mm(x, x), lambda _: wait(device))
    with ThreadPoolExecutor(1) as queue:
        return _clocked(lambda: queue.submit(torch.mm, x, x), lambda asked: asked.result())


def _clocked(ask: Callable[[], object], finish: Callable[..., object]) -> dict[str, float]:
    finish(ask())  # libraries load, threads begin
    start = time.perf_counter()
    asked = ask()
    back = time.perf_counter() - start
    finish(asked)
    return {"until the call is back": back, "until the work is done": time.perf_counter() - start}


def counted() -> Measured:
    """Add 1 to 0 in bfloat16, a thousand times."""
    total = torch.zeros((), dtype=torch.bfloat16)
    for _ in range(1000):
        total += 1
    return {"where a thousand ones end": float(total)}


class Readers:
    """Two-layer networks that learn digits side by side, by hand, so that one sees each dtype.

    Args:
        seeds: of weights, split and batches, one network each.
        half: whether products are made in bfloat16.
    """

    def __init__(self, seeds: range, *, half: bool) -> None:
        self.seeds, self.half = seeds, half
        parts = [list(mlp(WIDTHS, seed=seed).parameters()) for seed in seeds]
        self.weights = [torch.stack(p).detach().requires_grad_() for p in zip(*parts, strict=True)]
        self.data = [digits(seed=seed) for seed in seeds]
        self.rule = torch.optim.SGD(self.weights, lr=LR, momentum=0.9)
        self.seen: dict[str, torch.dtype] = {}

    def outputs(self, x: Tensor) -> Tensor:
        """Return the outputs (networks, n, 10) of inputs (networks, n, 64)."""
        w, b, v, c = self.weights
        with torch.autocast("cpu", torch.bfloat16, enabled=self.half):
            z = torch.bmm(x, w.transpose(1, 2))
            a = torch.relu(z + b[:, None])
            out = torch.bmm(a, v.transpose(1, 2)) + c[:, None]
        self.seen = {"weights": w.dtype, "products": z.dtype}
        return out.float()

    def learn(self) -> None:
        """Train all of them for 50 steps on batches of 32."""
        x, y = (
            torch.stack([getattr(d, name) for d in self.data]) for name in ("x_train", "y_train")
        )
        for step in range(STEPS):
            rows = torch.stack([batch(x.shape[1], BATCH, seed=s, step=step) for s in self.seeds])
            i = torch.arange(len(rows))[:, None]
            loss = functional.cross_entropy(self.outputs(x[i, rows]).flatten(0, 1),
                                            y[i, rows].flatten(), reduction="sum")  # fmt: skip
            self.rule.zero_grad()
            (loss / BATCH).backward()  # a network's gradient does not depend on the others
            self.rule.step()
        self.seen["gradients"] = next(w.grad.dtype for w in self.weights if w.grad is not None)

    def accuracy(self) -> Tensor:
        """Return the share of new digits that each gets right, float64 (networks,)."""
        x, y = (torch.stack([getattr(d, name) for d in self.data]) for name in ("x_test", "y_test"))
        with torch.no_grad():
            return (self.outputs(x).argmax(-1) == y).double().mean(1)


@kept.once
def learned(half: bool, setting: Setting = STATED) -> Readers:
    """Return readers after 50 steps of SGD with momentum 0.9, rate 0.1, on the processor.

    Args:
        half: whether products are made in bfloat16.
        setting: the seeds.
    """
    readers = Readers(setting.seeds, half=half)
    readers.learn()
    return readers


def lost_in_half(setting: Setting = STATED) -> Measured:
    """Compare networks whose products have 8 bits with the same ones at 24 bits.

    Args:
        setting: the seeds.
    """
    setting.only()
    whole, half = (learned(kind, setting).accuracy() for kind in (False, True))
    return {"accuracy lost in bfloat16": interval(whole - half)}


@kept.once
def times_by_batch() -> dict[str, float]:
    """Return the seconds of a training step, per image, for batches of several sizes."""
    device = place()
    found = {}
    for size in BATCHES:
        network = mlp((64, 256, 256, 10)).to(device)
        rule = torch.optim.SGD(network.parameters(), lr=LR)
        x, y = torch.rand(size, 64, device=device), torch.arange(size, device=device) % 10
        step = partial(_step, network, rule, x, y)
        found[f"batches of {size}"] = fastest(step, device, rounds=6) / size
    return found


def _step(network: nn.Module, rule: torch.optim.Optimizer, x: Tensor, y: Tensor) -> None:
    rule.zero_grad()
    functional.cross_entropy(network(x), y).backward()
    rule.step()


def compiler() -> str | None:
    """Return what torch.compile would hand its code to, None where it isn't there.

    A card's code goes through Triton, a processor's through a compiler of C++.
    """
    if place().type == "cuda":
        from torch.utils._triton import has_triton

        return "Triton" if has_triton() else None
    return next(filter(None, map(shutil.which, ("c++", "g++", "clang++"))), None)


def times_compiled(*, rounds: int = 5) -> dict[str, float]:
    """Return a small network's seconds for its answers, as it is and compiled; the first call too.

    Args:
        rounds: how often each is timed.
    """
    device, x = place(), torch.rand(IMAGES, 64)
    network, x = mlp((64, 256, 256, 10), "gelu").to(device), x.to(device)
    quick = torch.compile(network)
    with torch.no_grad():
        start = time.perf_counter()
        quick(x)
        wait(device)
        first = time.perf_counter() - start
        return {
            "as it is": fastest(lambda: network(x), device, rounds=rounds),
            "compiled": fastest(lambda: quick(x), device, rounds=rounds),
            "compiled, the first time": first,
        }
