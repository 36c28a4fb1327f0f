"""Experiments on whole layers: what they can draw, which units are on, what it costs."""

import math
from statistics import mean

import torch

from relukit.activations import relu
from relukit.diagnostics import zeros_at_the_start
from relukit.gaussian import moments
from relukit.ledger.finding import Measured
from relukit.networks import mlp
from relukit.statistics import interval, seconds
from relukit.streams import generator

N_SEEDS = 16
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
    """Compare relu(a x) with a relu(x), and with relu(x)."""
    x = torch.randn(100_000, generator=generator(0, "inputs"), dtype=torch.float64)
    scaled = relu(4 * x)
    follows = float((scaled - 4 * relu(x)).abs().max())
    unmoved = float((scaled - relu(x)).abs().max())
    return {
        "gap between relu(4x) and 4 relu(x)": follows,
        "gap between relu(4x) and relu(x)": unmoved,
    }


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


def half_are_active() -> Measured:
    """Count zeros at the start with all biases 0 and with all biases 1."""
    zero, one = (
        interval([mean(zeros_at_the_start(seed, bias=bias)) for seed in range(N_SEEDS)])
        for bias in (0.0, 1.0)
    )
    return {"share of zeros with every bias 0": zero, "share of zeros with every bias 1": one}


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
    """Time the rectifier beside tanh and beside the matrix product that feeds it."""
    times = cost_of_a_layer()
    return {
        "time of relu over tanh": times["relu"] / times["tanh"],
        "time of relu over the matrix product before it": times["relu"] / times["matrix product"],
    }
