"""Activations made of additions, products and a root: quadratic pieces, and squareplus."""

import math

import torch
from torch import Tensor

from relukit.activations.arguments import (
    Numbers,
    elementwise,
    finite,
    nonnegative,
    not_above,
    positive,
)
from relukit.activations.definition import Activation, level


@elementwise()
def hard_swish(x: Numbers) -> Tensor:
    r"""Return hard-swish $x \cdot \mathrm{ReLU6}(x + 3) / 6$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers.

    Conventions:
        The derivative jumps twice: it is 0 at -3 and 1 at 3 (the outer sides; the inner ones are
        -0.5 and 1.5). $-\infty$ gives 0, where torch gives nan. -0.0 stays -0.0.

    References:
        [Howard2019]

    Example:
        >>> hard_swish([-4.0, -1.5, 4.0])
        tensor([ 0.0000, -0.3750,  4.0000])
    """
    return torch.where(x <= -3, 0.0, torch.where(x >= 3, x, x * (x + 3) / 6))


@elementwise()
def _hard_swish_slope(x: Tensor) -> Tensor:
    return torch.where(x.abs() < 3, (2 * x + 3) / 6, level(x, x > 0, 1.0, 0.0))


@elementwise()
def squared_relu(x: Numbers) -> Tensor:
    r"""Return the squared rectifier $\max(0, x)^2$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers.

    Conventions:
        The derivative at 0 is 0, from both sides. In float16 the result is inf from x = 256 on.
        -0.0 gives 0.0.

    References:
        [So2021]

    Example:
        >>> squared_relu([-2.0, 0.0, 3.0])
        tensor([0., 0., 9.])
    """
    return torch.relu(x).square()


@elementwise()
def _squared_relu_slope(x: Tensor) -> Tensor:
    return 2 * torch.relu(x)


@elementwise(scale=positive, bias=finite)
def star_relu(x: Numbers, *, scale: float = 0.8944, bias: float = -0.4472) -> Tensor:
    r"""Return StarReLU $s \max(0, x)^2 + b$; its defaults standardise it for Gaussian inputs.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.
        scale: the factor $s > 0$, dimensionless; $1/\sqrt{1.25}$ to four digits.
        bias: the constant $b$, dimensionless; $-s/2$.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers, or a parameter is not a number.
        InvalidValueError: `scale` is not positive, or a parameter is not finite.

    Conventions:
        The derivative at 0 is 0, from both sides. In float16 it overflows to inf near x = 271.

    References:
        [Yu2022]

    Example:
        >>> star_relu([-2.0, 1.0])
        tensor([-0.4472,  0.4472])
    """
    return scale * torch.relu(x).square() + bias


@elementwise(scale=positive, bias=finite)
def _star_relu_slope(x: Tensor, *, scale: float, bias: float) -> Tensor:
    return 2 * scale * torch.relu(x)


@elementwise(b=nonnegative)
def squareplus(x: Numbers, *, b: float = 4.0) -> Tensor:
    r"""Return squareplus $(x + \sqrt{x^2 + b}) / 2$, an algebraic relative of softplus.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.
        b: the size $b \ge 0$ of the bend around 0, in the units of `x` squared.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers, or `b` is not a number.
        InvalidValueError: `b` is negative or not finite.

    Conventions:
        For $x < 0$ it is evaluated as $b / (2 (\sqrt{x^2 + b} - x))$, without cancellation, and
        the root as a hypotenuse, so that $x^2$ cannot overflow. b = 0 is `relu` itself, whose
        derivative at 0 is 0; for b > 0 the derivative at 0 is 1/2 and -0.0 is the same as 0.0.

    References:
        [Barron2021]

    Example:
        >>> squareplus([-1e4, 0.0, 1.0])
        tensor([1.0000e-04, 1.0000e+00, 1.6180e+00])
    """
    if b == 0:
        return torch.relu(x)
    left = not_above(x, 0.0)  # keeps the division away from 0 where it is not used
    root = math.sqrt(b)
    below = b / (2 * (_hypotenuse(left, root) - left))
    return torch.where(x > 0, 0.5 * x + 0.5 * _hypotenuse(x, root), below)


def _hypotenuse(x: Tensor, root: float) -> Tensor:
    return torch.hypot(x, torch.full_like(x, root))


@elementwise(b=nonnegative)
def _squareplus_slope(x: Tensor, *, b: float) -> Tensor:
    if b == 0:
        return level(x, x > 0, 1.0, 0.0)
    ratio = squareplus(x, b=b) / _hypotenuse(x, math.sqrt(b))
    return torch.where(x == math.inf, 1.0, ratio)


def _kinks_of_hard_swish() -> tuple[float, ...]:
    return (-3.0, 3.0)


def _kink_without_bend(*, b: float) -> tuple[float, ...]:
    return (0.0,) if b == 0 else ()


ALGEBRAIC = (
    Activation(
        name="hard_swish",
        formula=r"x \min(\max(0, x + 3), 6) / 6",
        forward=hard_swish,
        slope=_hard_swish_slope,
        year=2019,
        reference="Howard2019",
        left_limit="0",
        right_limit="x",
        lipschitz=1.5,
        kinks_of=_kinks_of_hard_swish,
        torch_name="torch.nn.Hardswish()",
    ),
    Activation(
        name="squared_relu",
        formula=r"\max(0, x)^2",
        forward=squared_relu,
        slope=_squared_relu_slope,
        year=2021,
        reference="So2021",
        left_limit="0",
        right_limit="x^2",
        lipschitz=math.inf,
    ),
    Activation(
        name="star_relu",
        formula=r"s \max(0, x)^2 + b",
        forward=star_relu,
        slope=_star_relu_slope,
        year=2022,
        reference="Yu2022",
        left_limit="b",
        right_limit="s x^2",
        lipschitz=math.inf,
    ),
    Activation(
        name="squareplus",
        formula=r"\frac{x + \sqrt{x^2 + b}}{2}",
        forward=squareplus,
        slope=_squareplus_slope,
        year=2021,
        reference="Barron2021",
        left_limit="0",
        right_limit="x",
        lipschitz=1.0,
        kinks_of=_kink_without_bend,
    ),
)
