"""Experiments on whole layers: what they can draw, which units are on, what it costs."""

import math
from statistics import mean
from typing import Any

import torch

from relukit.activations import relu
from relukit.diagnostics import zeros_at_the_start
from relukit.gaussian import moments
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.networks import mlp
from relukit.statistics import Interval, interval, seconds
from relukit.streams import generator

XOR = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float64)
PARITY = torch.tensor([0.0, 1, 1, 0], dtype=torch.float64)


def linear_stack() -> Measured:
    """Fit exclusive-or by the best affine function, which is all that linear layers can form."""
    design = torch.cat([XOR, torch.ones(4, 1, dtype=torch.float64)], dim=1)
    best = design @ torch.linalg.lstsq(design, PARITY[:, None]).solution
    affine = float((best[:, 0] - PARITY).square().mean())
    s = XOR.sum(dim=1)
    two_units = float((relu(s) - 2 * relu(s - 1) - PARITY).abs().max())
    return {"squared error of the best affine fit": affine, "error with two rectifiers": two_units}


def scale_invariance() -> Measured:
    """Compare relu(a x) with a relu(x)."""
    x = torch.randn(100_000, generator=generator(0, "inputs"), dtype=torch.float64)
    gaps = [float((relu(a * x) - a * relu(x)).abs().max()) for a in (0.0, 0.3, 1.0, 3.7, 1e3)]
    return {"largest gap between max(0, a x) and a max(0, x), a from 0 to 1,000": max(gaps)}


def rescaling() -> Measured:
    """Multiply what goes into each hidden unit by a factor and divide what leaves it."""
    network = mlp((64, 100, 10), "relu", scheme="he_normal", seed=0, dtype=torch.float64)
    stream = generator(0, "inputs and factors")
    x = torch.randn(256, 64, generator=stream, dtype=torch.float64)
    factor = torch.randn(100, generator=stream, dtype=torch.float64).exp()
    before = network(x).detach()
    with torch.no_grad():
        network.get_parameter("0.weight").mul_(factor[:, None])
        network.get_parameter("0.bias").mul_(factor)
        network.get_parameter("2.weight").div_(factor)
    change = float((network(x).detach() - before).abs().max())
    what = "largest change of an output under a random rescaling of 100 units"
    return {what: change}


def mean_of_outputs() -> Measured:
    """Integrate the mean of the rectified standard normal."""
    output = moments("relu").mean
    return {"mean output": output}


def half_are_active(setting: Setting = STATED) -> Measured:
    """Count zeros at the start with weights, and biases, that are symmetric about 0."""
    seeds = setting.only().seeds

    def zeros(**options: Any) -> Interval:
        return interval([mean(zeros_at_the_start(seed, **options)) for seed in seeds])

    return {
        "share of zeros, He's weights and biases 0": zeros(),
        "share of zeros, PyTorch's default weights and biases": zeros(scheme="pytorch", bias=None),
    }


def cost_of_a_layer(width: int = 1024) -> dict[str, float]:
    """Return the measured times, in seconds, of a matrix product and of functions of its result.

    Args:
        width: rows and columns of the two matrices.
    """
    stream = generator(0, "matrices")
    a, b = torch.randn(2, width, width, generator=stream) / math.sqrt(width)
    z = a @ b
    times = {"matrix product": seconds(torch.matmul, a, b)}
    for name in ("relu", "tanh", "sigmoid"):
        times[name] = seconds(getattr(torch, name), z)
    times["gelu"] = seconds(torch.nn.functional.gelu, z)
    return times


def cheap() -> Measured:
    """Time the rectifier beside the two functions that need an exponential."""
    times = cost_of_a_layer()
    return {
        f"time of relu over {other}": times["relu"] / times[other] for other in ("tanh", "sigmoid")
    }
