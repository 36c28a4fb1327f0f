"""Experiments on schemes: what their weights' variance is and what it does to a signal."""

import math
from typing import Any

import torch
from torch import nn

from relukit.activations import relu
from relukit.diagnostics import activations
from relukit.initialization import SCHEMES, initialize
from relukit.ledger import kept
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.initialization.experiments.layers import (
    Passage,
    fresh,
    gradient,
    inputs,
    passage,
    passages,
    signal,
    width_of,
)
from relukit.networks import mlp, recurrent
from relukit.statistics import interval

# the gain that turns the scheme "pytorch", U(+-sqrt(3) gain / sqrt(n)), into U(+-sqrt(2/n))
TUTORIAL_GAIN = math.sqrt(2 / 3)


def uniform_variance(bound: float) -> float:
    """Return the variance of U(-bound, bound), bound squared over 3.

    Example:
        >>> round(uniform_variance(3.0), 6)
        3.0
    """
    return bound**2 / 3


def pytorch_is_not_he(setting: Setting = STATED) -> Measured:
    """Compare the variance of PyTorch's default weights with He's 2/n.

    Args:
        setting: the seeds, and the factor of the width.
    """
    n, ratios = width_of(setting, 400), []
    for seed in setting.seeds:
        weight = fresh((n, n), "relu", "pytorch", seed=seed).get_parameter("0.weight").detach()
        ratios.append(float(weight.double().var()) / (2 / n))
    what = "variance of a fresh nn.Linear's weights over He's 2/n"
    return {what: interval(ratios)}


def arena_variance() -> Measured:
    """Take the variance of U(+-1/sqrt(N)) times N."""
    n = 400
    times = uniform_variance(1 / math.sqrt(n)) * n
    what = "variance of U(+-1/sqrt(N)), times N"
    return {what: times}


def default_variance(activation: str, setting: Setting = STATED) -> tuple[float, ...]:
    """Return for each seed the decades of variance across inputs that 20 default layers gain.

    Weights and biases are PyTorch's own, the inputs standard normal.

    Args:
        activation: a name of `relukit.activations`; "identity" for linear layers.
        setting: the seeds, and the factor of the width.
    """
    width, found = width_of(setting), []
    for seed in setting.seeds:
        # in float32 the biases would drown what differs between inputs
        network = mlp((width,) * 21 + (1,), activation, scheme="pytorch", seed=seed).double()
        last = activations(network, inputs(64, width, seed=seed).double())[-1]
        found.append(math.log10(float(last.var(dim=0).mean())))
    return tuple(found)


def default_keeps_variance(setting: Setting = STATED) -> Measured:
    """Send 64 inputs through 20 linear and 20 ReLU layers with PyTorch's default.

    Args:
        setting: the seeds, and the factor of the width.
    """
    return {
        f"decades of variance gained in 20 {said} layers": interval(default_variance(name, setting))
        for said, name in (("linear", "identity"), ("ReLU", "relu"))
    }


def xavier_bound(setting: Setting = STATED) -> Measured:
    """Compare U(+-1/sqrt(n)) with Glorot and Bengio's uniform distribution.

    Args:
        setting: the seeds, and the factor of the width.
    """
    n = 400
    own: dict[str, Any] = {"width": width_of(setting), "seeds": setting.seeds}
    share = uniform_variance(1 / math.sqrt(n)) / SCHEMES["glorot_uniform"].std(n, n) ** 2
    gap = [
        a.signal[-1] - b.signal[-1]
        for a, b in zip(passages("pytorch", **own), passages("glorot_uniform", **own), strict=True)
    ]
    return {
        "variance over Xavier's, n = m": share,
        "decades of signal beside Xavier's after 20 layers": interval(gap),
    }


def he_bound(setting: Setting = STATED) -> Measured:
    """Compare U(+-sqrt(2/n)) with He's variance 2/n, and send a signal through 20 layers.

    Args:
        setting: the seeds, and the factor of the width.
    """
    n = 400
    share = uniform_variance(math.sqrt(2 / n)) / SCHEMES["he_normal"].std(n, n) ** 2
    lost = signal(
        passages("pytorch", width=width_of(setting), seeds=setting.seeds, gain=TUTORIAL_GAIN)
    )
    return {"variance over He's": share, "decades of signal gained in 20 layers": lost}


def he_forms(setting: Setting = STATED) -> Measured:
    """Send a signal through 20 ReLU layers with both forms of He's weights.

    Args:
        setting: the seeds, and the factor of the width.
    """
    parts = {}
    for scheme in ("he_normal", "he_uniform"):
        what = f"decades of signal gained in 20 layers, {scheme.replace('_', ' ')}"
        gained = signal(passages(scheme, width=width_of(setting), seeds=setting.seeds))
        parts[what] = gained
    return parts


@kept.cache
def tapering(side: str, seeds: range = STATED.seeds) -> tuple[Passage, ...]:
    """Return passages through ten ReLU layers whose widths fall from 256 to 32.

    Args:
        side: "in" for weights of variance 2/fan_in, "out" for 2/fan_out.
        seeds: of the networks and their inputs.
    """
    widths = (256, *(round(256 * 8 ** (-k / 10)) for k in range(1, 11)), 1)
    found = []
    for seed in seeds:
        network = fresh(widths, "relu", "he_normal", seed=seed)
        if side == "out":
            with torch.no_grad():
                for layer in network:
                    if isinstance(layer, nn.Linear):
                        layer.weight.mul_(math.sqrt(layer.in_features / layer.out_features))
        found.append(passage(network, inputs(64, 256, seed=seed), seed=seed))
    return tuple(found)


def either_fan(setting: Setting = STATED) -> Measured:
    """Send signal and gradient through tapering layers, scaled by fan_in and by fan_out.

    Args:
        setting: the seeds.
    """
    parts = {}
    for side in ("in", "out"):
        found = tapering(side, setting.only().seeds)
        for name, gained in (("signal", signal(found)), ("gradient", gradient(found))):
            what = f"decades that the {name} gains with fan_{side}, widths 256 to 32"
            parts[what] = gained
    return parts


def bias_shifts() -> Measured:
    """Compare f(w x + b) with f moved to the left by b/w."""
    x = torch.linspace(-5, 5, 10_001, dtype=torch.float64)
    gap = 0.0
    for weight, bias in ((1.0, 0.1), (2.0, -1.0), (0.5, 1.0)):
        moved = relu(weight * (x + bias / weight))
        gap = max(gap, float((relu(weight * x + bias) - moved).abs().max()))
    what = "largest gap between f(w x + b) and f(w x) moved by b/w"
    return {what: gap}


def identity_keeps() -> Measured:
    """Run a ReLU network with identity recurrent weights for 100 steps without input."""
    network = recurrent([2, 50, 1], scheme="identity", seed=0)
    initialize(network.inputs, "normal", seed=0, std=0.001)
    start = inputs(8, 50, seed=0).abs().requires_grad_()
    last = network.states(torch.zeros(8, 100, 2), start)[:, -1]
    back = inputs(8, 50, seed=0, purpose="back")
    (slope,) = torch.autograd.grad(last, start, back)
    return {
        "largest change of a state in 100 steps without input": float(
            (last - start).detach().abs().max()
        ),
        "largest change of a gradient on its way back through 100 steps": float(
            (slope - back).abs().max()
        ),
    }
