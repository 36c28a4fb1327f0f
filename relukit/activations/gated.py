r"""Inputs gated by the logistic function or by softplus: $x \cdot g(x)$ with $g$ from 0 to 1."""

import torch
from torch import Tensor, nn

from relukit.activations.arguments import nonnegative
from relukit.activations.declaration import elementwise

# The supremum of the derivative of x * sigmoid(beta * x), the same for every beta > 0.
SWISH_LIPSCHITZ = 1.0998393201288669


def gate(x: Tensor, weight: Tensor) -> Tensor:
    r"""Return $x \cdot g$ with $-\infty \cdot 0 = 0$: the gates vanish faster than $1/x$."""
    return x.clamp(min=torch.finfo(x.dtype).min) * weight


def swish_slope(x: Tensor, beta: float) -> Tensor:
    r"""Return the slope $\sigma(\beta x) + \beta x \sigma(\beta x) \sigma(-\beta x)$ of Swish."""
    if beta == 0:
        return torch.where(x.isnan(), x, 0.5)
    limits = torch.finfo(x.dtype)
    scaled = beta * x
    bounded = scaled.clamp(limits.min, limits.max)  # infinity times 0 would be nan
    open_gate = torch.sigmoid(scaled)
    return open_gate + bounded * open_gate * torch.sigmoid(-scaled)


@elementwise(
    formula=r"x \sigma(x)",
    slope=lambda x: swish_slope(x, 1.0),
    limits=("0", "x"),
    lipschitz=SWISH_LIPSCHITZ,
    source="[Hendrycks2016], [Elfwing2017]",
    title="SiLU",
    in_torch=nn.SiLU,
)
def silu(x: Tensor) -> Tensor:
    r"""Return the sigmoid linear unit $f(x)$, which is Swish with $\beta = 1$.

    Conventions:
        The derivative at 0 is 1/2. $-\infty$ gives 0, the limit, where torch gives nan. -0.0
        stays -0.0.

    Example:
        >>> silu([-1.0, 0.0, 1.0])
        tensor([-0.2689,  0.0000,  0.7311])
    """
    return gate(x, torch.sigmoid(x))


@elementwise(
    formula=r"x \sigma(\beta x)",
    slope=swish_slope,
    limits=("0", "x"),
    lipschitz=lambda beta: SWISH_LIPSCHITZ if beta else 0.5,
    parameters={"beta": nonnegative(r"\beta")},
    source="[Ramachandran2017]",
    title="Swish",
    in_torch=nn.SiLU,
)
def swish(x: Tensor, *, beta: float = 1.0) -> Tensor:
    r"""Return Swish $f(x)$, from $x/2$ at $\beta = 0$ to ReLU as $\beta \to \infty$.

    Args:
        beta: the sharpness of the gate, in one over the units of `x`.

    Conventions:
        The derivative at 0 is 1/2. $-\infty$ gives 0 for $\beta > 0$. -0.0 stays -0.0.

    Example:
        >>> swish([-1.0, 0.0, 1.0], beta=2.0)
        tensor([-0.1192,  0.0000,  0.8808])
    """
    return x / 2 if beta == 0 else gate(x, torch.sigmoid(beta * x))


def _mish_ratio(x: Tensor) -> Tensor:
    growth = torch.exp(x.clamp(max=40))  # from there on the gate is 1 to the last digit
    return growth * (growth + 2)


def _mish_slope(x: Tensor) -> Tensor:
    ratio = _mish_ratio(x)
    squared_sech = 2 / (ratio + 2) * (2 * (ratio + 1) / (ratio + 2))
    bounded = x.clamp(torch.finfo(x.dtype).min, 40)
    return ratio / (ratio + 2) + bounded * squared_sech * torch.sigmoid(x)


@elementwise(
    formula=r"x \tanh(\ln(1 + e^x))",
    slope=_mish_slope,
    limits=("0", "x"),
    lipschitz=1.0884981612517279,
    source="[Misra2019]",
    title="Mish",
    in_torch=nn.Mish,
)
def mish(x: Tensor) -> Tensor:
    r"""Return Mish $f(x)$.

    Conventions:
        The derivative at 0 is 3/5. $-\infty$ gives 0, the limit, where torch gives nan. -0.0
        stays -0.0. The gate is evaluated as $n / (n + 2)$ with $n = e^x (e^x + 2)$.

    Example:
        >>> mish([-1.0, 0.0, 1.0])
        tensor([-0.3034,  0.0000,  0.8651])
    """
    ratio = _mish_ratio(x)
    return gate(x, ratio / (ratio + 2))
