"""Fifty layers with one change each: what is learned, and what a signal met before."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes

from relukit.figures.canvas import DASHES, INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.ledger.setting import STATED
from relukit.lessons.initialization.experiments.fifty import (
    ARMS,
    DEPTH,
    FEWER,
    brightness,
    climbed,
    five_spirals,
)
from relukit.statistics import interval

_COLOURS = ("vermilion", "brown", "purple", "blue", "grey", "green")
_TOP = 24.0  # decades that the right panel shows


@drawn
def spirals() -> Picture:
    """Return the task of the fifty layers: 800 points on five spirals, a colour and mark each.

    Example:
        >>> len(spirals().axes[0].get_lines())
        5
    """
    data = five_spirals(0)
    x, y = torch.cat([data.x_train, data.x_test]), torch.cat([data.y_train, data.y_test])
    picture, (axes,) = panels(size=(3.6, 3.3))
    for arm, colour in enumerate(_COLOURS[1:]):
        points = x[y == arm].numpy()
        axes.plot(
            *points.T, MARKERS[arm], color=PALETTE[colour], linestyle="none", markersize=3,
            markerfacecolor="none", gid=f"spiral {arm + 1}",
        )  # fmt: skip
        first, second = 1.12 * points[(points**2).sum(1).argmax()]
        axes.text(first, second, str(arm + 1), ha="center", va="center", color=INK, fontsize=9)
    axes.set(aspect="equal", xlim=(-1.25, 1.25), ylim=(-1.25, 1.25))
    axes.set(xlabel="first number", ylabel="second number")
    axes.set_title("Which of five spirals is it?")
    picture.alt = (
        f"{len(x)} points on five spirals that start around the middle, each turning once on its "
        "way out, so that every direction from the middle meets all five."
    )
    return picture


@drawn
def fifty_floors() -> Picture:
    """Return 16 accuracies for each change of fifty layers, and for fewer, and a signal's power.

    Conventions: left, a dot is one network after 100 steps of Adam on five spirals, the bar the
        95 % interval of the mean; right, decades gained by the mean square, layer by layer, the
        mean over 16 fresh networks.

    References: [Ba2016], [He2015b], [Bachlechner2021].

    Example:
        >>> fifty_floors().axes[1].get_xlabel()
        'layer'
    """
    picture, (left, right) = panels(2, size=(6.5, 4.4), gridspec_kw={"width_ratios": (1.5, 1)})
    rows, means = (*ARMS, *FEWER), {}
    for place, (arm, colour) in enumerate(zip(rows, _COLOURS, strict=True)):
        shares = 100 * np.array(climbed(arm, STATED))
        means[arm] = shares.mean()
        style = {"color": PALETTE[colour], "marker": MARKERS[place]}
        _dots(left, len(rows) - place, shares, style, arm)
        if arm in ARMS:
            powers = np.array(brightness(arm)).mean(0)
            right.plot(
                np.arange(1, DEPTH + 1), powers, MARKERS[place], color=PALETTE[colour], gid=arm,
                linestyle=DASHES[place], markersize=3.5, markevery=7,
            )  # fmt: skip
    right.text(DEPTH, 15, "a way\naround", ha="right", color=INK, fontsize=8.5)
    right.text(DEPTH, 2.2, "opened from 0 (0)", ha="right", color=INK, fontsize=8.5)
    right.text(DEPTH, 0.6, "normalization (−0.3)", ha="right", color=INK, fontsize=8.5)
    right.text(DEPTH, -2.9, "nothing else", ha="right", va="bottom", color=INK, fontsize=8.5)
    left.axvline(20, color=INK, linewidth=0.9, linestyle=(0, (1, 2)), gid="guessing")
    left.text(21, 0.42, "guessing", fontsize=8.5)
    left.set_yticks(range(len(rows), 0, -1), [_broken(arm) for arm in rows], fontsize=9)
    left.set(xlabel="new points right, in %", xlim=(0, 101), ylim=(0.3, len(rows) + 0.6))
    left.grid(visible=False, axis="y")
    left.set_title("What 100 steps reach")
    right.set(xlabel="layer", ylabel="power gained or lost, in decades", ylim=(-4.5, _TOP))
    right.set_title("Before training")
    picture.alt = (
        f"Sixteen networks for each of four kinds of {DEPTH} layers, and for two of fewer: "
        + ", ".join(f"{arm} {_band(mean)}" for arm, mean in means.items())
        + "; beside them the power of a signal layer by layer, which with a plain way around "
        "grows nearly threefold in every layer."
    )
    return picture


def _band(percent: float) -> str:
    """Return a share in words that hold on every kind of processor: training is chaotic."""
    if percent > 85:
        return "above 85 %"
    return "as good as guessing" if percent < 25 else "between guessing and 85 %"


def _dots(axes: Axes, row: int, shares: np.ndarray, style: Mapping[str, Any], arm: str) -> None:
    """Draw a row: each network a mark, below them the interval of their mean, and the mean."""
    span = interval(shares)
    axes.plot(shares, np.full(len(shares), row + 0.14), linestyle="none", markersize=4, gid=arm,
              markerfacecolor="none", **style)  # fmt: skip
    axes.plot([span.low, span.high], [row - 0.14] * 2, color=INK, linewidth=3,
              solid_capstyle="butt", gid=f"{arm} interval")  # fmt: skip
    axes.text(span.mean, row - 0.42, f"{span.mean:.0f}", ha="center", color=INK, fontsize=8.5,
              bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8})  # fmt: skip


def _broken(arm: str) -> str:
    return arm.replace(", ", ",\n")
