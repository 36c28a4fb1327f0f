"""Experiments on relatives made of straight pieces: leaky, parametric, randomized, maxout."""

import torch
from torch import nn

from relukit.activations import leaky_relu, maxout, prelu, relu, relu6
from relukit.diagnostics import slope
from relukit.ledger.finding import Finding, Measurement
from relukit.networks import maxout_mlp
from relukit.statistics import interval

N_SEEDS = 16


def leaky_formula() -> Finding:
    """Evaluate both sides of max(0, z) = 0.01 z at z = -1."""
    sides = leaky_relu(-1.0).item(), relu(-1.0).item()
    what = "0.01 z at z = -1, where max(0, z) is 0"
    return Finding((Measurement(what, sides[0], "equal to", sides[1], f"{sides[0]:g}"),))


def leaky_slope() -> Finding:
    """Take the slopes of the leaky rectifier and of the rectifier where both are inactive."""
    leaky, plain = slope(leaky_relu, -2.0), slope(relu, -2.0)
    return Finding(
        (
            Measurement("slope of the leaky rectifier at -2", leaky, "above", 0, f"{leaky:g}"),
            Measurement("slope of the rectifier at -2", plain, "equal to", 0, f"{plain:g}"),
        )
    )


def leaky_vanishing() -> Finding:
    """Multiply the leaky slope along a path that is inactive in one layer, and in ten."""
    one = slope(leaky_relu, -2.0)
    ten = one**10
    return Finding(
        (
            Measurement("slope of one inactive unit", one, "above", 0, f"{one:g}"),
            Measurement("slope of a path through ten of them", ten, "above", 1e-6, f"{ten:.0e}"),
        )
    )


def prelu_max() -> Finding:
    """Compare the parametric rectifier with max(x, a x) at slopes up to 1, and above."""
    x = torch.randn(100_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)

    def gap(a: float) -> float:
        return float((prelu(x, slope=a) - torch.maximum(x, a * x)).abs().max())

    small = max(gap(a) for a in (-1.0, 0.0, 0.25, 0.5, 1.0))
    return Finding((Measurement("largest gap for slopes from -1 to 1", small, "below", 1e-12),))


def rrelu_in_torch() -> Finding:
    """Evaluate torch's randomized rectifier after training, beside the paper's x / 5.5."""
    ours = -nn.RReLU().eval()(torch.tensor(-1.0, dtype=torch.float64)).item()
    what = "torch's slope minus the paper's 1/5.5, after training"
    gap = abs(ours - 1 / 5.5)
    return Finding((Measurement(what, gap, "below", 0.01, f"{gap:.4f}"),))


def largest_input(seed: int) -> float:
    """Return how often a maxout unit gives the largest of its 8 inputs, over 512 inputs.

    Args:
        seed: of the unit's weights and of the standard normal inputs.
    """
    x = torch.randn(512, 8, generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        outputs = maxout_mlp([8, 16, 1], pieces=2, scheme="lecun_normal", seed=seed)[:2](x)
    return float((outputs == x.max(dim=1, keepdim=True).values).double().mean())


def maxout_inputs() -> Finding:
    """Take maxout apart: a maximum, after affine maps that are learned."""
    x = torch.randn(1000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    pair = maxout(torch.stack([x, torch.zeros_like(x)], dim=1), pieces=2)[:, 0]
    gap = float((pair - relu(x)).abs().max())
    shares = interval([largest_input(seed) for seed in range(N_SEEDS)])
    return Finding(
        (
            Measurement("gap of max(x, 0) to the rectifier", gap, "below", 1e-12),
            Measurement(
                "share of outputs of fresh maxout units that are their largest input",
                shares,
                "above",
                0.5,
            ),
        ),
        n_seeds=N_SEEDS,
    )


def unbounded() -> Finding:
    """Feed a huge number to the rectifier, and to the one that is capped at 6."""
    plain, capped = (f(torch.tensor(1e30, dtype=torch.float64)).item() for f in (relu, relu6))
    return Finding(
        (
            Measurement("output of the rectifier at 1e30", plain, "above", 1e29, f"{plain:g}"),
            Measurement("output of ReLU6 there", capped, "equal to", 6, "6"),
        )
    )
