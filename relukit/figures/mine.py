"""The learner's own guess in a picture: a diamond, with the word "you" beside it."""

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
    "scalex": False,  # the limits stay
    "scaley": False,
}
_DASH: dict[str, Any] = {"linestyle": (0, (4, 2)), "linewidth": 1.3}


def mine(axes: Axes, guess: object, *, at: ArrayLike, side: str = "inwards") -> None:
    """Draw a guess into axes: one number at a place, or a sketch, a number at each of some places.

    What lies beyond the axes is drawn at their edge, with its number and an arrow that points to
    where it is. The limits of the axes stay as they are: call it last.

    Args:
        axes: where.
        guess: what was guessed, in the units of the y axis: a number, a number for each place, None
            (nothing is drawn), or an object with such a `value`.
        at: the x of the number, or of each number of a sketch, within the axes.
        side: of the diamond on which words stand: "left", "right", or where the middle is.

    Raises:
        InvalidTypeError: a guess that is no number and no list of them.
        InvalidValueError: numbers that are not finite, another count of places, a place beyond
            the axes, or another side.

    Example:
        >>> from relukit.figures.canvas import panels
        >>> picture, (axes,) = panels()
        >>> mine(axes, 0.4, at=0.5)
        >>> mine(axes, [0.2, 7], at=[0.1, 0.9])
        >>> [words.get_text() for words in axes.texts]
        ['you', 'you: 7 ↑']
    """
    guess = getattr(guess, "value", guess)
    if guess is None:
        return
    if side not in ("left", "right", "inwards"):
        do = "say on which side of the diamond the word stands"
        raise InvalidValueError("side='left', 'right' or 'inwards'", repr(side), do)
    y, x = _numbers("a guess", guess), _numbers("its place", at)
    if x.shape != y.shape:
        raise InvalidValueError(
            "a place for each number of a sketch", f"{y.size} and {x.size}", "pass at="
        )
    x, y = np.atleast_1d(x), np.atleast_1d(y)
    if beyond := x[x != _clipped(x, axes.get_xlim())].tolist():
        got = f"{beyond[0]:g} beside {' to '.join(f'{end:g}' for end in axes.get_xlim())}"
        raise InvalidValueError("a place within the axes", got, "widen the axes, or pass others")
    _draw(axes, x, y, side)


def _draw(axes: Axes, x: np.ndarray, y: np.ndarray, side: str) -> None:
    """Draw diamonds, joined if there are several, the word by the last, and what lies beyond."""
    low, high = axes.get_ylim()  # from bottom to top
    inside = _clipped(y, (low, high))
    style = _DIAMOND | (_DASH if len(x) > 1 else {"linestyle": "none"})
    axes.plot(x, inside, gid="mine", clip_on=False, zorder=5, **style)
    for i, (place, seen, number) in enumerate(zip(x, inside, y, strict=True), start=1):
        said = ["you"] if i == len(x) else []
        if seen != number:
            said.append(f"{number:g} {'↑' if seen == high else '↓'}")
        if said:
            _say(axes, ": ".join(said), (float(place), float(seen)), side)


def _say(axes: Axes, words: str, point: tuple[float, float], side: str) -> None:
    """Write words beside a point, on its left, its right, or towards the middle of the axes."""
    across, up = axes.transAxes.inverted().transform(axes.transData.transform(point))
    left = side == "left" or (side == "inwards" and across > 0.5)
    axes.annotate(
        words, point, (-9 if left else 9, -8 if up > 0.5 else 8),
        textcoords="offset points", ha="right" if left else "left", va="center", zorder=5,
        weight="bold", gid="mine",
    )  # fmt: skip


def _clipped(values: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    """Return values with those beyond the limits of an axis, which may fall, put at its ends."""
    return np.clip(values, min(limits), max(limits))


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
