"""Piecewise-linear activations: straight lines joined at kinks, and the step between them."""

import math

import torch
from torch import Tensor

from relukit.activations.arguments import Numbers, elementwise, nonnegative
from relukit.activations.definition import Activation, kinked_at_zero, level


@elementwise()
def step(x: Numbers) -> Tensor:
    r"""Return the Heaviside step $H(x)$: 1 for $x > 0$, else 0.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers.

    Conventions:
        H(0) = H(-0.0) = 0, so that the step is the derivative of `relu` everywhere. Its own
        derivative is 0, also at the jump.

    References:
        [McCulloch1943]

    Example:
        >>> step([-1.0, 0.0, 2.0])
        tensor([0., 0., 1.])
    """
    return level(x, x > 0, 1.0, 0.0)


@elementwise()
def _step_slope(x: Tensor) -> Tensor:
    return torch.where(x.isnan(), x, 0.0)


@elementwise()
def relu(x: Numbers) -> Tensor:
    r"""Return the rectified linear unit $\max(0, x)$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers.

    Conventions:
        The derivative at 0 is 0 (any number in [0, 1] is a subgradient). -0.0 gives a zero,
        whose sign depends on the machine; nan stays nan, and $-\infty$ gives 0.

    References:
        [Nair2010]; an earlier use is [Fukushima1969].

    Example:
        >>> relu([-2.0, 0.0, 3.0])
        tensor([0., 0., 3.])
    """
    return torch.relu(x)


@elementwise()
def _relu_slope(x: Tensor) -> Tensor:
    return level(x, x > 0, 1.0, 0.0)


@elementwise()
def absolute(x: Numbers) -> Tensor:
    r"""Return the absolute value $|x| = \max(-x, x)$, the full-wave rectifier.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers.

    Conventions:
        The derivative at 0 is 0, the middle of the subgradients [-1, 1]. -0.0 gives 0.0.

    References:
        [Jarrett2009]

    Example:
        >>> absolute([-2.0, 0.0, 3.0])
        tensor([2., 0., 3.])
    """
    return x.abs()


@elementwise()
def _absolute_slope(x: Tensor) -> Tensor:
    return torch.where(x.isnan(), x, x.sign())


@elementwise()
def relu6(x: Numbers) -> Tensor:
    r"""Return the capped rectifier $\min(\max(0, x), 6)$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers.

    Conventions:
        The derivative is 0 at both kinks, 0 and 6. -0.0 gives a zero of either sign.

    References:
        [Krizhevsky2010]

    Example:
        >>> relu6([-2.0, 3.0, 8.0])
        tensor([0., 3., 6.])
    """
    return torch.nn.functional.relu6(x)


@elementwise()
def _relu6_slope(x: Tensor) -> Tensor:
    return level(x, (x > 0) & (x < 6), 1.0, 0.0)


@elementwise(shift=nonnegative)
def shifted_relu(x: Numbers, *, shift: float = 1.0) -> Tensor:
    r"""Return the shifted rectifier $\max(-a, x)$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.
        shift: the distance $a \ge 0$ of the kink from 0, in the units of `x`.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers, or `shift` is not a number.
        InvalidValueError: `shift` is negative or not finite.

    Conventions:
        The derivative at the kink `-shift` is 0. "SReLU" is also the name of another function,
        the S-shaped rectifier.

    References:
        [Clevert2015]

    Example:
        >>> shifted_relu([-2.0, 0.0, 3.0])
        tensor([-1.,  0.,  3.])
    """
    return torch.where(x <= -shift, -shift, x)


@elementwise(shift=nonnegative)
def _shifted_relu_slope(x: Tensor, *, shift: float) -> Tensor:
    return level(x, x > -shift, 1.0, 0.0)


def _kinks_of_relu6() -> tuple[float, ...]:
    return (0.0, 6.0)


def _kink_of_shift(*, shift: float) -> tuple[float, ...]:
    return (-shift,)


PIECEWISE = (
    Activation(
        name="step",
        formula=r"H(x) = 1 \text{ if } x > 0 \text{ else } 0",
        forward=step,
        slope=_step_slope,
        year=1943,
        reference="McCulloch1943",
        left_limit="0",
        right_limit="1",
        lipschitz=math.inf,
        kinks_of=kinked_at_zero,
    ),
    Activation(
        name="relu",
        formula=r"\max(0, x)",
        forward=relu,
        slope=_relu_slope,
        year=2010,
        reference="Nair2010",
        left_limit="0",
        right_limit="x",
        lipschitz=1.0,
        kinks_of=kinked_at_zero,
        torch_name="torch.nn.ReLU()",
    ),
    Activation(
        name="absolute",
        formula=r"|x|",
        forward=absolute,
        slope=_absolute_slope,
        year=2009,
        reference="Jarrett2009",
        left_limit="-x",
        right_limit="x",
        lipschitz=1.0,
        kinks_of=kinked_at_zero,
        torch_name="torch.abs",
    ),
    Activation(
        name="relu6",
        formula=r"\min(\max(0, x), 6)",
        forward=relu6,
        slope=_relu6_slope,
        year=2010,
        reference="Krizhevsky2010",
        left_limit="0",
        right_limit="6",
        lipschitz=1.0,
        kinks_of=_kinks_of_relu6,
        torch_name="torch.nn.ReLU6()",
    ),
    Activation(
        name="shifted_relu",
        formula=r"\max(-a, x)",
        forward=shifted_relu,
        slope=_shifted_relu_slope,
        year=2015,
        reference="Clevert2015",
        left_limit="-a",
        right_limit="x",
        lipschitz=1.0,
        kinks_of=_kink_of_shift,
        torch_name="torch.nn.Threshold(-1.0, -1.0)",
    ),
)
