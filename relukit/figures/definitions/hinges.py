"""Hinges drawing functions: sums of kinks, stacks of layers, pieces of a line, cells of a plane."""

import math

import numpy as np
import torch
from torch import nn

from relukit.activations import relu
from relukit.diagnostics import linear_pieces, region_polygons, zaslavsky
from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.networks import mlp

# Thirty-odd labels are the most that a picture of this size can carry legibly.
_LABELLED_CELLS = 36


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
    if not isinstance(n_hinges, int) or not 2 <= n_hinges <= 40:
        raise InvalidValueError("2 to 40 hinges", repr(n_hinges), "pass such an integer")
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
        look = {"color": PALETTE["grey"], "linewidth": 0.9, "linestyle": DASHES[2]}
        top.plot(x, hinges[:, index], label=label, gid=f"hinge {index}", **look)
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
    if not 1 <= len(depths) <= 4 or min(*depths, width, 1) < 1:
        raise InvalidValueError(
            "one to four depths of 1 or more", repr(depths), "pass such as (1, 3)"
        )
    picture, (left, right) = panels(2, size=(6.5, 2.8), sharey=True)
    x = torch.linspace(-3, 3, 601, dtype=torch.float64)[:, None]
    colours = ("grey", "blue", "vermilion", "green")
    for index, depth in enumerate(depths):
        network = random_network((1, *(width,) * (depth - 1), 1), seed=seed)
        bare = nn.Sequential(*(layer for layer in network if isinstance(layer, nn.Linear)))
        label = f"{depth} layer" + "s" * (depth > 1)
        look = {"color": PALETTE[colours[index]], "linestyle": DASHES[len(depths) - 1 - index]}
        with torch.no_grad():
            left.plot(x[:, 0], bare(x)[:, 0], label=label, gid=label, **look)
            right.plot(x[:, 0], network(x)[:, 0], label=label, gid=label, **look)
    left.set(xlabel="input x", ylabel="output", title="Linear layers only")
    right.set(xlabel="input x", title="ReLU between them")
    right.legend()
    listed = " and ".join(str(depth) for depth in depths)
    picture.alt = (
        f"Random stacks of {listed} linear layers: without an activation each is one straight "
        "line; with ReLU between the same layers the deeper ones can bend."
    )
    return picture


@drawn
def pieces(
    network: nn.Module | None = None, *, low: float = -3.0, high: float = 3.0, seed: int = 28
) -> Picture:
    """Return the function of a ReLU network of one input, with every one of its kinks.

    Args:
        network: 1 input, 1 output; if none, one hidden layer of 16 units, drawn with `seed`.
        low: left end of what is drawn.
        high: right end of what is drawn.
        seed: draws the network's weights, if none is given.

    Raises:
        InvalidValueError: if low is not below high, or either is infinite.

    References: [Zaslavsky1975], [Hanin2019].

    Example:
        >>> pieces().axes[0].get_xlabel()
        'input x'
    """
    if not -math.inf < low < high < math.inf:
        raise InvalidValueError("low < high, both finite", f"{low}, {high}", "swap or change them")
    network = random_network((1, 16, 1), seed=seed) if network is None else network
    found = linear_pieces(network, low, high)
    knots = torch.as_tensor(found.knots, dtype=torch.float64)
    x = torch.cat([torch.tensor([low, high], dtype=torch.float64), knots]).sort().values
    picture, (axes,) = panels(size=(6.5, 3.0))
    axes.plot(x, found(x), color=PALETTE["blue"], gid="function")
    axes.plot(
        knots, found(knots), MARKERS[0], color=PALETTE["vermilion"], label="kink", gid="kinks"
    )
    axes.set(xlabel="input x", ylabel="output")
    hidden = [layer.out_features for layer in network.modules() if isinstance(layer, nn.Linear)][
        :-1
    ]
    title = f"{found.count} straight pieces between {low:g} and {high:g}"
    if len(hidden) == 1:
        title += f"; {hidden[0]} units draw {hidden[0] + 1} at most"
    axes.set_title(title)
    axes.legend()
    shape = " and ".join(map(str, hidden))
    picture.alt = (
        f"The output of a ReLU network with {shape} hidden units over its one input: "
        f"{found.count} straight pieces that meet at {len(knots)} marked kinks."
    )
    return picture


@drawn
def regions(
    weight: torch.Tensor,
    bias: torch.Tensor,
    box: tuple[float, float, float, float] = (-3.0, 3.0, -3.0, 3.0),
) -> Picture:
    """Return the cells that the kinks of n units cut a plane into, each with its active units.

    Args:
        weight: the units' weights, shape (n, 2).
        bias: the units' biases, shape (n,).
        box: what of the plane is drawn: left, right, bottom, top.

    Raises:
        InvalidValueError: if the shapes do not fit together.

    References: [Zaslavsky1975].

    Example:
        >>> import torch
        >>> picture = regions(torch.eye(2), torch.zeros(2))
        >>> picture.axes[0].get_title(loc="left")
        '4 cells in view; 2 lines cut a plane into 4 at most'
    """
    polygons = [np.asarray(polygon) for polygon in region_polygons(weight, bias, box)]
    normals = np.asarray(torch.as_tensor(weight).detach().cpu(), dtype=float)
    offsets = np.asarray(torch.as_tensor(bias).detach().cpu(), dtype=float)
    picture, (axes,) = panels(size=(4.6, 4.4))
    areas = [_area(polygon) for polygon in polygons]
    labelled = sorted(areas)[-_LABELLED_CELLS:][0]
    for polygon, area in zip(polygons, areas, strict=True):
        centre = polygon.mean(0)
        active = int(np.sum(normals @ centre + offsets > 0))
        # Crossing a line switches one unit, so neighbours differ in parity: two fills suffice.
        axes.fill(
            *polygon.T,
            facecolor="#DCEBF5" if active % 2 else "white",
            hatch="////" if active % 2 else None,
            edgecolor="#8FB9D6",
            linewidth=0,
            gid=f"{active} active",
        )
        axes.fill(*polygon.T, fill=False, edgecolor=PALETTE["blue"], linewidth=1.4)
        if area >= labelled and area > 0.004 * sum(areas):
            axes.text(
                *centre,
                str(active),
                ha="center",
                va="center",
                fontsize=8.5,
                color=INK,
                bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.85},
            )
    axes.set(xlabel="input $x_1$", ylabel="input $x_2$", aspect="equal")
    axes.margins(0)
    axes.grid(visible=False)
    bound = zaslavsky(len(offsets), 2)
    axes.set_title(
        f"{len(polygons)} cells in view; {len(offsets)} lines cut a plane into {bound} at most"
    )
    picture.alt = (
        f"A part of the plane cut by {len(offsets)} straight lines into {len(polygons)} cells; "
        "plain and hatched cells alternate, and a number says how many units are active in each."
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


def _area(polygon: np.ndarray) -> float:
    x, y = polygon.T
    return abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2
