"""Saturating activations: bounded on both sides, with a derivative that vanishes far from 0."""

import torch
from torch import Tensor

from relukit.activations.arguments import Numbers, elementwise
from relukit.activations.definition import Activation


@elementwise()
def sigmoid(x: Numbers) -> Tensor:
    r"""Return the logistic function $\sigma(x) = 1 / (1 + e^{-x})$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.

    Returns:
        A tensor of the shape and floating dtype of `x`, with values in [0, 1].

    Raises:
        InvalidTypeError: `x` is not real numbers.

    Conventions:
        The derivative at 0 is 1/4. In float32 the result is exactly 1 from about 17 on, and 0
        below about -89, where the true value is smaller than any normal number.

    References:
        [Rumelhart1986]

    Example:
        >>> sigmoid([-2.0, 0.0, 2.0])
        tensor([0.1192, 0.5000, 0.8808])
    """
    return torch.sigmoid(x)


@elementwise()
def _sigmoid_slope(x: Tensor) -> Tensor:
    return torch.sigmoid(x) * torch.sigmoid(-x)  # 1 - sigmoid(x) would cancel


@elementwise()
def tanh(x: Numbers) -> Tensor:
    r"""Return the hyperbolic tangent $\tanh x = 2 \sigma(2x) - 1$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.

    Returns:
        A tensor of the shape and floating dtype of `x`, with values in [-1, 1].

    Raises:
        InvalidTypeError: `x` is not real numbers.

    Conventions:
        The derivative at 0 is 1. In float32 the result is exactly 1 from about 9 on. -0.0 stays
        -0.0.

    References:
        [LeCun1998]

    Example:
        >>> tanh([-1.0, 0.0, 1.0])
        tensor([-0.7616,  0.0000,  0.7616])
    """
    return torch.tanh(x)


@elementwise()
def _tanh_slope(x: Tensor) -> Tensor:
    return 4 * _sigmoid_slope(2 * x)  # 1 - tanh(x)**2 would cancel


@elementwise()
def softsign(x: Numbers) -> Tensor:
    r"""Return softsign $x / (1 + |x|)$, which saturates algebraically.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.

    Returns:
        A tensor of the shape and floating dtype of `x`, with values in [-1, 1].

    Raises:
        InvalidTypeError: `x` is not real numbers.

    Conventions:
        The derivative at 0 is 1, from both sides. $\pm\infty$ gives $\pm 1$, the limits, where
        torch gives nan. -0.0 stays -0.0.

    References:
        [Glorot2010]

    Example:
        >>> softsign([-1.0, 0.0, 3.0])
        tensor([-0.5000,  0.0000,  0.7500])
    """
    limits = torch.finfo(x.dtype)
    bounded = x.clamp(limits.min, limits.max)  # infinity over infinity would be nan
    return bounded / (1 + bounded.abs())


@elementwise()
def _softsign_slope(x: Tensor) -> Tensor:
    return (1 + x.abs()).square().reciprocal()


SATURATING = (
    Activation(
        name="sigmoid",
        formula=r"\frac{1}{1 + e^{-x}}",
        forward=sigmoid,
        slope=_sigmoid_slope,
        year=1986,
        reference="Rumelhart1986",
        left_limit="0",
        right_limit="1",
        lipschitz=0.25,
        torch_name="torch.nn.Sigmoid()",
    ),
    Activation(
        name="tanh",
        formula=r"\tanh x",
        forward=tanh,
        slope=_tanh_slope,
        year=1998,
        reference="LeCun1998",
        left_limit="-1",
        right_limit="1",
        lipschitz=1.0,
        torch_name="torch.nn.Tanh()",
    ),
    Activation(
        name="softsign",
        formula=r"\frac{x}{1 + |x|}",
        forward=softsign,
        slope=_softsign_slope,
        year=2010,
        reference="Glorot2010",
        left_limit="-1",
        right_limit="1",
        lipschitz=1.0,
        torch_name="torch.nn.Softsign()",
    ),
)
