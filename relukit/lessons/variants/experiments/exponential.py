"""Experiments on ELU and its kin: what alpha does, where the mean goes, what SELU fixes."""

import torch
from torch import nn

from relukit.activations import elu, relu, shifted_relu
from relukit.gaussian import moments
from relukit.ledger.finding import Measured

X = torch.linspace(-20, 20, 40_001, dtype=torch.float64)


def elu_formula() -> Measured:
    """Take ELU's mean output for standard normal input at the two ends of a >= 0."""
    plain = moments("relu").mean
    one, zero = (moments("elu", alpha=alpha).mean for alpha in (1.0, 0.0))
    return {
        "mean output at a = 1, over the rectifier's": one / plain,
        "mean output at a = 0, over the rectifier's": zero / plain,
    }


def elu_generalizes() -> Measured:
    """Set alpha to 0 and compare ELU with the rectifier."""
    gap = float((elu(X, alpha=0.0) - relu(X)).abs().max())
    return {"largest gap of ELU to the rectifier at a = 0": gap}


def elu_mean() -> Measured:
    """Integrate the mean of ELU and of the rectifier for standard normal input."""
    mean = moments("elu").mean
    less = mean - moments("relu").mean
    return {"mean output of ELU less the rectifier's": less, "mean output of ELU": mean}


def above_shifted(alpha: float) -> float:
    """Return the least value of ELU - max(-alpha, x) on [-20, 20]: below 0 where ELU dips under.

    Args:
        alpha: ELU's parameter and the shift, dimensionless.
    """
    return float((elu(X, alpha=alpha) - shifted_relu(X, shift=alpha)).min())


def elu_shifted() -> Measured:
    """Ask whether ELU stays above the shifted rectifier that it is said to smooth."""
    one, two = above_shifted(1.0), above_shifted(2.0)
    what = "least gap of ELU above max(-a, x), at a = {}"
    return {what.format(1): one, what.format(2): two}


def elu_without_alpha() -> Measured:
    """Compare x or e^x - 1 with torch's ELU at alpha 1 and at alpha 0.5."""
    x = torch.linspace(-5, 5, 1001, dtype=torch.float64)
    written = torch.where(x > 0, x, torch.exp(x) - 1)
    gaps = [float((written - nn.ELU(alpha=alpha)(x)).abs().max()) for alpha in (1.0, 0.5)]
    return {"gap to torch.nn.ELU(alpha=1.0)": gaps[0], "gap to torch.nn.ELU(alpha=0.5)": gaps[1]}


def selu_fixed_point() -> Measured:
    """Integrate mean and variance of SELU for standard normal input."""
    selu = moments("selu")
    return {
        "distance of its mean from 0": abs(selu.mean),
        "distance of its variance from 1": abs(selu.variance - 1),
    }
