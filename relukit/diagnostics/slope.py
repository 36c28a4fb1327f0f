"""The slope that automatic differentiation reports."""

from collections.abc import Callable

import torch
from torch import Tensor


def slope(function: Callable[[Tensor], Tensor], at: float) -> float:
    """Return the slope that automatic differentiation reports at one point, in float64."""
    x = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(function(x), x)
    return float(gradient)
