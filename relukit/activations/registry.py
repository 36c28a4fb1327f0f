"""The registry: every activation by its name, as its module declares it."""

from collections.abc import Mapping
from types import MappingProxyType

from relukit.activations import (
    algebraic,
    composite,
    exponential,
    gated,
    gated_linear,
    gaussian_gated,
    leaky,
    piecewise,
    saturating,
    stochastic,
)
from relukit.activations.definition import DECLARED, Activation, Unit
from relukit.errors import unknown_name

# A table shows the families in this order.
_FAMILIES = (
    *(piecewise, leaky, algebraic, exponential, gated, gaussian_gated, saturating),
    *(stochastic, composite, gated_linear),
)
_declared = [
    entry
    for family in _FAMILIES
    for entry in DECLARED.values()
    if entry.forward.__module__ == family.__name__
]

ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {entry.name: entry for entry in _declared if isinstance(entry, Activation)}
)
UNITS: Mapping[str, Unit] = MappingProxyType(
    {entry.name: entry for entry in _declared if entry.name not in ACTIVATIONS}
)


def activation(name: str) -> Activation:
    r"""Return the entry of the registry with this name: a function $f$ and its derivative $f'$.

    Args:
        name: one of `ACTIVATIONS`, such as "relu".

    Returns:
        The entry, which is callable.

    Raises:
        InvalidValueError: there is no activation of that name; the nearest one is suggested.

    Example:
        >>> relu = activation("relu")
        >>> relu([-1.0, 2.0]), relu.derivative([-1.0, 2.0])
        (tensor([0., 2.]), tensor([0., 1.]))
    """
    if not isinstance(name, str) or name not in ACTIVATIONS:
        raise unknown_name("activation", name, ACTIVATIONS)
    return ACTIVATIONS[name]
