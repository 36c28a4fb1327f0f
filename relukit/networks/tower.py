"""Deep towers of equal layers: plain, normalized, or with a way around each layer."""

import math
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.utils import skip_init

from relukit.errors import unknown_name
from relukit.initialization import initialize
from relukit.networks.elementwise import activation_module
from relukit.quantities import integer

Norm = Literal["layer"]
Around = Literal["plain", "scaled", "opening"]
_NORMS = ("layer",)
_AROUND = ("plain", "scaled", "opening")


class Floor(nn.Module):
    r"""One layer of a tower, $f(N(Wx + b))$, or $x + \alpha f(WN(x) + b)$ with a way around.

    Args:
        width: numbers in and numbers out.
        activation: a name as for `activation_module`.
        norm: N, layer normalization; None leaves it out.
        around: None; "plain", alpha = 1; "scaled", `scale`; "opening", a parameter that starts
            at 0, so that the layer begins as the identity.
        scale: alpha where `around` is "scaled".

    References: [Ba2016], [He2015b], [Bachlechner2021].

    Example:
        >>> floor = Floor(4, around="opening")
        >>> x = torch.ones(2, 4)
        >>> bool((floor(x) == x).all())
        True
    """

    def __init__(
        self,
        width: int,
        activation: str = "relu",
        *,
        norm: Norm | None = None,
        around: Around | None = None,
        scale: float = 1.0,
    ) -> None:
        super().__init__()
        self.linear = skip_init(nn.Linear, width, width)
        self.norm = nn.LayerNorm(width) if norm else nn.Identity()
        self.activation = activation_module(activation)
        self.around = around
        self.scale = scale
        if around == "opening":
            self.opening = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """Return what the layer makes of examples (n, width), in the same shape."""
        if self.around is None:
            return self.activation(self.norm(self.linear(x)))
        detour = self.activation(self.linear(self.norm(x)))
        return x + (self.opening if self.around == "opening" else self.scale) * detour


def tower(
    depth: int,
    width: int,
    *,
    inputs: int = 64,
    outputs: int = 10,
    activation: str = "relu",
    norm: Norm | None = None,
    around: Around | None = None,
    scheme: str = "he_normal",
    gain: float | None = None,
    seed: int = 0,
) -> nn.Sequential:
    """Return a network of a first layer, `depth` - 1 floors and a last, linear layer.

    Args:
        depth: hidden layers, 2 or more.
        width: units in each.
        inputs: numbers in an example.
        outputs: numbers that come out.
        activation: a name as for `activation_module`.
        norm: None, or "layer" for layer normalization in every floor.
        around: None, or the way around every floor: "plain", "scaled" (by one over the root of
            the depth) or "opening" (by a learned number that starts at 0).
        scheme: of the weights, a key of `relukit.initialization.SCHEMES`.
        gain: factor in place of the scheme's own, dimensionless.
        seed: of the weights.

    Returns:
        nn.Sequential(Linear, activation, Floor, ..., Linear) for inputs of shape (n, inputs).

    Raises:
        InvalidTypeError: a depth or width that is no integer.
        InvalidValueError: one that is too small, or an unknown name.

    Example:
        >>> tower(3, 8, around="opening")(torch.zeros(5, 64)).shape
        torch.Size([5, 10])
    """
    depth = integer("depth", depth, least=2, do="pass the number of hidden layers")
    width = integer("width", width, least=1, do="pass the number of units in a layer")
    if norm is not None and norm not in _NORMS:
        raise unknown_name("norm", norm, _NORMS)
    if around is not None and around not in _AROUND:
        raise unknown_name("way around", around, _AROUND)
    floors = [
        Floor(width, activation, norm=norm, around=around, scale=1 / math.sqrt(depth))
        if around == "scaled"
        else Floor(width, activation, norm=norm, around=around)
        for _ in range(depth - 1)
    ]
    network = nn.Sequential(
        skip_init(nn.Linear, inputs, width),
        activation_module(activation),
        *floors,
        skip_init(nn.Linear, width, outputs),
    )
    initialize(network, scheme, seed=seed, gain=gain)
    return network
