"""What stands in the layers of a network before its first step."""

import torch
from torch import Tensor, nn

from relukit.diagnostics.layers import preactivations, zero_fraction
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
    return zero_fraction(*_fresh(seed, scheme, bias))


def sums_at_the_start(
    seed: int, *, scheme: str = "he_normal", bias: float | None = 0.0
) -> list[Tensor]:
    """Return what arrives at each of those ten layers, before the switches, (256, 256) each.

    Args:
        seed: of the weights and of the 256 standard normal inputs.
        scheme: of the weights, a key of `relukit.initialization.SCHEMES`.
        bias: the value of every bias, dimensionless; None means the scheme's own.
    """
    return preactivations(*_fresh(seed, scheme, bias))


def _fresh(seed: int, scheme: str, bias: float | None) -> tuple[nn.Module, Tensor]:
    network = mlp((256,) * 11 + (1,), "relu")
    initialize(network, scheme, seed=seed, bias=bias)
    return network, torch.randn(256, 256, generator=generator(seed, "inputs"))
