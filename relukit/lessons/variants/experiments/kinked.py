"""Experiments on relatives made of straight pieces: leaky, parametric, randomized, maxout."""

import torch
from torch import nn

from relukit.activations import leaky_relu, maxout, prelu, relu, relu6
from relukit.diagnostics import slope
from relukit.ledger.finding import Measured
from relukit.networks import maxout_mlp
from relukit.statistics import interval

N_SEEDS = 16


def leaky_formula() -> Measured:
    """Evaluate both sides of max(0, z) = 0.01 z at z = -1."""
    sides = leaky_relu(-1.0).item(), relu(-1.0).item()
    what = "0.01 z at z = -1, where max(0, z) is 0"
    return {what: sides[0]}


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
    x = torch.randn(100_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)

    def gap(a: float) -> float:
        return float((prelu(x, slope=a) - torch.maximum(x, a * x)).abs().max())

    small = max(gap(a) for a in (-1.0, 0.0, 0.25, 0.5, 1.0))
    return {"largest gap for slopes from -1 to 1": small}


def rrelu_in_torch() -> Measured:
    """Evaluate torch's randomized rectifier after training, beside the paper's x / 5.5."""
    ours = -nn.RReLU().eval()(torch.tensor(-1.0, dtype=torch.float64)).item()
    what = "torch's slope minus the paper's 1/5.5, after training"
    gap = abs(ours - 1 / 5.5)
    return {what: gap}


def largest_input(seed: int) -> float:
    """Return how often a maxout unit gives the largest of its 8 inputs, over 512 inputs.

    Args:
        seed: of the unit's weights and of the standard normal inputs.
    """
    x = torch.randn(512, 8, generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        outputs = maxout_mlp([8, 16, 1], pieces=2, scheme="lecun_normal", seed=seed)[:2](x)
    return float((outputs == x.max(dim=1, keepdim=True).values).double().mean())


def maxout_inputs() -> Measured:
    """Take maxout apart: a maximum, after affine maps that are learned."""
    x = torch.randn(1000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    pair = maxout(torch.stack([x, torch.zeros_like(x)], dim=1), pieces=2)[:, 0]
    gap = float((pair - relu(x)).abs().max())
    shares = interval([largest_input(seed) for seed in range(N_SEEDS)])
    return {
        "gap of max(x, 0) to the rectifier": gap,
        "share of outputs of fresh maxout units that are their largest input": shares,
    }


def unbounded() -> Measured:
    """Feed a huge number to the rectifier, and to the one that is capped at 6."""
    plain, capped = (f(torch.tensor(1e30, dtype=torch.float64)).item() for f in (relu, relu6))
    return {"output of the rectifier at 1e30": plain, "output of ReLU6 there": capped}
