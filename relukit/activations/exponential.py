r"""Activations with one exponential: the ELU family, and softplus."""

import torch
from torch import Tensor, nn

from relukit.activations.arguments import nonnegative, not_above, positive
from relukit.activations.declaration import elementwise

SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772


def _elu_slope(x: Tensor, alpha: float) -> Tensor:
    return torch.where(x > 0, 1.0, alpha * torch.exp(x.clamp(max=0)))


@elementwise(
    formula=r"x \text{ if } x > 0 \text{ else } \alpha (e^x - 1)",
    slope=_elu_slope,
    limits=(r"-\alpha", "x"),
    lipschitz=lambda alpha: max(1.0, alpha),
    kinks=lambda alpha: () if alpha == 1 else (0.0,),
    parameters={"alpha": nonnegative(r"\alpha")},
    source="[Clevert2015]",
    title="ELU",
    in_torch=nn.ELU,
)
def elu(x: Tensor, *, alpha: float = 1.0) -> Tensor:
    """Return the exponential linear unit $f(x)$.

    Args:
        alpha: the depth of the left plateau, dimensionless; 0 gives the rectifier.

    Conventions:
        The derivative at 0 is the left one, `alpha`; it jumps unless `alpha` is 1. The exponent
        never exceeds 0, so that no gradient is inf or nan. -0.0 stays -0.0.

    Example:
        >>> elu([-1.0, 0.0, 3.0])
        tensor([-0.6321,  0.0000,  3.0000])
    """
    return torch.where(x > 0, x, alpha * torch.expm1(not_above(x, 0.0)))


@elementwise(
    formula=r"x \text{ if } x > 0 \text{ else } \alpha (e^{x/\alpha} - 1)",
    slope=lambda x, alpha: torch.exp(x.clamp(max=0) / alpha),
    limits=(r"-\alpha", "x"),
    lipschitz=1.0,
    parameters={"alpha": positive(r"\alpha")},
    source="[Barron2017]",
    title="CELU",
    in_torch=nn.CELU,
)
def celu(x: Tensor, *, alpha: float = 1.0) -> Tensor:
    """Return the ELU without a kink, $f(x)$.

    Args:
        alpha: the depth of the left plateau, in the units of `x`.

    Conventions:
        The derivative at 0 is 1, from both sides, for every `alpha`. -0.0 stays -0.0.

    Example:
        >>> celu([-2.0, 0.0, 3.0], alpha=2.0)
        tensor([-1.2642,  0.0000,  3.0000])
    """
    return torch.where(x > 0, x, alpha * torch.expm1(not_above(x, 0.0) / alpha))


@elementwise(
    formula=r"\lambda x \text{ if } x > 0 \text{ else } \lambda \alpha (e^x - 1)",
    slope=lambda x: SELU_SCALE * _elu_slope(x, SELU_ALPHA),
    limits=(r"-\lambda \alpha", r"\lambda x"),
    lipschitz=SELU_SCALE * SELU_ALPHA,
    kinks=(0.0,),
    source="[Klambauer2017]",
    title="SELU",
    in_torch=nn.SELU,
)
def selu(x: Tensor) -> Tensor:
    r"""Return the scaled ELU $f(x)$, which standardises itself.

    Conventions:
        For an input from N(0, 1) the output has mean 0 and variance 1.
        The derivative at 0 is the left one, $\lambda\alpha \approx 1.7581$; the right one is
        $\lambda \approx 1.0507$. -0.0 stays -0.0.

    Example:
        >>> selu([-1.0, 0.0, 1.0])
        tensor([-1.1113,  0.0000,  1.0507])
    """
    return SELU_SCALE * elu(x, alpha=SELU_ALPHA)


@elementwise(
    formula=r"\frac{\ln(1 + e^{k x})}{k}",
    slope=lambda x, sharpness: torch.sigmoid(sharpness * x),
    limits=("0", "x"),
    lipschitz=1.0,
    parameters={"sharpness": positive("k")},
    source="[Dugas2000]",
    in_torch=nn.Softplus,
)
def softplus(x: Tensor, *, sharpness: float = 1.0) -> Tensor:
    r"""Return softplus $f(x)$, a smooth upper bound of the rectifier.

    Args:
        sharpness: in one over the units of `x`; the gap to the rectifier is $\ln 2 / k$ at 0 and
            smaller elsewhere.

    Conventions:
        The derivative at 0 is 1/2. -0.0 is the same as 0.0. For $k x > 40$ the result is `x`,
        which is exact in float64 too.

    Example:
        >>> softplus([-1e4, 0.0, 1e4])
        tensor([0.0000e+00, 6.9315e-01, 1.0000e+04])
    """
    scaled = sharpness * x
    bent = torch.logaddexp(not_above(scaled, 40.0), torch.zeros_like(x)) / sharpness
    return torch.where(scaled > 40, x, bent)
