"""Autoencoders: a network that has to give back its input from a code."""

import itertools
from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn.utils import skip_init

from relukit.initialization import initialize
from relukit.networks.arguments import check_options, checked_widths
from relukit.networks.elementwise import activation_module


class Autoencoder(nn.Module):
    r"""The network $\hat x = D(c)$ with the code $c = E(x)$.

    Args:
        encoder: a module from inputs to codes, its last step an activation.
        decoder: a module from codes to inputs.

    Example:
        >>> network = autoencoder([64, 100])
        >>> x = torch.ones(5, 64)
        >>> bool(network(x).equal(network.decoder(network.code(x))))
        True
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def forward(self, x: Tensor) -> Tensor:
        """Return the reconstruction (..., inputs) of inputs of shape (..., inputs)."""
        return self.decoder(self.code(x))

    def code(self, x: Tensor) -> Tensor:
        """Return the code of each example.

        Args:
            x: inputs of shape (..., inputs), dimensionless.

        Returns:
            A tensor (..., code), at least 0 for the rectifier, with exact zeros.

        Example:
            >>> tuple(autoencoder([64, 100]).code(torch.ones(5, 64)).shape)
            (5, 100)
        """
        return self.encoder(x)


def autoencoder(
    widths: Iterable[int],
    activation: str | None = "relu",
    *,
    scheme: str = "pytorch",
    bias: bool = True,
    seed: int | torch.Generator = 0,
    dtype: torch.dtype = torch.float32,
) -> Autoencoder:
    r"""Return an autoencoder whose code is a layer of rectifiers, $c = f(W x + b)$.

    The rectifier makes codes with exact zeros; an L1 penalty on the code while training,
    $\lambda \sum_i |c_i|$, makes them sparse. The code may be wider than the input.

    Args:
        widths: inputs, hidden widths if any, and code: two or more integers of at least 1. The
            decoder has the same widths in reverse, and weights of its own.
        activation: after every layer but the last, so on the code too; as for `mlp`.
        scheme: a key of `relukit.initialization.SCHEMES`, with its own gain; not "normal".
        bias: whether the layers have biases.
        seed: of the weights; a torch.Generator is advanced.
        dtype: of the weights, a floating dtype.

    Returns:
        An Autoencoder in training mode, for inputs of shape (..., widths[0]).

    Raises:
        InvalidTypeError: widths, bias or dtype of another kind.
        InvalidValueError: fewer than two widths, one below 1, an unknown name.

    References: [Glorot2011].

    Example:
        >>> autoencoder([64, 100])
        Autoencoder(
          (encoder): Sequential(
            (0): Linear(in_features=64, out_features=100, bias=True)
            (1): ReLU()
          )
          (decoder): Sequential(
            (0): Linear(in_features=100, out_features=64, bias=True)
          )
        )
    """
    widths = checked_widths(widths)
    check_options(scheme=scheme, dtype=dtype, bias=bias)
    path = [*widths, *reversed(widths[:-1])]
    layers: list[nn.Module] = []
    for fan_in, fan_out in itertools.pairwise(path):
        layers.append(skip_init(nn.Linear, fan_in, fan_out, bias=bias, dtype=dtype))
        layers.append(activation_module(activation))
    cut = 2 * (len(widths) - 1)
    network = Autoencoder(nn.Sequential(*layers[:cut]), nn.Sequential(*layers[cut:-1])).to(dtype)
    initialize(network, scheme, seed=seed)
    return network
