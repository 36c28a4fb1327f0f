"""The four corners of exclusive-or, and rulers laid between them."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from relukit.diagnostics import region_polygons
from relukit.figures.canvas import INK, Picture, drawn, panels
from relukit.figures.meaning import OFF, ON
from relukit.lessons.definitions.experiments.corners import most_right, straight
from relukit.lessons.definitions.experiments.layers import PARITY, XOR

# (w1, w2, b) of each ruler: it says 1 where w1 x1 + w2 x2 + b is above 0
RULERS = ((1.0, 0.0, -0.5), (1.0, 1.0, -0.5), (-1.0, -1.0, 1.5))
_VIEW = (-0.42, 1.42)
CORNER: dict[float, Any] = {  # how a corner looks whose answer is 1, or 0
    1.0: dict(ON) | {"markersize": 11},
    0.0: dict(OFF) | {"markersize": 10, "markeredgewidth": 2.0},
}


@drawn
def xor_points() -> Picture:
    """Return exclusive-or as four points in the plane, and three rulers that try to part them.

    The answer is 1 (filled) where exactly one of the two inputs is 1, and 0 (hollow) elsewhere.
    Each ruler says 1 on its tinted side; how many points it gets right is counted, and that no
    straight line gets more than three is found out by a linear program for each of the 16 ways
    in which a line could name four points.

    References: [Minsky1969].

    Example:
        >>> [axes.get_title(loc="left") for axes in xor_points().axes][1:]
        ['2 of 4 right', '3 of 4 right', '3 of 4 right']
    """
    picture, panes = panels(
        1 + len(RULERS), size=(6.5, 2.35), sharey=True, gridspec_kw={"wspace": 0.06}
    )
    best = most_right(PARITY, straight)
    counts = [_laid(axes, np.array(ruler)) for axes, ruler in zip(panes[1:], RULERS, strict=True)]
    for axes, count in zip(panes, (None, *counts), strict=True):
        corners(axes)
        axes.set(xlim=_VIEW, ylim=_VIEW, aspect="equal", xticks=(0, 1), yticks=(0, 1))
        axes.set_xlabel("input $x_1$")
        axes.grid(visible=False)
        axes.set_title("Exclusive-or" if count is None else f"{count} of {len(XOR)} right")
    panes[0].set_ylabel("input $x_2$")
    for (x, y), answer in zip(XOR.tolist(), PARITY.tolist(), strict=True):
        panes[0].annotate(f"{answer:g}", (x, y), (0, 9 if y else -9), textcoords="offset points",
                          ha="center", va="bottom" if y else "top", gid="answer")  # fmt: skip
    said = f"No ruler gets more than {best} of the {len(XOR)} points right"
    picture.suptitle(said, x=0.01, ha="left", fontsize=11)
    picture.alt = (
        "The corners of a square: (0, 1) and (1, 0) filled, as exclusive-or is 1 there, (0, 0) and "
        f"(1, 1) hollow; and three straight rulers, which get {counts[0]}, {counts[1]} and "
        f"{counts[2]} of them right, where no ruler gets more than {best}."
    )
    return picture


def corners(axes: Axes) -> None:
    """Draw the four corners, filled where exclusive-or is 1 and hollow where it is 0."""
    for answer, style in CORNER.items():
        places = XOR[answer == PARITY]
        axes.plot(*places.T, linestyle="none", gid=f"answer {answer:g}", zorder=4, **style)


def _laid(axes: Axes, ruler: np.ndarray) -> int:
    """Lay a ruler, tint the side where it says 1, ring what it gets wrong; return what is right."""
    says = XOR.numpy() @ ruler[:2] + ruler[2] > 0
    wrong = says != (PARITY.numpy() > 0)
    cells = [np.asarray(c) for c in region_polygons(ruler[None, :2], ruler[2:], (*_VIEW, *_VIEW))]
    (tinted,) = [cell for cell in cells if cell.mean(0) @ ruler[:2] + ruler[2] > 0]
    axes.fill(*tinted.T, facecolor="#DCEBF5", edgecolor="#5F95BA", linewidth=0, gid="says 1")
    nearest = -ruler[2] * ruler[:2] / (ruler[:2] @ ruler[:2])
    slanted = nearest + np.array([-ruler[1], ruler[0]])
    axes.axline(tuple(nearest), tuple(slanted), color=INK, linewidth=2.0, gid="ruler")
    axes.annotate("says 1", XOR.numpy()[says].mean(0), ha="center", va="center")
    axes.plot(*XOR.numpy()[wrong].T, "o", color=INK, fillstyle="none", markersize=20,
              markeredgewidth=1.4, gid="wrong", zorder=5)  # fmt: skip
    for x, y in XOR.numpy()[wrong]:
        axes.annotate("wrong", (x, y), (0, 11 if y else -11), textcoords="offset points",
                      ha="center", va="bottom" if y else "top")  # fmt: skip
    return int((~wrong).sum())
