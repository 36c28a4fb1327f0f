"""Hinges that add up to a curve through given points, one after the other, as a film."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from relukit.activations import relu
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import DASHES, INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.film import Film

POINTS = (0.0, 0.9, 1.6, 1.2, 0.2, -0.9, -1.4, -0.8, 0.3, 1.0, 1.1)


def hinges_draw(heights: Sequence[float] = POINTS) -> Film:
    r"""Return a film in which each frame adds a hinge, until their sum meets every point.

    The points stand at x = 0, 1, 2, ... The first frame shows them and a level line through the
    first; hinge k bends at x = k by the change of slope $c_k$, so that
    $h_0 + \sum_k c_k \max(0, x - k)$ goes on to the next point.

    Args:
        heights: of 3 to 16 points, dimensionless.

    Raises:
        InvalidTypeError: what is given is no list of numbers.
        InvalidValueError: fewer points or more, or one that is not finite.

    Example:
        >>> hinges_draw([0.0, 1.0, 0.0]).captions[1]
        'Hinge 1 changes the slope by +1 at x = 0: the sum goes on to point 2.'
    """
    try:
        points = np.asarray(heights, dtype=float)
    except (TypeError, ValueError):
        raise InvalidTypeError("heights as numbers", repr(heights), "pass a flat list") from None
    if points.ndim != 1 or not 3 <= len(points) <= 16 or not np.isfinite(points).all():
        raise InvalidValueError("3 to 16 finite heights", repr(heights), "pass a flat list")
    n = len(points) - 1
    changes = np.diff(np.diff(points), prepend=0.0)
    captions = [f"{n + 1} points, and a level line through the first. No hinge yet."]
    captions += [
        f"Hinge {k + 1} changes the slope by {f'{change:+.2g}'.replace('-', '−')} at x = {k}: "
        f"the sum goes on to point {k + 2}."
        for k, change in enumerate(changes)
    ]
    captions[-1] = captions[-1].replace(f"goes on to point {n + 1}", f"meets all {n + 1} points")
    return Film(
        lambda k: _frame(points, changes[:k]),
        captions,
        alt=(
            f"Hinges are added one by one, each bending the sum of those before it towards the "
            f"next point, until {n} of them meet all {n + 1} points."
        ),
    )


@drawn
def _frame(points: np.ndarray, changes: np.ndarray) -> Picture:
    """Return the points, the hinges so far, their sum, and where it would go on without the next.

    Args:
        points: all heights.
        changes: of slope, of the hinges so far.
    """
    n, k = len(points) - 1, len(changes)
    picture, (axes,) = panels(size=(6.5, 3.5))
    x = np.linspace(0, n, 40 * n + 1)
    hinges = changes * relu(x[:, None] - np.arange(k)).numpy()
    total = points[0] + hinges.sum(1)
    done = x <= k
    dots: dict[str, Any] = {"marker": MARKERS[0], "linestyle": "none"}
    axes.plot(
        range(n + 1), points, color=INK, markerfacecolor="white", markersize=7, label="points",
        gid="points", **dots,
    )  # fmt: skip
    axes.plot(
        range(k + 1), points[: k + 1], color=PALETTE["blue"], markersize=6, label="points met",
        gid="met", **dots,
    )  # fmt: skip
    axes.plot(x[done], total[done], color=PALETTE["blue"], label="sum so far", gid="sum")
    axes.plot(
        x[~done], total[~done], color=PALETTE["vermilion"], linestyle=DASHES[1], linewidth=1.4,
        label="without the next hinge", gid="rest",
    )  # fmt: skip
    grey: dict[str, Any] = {
        "color": PALETTE["grey"],
        "linestyle": DASHES[2],
        "linewidth": 1.1,
        "zorder": 1.5,
    }
    axes.plot([], [], label="one hinge", **grey)
    for number in range(k):
        bent = x >= number
        axes.plot(x[bent], hinges[bent, number], gid=f"hinge {number + 1}", **grey)
    reach = 1.3 * max(np.abs(points).max(), 0.5)
    axes.set(xlim=(-0.3, n + 0.3), ylim=(-reach, reach), xlabel="input x", ylabel="output")
    axes.set_xticks(range(n + 1))
    if k < n:
        axes.set_title(f"{k} hinge{'s' * (k != 1)}: the sum meets {k + 1} of {n + 1} points")
    else:
        axes.set_title(f"{n} hinges carry the line through all {n + 1} points")
    picture.legend(loc="outside lower center", ncols=5, columnspacing=1.2)
    picture.alt = (
        f"{n + 1} points, {k} dotted hinges and their sum, which meets {k + 1} of the points."
    )
    return picture
