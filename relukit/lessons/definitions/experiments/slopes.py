"""Experiments on slopes: of one unit, and through a deep network at the start."""

import math
from typing import Any

import torch
from torch import Tensor, nn

from relukit.activations import activation, relu, sigmoid, softplus
from relukit.diagnostics import slope
from relukit.gaussian import moments
from relukit.initialization import initialize
from relukit.ledger.finding import Measured
from relukit.ledger.setting import STATED, Setting
from relukit.networks import mlp
from relukit.statistics import Interval, interval, paired_difference
from relukit.streams import generator
from relukit.training import train, tuned


def slopes_are_0_and_1() -> Measured:
    """Compare central differences of the rectifier with 0 and 1, away from its kink."""
    x = torch.randn(100_000, generator=generator(0, "inputs"), dtype=torch.float64)
    x = x[x.abs() > 1e-3]
    step = 1e-4
    differences = (relu(x + step) - relu(x - step)) / (2 * step)
    error = float((differences - (x > 0).double()).abs().max())
    return {"largest error of slopes 0 and 1 off the kink": error}


def softplus_slope() -> Measured:
    """Differentiate softplus automatically and compare with the logistic function."""
    x = torch.linspace(-40, 40, 8_001, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(softplus(x).sum(), x)
    error = float((gradient - sigmoid(x.detach())).abs().max())
    return {"largest gap to the logistic function": error}


def differentiable_off_zero() -> Measured:
    """Take the slope of the rectifier at the nearest numbers to 0, with all digits and with one."""
    near = (torch.finfo(torch.float64).tiny, math.ulp(0.0))
    return {f"slope at {at:.1e}": slope(relu, at) for n in near for at in (n, -n)}


class SlopeOneAtZero(nn.Module):
    """The rectifier, with the slope 1 at 0 in place of torch's 0.

    Example:
        >>> slope(SlopeOneAtZero(), 0.0), slope(torch.relu, 0.0)
        (1.0, 0.0)
    """

    def forward(self, z: Tensor) -> Tensor:
        """Return max(0, z)."""
        return torch.where(z >= 0, z, torch.zeros_like(z))


def slope_at_zero(setting: Setting = STATED) -> Measured:
    """Take torch's slope at 0, and train networks with it and with slope 1 in its place."""
    setting = setting.only("data", "width", "depth", "optimizer", "steps")
    widths, data = setting.widths((64, 32, 32, 32, 10)), setting.dataset("digits", scaling="unit")

    def other(seed: int) -> nn.Sequential:
        made = mlp(widths, scheme="he_normal", seed=seed)
        return nn.Sequential(*(SlopeOneAtZero() if isinstance(m, nn.ReLU) else m for m in made))

    options: dict[str, Any] = {
        "steps": setting.steps(210),
        "optimizer": setting.optimizer("adam"),
        "seeds": setting.seeds,
        "device": "cpu",
        "progress": False,
    }
    torchs = tuned(
        lambda seed: mlp(widths, scheme="he_normal", seed=seed),
        data,
        rates=setting.rates((0.003, 0.01, 0.03), "adam"),
        **options,
    )
    changed = train(other, data, lr=torchs.rate, **options)
    accuracies = (runs.values("test_accuracy") for runs in (torchs.runs, changed))
    return {
        "torch's slope of relu at 0": slope(torch.relu, 0.0),
        "accuracy with slope 0 at 0, less that with slope 1 there": paired_difference(
            *accuracies
        ).difference,
    }


def gradient_is_proportional() -> Measured:
    """Compare two gradients at activations of one unit that differ 10,000 times."""

    def leaving(activation: float) -> float:
        """Return the gradient, of what the unit sends on, by the weight that it is sent through."""
        return slope(lambda w: w * relu(torch.tensor(activation, dtype=torch.float64)), 1.0)

    at = "at activation 100 over that at 0.01"
    return {
        f"gradient of a weight that leaves the unit, {at}": leaving(100.0) / leaving(0.01),
        f"slope of the unit {at}": slope(relu, 100.0) / slope(relu, 0.01),
    }


def sigmoid_midpoint() -> Measured:
    """Find the inputs at which the logistic function and tanh are steepest."""
    x = torch.linspace(-5, 5, 100_001, dtype=torch.float64)

    def steepest(name: str) -> float:
        return float(x[activation(name).derivative(x).argmax()])

    return {
        "distance from 0.5 of the input at which the sigmoid is steepest": abs(
            steepest("sigmoid") - 0.5
        ),
        "distance from 0 of the input at which tanh is steepest": abs(steepest("tanh")),
    }


def slope_products() -> Measured:
    """Multiply the root mean square slope at standard normal inputs over ten layers."""
    left = {name: moments(name).slope_second ** 5 for name in ("sigmoid", "tanh")}
    return {
        "share of an error that ten layers of the sigmoid's slopes leave": left["sigmoid"],
        "share of an error that ten layers of tanh's slopes leave": left["tanh"],
    }


def decades_by_layer(
    scheme: str, seed: int, *, depth: int = 20, name: str | None = "relu", gain: float | None = None
) -> tuple[float, ...]:
    """Return log10 of the size of the gradient in front of each layer over that at the output.

    Args:
        scheme: an initialization scheme of `relukit.initialization`.
        seed: of the network, its input and the gradient sent back.
        depth: layers of 256 units, each with its activation behind it.
        name: of their activation; None: they have none.
        gain: in place of the scheme's own.

    Returns:
        Decades gained (above 0) or lost (below 0), in root mean squares, after 0, 1, ... and all
        layers on the way back.
    """
    width = 256
    switch = activation(name) if name else torch.nn.Identity()
    network = mlp((width,) * (depth + 1), name or "identity")
    initialize(network, scheme, seed=seed, gain=gain)
    x = torch.randn(64, width, generator=generator(seed, "inputs")).requires_grad_()
    back = torch.randn(64, width, generator=generator(seed, "back"))
    inputs = [x]
    for place in range(0, 2 * depth - 1, 2):
        inputs.append(switch(network[place](inputs[-1])))
    gradients = torch.autograd.grad(inputs.pop(), inputs[::-1], back)
    sent = back.double().square().mean()
    squares = [gradient.double().square().mean() / sent for gradient in gradients]
    return 0.0, *(math.log10(float(square)) / 2 for square in squares)


def gradient_decades(scheme: str, seed: int, **options: Any) -> float:
    """Return the decades that a gradient has gained or lost behind all layers.

    Args:
        scheme: an initialization scheme of `relukit.initialization`.
        seed: of the network, its input and the gradient sent back.
        **options: depth, name and gain of `decades_by_layer`.
    """
    return decades_by_layer(scheme, seed, **options)[-1]


def _decades(
    setting: Setting, scheme: str, *, depth: int = 20, gain: float | None = None
) -> Interval:
    found = [gradient_decades(scheme, seed, depth=depth, gain=gain) for seed in setting.seeds]
    return interval(found)


def gradients_vanish_or_explode(setting: Setting = STATED) -> Measured:
    """Send gradients back through 20 ReLU layers with three initializations."""
    setting, gained = setting.only(), "decades gained in 20 layers"
    return {
        f"{gained}, He's weights": _decades(setting, "he_normal"),
        f"{gained}, weights as PyTorch draws them": _decades(setting, "pytorch"),
        f"{gained}, weights of twice He's variance": _decades(setting, "he_normal", gain=2.0),
    }


def gradients_in_50_layers(setting: Setting = STATED) -> Measured:
    """Send gradients back through 50 ReLU layers with He's weights and with PyTorch's."""
    setting, gained = setting.only(), "decades gained in 50 layers"
    return {
        f"{gained}, He's weights": _decades(setting, "he_normal", depth=50),
        f"{gained}, weights as PyTorch draws them": _decades(setting, "pytorch", depth=50),
    }


def fewer_vanish(setting: Setting = STATED) -> Measured:
    """See what is left of slopes where sums are large, and of gradients behind 20 small layers.

    Large: pre-activations grow 16 times, and the mean squared slope should stay. Small: the same
    weights, as PyTorch draws them, under three activations, 20 layers of 256 units.
    """
    setting = setting.only()

    def kept(name: str) -> float:
        wide = moments(lambda z: activation(name)(16 * z), kinks=(0.0,))
        return wide.slope_second / 16**2 / moments(name).slope_second

    def ahead(name: str) -> Interval:
        pairs = [
            [gradient_decades("pytorch", seed, name=each) for each in ("relu", name)]
            for seed in setting.seeds
        ]
        return interval([relu - other for relu, other in pairs])

    small = "small weights, decades of gradient that relu keeps more than"
    return {
        **{f"share kept by {name}": kept(name) for name in ("relu", "sigmoid", "tanh")},
        **{f"{small} {name}": ahead(name) for name in ("sigmoid", "tanh")},
    }
