"""How answers are used that save a run: it is trained, lost, restored and finished."""

from typing import TYPE_CHECKING

import numpy as np

from relukit.checks.call import Answer, Arguments
from relukit.checks.harnesses.learning import flat

if TYPE_CHECKING:
    import torch
    from torch import nn

# what this harness imports in the end; a grader that loads it beforehand pays for it once
LOADS = ("torch", "torch._dynamo")

CLASSES, INPUTS = 3, 5  # of what is learned


class Interruptible:
    """A network that is being trained on numbers drawn from a generator.

    Args:
        method: "SGD" with momentum 0.9, or "Adam".
        normalized: whether batch normalization stands behind the first layer.
        seed: of the weights and of the generator.
    """

    def __init__(self, method: str, normalized: bool, seed: int) -> None:
        import torch
        from torch import nn

        from relukit.networks import mlp

        self.network = mlp((INPUTS, 8, CLASSES), seed=seed, dtype=torch.float64)
        if normalized:
            self.network.insert(1, nn.BatchNorm1d(8, dtype=torch.float64))
        options = {"lr": 0.1, "momentum": 0.9} if method == "SGD" else {"lr": 0.01}
        self.optimizer = getattr(torch.optim, method)(self.network.parameters(), **options)
        self.generator = torch.Generator().manual_seed(seed)

    @property
    def parts(self) -> "tuple[nn.Sequential, torch.optim.Optimizer, torch.Generator]":
        """What a run consists of."""
        return self.network, self.optimizer, self.generator

    def advance(self, steps: int) -> None:
        """Train for so many steps of 8 examples."""
        import torch

        for _ in range(steps):
            x = torch.randn(8, INPUTS, generator=self.generator, dtype=torch.float64)
            y = x[:, :CLASSES].argmax(1)
            self.optimizer.zero_grad()
            torch.nn.functional.cross_entropy(self.network(x), y).backward()
            self.optimizer.step()

    def lower(self, times: int) -> None:
        """Halve the learning rate so many times."""
        for group in self.optimizer.param_groups:
            group["lr"] /= 2**times

    def state(self) -> np.ndarray:
        """Return all numbers of the network, float64: weights, biases, and running averages."""
        return flat(self.network.state_dict().values())

    def aspects(self) -> dict[str, object]:
        """Return all that saving must not change, each under what is said of it."""
        held = self.optimizer.state_dict()
        memory = [v for entry in held["state"].values() for v in entry.values() if v is not None]
        slopes = [p.grad for p in self.network.parameters()]
        return {
            "the network": self.state().tolist(),
            "the network's mode, train or eval": [m.training for m in self.network.modules()],
            "the gradients": [None if s is None else s.tolist() for s in slopes],
            "requires_grad": [p.requires_grad for p in self.network.parameters()],
            "the optimizer": [[v.tolist() for v in memory], str(held["param_groups"])],
            "the generator": self.generator.get_state().tolist(),
        }

    def next_draws(self) -> np.ndarray:
        """Return what the generator would draw next, and leave it as it is."""
        import torch

        twin = torch.Generator()
        twin.set_state(self.generator.get_state())
        return torch.rand(4, generator=twin).numpy()

    def finish(self, steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the state and the next draws, and the state after so many steps more."""
        found = self.state(), self.next_draws()
        self.advance(steps)
        return *found, self.state()


def _tools() -> list[object]:
    """Return what a run is made with: whoever replaces it saves nothing."""
    import torch

    classes = (Interruptible, torch.optim.SGD, torch.optim.Adam, torch.nn.Module, torch.Generator)
    return [*map(dict, map(vars, classes)), torch.randn, torch.nn.functional.cross_entropy]


def through_a_power_cut(answer: Answer, arguments: Arguments) -> object:
    """Train, let the answer save, train on, lose all, let the answer restore, and finish.

    Another run is saved in between: what is kept aside, and not returned, is that one's.

    Args:
        answer: takes a network, an optimizer and a generator, and returns what it saves of them;
            with that as a fourth argument, puts it back into other ones.
        arguments: method and normalized as for `Interruptible`; the steps before saving, those
            that are lost, and those after restoring; the seed; how often the rate is halved.

    Returns:
        What `Interruptible.finish` returns of the restored run.
    """
    import torch

    method, normalized, before, lost, after, seed, halvings = arguments
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        first, other, second = (Interruptible(method, normalized, seed + i) for i in range(3))
        first.advance(before)
        first.lower(halvings)
        other.advance(1)
        tools, kept = _tools(), first.aspects()
        saved = answer(*first.parts)
        if saved is None:
            return "without a fourth argument it must return what it saves, and it returns None"
        found = first.aspects()
        for name, value in kept.items():
            if found[name] != value:
                return f"saving changes {name}: the run must be able to go on"
        answer(*other.parts)
        first.advance(lost)
        parts = second.parts
        answer(*parts, saved)
        if _tools() != tools:
            return "it replaces parts of torch or of the check: return what you keep, put that back"
        if any(a is not b for a, b in zip(parts, second.parts, strict=True)):
            return "network, optimizer and generator must be the ones that were given"
        return second.finish(after)
