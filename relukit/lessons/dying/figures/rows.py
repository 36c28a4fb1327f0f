"""Rows of dots, one network each: what comes back, and which ropes hold."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from relukit.figures.canvas import INK, MARKERS, PALETTE, Picture, drawn, panels
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
def ropes(found: Mapping[str, tuple[Sequence[float], Sequence]]) -> Picture:
    """Return for each rope the test accuracy and the dead of layer 3, a dot for each network.

    Args:
        found: ropes, each with accuracies (seeds,) and dead shares (seeds, 3).

    Example:
        >>> ropes({"none": ([0.1, 0.1], [[0, 0.5, 0.9], [0, 0.6, 1.0]])}).axes[1].get_xlabel()
        'dead in layer 3, in %'
    """
    picture, (left, right) = panels(2, size=(6.5, 1.3 + 0.45 * len(found)), sharey=True)
    for place, (name, (accuracy, dead)) in enumerate(found.items()):
        row = len(found) - place
        _row(left, row, 100 * np.asarray(accuracy, dtype=float), name, MARKERS[0], kept=True)
        last = 100 * np.asarray(dead, dtype=float)[:, -1]
        _row(right, row, last, name, MARKERS[1], kept=False)
    left.set_yticks(range(len(found), 0, -1), list(found))
    left.set(xlabel="new digits right, in % (0: nan)", title="Does it learn?")
    right.set(xlabel="dead in layer 3, in %", title="What is silent")
    for axes in (left, right):
        axes.set(xlim=(-4, 104), ylim=(0.35, len(found) + 0.65))
        axes.grid(visible=False, axis="y")
    picture.suptitle("Learning rate 0.3: clipping holds, warm-up only delays", fontsize=10.5)
    picture.alt = (
        f"Accuracy and dead units of layer 3 for {', '.join(found)}, a dot for each network: "
        "with clipping networks learn and hardly a unit is dead, with the other ropes they fail."
    )
    return picture


def _row(axes: Axes, row: float, values: np.ndarray, name: str, marker: str, *, kept: bool) -> None:
    """Draw a row: each network a mark, below them the interval of their mean, and the mean."""
    colour = PALETTE["blue" if kept else "vermilion"]
    spread = row + 0.12 + 0.1 * np.linspace(-1, 1, len(values))
    axes.plot(
        values, spread, linestyle="none", marker=marker, markersize=3.6, color=colour,
        markerfacecolor=colour if kept else "white", gid=name,
    )  # fmt: skip
    span = interval(values)
    axes.plot(np.clip([span.low, span.high], 0, 100), [row - 0.12] * 2, color=INK, linewidth=2.6,
              solid_capstyle="butt", gid=f"{name} interval")  # fmt: skip
    where = "left" if span.mean < 15 else "right" if span.mean > 85 else "center"
    axes.text(span.mean, row - 0.19, f"{span.mean:.0f}", ha=where, va="top", color=INK, fontsize=8)
