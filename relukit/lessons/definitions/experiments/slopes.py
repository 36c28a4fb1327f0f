"""Experiments on slopes: of one unit, and through a deep network at the start."""

import math

import torch
from torch import Tensor, nn

from relukit.activations import activation, relu, sigmoid, softplus
from relukit.diagnostics import slope
from relukit.gaussian import moments
from relukit.initialization import initialize
from relukit.ledger.finding import Measured
from relukit.networks import mlp
from relukit.statistics import Interval, interval
from relukit.streams import generator

N_SEEDS = 16


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
    """Take the slope of the rectifier at the two nearest normal numbers to 0."""
    tiny = torch.finfo(torch.float64).tiny
    parts = ((tiny, 1.0), (-tiny, 0.0))
    return {f"slope at {at:.0e}": slope(relu, at) for at, want in parts}


def slope_at_zero() -> Measured:
    """Take torch's slope at 0 of the rectifier, and of the identity written with rectifiers."""
    at_zero = slope(torch.relu, 0.0)
    identity = slope(lambda x: torch.relu(x) - torch.relu(-x), 0.0)
    return {
        "torch's slope of relu at 0": at_zero,
        "slope at 0 of relu(x) - relu(-x), which is x": identity,
    }


def gradient_is_proportional() -> Measured:
    """Compare the slope of an active unit at two activations that differ 10,000 times."""
    ratio = slope(relu, 100.0) / slope(relu, 0.01)
    what = "slope at activation 100 over slope at activation 0.01"
    return {what: ratio}


def sigmoid_midpoint() -> Measured:
    """Find the input at which the logistic function is steepest."""
    x = torch.linspace(-5, 5, 100_001, dtype=torch.float64)
    steepest = abs(float(x[(sigmoid(x) * (1 - sigmoid(x))).argmax()]))
    what = "distance from 0.5 of the input at which the logistic function is steepest"
    return {what: abs(steepest - 0.5)}


def slope_products() -> Measured:
    """Multiply the largest slope of sigmoid and of tanh over ten layers."""
    products = {
        "sigmoid": slope(torch.sigmoid, 0.0) ** 10,
        "tanh": slope(torch.tanh, 0.0) ** 10,
    }
    return {f"{name}'s largest slope to the 10th": p for name, p in products.items()}


def saturates_on_both_sides() -> Measured:
    """Let pre-activations grow 16 times and see what is left of the mean squared slope."""

    def kept(name: str) -> float:
        wide = moments(lambda z: activation(name)(16 * z), kinks=(0.0,))
        return wide.slope_second / 16**2 / moments(name).slope_second

    relu_kept, sigmoid_kept, tanh_kept = kept("relu"), kept("sigmoid"), kept("tanh")
    return {
        "share kept by relu": relu_kept,
        "share kept by sigmoid": sigmoid_kept,
        "share kept by tanh": tanh_kept,
    }


def gradient_decades(scheme: str, seed: int, **options: float) -> float:
    """Return log10 of the squared gradient at the input over that at the output of 20 layers.

    Args:
        scheme: an initialization scheme of `relukit.initialization`.
        seed: of the network, its input and the gradient sent back.
        **options: of the scheme, such as its gain.

    Returns:
        Decades gained (above 0) or lost (below 0) through 20 ReLU layers of 256 units.
    """
    width, depth = 256, 20
    network = mlp((width,) * (depth + 1), "relu", scheme="he_normal", seed=seed)
    if scheme != "he_normal" or options:
        initialize(network, scheme, seed=seed, **options)
    x = torch.randn(64, width, generator=generator(seed, "inputs")).requires_grad_()
    back = torch.randn(64, width, generator=generator(seed, "back"))
    (gradient,) = torch.autograd.grad(network(x), x, back)
    return math.log10(float(gradient.double().square().mean() / back.double().square().mean()))


def _decades(scheme: str, **options: float) -> Interval:
    return interval([gradient_decades(scheme, seed, **options) for seed in range(N_SEEDS)])


def gradients_vanish_or_explode() -> Measured:
    """Send gradients back through 20 ReLU layers with two initializations other than He's."""
    return {
        "decades gained in 20 layers, weights as PyTorch draws them": _decades("pytorch"),
        "decades gained in 20 layers, weights of twice He's variance": _decades(
            "he_normal", gain=2.0
        ),
    }


def surviving_directions(seed: int, *, width: int = 64, depth: int = 50) -> float:
    """Return the share of a deep ReLU network's singular values within 1,000 of the largest.

    The weights are orthogonal and the biases 0. Their gain does not matter: it multiplies every
    singular value by the same number.

    Args:
        seed: of the weights and of the input.
        width: units in every layer.
        depth: layers of weights.
    """
    network = mlp((width,) * (depth + 1), "relu", scheme="orthogonal", seed=seed).double()
    signal = torch.randn(width, generator=generator(seed, "inputs")).double()
    jacobian: Tensor = torch.eye(width, dtype=torch.float64)
    with torch.no_grad():
        for layer in (layer for layer in network if isinstance(layer, nn.Linear)):
            active = (layer.weight @ signal > 0).double()
            signal = active * (layer.weight @ signal)
            jacobian = active[:, None] * (layer.weight @ jacobian)
    singular = torch.linalg.svdvals(jacobian)
    return float((singular > 1e-3 * singular[0]).double().mean())


def deep_jacobian() -> Measured:
    """Count the directions in which a gradient survives 50 orthogonal ReLU layers."""
    shares = interval([surviving_directions(seed) for seed in range(N_SEEDS)])
    what = "share of directions in which a gradient survives 50 layers"
    return {what: shares}
