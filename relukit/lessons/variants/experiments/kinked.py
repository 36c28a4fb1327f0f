"""Experiments on relatives made of straight pieces: leaky, parametric, randomized, maxout."""

import torch
from torch import Tensor, nn

from relukit.activations import leaky_relu, prelu, relu, relu6
from relukit.diagnostics import slope
from relukit.ledger.finding import Measured
from relukit.networks import maxout_mlp
from relukit.statistics import interval
from relukit.streams import generator

N_SEEDS = 16


def leaky_formula() -> Measured:
    """Evaluate max(0, z) and the two cases, z or 0.01 z, on both sides of 0."""
    gaps = {z: relu(z).item() - leaky_relu(z).item() for z in (1.0, -1.0)}
    return {f"max(0, z) minus the cases at z = {z:g}": gap for z, gap in gaps.items()}


def leaky_slope() -> Measured:
    """Take the slopes of the leaky rectifier and of the rectifier where both are inactive."""
    leaky, plain = slope(leaky_relu, -2.0), slope(relu, -2.0)
    return {"slope of the leaky rectifier at -2": leaky, "slope of the rectifier at -2": plain}


def leaky_vanishing() -> Measured:
    """Multiply the leaky slope along a path that is inactive in one layer, and in ten."""
    one = slope(leaky_relu, -2.0)
    ten = one**10
    return {"slope of one inactive unit": one, "slope of a path through ten of them": ten}


def prelu_max() -> Measured:
    """Compare the parametric rectifier with max(x, a x) at slopes up to 1, and above."""
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


def maxout_inputs() -> Measured:
    """Ask of which inputs maxout returns the maximum: its maps', or what enters the layer."""
    gaps, shares = [], []
    for seed in range(N_SEEDS):
        x = torch.randn(512, 8, generator=generator(seed, "inputs"))
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
