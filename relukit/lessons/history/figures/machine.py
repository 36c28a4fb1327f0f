"""Ten layers with the weights of four years: what arrives at their end, and what they learn."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from relukit.figures.canvas import DASHES, FAINT, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.curves import reach
from relukit.figures.meaning import means
from relukit.figures.mine import mine
from relukit.lessons.history.experiments.comparison import DEEP
from relukit.statistics import interval

_YEARS = {"1990": "grey", "1998": "green", "2010": "vermilion", "2015": "blue"}


@drawn
def what_arrives(left: Mapping[str, Sequence[float]]) -> Picture:
    """Return how much of the difference between digits is left after each fresh layer.

    Args:
        left: for each year the power of the difference after 0 to 10 layers, the first 1.

    Example:
        >>> what_arrives({"1990": [0.15**layer for layer in range(11)]}).axes[0].get_xlabel()
        'layer'
    """
    picture, (axes,) = panels(size=(6.5, 3.4))
    for place, (year, values) in enumerate(left.items()):
        layer, colour = np.arange(len(values)), PALETTE[_YEARS[year]]
        axes.plot(
            layer, values, color=colour, linestyle=DASHES[place], marker=MARKERS[place],
            markersize=4.5, gid=year,
        )  # fmt: skip
        axes.annotate(
            year, (layer[-1], values[-1]), (8, -12 if year == "1998" else 0),
            textcoords="offset points", va="center", weight="bold",
        )  # fmt: skip
    axes.set_yscale("log")
    axes.set(
        xlabel="layer",
        ylabel="difference left, one line a factor 100",
        xlim=(-0.2, 11.2),
        ylim=(1e-9, 3),
    )
    axes.set_xticks(range(DEEP + 1))
    axes.set_title("Weights of 1990 let almost no difference through ten layers")
    picture.alt = (
        "How much of the difference between digits is left after each of ten fresh layers, for "
        f"weights of {', '.join(left)}: with those of 1990 it falls below a hundred millionth."
    )
    return picture


@drawn
def time_machine(
    arms: Mapping[tuple[str, str, int], Sequence[float]], guess: object = None
) -> Picture:
    """Return accuracies by depth with the weights of 1990, and of ten layers by year.

    Args:
        arms: activation, year of the weights and number of hidden layers -> accuracy of each
            seed, 0 to 1.
        guess: the learner's own for ten layers of rectifiers from 1990, in %; None draws none.

    Example:
        >>> picture = time_machine({("relu", "1990", 10): (0.1, 0.12)})
        >>> picture.axes[0].get_ylabel()
        'new digits right, in %'
    """
    picture, (left, right) = panels(
        2, size=(7.0, 3.5), sharey=True, gridspec_kw={"width_ratios": (1, 1.35)}
    )
    depths = sorted({depth for name, year, depth in arms if (name, year) == ("relu", "1990")})
    years = sorted({year for _, year, _ in arms})
    names = {"relu": -0.14, "tanh": 0.14}
    for (name, year, depth), values in arms.items():
        if name == "relu" and year == "1990":
            _arm(left, depths.index(depth), values, name)
        if depth == DEEP:
            _arm(right, years.index(year) + names[name], values, name)
    left.set_xticks(range(len(depths)), [str(depth) for depth in depths])
    left.set(xlabel="layers of rectifiers", ylabel="new digits right, in %")
    left.set(xlim=(-0.5, len(depths) - 0.5))
    left.set_title("1990: three layers, not ten")
    right.set_xticks(range(len(years)), years)
    right.set(xlabel="weights as in", xlim=(-0.5, len(years) - 0.5))
    right.set_title("Ten layers: the weights decide")
    for name, words in (("relu", "rectifier"), ("tanh", "tanh")):
        right.plot([], [], label=words, **_look(name))
    right.legend(loc="center right")
    for axes in (left, right):
        axes.axhline(10, color=PALETTE["grey"], linestyle=DASHES[2], linewidth=1, gid="guessing")
        axes.grid(visible=False, axis="x")
        axes.set_ylim(0, 103)
    left.annotate("guessing", (0, 10), (0, 4), textcoords="offset points", ha="center")
    mine(left, guess, at=len(depths) - 1)
    picture.alt = (
        "With the weights of 1990 three and five layers of rectifiers learn the digits and ten "
        "stay at guessing; with later weights ten layers learn them too, of rectifiers and of tanh."
    )
    return picture


def _look(name: str) -> dict[str, Any]:
    style = means(name)
    return {"color": style["color"], "marker": style["marker"], "linestyle": "none"}


def _arm(axes: Axes, at: float, values: Sequence[float], name: str) -> None:
    """Draw a small dot for each seed, and their mean with its interval."""
    scaled = 100 * np.asarray(values, dtype=float)
    spread = np.linspace(-0.07, 0.07, len(scaled))
    style = _look(name)
    axes.plot(
        at + spread, scaled, style["marker"], color=FAINT, markersize=2.4, gid=f"{name} seeds",
    )  # fmt: skip
    span = interval(scaled)
    axes.errorbar(at, span.mean, yerr=reach([span]), capsize=4, markersize=6.5, gid=name, **style)
