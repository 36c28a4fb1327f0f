"""Experiments on ELU and its kin: what alpha does, where the mean goes, what SELU fixes."""

import torch
from torch import nn

from relukit.activations import activation, elu, relu, shifted_relu
from relukit.gaussian import moments
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.variants.experiments.comparisons import saved
from relukit.lessons.variants.experiments.trained import builder, deep

X = torch.linspace(-20, 20, 40_001, dtype=torch.float64)


def elu_formula() -> Measured:
    """Compare x, or a (e^x - 1) below 0, with torch's ELU, from a = 0 upwards."""

    def gap(alpha: float) -> float:
        written = torch.where(X >= 0, X, alpha * (torch.exp(X.clamp(max=0)) - 1))
        return float((written - nn.ELU(alpha=alpha)(X)).abs().max())

    return {"largest gap to torch.nn.ELU at a = 0, 0.5, 1 and 2": max(map(gap, (0, 0.5, 1, 2)))}


def elu_generalizes() -> Measured:
    """Set alpha to 0 and compare ELU with the rectifier."""
    gap = float((elu(X, alpha=0.0) - relu(X)).abs().max())
    return {"largest gap of ELU to the rectifier at a = 0": gap}


def elu_mean(setting: Setting = STATED) -> Measured:
    """Integrate ELU's mean for standard normal input; measure what it saves of the early loss."""
    what = "share of the rectifier's early training loss that ELU saves"
    return {
        "mean output of ELU": moments("elu").mean,
        f"{what} on digits": saved("digits", builder, setting),
        f"{what} in six layers on MNIST-1D": saved("mnist1d", deep, setting),
    }


def mean_of_elu() -> Measured:
    """Integrate the mean of ELU for standard normal input."""
    return {"mean output of ELU": moments("elu").mean}


def elu_shifted() -> Measured:
    """Compare ELU with the shifted rectifier at both ends, and look for a kink."""
    ends = X[[0, -1]]

    def gap(alpha: float) -> float:
        return float((elu(ends, alpha=alpha) - shifted_relu(ends, shift=alpha)).abs().max())

    def jump(alpha: float) -> float:
        return float(activation("elu").derivative(X, alpha=alpha).diff().abs().max())

    return {
        "gap of the two at -20 and 20, a = 1 and 2": max(gap(1.0), gap(2.0)),
        "largest jump of ELU's slope, a = 1": jump(1.0),
        "largest jump of ELU's slope, a = 2": jump(2.0),
    }


def selu_fixed_point() -> Measured:
    """Integrate mean and variance of SELU for standard normal input, and for others near it."""
    selu = moments("selu")

    def distance(variance: float) -> float:
        scaled = moments(lambda z: activation("selu")(variance**0.5 * z), kinks=(0.0,))
        return abs(scaled.variance - 1)

    return {
        "distance of its mean from 0": abs(selu.mean),
        "distance of its variance from 1": abs(selu.variance - 1),
        "distance from 1 after a layer, from 0.9": distance(0.9),
        "distance from 1 after a layer, from 1.1": distance(1.1),
    }
