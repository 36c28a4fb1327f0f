"""Thirty tasks in a row: what is learned of each, and how much is dormant."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

from relukit.figures.canvas import DASHES, FAINT, INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.curves import reach
from relukit.figures.meaning import means
from relukit.figures.mine import mine as draw_mine
from relukit.lessons.dying.experiments.elsewhere import elsewhere
from relukit.lessons.dying.experiments.plasticity import (
    ARMS,
    DORMANT_ANEW,
    ONE_LABEL,
    RANDOM_ANEW,
    TASKS,
    thirty,
)
from relukit.statistics import interval

_LOOKS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "ReLU": means("relu"),
        "leaky ReLU": means("leaky_relu"),
        DORMANT_ANEW: {
            "color": means("relu")["color"], "linestyle": DASHES[2], "marker": MARKERS[2],
        },
        RANDOM_ANEW: {
            "color": PALETTE["grey"], "linestyle": DASHES[3], "marker": MARKERS[3],
        },
        "tanh": means("tanh"),
    }
)  # fmt: skip
# how a curve is named at its end, and by how much its name is moved up, in %
_SHORT: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        DORMANT_ANEW: ("ReLU, dormant\nbegin anew", 6.5),
        RANDOM_ANEW: ("ReLU, as many at\nrandom begin anew", -3.5),
        "leaky ReLU": ("leaky ReLU", -1.0),
    }
)


@drawn
def thirty_alone(*, mine: object = None) -> Picture:
    """Return what ReLU networks learn of thirty tasks, and what of their units is dormant.

    Args:
        mine: what was predicted for the thirtieth task, in percent: a number or a prediction.

    References: [Dohare2024], [Sokar2023].
    """
    picture, (top, bottom) = panels(
        1, rows=2, size=(6.5, 4.6), sharex=True, gridspec_kw={"height_ratios": (2, 1)}
    )
    _learned(top, ["ReLU"])
    fresh = 100 * float(thirty(ARMS["ReLU"]).accuracy[0].mean())
    top.plot((1, TASKS), (fresh, fresh), color=INK, linewidth=1, linestyle=DASHES[1], gid="fresh")
    top.text(TASKS + 0.8, fresh, "a fresh\nReLU network", va="center", fontsize=8.5, color=INK)
    top.set_title("The ReLU network forgets how to learn")
    draw_mine(top, getattr(mine, "value", mine), at=TASKS)
    x = np.arange(1, TASKS + 1)
    dormant = 100 * thirty(ARMS["ReLU"]).dormant.numpy().mean(1)
    bottom.fill_between(
        x, 0, dormant, facecolor=to_rgba(PALETTE["vermilion"], 0.35),
        edgecolor=PALETTE["vermilion"], gid="dormant area",
    )  # fmt: skip
    bottom.plot(x, dormant, color=PALETTE["vermilion"], gid="dormant")
    bottom.set(xlabel="task", ylabel="dormant, in %", xlim=(1, TASKS + 8), ylim=(0, 50))
    bottom.set_title("More and more of its units are dormant")
    bottom.set_xticks((1, 5, 10, 15, 20, 25, 30))
    picture.alt = (
        "What 16 ReLU networks learn of each of thirty tasks: it rises for three, then falls from "
        "63 percent for the first to 13, while over a third of their units become dormant."
    )
    return picture


@drawn
def thirty_tasks() -> Picture:
    """Return what ReLU, leaky, tanh and renewed networks learn of thirty tasks.

    References: [Dohare2024], [Sokar2023].
    """
    picture, (axes,) = panels(size=(6.5, 4.0))
    _learned(axes, list(ARMS))
    axes.set(xlabel="task", xlim=(1, TASKS + 10))
    axes.set_xticks((1, 5, 10, 15, 20, 25, 30))
    axes.set_title("Fresh weights help, whoever gets them; tanh keeps learning")
    picture.alt = (
        "What 16 networks each learn of thirty tasks: ReLU falls to 13 percent, leaky ReLU to "
        "about a third. With fresh weights for dormant units ReLU keeps nearly half, and as much "
        "with fresh weights for as many units at random. Tanh rises to 81."
    )
    return picture


def _learned(axes: Axes, names: Sequence[str]) -> None:
    """Draw what networks learn of each task, with what one label for all would give."""
    x = np.arange(1, TASKS + 1)
    for name in names:
        spans = [interval(row) for row in 100 * thirty(ARMS[name]).accuracy.numpy()]
        axes.errorbar(
            x, [span.mean for span in spans], yerr=reach(spans), errorevery=4, markevery=4,
            capsize=2, elinewidth=1, markersize=4.5, gid=name, **_LOOKS[name],
        )  # fmt: skip
        said, up = _SHORT.get(name, (name, 0.0))
        axes.text(TASKS + 0.8, spans[-1].mean + up, said, va="center", fontsize=8.5, color=INK)
    level = 100 * ONE_LABEL
    axes.plot((1, TASKS), (level,) * 2, color=INK, linewidth=1, linestyle=DASHES[2], gid="always")
    axes.text(1, level - 7, "always the most frequent label", fontsize=8.5, color=INK)
    axes.set(ylabel="learned of the task, in %", ylim=(0, 100))


@drawn
def thirty_elsewhere() -> Picture:
    """Return arrows from the first to the thirtieth task for three activations in four settings.

    References: [Dohare2024].
    """
    picture, (axes,) = panels(size=(6.5, 3.6))
    found, row = elsewhere(), 0.0
    ticks: list[tuple[float, str]] = []
    for setting, learned in found.items():
        ticks.append((row - 1, setting))
        for name, each in learned.items():
            look, first, last = _LOOKS[name], *(100 * each.accuracy[[0, -1]].mean(1)).tolist()
            axes.annotate("", (last, row), (first, row),
                          arrowprops={"arrowstyle": "-|>", "color": look["color"], "lw": 1.6,
                                      "shrinkA": 0, "shrinkB": 0})  # fmt: skip
            axes.plot([first], [row], look["marker"], color=look["color"], markersize=5,
                      markerfacecolor="white", gid=f"{setting}: {name}", label=name)  # fmt: skip
            row -= 1
        row -= 0.8
    handles, labels = axes.get_legend_handles_labels()
    picture.legend(handles[:3], labels[:3], loc="outside lower center", ncols=3)
    axes.axvline(100 * ONE_LABEL, color=FAINT, linewidth=1, linestyle=DASHES[2], gid="always")
    axes.set_yticks(*zip(*ticks, strict=True))
    axes.set(xlabel="learned of the task, in %: from the first to the thirtieth", xlim=(0, 103))
    axes.grid(visible=False, axis="y")
    axes.set_title("ReLU loses most, unless the steps are small")
    picture.alt = (
        "Arrows from what is learned of the first task to what is learned of the thirtieth, for "
        f"ReLU, leaky ReLU and tanh in {len(found)} settings: ReLU loses most in all but Adam at "
        "0.001, where nothing is lost."
    )
    return picture
