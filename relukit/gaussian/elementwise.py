"""Moments of an element-wise activation of a standard normal input, and its two gains."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from relukit.activations import ACTIVATIONS, Activation, registry
from relukit.errors import InvalidTypeError, InvalidValueError, unknown_name
from relukit.gaussian.quadrature import expectation

Function = str | Activation | Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Moments:
    r"""Moments of $f(z)$ and $f'(z)$ for $z \sim N(0, 1)$; all dimensionless.

    Args:
        mean: $E[f]$.
        second: $E[f^2]$.
        variance: $E[(f - E[f])^2]$.
        slope_mean: $E[f']$.
        slope_second: $E[f'^2]$.
        forward_gain: $1/\sqrt{E[f^2]}$: weights of variance gain²/fan_in keep $E[h^2] = 1$.
        backward_gain: $1/\sqrt{E[f'^2]}$: the same for squared gradients; inf if $f' = 0$.
    """

    mean: float
    second: float
    variance: float
    slope_mean: float
    slope_second: float
    forward_gain: float
    backward_gain: float


def with_gains(*values: float) -> Moments:
    """Return the five moments with the gains that follow from them."""
    mean, second, variance, slope_mean, slope_second = (float(value) for value in values)
    gains = (1 / math.sqrt(value) if value > 0 else math.inf for value in (second, slope_second))
    return Moments(mean, second, variance, slope_mean, slope_second, *gains)


def moments(activation: Function, *, kinks: Sequence[float] = (), **parameters: float) -> Moments:
    r"""Return the moments $E[f], E[f^2], \mathrm{Var} f, E[f'], E[f'^2]$ for $z \sim N(0, 1)$.

    Args:
        activation: a name, an `Activation`, or any function of a float64 tensor that is built
            from torch operations; its derivative then comes from autograd.
        kinks: points where `activation`, or its derivative, jumps; the registry's are known.
        parameters: passed on to the activation, dimensionless.

    Returns:
        The moments and the two gains, as floats.

    Raises:
        InvalidTypeError: `activation` is none of these, or does not return a float64 tensor.
        InvalidValueError: the name or a parameter is unknown, a moment is not finite, or the
            integral did not converge, as where a kink was not named.

    Conventions:
        The derivative of a jump is left out: the step has slope 0 and no backward gain (inf).

    References:
        [He2015] for the rectifier's forward and backward gain, which is $\sqrt 2$.

    Example:
        >>> relu = moments("relu")
        >>> round(relu.mean, 6), round(relu.second, 6), round(relu.forward_gain, 6)
        (0.398942, 0.5, 1.414214)
        >>> round(moments(lambda z: torch.relu(z - 0.3), kinks=[0.3]).slope_mean, 6)
        0.382089
    """
    function = _entry(activation)
    own = function.kinks_at(**parameters) if isinstance(function, Activation) else ()
    points = _points(kinks) + own

    def integrands(z: np.ndarray) -> np.ndarray:
        value, slope = _value_and_slope(function, torch.from_numpy(z), parameters)
        return np.stack([value, value**2, slope, slope**2])

    mean, second, slope_mean, slope_second = expectation(integrands, points)
    variance = expectation(lambda z: (integrands(z)[:1] - mean) ** 2, points)[0]
    return with_gains(mean, second, variance, slope_mean, slope_second)


def gain(
    activation: Function,
    *,
    direction: str = "forward",
    kinks: Sequence[float] = (),
    **parameters: float,
) -> float:
    r"""Return the gain $1/\sqrt{E[f^2]}$ (forward) or $1/\sqrt{E[f'^2]}$ (backward).

    Args:
        activation: as in `moments`.
        direction: "forward" keeps the second moment of activations at 1 from layer to layer,
            "backward" that of gradients; equal only for positively homogeneous functions.
        kinks: as in `moments`.
        parameters: passed on to the activation, dimensionless.

    Returns:
        The factor by which to multiply weights of standard deviation $1/\sqrt{fan}$.

    Raises:
        InvalidTypeError: `activation` is not one.
        InvalidValueError: the direction is unknown, or $f$ or $f'$ is 0, so that no gain exists.

    Example:
        >>> round(gain("tanh"), 6), round(gain("tanh", direction="backward"), 6)
        (1.592537, 1.467414)
    """
    if direction not in ("forward", "backward"):
        raise unknown_name("direction", direction, ("forward", "backward"))
    result = getattr(moments(activation, kinks=kinks, **parameters), f"{direction}_gain")
    if result == math.inf:
        do = "choose another activation or direction"
        raise InvalidValueError(f"an activation with a {direction} gain", repr(activation), do)
    return result


def _entry(function: Function) -> Activation | Callable[[Tensor], Tensor]:
    """Return the registry's entry for a name or for one of its own functions, else the function."""
    if isinstance(function, str):
        return registry.activation(function)
    if isinstance(function, Activation):
        return function
    if not callable(function):
        got = f"{type(function).__name__} ({function!r})"
        raise InvalidTypeError("an activation's name or a function", got, "pass 'relu', say")
    return next((entry for entry in ACTIVATIONS.values() if entry.forward is function), function)


def _value_and_slope(
    function: Activation | Callable[[Tensor], Tensor], z: Tensor, parameters: dict[str, float]
) -> tuple[np.ndarray, np.ndarray]:
    if isinstance(function, Activation):
        value, slope = function(z, **parameters), function.derivative(z, **parameters)
        return value.detach().numpy(), slope.detach().numpy()
    z = z.requires_grad_()
    with torch.enable_grad():
        value = function(z, **parameters)
    if not isinstance(value, Tensor) or value.shape != z.shape or value.dtype != z.dtype:
        got = f"a result of type {type(value).__name__}"
        if isinstance(value, Tensor):
            got = f"{value.dtype} of shape {tuple(value.shape)} for shape {tuple(z.shape)}"
        do = "use element-wise torch operations"
        raise InvalidTypeError("a function from a float64 tensor to one of its shape", got, do)
    if not value.requires_grad:
        got, do = "a result cut off from its input", "use torch operations, without detach or item"
        raise InvalidValueError("a function that autograd can differentiate", got, do)
    (slope,) = torch.autograd.grad(value, z, torch.ones_like(value))
    return value.detach().numpy(), slope.numpy()


def _points(kinks: Sequence[float]) -> tuple[float, ...]:
    try:
        points = np.asarray(kinks, dtype=float).ravel()
    except (TypeError, ValueError):
        do = "pass for example kinks=[0.5]"
        raise InvalidTypeError("kinks to be numbers", repr(kinks), do) from None
    if not np.isfinite(points).all():
        raise InvalidValueError("finite kinks", repr(kinks), "leave out nan and infinity")
    return tuple(points.tolist())
