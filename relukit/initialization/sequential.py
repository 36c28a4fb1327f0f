"""Weights that look at data: orthogonal first, then one layer after another to unit variance."""

import math

import torch
from torch import Tensor, nn

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.initialization.schemes import WEIGHTED, initialize, weighted_layers
from relukit.quantities import integer, real


def lsuv(
    network: nn.Module,
    x: Tensor,
    *,
    seed: int | torch.Generator,
    tolerance: float = 0.01,
    max_steps: int = 10,
) -> int:
    r"""Fill a network in place so that each layer's output on a batch has variance 1 (LSUV).

    Weights are orthogonal and biases 0. Then, in the order in which the layers run, each layer's
    weights are divided by the standard deviation of its output, until $|\mathrm{Var}[z] - 1|$ is
    below the tolerance.

    Args:
        network: a module that holds Linear or Conv layers, each of which runs once.
        x: a batch that the network accepts, at least two examples, dimensionless.
        seed: of the orthogonal weights, or a torch.Generator on the CPU, which is advanced.
        tolerance: distance of a variance from 1 that is accepted, above 0, dimensionless.
        max_steps: how often one layer is rescaled at most, at least 1.

    Returns:
        How many times a layer was rescaled, over all layers.

    Raises:
        InvalidTypeError: no module, no tensor, or a number of another kind.
        InvalidValueError: what `initialize` refuses, a number out of range, a layer that does not
            run exactly once, a layer whose output does not vary or is not finite, or one that is
            still off after max_steps.

    Conventions: the network runs without gradients and in evaluation mode; every module then has
        its training mode back. The layer's output z is the pre-activation, not the activation.

    References: [Mishkin2016].

    Example:
        >>> network = nn.Sequential(nn.Linear(8, 32), nn.GELU(), nn.Linear(32, 32))
        >>> x = torch.randn(256, 8, generator=torch.Generator().manual_seed(0))
        >>> lsuv(network, x, seed=0)
        2
        >>> round(float(network(x).detach().var()), 3)
        1.0
    """
    if not isinstance(x, Tensor):
        raise InvalidTypeError("a tensor x", type(x).__name__, "convert it with torch.as_tensor")
    if x.ndim < 2 or len(x) < 2 or x.numel() == 0:
        raise InvalidValueError("a batch of two or more", f"shape {tuple(x.shape)}", "pass more")
    tolerance = real("tolerance", tolerance, above=0, do="pass 0.01, say")
    max_steps = integer("max_steps", max_steps, least=1, do="pass 10, say")
    layers = weighted_layers(network)
    rescaled: list[int] = []

    def rescale(layer: WEIGHTED, given: tuple[Tensor, ...], z: Tensor) -> Tensor:
        steps = 0
        while not abs((variance := float(z.double().var())) - 1) < tolerance:  # nan too
            _check(layer, variance, steps < max_steps)
            layer.weight.div_(math.sqrt(variance))
            z, steps = layer.forward(*given), steps + 1
        rescaled.append(steps)
        return z  # what the next layers see

    modes = [(module, module.training) for module in network.modules()]
    initialize(network, "orthogonal", seed=seed)
    handles = [layer.register_forward_hook(rescale) for layer in layers]
    try:
        network.eval()
        with torch.no_grad():
            network(x)
    finally:
        for handle in handles:
            handle.remove()
        for module, mode in modes:
            module.training = mode
    if len(rescaled) != len(layers):
        do = "unroll the network, or initialize it with a scheme instead"
        got = f"{len(layers)} layers and {len(rescaled)} runs"
        raise InvalidValueError("layers that run exactly once each", got, do)
    return sum(rescaled)


def _check(layer: WEIGHTED, variance: float, more: bool) -> None:
    """Refuse a variance that no rescaling will bring to 1."""
    if not 0 < variance < math.inf:
        do = "pass a batch of different, finite examples through layers that keep a signal"
        raise InvalidValueError("an output that varies", f"variance {variance} of {layer}", do)
    if not more:
        do = "allow more steps or a larger tolerance"
        raise InvalidValueError("variance 1 within max_steps", f"{variance} of {layer}", do)
