"""Activations as modules: torch's own where it has one, and the rest of the registry."""

from collections.abc import Callable
from functools import partial
from types import MappingProxyType

from torch import Tensor, nn

from relukit.errors import InvalidTypeError, unknown_name

MODULES: MappingProxyType[str, Callable[[], nn.Module]] = MappingProxyType(
    {
        "celu": nn.CELU,
        "elu": nn.ELU,
        "gelu": nn.GELU,
        "gelu_tanh": partial(nn.GELU, approximate="tanh"),
        "hard_swish": nn.Hardswish,
        "identity": nn.Identity,
        "leaky_relu": nn.LeakyReLU,
        "mish": nn.Mish,
        "prelu": nn.PReLU,
        "relu": nn.ReLU,
        "relu6": nn.ReLU6,
        "selu": nn.SELU,
        "shifted_relu": partial(nn.Threshold, -1.0, -1.0),
        "sigmoid": nn.Sigmoid,
        "silu": nn.SiLU,
        "softplus": nn.Softplus,
        "softsign": nn.Softsign,
        "swish": nn.SiLU,
        "tanh": nn.Tanh,
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
        from relukit.activations import activation

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
    from relukit.activations import ACTIVATIONS

    if name not in ACTIVATIONS:
        raise unknown_name("activation", name, {*MODULES, *ACTIVATIONS})
    return Elementwise(name)
