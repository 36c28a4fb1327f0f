"""Two referees: bits per letter of small language models at one rate, and at their own."""

import numpy as np

from relukit.figures.canvas import FAINT, INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.lessons.variants.experiments.bits import ARMS, OWN, USUAL, bits
from relukit.statistics import interval

_COLOURS = dict(zip(ARMS, ("blue", "pink", "green", "brown", "vermilion"), strict=True))
_EDGES = (2.88, 3.62)  # bits: the same for both pictures, so that they can be compared


@drawn
def referees(*, own: bool = True) -> Picture:
    """Return a row for each model: its bits at one rate, and how far they fall at its own.

    Args:
        own: whether the second referee's bits are shown too; if not, every seed's are shown.

    Conventions: the rows are in the order of the first referee, the fewest bits above. Where both
    referees are shown, the first one's mean is hollow and the second one's full.

    Example:
        >>> referees(own=False).axes[0].get_xlabel()
        'bits per letter, fewer is better'
    """
    first = {arm: bits(arm, USUAL) for arm in ARMS}
    second = {arm: bits(arm, OWN[arm]) for arm in ARMS}
    order = sorted(ARMS, key=lambda arm: float(np.mean(first[arm])))
    picture, (axes,) = panels(size=(6.5, 3.6))
    for place, arm in enumerate(order):
        row, mark = len(order) - place, MARKERS[list(ARMS).index(arm)]
        colour, at_one = PALETTE[_COLOURS[arm]], float(np.mean(first[arm]))
        if own:
            at_own = float(np.mean(second[arm]))
            axes.annotate(
                "", (at_own + 0.012, row), (at_one - 0.012, row), gid=f"falls {arm}",
                arrowprops={"arrowstyle": "-|>", "color": FAINT, "linewidth": 1.4},
            )  # fmt: skip
            _mean(picture, second[arm], row, arm=f"{arm} own", colour=colour, mark=mark)
            _mean(picture, first[arm], row, arm=f"{arm} usual", colour=colour, mark=mark,
                  face="white")  # fmt: skip
        else:
            heights = row + 0.14 + np.linspace(-0.14, 0.14, len(first[arm]))
            axes.plot(
                first[arm], heights, mark, color=colour, markersize=4, markerfacecolor="none",
                linestyle="none", gid=f"seeds {arm}",
            )  # fmt: skip
            _mean(picture, first[arm], row - 0.2, arm=f"{arm} usual")
        axes.text(
            _EDGES[1] - 0.005, row, f"{at_one:.2f}", ha="right", va="center", color=INK,
            fontsize=10, gid=f"bits {arm}",
        )  # fmt: skip
        if own:
            axes.text(
                _EDGES[0] + 0.005, row, f"{at_own:.2f}", ha="left", va="center", color=INK,
                fontsize=10, gid=f"bits of its own {arm}",
            )  # fmt: skip
    axes.set_yticks(range(len(order), 0, -1), order, fontsize=10.5)
    axes.set(xlim=_EDGES, ylim=(0.5, len(order) + (1.15 if own else 0.6)))
    axes.set_xlabel("bits per letter, fewer is better")
    axes.grid(visible=False, axis="y")
    axes.set_title("Most of the lead was the learning rate" if own else "Five models, one rate")
    best, *rest = order
    picture.alt = (
        f"Bits per letter of five small language models, {len(first['ReLU'])} seeds each. At "
        f"one rate {best} needs by far the fewest; behind it are {', '.join(rest)}."
    )
    if own:
        top = len(order) + 0.75
        for x, side, says in (
            (_EDGES[0] + 0.005, "left", "Referee 2: its own rate"),
            (_EDGES[1] - 0.005, "right", f"Referee 1: rate {USUAL:g} for all"),
        ):
            axes.text(x, top, says, ha=side, va="center", color=INK, fontsize=10, gid=says[:9])
        picture.alt = picture.alt[:-1] + "; at rates of their own the five lie close together."
    return picture


def _mean(
    picture: Picture, values: list[float], row: float, *, arm: str, colour: str = INK,
    mark: str = "", face: str | None = None,
) -> None:  # fmt: skip
    """Draw the mean of values with its interval, or where no marker is given the interval only."""
    span, (axes,) = interval(values), picture.axes
    axes.plot([span.low, span.high], [row] * 2, color=INK, linewidth=3.5, solid_capstyle="butt",
              gid=f"interval {arm}")  # fmt: skip
    if mark:
        axes.plot(
            span.mean, row, mark, color=colour, markersize=8, markerfacecolor=face or colour,
            markeredgewidth=1.6, gid=arm,
        )  # fmt: skip
