"""Five papers, one curve: each with what it was about, drawn in lines."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from relukit.figures.canvas import INK, PALETTE, Picture, drawn, panels
from relukit.figures.meaning import ON
from relukit.lessons.history.experiments.timeline import five_curves as years_of_five

_LINE: dict[str, Any] = {
    "color": INK,
    "linewidth": 1.4,
    "solid_capstyle": "round",
    "solid_joinstyle": "round",
}


_UNIT = 40  # points that a length of 1 in a drawing has on paper


@drawn
def five_curves() -> Picture:
    """Return the curve as five papers drew it, in the order of their years.

    References: [Householder1941], [Tobin1958], [Fukushima1969], [Hahnloser2000], [So2021]; on
        those who drew it [Householder1970], [Pitts1942], [Smalheiser2000], [Gefter2015],
        [Amemiya1984], [Fettig1996] and [Fukushima2009].

    Example:
        >>> [axes.get_title() for axes in five_curves().axes[:5]][0]
        '1941'
    """
    year = years_of_five()
    papers = (
        ("Householder", "a nerve fibre", "stimulus", "firing", _fibre),
        ("Tobin", "a household", "wish to buy", "money spent", _car),
        ("Fukushima", "a machine that sees", "contrast", "response", _eye),
        ("Hahnloser", "a silicon chip", "current in", "current out", _chip),
        ("Primer", "a search", "sum", "passed on", _search),
    )
    picture, axes = panels(
        len(papers), rows=2, size=(7.0, 3.1), gridspec_kw={"height_ratios": (1, 1.25)}
    )
    x = np.linspace(-1, 1, 201)
    for (who, what, across, up, icon), above, below in zip(papers, axes[:5], axes[5:], strict=True):
        above.set(xlim=(-1.12, 1.12), ylim=(-0.75, 0.75), aspect="equal")
        above.set_axis_off()
        icon(above)
        above.set_title(f"{year[who]}", loc="center", fontsize=13, weight="bold")
        y = np.maximum(x, 0) ** (2 if who == "Primer" else 1)
        below.plot(x, y, color=ON["color"], linewidth=2.4, gid=who)
        below.set(xlim=(-1.05, 1.05), ylim=(-0.08, 1.08), xticks=(), yticks=())
        below.set_xlabel(across, fontsize=9)
        below.set_ylabel(up, fontsize=9)
        below.set_title(what, fontsize=9)
    picture.suptitle("One curve, met anew for eighty years", x=0.015, ha="left", fontsize=10.5)
    picture.alt = (
        "The same curve five times, flat and then rising, each below a small drawing: a nerve "
        "fibre in 1941, a household's car in 1958, an eye in 1969, a chip in 2000, and in 2021 "
        "a search's tree, where the curve is squared."
    )
    return picture


def _draw(axes: Axes, *strokes: ArrayLike) -> None:
    for stroke in strokes:
        x, y = np.asarray(stroke)
        axes.plot(x, y, **_LINE)


def _ring(axes: Axes, at: ArrayLike, radius: float, *, face: str = "white") -> None:
    x, y = np.asarray(at)
    axes.plot(
        [x], [y], "o", color=INK, markerfacecolor=face, markersize=_UNIT * 2 * radius,
        markeredgewidth=1.4, zorder=3,
    )  # fmt: skip


def _fibre(axes: Axes) -> None:
    """Draw a nerve cell: a body with branches, and a long fibre that ends in three buds."""
    body = np.array([-0.55, 0.1])
    for angle in (1.9, 2.7, 3.5, 4.4):
        fork = body + 0.42 * _towards(angle)
        _draw(axes, np.transpose([body, fork]))
        for turn in (-0.6, 0.6):
            _draw(axes, np.transpose([fork, fork + 0.14 * _towards(angle + turn)]))
    _ring(axes, body, 0.2, face=PALETTE["blue"])
    x = np.linspace(-0.35, 0.6, 40)
    y = 0.1 + 0.08 * np.sin(5 * (x + 0.35))
    _draw(axes, (x, y))
    for up in (-0.22, 0.0, 0.22):
        _draw(axes, ((0.6, 0.82), (y[-1], y[-1] + up)))
        _ring(axes, (0.88, y[-1] + up), 0.05)


def _towards(angle: float) -> np.ndarray:
    return np.array([np.cos(angle), np.sin(angle)])


def _car(axes: Axes) -> None:
    """Draw a car from its side."""
    outline = (-0.85, -0.85, -0.5, -0.28, 0.28, 0.52, 0.85, 0.85, -0.85)
    heights = (-0.25, 0.02, 0.08, 0.42, 0.42, 0.08, 0.0, -0.25, -0.25)
    _draw(axes, (outline, heights), ((0, 0), (0.08, 0.42)), ((-0.5, 0.52), (0.08, 0.08)))
    for x in (-0.46, 0.48):
        _ring(axes, (x, -0.27), 0.18, face=PALETTE["blue"])
        _ring(axes, (x, -0.27), 0.07)


def _eye(axes: Axes) -> None:
    """Draw a screen with a slanted line, and an eye that looks at it."""
    _draw(axes, ((-0.9, -0.1, -0.1, -0.9, -0.9), (-0.4, -0.4, 0.4, 0.4, -0.4)))
    _draw(axes, ((-0.72, -0.28), (-0.25, 0.25)), ((-0.7, -0.5, -0.3), (-0.58, -0.4, -0.58)))
    x = np.linspace(0.12, 0.92, 40)
    lid = 0.26 * np.sin(np.pi * (x - 0.12) / 0.8)
    _draw(axes, (x, lid), (x, -lid))
    _ring(axes, (0.52, 0.0), 0.16, face=PALETTE["blue"])


def _chip(axes: Axes) -> None:
    """Draw a chip with its pins, and a ring of units on it, of which one is on."""
    _draw(axes, ((-0.48, 0.48, 0.48, -0.48, -0.48), (-0.48, -0.48, 0.48, 0.48, -0.48)))
    for place in (-0.33, -0.11, 0.11, 0.33):
        for side in (-1, 1):
            _draw(axes, ((side * 0.48, side * 0.68), (place, place)))
            _draw(axes, ((place, place), (side * 0.48, side * 0.68)))
    for angle in np.arange(8) * np.pi / 4:
        _ring(axes, 0.28 * _towards(angle), 0.06, face="white" if angle else PALETTE["blue"])


def _search(axes: Axes) -> None:
    """Draw a tree of tried programs, of which one path is kept."""
    top, left, right = (0.0, 0.55), (-0.36, 0.05), (0.36, 0.05)
    tips = [(x, -0.5) for x in (-0.6, -0.2, 0.2, 0.6)]
    _draw(axes, *(np.transpose(pair) for pair in ((top, left), (right, tips[3]))))
    _draw(axes, *(np.transpose((left, tip)) for tip in tips[:2]))
    axes.plot(*np.transpose([top, right, tips[2]]), **(_LINE | {"linewidth": 3}))
    for point in (top, left, right, *tips):
        kept = point in (top, right, tips[2])
        _ring(axes, point, 0.09, face=PALETTE["blue"] if kept else "white")
