"""Leaky rectifiers: two straight pieces that meet at 0, the left one not quite flat."""

import torch
from torch import Tensor

from relukit.activations.arguments import Numbers, Range, elementwise, nonnegative
from relukit.activations.definition import Activation, level

_any_slope = Range(or_tensor=True)


def _leaky(x: Tensor, slope: float | Tensor) -> Tensor:
    # A slope of exactly 0 is the rectifier: 0 times minus infinity would be nan.
    return torch.relu(x) if isinstance(slope, float) and slope == 0 else x.where(x > 0, slope * x)


@elementwise(slope=nonnegative)
def leaky_relu(x: Numbers, *, slope: float = 0.01) -> Tensor:
    r"""Return the leaky rectifier: $x$ for $x > 0$, else $a x$ with a fixed slope $a$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.
        slope: the derivative $a \ge 0$ for negative inputs, dimensionless.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers, or `slope` is not a number.
        InvalidValueError: `slope` is negative or not finite; `prelu` takes negative slopes.

    Conventions:
        The derivative at 0 is the left one, `slope`. -0.0 stays -0.0 unless `slope` is 0.

    References:
        [Maas2013]

    Example:
        >>> leaky_relu([-2.0, 0.0, 3.0])
        tensor([-0.0200,  0.0000,  3.0000])
    """
    return _leaky(x, slope)


@elementwise(slope=_any_slope)
def prelu(x: Numbers, *, slope: float | Tensor = 0.25) -> Tensor:
    r"""Return the parametric rectifier $\max(0, x) + a \min(0, x)$, whose slope $a$ is learned.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.
        slope: the derivative $a$ for negative inputs, dimensionless: any finite number, or a
            floating tensor that broadcasts to `x`, which then receives its own gradient.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers, or `slope` is neither number nor float tensor.
        InvalidValueError: `slope` is not finite, or its shape does not broadcast to that of `x`.

    Conventions:
        The derivative at 0 is the left one, `slope`. -0.0 gives 0 times `slope`, with its sign.
        $-\infty$ gives 0 for the number 0, and nan for a tensor that holds 0.

    References:
        [He2015]; 0.25 is its initial value.

    Example:
        >>> prelu([-2.0, 0.0, 3.0])
        tensor([-0.5000,  0.0000,  3.0000])
    """
    return _leaky(x, slope)


@elementwise(slope=nonnegative)
def _leaky_relu_slope(x: Tensor, *, slope: float) -> Tensor:
    return level(x, x > 0, 1.0, slope)


@elementwise(slope=_any_slope)
def _prelu_slope(x: Tensor, *, slope: float | Tensor) -> Tensor:
    return level(x, x > 0, 1.0, slope)


def _kink_unless_straight(*, slope: float) -> tuple[float, ...]:
    return () if slope == 1 else (0.0,)


LEAKY = (
    Activation(
        name="leaky_relu",
        formula=r"x \text{ if } x > 0 \text{ else } a x",
        forward=leaky_relu,
        slope=_leaky_relu_slope,
        year=2013,
        reference="Maas2013",
        left_limit="a x",
        right_limit="x",
        lipschitz=1.0,
        kinks_of=_kink_unless_straight,
        torch_name="torch.nn.LeakyReLU(0.01)",
    ),
    Activation(
        name="prelu",
        formula=r"\max(0, x) + a \min(0, x)",
        forward=prelu,
        slope=_prelu_slope,
        year=2015,
        reference="He2015",
        left_limit="a x",
        right_limit="x",
        lipschitz=1.0,
        kinks_of=_kink_unless_straight,
        torch_name="torch.nn.PReLU(init=0.25)",
    ),
)
