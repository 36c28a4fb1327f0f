"""Multilayer perceptrons: affine maps with an activation between them."""

import itertools
from collections.abc import Callable, Iterable

import torch
from torch import nn
from torch.nn.utils import skip_init

from relukit.initialization import initialize
from relukit.networks.arguments import check_options, checked_widths
from relukit.networks.elementwise import activation_module


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
    widths = checked_widths(widths)
    check_options(scheme=scheme, dtype=dtype, bias=bias)
    activation_module(activation)  # an unknown name is an error even without a hidden layer
    network = layered(widths, lambda: activation_module(activation), bias=bias, dtype=dtype)
    initialize(network, scheme, seed=seed)
    return network


def layered(
    widths: list[int],
    unit: Callable[[], nn.Module],
    *,
    maps: int = 1,
    bias: bool = True,
    dtype: torch.dtype = torch.float32,
) -> nn.Sequential:
    """Return Linear layers with a unit between them, their weights not yet filled.

    Args:
        widths: inputs, hidden widths and outputs, checked.
        unit: makes a new activation, which turns `maps` numbers into one.
        maps: affine maps for each hidden unit, at least 1.
        bias: whether the layers have biases.
        dtype: of the parameters.

    Returns:
        nn.Sequential(Linear, unit, ..., Linear), for `relukit.initialization.initialize`.

    Example:
        >>> [layer.out_features for layer in layered([2, 3, 1], nn.GLU, maps=2)[::2]]
        [6, 1]
    """
    layers: list[nn.Module] = []
    for depth, (fan_in, fan_out) in enumerate(itertools.pairwise(widths), start=2):
        rows = fan_out if depth == len(widths) else maps * fan_out
        layers.append(skip_init(nn.Linear, fan_in, rows, bias=bias, dtype=dtype))
        if depth < len(widths):
            layers.append(unit())
    return nn.Sequential(*layers).to(dtype)
