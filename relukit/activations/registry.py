"""The registry: every element-wise activation by its name."""

from collections.abc import Mapping
from types import MappingProxyType

from relukit.activations.algebraic import ALGEBRAIC
from relukit.activations.definition import Activation
from relukit.activations.exponential import EXPONENTIAL
from relukit.activations.gated import GATED
from relukit.activations.gaussian_gated import GAUSSIAN_GATED
from relukit.activations.leaky import LEAKY
from relukit.activations.piecewise import PIECEWISE
from relukit.activations.saturating import SATURATING
from relukit.errors import unknown_name

_FAMILIES = (PIECEWISE, LEAKY, ALGEBRAIC, EXPONENTIAL, GATED, GAUSSIAN_GATED, SATURATING)

ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {entry.name: entry for family in _FAMILIES for entry in family}
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
