"""Piecewise-linear activations: straight lines joined at kinks, and the step between them."""

import math
from functools import partial

import torch
from torch import Tensor, nn

from relukit.activations.arguments import nonnegative
from relukit.activations.declaration import elementwise


def level(x: Tensor, condition: Tensor, yes: float, no: float | Tensor) -> Tensor:
    """Return the slope of two straight pieces: one of two constants, and nan where x is nan."""
    return torch.where(x.isnan(), x, torch.where(condition, torch.full_like(x, yes), no))


@elementwise(
    formula=r"H(x) = 1 \text{ if } x > 0 \text{ else } 0",
    slope=lambda x: torch.where(x.isnan(), x, 0.0),
    limits=("0", "1"),
    lipschitz=math.inf,
    kinks=(0.0,),
    source="[McCulloch1943]",
)
def step(x: Tensor) -> Tensor:
    """Return the Heaviside step $f(x)$.

    Conventions:
        H(0) = H(-0.0) = 0, so that the step is the derivative of `relu` everywhere. Its own
        derivative is 0, also at the jump.

    Example:
        >>> step([-1.0, 0.0, 2.0])
        tensor([0., 0., 1.])
    """
    return level(x, x > 0, 1.0, 0.0)


@elementwise(
    formula=r"\max(0, x)",
    slope=lambda x: level(x, x > 0, 1.0, 0.0),
    limits=("0", "x"),
    lipschitz=1.0,
    kinks=(0.0,),
    source="[Nair2010]; an earlier use is [Fukushima1969].",
    title="ReLU",
    in_torch=nn.ReLU,
)
def relu(x: Tensor) -> Tensor:
    r"""Return the rectified linear unit $f(x)$.

    Conventions:
        The derivative at 0 is 0 (any number in [0, 1] is a subgradient). -0.0 gives a zero,
        whose sign depends on the machine; nan stays nan, and $-\infty$ gives 0.

    Example:
        >>> relu([-2.0, 0.0, 3.0])
        tensor([0., 0., 3.])
    """
    return torch.relu(x)


@elementwise(
    formula=r"|x|",
    slope=lambda x: torch.where(x.isnan(), x, x.sign()),
    limits=("-x", "x"),
    lipschitz=1.0,
    kinks=(0.0,),
    source="[Jarrett2009]",
    in_torch=torch.abs,
)
def absolute(x: Tensor) -> Tensor:
    r"""Return the absolute value $f(x)$, $\max(-x, x)$, the full-wave rectifier.

    Conventions:
        The derivative at 0 is 0, the middle of the subgradients [-1, 1]. -0.0 gives 0.0.

    Example:
        >>> absolute([-2.0, 0.0, 3.0])
        tensor([2., 0., 3.])
    """
    return x.abs()


@elementwise(
    formula=r"\min(\max(0, x), 6)",
    slope=lambda x: level(x, (x > 0) & (x < 6), 1.0, 0.0),
    limits=("0", "6"),
    lipschitz=1.0,
    kinks=(0.0, 6.0),
    source="[Krizhevsky2010]",
    title="ReLU6",
    in_torch=nn.ReLU6,
)
def relu6(x: Tensor) -> Tensor:
    """Return the capped rectifier $f(x)$.

    Conventions:
        The derivative is 0 at both kinks, 0 and 6. -0.0 gives a zero of either sign.

    Example:
        >>> relu6([-2.0, 3.0, 8.0])
        tensor([0., 3., 6.])
    """
    return nn.functional.relu6(x)


@elementwise(
    formula=r"\max(-a, x)",
    slope=lambda x, shift: level(x, x > -shift, 1.0, 0.0),
    limits=("-a", "x"),
    lipschitz=1.0,
    kinks=lambda shift: (-shift,),
    parameters={"shift": nonnegative("a")},
    source="[Clevert2015]",
    title="shifted ReLU",
    in_torch=partial(nn.Threshold, -1.0, -1.0),
)
def shifted_relu(x: Tensor, *, shift: float = 1.0) -> Tensor:
    """Return the shifted rectifier $f(x)$.

    Args:
        shift: the distance of the kink from 0, in the units of `x`.

    Conventions:
        The derivative at the kink `-shift` is 0. "SReLU" is also the name of another function,
        the S-shaped rectifier.

    Example:
        >>> shifted_relu([-2.0, 0.0, 3.0])
        tensor([-1.,  0.,  3.])
    """
    return torch.where(x <= -shift, -shift, x)
