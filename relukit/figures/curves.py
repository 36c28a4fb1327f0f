"""How the curves of a picture differ: in colour, and in dash or marker too."""

from collections.abc import Iterable
from typing import Any

from relukit.figures.canvas import DASHES, MARKERS, PALETTE
from relukit.statistics import Interval

COLOURS = tuple(PALETTE)[:5]  # of the first curve, the second, ...


def look(place: int, colour: str = "", *, marked: bool = False) -> dict[str, Any]:
    """Return colour and dash of the curve at a place, so that no two differ in one only.

    Args:
        place: of the curve, 0 to 4.
        colour: a name of `PALETTE`, where it is not the one of the place.
        marked: whether the curve's points have the marker of the place.

    Example:
        >>> look(0)
        {'color': '#0072B2', 'linestyle': '-'}
        >>> look(1, "green", marked=True)["marker"]
        's'
    """
    style = {"color": PALETTE[colour or COLOURS[place]], "linestyle": DASHES[place]}
    return style | {"marker": MARKERS[place]} if marked else style


def reach(spans: Iterable[Interval]) -> list[list[float]]:
    """Return how far each interval reaches below its mean and above it, as `errorbar` takes it.

    Example:
        >>> reach([Interval(2.0, 1.0, 5.0, n=4, level=0.95, counted="seeds")])
        [[1.0], [3.0]]
    """
    ends = [(span.mean - span.low, span.high - span.mean) for span in spans]
    return [list(side) for side in zip(*ends, strict=True)]
