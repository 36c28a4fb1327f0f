"""Rectifiers with a random part: a random slope, or noise inside the maximum."""

import math

import numpy as np
import torch

from relukit.activations import noisy_relu, relu, sigmoid
from relukit.figures.canvas import DASHES, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.curves import look
from relukit.quantities import integer


@drawn
def randomized_slopes() -> Picture:
    r"""Return how torch and the paper draw the slope of a randomized rectifier, as densities.

    torch: $a \sim U(1/8, 1/3)$. The paper: $1/a \sim U(3, 8)$, so that $p(a) = 1/(5 a^2)$.

    References: [Xu2015].

    Example:
        >>> randomized_slopes().axes[0].get_ylabel()
        'density'
    """
    low, high = 1 / 8, 1 / 3
    a = np.linspace(low, high, 201)
    laws = {
        "torch: slope uniform": (np.full_like(a, 1 / (high - low)), (low + high) / 2),
        "paper: divisor uniform": (1 / (5 * a**2), 1 / 5.5),
    }
    picture, (axes,) = panels(size=(6.5, 2.9))
    named = ("torch: the leak is drawn evenly", "the paper: 1/leak is drawn evenly")
    for index, (label, (density, last)) in enumerate(laws.items()):
        style = look(index)
        edges = np.concatenate([[0], density, [0]])
        axes.plot(np.concatenate([[low], a, [high]]), edges, label=label, gid=label, **style)
        axes.plot(
            [last], [0], MARKERS[index], color=style["color"], markersize=9, clip_on=False,
            gid=f"last {label}", zorder=3,
        )  # fmt: skip
        axes.text(last, 0.7, f"{last:.3f}", ha="center")
        place = ((0.215, 5.3), (0.152, 9.3))[index]
        axes.text(*place, named[index])
    axes.set(xlabel="leak (slope for x < 0)", ylabel="density", xlim=(0.1, 0.36), ylim=(0, 13.5))
    axes.set_title("The paper's leaks are smaller, during training and after it (dots)")
    picture.alt = (
        "Densities of the random slope between 1/8 and 1/3, and the slope that is used after "
        "training: level and 0.2292 for torch, falling and 0.1818 for the paper."
    )
    return picture


@drawn
def noisy(*, n: int = 500, seed: int = 0) -> Picture:
    r"""Return samples of the noisy rectifier $\max(0, x + \sqrt{\sigma(x)} z)$ and their mean.

    Args:
        n: number of samples, 10 to 5000.
        seed: of inputs and noise.

    Raises:
        InvalidValueError: n out of range.

    Conventions: the mean is the closed form $x \Phi(x/s) + s \varphi(x/s)$, $s^2 = \sigma(x)$.

    References: [Nair2010].

    Example:
        >>> noisy(n=50).axes[0].get_ylabel()
        'output'
    """
    from scipy.stats import norm

    n = integer("n", n, least=10, most=5000)
    generator = torch.Generator().manual_seed(seed)
    x = (8 * torch.rand(n, generator=generator, dtype=torch.float64) - 4).sort().values
    y = noisy_relu(x, seed=generator)
    grid = torch.linspace(-4, 4, 201, dtype=torch.float64)
    spread = sigmoid(grid).sqrt().numpy()
    ratio = grid.numpy() / spread
    mean = grid.numpy() * norm.cdf(ratio) + spread * norm.pdf(ratio)
    picture, (axes,) = panels(size=(6.5, 2.9))
    axes.plot(
        x, y, MARKERS[0], color=PALETTE["grey"], markersize=2.5, label="samples", gid="samples"
    )
    axes.plot(grid, mean, color=PALETTE["vermilion"], label="their mean", gid="mean")
    axes.plot(
        grid, relu(grid), color=PALETTE["blue"], linestyle=DASHES[1], label="max(0, x)", gid="relu"
    )
    axes.set(xlabel="input x", ylabel="output", xlim=(-4, 4), title="Noise lifts the mean around 0")
    picture.legend(loc="outside right center")
    at_zero = math.sqrt(0.5) * norm.pdf(0)
    picture.alt = (
        "Samples of the noisy rectifier scatter about max(0, x), more so for large x; their mean "
        f"lies above it around 0, where it is {at_zero:.2f}."
    )
    return picture
