"""Depth doubles the pieces on paper, and what training finds of them."""

import numpy as np
import torch
from matplotlib.axes import Axes

from relukit.figures.canvas import DASHES, INK, PALETTE, Picture, drawn, panels
from relukit.lessons.definitions.experiments.teeth import FOLDS, SHAPES, folded, learned
from relukit.statistics import Interval, interval

_FOLDED = (1, 2, FOLDS)
_X = np.linspace(0, 1, 513)


@drawn
def teeth() -> Picture:
    """Return a line folded 1, 2 and 4 times by hand, and what training finds of the last.

    Above, networks of 2, 4 and 8 units that were never trained. Below, for each shape of network
    with 128 units, the one of 16 whose error is in the middle; and the share that all of them miss
    of the variance, each a dot, with its mean and 95 % interval.

    Example:
        >>> [axes.get_title(loc="left") for axes in teeth().axes][:3]
        ['2 units: 2 pieces', '4 units: 4 pieces', '8 units: 16 pieces']
    """
    picture, panes = panels(3, rows=2, size=(6.5, 3.9))
    for axes, folds in zip(panes[:3], _FOLDED, strict=True):
        y = folded(folds)(torch.from_numpy(_X)[:, None])[:, 0]
        axes.plot(_X, y, color=PALETTE["blue"], gid="by hand")
        axes.set(xlabel="input x", title=f"{2 * folds} units: {2**folds} pieces")
    for axes, shape in zip(panes[3:5], SHAPES, strict=True):
        _in_the_middle(axes, shape)
    for axes in panes[:5]:
        axes.set(ylim=(-0.35, 1.35), xticks=(0, 0.5, 1), yticks=(0, 1))
    panes[0].set_ylabel("by hand")
    panes[3].set_ylabel("trained")
    found = _all_of_them(panes[5])
    said = [f"{each} for {shape}" for shape, each in zip(SHAPES, found, strict=True)]
    picture.alt = (
        "By hand, 2, 4 and 8 units in layers of two draw 2, 4 and 16 straight pieces. Trained "
        f"networks of 128 units miss a share of the 16 pieces: {', '.join(said)}."
    )
    return picture


def _in_the_middle(axes: Axes, shape: str) -> None:
    """Draw what is wanted, and what the network draws whose error is in the middle."""
    x, outputs, missed = learned(shape)
    middle = int(missed.argsort()[len(missed) // 2])
    y = folded(FOLDS)(x.double()[:, None])[:, 0]
    axes.plot(x, y, color=PALETTE["grey"], linestyle=DASHES[2], linewidth=1.2, gid="wanted")
    axes.plot(x, outputs[middle], color=PALETTE["vermilion"], gid="learned")
    axes.set(xlabel="input x", title=shape)


def _all_of_them(axes: Axes) -> list[Interval]:
    """Draw the share that each network misses, and its mean and interval; return these."""
    found = []
    for place, shape in enumerate(SHAPES):
        missed = (100 * learned(shape)[2]).tolist()
        known = interval(missed)
        spread = place + np.linspace(-0.25, 0.25, len(missed))
        axes.plot(spread, missed, "o", color=PALETTE["vermilion"], markersize=3.5, gid=shape)
        ends = [[known.mean - known.low], [known.high - known.mean]]
        axes.errorbar([place + 0.4], [known.mean], yerr=ends, color=INK, marker="s", capsize=3)
        found.append(interval([share / 100 for share in missed]))
    axes.set_xticks(range(len(SHAPES)), [shape.replace(" of ", "\nof ") for shape in SHAPES])
    axes.set(xlim=(-0.5, 1.7), ylim=(-4, 125), xlabel="hidden layers", title="what they miss, %")
    return found
