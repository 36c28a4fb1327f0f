r"""Where the 2 in 2/n comes from, measured: sums of n products, cut at 0, under three laws."""

import math
from collections.abc import Callable
from types import MappingProxyType

import numpy as np
import torch
from torch import Tensor

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED
from relukit.statistics import Interval, interval
from relukit.streams import generator

INPUTS, UNITS = 64, 4096  # n, and how many sums of n products each example gives


def _uniform(shape: tuple[int, int], source: torch.Generator) -> Tensor:
    return math.sqrt(3) * (2 * torch.rand(shape, generator=source) - 1)


def _coins(shape: tuple[int, int], source: torch.Generator) -> Tensor:
    return 2.0 * torch.randint(0, 2, shape, generator=source) - 1


def _normal(shape: tuple[int, int], source: torch.Generator) -> Tensor:
    return torch.randn(shape, generator=source)


# three laws of weights, each symmetric and of variance 1
LAWS: MappingProxyType[str, Callable[[tuple[int, int], torch.Generator], Tensor]] = (
    MappingProxyType({"uniform": _uniform, "plus or minus": _coins, "bell-shaped": _normal})
)


def sums(law: str, seed: int) -> tuple[Tensor, Tensor]:
    """Return digits as inputs, (450, 64), and what 4,096 units add up, (450, 4096).

    Args:
        law: a key of `LAWS`; the weights have variance 1/64, so that n times it is 1.
        seed: of the weights and the split of the digits.
    """
    a = STATED.dataset("digits")(seed).x_test
    weight = LAWS[law]((UNITS, INPUTS), generator(seed, f"{law} weights")) / math.sqrt(INPUTS)
    return a, a @ weight.T


@kept.cache
def factors(law: str) -> tuple[Interval, Interval]:
    """Return by how much the sum multiplies the power, and what share of it passes the ReLU.

    Args:
        law: of the weights, whose variance is 1/n.
    """
    added, passed = [], []
    for seed in STATED.seeds:
        a, z = sums(law, seed)
        power = float(z.double().square().mean())
        added.append(power / float(a.double().square().mean()))
        passed.append(float(torch.relu(z).double().square().mean()) / power)
    return interval(added), interval(passed)


def values(law: str) -> np.ndarray:
    """Return the sums of the first seed, flat, for a histogram."""
    return np.asarray(sums(law, 0)[1].flatten().numpy())


def default_divides() -> Measured:
    """Compute by what a layer with PyTorch's weights, uniform up to 1/sqrt(n), divides power."""
    return {"power before over power after": 1 / _kept(1.0)}


def bound_divides() -> Measured:
    """Compute by what a layer with weights that are uniform up to sqrt(2/n) divides power."""
    return {"power before over power after": 1 / _kept(math.sqrt(2))}


def _kept(end: float) -> float:
    """Return n Var[w] / 2 of weights that are uniform up to an end, in units of 1/sqrt(n)."""
    return end**2 / 3 / 2
