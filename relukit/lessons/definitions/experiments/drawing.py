"""What few ReLUs can draw: where one bends, what twice as many buy, how many exclusive-or takes."""

import math

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import nn

from relukit.activations import relu
from relukit.diagnostics import linear_pieces
from relukit.ledger.finding import Measured
from relukit.lessons.definitions.experiments.corners import (
    computable,
    most_right,
)
from relukit.lessons.definitions.experiments.layers import PARITY, XOR

_STEPS = 512  # between two hinges: a gap's top is flat, so its height is right to 4 in a million


def broken_line(points: ArrayLike, heights: ArrayLike) -> nn.Sequential:
    r"""Return a network that draws straight lines from point to point and was never trained.

    It computes $h_0 + \sum_k c_k \max(0, x - x_k)$, with one unit for each point but the last,
    which bends at the point by the change of slope $c_k$. Left of all points it is level.

    Args:
        points: x of at least two points, rising.
        heights: y of each.

    Example:
        >>> network = broken_line([0, 1, 2], [0, 2, 1])
        >>> network(torch.tensor([[0.0], [0.5], [2.0]], dtype=torch.float64))[:, 0].tolist()
        [0.0, 1.0, 1.0]
    """
    x = torch.as_tensor(np.asarray(points, dtype=float))
    h = torch.as_tensor(np.asarray(heights, dtype=float))
    changes = torch.diff(torch.diff(h) / torch.diff(x), prepend=torch.zeros(1, dtype=h.dtype))
    hidden = nn.Linear(1, len(changes), dtype=h.dtype)
    output = nn.Linear(len(changes), 1, dtype=h.dtype)
    with torch.no_grad():
        hidden.weight.fill_(1.0)
        hidden.bias.copy_(-x[:-1])
        output.weight.copy_(changes[None])
        output.bias.copy_(h[:1])
    return nn.Sequential(hidden, nn.ReLU(), output).requires_grad_(requires_grad=False)


def largest_error(n_hinges: int) -> float:
    """Return by how much a sine at most differs from its drawing by hinges at equal distances.

    The hinges stand on [0, 2 pi]; the drawing meets the sine at each, and at the right end.

    Args:
        n_hinges: how many, at least 1.

    Example:
        >>> round(largest_error(9), 3)
        0.059
    """
    points = np.linspace(0, 2 * math.pi, n_hinges + 1)
    x = torch.linspace(0, 2 * math.pi, _STEPS * n_hinges + 1, dtype=torch.float64)
    drawn = broken_line(points, np.sin(points))(x[:, None])[:, 0]
    return float((drawn - torch.sin(x)).abs().max())


def kink() -> Measured:
    """Find where max(0, x + 3) bends: exactly, from the weight and the bias of a unit."""
    unit = nn.Sequential(nn.Linear(1, 1, dtype=torch.float64), nn.ReLU())
    with torch.no_grad():
        unit.get_parameter("0.weight").fill_(1.0)
        unit.get_parameter("0.bias").fill_(3.0)
    (knot,) = linear_pieces(unit).knots.tolist()
    return {"input at which max(0, x + 3) bends": knot}


def doubled() -> Measured:
    """Draw a sine by 16 hinges and by 32 and compare the largest errors."""
    ratio = largest_error(16) / largest_error(32)
    return {"largest error with 16 hinges over that with 32": ratio}


def xor_units() -> Measured:
    """Find the least number of ReLUs that compute exclusive-or of two inputs.

    With each number of units, all ways in which the four corners can throw the switches are gone
    through; in each of them the network is linear in its parameters, so that a linear program
    finds weights that put the corners on their sides, or shows that there are none. One unit
    sees its inputs along one direction only, and what it gives out never turns back. There, the
    places of (0, 1) and (1, 0) add up to the same as those of (0, 0) and (1, 1), so that neither
    pair can lie beyond the other. Two units give 0 and 1 exactly, f(s) - 2 f(s - 1) with
    s = x1 + x2.

    References: [Goodfellow2016], section 6.1, has these two units.
    """
    s = XOR.sum(1)
    needed = next(n for n in range(1, 5) if computable(PARITY, n))
    return {
        "ReLUs needed": needed,
        "corners of four that one ReLU gets right": most_right(PARITY, lambda y: computable(y, 1)),
        "error of f(s) - 2 f(s - 1)": float((relu(s) - 2 * relu(s - 1) - PARITY).abs().max()),
    }
