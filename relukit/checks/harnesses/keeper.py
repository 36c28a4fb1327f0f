"""How an answer is used that keeps a network able to learn, one task after the other."""

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from relukit.checks.call import Answer, Arguments
from relukit.checks.harnesses.learning import flat

if TYPE_CHECKING:
    import torch
    from torch import nn

# what this harness imports in the end; a grader that loads it beforehand pays for it once
LOADS = ("torch", "torch._dynamo")

# as the text of keep_learning states
TASKS, STEPS, IMAGES, BATCH = 20, 80, 320, 64
RATE, MOMENTUM = 0.03, 0.9
WIDTHS = (64, 32, 32, 32, 10)
NETWORKS = 2
LAST = 5  # tasks that count
KEPT = 0.9  # of the images must be answered after a call as before it


def as_keeper(answer: Answer, arguments: Arguments) -> object:
    """Return how much networks learn of their last tasks, or what a call has broken.

    Args:
        answer: takes a torch network, its optimizer and the images of the task that it has just
            learned; changes what it wants to in place. It's called after each task.
        arguments: the seed of the networks and of their tasks.

    Returns:
        How much is learned of the last tasks, in percent: how many of each task's images are right
        after its steps, on average; and in words what the calls changed. Or a text that says what
        is wrong.
    """
    import torch

    (seed,) = arguments
    shares: list[float] = []
    changed = ""
    with torch.random.fork_rng(devices=[]):
        for member in range(NETWORKS):
            torch.manual_seed(NETWORKS * seed + member)
            found = _twenty(answer)
            if isinstance(found, str):
                return found
            if not found[1]:
                return "no call changed anything: neither a weight nor the optimizer"
            shares += found[0][-LAST:]
            changed = found[1]
    return 100 * float(np.mean(shares)), changed


def _twenty(answer: Answer) -> tuple[list[float], str] | str:
    """Let one network learn all tasks; the global stream of torch decides what is drawn."""
    import torch

    from relukit.datasets import digits

    images, network = digits().x_train, _network()
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE, momentum=MOMENTUM)
    drawn = torch.Generator().manual_seed(int(torch.randint(2**31, ())))
    shares: list[float] = []
    changed: set[str] = set()
    for _ in range(TASKS):
        x = images[torch.randperm(len(images), generator=drawn)[:IMAGES]]
        y = torch.randint(WIDTHS[-1], (IMAGES,), generator=drawn)
        _learn(network, optimizer, (x, y), drawn)
        with torch.no_grad():
            shares.append(float((network(x).argmax(1) == y).double().mean()))
            wrong, what = _called(answer, network, optimizer, x)
        if wrong:
            return wrong
        changed |= what
    return shares, ", ".join(sorted(changed))


def _network() -> "nn.Sequential":
    """Return a ReLU network with He's weights, and biases at 0."""
    from torch import nn

    layers: list[nn.Module] = []
    for n, m in itertools.pairwise(WIDTHS):
        made = nn.Linear(n, m)
        nn.init.normal_(made.weight, std=math.sqrt(2 / n))
        nn.init.zeros_(made.bias)
        layers += [made, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def _learn(
    network: "nn.Module",
    optimizer: "torch.optim.Optimizer",
    data: "tuple[torch.Tensor, torch.Tensor]",
    drawn: "torch.Generator",
) -> None:
    """Let a network make the steps of one task."""
    import torch

    x, y = data
    per_epoch = IMAGES // BATCH
    with torch.enable_grad():
        for step in range(STEPS):
            if step % per_epoch == 0:
                order = torch.randperm(IMAGES, generator=drawn).split(BATCH)
            rows = order[step % per_epoch]
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(network(x[rows]), y[rows]).backward()
            optimizer.step()


def _called(
    answer: Answer,
    network: "nn.Sequential",
    optimizer: "torch.optim.Optimizer",
    x: "torch.Tensor",
) -> tuple[str, set[str]]:
    """Call an answer; return what is wrong, or "", and what it has changed."""
    import torch

    parts, held = list(network), [id(part) for part in network.parameters()]
    before = [part.detach().clone() for part in network.parameters()]
    group = optimizer.param_groups[0]
    rate, decay, said = group["lr"], group["weight_decay"], network(x).argmax(1)
    returned = answer(network, optimizer, x.clone())
    if isinstance(returned, torch.nn.Module) and returned is not network:
        return "a new network is returned: change the one given, in place", set()
    if len(network) != len(parts) or any(a is not b for a, b in zip(network, parts, strict=True)):
        return "the network has other layers now: keep them, and change what is in them", set()
    after = list(network.parameters())
    if [id(part) for part in after] != held or any(
        a.shape != b.shape or not a.requires_grad for a, b in zip(after, before, strict=True)
    ):
        return (
            "a weight is another tensor now, which the optimizer doesn't know: write into it, as in"
            " linear.weight[dormant] = ...",
            set(),
        )
    if not np.isfinite(flat(after)).all():
        return "a weight or bias is nan or infinite", set()
    kept = float((network(x).argmax(1) == said).double().mean())
    into = [(a != b).any(1) for a, b in zip(after[:-2:2], before[:-2:2], strict=True)]
    out = [(a != b).any(0) for a, b in zip(after[2::2], before[2::2], strict=True)]
    if kept < KEPT:
        return _lost(after, into, out), set()
    flags = {
        "the rate": group["lr"] != rate,
        "the decay": group["weight_decay"] != decay,
        "weights into units": any(map(bool, map(torch.any, into))),
        "weights out of units": any(map(bool, map(torch.any, out))),
        "something else": any(bool((a != b).any()) for a, b in zip(after, before, strict=True)),
    }
    return "", {name for name, true in flags.items() if true} | _forgot(optimizer)


def _forgot(optimizer: "torch.optim.Optimizer") -> set[str]:
    """Return whether the momentum of all is 0 now."""
    moved = [state.get("momentum_buffer") for state in optimizer.state.values()]
    gone = all(one is None or not bool(one.any()) for one in moved)
    return {"the momentum"} if gone else set()


def _lost(
    after: "Sequence[torch.Tensor]", into: "list[torch.Tensor]", out: "list[torch.Tensor]"
) -> str:
    """Return why fewer answers stay than must."""
    due = f"fewer than {100 * KEPT:.0f} % of the images are answered as before the call: "
    if all(bool(one.all()) for one in into):
        return due + "every unit begins anew, and what was learned is gone; the living must stay"
    for weight, fresh in zip(after[2::2], into, strict=True):
        if bool((weight[:, fresh] != 0).any()):
            return due + "what leaves a unit with fresh weights must be 0, so that nobody hears it"
    return due + "units were silenced that the network needs: only the dormant begin anew"
