"""Two referees: bits per letter of small language models at one rate, and at their own."""

import numpy as np
from matplotlib.axes import Axes

from relukit.figures.canvas import DASHES, FAINT, INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.lessons.variants.experiments.bits import ARMS, OWN, USUAL, bits
from relukit.statistics import interval

_COLOURS = dict(zip(ARMS, ("blue", "pink", "green", "brown", "vermilion"), strict=True))
_APART = 0.032  # bits: the least distance of two names


@drawn
def referees(*, own: bool = True) -> Picture:
    """Return lines from the bits at one rate to those at each model's own rate.

    Args:
        own: whether the second referee's column is shown too.

    Example:
        >>> referees(own=False).axes[0].get_ylabel()
        'bits per letter, fewer is better'
    """
    columns = [{arm: bits(arm, USUAL) for arm in ARMS}]
    if own:
        columns.append({arm: bits(arm, OWN[arm]) for arm in ARMS})
    picture, (axes,) = panels(size=(6.5, 3.9) if own else (4.4, 3.6))
    for place, arm in enumerate(ARMS):
        colour, mark = PALETTE[_COLOURS[arm]], MARKERS[place]
        means = [float(np.mean(column[arm])) for column in columns]
        for x, column in enumerate(columns):
            span = interval(column[arm])
            axes.plot(
                x + (place - 2) * 0.035 + np.zeros(len(column[arm])), column[arm], mark,
                color=colour, markersize=3, markerfacecolor="none", linestyle="none",
                gid=f"seeds {arm} {x}",
            )  # fmt: skip
            axes.plot(
                [x + (place - 2) * 0.035] * 2, [span.low, span.high], color=INK, linewidth=2,
                gid=f"interval {arm} {x}",
            )  # fmt: skip
        axes.plot(
            np.arange(len(means)) + (place - 2) * 0.035, means, color=colour, marker=mark,
            linestyle=DASHES[place], markersize=6, linewidth=1.6, gid=arm,
        )  # fmt: skip
    for x, column in enumerate(columns):
        _names(axes, x, {arm: float(np.mean(values)) for arm, values in column.items()})
    heads = [f"Referee 1:\nrate {USUAL:g} for all", "Referee 2:\neach its own rate"]
    axes.set_xticks(range(len(columns)), heads[: len(columns)])
    axes.set_xlim(-0.62, len(columns) - 0.38 if own else 0.3)
    axes.set(xlabel="who judges", ylabel="bits per letter, fewer is better")
    axes.grid(visible=False, axis="x")
    axes.set_title("Most of the lead was the learning rate" if own else "Five models, one rate")
    first, *rest = sorted(ARMS, key=lambda arm: float(np.mean(columns[0][arm])))
    picture.alt = (
        f"Bits per letter of five small language models, {len(bits('ReLU', USUAL))} seeds each. At "
        f"one rate {first} needs by far the fewest; behind it are {', '.join(rest)}."
    )
    if own:
        picture.alt = picture.alt[:-1] + "; at rates of their own the five lie close together."
    return picture


def _names(axes: Axes, x: int, means: dict[str, float]) -> None:
    """Write the arms' names beside a column, moved apart where they would touch."""
    order = sorted(means, key=means.__getitem__)
    heights: list[float] = []
    for arm in order:
        heights.append(max(means[arm], heights[-1] + _APART if heights else -np.inf))
    middle = float(np.mean(heights)) - float(np.mean([means[arm] for arm in order]))
    side = -1 if x == 0 else 1
    for arm, height in zip(order, heights, strict=True):
        axes.annotate(
            f"{arm} {means[arm]:.2f}", (x + side * 0.09, means[arm]),
            (x + side * 0.18, height - middle), ha="right" if x == 0 else "left", va="center",
            color=INK, fontsize=9,
            arrowprops={"arrowstyle": "-", "color": FAINT, "linewidth": 0.8},
        )  # fmt: skip
