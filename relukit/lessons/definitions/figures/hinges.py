"""Hinges drawing functions: sums of kinks, and stacks of layers that are straight or bent."""

import math

import torch
from torch import nn

from relukit.activations import relu
from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.curves import look
from relukit.networks import mlp
from relukit.quantities import integer, integers


@drawn
def hinge_fit(n_hinges: int = 9, *, slopes: str = "secant") -> Picture:
    r"""Return sin drawn by hinges, $\sum_i c_i \max(0, x - x_i)$, and its error.

    Each $c_i$ is the difference of two neighbouring slopes. The hinges stand at equal distances
    on [0, 2 pi]. With the slopes of the secants, their sum meets sin at each of them and at the
    right end; with the slopes of the tangents, cos at the hinges, errors add up.

    Args:
        n_hinges: how many hinges, 2 to 40.
        slopes: "secant" or "tangent".

    Raises:
        InvalidValueError: if n_hinges lies outside 2 to 40, or slopes is another word.

    Example:
        >>> hinge_fit(4).axes[0].get_title(loc="left")
        'sin drawn by 4 hinges'
    """
    n_hinges = integer("n_hinges", n_hinges, least=2, most=40)
    if slopes not in ("secant", "tangent"):
        raise InvalidValueError("'secant' or 'tangent'", repr(slopes), "pass slopes='secant'")
    points = torch.linspace(0, 2 * math.pi, n_hinges + 1, dtype=torch.float64)
    secants = torch.diff(torch.sin(points)) / torch.diff(points)
    steepness = secants if slopes == "secant" else torch.cos(points[:-1])
    changes = torch.diff(steepness, prepend=torch.zeros(1, dtype=torch.float64))
    x = torch.linspace(0, 2 * math.pi, 40 * n_hinges + 1, dtype=torch.float64)
    hinges = changes * relu(x[:, None] - points[:-1])
    total = hinges.sum(1)
    picture, (top, bottom) = panels(
        rows=2, size=(6.5, 4.2), sharex=True, gridspec_kw={"height_ratios": (2.4, 1)}
    )
    for index in range(n_hinges):
        label = "one hinge" if index == 0 else None
        style = look(2, "grey")
        top.plot(x, hinges[:, index], label=label, gid=f"hinge {index}", linewidth=0.9, **style)
    top.plot(x, torch.sin(x), color=PALETTE["vermilion"], linestyle=DASHES[1], label="sin")
    top.plot(x, total, color=PALETTE["blue"], label="sum of the hinges", gid="sum")
    heights = (changes * relu(points[:-1, None] - points[:-1])).sum(1)
    top.plot(points[:-1], heights, MARKERS[0], color=PALETTE["blue"], gid="kinks")
    top.set(ylabel="output", ylim=(-1.6, 2.1), title=f"sin drawn by {n_hinges} hinges")
    top.legend(loc="upper right", ncols=3)
    error = total - torch.sin(x)
    bottom.plot(x, error, color=PALETTE["blue"], gid="error")
    bottom.set(xlabel="input x, in radians", ylabel="sum - sin")
    quarters = [quarter * math.pi / 2 for quarter in range(5)]
    bottom.set_xticks(quarters, ["0", "π/2", "π", "3π/2", "2π"])
    bottom.set_title(f"Error: {error.abs().max():.3f} at most")
    meets = {
        "secant": "meets sin at every kink; between kinks it cuts the corners by",
        "tangent": "starts along sin and drifts away from it, by",
    }
    picture.alt = (
        f"A broken line of {n_hinges} straight pieces, the sum of {n_hinges} hinges, "
        f"{meets[slopes]} {error.abs().max():.3f} at most."
    )
    return picture


@drawn
def linear_stack(depths: tuple[int, ...] = (1, 3), *, width: int = 8, seed: int = 36) -> Picture:
    """Return random stacks of linear layers without and with ReLU between, on the same weights.

    Args:
        depths: how many linear layers each stack has, one to four numbers of at least 1.
        width: units in each hidden layer.
        seed: draws the weights (He normal) and biases (standard deviation 0.5).

    Raises:
        InvalidValueError: if depths is empty or longer than four, or a number is not positive.

    Example:
        >>> [axes.get_title(loc="left") for axes in linear_stack().axes]
        ['Linear layers only', 'ReLU between them']
    """
    depths = tuple(integers("depths", depths, least=1, do="pass such as (1, 3)"))
    width = integer("width", width, least=1)
    if not 1 <= len(depths) <= 4:
        raise InvalidValueError("one to four depths", repr(depths), "pass such as (1, 3)")
    picture, (left, right) = panels(2, size=(6.5, 2.8), sharey=True)
    x = torch.linspace(-3, 3, 601, dtype=torch.float64)[:, None]
    colours = ("grey", "blue", "vermilion", "green")
    for index, depth in enumerate(depths):
        network = random_network((1, *(width,) * (depth - 1), 1), seed=seed)
        bare = nn.Sequential(*(layer for layer in network if isinstance(layer, nn.Linear)))
        label = f"{depth} layer" + "s" * (depth > 1)
        style = look(len(depths) - 1 - index, colours[index])
        with torch.no_grad():
            left.plot(x[:, 0], bare(x)[:, 0], label=label, gid=label, **style)
            right.plot(x[:, 0], network(x)[:, 0], label=label, gid=label, **style)
    left.set(xlabel="input x", ylabel="output", title="Linear layers only")
    right.set(xlabel="input x", title="ReLU between them")
    right.legend()
    listed = " and ".join(str(depth) for depth in depths)
    picture.alt = (
        f"Random stacks of {listed} linear layers: without an activation each is one straight "
        "line; with ReLU between the same layers the deeper ones can bend."
    )
    return picture


def random_network(widths: tuple[int, ...], *, seed: int) -> nn.Sequential:
    """Return a ReLU network in float64 whose kinks are spread out: He normal, biases N(0, 0.5^2).

    Args:
        widths: inputs, units of each hidden layer, outputs.
        seed: draws weights and biases.
    """
    generator = torch.Generator().manual_seed(seed)
    network = mlp(widths, "relu", scheme="he_normal", seed=generator, dtype=torch.float64)
    with torch.no_grad():
        for layer in network:
            if isinstance(layer, nn.Linear):
                layer.bias.normal_(0, 0.5, generator=generator)
    return network
