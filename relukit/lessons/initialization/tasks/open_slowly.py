"""A task of lesson 05 on a floor that opens from 0: a way around any block of torch."""

import copy
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, vector
from relukit.checks.harnesses.floors import as_wrapper
from relukit.checks.task import Misconception, Task

ERROR = 1e-5  # beside the largest number of its kind, and 1; the task's text states it
PARTS = (
    "at the start, x itself is to come out",
    "at the start, alpha's gradient is the sum of block(x) times what comes back",
    "at the start, the gradient goes around the block, to x, as it is",
    "while alpha is 0 the block's weights get no gradient",
    "with alpha at a, x + a * block(x) is to come out",
    "with alpha at a, the block's weights get a times their own gradient",
)


def floor_with(forward, *, start=0.0, shape=()):
    """Return an answer whose floor has a block, one number alpha, and this forward."""

    def answer(block):
        import torch
        from torch import nn

        class Floor(nn.Module):
            def __init__(self):
                super().__init__()
                self.block = block
                self.alpha = nn.Parameter(torch.full(shape, start))

            def forward(self, x):
                return forward(x, self.block, self.alpha)

        return Floor()

    return answer


_MODEL = floor_with(lambda x, block, alpha: x + alpha * block(x))


def open_slowly(weights, biases, activation, x, slope, alpha):
    return as_wrapper(_MODEL, (weights, biases, activation, x, slope, alpha))


def _compare(arguments: Arguments, expected: Any, got: Any) -> str | None:
    if isinstance(expected, str):  # two wrong answers, compared
        return None if got == expected else "another"
    if isinstance(got, str) and got:
        return got
    for said, wanted, part in zip(PARTS, expected, _numbers(got), strict=True):
        room = ERROR * (1 + np.abs(wanted).max(initial=0.0))
        whole = part is not None and part.shape == wanted.shape
        if not whole or not (np.abs(wanted - part) <= room).all():
            return said
    return None


def _numbers(got: Any) -> list[np.ndarray | None]:
    """Return the parts as vectors; None for each that is none."""
    if not isinstance(got, tuple | list) or len(got) != len(PARTS):
        return [None] * len(PARTS)
    return [vector(part) for part in got]


def _case(
    seed: int, *, width: int = 3, n: int = 2, inner: int = 4, alpha: float = 0.5, activation="ReLU"
):
    rng = np.random.default_rng(seed)
    weights = (rng.integers(-3, 4, (inner, width)) / 2, rng.integers(-3, 4, (width, inner)) / 2)
    biases = (rng.integers(-1, 2, inner) / 2, rng.integers(-1, 2, width) / 2)
    x = rng.integers(-4, 5, (n, width)) / 2
    slope = rng.integers(-2, 3, (n, width)) / 2
    return weights, biases, activation, x, slope, alpha


def _redrawn(rng: np.random.Generator) -> tuple[Arguments, ...]:
    return tuple(
        _case(int(rng.integers(2**31)), width=int(rng.integers(2, 6)), alpha=float(a))
        for a in rng.choice([-1.0, 0.25, 2.0], 3)
    )


def _plain_number(block):
    import torch
    from torch import nn

    class Floor(nn.Module):
        def __init__(self):
            super().__init__()
            self.block = block
            self.alpha = torch.zeros(())

        def forward(self, x):
            return x + self.alpha * self.block(x)

    return Floor()


def _frozen(block):
    made = _MODEL(block)
    made.alpha.requires_grad_(False)
    return made


def _hidden(block):
    made = _MODEL(block)
    del made.block
    made.__dict__["block"] = block
    return made


def _emptied(block):
    import torch

    with torch.no_grad():
        block[-1].weight.zero_()
        block[-1].bias.zero_()
    return _MODEL(block)


def _detached(x, block, alpha):
    return x + alpha * block(x).detach()


TASK = Task(
    points=2,
    title="A layer that opens slowly",
    minutes=15,
    difficulty="medium",
    why="Eight lines let fifty layers learn, whatever stands in them.",
    hints=(
        "What must come out while alpha is 0? And what makes a number one that an optimizer moves?",
        "A class of nn.Module keeps the block and nn.Parameter(torch.zeros(())) as attributes; its"
        " forward returns x + alpha * block(x).",
        "class Opening(nn.Module):",
    ),
    reference=open_slowly,
    boundary=(
        _case(0),
        _case(1, alpha=-1.0),
        _case(2, width=5, n=4, alpha=2.0),
        _case(3, activation="Tanh"),
        _case(4, width=1, n=1, inner=1),
    ),
    redrawn=_redrawn,
    compare=_compare,
    harness=as_wrapper,
    several=True,
    misconceptions=(
        Misconception(
            "alpha is a plain tensor here, which no optimizer sees: nn.Parameter(torch.zeros(()))",
            _plain_number,
        ),
        Misconception("alpha is frozen here: it has to be learned", _frozen),
        Misconception(
            "alpha begins at 1: that is a plain way around, and fifty of them explode",
            floor_with(lambda x, block, alpha: x + alpha * block(x), start=1.0),
        ),
        Misconception(
            "alpha begins a little above 0: then the layer is not x itself at the start",
            floor_with(lambda x, block, alpha: x + alpha * block(x), start=0.01),
        ),
        Misconception(
            "this opens the block and leaves out the way around: at the start nothing comes out",
            floor_with(lambda x, block, alpha: alpha * block(x)),
        ),
        Misconception(
            "this shuts the way around while the block opens: x stays whole",
            floor_with(lambda x, block, alpha: (1 - alpha) * x + alpha * block(x)),
        ),
        Misconception(
            "this multiplies x as well: at the start nothing comes out",
            floor_with(lambda x, block, alpha: alpha * (x + block(x))),
        ),
        Misconception(
            "this multiplies what goes into the block: what comes out of it is to be multiplied",
            floor_with(lambda x, block, alpha: x + block(alpha * x)),
        ),
        Misconception(
            "alpha is squared here: then its gradient at 0 is 0, and it never opens",
            floor_with(lambda x, block, alpha: x + alpha**2 * block(x)),
        ),
        Misconception(
            "the block's weights get no gradient here: don't detach what it gives",
            floor_with(_detached),
        ),
        Misconception(
            "this keeps a copy of the block: whoever gave it to you still holds the one that does"
            " not learn",
            lambda block: _MODEL(copy.deepcopy(block)),
        ),
        Misconception(
            "the module does not know the block, so no optimizer finds its weights: self.block ="
            " block",
            _hidden,
        ),
        Misconception(
            "this empties the block's last layer: alpha at 0 is enough, the block stays as it is",
            _emptied,
        ),
        Misconception(
            "there is one alpha for each unit here: one number for the whole layer is asked for",
            floor_with(lambda x, block, alpha: x + alpha.mean() * block(x), shape=(2,)),
        ),
        Misconception(
            "this is a function: a module is asked for, so that its parameters can be learned",
            lambda block: lambda x: x,
        ),
    ),
)
