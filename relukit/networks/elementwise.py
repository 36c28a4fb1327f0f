"""Activations as modules: torch's own where it has one, and the rest of the registry."""

from collections.abc import Callable
from types import MappingProxyType

from torch import Tensor, nn

from relukit.activations import ACTIVATIONS, activation
from relukit.errors import InvalidTypeError, unknown_name

MODULES: MappingProxyType[str, Callable[[], nn.Module]] = MappingProxyType(
    {"identity": nn.Identity}
    | {
        name: entry.in_torch
        for name, entry in ACTIVATIONS.items()
        if entry.in_torch and (entry.torch_name or "").startswith("torch.nn.")
    }
)


class Elementwise(nn.Module):
    """An activation of `relukit.activations` as a module, at its default parameters.

    Args:
        name: a key of `relukit.activations.ACTIVATIONS`.

    Raises:
        InvalidValueError: an unknown name.

    Example:
        >>> import torch
        >>> Elementwise("absolute")(torch.tensor([-2.0, 3.0]))
        tensor([2., 3.])
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.activation = activation(name)

    def forward(self, x: Tensor) -> Tensor:
        """Return the activation of each element of x, in x's shape and dtype."""
        return self.activation(x)

    def extra_repr(self) -> str:
        """Return the activation's name, for the module's `repr`."""
        return repr(self.activation.name)


def activation_module(name: str | None) -> nn.Module:
    """Return a new module for an activation: torch's own where it has one.

    Args:
        name: a key of `MODULES` or of `relukit.activations.ACTIVATIONS`; None means "identity".

    Raises:
        InvalidTypeError: the name is no string.
        InvalidValueError: an unknown name.

    Example:
        >>> activation_module("leaky_relu"), activation_module(None)
        (LeakyReLU(negative_slope=0.01), Identity())
    """
    if name is None:
        return nn.Identity()
    if not isinstance(name, str):
        raise InvalidTypeError(
            "the name of an activation", type(name).__name__, "pass a string such as 'relu'"
        )
    if name in MODULES:
        return MODULES[name]()
    if name not in ACTIVATIONS:
        raise unknown_name("activation", name, {*MODULES, *ACTIVATIONS})
    return Elementwise(name)
