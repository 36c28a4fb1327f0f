"""Experiments on gains: one factor for each activation, and how far it carries."""

import math

from relukit.activations import activation as named
from relukit.diagnostics import preactivations
from relukit.gaussian import moments
from relukit.initialization import lsuv
from relukit.ledger.finding import Measured, Value
from relukit.lessons.initialization.experiments.layers import (
    N_SEEDS,
    Passage,
    gradient,
    inputs,
    passages,
    signal,
)
from relukit.networks import mlp
from relukit.statistics import interval


def xavier_for_sigmoids() -> Measured:
    """Send a gradient back through ten layers of tanh and of sigmoid with Xavier's weights."""
    what = "decades that the squared gradient gains in 10 layers of {}"
    return {
        what.format(name): gradient(passages("glorot_uniform", name, depth=10))
        for name in ("tanh", "sigmoid")
    }


def tanh_has_no_floor() -> Measured:
    """Measure the mean square of tanh activations 50 layers deep, with Xavier's weights."""
    deep = passages("glorot_normal", "tanh", width=128, depth=50)
    left = interval([10 ** one.signal[-1] for one in deep])
    return {"variance of tanh activations after 50 layers": left}


def leaky_moments() -> Measured:
    """Integrate mean and variance of the leaky rectifier (slope 0.1) of a standard normal."""
    found = moments("leaky_relu", slope=0.1)
    off = found.variance / ((1 + 0.1**2) / 2) - 1
    return {
        "mean of the output": found.mean,
        "variance of the output over (1 + a^2)/2, less 1": abs(off),
    }


def variance_map(activation: str, q: float, weight: float) -> float:
    r"""Return $\sigma_w^2 E[f(\sqrt q z)^2]$: the pre-activations' variance one layer on.

    Args:
        activation: a name of `relukit.activations`.
        q: the variance of this layer's pre-activations, above 0.
        weight: $\sigma_w^2$, n times the variance of a weight.

    References: [Poole2016].

    Example:
        >>> round(variance_map("relu", 3.0, 2.0), 9)
        3.0
    """
    f, root = named(activation), math.sqrt(q)
    kinks = tuple(kink / root for kink in f.kinks)
    return weight * moments(lambda z: f(root * z), kinks=kinks).second


def fixed_point_slope(activation: str, *, step: float = 1e-3) -> float:
    """Return the slope of the variance map at 1, with the weights that make 1 a fixed point.

    Args:
        activation: a name of `relukit.activations`.
        step: half the width of the difference quotient, dimensionless.

    Example:
        >>> round(fixed_point_slope("relu"), 6)
        1.0
    """
    weight = 1 / moments(activation).second
    up, down = (variance_map(activation, 1 + side, weight) for side in (step, -step))
    return (up - down) / (2 * step)


def own_gain(activation: str, *, start: float, depth: int = 30) -> tuple[Passage, ...]:
    """Return passages with the activation's own gain, from `start` times the size that it keeps.

    Args:
        activation: a name of `relukit.activations`.
        start: size of the first pre-activations' deviation, dimensionless.
        depth: hidden layers.
    """
    found = moments(activation)
    size = start * math.sqrt(found.second)
    return passages(
        "lecun_normal", activation, width=128, depth=depth, gain=found.forward_gain, size=size
    )


def gain_is_not_enough() -> Measured:
    """Give Mish, GELU and SiLU their own gains and start at the right size and at half of it."""
    what = "decades that the signal gains, {}"
    parts: dict[str, Value] = {
        what.format("Mish, 10 layers, from the right size"): signal(own_gain("mish", start=1.0), 9)
    }
    for name in ("mish", "gelu", "silu"):
        parts[f"slope of {named(name).title}'s variance map"] = fixed_point_slope(name)
    parts[what.format("Mish, 30 layers, from half the size")] = signal(own_gain("mish", start=0.5))
    return parts


def theory_predicts() -> Measured:
    """Predict the signal after ten layers of six activations from Gaussian moments alone."""
    gaps: list[list[float]] = []
    for name in ("relu", "leaky_relu", "tanh", "selu", "gelu", "softplus"):
        q = 1.0
        for _ in range(9):
            q = variance_map(name, q, 1.0)
        expected = math.log10(variance_map(name, q, 1.0))
        found = passages("lecun_normal", name, width=128, depth=10)
        gaps.append([one.signal[-1] - expected for one in found])
    rms = [math.sqrt(sum(g * g for g in each) / len(each)) for each in zip(*gaps, strict=True)]
    what = "error of the predicted signal after 10 layers, in decades, six activations"
    return {what: interval(rms)}


def lsuv_reaches_one() -> Measured:
    """Rescale 30 layers of GELU, SiLU and Mish on a batch, and measure the last on new inputs."""
    parts, widths = {}, (64,) * 31 + (10,)
    for name in ("gelu", "silu", "mish"):
        decades = []
        network = mlp(widths, name, scheme="identity")
        for seed in range(N_SEEDS):
            lsuv(network, inputs(256, 64, seed=seed), seed=seed)
            z = preactivations(network, inputs(256, 64, seed=seed + N_SEEDS))[-1]
            decades.append(math.log10(float(z.double().var())))
        what = f"decades of variance at {named(name).title}'s 30th layer, on new inputs"
        parts[what] = interval(decades)
    return parts
