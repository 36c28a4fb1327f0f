"""How to read a dot and a bar: 16 networks, their mean, and where the mean may lie."""

import numpy as np
from matplotlib.axes import Axes

from relukit.errors import InvalidValueError
from relukit.figures.canvas import INK, PALETTE, Picture, drawn, panels
from relukit.ledger.setting import STATED
from relukit.lessons.start.experiments.race import ARMS, EVERY, raced
from relukit.quantities import integer
from relukit.statistics import interval

_BAR = -1.3  # the height of the bar beneath the dots
_DOT = 1.3  # percent: how wide a dot is


@drawn
def dots(step: int = 24) -> Picture:
    r"""Return the accuracies of the race's 16 last networks after so many steps, mean and interval.

    The bar is Student's interval, $\bar a \pm t_{15}\,s/\sqrt{16}$.

    Args:
        step: of the race, an even number from 2 to 40.

    Raises:
        InvalidTypeError: no whole number.
        InvalidValueError: a step at which the race was not measured, or out of range.

    References: [Student1908].

    Example:
        >>> dots().axes[0].get_xlabel()
        'new points right, in %'
    """
    step = integer("step", step, least=EVERY, most=40, do="pass step=24, say")
    if step % EVERY:
        raise InvalidValueError(f"a multiple of {EVERY}", str(step), f"pass step={step - 1}, say")
    runs = raced(ARMS[-1], STATED)
    right = 100 * runs.measured["test_accuracy"][:, step // EVERY].numpy()
    span = interval(right)
    picture, (axes,) = panels(size=(6.5, 3.1))
    heights = _stacked(right)
    axes.plot(
        right, heights, linestyle="none", marker="o", markersize=9.5, color=PALETTE["blue"],
        gid="dots",
    )  # fmt: skip
    axes.errorbar(
        [span.mean], [_BAR], xerr=[[span.mean - span.low], [span.high - span.mean]], marker="s",
        markersize=9, capsize=7, linewidth=2.6, capthick=2.6, color=INK, gid="mean",
    )  # fmt: skip
    left, top = float(right.min()), float(heights.max())
    _label(axes, "one dot is one network", (left, 0.5), (left - 1, 2.2), "left")
    _label(axes, "the mean", (span.mean, _BAR - 0.4), (span.mean - 5, _BAR - 1.5), "right")
    words = "the bar: where the mean of all such networks\nmay lie (95 of 100 such bars hold it)"
    _label(axes, words, (span.high, _BAR - 0.35), (100.5, _BAR - 1.15), "right")
    axes.set(xlim=(left - 4, 101), ylim=(_BAR - 2.5, max(top + 0.8, 2.8)), yticks=())
    axes.set(xlabel="new points right, in %", ylabel=f"{len(right)} networks")
    axes.spines["left"].set_visible(False)
    axes.set_title(
        f"{len(right)} networks of one kind after {step} steps: a mean of {span.mean:.0f} %, "
        f"give or take {(span.high - span.low) / 2:.0f}"
    )
    picture.alt = (
        f"{len(right)} dots, one a network, for the share of new points that it gets right after "
        f"{step} steps; beneath them their mean, with a bar for where the mean of all such "
        "networks may lie."
    )
    return picture


def _label(
    axes: Axes, words: str, at: tuple[float, float], place: tuple[float, float], ha: str
) -> None:
    """Write words at a place, with a line to what they name."""
    axes.annotate(
        words, at, place, ha=ha, va="bottom" if at[1] < place[1] else "top", fontsize=9.5,
        in_layout=False,
        arrowprops={
            "arrowstyle": "-", "color": INK, "linewidth": 0.8, "shrinkB": 0,
            "relpos": (0.06 if ha == "left" else 0.94 if at[0] > place[0] else 0.06,
                       float(at[1] > place[1])),
        },
    )  # fmt: skip


def _stacked(values: np.ndarray) -> np.ndarray:
    """Return for each value the lowest row in which no other lies nearer than a dot is wide.

    Example:
        >>> _stacked(np.array([75.0, 70.0, 70.2])).tolist()
        [0.0, 0.0, 1.0]
    """
    rows: list[float] = []  # the last value of each
    heights = np.zeros(len(values))
    for place in np.argsort(values, kind="stable"):
        value = float(values[place])
        row = next((i for i, last in enumerate(rows) if value - last > _DOT), len(rows))
        rows[row : row + 1] = [value]
        heights[place] = row
    return heights
