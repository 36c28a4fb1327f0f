r"""Activations with one exponential: the ELU family, and softplus."""

import torch
from torch import Tensor

from relukit.activations.arguments import (
    Numbers,
    elementwise,
    nonnegative,
    not_above,
    positive,
)
from relukit.activations.definition import Activation, kinked_at_zero

SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772


@elementwise(alpha=nonnegative)
def elu(x: Numbers, *, alpha: float = 1.0) -> Tensor:
    r"""Return the exponential linear unit: $x$ for $x > 0$, else $\alpha (e^x - 1)$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.
        alpha: the depth $\alpha \ge 0$ of the left plateau, dimensionless; 0 gives the rectifier.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers, or `alpha` is not a number.
        InvalidValueError: `alpha` is negative or not finite.

    Conventions:
        The derivative at 0 is the left one, `alpha`; it jumps unless `alpha` is 1. The exponent
        never exceeds 0, so that no gradient is inf or nan. -0.0 stays -0.0.

    References:
        [Clevert2015]

    Example:
        >>> elu([-1.0, 0.0, 3.0])
        tensor([-0.6321,  0.0000,  3.0000])
    """
    return torch.where(x > 0, x, alpha * torch.expm1(not_above(x, 0.0)))


@elementwise(alpha=nonnegative)
def _elu_slope(x: Tensor, *, alpha: float) -> Tensor:
    return torch.where(x > 0, 1.0, alpha * torch.exp(x.clamp(max=0)))


@elementwise(alpha=positive)
def celu(x: Numbers, *, alpha: float = 1.0) -> Tensor:
    r"""Return the ELU without a kink: $x$ for $x > 0$, else $\alpha (e^{x/\alpha} - 1)$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.
        alpha: the depth $\alpha > 0$ of the left plateau, in the units of `x`.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers, or `alpha` is not a number.
        InvalidValueError: `alpha` is not positive and finite.

    Conventions:
        The derivative at 0 is 1, from both sides, for every `alpha`. -0.0 stays -0.0.

    References:
        [Barron2017]

    Example:
        >>> celu([-2.0, 0.0, 3.0], alpha=2.0)
        tensor([-1.2642,  0.0000,  3.0000])
    """
    return torch.where(x > 0, x, alpha * torch.expm1(not_above(x, 0.0) / alpha))


@elementwise(alpha=positive)
def _celu_slope(x: Tensor, *, alpha: float) -> Tensor:
    return torch.exp(x.clamp(max=0) / alpha)


@elementwise()
def selu(x: Numbers) -> Tensor:
    r"""Return the scaled ELU $\lambda\,\mathrm{ELU}_\alpha(x)$ that standardises itself.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers.

    Conventions:
        For an input from N(0, 1) the output has mean 0 and variance 1.
        The derivative at 0 is the left one, $\lambda\alpha \approx 1.7581$; the right one is
        $\lambda \approx 1.0507$. -0.0 stays -0.0.

    References:
        [Klambauer2017]

    Example:
        >>> selu([-1.0, 0.0, 1.0])
        tensor([-1.1113,  0.0000,  1.0507])
    """
    return SELU_SCALE * elu(x, alpha=SELU_ALPHA)


@elementwise()
def _selu_slope(x: Tensor) -> Tensor:
    return SELU_SCALE * _elu_slope(x, alpha=SELU_ALPHA)


@elementwise(sharpness=positive)
def softplus(x: Numbers, *, sharpness: float = 1.0) -> Tensor:
    r"""Return softplus $\ln(1 + e^{k x}) / k$, a smooth upper bound of the rectifier.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.
        sharpness: $k > 0$, in one over the units of `x`; the gap to the rectifier is
            $\ln 2 / k$ at 0 and smaller elsewhere.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers, or `sharpness` is not a number.
        InvalidValueError: `sharpness` is not positive and finite.

    Conventions:
        The derivative at 0 is 1/2. -0.0 is the same as 0.0. For $k x > 40$ the result is `x`,
        which is exact in float64 too.

    References:
        [Dugas2000]

    Example:
        >>> softplus([-1e4, 0.0, 1e4])
        tensor([0.0000e+00, 6.9315e-01, 1.0000e+04])
    """
    scaled = sharpness * x
    bent = torch.logaddexp(not_above(scaled, 40.0), torch.zeros_like(x)) / sharpness
    return torch.where(scaled > 40, x, bent)


@elementwise(sharpness=positive)
def _softplus_slope(x: Tensor, *, sharpness: float) -> Tensor:
    return torch.sigmoid(sharpness * x)


def _kink_unless_one(*, alpha: float) -> tuple[float, ...]:
    return () if alpha == 1 else (0.0,)


EXPONENTIAL = (
    Activation(
        name="elu",
        formula=r"x \text{ if } x > 0 \text{ else } \alpha (e^x - 1)",
        forward=elu,
        slope=_elu_slope,
        year=2015,
        reference="Clevert2015",
        left_limit=r"-\alpha",
        right_limit="x",
        lipschitz=1.0,
        kinks_of=_kink_unless_one,
        torch_name="torch.nn.ELU()",
    ),
    Activation(
        name="celu",
        formula=r"x \text{ if } x > 0 \text{ else } \alpha (e^{x/\alpha} - 1)",
        forward=celu,
        slope=_celu_slope,
        year=2017,
        reference="Barron2017",
        left_limit=r"-\alpha",
        right_limit="x",
        lipschitz=1.0,
        torch_name="torch.nn.CELU()",
    ),
    Activation(
        name="selu",
        formula=r"\lambda x \text{ if } x > 0 \text{ else } \lambda \alpha (e^x - 1)",
        forward=selu,
        slope=_selu_slope,
        year=2017,
        reference="Klambauer2017",
        left_limit=r"-\lambda \alpha",
        right_limit=r"\lambda x",
        lipschitz=SELU_SCALE * SELU_ALPHA,
        kinks_of=kinked_at_zero,
        torch_name="torch.nn.SELU()",
    ),
    Activation(
        name="softplus",
        formula=r"\frac{\ln(1 + e^{k x})}{k}",
        forward=softplus,
        slope=_softplus_slope,
        year=2000,
        reference="Dugas2000",
        left_limit="0",
        right_limit="x",
        lipschitz=1.0,
        torch_name="torch.nn.Softplus()",
    ),
)
