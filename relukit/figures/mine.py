"""The learner's own guess in a picture: a diamond, with the word "you" beside it."""

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import INK

_DIAMOND: dict[str, Any] = {
    "marker": "D",
    "color": INK,
    "markersize": 8,
    "markeredgecolor": "white",
}
_DASH: dict[str, Any] = {"color": INK, "linestyle": (0, (4, 2)), "linewidth": 1.3}


def mine(axes: Axes, guess: object, *, at: ArrayLike | None = None, along: str = "y") -> None:
    """Draw a guess into axes: one number at a place, one number on an axis, or a sketch.

    A guess that lies outside the axes is drawn at their edge, and its number stands beside it.
    Call it last, when the limits of the axes stand.

    Args:
        axes: where.
        guess: what was guessed, in the units of the axes: a number, a number for each place, None
            (nothing is drawn), or an object with such a `value`.
        at: for a number, its place on the other axis; for a sketch, the x of each number, rising.
        along: the axis that a number without a place stands on; the line crosses it: "x" or "y".

    Raises:
        InvalidTypeError: a guess that is no number and no list of them.
        InvalidValueError: numbers that are not finite, another count of places, another axis.

    Example:
        >>> from relukit.figures.canvas import panels
        >>> picture, (axes,) = panels()
        >>> mine(axes, 0.4, at=0.5)
        >>> [words.get_text() for words in axes.texts]
        ['you']
    """
    guess = getattr(guess, "value", guess)
    if guess is None:
        return
    if along not in ("x", "y"):
        raise InvalidValueError("along='x' or along='y'", repr(along), "name the guess's axis")
    numbers = _numbers("a guess", guess)
    places = None if at is None else _numbers("its place", at)
    if (places is None and numbers.ndim) or (places is not None and places.shape != numbers.shape):
        got = f"{numbers.size} and {'none' if places is None else places.size}"
        raise InvalidValueError("a place for each number of a sketch", got, "pass at=")
    if places is not None:
        x, y = (places, numbers) if along == "y" else (numbers, places)
        _draw(axes, np.atleast_1d(x), np.atleast_1d(y), float(np.ravel(numbers)[0]))
        return
    number = float(numbers)
    low, high = axes.get_ylim() if along == "y" else axes.get_xlim()
    line, ends = (
        (axes.axhline, axes.get_xlim()) if along == "y" else (axes.axvline, axes.get_ylim())
    )
    if min(low, high) <= number <= max(low, high):
        line(number, gid="mine line", **_DASH)
    middle = np.array([_between(*ends, axes.get_xscale() if along == "y" else axes.get_yscale())])
    pair = (middle, np.array([number])) if along == "y" else (np.array([number]), middle)
    _draw(axes, *pair, number)


def _draw(axes: Axes, x: np.ndarray, y: np.ndarray, said: float) -> None:
    """Draw diamonds, joined if there are several, and the word beside the last of them."""
    inside = [
        np.clip(values, min(limits), max(limits))
        for values, limits in ((x, axes.get_xlim()), (y, axes.get_ylim()))
    ]
    style = _DIAMOND | (_DASH if len(x) > 1 else {"linestyle": "none"})
    axes.plot(*inside, gid="mine", clip_on=False, zorder=5, **style)
    outside = not (np.array_equal(inside[0], x) and np.array_equal(inside[1], y))
    words = f"you: {said:g}" if outside and len(x) == 1 else "you"
    across, up = axes.transAxes.inverted().transform(
        axes.transData.transform((inside[0][-1], inside[1][-1]))
    )
    axes.annotate(
        words, (inside[0][-1], inside[1][-1]), (-9 if across > 0.5 else 9, -8 if up > 0.5 else 8),
        textcoords="offset points", ha="right" if across > 0.5 else "left", va="center", zorder=5,
        weight="bold", gid="mine",
    )  # fmt: skip


def _between(low: float, high: float, scale: str) -> float:
    """Return the middle of an axis as it is seen."""
    return math.sqrt(low * high) if scale == "log" else (low + high) / 2


def _numbers(what: str, values: object) -> np.ndarray:
    """Return a number or a flat list of them as an array, or raise what is wrong."""
    try:
        numbers = np.asarray(values)
        if numbers.dtype.kind not in "iuf":
            raise TypeError
    except (TypeError, ValueError):
        do = "pass such as 0.4 or [0.5, 0.4]"
        raise InvalidTypeError(f"{what}: a number or a list of them", repr(values), do) from None
    if numbers.ndim > 1 or not numbers.size or not np.isfinite(numbers).all():
        raise InvalidValueError(
            f"{what}: finite numbers, one or a flat list", repr(values), "mend it"
        )
    return numbers.astype(float)
