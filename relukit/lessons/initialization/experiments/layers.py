"""What a fresh network does to a signal on its way in, and to a gradient on its way back."""

import functools
import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from relukit.initialization import initialize
from relukit.ledger import kept
from relukit.ledger.setting import STATED, Setting
from relukit.networks import mlp
from relukit.statistics import Interval, interval
from relukit.streams import generator

N_INPUTS = 64
WIDTH = 256


@dataclass(frozen=True)
class Passage:
    """Mean squares through the hidden layers of one fresh network, as decades.

    Attributes:
        signal: log10 of the mean square of each hidden layer's activations over the input's,
            (layers,).
        gradient: log10 of the mean square of the gradient at each hidden layer's input over that
            at the last hidden layer's output, (layers,); the first is that at the network's input.
    """

    signal: tuple[float, ...]
    gradient: tuple[float, ...]


def fresh(
    widths: tuple[int, ...], activation: str, scheme: str, *, seed: int, **options: float
) -> nn.Sequential:
    """Return a network filled anew; the same widths and activation share their memory.

    Args:
        widths: inputs, hidden widths and outputs.
        activation: a name of `relukit.activations`.
        scheme: a key of `relukit.initialization.SCHEMES`.
        seed: of the weights.
        **options: gain, bias or std, as `initialize` takes them.

    Conventions: biases are 0 unless one is given, for every scheme.

    Example:
        >>> fresh((3, 4, 2), "relu", "normal", seed=0, std=0.1)[0].bias.tolist()
        [0.0, 0.0, 0.0, 0.0]
    """
    network = _blank(widths, activation)
    initialize(network, scheme, seed=seed, **({"bias": 0.0} | options))
    return network


@functools.lru_cache(maxsize=8)
def _blank(widths: tuple[int, ...], activation: str) -> nn.Sequential:
    return mlp(widths, activation, scheme="identity")


def inputs(n: int, width: int, *, seed: int, size: float = 1.0, purpose: str = "inputs") -> Tensor:
    """Return n inputs of independent normal numbers with deviation `size`, (n, width).

    Args:
        n: examples.
        width: numbers in each.
        seed: of the numbers.
        size: dimensionless.
        purpose: another one gives other numbers.
    """
    return size * torch.randn(n, width, generator=generator(seed, purpose))


def passage(network: nn.Sequential, x: Tensor, *, seed: int) -> Passage:
    """Send x through the hidden layers, and a random gradient back from the last of them.

    Args:
        network: Linear, activation, ..., Linear; the last layer is left out.
        x: inputs, (n, widths[0]).
        seed: of the gradient that is sent back.

    Example:
        >>> network = fresh((50, 50, 50, 1), "identity", "orthogonal", seed=0)
        >>> found = passage(network, inputs(8, 50, seed=0), seed=0)
        >>> [round(v, 4) + 0.0 for v in (*found.signal, *found.gradient)]
        [0.0, 0.0, 0.0, 0.0]
    """
    a = x.requires_grad_()
    entering, leaving = [], []
    stages = list(network)
    for linear, activation in zip(stages[:-1:2], stages[1::2], strict=True):
        entering.append(a)
        a = activation(linear(a))
        leaving.append(a)
    back = inputs(len(a), a.shape[1], seed=seed, purpose="back")
    gradients = torch.autograd.grad(a, entering, back)
    return Passage(
        tuple(_decades(one, x) for one in leaving), tuple(_decades(g, back) for g in gradients)
    )


def _decades(one: Tensor, other: Tensor) -> float:
    mean = [t.detach().double().square().mean().item() for t in (one, other)]
    return math.log10(max(mean[0], 1e-300) / mean[1])


def width_of(setting: Setting, stated: int = WIDTH) -> int:
    """Return the width of all layers: the stated one times the setting's factor.

    Args:
        setting: which may change the width and nothing else.
        stated: the experiment's own.

    Example:
        >>> width_of(Setting(width=2), 128)
        256
    """
    return setting.only("width").widths((1, stated, 1))[1]


@kept.cache
def passages(
    scheme: str,
    activation: str = "relu",
    *,
    width: int = WIDTH,
    depth: int = 20,
    seeds: range = STATED.seeds,
    size: float = 1.0,
    **options: float,
) -> tuple[Passage, ...]:
    """Return one passage for each seed through networks of one width.

    Args:
        scheme: a key of `relukit.initialization.SCHEMES`.
        activation: a name of `relukit.activations`.
        width: units in each layer, inputs included.
        depth: hidden layers.
        seeds: of the networks, each with its own inputs.
        size: deviation of the inputs, dimensionless.
        **options: gain, bias or std, as `initialize` takes them.
    """
    widths = (width,) * (depth + 1) + (1,)
    return tuple(
        passage(
            fresh(widths, activation, scheme, seed=seed, **options),
            inputs(N_INPUTS, width, seed=seed, size=size),
            seed=seed,
        )
        for seed in seeds
    )


def signal(found: tuple[Passage, ...], layer: int = -1) -> Interval:
    """Return the interval over seeds of the decades that the signal has gained at a layer.

    Args:
        found: one passage a seed.
        layer: its place in `Passage.signal`.
    """
    return interval([one.signal[layer] for one in found])


def gradient(found: tuple[Passage, ...]) -> Interval:
    """Return the interval over seeds of the decades that the gradient gains on its whole way.

    Args:
        found: one passage a seed.
    """
    return interval([one.gradient[0] for one in found])
