r"""The Gaussian error linear unit $x \Phi(x)$, exact and in its two published approximations."""

import math
from functools import partial

import torch
from torch import Tensor, nn

from relukit.activations.declaration import elementwise
from relukit.activations.gated import SWISH_LIPSCHITZ, gate, swish, swish_slope

_TANH_SCALE = math.sqrt(2 / math.pi)
_TANH_CUBIC = 0.044715
_SIGMOID_BETA = 1.702


def _normal_cdf(x: Tensor) -> Tensor:
    return 0.5 * torch.erfc(-math.sqrt(0.5) * x)


def _gelu_slope(x: Tensor) -> Tensor:
    limits = torch.finfo(x.dtype)
    density = torch.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)
    return _normal_cdf(x) + x.clamp(limits.min, limits.max) * density


@elementwise(
    formula=r"x \Phi(x)",
    slope=_gelu_slope,
    limits=("0", "x"),
    lipschitz=1.1289041451851548,
    source="[Hendrycks2016]",
    title="GELU",
    in_torch=nn.GELU,
)
def gelu(x: Tensor) -> Tensor:
    r"""Return the exact GELU $f(x)$, with $\Phi$ the standard normal distribution function.

    Conventions:
        The derivative at 0 is 1/2. $-\infty$ gives 0, the limit, where torch gives nan. -0.0
        stays -0.0. The tail is kept by erfc: the form with 1 + erf is 0 at -6 in float32.

    Example:
        >>> gelu([-6.0, 0.0, 1.0])
        tensor([-5.9195e-09,  0.0000e+00,  8.4134e-01])
    """
    return gate(x, _normal_cdf(x))


def _twice_argument(x: Tensor) -> Tensor:
    # Called within [-50, 50]: beyond, the gate is 0 or 1 to the last digit and x**3 may overflow.
    return 2 * _TANH_SCALE * x * (1 + _TANH_CUBIC * x * x)


def _gelu_tanh_slope(x: Tensor) -> Tensor:
    near = x.clamp(-50, 50)
    argument = _twice_argument(near)
    steepness = 2 * _TANH_SCALE * (1 + 3 * _TANH_CUBIC * near * near)
    open_gate = torch.sigmoid(argument)
    return open_gate + near * steepness * open_gate * torch.sigmoid(-argument)


@elementwise(
    formula=r"\frac{x}{2} \left(1 + \tanh\left(\sqrt{2/\pi}\, (x + 0.044715 x^3)\right)\right)",
    slope=_gelu_tanh_slope,
    limits=("0", "x"),
    lipschitz=1.1289930686587718,
    source="[Hendrycks2016]",
    title="GELU, tanh form",
    in_torch=partial(nn.GELU, approximate="tanh"),
)
def gelu_tanh(x: Tensor) -> Tensor:
    r"""Return GELU's tanh form $f(x)$.

    Conventions:
        The derivative at 0 is 1/2. $-\infty$ gives 0, the limit, where torch gives nan. -0.0
        stays -0.0. $(1 + \tanh u)/2$ is evaluated as $\sigma(2u)$, which keeps the tail.

    Example:
        >>> gelu_tanh([-1.0, 0.0, 1.0])
        tensor([-0.1588,  0.0000,  0.8412])
    """
    return gate(x, torch.sigmoid(_twice_argument(x.clamp(-50, 50))))


@elementwise(
    formula=rf"x \sigma({_SIGMOID_BETA} x)",
    slope=lambda x: swish_slope(x, _SIGMOID_BETA),
    limits=("0", "x"),
    lipschitz=SWISH_LIPSCHITZ,
    source="[Hendrycks2016]",
    title="GELU, logistic form",
)
def gelu_sigmoid(x: Tensor) -> Tensor:
    r"""Return GELU's logistic form $f(x)$.

    Conventions:
        The derivative at 0 is 1/2. $-\infty$ gives 0. -0.0 stays -0.0.

    Example:
        >>> gelu_sigmoid([-1.0, 0.0, 1.0])
        tensor([-0.1542,  0.0000,  0.8458])
    """
    return swish(x, beta=_SIGMOID_BETA)
