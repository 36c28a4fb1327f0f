"""The derivation of 2/n in three panels: add up, cut, multiply; measured under three laws."""

import numpy as np
from matplotlib.axes import Axes

from relukit.figures.canvas import INK, PALETTE, Picture, drawn, panels
from relukit.figures.meaning import OFF, ON
from relukit.lessons.initialization.experiments.halved import LAWS, factors, values

_SIZES = (0.5, 1.0, 2.0, 3.0)  # n times the variance of a weight
_LOOKS = {
    "uniform": ("s", PALETTE["green"], 10),
    "plus or minus": ("^", PALETTE["purple"], 7),
    "bell-shaped": ("o", PALETTE["blue"], 3.5),
}


@drawn
def two_over_n() -> Picture:
    """Return what a layer does to the power of digits: adding, cutting at 0, and both.

    Conventions: for three laws of weights of equal variance, each a mark, the mean over 16 seeds
        (4,096 units of 64 inputs); the lines are what the derivation says.

    References: [He2015].

    Example:
        >>> len(two_over_n().axes)
        3
    """
    picture, (add, cut, both) = panels(3, size=(6.5, 2.9))
    line = np.array([0.0, 3.4])
    add.plot(line, line, color=INK, linewidth=1.0, gid="said")
    both.plot(line, line / 2, color=INK, linewidth=1.0, gid="said")
    both.axhline(1, color=INK, linewidth=0.9, linestyle=(0, (4, 2)), gid="kept")
    both.plot([2, 2], [0, 1], color=INK, linewidth=0.9, linestyle=(0, (4, 2)))
    sizes = np.array(_SIZES)
    for law, (marker, colour, size) in _LOOKS.items():
        added, passed = (factor.mean for factor in factors(law))
        # a weight twice as large makes each sum twice as large: one measurement serves all sizes
        for axes, ratio in ((add, added * sizes), (both, added * passed * sizes)):
            axes.plot(sizes, ratio, marker, color=colour, label=law, gid=law, markersize=size,
                      markerfacecolor="none", markeredgewidth=1.4)  # fmt: skip
    _halves(cut)
    add.set(xlabel="n times Var[w]", ylabel="power after / before", xlim=(0, 3.4), ylim=(0, 3.4))
    add.set_title("1. Add up n products")
    both.set(xlabel="n times Var[w]", ylabel="power after / before", xlim=(0, 3.4), ylim=(0, 1.75))
    both.set_title("3. Both")
    for axes in (add, both):
        axes.set_xticks([0, 1, 2, 3])
    picture.legend(*add.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    kept = [100 * factors(law)[1].mean for law in LAWS]
    picture.alt = (
        "Three panels: adding n products multiplies the power by n times the variance of a "
        f"weight; cutting at 0 keeps {np.mean(kept):.0f} % of it; both together "
        "keep the power where n times the variance is 2, for three laws of weights alike."
    )
    return picture


def _halves(axes: Axes) -> None:
    """Draw the sums of uniform weights as bars, those below 0 hollow, with the shares of power."""
    z = values("uniform")
    heights, edges = np.histogram(z, np.arange(-4, 4.25, 0.5))
    width = edges[1] - edges[0]
    on = edges[:-1] >= 0
    axes.bar(edges[:-1][on], heights[on], width, align="edge", color=ON["color"], gid="on",
             edgecolor="white", linewidth=0.6)  # fmt: skip
    axes.bar(edges[:-1][~on], heights[~on], width, align="edge", fill=False, gid="off",
             edgecolor=OFF["color"], linewidth=1.2)  # fmt: skip
    share = 100 * factors("uniform")[1].mean
    top = heights.max()
    axes.text(2.4, 0.62 * top, f"{share:.0f} %\nof the\npower", ha="center", color=INK)
    axes.text(-2.5, 0.62 * top, f"{100 - share:.0f} %\nlost", ha="center", color=INK)
    axes.set(
        xlabel="what a unit adds up",
        ylabel="how often",
        yticks=[],
        xlim=(-4, 4),
        ylim=(0, 1.1 * top),
    )
    axes.set_title("2. Cut at 0")
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False)
