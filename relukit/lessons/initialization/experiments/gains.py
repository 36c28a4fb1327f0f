"""Experiments on gains: one factor for each activation, and how far it carries."""

import math

from relukit.activations import activation as named
from relukit.diagnostics import preactivations
from relukit.gaussian import moments
from relukit.initialization import lsuv
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.initialization.experiments.layers import (
    Passage,
    gradient,
    inputs,
    passages,
    signal,
    width_of,
)
from relukit.networks import mlp
from relukit.statistics import interval


def xavier_for_sigmoids(setting: Setting = STATED) -> Measured:
    """Send a gradient back through ten layers of tanh and of sigmoid with Xavier's weights.

    Args:
        setting: the seeds, and the factor of the width.
    """
    width = width_of(setting)
    what = "decades that the squared gradient gains in 10 layers of {}"
    return {
        what.format(name): gradient(
            passages("glorot_uniform", name, width=width, depth=10, seeds=setting.seeds)
        )
        for name in ("tanh", "sigmoid")
    }


def tanh_has_no_floor(setting: Setting = STATED) -> Measured:
    """Measure the mean square of tanh activations 50 layers deep, with Xavier's weights.

    Args:
        setting: the seeds, and the factor of the width.
    """
    width = width_of(setting, 128)
    deep = passages("glorot_normal", "tanh", width=width, depth=50, seeds=setting.seeds)
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


def own_gain(
    activation: str, *, start: float, depth: int = 30, setting: Setting = STATED
) -> tuple[Passage, ...]:
    """Return passages with the activation's own gain, from `start` times the size that it keeps.

    Args:
        activation: a name of `relukit.activations`.
        start: size of the first pre-activations' deviation, dimensionless.
        depth: hidden layers.
        setting: the seeds, and the factor of the width.
    """
    found = moments(activation)
    return passages(
        "lecun_normal",
        activation,
        width=width_of(setting, 128),
        depth=depth,
        seeds=setting.seeds,
        gain=found.forward_gain,
        size=start * math.sqrt(found.second),
    )


def gain_is_not_enough(setting: Setting = STATED) -> Measured:
    """Give Mish its own gain and start at the right size and at half of it.

    Args:
        setting: the seeds, and the factor of the width.
    """
    right, half = (own_gain("mish", start=start, setting=setting) for start in (1.0, 0.5))
    what = "decades that the signal gains, Mish,"
    return {
        f"{what} 10 layers, from the right size": signal(right, 9),
        "slope of Mish's variance map": fixed_point_slope("mish"),
        f"{what} 30 layers, from the right size": signal(right),
        f"{what} 30 layers, from half the size": signal(half),
    }


def theory_predicts(setting: Setting = STATED) -> Measured:
    """Predict the signal after ten layers of six activations from Gaussian moments alone.

    Args:
        setting: the seeds, and the factor of the width.
    """
    width = width_of(setting, 128)
    gaps: list[list[float]] = []
    for name in ("relu", "leaky_relu", "tanh", "selu", "gelu", "softplus"):
        q = 1.0
        for _ in range(9):
            q = variance_map(name, q, 1.0)
        expected = math.log10(variance_map(name, q, 1.0))
        found = passages("lecun_normal", name, width=width, depth=10, seeds=setting.seeds)
        gaps.append([one.signal[-1] - expected for one in found])
    rms = [math.sqrt(sum(g * g for g in each) / len(each)) for each in zip(*gaps, strict=True)]
    what = "error of the predicted signal after 10 layers, in decades, six activations"
    return {what: interval(rms)}


def lsuv_reaches_one(setting: Setting = STATED) -> Measured:
    """Rescale 30 layers of five activations on a batch, and measure the last on new inputs.

    Args:
        setting: the seeds, and the factor of the width.
    """
    width = width_of(setting, 64)
    parts, widths = {}, (width,) * 31 + (10,)
    for name in ("relu", "tanh", "gelu", "silu", "mish"):
        decades = []
        network = mlp(widths, name, scheme="identity")
        for seed in setting.seeds:
            lsuv(network, inputs(256, width, seed=seed), seed=seed)
            z = preactivations(network, inputs(256, width, seed=seed + 50_000))[-1]
            decades.append(math.log10(float(z.double().var())))
        what = f"decades of variance at {named(name).title}'s 30th layer, on new inputs"
        parts[what] = interval(decades)
    return parts
