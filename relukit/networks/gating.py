"""Gated linear units: a hidden unit that is one affine map of the input, gated by another."""

import itertools
import math
from collections.abc import Callable, Iterable
from types import MappingProxyType

import torch
from torch import Tensor, nn

from relukit.activations import UNITS
from relukit.errors import InvalidTypeError, InvalidValueError, unknown_name
from relukit.initialization import initialize
from relukit.networks.arguments import check_options, checked_widths
from relukit.networks.perceptron import layered

GATES: MappingProxyType[str, Callable[[Tensor, Tensor], Tensor]] = MappingProxyType(
    {name: entry.forward for name, entry in UNITS.items() if entry.gate}
)


class Gate(nn.Module):
    r"""The layer $g(a) \odot b$ of the two halves of its input, without parameters.

    Args:
        name: a key of `GATES`: "reglu", "geglu" and "swiglu" gate by the first half, "glu" (which
            is nn.GLU) by the second, and "bilinear" multiplies the two.

    Raises:
        InvalidTypeError: the name is no string.
        InvalidValueError: an unknown name, or an input whose last dimension is odd.

    References: [Dauphin2017], [Shazeer2020].

    Example:
        >>> Gate("reglu")(torch.tensor([-1.0, 2.0, 5.0, 5.0]))
        tensor([ 0., 10.])
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        if not isinstance(name, str):
            kind = type(name).__name__
            raise InvalidTypeError("the name of a gate", kind, "pass a string such as 'reglu'")
        if name not in GATES:
            raise unknown_name("gate", name, GATES)
        self.name = name

    def forward(self, x: Tensor) -> Tensor:
        r"""Return $g(a)\, b$ of shape (..., n) for x of shape (..., 2n), which holds a, then b.

        Raises:
            InvalidValueError: the last dimension is odd.
        """
        if x.ndim == 0 or x.shape[-1] % 2:
            raise InvalidValueError(
                "an even last dimension, for a and b",
                f"shape {tuple(x.shape)}",
                "give the layer before the gate two outputs for each unit",
            )
        return GATES[self.name](*x.chunk(2, dim=-1))

    def extra_repr(self) -> str:
        """Return the gate's name, for the module's `repr`."""
        return repr(self.name)


def matched_widths(widths: Iterable[int], *, bias: bool = True) -> list[int]:
    r"""Return widths with which a gated network has the parameters of an `mlp` of `widths`.

    A gated unit has two affine maps. For one hidden layer between as many outputs as inputs n,
    without biases, $2nd + nd = 3nd'$ asks for $d' = 2d/3$: Shazeer's 3072 becomes 2048. In
    general every hidden width is multiplied by the $s$ that solves
    $\sum_l (s d_{l-1} + \beta)\,2 s d_l + (s d_L + \beta)\,m = \mathrm{parameters}$, with
    $s d_0$ read as the number of inputs and $\beta = 1$ with biases, 0 without: 2/3 for that one
    block, $1/\sqrt2$ for many wide layers, less where inputs outnumber outputs.

    Args:
        widths: inputs, hidden widths and outputs of the mlp, integers of at least 1.
        bias: whether both networks have biases.

    Returns:
        The same inputs and outputs, and hidden widths rounded to integers of at least 1.

    Raises:
        InvalidTypeError: widths or bias of another kind.
        InvalidValueError: fewer than two widths, or one below 1.

    References: [Shazeer2020].

    Example:
        >>> matched_widths([768, 3072, 768], bias=False)
        [768, 2048, 768]
    """
    widths = checked_widths(widths)
    check_options(scheme="pytorch", dtype=torch.float32, bias=bias)
    inputs, *hidden, outputs = widths
    if not hidden:
        return widths
    wanted = sum((n + bias) * m for n, m in itertools.pairwise(widths)) - bias * outputs
    square = 2 * sum(n * m for n, m in itertools.pairwise(hidden))
    linear = 2 * inputs * hidden[0] + 2 * bias * sum(hidden) + hidden[-1] * outputs
    # the positive root of square s^2 + linear s = wanted, also where square is 0
    scale = 2 * wanted / (linear + math.sqrt(linear**2 + 4 * square * wanted))
    return [inputs, *(max(1, round(scale * width)) for width in hidden), outputs]


def gated_mlp(
    widths: Iterable[int],
    gate: str = "reglu",
    *,
    scheme: str = "pytorch",
    bias: bool = True,
    seed: int | torch.Generator = 0,
    dtype: torch.dtype = torch.float32,
) -> nn.Sequential:
    r"""Return a perceptron of gated units $g(w \cdot x + b)\,(v \cdot x + c)$ matched to an `mlp`.

    Args:
        widths: those of the mlp to compare with. The hidden widths shrink to those of
            `matched_widths`, about 2/3 of them, so that both have the same number of parameters
            but for rounding.
        gate: a key of `GATES`.
        scheme: a key of `relukit.initialization.SCHEMES`, with its own gain; not "normal".
        bias: whether the layers have biases.
        seed: of the weights; a torch.Generator is advanced.
        dtype: of the weights, a floating dtype.

    Returns:
        nn.Sequential(Linear, Gate, ..., Linear) in training mode, for inputs of shape
        (..., widths[0]).

    Raises:
        InvalidTypeError: widths, gate, bias or dtype of another kind.
        InvalidValueError: fewer than two widths, one below 1, an unknown name.

    References: [Shazeer2020].

    Example:
        >>> gated_mlp([4, 6, 4], "swiglu", bias=False)
        Sequential(
          (0): Linear(in_features=4, out_features=8, bias=False)
          (1): Gate('swiglu')
          (2): Linear(in_features=4, out_features=4, bias=False)
        )
    """
    check_options(scheme=scheme, dtype=dtype, bias=bias)
    widths = matched_widths(widths, bias=bias)
    Gate(gate)  # an unknown name is an error even without a hidden layer
    network = layered(widths, lambda: Gate(gate), maps=2, bias=bias, dtype=dtype)
    initialize(network, scheme, seed=seed)
    return network
