"""Moments of units with several inputs or a random part: maxout, gated linear units, RReLU."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch

from relukit.activations import ACTIVATIONS, UNITS
from relukit.activations.arguments import known_parameters
from relukit.activations.stochastic import rrelu_range
from relukit.errors import unknown_name
from relukit.gaussian.elementwise import Function, Moments, moments, with_gains
from relukit.gaussian.quadrature import expectation
from relukit.quantities import integer

_GATES = {name: entry.gate for name, entry in UNITS.items() if entry.gate}


def maxout_moments(pieces: int) -> Moments:
    r"""Return the moments of $\max(z_1, \dots, z_k)$ for independent $z_j \sim N(0, 1)$.

    Args:
        pieces: the number k of pieces, from 1 to 1000.

    Returns:
        The moments and gains. The slope moments are summed over the pieces: one of them has
        slope 1 and the others 0.

    Raises:
        InvalidTypeError: `pieces` is not an integer.
        InvalidValueError: `pieces` is out of range.

    References:
        [Goodfellow2013]

    Example:
        >>> round(maxout_moments(2).mean, 6)
        0.56419
    """
    from scipy.special import ndtr

    k = integer("pieces", pieces, least=1, most=1000, do="pass pieces=2, say")

    def expect(power: Callable[[np.ndarray], np.ndarray]) -> float:
        return expectation(lambda z: k * ndtr(z)[None] ** (k - 1) * power(z), ())[0]

    mean = expect(lambda z: z)
    return with_gains(mean, expect(np.square), expect(lambda z: (z - mean) ** 2), 1.0, 1.0)


def gated_moments(gate: Function, *, kinks: Sequence[float] = (), **parameters: float) -> Moments:
    r"""Return the moments of $g(a)\, b$ for independent $a, b \sim N(0, 1)$.

    Args:
        gate: "glu", "reglu", "geglu", "swiglu" or "bilinear", or the gate $g$ itself, as in
            `moments`.
        kinks: of the gate, as in `moments`.
        parameters: passed on to the gate, dimensionless.

    Returns:
        The moments and gains. The slope moments are summed over both inputs:
        $E[g'(a) b + g(a)]$ and $E[g'^2] + E[g^2]$. The forward gain multiplies the product.

    Raises:
        InvalidTypeError: `gate` is not a function.
        InvalidValueError: there is no gate or parameter of that name.

    References:
        [Dauphin2017], [Shazeer2020]

    Example:
        >>> round(gated_moments("swiglu").forward_gain, 4)
        1.6765
    """
    if isinstance(gate, str):
        if gate not in _GATES.keys() | ACTIVATIONS.keys():
            raise unknown_name("gate", gate, [*_GATES, *ACTIVATIONS])
        gate = _GATES.get(gate, gate)
    if isinstance(gate, str) and gate == "identity":
        known_parameters("bilinear", parameters, {})
        gate = torch.clone  # the identity, as a function of its own
    inner = moments(gate, kinks=kinks, **parameters)
    squared_slope = inner.slope_second + inner.second
    return with_gains(0.0, inner.second, inner.second, inner.mean, squared_slope)


def rrelu_moments(
    *, sampling: str = "slope", lower: float | None = None, upper: float | None = None
) -> Moments:
    r"""Return the moments of the randomized leaky rectifier in training.

    Args:
        sampling: "slope" or "divisor", what is uniform on [`lower`, `upper`]; see `rrelu`.
        lower: as in `rrelu`.
        upper: as in `rrelu`.

    Returns:
        The moments and gains over $z$ and its slope $a$: $E[f^2] = E[f'^2] = (1 + E[a^2])/2$.

    Raises:
        InvalidTypeError: an end is not a number.
        InvalidValueError: `sampling` is unknown, or the range is not one.

    References:
        [Xu2015]

    Example:
        >>> round(rrelu_moments().second, 6)
        0.528067
    """
    low, high = rrelu_range(sampling, lower, upper)
    first, square = (low + high) / 2, (low * low + low * high + high * high) / 3
    if sampling == "divisor":
        first = math.log(high / low) / (high - low) if high > low else 1 / low
        square = 1 / (low * high)
    mean, second = (1 - first) / math.sqrt(2 * math.pi), (1 + square) / 2
    return with_gains(mean, second, second - mean**2, (1 + first) / 2, second)
