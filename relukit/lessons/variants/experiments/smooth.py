"""Experiments on smooth relatives: how far from the rectifier, and how well approximated."""

import numpy as np
import torch
from torch.nn import functional as F

from relukit.activations import (
    activation,
    gelu,
    gelu_sigmoid,
    gelu_tanh,
    relu,
    silu,
    softplus,
    squareplus,
    swish,
)
from relukit.ledger.finding import Measured
from relukit.lessons.variants.experiments.table import lowest
from relukit.statistics import seconds
from relukit.streams import generator, sequence

X = torch.arange(-120_000, 120_001, dtype=torch.float64) / 10_000  # 0 exactly in the middle
MATCHES_VALUE = 4 * np.log(2) ** 2
CLOSEST = 1.523821


def gap_to_relu(name: str) -> float:
    """Return the largest distance of an activation from the rectifier on [-12, 12].

    Args:
        name: a key of `relukit.activations.ACTIVATIONS`.
    """
    return float((activation(name)(X) - relu(X)).abs().max())


def _smooth(name: str) -> Measured:
    slopes = activation(name).derivative(X)
    jump = float(slopes.diff().abs().max())
    far, low = gap_to_relu(name), lowest(activation(name), {}, 12.0)
    assert low is not None, "smooth relatives of the rectifier dip below 0"
    return {
        f"largest gap of {name} to the rectifier": far,
        f"largest jump of {name}'s slope over steps of 1e-4": jump,
        f"least value of {name}, a dip below 0": low[1],
    }


def gelu_is_smooth() -> Measured:
    """Measure GELU's gap to the rectifier, the steps of its slope, and its dip."""
    return _smooth("gelu")


def silu_and_mish_are_smooth() -> Measured:
    """Measure the same of SiLU and Mish."""
    return {**_smooth("silu"), **_smooth("mish")}


def approximation_errors() -> dict[str, float]:
    """Return the largest error of GELU's two approximations on [-12, 12]."""
    exact = gelu(X)
    return {
        "tanh": float((gelu_tanh(X) - exact).abs().max()),
        "sigmoid": float((gelu_sigmoid(X) - exact).abs().max()),
    }


def gelu_approximations() -> Measured:
    """Measure the largest errors of the two approximations that the paper offers."""
    return {
        f"largest error of the {name} form": error for name, error in approximation_errors().items()
    }


def silu_is_swish() -> Measured:
    """Compare SiLU with Swish at sharpness 1."""
    gap = float((silu(X) - swish(X, beta=1.0)).abs().max())
    return {"largest gap of SiLU to Swish at beta = 1": gap}


def silu_on_the_left() -> Measured:
    """Measure how SiLU's output changes while its input falls from -2 to -6."""
    before, after = silu(torch.tensor([-2.0, -6.0], dtype=torch.float64)).tolist()
    return {"change of SiLU's output": after - before}


def squareplus_special() -> Measured:
    """Evaluate squareplus at b = 0, and at b = 4 the metallic mean of 1, the golden ratio."""
    zero = float((squareplus(X, b=0.0) - relu(X)).abs().max())
    golden = squareplus(torch.tensor(1.0, dtype=torch.float64), b=4.0).item()
    return {
        "largest gap to the rectifier at b = 0": zero,
        "distance of squareplus(1) at b = 4 from the golden ratio": abs(golden - (1 + 5**0.5) / 2),
    }


def gaps_to_softplus() -> dict[str, float]:
    """Return the largest distance of squareplus from softplus on [-12, 12], for each named b."""
    named = {"b = 1.523821": CLOSEST, "b = 4 ln(2)^2": MATCHES_VALUE, "b = 4": 4.0}
    return {n: float((squareplus(X, b=b) - softplus(X)).abs().max()) for n, b in named.items()}


def squareplus_meets_softplus() -> Measured:
    """Compute the b at which squareplus has softplus's value at 0."""
    return {"b at which both are ln 2 at 0": float(MATCHES_VALUE)}


def squareplus_properties() -> Measured:
    """Check that squareplus rises, stays above 0, and meets both asymptotes, in float64."""
    x = torch.linspace(-1e4, 1e4, 200_001, dtype=torch.float64)
    y = squareplus(x)
    ends = torch.tensor([-1e6, 1e6], dtype=torch.float64)
    left, right = squareplus(ends) - relu(ends)
    return {
        "least rise over steps of 0.1": float(y.diff().min()),
        "least value": float(y.min()),
        "value at -1e6": float(left),
        "excess over x at 1e6": abs(float(right)),
    }


def squareplus_in_numpy(x: np.ndarray) -> np.ndarray:
    """Return squareplus with b = 4 from NumPy's algebraic operations, as the formula stands."""
    return (x + np.sqrt(x * x + 4)) / 2


def softplus_in_numpy(x: np.ndarray) -> np.ndarray:
    """Return softplus from NumPy's exponential and logarithm, without overflow."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def squareplus_algebra(*, n: int = 1_000_000, repeats: int = 7) -> Measured:
    """Time squareplus beside softplus, both in NumPy and float32.

    Args:
        n: how many numbers.
        repeats: runs of which the median counts.
    """
    x = np.random.default_rng(sequence(0, "inputs")).standard_normal(n, dtype=np.float32)
    times = {
        function: seconds(function, x, repeats=repeats)
        for function in (squareplus_in_numpy, softplus_in_numpy)
    }
    ratio = times[squareplus_in_numpy] / times[softplus_in_numpy]
    return {"time of squareplus over softplus": ratio}


def cost_in_torch(*, n: int = 1_000_000) -> dict[str, float]:
    """Return the measured times, in seconds, of torch's functions on standard normal numbers.

    Args:
        n: how many float32 numbers.
    """
    x = torch.randn(n, generator=generator(0, "inputs"))
    functions = {
        "relu": torch.relu,
        "leaky_relu": F.leaky_relu,
        "hard_swish": F.hardswish,
        "elu": F.elu,
        "silu": F.silu,
        "gelu": F.gelu,
        "softplus": F.softplus,
        "mish": F.mish,
    }
    return {name: seconds(function, x, repeats=7) for name, function in functions.items()}
