"""The one affine map that a ReLU network is on the cell around an input."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from relukit.errors import InvalidTypeError, InvalidValueError


@dataclass(frozen=True, eq=False)
class Affine:
    """One matrix and one shift, and the switches that froze a network into them.

    Attributes:
        matrix: A, shape (outputs, inputs), in the network's dtype.
        shift: c, shape (outputs,).
        switches: for each hidden layer whether its units are on, bool (width,).
    """

    matrix: Tensor
    shift: Tensor
    switches: tuple[Tensor, ...]


def affine_at(network: nn.Sequential, x: Tensor) -> Affine:
    r"""Return the matrix A and the shift c for which $N(x) = Ax + c$ in the whole cell around x.

    With the switches of x fixed, a ReLU is a diagonal matrix of ones and zeros, so that
    $A = W_L D_{L-1} W_{L-1} \cdots D_1 W_1$.

    Args:
        network: nn.Linear and nn.ReLU layers in turn, n inputs and m outputs.
        x: one input, shape (n,).

    Raises:
        InvalidTypeError: a layer of another kind.
        InvalidValueError: an input of another shape.

    Conventions: a unit whose sum is exactly 0 is off, as torch's slope there is 0.

    References: [Montufar2014].

    Example:
        >>> from relukit.networks import mlp
        >>> network, x = mlp((3, 8, 2)), torch.ones(3)
        >>> found = affine_at(network, x)
        >>> torch.allclose(found.matrix @ x + found.shift, network(x))
        True
    """
    layers = list(network) if isinstance(network, nn.Sequential) else [network]
    for layer in layers:
        if type(layer) not in (nn.Linear, nn.ReLU):
            raise InvalidTypeError(
                "an nn.Sequential of nn.Linear and nn.ReLU",
                type(layer).__name__,
                "pass such as relukit.networks.mlp((64, 64, 10))",
            )
    first = next((layer for layer in layers if isinstance(layer, nn.Linear)), None)
    shape = tuple(torch.as_tensor(x).shape)
    if first is None or shape != (first.in_features,):
        wanted = "a network with layers" if first is None else f"shape ({first.in_features},)"
        raise InvalidValueError(f"one input, {wanted}", str(shape), "pass one row, such as x[0]")
    with torch.no_grad():
        a = x.detach().to(first.weight)
        matrix, shift = torch.eye(len(a)).to(a), torch.zeros_like(a)
        switches = []
        for layer in layers:
            if isinstance(layer, nn.Linear):
                matrix, shift = layer.weight @ matrix, layer(shift)
            else:
                on = a > 0
                matrix, shift = matrix * on[:, None], shift * on
                switches.append(on)
            a = layer(a)
    return Affine(matrix, shift, tuple(switches))
