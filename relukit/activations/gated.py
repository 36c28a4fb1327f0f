r"""Inputs gated by the logistic function or by softplus: $x \cdot g(x)$ with $g$ from 0 to 1."""

import torch
from torch import Tensor

from relukit.activations.arguments import Numbers, elementwise, nonnegative
from relukit.activations.definition import Activation

# The supremum of the derivative of x * sigmoid(beta * x), the same for every beta > 0.
SWISH_LIPSCHITZ = 1.0998393201288669


def gate(x: Tensor, weight: Tensor) -> Tensor:
    r"""Return $x \cdot g$ with $-\infty \cdot 0 = 0$: the gates vanish faster than $1/x$."""
    return x.clamp(min=torch.finfo(x.dtype).min) * weight


@elementwise()
def silu(x: Numbers) -> Tensor:
    r"""Return the sigmoid linear unit $x \sigma(x)$, which is Swish with $\beta = 1$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers.

    Conventions:
        The derivative at 0 is 1/2. $-\infty$ gives 0, the limit, where torch gives nan. -0.0
        stays -0.0.

    References:
        [Hendrycks2016], [Elfwing2017]

    Example:
        >>> silu([-1.0, 0.0, 1.0])
        tensor([-0.2689,  0.0000,  0.7311])
    """
    return gate(x, torch.sigmoid(x))


@elementwise()
def _silu_slope(x: Tensor) -> Tensor:
    return swish_slope(x, beta=1.0)


@elementwise(beta=nonnegative)
def swish(x: Numbers, *, beta: float = 1.0) -> Tensor:
    r"""Return Swish $x \sigma(\beta x)$, from $x/2$ at $\beta = 0$ to ReLU as $\beta \to \infty$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.
        beta: the sharpness $\beta \ge 0$ of the gate, in one over the units of `x`.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers, or `beta` is not a number.
        InvalidValueError: `beta` is negative or not finite.

    Conventions:
        The derivative at 0 is 1/2. $-\infty$ gives 0 for $\beta > 0$. -0.0 stays -0.0.

    References:
        [Ramachandran2017]

    Example:
        >>> swish([-1.0, 0.0, 1.0], beta=2.0)
        tensor([-0.1192,  0.0000,  0.8808])
    """
    return x / 2 if beta == 0 else gate(x, torch.sigmoid(beta * x))


@elementwise(beta=nonnegative)
def swish_slope(x: Tensor, *, beta: float) -> Tensor:
    r"""Return the slope $\sigma(\beta x) + \beta x \sigma(\beta x) \sigma(-\beta x)$ of Swish."""
    if beta == 0:
        return torch.where(x.isnan(), x, 0.5)
    limits = torch.finfo(x.dtype)
    scaled = beta * x
    bounded = scaled.clamp(limits.min, limits.max)  # infinity times 0 would be nan
    open_gate = torch.sigmoid(scaled)
    return open_gate + bounded * open_gate * torch.sigmoid(-scaled)


@elementwise()
def mish(x: Numbers) -> Tensor:
    r"""Return Mish $x \tanh(\ln(1 + e^x))$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers.

    Conventions:
        The derivative at 0 is 3/5. $-\infty$ gives 0, the limit, where torch gives nan. -0.0
        stays -0.0. The gate is evaluated as $n / (n + 2)$ with $n = e^x (e^x + 2)$.

    References:
        [Misra2019]

    Example:
        >>> mish([-1.0, 0.0, 1.0])
        tensor([-0.3034,  0.0000,  0.8651])
    """
    ratio = _mish_ratio(x)
    return gate(x, ratio / (ratio + 2))


def _mish_ratio(x: Tensor) -> Tensor:
    growth = torch.exp(x.clamp(max=40))  # from there on the gate is 1 to the last digit
    return growth * (growth + 2)


@elementwise()
def _mish_slope(x: Tensor) -> Tensor:
    ratio = _mish_ratio(x)
    squared_sech = 2 / (ratio + 2) * (2 * (ratio + 1) / (ratio + 2))
    bounded = x.clamp(torch.finfo(x.dtype).min, 40)
    return ratio / (ratio + 2) + bounded * squared_sech * torch.sigmoid(x)


GATED = (
    Activation(
        name="silu",
        formula=r"x \sigma(x)",
        forward=silu,
        slope=_silu_slope,
        year=2017,
        reference="Elfwing2017",
        left_limit="0",
        right_limit="x",
        lipschitz=SWISH_LIPSCHITZ,
        torch_name="torch.nn.SiLU()",
    ),
    Activation(
        name="swish",
        formula=r"x \sigma(\beta x)",
        forward=swish,
        slope=swish_slope,
        year=2017,
        reference="Ramachandran2017",
        left_limit="0",
        right_limit="x",
        lipschitz=SWISH_LIPSCHITZ,
        torch_name="torch.nn.SiLU()",
    ),
    Activation(
        name="mish",
        formula=r"x \tanh(\ln(1 + e^x))",
        forward=mish,
        slope=_mish_slope,
        year=2019,
        reference="Misra2019",
        left_limit="0",
        right_limit="x",
        lipschitz=1.0884981612517279,
        torch_name="torch.nn.Mish()",
    ),
)
