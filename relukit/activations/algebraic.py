"""Activations made of additions, products and a root: quadratic pieces, and squareplus."""

import math

import torch
from torch import Tensor, nn

from relukit.activations.arguments import Parameter, nonnegative, not_above, positive
from relukit.activations.declaration import elementwise
from relukit.activations.piecewise import level


@elementwise(
    formula=r"x \min(\max(0, x + 3), 6) / 6",
    slope=lambda x: torch.where(x.abs() < 3, (2 * x + 3) / 6, level(x, x > 0, 1.0, 0.0)),
    limits=("0", "x"),
    lipschitz=1.5,
    kinks=(-3.0, 3.0),
    source="[Howard2019]",
    title="hard-swish",
    in_torch=nn.Hardswish,
)
def hard_swish(x: Tensor) -> Tensor:
    r"""Return hard-swish $f(x)$, which is $x \cdot \mathrm{ReLU6}(x + 3) / 6$.

    Conventions:
        The derivative jumps twice: it is 0 at -3 and 1 at 3 (the outer sides; the inner ones are
        -0.5 and 1.5). $-\infty$ gives 0, where torch gives nan. -0.0 stays -0.0.

    Example:
        >>> hard_swish([-4.0, -1.5, 4.0])
        tensor([ 0.0000, -0.3750,  4.0000])
    """
    return torch.where(x <= -3, 0.0, torch.where(x >= 3, x, x * (x + 3) / 6))


@elementwise(
    formula=r"\max(0, x)^2",
    slope=lambda x: 2 * torch.relu(x),
    limits=("0", "x^2"),
    lipschitz=math.inf,
    source="[So2021]",
    title="squared ReLU",
)
def squared_relu(x: Tensor) -> Tensor:
    """Return the squared rectifier $f(x)$.

    Conventions:
        The derivative at 0 is 0, from both sides. In float16 the result is inf from x = 256 on.
        -0.0 gives 0.0.

    Example:
        >>> squared_relu([-2.0, 0.0, 3.0])
        tensor([0., 0., 9.])
    """
    return torch.relu(x).square()


@elementwise(
    formula=r"s \max(0, x)^2 + b",
    slope=lambda x, scale, bias: 2 * scale * torch.relu(x),
    limits=("b", "s x^2"),
    lipschitz=math.inf,
    parameters={"scale": positive("s"), "bias": Parameter("b")},
    source="[Yu2022]",
    title="StarReLU",
)
def star_relu(x: Tensor, *, scale: float = 0.8944, bias: float = -0.4472) -> Tensor:
    r"""Return StarReLU $f(x)$; its defaults standardise it for Gaussian inputs.

    Args:
        scale: a factor, dimensionless; $1/\sqrt{1.25}$ to four digits.
        bias: a constant, dimensionless; $-s/2$.

    Conventions:
        The derivative at 0 is 0, from both sides. In float16 it overflows to inf near x = 271.

    Example:
        >>> star_relu([-2.0, 1.0])
        tensor([-0.4472,  0.4472])
    """
    return scale * torch.relu(x).square() + bias


def _hypotenuse(x: Tensor, root: float) -> Tensor:
    return torch.hypot(x, torch.full_like(x, root))


def _squareplus_slope(x: Tensor, b: float) -> Tensor:
    if b == 0:
        return level(x, x > 0, 1.0, 0.0)
    ratio = squareplus(x, b=b) / _hypotenuse(x, math.sqrt(b))
    return torch.where(x == math.inf, 1.0, ratio)


@elementwise(
    formula=r"\frac{x + \sqrt{x^2 + b}}{2}",
    slope=_squareplus_slope,
    limits=("0", "x"),
    lipschitz=1.0,
    kinks=lambda b: (0.0,) if b == 0 else (),
    parameters={"b": nonnegative("b")},
    source="[Barron2021]",
)
def squareplus(x: Tensor, *, b: float = 4.0) -> Tensor:
    r"""Return squareplus $f(x)$, an algebraic relative of softplus.

    Args:
        b: the size of the bend around 0, in the units of `x` squared.

    Conventions:
        For $x < 0$ it is evaluated as $b / (2 (\sqrt{x^2 + b} - x))$, without cancellation, and
        the root as a hypotenuse, so that $x^2$ cannot overflow. b = 0 is `relu` itself, whose
        derivative at 0 is 0; for b > 0 the derivative at 0 is 1/2 and -0.0 is the same as 0.0.

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
