"""Cells while a network learns: its bends move to where the data need them, and one leaves."""

import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch
from torch import Tensor, nn
from torch.nn import functional as F

from relukit.datasets import Dataset, spirals
from relukit.diagnostics import region_polygons
from relukit.figures.canvas import DASHES, INK, PALETTE, Picture, drawn, panels
from relukit.figures.film import Film, settle_alike
from relukit.networks import mlp

WIDTHS, RATE = (2, 16, 2), 0.03
SEED = 7  # of 40 that were tried, one that learns the spiral and loses a unit while it does
STEPS = (0, 2, 12, 50, 200)  # one a frame
BOX = (-1.25, 1.25, -1.25, 1.25)
_TINT = "#D9CDEA"  # neither blue nor vermilion, which mean on and off
_DEAD: dict[str, Any] = {
    "color": PALETTE["vermilion"],
    "linestyle": DASHES[1],
    "linewidth": 2.2,
    "zorder": 3,
}
_BEND: dict[str, Any] = {"color": PALETTE["blue"], "linewidth": 0.9}


@dataclass(frozen=True, eq=False)
class Moment:
    """One network after some steps.

    Attributes:
        step: how many.
        network: as it was then, float64.
        polygons: its cells inside BOX, each an array (corners, 2).
        right: the share of new points that it gets right.
        dead: of each hidden unit, whether it is off on every training point, bool (units,).
    """

    step: int
    network: nn.Sequential
    polygons: tuple[np.ndarray, ...]
    right: float
    dead: np.ndarray

    @property
    def lines(self) -> tuple[Tensor, Tensor]:
        """Weight and bias of the hidden units, whose lines cut the plane."""
        return (
            self.network.get_parameter("0.weight").detach(),
            self.network.get_parameter("0.bias").detach(),
        )

    def lead(self, points: np.ndarray) -> np.ndarray:
        """Return by how much the score of the filled arm exceeds the other's at points (n, 2)."""
        with torch.no_grad():
            scores = self.network(torch.as_tensor(points))
        return np.asarray(scores[:, 1] - scores[:, 0])

    def __str__(self) -> str:
        dead = int(self.dead.sum())
        return (
            f"Step {self.step}: {100 * self.right:.0f} % of new points right, "
            f"{len(self.polygons)} cells in view, {dead or 'no'} dead unit{'s' * (dead != 1)}."
        )


@cache
def arms() -> Dataset:
    """Return the two arms that the network learns to tell apart."""
    return spirals(400, seed=SEED)


@cache
def moments(steps: tuple[int, ...] = STEPS) -> tuple[Moment, ...]:
    """Return one network at several moments of its training: Adam, all points in every step.

    Args:
        steps: after how many updates, rising.
    """
    data = arms()
    x, x_test = data.x_train.double(), data.x_test.double()
    network = mlp(WIDTHS, scheme="he_normal", seed=SEED, dtype=torch.float64)
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    found = []
    for step in range(steps[-1] + 1):
        if step in steps:
            with torch.no_grad():
                right = float((network(x_test).argmax(1) == data.y_test).double().mean())
                dead = (network[0](x) <= 0).all(0).numpy()
            polygons = tuple(region_polygons(network[0].weight, network[0].bias, BOX))
            found.append(Moment(step, copy.deepcopy(network), polygons, right, dead))
        optimizer.zero_grad()
        F.cross_entropy(network(x), data.y_train).backward()
        optimizer.step()
    return tuple(found)


def cells_in_training() -> Film:
    r"""Return a film of a network 2-16-2 that learns a spiral, cell by cell.

    In a cell the difference of the two scores is $g \cdot x + c$, so that the border between the
    answers is straight in it. Unit i switches at the line $w_i \cdot x + b_i = 0$; where it is off
    on every training point, its weights get no gradient any more: it is dead.

    References: [Zaslavsky1975].

    Example:
        >>> cells_in_training().captions[-1][:45]
        'Step 200: 100 % of new points right, 116 cell'
    """
    found = moments()
    return Film(
        settle_alike(map(_frame, found)),
        [f"{moment} {words}".strip() for moment, words in zip(found, _story(found), strict=True)],
        alt=(
            "The lines on which 16 units switch cut the plane into cells; while the network "
            "learns, they move to where the two arms of a spiral part, the border between the "
            "answers bends around the arms, and one line leaves the points and stays outside."
        ),
        seconds=1.5,
    )


