"""Measured times, drawn."""

import math
from collections.abc import Mapping

from relukit.errors import InvalidValueError
from relukit.figures.canvas import INK, MARKERS, PALETTE, Picture, drawn, panels


@drawn
def cost(times: Mapping[str, float], *, highlight: str | None = None) -> Picture:
    """Return measured times as dots on a logarithmic axis, in the order in which they come.

    Args:
        times: what was timed, and its time in seconds.
        highlight: the name that is drawn apart, such as that of the matrix product.

    Raises:
        InvalidValueError: if there is no time, one is not positive, or highlight is not a name.

    Example:
        >>> cost({"relu": 1e-3, "tanh": 4e-3}).axes[0].get_xlabel()
        'time in ms'
    """
    if not isinstance(times, Mapping) or not times:
        raise InvalidValueError("at least one named time", repr(times), "pass a dict of seconds")
    if not all(0 < seconds < math.inf for seconds in times.values()):
        raise InvalidValueError(
            "positive times in seconds", repr(dict(times)), "measure them again"
        )
    if highlight is not None and highlight not in times:
        raise InvalidValueError("one of the names", repr(highlight), f"choose from {list(times)}")
    picture, (axes,) = panels(size=(6.5, 1.2 + 0.28 * len(times)))
    least = 1e3 * min(times.values())
    for place, (name, seconds) in zip(range(len(times), 0, -1), times.items(), strict=True):
        apart = name == highlight
        colour, marker = PALETTE["blue"] if apart else INK, MARKERS[1 if apart else 0]
        axes.hlines(place, least / 2, 1e3 * seconds, color=PALETTE["grey"], linewidth=0.8)
        axes.plot([1e3 * seconds], [place], marker, color=colour, markersize=7, gid=name)
        axes.annotate(
            _milliseconds(seconds), (1e3 * seconds, place), (8, 0), textcoords="offset points",
            va="center", fontsize=8.5,
        )  # fmt: skip
    axes.set_yticks(range(len(times), 0, -1), list(times))
    axes.set(xscale="log", xlabel="time in ms", ylim=(0.4, len(times) + 0.6))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlim(least / 2, 2.5e3 * max(times.values()))
    axes.grid(visible=False, axis="y")
    axes.set_title("Measured on this machine")
    picture.alt = f"Dot chart on a logarithmic axis of the measured times of {', '.join(times)}."
    return picture


def _milliseconds(seconds: float) -> str:
    return f"{1e3 * seconds:.2g}" if seconds < 0.01 else f"{1e3 * seconds:.0f}"
