"""Rows of dots, one network each: what comes back, and which ropes hold."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from relukit.figures.canvas import INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.lessons.dying.experiments.ropes import Roped
from relukit.statistics import interval


@drawn
def came_back(shares: Mapping[str, Sequence[Sequence[float]]]) -> Picture:
    """Return which share of the dead comes back, by layer, in networks trained in several ways.

    Args:
        shares: ways, each with shares (seeds, 3); nan where no unit of a layer died.

    Example:
        >>> came_back({"a": [[0.0, 1.0, 0.9], [0.0, 0.8, 1.0]]}).axes[0].get_xlabel()
        'came back, in %'
    """
    picture, cells = panels(3, size=(6.5, 1.3 + 0.5 * len(shares)), sharey=True)
    for layer, axes in enumerate(cells):
        for place, (name, given) in enumerate(shares.items()):
            row, values = len(shares) - place, 100 * np.asarray(given, dtype=float)[:, layer]
            values = values[~np.isnan(values)]
            if len(values) < 2:
                axes.text(50, row, "none died", ha="center", va="center", color=INK, fontsize=8.5)
                continue
            _row(axes, row, values, name, MARKERS[layer], kept=True)
        axes.set(xlim=(-6, 106), title=f"layer {layer + 1}", xlabel="came back, in %")
        axes.set_xticks((0, 50, 100))
        axes.grid(visible=False, axis="y")
    cells[0].set_yticks(range(len(shares), 0, -1), list(shares))
    cells[0].set_ylim(0.4, len(shares) + 0.6)
    picture.suptitle("Deeper units come back while the layers before them learn", fontsize=10.5)
    picture.alt = (
        f"Shares of dead units that come back in each of three layers, for {', '.join(shares)}: "
        "none in layer 1, nearly all behind it at low rates, and few where the rate is too large."
    )
    return picture


@drawn
def ropes(found: Mapping[str, Roped]) -> Picture:
    """Return for each rope the test accuracy and the dead of layer 3, a mark for each network.

    Args:
        found: ropes, each with what networks with it do.

    Conventions: a network that is no longer finite is 0 % right, marked by a cross, and isn't among
        the dead.
    """
    picture, (left, right) = panels(2, size=(6.5, 1.3 + 0.45 * len(found)), sharey=True)
    for place, (name, each) in enumerate(found.items()):
        row, lost = len(found) - place, int((~each.finite).sum())
        right_share = 100 * each.accuracy.numpy()
        _row(left, row, right_share, name, MARKERS[0], kept=True, shown=each.finite.numpy())
        if lost:
            left.plot([0], [row + 0.12], "x", color=INK, markersize=6, gid=f"{name} nan")
            left.text(0, row + 0.24, f"{lost} nan", va="bottom", color=INK, fontsize=8)
        last = 100 * each.dead[each.finite][:, -1].numpy()
        _row(right, row, last, name, MARKERS[1], kept=False)
    left.set_yticks(range(len(found), 0, -1), list(found))
    left.set(xlabel="new digits right, in %", title="Does it learn?")
    right.set(xlabel="dead in layer 3, in %", title="What is silent")
    for axes in (left, right):
        axes.set(xlim=(-4, 104), ylim=(0.35, len(found) + 0.65))
        axes.grid(visible=False, axis="y")
    picture.suptitle("Learning rate 0.3: clipping holds", fontsize=10.5)
    picture.alt = (
        f"Accuracy and dead units of layer 3 for {', '.join(found)}, a mark for each network: "
        "with clipping networks learn and hardly a unit is dead, with the other ropes they fail."
    )
    return picture


def _row(
    axes: Axes,
    row: float,
    values: np.ndarray,
    name: str,
    marker: str,
    *,
    kept: bool,
    shown: np.ndarray | None = None,
) -> None:
    """Draw a row: each network that is shown a mark, below them all the interval, and the mean."""
    if len(values) < 2:
        return
    colour = PALETTE["blue" if kept else "vermilion"]
    spread = row + 0.12 + 0.1 * np.linspace(-1, 1, len(values))
    which = np.ones(len(values), dtype=bool) if shown is None else shown
    axes.plot(
        values[which], spread[which], linestyle="none", marker=marker, markersize=3.6, color=colour,
        markerfacecolor=colour if kept else "white", gid=name,
    )  # fmt: skip
    span = interval(values)
    axes.plot(np.clip([span.low, span.high], 0, 100), [row - 0.12] * 2, color=INK, linewidth=2.6,
              solid_capstyle="butt", gid=f"{name} interval")  # fmt: skip
    where = "left" if span.mean < 15 else "right" if span.mean > 85 else "center"
    axes.text(span.mean, row - 0.19, f"{span.mean:.0f}", ha=where, va="top", color=INK, fontsize=8)
