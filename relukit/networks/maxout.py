"""Maxout: a hidden unit that is the largest of several learned affine maps."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from relukit.activations import maxout
from relukit.initialization import initialize
from relukit.networks.arguments import check_options, checked_widths
from relukit.networks.perceptron import layered
from relukit.quantities import integer


class Maxout(nn.Module):
    r"""The layer $\max_j z_j$ over groups of neighbours in the last dimension, without parameters.

    A maxout unit is $\max_j (w_j \cdot x + b_j)$: an nn.Linear layer with `pieces` outputs for
    each unit, then this layer.

    Args:
        pieces: the number of neighbours in a group, at least 1; it divides the last dimension.

    Raises:
        InvalidTypeError: pieces is no integer.
        InvalidValueError: pieces is below 1, or does not divide the last dimension of the input.

    Conventions: where pieces tie, one of them receives the whole gradient.

    References: [Goodfellow2013].

    Example:
        >>> Maxout(2)(torch.tensor([1.0, 3.0, -2.0, -5.0]))
        tensor([ 3., -2.])
    """

    def __init__(self, pieces: int = 2) -> None:
        super().__init__()
        self.pieces = integer("pieces", pieces, least=1, do="pass pieces=2, say")

    def forward(self, x: Tensor) -> Tensor:
        """Return the maxima (..., n / pieces) of groups of neighbours in x of shape (..., n).

        Raises:
            InvalidValueError: the number of pieces does not divide n.
        """
        return maxout(x, pieces=self.pieces)

    def extra_repr(self) -> str:
        """Return the number of pieces, for the module's `repr`."""
        return str(self.pieces)


def maxout_mlp(
    widths: Iterable[int],
    pieces: int = 2,
    *,
    scheme: str = "pytorch",
    bias: bool = True,
    seed: int | torch.Generator = 0,
    dtype: torch.dtype = torch.float32,
) -> nn.Sequential:
    r"""Return a perceptron whose hidden units are $\max_{j \le k} (w_j \cdot x + b_j)$.

    Each hidden unit has k times the weights of a unit of `mlp` with the same widths.

    Args:
        widths: inputs, hidden units and outputs, two or more integers of at least 1.
        pieces: the number k of affine maps of a unit, at least 1.
        scheme: a key of `relukit.initialization.SCHEMES`, with its own gain; not "normal". With
            two pieces "lecun_normal" preserves the second moment, as He's does for the rectifier.
        bias: whether the layers have biases.
        seed: of the weights; a torch.Generator is advanced.
        dtype: of the weights, a floating dtype.

    Returns:
        nn.Sequential(Linear, Maxout, ..., Linear) in training mode, for inputs of shape
        (..., widths[0]).

    Raises:
        InvalidTypeError: widths, pieces, bias or dtype of another kind.
        InvalidValueError: fewer than two widths, a number below 1, an unknown name.

    References: [Goodfellow2013].

    Example:
        >>> maxout_mlp([2, 3, 1], pieces=4)
        Sequential(
          (0): Linear(in_features=2, out_features=12, bias=True)
          (1): Maxout(4)
          (2): Linear(in_features=3, out_features=1, bias=True)
        )
    """
    widths = checked_widths(widths)
    pieces = integer("pieces", pieces, least=1, do="pass pieces=2, say")
    check_options(scheme=scheme, dtype=dtype, bias=bias)
    network = layered(widths, lambda: Maxout(pieces), maps=pieces, bias=bias, dtype=dtype)
    initialize(network, scheme, seed=seed)
    return network
