"""Saturating activations: bounded on both sides, with a derivative that vanishes far from 0."""

import torch
from torch import Tensor, nn

from relukit.activations.declaration import elementwise


def _sigmoid_slope(x: Tensor) -> Tensor:
    return torch.sigmoid(x) * torch.sigmoid(-x)  # 1 - sigmoid(x) would cancel


@elementwise(
    formula=r"\frac{1}{1 + e^{-x}}",
    slope=_sigmoid_slope,
    limits=("0", "1"),
    lipschitz=0.25,
    source="[Rumelhart1986]",
    in_torch=nn.Sigmoid,
)
def sigmoid(x: Tensor) -> Tensor:
    r"""Return the logistic function $f(x)$, also written $\sigma(x)$.

    Conventions:
        The derivative at 0 is 1/4. In float32 the result is exactly 1 from about 17 on, and 0
        below about -89, where the true value is smaller than any normal number.

    Example:
        >>> sigmoid([-2.0, 0.0, 2.0])
        tensor([0.1192, 0.5000, 0.8808])
    """
    return torch.sigmoid(x)


@elementwise(
    formula=r"\tanh x",
    slope=lambda x: 4 * _sigmoid_slope(2 * x),  # 1 - tanh(x)**2 would cancel
    limits=("-1", "1"),
    lipschitz=1.0,
    source="[LeCun1998]",
    in_torch=nn.Tanh,
)
def tanh(x: Tensor) -> Tensor:
    r"""Return the hyperbolic tangent $f(x)$, which is $2 \sigma(2x) - 1$.

    Conventions:
        The derivative at 0 is 1. In float32 the result is exactly 1 from about 9 on. -0.0 stays
        -0.0.

    Example:
        >>> tanh([-1.0, 0.0, 1.0])
        tensor([-0.7616,  0.0000,  0.7616])
    """
    return torch.tanh(x)


@elementwise(
    formula=r"\frac{x}{1 + |x|}",
    slope=lambda x: (1 + x.abs()).square().reciprocal(),
    limits=("-1", "1"),
    lipschitz=1.0,
    source="[Glorot2010]",
    in_torch=nn.Softsign,
)
def softsign(x: Tensor) -> Tensor:
    r"""Return softsign $f(x)$, which saturates algebraically.

    Conventions:
        The derivative at 0 is 1, from both sides. $\pm\infty$ gives $\pm 1$, the limits, where
        torch gives nan. -0.0 stays -0.0.

    Example:
        >>> softsign([-1.0, 0.0, 3.0])
        tensor([-0.5000,  0.0000,  0.7500])
    """
    limits = torch.finfo(x.dtype)
    bounded = x.clamp(limits.min, limits.max)  # infinity over infinity would be nan
    return bounded / (1 + bounded.abs())
