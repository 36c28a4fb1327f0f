"""Random networks of threshold-linear rate units, from a steady state to chaos."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from relukit.gaussian import moments
from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.statistics import Interval, interval
from relukit.streams import generator

N_UNITS = 300
GAINS = (1.0, 1.2, 1.4, 1.6, 1.8, 2.2, 2.6)
BALANCE = 5.0
DT = 0.1


@dataclass(frozen=True, eq=False)
class Course:
    """Random networks that have run for a while.

    Attributes:
        gains: the gains, in the order of the tensors' second axis.
        exponents: largest Lyapunov exponent, (seeds, gains), per time constant of a unit.
        on: the share of units that are on, over units and times, (seeds, gains).
        rates: max(0, x) of the first units of each network over time, (times, seeds, gains, k).
        times: the times of `rates`, (times,), in time constants.
    """

    gains: tuple[float, ...]
    exponents: Tensor
    on: Tensor
    rates: Tensor
    times: Tensor


def couplings(seed: int, n: int = N_UNITS) -> Tensor:
    """Return a random matrix whose entries have mean 0 and variance 1/n, float32 (n, n).

    Args:
        seed: of the matrix.
        n: units.
    """
    stream = torch.Generator().manual_seed(seed)
    return torch.randn(n, n, generator=stream) / math.sqrt(n)


def run(
    gains: tuple[float, ...], matrices: Tensor, *, wait: int = 400, steps: int = 1000
) -> Course:
    r"""Run $\dot x = -x + g J [x]_+ + b(1 - \langle [x]_+ \rangle)$ and a small push beside it.

    The push follows the linearized equation and is brought back to length 1 after every step; the
    mean logarithm of its growth is the largest Lyapunov exponent. Below 0 a push dies out, above
    0 it grows: chaos. The strong common feedback b = 5 holds the mean rate near 1.

    Args:
        gains: values of g, dimensionless.
        matrices: J of each network, (seeds, n, n).
        wait: Euler steps of 0.1 time constants before anything is measured.
        steps: Euler steps that are measured.

    References: [Kadmon2015].
    """
    n_seeds, n, _ = matrices.shape
    g = torch.tensor(gains)
    x = 1 + torch.randn(n_seeds, n, len(gains), generator=generator(0, "start"))
    push = torch.randn(n_seeds, n, len(gains), generator=generator(0, "push"))
    push = push / push.norm(dim=1, keepdim=True)
    growth, seen = torch.zeros(n_seeds, len(gains), dtype=torch.float64), []
    on = torch.zeros_like(growth)
    for step in range(wait + steps):
        rate, passed = x.clamp_min(0), (x > 0) * push
        sums = torch.bmm(matrices, torch.cat([rate, passed], dim=2))
        recurrent, moved = (g * part for part in sums.split(len(gains), dim=2))
        x = x + DT * (recurrent - x + BALANCE * (1 - rate.mean(1, keepdim=True)))
        push = push + DT * (moved - push - BALANCE * passed.mean(1, keepdim=True))
        size = push.norm(dim=1, keepdim=True)
        push = push / size
        if step >= wait:
            growth += size[:, 0].double().log()
            on += (rate > 0).double().mean(1)
            seen.append(rate[:, :4].transpose(1, 2))
    times = DT * torch.arange(steps, dtype=torch.float64)
    exponents = growth / (steps * DT)
    return Course(tuple(gains), exponents, on / steps, torch.stack(seen), times)


@kept.cache
def population(setting: Setting = STATED) -> Course:
    """Return random networks of 300 units at each of `GAINS`; a second call returns the first's.

    Args:
        setting: the seeds of the networks.
    """
    return run(GAINS, torch.stack([couplings(seed) for seed in setting.seeds]))


def chaos_beyond_root_two(setting: Setting = STATED) -> Measured:
    """Measure the largest Lyapunov exponent well below and well above the gain sqrt(2)."""
    exponents = population(setting.only()).exponents
    parts = {}
    for gain in (1.0, 2.2):
        values = interval(exponents[:, GAINS.index(gain)])
        what = f"largest Lyapunov exponent at gain {gain:g}"
        parts[what] = values
    return parts


def resting_share(gain: float) -> float:
    r"""Return the share of units that are on while an endless network is at rest.

    Inputs are then normal with mean $a s$ and deviation $s$, where $s^2$ is $g^2$ times the mean
    square of what passes: $1 = g^2 ((1 + a^2) \Phi(a) + a \varphi(a))$, and $\Phi(a)$ are on. A
    push dies out while $g^2 \Phi(a) < 1$, which holds for $a > 0$: up to $g = \sqrt 2$, $a = 0$.

    Args:
        gain: g, above 0 and not above the root of 2.

    Example:
        >>> round(resting_share(1.0), 3), round(resting_share(2**0.5), 3)
        (0.681, 0.5)
    """
    from scipy.optimize import brentq
    from scipy.stats import norm

    def over(a: float) -> float:
        return (1 + a * a) * norm.cdf(a) + a * norm.pdf(a) - 1 / gain**2

    return float(norm.cdf(brentq(over, -1e-6, 1 / gain)))


def critical_gain() -> Measured:
    """Return the gain at which g^2, times the half of the units that are on, is 1."""
    return {"critical gain": 1 / math.sqrt(moments("relu").slope_second)}


def turning_gain(setting: Setting = STATED) -> Interval:
    """Return where each network's exponent first rises above 0, on straight lines between gains.

    Args:
        setting: the seeds of the networks.
    """
    found = []
    for row in population(setting).exponents.tolist():
        k = next(k for k, value in enumerate(row) if value > 0)
        found.append(GAINS[k - 1] + (GAINS[k] - GAINS[k - 1]) * row[k - 1] / (row[k - 1] - row[k]))
    return interval(found)
