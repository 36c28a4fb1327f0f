"""What a network cuts its inputs into: pieces of a line, cells of a plane."""

import math

import numpy as np
import torch
from torch import nn

from relukit.diagnostics import linear_pieces, region_polygons, zaslavsky
from relukit.errors import InvalidValueError
from relukit.figures.canvas import INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.lessons.definitions.figures.hinges import random_network

# Thirty-odd labels are the most that a picture of this size can carry legibly.
_LABELLED_CELLS = 36


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
            edgecolor="#5F95BA",
            linewidth=0,
            gid=f"{active} active",
        )
        axes.fill(*polygon.T, fill=False, edgecolor=PALETTE["blue"], linewidth=1.4)
        if area >= labelled and area > 0.004 * sum(areas):
            x, y = centre
            axes.text(
                x,
                y,
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


def _area(polygon: np.ndarray) -> float:
    x, y = polygon.T
    return abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2
