"""What stands in the layers of a network before its first step."""

import torch

from relukit.diagnostics.layers import zero_fraction
from relukit.initialization import initialize
from relukit.networks import mlp
from relukit.streams import generator


def zeros_at_the_start(
    seed: int, *, scheme: str = "he_normal", bias: float | None = 0.0
) -> list[float]:
    """Return the share of exact zeros in each of ten fresh layers of 256 units.

    Args:
        seed: of the weights and of the 256 standard normal inputs.
        scheme: of the weights, a key of `relukit.initialization.SCHEMES`.
        bias: the value of every bias, dimensionless; None means the scheme's own.
    """
    network = mlp((256,) * 11 + (1,), "relu")
    initialize(network, scheme, seed=seed, bias=bias)
    x = torch.randn(256, 256, generator=generator(seed, "inputs"))
    return zero_fraction(network, x)
