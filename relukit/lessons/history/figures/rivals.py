"""Two units that inhibit each other: where their rates run, from every start or from one."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from relukit.errors import InvalidValueError
from relukit.figures.canvas import INK, PALETTE, Picture, drawn, house_style, panels
from relukit.figures.live import Reading
from relukit.figures.meaning import OFF, ON
from relukit.lessons.history.experiments.circuits import mutual_inhibition, settle, steady_states
from relukit.quantities import real

_EDGE = (-0.06, 1.36)
_DRIVE = np.ones(2)


@drawn
def two_rivals(inhibition: float) -> Picture:
    """Return where two units that inhibit each other run from many starts, and where they rest.

    Args:
        inhibition: strength w of the inhibition, above 0 and not 1, dimensionless.

    Raises:
        InvalidValueError: an inhibition of 0 or less, or of 1, where steady states form a line.

    Example:
        >>> two_rivals(1.2).axes[0].get_xlabel()
        'rate of A'
    """
    inhibition = real("inhibition", inhibition, above=0, do="pass such as 0.8")
    if inhibition == 1:
        raise InvalidValueError(
            "an inhibition above 0, not 1", repr(inhibition), "pass such as 0.8"
        )
    picture, (axes,) = panels(size=(4.9, 4.5))
    along = (np.arange(12) + 0.5) / 12
    rim = np.column_stack([np.minimum(1, 2 * along), np.minimum(1, 2 - 2 * along)]) * 1.3
    near = 0.4 * np.column_stack([along, 1 - along])[::2]
    course = settle(mutual_inhibition(inhibition), _DRIVE, np.concatenate([rim, near]), steps=800)
    for number in range(course.shape[1]):
        path = course[:, number]
        axes.plot(*path.T, color=PALETTE["grey"], linewidth=0.9, gid="course")
        axes.annotate(
            "", tuple(path[16]), tuple(path[10]),
            arrowprops={"arrowstyle": "-|>", "color": PALETTE["grey"], "lw": 0.9},
        )  # fmt: skip
    stable, unstable = _ends(inhibition)
    for some, style, word in ((stable, ON, "stable"), (unstable, OFF, "not stable")):
        if some:
            axes.plot(*np.transpose(some), linestyle="none", markersize=10, gid=word, **style)
        for point in some:
            axes.annotate(
                word, tuple(point), (9, 7), textcoords="offset points",
                weight="bold", bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
            )  # fmt: skip
    _label(axes)
    one = len(stable) == 1
    axes.set_title(
        f"Inhibition {inhibition:g}: "
        + ("every start ends at the same rates" if one else "the start decides who wins")
    )
    picture.alt = (
        f"Grey lines show how the rates of two units that inhibit each other by {inhibition:g} "
        "run from many starts: "
        + (
            "all end in one stable steady state, with both units on."
            if one
            else "they end in two stable steady states, in each of which one unit is off."
        )
    )
    return picture


class RivalsFigure:
    """Two units that inhibit each other, and the way of their rates from one start.

    Args:
        paper: makes the picture and its axes, as `panels` does.
    """

    def __init__(self, paper: Callable = panels) -> None:
        with house_style():
            self.picture, (plane, time) = paper(
                2, size=(6.9, 3.5), gridspec_kw={"width_ratios": (1, 1.15)}
            )
            (self.way,) = plane.plot([], [], color=PALETTE["grey"], linewidth=1.6, gid="way")
            (self.start,) = plane.plot([], [], "^", color=INK, markersize=8, gid="start")
            (self.rest,) = plane.plot([], [], linestyle="none", markersize=10, gid="stable", **ON)
            (self.edge,) = plane.plot(
                [], [], linestyle="none", markersize=8, gid="not stable", **OFF
            )
            _label(plane)
            plane.set_title("Triangle: the start")
            (self.first,) = time.plot([], [], color=PALETTE["blue"], linestyle="-", gid="A")
            (self.second,) = time.plot(
                [], [], color=PALETTE["green"], linestyle=(0, (5, 1.6)), gid="B"
            )
            time.set(xlim=(0, 31), ylim=_EDGE, xlabel="time", ylabel="rate")
            time.set_title("A solid, B dashed")
        self.moving = [self.way, self.start, self.rest, self.edge, self.first, self.second]

    def update(self, values: Mapping[str, Any]) -> Reading:
        """Let both units run from their start, and say where they end."""
        inhibition, begin = values["inhibition"], np.array([values["a"], values["b"]])
        course = settle(mutual_inhibition(inhibition), _DRIVE, begin, steps=600)
        self.way.set_data(*course.T)
        self.start.set_data([begin[0]], [begin[1]])
        stable, unstable = _ends(inhibition)
        for dots, some in ((self.rest, stable), (self.edge, unstable)):
            dots.set_data(*np.transpose(some)) if some else dots.set_data([], [])
        clock = 0.05 * np.arange(len(course))
        self.first.set_data(clock, course[:, 0])
        self.second.set_data(clock, course[:, 1])
        a, b = course[-1].round(2) + 0.0
        told = "A wins." if a > b + 0.5 else "B wins." if b > a + 0.5 else "Nobody has won."
        return Reading(
            alt=f"The rates of two units that inhibit each other by {inhibition:.2f}, in their "
            f"plane and over time, from A {begin[0]:.2f} and B {begin[1]:.2f} to A {a:.2f} and "
            f"B {b:.2f}.",
            caption=f"Inhibition {inhibition:.2f}, start A {begin[0]:.2f}, B {begin[1]:.2f}. "
            f"At the end A {a:.2f}, B {b:.2f}. {told}",
        )


def _ends(inhibition: float) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the steady states that are stable, and those that are not."""
    states = steady_states(mutual_inhibition(inhibition), _DRIVE)
    return [s.rates for s in states if s.stable], [s.rates for s in states if not s.stable]


def _label(axes: Axes) -> None:
    axes.set(xlabel="rate of A", ylabel="rate of B", xlim=_EDGE, ylim=_EDGE, aspect="equal")
