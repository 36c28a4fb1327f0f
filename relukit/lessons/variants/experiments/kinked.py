"""Experiments on relatives made of straight pieces: leaky, parametric, randomized, maxout."""

import torch
from torch import Tensor, nn

from relukit.activations import activation, leaky_relu, prelu, relu, relu6, rrelu
from relukit.diagnostics import slope
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.variants.experiments.trained import own_gain
from relukit.networks import maxout_mlp
from relukit.statistics import interval
from relukit.streams import generator

FEATURES = 8
NARROW = 8  # networks a seed
LOST = 1e-3  # of a gradient that has about the size of the last weights


def leaky_formula() -> Measured:
    """Evaluate max(0, z) and the two cases, z or 0.01 z, on both sides of 0."""
    gaps = {z: relu(z).item() - leaky_relu(z).item() for z in (1.0, -1.0)}
    return {f"max(0, z) minus the cases at z = {z:g}": gap for z, gap in gaps.items()}


def leaky_slope() -> Measured:
    """Take the slopes of the leaky rectifier and of the rectifier where both are inactive."""
    leaky, plain = slope(leaky_relu, -2.0), slope(relu, -2.0)
    return {"slope of the leaky rectifier at -2": leaky, "slope of the rectifier at -2": plain}


def ten_leaks() -> Measured:
    """Multiply the leaky rectifier's slope at -2 by itself, once for each of ten layers."""
    slope = float(activation("leaky_relu").derivative(-2.0))
    return {"what is left of the blame after ten leaks": slope**10}


def inputs_for(seed: int, n: int) -> Tensor:
    """Return standard normal inputs of 8 features; no weights are drawn from their stream.

    Args:
        seed: of the network that they are for.
        n: how many.
    """
    return torch.randn(n, FEATURES, generator=generator(seed, "inputs"))


def gradient_sizes(name: str, width: int, seed: int, setting: Setting = STATED) -> Tensor:
    """Return the size of the gradient that reaches each of 64 inputs of a fresh deep network.

    Ten hidden layers; the weights keep the mean square of the activations, biases are 0.

    Args:
        name: an activation with a gain.
        width: of the hidden layers.
        seed: of the weights.
        setting: what is changed of the depth.
    """
    x = inputs_for(seed, 64).requires_grad_()
    network = own_gain(setting.widths((FEATURES, *(width,) * 10, 1)), name, seed)
    (gradient,) = torch.autograd.grad(network(x).sum(), x)
    return gradient.norm(dim=1)


def lost_share(name: str, seed: int, setting: Setting = STATED) -> float:
    """Return the share of gradients below a thousandth, in 8 fresh networks of 4 units a layer.

    Args:
        name: an activation with a gain.
        seed: of the networks.
        setting: as for `gradient_sizes`.
    """
    seeds = range(NARROW * seed, NARROW * (seed + 1))
    sizes = torch.cat([gradient_sizes(name, 4, one, setting) for one in seeds])
    return float((sizes < LOST).double().mean())


def leaky_vanishing(setting: Setting = STATED) -> Measured:
    """Ask what a leak leaves of the gradient: where layers are off as a whole, and elsewhere."""
    setting = setting.only("depth")
    lost, ratios = [], []
    for seed in setting.seeds:
        plain, leaky = (lost_share(name, seed, setting) for name in ("relu", "leaky_relu"))
        lost.append(plain - leaky)
        plain, leaky = (
            float(gradient_sizes(name, 64, seed, setting).median())
            for name in ("relu", "leaky_relu")
        )
        ratios.append(leaky / plain)
    return {
        "share of gradients that the leak saves in layers of 4 units": interval(lost),
        "gradient with a leak over that without, in layers of 64": interval(ratios),
    }


def prelu_max() -> Measured:
    """Compare the parametric rectifier with max(x, a x) at slopes from -1 to 1."""
    x = torch.randn(100_000, generator=generator(0, "inputs"), dtype=torch.float64)

    def gap(a: float) -> float:
        return float((prelu(x, slope=a) - torch.maximum(x, a * x)).abs().max())

    small = max(gap(a) for a in (-1.0, 0.0, 0.25, 0.5, 1.0))
    return {"largest gap for slopes from -1 to 1": small}


def rrelu_in_torch() -> Measured:
    """Set torch's slope after training beside those of the paper's formula and of its setting."""
    slope_after = -nn.RReLU().eval()(torch.tensor(-1.0, dtype=torch.float64)).item()
    what = "torch's slope after training minus"
    return {
        f"{what} the mean of a slope drawn evenly": abs(slope_after - (1 / 8 + 1 / 3) / 2),
        f"{what} 1/5.5, of a divisor drawn evenly": abs(slope_after - 1 / 5.5),
    }


def rrelu_after_training() -> Measured:
    """Compare the leak that RReLU keeps after training: the paper's setting, and torch."""
    paper, torchs = (-float(rrelu(-1.0, sampling=law)) for law in ("divisor", "slope"))
    return {"leak of the paper's setting over torch's, after training": paper / torchs}


def fresh_maxout(seed: int, x: Tensor) -> tuple[Tensor, Tensor]:
    """Return what 16 fresh maxout units of two pieces make of inputs, and their affine maps.

    Args:
        seed: of the units' weights.
        x: inputs, of shape (n, features).

    Returns:
        The outputs, of shape (n, 16), and the maps, of shape (n, 16, 2).
    """
    features = x.shape[1]
    network = maxout_mlp([features, 16, 1], pieces=2, scheme="lecun_normal", seed=seed)
    affine, unit, *_ = network
    with torch.no_grad():
        maps = affine(x)
        return unit(maps), maps.unflatten(1, (16, 2))


def maxout_inputs(setting: Setting = STATED) -> Measured:
    """Ask of which inputs maxout returns the maximum: its maps', or what enters the layer."""
    gaps, shares = [], []
    for seed in setting.only().seeds:
        x = inputs_for(seed, 512)
        outputs, maps = fresh_maxout(seed, x)
        gaps.append(float((outputs - maps.amax(dim=2)).abs().max()))
        shares.append(float((outputs == x.amax(dim=1, keepdim=True)).double().mean()))
    return {
        "largest gap of a fresh unit to the maximum of its affine maps": max(gaps),
        "share of outputs of fresh maxout units that are their largest input": interval(shares),
    }


def unbounded() -> Measured:
    """Feed a huge number to the rectifier, and to the one that is capped at 6."""
    plain, capped = (f(torch.tensor(1e30, dtype=torch.float64)).item() for f in (relu, relu6))
    return {"output of the rectifier at 1e30": plain, "output of ReLU6 there": capped}
