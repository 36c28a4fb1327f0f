"""Experiments on the ends of float32: formulas written as they stand, and tails that vanish."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from relukit.diagnostics import slope
from relukit.ledger.finding import Measured


def tanh_as_written(x: Tensor) -> Tensor:
    """Return tanh from its definition by exponentials, as the formula stands."""
    up, down = torch.exp(x), torch.exp(-x)
    return (up - down) / (up + down)


def sigmoid_as_written(x: Tensor) -> Tensor:
    """Return the logistic function as the formula stands."""
    return 1 / (1 + torch.exp(-x))


def elu_as_written(x: Tensor) -> Tensor:
    """Return ELU with alpha 1 as its two cases stand: both are computed, one is kept."""
    return torch.where(x > 0, x, torch.exp(x) - 1)


Elementwise = Callable[[Tensor], Tensor]
WRITTEN: dict[str, tuple[Elementwise, Elementwise]] = {
    "tanh": (tanh_as_written, torch.tanh),
    "sigmoid": (sigmoid_as_written, torch.sigmoid),
    "elu": (elu_as_written, torch.nn.functional.elu),
}


def value_and_slope(function: Elementwise, at: float) -> tuple[float, float]:
    """Return a function and its automatic derivative at one point, in float32.

    Args:
        function: from a tensor to one of the same shape.
        at: the point, dimensionless.
    """
    x = torch.tensor(at, dtype=torch.float32, requires_grad=True)
    y = function(x)
    (gradient,) = torch.autograd.grad(y, x)
    return y.item(), gradient.item()


def nans_at(reach: float) -> list[str]:
    """Return which values and slopes of the written formulas are nan at -reach or at reach.

    Args:
        reach: a positive input, dimensionless.
    """
    found = []
    for name, (written, _) in WRITTEN.items():
        for x in (-reach, reach):
            parts = zip(("value", "slope"), value_and_slope(written, x), strict=True)
            found += [f"{name}: {what} at {x:g}" for what, got in parts if math.isnan(got)]
    return found


def largest_error(reach: float) -> float:
    """Return the largest error in float32 of the written formulas on [-reach, reach].

    Args:
        reach: a positive input, dimensionless.
    """
    x = torch.linspace(-reach, reach, 2001)
    return max(float((ours(x) - torchs(x)).abs().max()) for ours, torchs in WRITTEN.values())


def hand_written() -> Measured:
    """Run three written formulas and their slopes in float32 near 0 and at 100."""
    bad = len(nans_at(100.0))
    return {
        "largest error between -5 and 5": largest_error(5.0),
        "values and slopes that are nan at -100 or 100": bad,
    }


def gelu_as_written(x: Tensor) -> Tensor:
    """Return GELU as x/2 (1 + erf(x / sqrt 2)), as the formula stands."""
    return x / 2 * (1 + torch.erf(x / math.sqrt(2)))


def gelu_formula() -> Measured:
    """Compare the written GELU with x times SciPy's normal distribution function, in float64."""
    from scipy.stats import norm

    x = torch.linspace(-10, 10, 2001, dtype=torch.float64)
    gap = (gelu_as_written(x) - x * torch.from_numpy(norm.cdf(x.numpy()))).abs().max()
    what = "largest gap to x times the normal distribution function, in float64"
    return {what: float(gap)}


def half_at_the_kink() -> Measured:
    """Take the slope at 0 that torch reports for relu, and for the maximum of x and 0."""
    spellings = {
        "torch.relu": torch.relu,
        "torch.maximum with 0": lambda x: torch.maximum(x, torch.zeros_like(x)),
    }
    return {f"slope of {name} at 0": slope(f, 0.0) for name, f in spellings.items()}
