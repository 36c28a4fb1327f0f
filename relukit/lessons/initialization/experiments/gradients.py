"""Experiments on gradients: how many directions survive, and how alike neighbours stay."""

import math

import torch
from torch import Tensor

from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.initialization.experiments.layers import fresh, inputs, width_of
from relukit.statistics import interval

N_POINTS = 256
ARMS = ("1/n", "2/n", "1/n, biases in layer 1 only")


@kept.cache
def spectrum(
    activation: str,
    scheme: str,
    gain: float,
    *,
    seed: int,
    width: int = 64,
    depth: int = 50,
    size: float = 0.1,
) -> tuple[float, ...]:
    """Return the singular values of d a_L / d x at one normal input, largest first.

    Args:
        activation: a name of `relukit.activations`.
        scheme: a key of `relukit.initialization.SCHEMES`.
        gain: factor on the weights, dimensionless.
        seed: of the weights and of the input.
        width: units in each layer, inputs included.
        depth: hidden layers.
        size: deviation of the input, dimensionless; at 0.1 tanh is nearly linear.

    References: [Pennington2017].

    Example:
        >>> [round(s, 4) for s in spectrum("identity", "orthogonal", 1.0, seed=0, width=3)]
        [1.0, 1.0, 1.0]
    """
    network = fresh((width,) * (depth + 1) + (1,), activation, scheme, seed=seed, gain=gain)
    a = inputs(1, width, seed=seed, size=size).double()
    jacobian = torch.eye(width, dtype=torch.float64)
    weights = [p.detach().double() for p in network.parameters() if p.ndim == 2]
    for weight, function in zip(weights[:-1], list(network)[1::2], strict=True):
        z = (a @ weight.T).requires_grad_()
        a = function(z)
        (slope,) = torch.autograd.grad(a.sum(), z)
        jacobian, a = slope[0][:, None] * (weight @ jacobian), a.detach()
    return tuple(torch.linalg.svdvals(jacobian).tolist())


SPECTRA = {
    "tanh, orthogonal": ("tanh", "orthogonal", 1.0),
    "tanh, Gaussian": ("tanh", "lecun_normal", 1.0),
    "ReLU, orthogonal": ("relu", "orthogonal", math.sqrt(2)),
    "ReLU, Gaussian": ("relu", "he_normal", math.sqrt(2)),
}


def survivors(
    name: str, *, within: float = 10.0, size: float = 0.1, setting: Setting = STATED
) -> list[float]:
    """Return, for each seed, the share of singular values within a factor of the largest.

    Args:
        name: a key of `SPECTRA`.
        within: the factor, above 1.
        size: deviation of the input.
        setting: the seeds, and the factor of the width.
    """
    shares = []
    for seed in setting.seeds:
        values = spectrum(*SPECTRA[name], seed=seed, width=width_of(setting, 64), size=size)
        shares.append(sum(v * within > values[0] for v in values) / len(values))
    return shares


def isometry(setting: Setting = STATED) -> Measured:
    """Count the directions that keep a tenth of the largest singular value through 50 layers.

    The input has deviation 0.1.

    Args:
        setting: the seeds, and the factor of the width.
    """
    setting = setting.only("width")
    what = "share of directions within a factor 10 of the largest after 50 layers, {}"
    return {what.format(name): interval(survivors(name, setting=setting)) for name in SPECTRA}


def autocorrelation(gradient: Tensor, lag: int) -> float:
    """Return the autocorrelation of a curve at a lag, over the sum of its squares.

    Args:
        gradient: the curve at equal distances, (points,).
        lag: in points.

    Example:
        >>> autocorrelation(torch.tensor([1.0, 0.0, 1.0, 0.0]), 2)
        0.5
    """
    return float((gradient[lag:] * gradient[: len(gradient) - lag]).sum() / gradient.square().sum())


def gradient_curves(
    depth: int, *, width: int = 200, seeds: range = STATED.seeds
) -> dict[str, tuple[Tensor, ...]]:
    """Return dy/dx at 256 points of [-2, 2] for networks with one input, by initialization.

    Every weight and bias of the network is drawn with one variance, 1/width or 2/width; "1/n,
    biases in layer 1 only" has the first kind of weights and no bias beyond the first layer.

    Args:
        depth: hidden layers.
        width: units in each.
        seeds: of the networks.

    Returns:
        name -> one float64 tensor (256,) for each seed.
    """
    return _gradient_curves(depth, width, seeds)


@kept.cache
def _gradient_curves(depth: int, width: int, seeds: range) -> dict[str, tuple[Tensor, ...]]:
    x = torch.arange(-2, 2, 4 / N_POINTS, dtype=torch.float64)
    curves: dict[str, list[Tensor]] = {}
    for seed in seeds:
        generator = torch.Generator().manual_seed(seed)
        # one set of numbers for the three arms: they differ in scale and in biases alone
        first, *deeper = (
            torch.randn(width, (1 if layer == 0 else width) + 1, generator=generator)
            for layer in range(depth)
        )
        last = torch.randn(width, generator=generator)
        for name, scale, biased in zip(ARMS, (1.0, 2.0, 1.0), (True, True, False), strict=True):
            layers = [first, *deeper]
            slope = _input_gradient(x, layers, last, math.sqrt(scale / width), biased)
            curves.setdefault(name, []).append(slope)
    return {name: tuple(each) for name, each in curves.items()}


def _input_gradient(
    x: Tensor, layers: list[Tensor], last: Tensor, std: float, biased: bool
) -> Tensor:
    a, slope = x[None], torch.ones(1, len(x), dtype=torch.float64)
    for depth, layer in enumerate(layers):
        scaled = std * layer.double()
        z = scaled[:, :-1] @ a
        if biased or depth == 0:
            z += scaled[:, -1:]
        on = z > 0
        a, slope = z * on, (scaled[:, :-1] @ slope) * on
    return std * last.double() @ slope


def lag_autocorrelation(
    depth: int, name: str, lag: int = 16, setting: Setting = STATED
) -> list[float]:
    """Return each seed's autocorrelation of the gradient at a lag; 16 points are 0.25 of x.

    Args:
        depth: hidden layers.
        name: of the initialization, one of `ARMS`.
        lag: in points.
        setting: the seeds, and the factor of the width.
    """
    curves = gradient_curves(depth, width=width_of(setting, 200), seeds=setting.seeds)[name]
    return [autocorrelation(curve, lag) for curve in curves]


def shattered_gradients(setting: Setting = STATED) -> Measured:
    """Measure how alike gradients at neighbouring inputs are, 50 layers deep, in three networks.

    Args:
        setting: the seeds, and the factor of the width.
    """
    what = "autocorrelation of dy/dx at a distance of 0.25 after 50 layers, {}"
    return {
        what.format(said): interval(lag_autocorrelation(50, name, setting=setting))
        for name, said in (
            ("1/n", "weights and biases of variance 1/n"),
            ("2/n", "of variance 2/n"),
            ("1/n, biases in layer 1 only", "1/n, biases in layer 1 only"),
        )
    }
