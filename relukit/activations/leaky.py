"""Leaky rectifiers: two straight pieces that meet at 0, the left one not quite flat."""

from functools import partial

import torch
from torch import Tensor, nn

from relukit.activations.arguments import Parameter, nonnegative
from relukit.activations.declaration import elementwise
from relukit.activations.piecewise import level


def _leaky(x: Tensor, slope: float | Tensor) -> Tensor:
    # A slope of exactly 0 is the rectifier: 0 times minus infinity would be nan.
    return torch.relu(x) if isinstance(slope, float) and slope == 0 else x.where(x > 0, slope * x)


def _kink_unless_straight(slope: float) -> tuple[float, ...]:
    return () if slope == 1 else (0.0,)


@elementwise(
    formula=r"x \text{ if } x > 0 \text{ else } a x",
    slope=lambda x, slope: level(x, x > 0, 1.0, slope),
    limits=("a x", "x"),
    lipschitz=lambda slope: max(1.0, slope),
    kinks=_kink_unless_straight,
    parameters={"slope": nonnegative("a")},
    source="[Maas2013]",
    title="leaky ReLU",
    in_torch=partial(nn.LeakyReLU, 0.01),
)
def leaky_relu(x: Tensor, *, slope: float = 0.01) -> Tensor:
    """Return the leaky rectifier $f(x)$, whose slope for negative inputs is fixed.

    Args:
        slope: the derivative for negative inputs, dimensionless; `prelu` takes negative ones.

    Conventions:
        The derivative at 0 is the left one, `slope`. -0.0 stays -0.0 unless `slope` is 0.

    Example:
        >>> leaky_relu([-2.0, 0.0, 3.0])
        tensor([-0.0200,  0.0000,  3.0000])
    """
    return _leaky(x, slope)


@elementwise(
    formula=r"\max(0, x) + a \min(0, x)",
    slope=lambda x, slope: level(x, x > 0, 1.0, slope),
    limits=("a x", "x"),
    lipschitz=lambda slope: max(1.0, abs(slope)),
    kinks=_kink_unless_straight,
    parameters={"slope": Parameter("a", or_tensor=True)},
    source="[He2015]; 0.25 is its initial value.",
    title="PReLU",
    in_torch=partial(nn.PReLU, init=0.25),
)
def prelu(x: Tensor, *, slope: float | Tensor = 0.25) -> Tensor:
    r"""Return the parametric rectifier $f(x)$, whose slope for negative inputs is learned.

    Args:
        slope: the derivative for negative inputs, dimensionless: any finite number, or a
            floating tensor that broadcasts to `x`, which then receives its own gradient.

    Raises:
        InvalidValueError: the shape of `slope` does not broadcast to that of `x`.

    Conventions:
        The derivative at 0 is the left one, `slope`. -0.0 gives 0 times `slope`, with its sign.
        $-\infty$ gives 0 for the number 0, and nan for a tensor that holds 0.

    Example:
        >>> prelu([-2.0, 0.0, 3.0])
        tensor([-0.5000,  0.0000,  3.0000])
    """
    return _leaky(x, slope)
