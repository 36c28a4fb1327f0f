"""Thirty tasks in a row: what is learned of each, and how much is dormant."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib.colors import to_rgba

from relukit.figures.canvas import DASHES, FAINT, INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.curves import reach
from relukit.figures.meaning import means
from relukit.figures.mine import mine as draw_mine
from relukit.lessons.dying.experiments.plasticity import ARMS, TASKS, Learned, thirty
from relukit.statistics import interval

_LOOKS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "ReLU": means("relu"),
        "leaky ReLU": means("leaky_relu"),
        "ReLU, fresh weights for the dormant": {
            "color": means("relu")["color"], "linestyle": DASHES[2], "marker": MARKERS[2],
        },
        "tanh": means("tanh"),
    }
)  # fmt: skip
_SHORT = MappingProxyType({"ReLU, fresh weights for the dormant": "ReLU, dormant\nbegin anew"})
ELSEWHERE: MappingProxyType[str, Mapping[str, Any]] = MappingProxyType(
    {
        "a third of the rate": {"rate": 0.01},
        "64 units a layer": {"width": 64},
        "all digits, pixels in a new order": {"permuted": True},
        "Adam at 0.001": {"adam": True, "rate": 0.001},
    }
)


@drawn
def thirty_tasks(*, mine: object = None) -> Picture:
    """Return what four kinds of networks learn of thirty tasks, and what of ReLU's is dormant.

    Args:
        mine: what was predicted for ReLU's thirtieth task, in percent: a number or a prediction.

    References: [Dohare2024], [Sokar2023].
    """
    picture, (top, bottom) = panels(
        1, rows=2, size=(6.5, 5.2), sharex=True, gridspec_kw={"height_ratios": (2.6, 1)}
    )
    x = np.arange(1, TASKS + 1)
    learned = {name: 100 * thirty(arm).accuracy.numpy() for name, arm in ARMS.items()}
    for name, values in learned.items():
        spans = [interval(row) for row in values]
        top.errorbar(
            x, [span.mean for span in spans], yerr=reach(spans), errorevery=4, markevery=4,
            capsize=2, elinewidth=1, markersize=4.5, gid=name, **_LOOKS[name],
        )  # fmt: skip
        top.text(TASKS + 0.8, spans[-1].mean, _SHORT.get(name, name), va="center", fontsize=8.5,
                 color=INK)  # fmt: skip
    fresh = learned["ReLU"][0].mean()
    top.plot(x, np.full(TASKS, fresh), color=INK, linewidth=1, linestyle=DASHES[1], gid="fresh")
    top.text(TASKS + 0.6, fresh, "a fresh\nReLU network", va="center", fontsize=8.5, color=INK)
    top.plot(x, np.full(TASKS, 10), color=INK, linewidth=1, linestyle=DASHES[2], gid="guessing")
    top.text(TASKS + 0.6, 6.5, "guessing", va="center", fontsize=8.5, color=INK)
    top.set(ylabel="learned of the task, in %", ylim=(0, 100))
    top.set_title("The ReLU network forgets how to learn")
    guess = getattr(mine, "value", mine)
    draw_mine(top, guess, at=TASKS)
    dormant = 100 * thirty(ARMS["ReLU"]).dormant.numpy().mean(1)
    bottom.fill_between(
        x, 0, dormant, facecolor=to_rgba(PALETTE["vermilion"], 0.35),
        edgecolor=PALETTE["vermilion"], gid="dormant area",
    )  # fmt: skip
    bottom.plot(x, dormant, color=PALETTE["vermilion"], gid="dormant")
    bottom.text(TASKS + 0.6, dormant[-1], "ReLU", va="center", fontsize=8.5, color=INK)
    bottom.set(xlabel="task", ylabel="dormant, in %", xlim=(1, TASKS + 8), ylim=(0, 50))
    bottom.set_title("More and more of its units are dormant")
    bottom.set_xticks((1, 5, 10, 15, 20, 25, 30))
    picture.alt = (
        "What 16 networks each learn of thirty tasks: ReLU falls from 63 to 13 percent while over "
        "a third of its units become dormant, leaky ReLU and ReLU with fresh weights fall less, "
        "and tanh rises."
    )
    return picture


def elsewhere() -> dict[str, dict[str, Learned]]:
    """Return what ReLU, leaky and tanh networks learn of thirty tasks in other settings."""
    arms = [name for name in ARMS if name != "ReLU, fresh weights for the dormant"]
    return {
        setting: {name: thirty(replace(ARMS[name], **changes)) for name in arms}
        for setting, changes in ELSEWHERE.items()
    }


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
    axes.axvline(10, color=FAINT, linewidth=1, linestyle=DASHES[2], gid="guessing")
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
