"""Networks as plain torch modules, built without touching torch's global random state."""

import itertools
import numbers
from collections.abc import Callable, Iterable
from functools import partial
from types import MappingProxyType

import torch
from torch import Tensor, nn
from torch.nn.utils import skip_init

from relukit.errors import InvalidTypeError, InvalidValueError, unknown_name
from relukit.initialization import initialize

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
        >>> Elementwise("absolute")(torch.tensor([-2.0, 3.0]))
        tensor([2., 3.])
    """

    def __init__(self, name: str) -> None:
        from relukit.activations import activation

        super().__init__()
        self.activation = activation(name)

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(x)

    def extra_repr(self) -> str:
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


def mlp(
    widths: Iterable[int],
    activation: str | None = "relu",
    *,
    scheme: str = "pytorch",
    bias: bool = True,
    seed: int | torch.Generator = 0,
    dtype: torch.dtype = torch.float32,
) -> nn.Sequential:
    r"""Return the network $W_L f(\ldots f(W_1 x + b_1) \ldots) + b_L$.

    Args:
        widths: inputs, hidden widths and outputs, two or more integers of at least 1.
        activation: a name as for `activation_module`; None or "identity" for a linear network.
        scheme: a key of `relukit.initialization.SCHEMES`, with its own gain; not "normal".
        bias: whether the layers have biases.
        seed: of the weights; a torch.Generator is advanced.
        dtype: of the weights, a floating dtype.

    Returns:
        nn.Sequential(Linear, f, Linear, f, ..., Linear) in training mode, for inputs of shape
        (..., widths[0]).

    Raises:
        InvalidTypeError: widths, bias or dtype of another kind.
        InvalidValueError: fewer than two widths, one below 1, an unknown name.

    Example:
        >>> mlp([2, 3, 1], seed=1)
        Sequential(
          (0): Linear(in_features=2, out_features=3, bias=True)
          (1): ReLU()
          (2): Linear(in_features=3, out_features=1, bias=True)
        )
    """
    widths = _checked_widths(widths)
    if not isinstance(bias, bool):
        raise InvalidTypeError("True or False as bias", repr(bias), "pass bias=True")
    if not isinstance(dtype, torch.dtype) or not dtype.is_floating_point:
        raise InvalidTypeError("a floating dtype", repr(dtype), "pass dtype=torch.float32")
    if scheme == "normal":
        raise InvalidValueError(
            "a scheme that needs no std",
            "'normal'",
            "choose another, then call initialize(network, 'normal', seed=0, std=0.01)",
        )
    activation_module(activation)  # an unknown name is an error even without a hidden layer
    layers: list[nn.Module] = []
    for fan_in, fan_out in itertools.pairwise(widths):
        if layers:
            layers.append(activation_module(activation))
        layers.append(skip_init(nn.Linear, fan_in, fan_out, bias=bias, dtype=dtype))
    network = nn.Sequential(*layers).to(dtype)
    initialize(network, scheme, seed=seed)
    return network


def _checked_widths(widths: Iterable[int]) -> list[int]:
    if isinstance(widths, str | bytes) or not isinstance(widths, Iterable):
        raise InvalidTypeError(
            "a list of widths", type(widths).__name__, "pass for example [64, 100, 10]"
        )
    widths = list(widths)
    if len(widths) < 2:
        raise InvalidValueError(
            "two or more widths", str(len(widths)), "pass inputs and outputs at least: [64, 10]"
        )
    for width in widths:
        if isinstance(width, bool) or not isinstance(width, numbers.Integral):
            raise InvalidTypeError(
                "integer widths", f"{width!r} ({type(width).__name__})", "pass whole numbers"
            )
        if width < 1:
            raise InvalidValueError("widths of at least 1", str(width), "pass positive widths")
    return [int(width) for width in widths]