def _story(found: tuple[Moment, ...]) -> list[str]:
    """Return for each moment the words that say what to look at."""
    death = next(place for place, moment in enumerate(found) if moment.dead.any())
    said = [""] * len(found)
    said[0] = (
        "Biases begin at 0, so all lines run through the middle. This network happens to give one "
        "answer everywhere."
    )
    said[1] = "The biases have moved, and the lines no longer meet in one point."
    said[death] = (
        "Look at the dashed line: it has just left the points. Its unit is off on all of them, "
        "so no point can steer it any more. It's dead."
    )
    said[death + 1] = (
        "The dead line still moves: the method used here (Adam, section 7) pushes it on for a "
        "while. Nothing steers it."
    )
    most = next(place for place, moment in enumerate(found) if moment.right >= 0.9)
    straight = "Inside a cell the border is straight. It only turns where it crosses a line."
    said[most] = " ".join(filter(None, (straight, said[most])))
    said[-1] = "At every turn the border crosses the line of some unit, but not the dead one's."
    return said


@drawn
def _frame(moment: Moment) -> Picture:
    """Return the cells, the answer inside them, the bends and the points at one moment."""
    picture, (axes,) = panels(size=(3.7, 4.5))
    sides = [_positive(polygon, moment.lead(polygon)) for polygon in moment.polygons]
    # Smooth edges would double the film; at twice the shown size, steps do not show. The edge that
    # is seen is the border below.
    axes.add_collection(
        PolyCollection(
            [part for part, _ in sides if len(part)], facecolors=_TINT, edgecolors=INK,
            linewidths=0, antialiaseds=False, gid="answer",
        )
    )  # fmt: skip
    for unit, (w, b) in enumerate(zip(*(part.numpy() for part in moment.lines), strict=True)):
        foot, along = -b * w / (w @ w), np.array([-w[1], w[0]]) / np.linalg.norm(w)
        ends = foot + np.outer([-9, 9], along)
        look = _DEAD if moment.dead[unit] else _BEND
        axes.plot(*ends.T, antialiased=False, gid=f"unit {unit}", **look)
    gap = np.full((1, 2), np.nan)
    border = [gap, *(part for _, edge in sides if len(edge) for part in (edge, gap))]
    axes.plot(
        *np.concatenate(border).T, color=INK, linewidth=2.2, antialiased=False, zorder=2.5,
        gid="border",
    )  # fmt: skip
    data = arms()
    dots = []
    for arm, face in ((1, INK), (0, "white")):
        x, y = data.x_train[data.y_train == arm].numpy().T
        dots.append(
            axes.scatter(
                x, y, s=14, facecolors=face, edgecolors=INK, linewidths=0.9, antialiaseds=False,
                zorder=4, gid=f"arm {arm}",
            )
        )  # fmt: skip
    axes.set(aspect="equal", xlim=BOX[:2], ylim=BOX[2:], xticks=[], yticks=[])
    axes.set(xlabel="input $x_1$", ylabel="input $x_2$")
    axes.grid(visible=False)
    axes.set_title(
        f"Step {moment.step}: {len(moment.polygons)} cells in view, "
        f"{100 * moment.right:.0f} % right"
    )
    answer = Patch(facecolor=_TINT, edgecolor=INK, linewidth=2)
    bend, dead = (axes.plot([], [], **look)[0] for look in (_BEND, _DEAD))
    picture.legend(
        [*dots, answer, bend, dead],
        ["one arm", "the other", "answer: the filled arm", "a unit's kink", "a dead unit's kink"],
        loc="outside lower center", ncols=2, columnspacing=1.0, handletextpad=0.5,
        borderaxespad=0.2,
    )  # fmt: skip
    picture.alt = (
        f"After {moment.step} steps 16 lines cut the plane into {len(moment.polygons)} cells in "
        "view; shaded ones are taken for the filled arm of the spiral, and the border between "
        "the answers is straight in each cell."
    )
    return picture


def _positive(polygon: np.ndarray, lead: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the part of a convex polygon where a straight function is positive, and its border.

    Args:
        polygon: corners (n, 2).
        lead: the function at the corners, shape (n,).

    Returns:
        Corners of the part, (m, 2), and the two ends of the border, or arrays without rows.
    """
    part, border = [], []
    for place, (corner, value) in enumerate(zip(polygon, lead, strict=True)):
        before, ahead = polygon[place - 1], lead[place - 1]
        if value * ahead < 0:
            border.append(before + (corner - before) * ahead / (ahead - value))
            part.append(border[-1])
        if value == 0:
            border.append(corner)
        if value >= 0:
            part.append(corner)
    if lead.max() <= 0:
        part = []
    if not lead.min() < 0 < lead.max():
        border = []
    return np.reshape(part, (-1, 2)), np.reshape(border, (-1, 2))
