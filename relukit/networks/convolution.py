"""A small convolutional network for the scanned digits of 8 x 8 pixels."""

from collections.abc import Iterable
from types import MappingProxyType

import torch
from torch import nn
from torch.nn.utils import skip_init

from relukit.errors import InvalidValueError, unknown_name
from relukit.initialization import initialize
from relukit.networks.arguments import check_options
from relukit.networks.elementwise import activation_module
from relukit.quantities import integers

SIDE = 8
N_CLASSES = 10
POOLING: MappingProxyType[str, type[nn.Module]] = MappingProxyType(
    {"average": nn.AvgPool2d, "max": nn.MaxPool2d}
)


def convolutional(
    channels: Iterable[int] = (8, 16),
    activation: str | None = "relu",
    *,
    pooling: str = "max",
    scheme: str = "pytorch",
    seed: int | torch.Generator = 0,
    dtype: torch.dtype = torch.float32,
) -> nn.Sequential:
    r"""Return a network of blocks $\mathrm{pool}_{2 \times 2}(f(K * x + b))$ and a linear layer.

    Args:
        channels: feature maps of each block, one to three integers of at least 1. Kernels are
            3 x 3 and keep the size; pooling halves it: 8, 4, 2, 1 pixels a side.
        activation: a name as for `activation_module`; None or "identity" for a linear one.
        pooling: "max" or "average", of 2 x 2 pixels that do not overlap.
        scheme: a key of `relukit.initialization.SCHEMES`, with its own gain; not "normal".
        seed: of the weights; a torch.Generator is advanced.
        dtype: of the weights, a floating dtype.

    Returns:
        nn.Sequential(Unflatten, Conv2d, f, pool, ..., Flatten, Linear) in training mode, for
        images as rows of shape (..., 64) with at most one leading dimension, as
        `relukit.datasets.digits` gives them; it returns 10 scores (..., 10).

    Raises:
        InvalidTypeError: channels or dtype of another kind.
        InvalidValueError: no block or more than three, a number below 1, an unknown name.

    Conventions: the activation comes before the pooling. Layers of an nn.Sequential can be
        exchanged: with a rising activation and max-pooling it changes nothing.

    References: [LeCun1998b].

    Example:
        >>> network = convolutional()
        >>> network[1]
        Conv2d(1, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
        >>> tuple(network(torch.zeros(5, 64)).shape)
        (5, 10)
    """
    channels = integers("channels", channels, least=1, do="pass for example [8, 16]")
    if not 1 <= len(channels) <= 3:
        raise InvalidValueError(
            "one to three blocks", str(len(channels)), "pass channels=[8, 16], say"
        )
    if not isinstance(pooling, str) or pooling not in POOLING:
        raise unknown_name("pooling", pooling, POOLING)
    check_options(scheme=scheme, dtype=dtype)
    layers: list[nn.Module] = [nn.Unflatten(-1, (1, SIDE, SIDE))]
    side, fan_in = SIDE, 1
    for maps in channels:
        layers.append(skip_init(nn.Conv2d, fan_in, maps, kernel_size=3, padding=1, dtype=dtype))
        layers += [activation_module(activation), POOLING[pooling](2)]
        side, fan_in = side // 2, maps
    layers.append(nn.Flatten(-3))
    layers.append(skip_init(nn.Linear, fan_in * side**2, N_CLASSES, dtype=dtype))
    network = nn.Sequential(*layers).to(dtype)
    initialize(network, scheme, seed=seed)
    return network
