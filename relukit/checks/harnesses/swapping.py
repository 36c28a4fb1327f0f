"""How an answer is used that puts ReLU in the place of a trained network's smooth units."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from relukit.checks.call import Answer, Arguments
from relukit.checks.harnesses.watching import watched

if TYPE_CHECKING:
    import torch
    from torch import nn

# what this harness imports in the end; a grader that loads it beforehand pays for it once
LOADS = ("torch", "torch._dynamo")

SMOOTH = ("GELU", "SiLU", "Mish", "ELU", "Softplus", "Tanh")  # each once in the network
STEPS = 200  # that an answer may make
GIVEN, LEARNED, NEW = 1500, 8000, 4000  # signals: an answer's, the network's, held out
LENGTH, CLASSES, WIDTH, NARROW = 32, 10, 64, 6
_RATE, _ROUNDS, _BATCH, _NOISE, _WAVES = 0.01, 500, 256, 0.5, 6
_OTHERS = frozenset(
    (
        *("gelu", "silu", "mish", "elu", "softplus", "tanh", "leaky_relu", "sigmoid", "selu"),
        *("celu", "prelu", "hardtanh", "relu6", "hardswish", "softsign", "rrelu", "logsigmoid"),
    )
)

Pair = tuple["torch.Tensor", "torch.Tensor"]


def as_swapper(answer: Answer, arguments: Arguments) -> object:
    """Let an answer swap the units of a trained network, and look at what has become of it.

    Args:
        answer: takes a torch network, inputs and labels; changes the network or returns another.
        arguments: the seed of signals, network and answer.

    Returns:
        The accuracies on new signals before and after, in percent; the share of the ReLUs' outputs
        that are 0 there, and of units that are 0 on all of them, in percent; the steps that were
        made; and the cosine between the weights before and after. Or a text that says what is
        wrong with the network.
    """
    import torch
    from torch import nn

    (seed,) = arguments
    trained, (x, y), (x_new, y_new) = _trained(seed)
    network = copy.deepcopy(trained)
    shapes = [tuple(part.shape) for part in network.parameters()]
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(seed)
        with _counted(network) as counts:
            returned = answer(network, x.clone(), y.clone())
    made: Any = returned if isinstance(returned, nn.Module) else network
    if [tuple(part.shape) for part in made.parameters()] != shapes:
        return "the network must keep its Linear layers and their sizes"
    made.eval()
    with torch.no_grad():
        wrong, outputs, scores = _run(made, x_new)
        before = float((trained(x_new).argmax(dim=1) == y_new).double().mean())
    if wrong:
        return wrong
    zeros = torch.cat([a.flatten(1) == 0 for a in outputs], dim=1).double()
    after = float((scores.argmax(dim=1) == y_new).double().mean())
    alike = torch.nn.functional.cosine_similarity(_flat(trained), _flat(made), dim=0)
    shares = (before, after, float(zeros.mean()), float((zeros.mean(dim=0) == 1).double().mean()))
    return (*(100 * share for share in shares), max(counts, default=0), float(alike))


def _run(network: "nn.Module", x: "torch.Tensor") -> "tuple[str, list[torch.Tensor], torch.Tensor]":
    """Return what is wrong with a network's units, or "", the ReLUs' outputs, and its scores."""
    with watched(_OTHERS) as (outputs, others):
        scores = network(x)
    kept = [name for name in SMOOTH if any(type(p).__name__ == name for p in network.modules())]
    if kept:
        beside = f", beside {len(outputs)} ReLUs" if outputs else ""
        return f"smooth units are left: {', '.join(kept)}{beside}", outputs, scores
    if others:
        said = f"ReLU is due in place of each smooth unit, and this has {', '.join(sorted(others))}"
        return said, outputs, scores
    if len(outputs) != len(SMOOTH):
        said = f"{len(SMOOTH)} smooth units were there, and there are {len(outputs)} ReLUs now"
        return said, outputs, scores
    return "", outputs, scores


@contextmanager
def _counted(network: "nn.Module") -> "Iterator[list[int]]":
    """Count the steps of optimizers, and how often each weight of a network gets a gradient."""
    from torch.optim.optimizer import register_optimizer_step_post_hook

    parameters = list(network.parameters())
    counts = [0] * (1 + len(parameters))

    def count(place: int) -> None:
        counts[place] += 1

    hooks = [
        register_optimizer_step_post_hook(lambda *_: count(0)),
        *(
            part.register_post_accumulate_grad_hook(lambda _, place=place: count(place))
            for place, part in enumerate(parameters, start=1)
        ),
    ]
    try:
        yield counts
    finally:
        for hook in hooks:
            hook.remove()


def _flat(network: "nn.Module") -> "torch.Tensor":
    import torch

    return torch.cat([part.detach().double().flatten() for part in network.parameters()])


def signals(seed: int, n: int) -> Pair:
    """Return signals (n, LENGTH), float32, and the names of their kinds: a wave, shifted anywhere.

    Args:
        seed: of the kinds and the signals.
        n: how many.
    """
    import torch

    draw = np.random.default_rng(seed)
    angles = 2 * np.pi * np.outer(np.arange(1, _WAVES + 1), np.arange(LENGTH)) / LENGTH
    parts = np.concatenate([np.cos(angles), np.sin(angles)])
    waves = draw.normal(size=(CLASSES, len(parts))) @ parts
    waves /= waves.std(axis=1, keepdims=True)
    kinds, shifts = draw.integers(0, CLASSES, n), draw.integers(0, LENGTH, n)
    shifted = waves[kinds[:, None], (np.arange(LENGTH) + shifts[:, None]) % LENGTH]
    x = shifted * draw.uniform(0.7, 1.3, (n, 1)) + _NOISE * draw.normal(size=(n, LENGTH))
    return torch.tensor(x, dtype=torch.float32), torch.tensor(kinds)


@lru_cache(maxsize=2)
def _trained(seed: int) -> "tuple[nn.Module, Pair, Pair]":
    """Return a trained network, the signals that an answer gets, and those that are held out."""
    import torch

    x, y = signals(seed, LEARNED + NEW)
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(seed + 1_000_003)  # an answer that draws anew draws otherwise
        network = smooth_network()
        optimizer = torch.optim.Adam(network.parameters(), lr=_RATE)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=_ROUNDS)
        for _ in range(_ROUNDS):
            rows = torch.randint(LEARNED, (_BATCH,))
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(network(x[rows]), y[rows]).backward()
            optimizer.step()
            schedule.step()
        optimizer.zero_grad()
    return network, (x[:GIVEN], y[:GIVEN]), (x[LEARNED:], y[LEARNED:])


def smooth_network() -> "nn.Module":
    """Return an untrained network with each of SMOOTH once, at three depths of nesting."""
    from torch import nn

    first, second, third, *narrow = (getattr(nn, name)() for name in SMOOTH)

    def linear_then(unit: nn.Module, units: int) -> nn.Sequential:
        return nn.Sequential(nn.Linear(WIDTH, units), unit)

    return nn.Sequential(
        nn.Linear(LENGTH, WIDTH),
        first,
        _around([linear_then(second, WIDTH)], WIDTH),
        _around([linear_then(unit, NARROW) for unit in narrow], len(narrow) * NARROW),
        _around([linear_then(third, WIDTH)], WIDTH),
        nn.Linear(WIDTH, CLASSES),
    )


def _around(branches: "list[nn.Module]", units: int) -> "nn.Module":
    """Return a module that adds to its input what branches make of it."""
    import torch
    from torch import nn

    class Around(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.branches = nn.ModuleList(branches)
            self.last = nn.Linear(units, WIDTH)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            found: torch.Tensor = self.last(torch.cat([part(x) for part in self.branches], dim=-1))
            return x + found

    return Around()
