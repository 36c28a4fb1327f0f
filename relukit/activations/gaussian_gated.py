r"""The Gaussian error linear unit $x \Phi(x)$, exact and in its two published approximations."""

import math

import torch
from torch import Tensor

from relukit.activations.arguments import Numbers, elementwise
from relukit.activations.definition import Activation
from relukit.activations.gated import SWISH_LIPSCHITZ, gate, swish, swish_slope

_TANH_SCALE = math.sqrt(2 / math.pi)
_TANH_CUBIC = 0.044715
_SIGMOID_BETA = 1.702


@elementwise()
def gelu(x: Numbers) -> Tensor:
    r"""Return the exact GELU $x \Phi(x)$, with $\Phi$ the standard normal distribution function.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers.

    Conventions:
        The derivative at 0 is 1/2. $-\infty$ gives 0, the limit, where torch gives nan. -0.0
        stays -0.0. The tail is kept by erfc: the form with 1 + erf is 0 at -6 in float32.

    References:
        [Hendrycks2016]

    Example:
        >>> gelu([-6.0, 0.0, 1.0])
        tensor([-5.9195e-09,  0.0000e+00,  8.4134e-01])
    """
    return gate(x, _normal_cdf(x))


def _normal_cdf(x: Tensor) -> Tensor:
    return 0.5 * torch.erfc(-math.sqrt(0.5) * x)


@elementwise()
def _gelu_slope(x: Tensor) -> Tensor:
    limits = torch.finfo(x.dtype)
    density = torch.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)
    return _normal_cdf(x) + x.clamp(limits.min, limits.max) * density


@elementwise()
def gelu_tanh(x: Numbers) -> Tensor:
    r"""Return GELU's tanh form $\frac{x}{2} (1 + \tanh(\sqrt{2/\pi}\, (x + 0.044715 x^3)))$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers.

    Conventions:
        The derivative at 0 is 1/2. $-\infty$ gives 0, the limit, where torch gives nan. -0.0
        stays -0.0. $(1 + \tanh u)/2$ is evaluated as $\sigma(2u)$, which keeps the tail.

    References:
        [Hendrycks2016]

    Example:
        >>> gelu_tanh([-1.0, 0.0, 1.0])
        tensor([-0.1588,  0.0000,  0.8412])
    """
    return gate(x, torch.sigmoid(_twice_argument(x.clamp(-50, 50))))


def _twice_argument(x: Tensor) -> Tensor:
    # Called within [-50, 50]: beyond, the gate is 0 or 1 to the last digit and x**3 may overflow.
    return 2 * _TANH_SCALE * x * (1 + _TANH_CUBIC * x * x)


@elementwise()
def _gelu_tanh_slope(x: Tensor) -> Tensor:
    near = x.clamp(-50, 50)
    argument = _twice_argument(near)
    steepness = 2 * _TANH_SCALE * (1 + 3 * _TANH_CUBIC * near * near)
    open_gate = torch.sigmoid(argument)
    return open_gate + near * steepness * open_gate * torch.sigmoid(-argument)


@elementwise()
def gelu_sigmoid(x: Numbers) -> Tensor:
    r"""Return GELU's logistic form $x \sigma(1.702 x)$.

    Args:
        x: a tensor, an array, a list or a number, of any shape; dimensionless.

    Returns:
        A tensor of the shape and floating dtype of `x`.

    Raises:
        InvalidTypeError: `x` is not real numbers.

    Conventions:
        The derivative at 0 is 1/2. $-\infty$ gives 0. -0.0 stays -0.0.

    References:
        [Hendrycks2016]

    Example:
        >>> gelu_sigmoid([-1.0, 0.0, 1.0])
        tensor([-0.1542,  0.0000,  0.8458])
    """
    return swish(x, beta=_SIGMOID_BETA)


@elementwise()
def _gelu_sigmoid_slope(x: Tensor) -> Tensor:
    return swish_slope(x, beta=_SIGMOID_BETA)


GAUSSIAN_GATED = (
    Activation(
        name="gelu",
        formula=r"x \Phi(x)",
        forward=gelu,
        slope=_gelu_slope,
        year=2016,
        reference="Hendrycks2016",
        left_limit="0",
        right_limit="x",
        lipschitz=1.1289041451851548,
        torch_name="torch.nn.GELU()",
    ),
    Activation(
        name="gelu_tanh",
        formula=r"\frac{x}{2} \left(1 + \tanh\left(\sqrt{2/\pi}\, (x + 0.044715 x^3)\right)\right)",
        forward=gelu_tanh,
        slope=_gelu_tanh_slope,
        year=2016,
        reference="Hendrycks2016",
        left_limit="0",
        right_limit="x",
        lipschitz=1.1289930686587718,
        torch_name="torch.nn.GELU(approximate='tanh')",
    ),
    Activation(
        name="gelu_sigmoid",
        formula=r"x \sigma(1.702 x)",
        forward=gelu_sigmoid,
        slope=_gelu_sigmoid_slope,
        year=2016,
        reference="Hendrycks2016",
        left_limit="0",
        right_limit="x",
        lipschitz=SWISH_LIPSCHITZ,
    ),
)
