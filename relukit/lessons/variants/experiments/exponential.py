"""Experiments on ELU and its kin: what alpha does, where the mean goes, what SELU fixes."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Halves:
    """What each half of ELU gives to its mean and its mean square, for standard normal input.

    Attributes:
        right_mean: what the inputs above 0 add to the mean.
        left_mean: what those below 0 take from it, as a positive number.
        right_square: what the inputs above 0 give to the mean square.
        left_square: what those below 0 give to it.
    """

    right_mean: float
    left_mean: float
    right_square: float
    left_square: float

    @property
    def alpha(self) -> float:
        """How many times as deep the left half must be for a mean of 0."""
        return self.right_mean / self.left_mean

    @property
    def scale(self) -> float:
        """What then multiplies both halves for a mean square of 1."""
        return float((self.right_square + self.alpha**2 * self.left_square) ** -0.5)


def halves_of_elu() -> Halves:
    """Integrate the two halves of ELU.

    References: [Klambauer2017].

    Example:
        >>> halves = halves_of_elu()
        >>> round(halves.right_mean, 4), round(halves.left_mean, 4), round(halves.left_square, 4)
        (0.3989, 0.2384, 0.1449)
    """
    right, both = moments("relu"), moments("elu")
    return Halves(right.mean, right.mean - both.mean, right.second, both.second - right.second)


def alpha_of_selu() -> Measured:
    """Compute SELU's first constant from the halves of ELU."""
    return {"alpha": halves_of_elu().alpha}


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
