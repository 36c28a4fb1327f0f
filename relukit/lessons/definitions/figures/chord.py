"""Why twice the hinges leave a quarter of the error: a chord under an arc, and what is measured."""

import itertools
import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from relukit.figures.canvas import DASHES, INK, PALETTE, Picture, drawn, panels
from relukit.figures.meaning import ON
from relukit.figures.mine import mine as draw_mine
from relukit.lessons.definitions.experiments.drawing import largest_error
from relukit.quantities import real

COUNTS = (4, 8, 16, 32, 64)  # of hinges
_SHOWN = 9  # hinges on the left, as many as the lesson's other drawing of a sine has
_GUESSED = 16, 32  # the two counts that a guess is about
_LOST: dict[str, Any] = {
    "facecolor": "#FBE3D2",
    "edgecolor": PALETTE["vermilion"],
    "hatch": "////",
    "linewidth": 0.0,
}


@drawn
def chord(mine: object = None) -> Picture:
    r"""Return one chord under an arc of sin, and the largest errors of 4 to 64 hinges.

    Between two hinges a distance h apart the drawing is a chord of the curve f, and

    $$|f - \text{chord}| \le \frac{h^2}{8} \max |f''|,$$

    as the gap is 0 at both ends and bends no more than f does: of all such gaps the parabola's is
    the largest, with its top of $h^2/8 \cdot \max|f''|$ in the middle. That units without a
    polynomial for an activation follow any continuous curve is shown in [Leshno1993], and for
    sigmoids in [Cybenko1989].

    Args:
        mine: the learner's guess, a number or a prediction: the largest error with 16 hinges over
            that with 32. None draws none.

    Raises:
        InvalidTypeError: a guess that is no number.
        InvalidValueError: a guess that is not above 0.

    Example:
        >>> chord().axes[0].get_title(loc="left")
        'The chord misses the arc'
    """
    guess = getattr(mine, "value", mine)
    if guess is not None:
        guess = real("mine", guess, above=0, do="pass how many times smaller, such as 3")
    picture, (left, right) = panels(2, size=(6.5, 3.0), gridspec_kw={"width_ratios": (1, 1.3)})
    gap, bound = _arc(left)
    errors = np.array([largest_error(n) for n in COUNTS])
    _measured(right, errors)
    if guess is not None:
        draw_mine(right, errors[COUNTS.index(_GUESSED[0])] / guess, at=_GUESSED[1], side="right")
    times = errors[:-1] / errors[1:]
    picture.alt = (
        f"A piece of a sine and its chord, which misses it by {gap:.3f} at most, where h²/8 allows "
        f"{bound:.3f}; and the largest errors of {COUNTS[0]} to {COUNTS[-1]} hinges, which fall "
        f"along the limit, in the end {times[-1]:.1f} times with each doubling."
    )
    return picture


def _arc(axes: Axes) -> tuple[float, float]:
    """Draw the piece of sin at its crest, and its chord; return the gap and the bound."""
    h = 2 * math.pi / _SHOWN
    first = max(range(_SHOWN), key=lambda i: math.sin((i + 0.5) * h))
    ends = np.array([first, first + 1]) * h
    x = np.linspace(ends[0], ends[1], 401)
    curve, line = np.sin(x), np.interp(x, ends, np.sin(ends))
    widest = int(np.argmax(curve - line))
    gap, bound = float(curve[widest] - line[widest]), h**2 / 8
    axes.fill_between(x, line, curve, gid="gap", **_LOST)
    more = np.linspace(ends[0] - 0.09, ends[1] + 0.09, 201)
    axes.plot(more, np.sin(more), color=INK, linewidth=1.5, linestyle=DASHES[1], gid="sin")
    axes.plot(ends, np.sin(ends), linewidth=2.6, markersize=8, gid="chord", **ON)
    both: dict[str, Any] = {"arrowstyle": "<|-|>", "color": INK, "lw": 1.2, "mutation_scale": 8}
    axes.annotate(
        "", (x[widest], line[widest]), (x[widest], curve[widest]),
        arrowprops=both | {"shrinkA": 0, "shrinkB": 0}, gid="gap arrow",
    )  # fmt: skip
    floor = float(np.sin(ends).min()) - 0.035
    axes.annotate("", (ends[0], floor), (ends[1], floor), gid="h arrow",
                  arrowprops=both | {"shrinkA": 0, "shrinkB": 0})  # fmt: skip
    axes.vlines(ends, floor - 0.008, np.sin(ends), color=PALETTE["grey"], linewidth=0.8, zorder=1)
    words: dict[str, Any] = {"textcoords": "offset points", "ha": "center"}
    axes.annotate(f"h = {h:.2f}", (ends.mean(), floor), (0, 4), va="bottom", **words)
    axes.annotate("sin", (x[120], curve[120]), (-4, 7), va="bottom", **words)
    axes.annotate("chord", (x[70], line[70]), (-6, -9), va="top", **words)
    axes.annotate(f"gap {gap:.3f}", (x[widest], line[widest]), (-12, -9), va="top", **words)
    axes.set(xlim=(more[0], more[-1]), ylim=(floor - 0.05, 1.03))
    axes.set_xticks(ends, [f"hinge\n{end:.2f}" for end in ends])
    axes.grid(visible=False)
    axes.set(xlabel="input x, in radians", ylabel="output")
    axes.set_title("The chord misses the arc")
    return gap, bound


def _measured(axes: Axes, errors: np.ndarray) -> None:
    """Draw the largest errors over the number of hinges, and the bound that they keep to."""
    bounds = (2 * math.pi / np.array(COUNTS)) ** 2 / 8  # |sin''| is 1 at most
    grey: dict[str, Any] = {"color": PALETTE["grey"], "linestyle": DASHES[1], "linewidth": 1.5}
    axes.loglog(COUNTS, bounds, gid="bound", **grey)
    axes.loglog(COUNTS, errors, gid="measured", markersize=7.5, **ON)
    words: dict[str, Any] = {"textcoords": "offset points"}
    axes.annotate("the limit", (COUNTS[1], bounds[1]), (4, 10), **words)
    axes.annotate("measured", (COUNTS[-1], errors[-1]), (-9, -9), ha="right", va="top", **words)
    for (n, more), (one, other) in zip(
        itertools.pairwise(COUNTS), itertools.pairwise(errors), strict=True
    ):
        place = math.sqrt(n * more), math.sqrt(one * other)
        axes.annotate(f"÷ {one / other:.1f}", place, (-7, -5), ha="right", va="top", **words)
    axes.set(xlim=(3, 85), ylim=(4e-4, 0.6), xlabel="hinges", ylabel="largest error")
    axes.set_xticks(COUNTS, [str(n) for n in COUNTS])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_title("Twice the hinges, a quarter of the error")
