"""The one matrix behind one answer: what the switches of an image freeze a network into."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from relukit.diagnostics import affine_at
from relukit.figures.canvas import FAINT, INK, PALETTE, Picture, drawn, panels
from relukit.figures.film import Film
from relukit.ledger import kept
from relukit.lessons.definitions.experiments.cells import reader

SIDE = 8  # of an image, in pixels
DIGITS = (0, 1, 2, 3, 4, 9)
MORE, OF = 1, 9  # images more, of this digit, at the end
RARE = 0.05  # where fewer images have ink, a weight has hardly been trained, and is not shown
# Upright edges need no smoothing, and its many shades would crowd the greys out of the palette.
_ON: dict[str, Any] = {
    "facecolors": PALETTE["blue"],
    "edgecolors": PALETTE["blue"],
    "antialiaseds": False,
}
_OFF: dict[str, Any] = {
    "facecolors": "white",
    "edgecolors": PALETTE["vermilion"],
    "antialiaseds": False,
}
_GHOST = 2.6  # times black: the ink behind the row is drawn that much paler


@dataclass(frozen=True, eq=False)
class Reading:
    """How the network reads one image, by itself and by the matrix that it is frozen into.

    Attributes:
        image: ink of the pixels, 0 to 1, shape (64,).
        digit: the digit of the highest score.
        score: the network's own score for it, computed in float32.
        row: that digit's row of the matrix, shape (64,).
        shift: that digit's shift.
        switches: whether each of the 128 hidden units is on, layer by layer.
    """

    image: np.ndarray
    digit: int
    score: float
    row: np.ndarray
    shift: float
    switches: np.ndarray

    @property
    def parts(self) -> tuple[float, float, float]:
        """What ink adds to the score, what ink takes from it, and the shift."""
        each = self.row * self.image
        return float(each[each > 0].sum()), float(each[each < 0].sum()), self.shift


@kept.cache
def readings() -> tuple[Reading, ...]:
    """Return the new image of each of six digits that the network is surest of, and one more 9.

    Surest is the highest score among the images of the digit that it reads right.
    """
    network, data = reader()
    scores = network(data.x_test).detach()
    sure, answers = scores.max(1)
    found = []
    for digit in DIGITS:
        right = ((data.y_test == digit) & (answers == digit)).nonzero()[:, 0]
        ranked = right[sure[right].argsort(descending=True)].tolist()
        for which in ranked[: 1 + MORE * (digit == OF)]:
            x = data.x_test[which]
            frozen = affine_at(network, x)
            found.append(
                Reading(
                    image=x.numpy(),
                    digit=digit,
                    score=float(scores[which, digit]),
                    row=frozen.matrix[digit].numpy(),
                    shift=float(frozen.shift[digit]),
                    switches=np.concatenate([on.numpy() for on in frozen.switches]),
                )
            )
    return tuple(found)


@kept.cache
def rare() -> np.ndarray:
    """Return in which pixels fewer than one training image in twenty has ink, bool (64,)."""
    _, data = reader()
    return np.asarray((data.x_train > 0).double().mean(0) < RARE)


def one_matrix() -> Film:
    r"""Return a film in which each frame is an image and the matrix that it freezes a network into.

    With the switches of x fixed, the network 64-64-64-10 is $f(x) = Ax + c$. A frame shows the
    image, its 128 switches, and the winning digit's row of A as squares: the area is the size of
    the weight, on one scale in all frames. Ink is 0 where a pixel is blank, so that a pixel's part
    of the score is its weight times its ink.

    References: [Montufar2014], [Alpaydin1998].

    Example:
        >>> len(one_matrix().captions)
        7
    """
    found = readings()
    top = max(float(np.abs(reading.row[~rare()]).max()) for reading in found)
    return Film(
        (_frame(now, top, last) for now, last in zip(found, (None, *found[:-1]), strict=True)),
        _story(found),
        alt=(
            "Images of digits one after the other: each throws the 128 switches of a trained "
            "network in its own way, and thereby freezes it into one matrix, whose row for the "
            "digit gives the same score as the network."
        ),
        still=3,
        seconds=2.5,
    )


_LOOK = {
    0: "They make the network one matrix; on the right is its row for 0. In the hole most squares "
    "are hollow: ink there would lower the score of 0.",
    1: "On a filled blue square ink raises the score of 1; on a hollow orange one it lowers it.",
    2: "The larger a square, the more ink counts there. The grey behind it is the image's own ink.",
    3: "Add up: ink on blue, ink on hollow, and the constant. That's the network's own score.",
    4: "Pixels without a square hardly ever have ink, or their number is near 0. They still count.",
    9: "In all six, the image itself has chosen the matrix.",
}


def _story(found: tuple[Reading, ...]) -> list[str]:
    """Return for each reading the words that say what to look at."""
    said = [f"A new 0: {found[0].switches.sum()} of 128 units are on. {_LOOK[0]}"]
    for last, reading in pairwise(found):
        differ = f"{(reading.switches != last.switches).sum()} switches differ"
        if reading.digit == last.digit:
            said.append(
                f"Another {reading.digit}: only {differ} (triangles), and the matrix changes a "
                "little."
            )
        else:
            than = f" from the {last.digit}'s (triangles)"
            said.append(f"A new {reading.digit}: {differ}{than}. {_LOOK[reading.digit]}")
    return said


@drawn
def _frame(reading: Reading, top: float, before: Reading | None) -> Picture:
    """Return an image, its switches, its matrix's row, and the score computed twice.

    Args:
        reading: what is drawn.
        top: the weight that fills a pixel.
        before: a reading whose switches are compared, if any.
    """
    picture, (image, code, row) = panels(
        3, size=(6.5, 3.05), gridspec_kw={"width_ratios": (1, 1.25, 1)}
    )
    digit = reading.digit
    picture.suptitle(
        f"The switches of this {digit} make the network one matrix", x=0.015, ha="left", fontsize=11
    )
    image.imshow(reading.image.reshape(SIDE, SIDE), cmap="gray_r", vmin=0, vmax=1, gid="image")
    image.set_title("a new image")
    _bar_code(code, reading.switches, None if before is None else before.switches)
    code.set_title(f"its switches: {reading.switches.sum()} of {len(reading.switches)} on")
    row.imshow(reading.image.reshape(SIDE, SIDE), cmap="gray_r", vmin=0, vmax=_GHOST)
    _squares(row, reading.row, top)
    row.set_title(f"its matrix, the row for {digit}")
    for axes in (image, row):
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set(visible=True, color=FAINT)
    plus, minus, shift = reading.parts
    picture.supxlabel(
        f"by the matrix:  {_signed(plus)} (ink on blue)  {_signed(minus)} (ink on hollow)  "
        f"{_signed(shift)} (constant)  ≈  {plus + minus + shift:.2f}\n"
        f"by the network:  {reading.score:.2f}",
        fontsize=9.5, x=0.985, ha="right",
    )  # fmt: skip
    picture.alt = (
        f"An image of a {digit}, 128 switches of which {reading.switches.sum()} are on, and the "
        f"row for {digit} of the matrix that they make: filled squares where ink speaks for a "
        f"{digit}, hollow ones where it speaks against it."
    )
    return picture


def _bar_code(axes: Axes, switches: np.ndarray, before: np.ndarray | None) -> None:
    """Draw switches as bars, high and filled where on; a triangle marks each that was changed."""
    rows = np.array_split(switches, 4)  # two for each layer
    wide, high = len(rows[0]), len(rows)
    bars: dict[bool, list[np.ndarray]] = {True: [], False: []}
    for place, on in enumerate(switches):
        line, left = high - 1 - place // wide - 0.25 * (place // wide >= high // 2), place % wide
        low, up = (0.1, 0.82) if on else (0.32, 0.6)
        bars[bool(on)].append(_box(left + 0.22, line + low, left + 0.78, line + up))
        if before is not None and before[place] != on:
            axes.plot(left + 0.5, line + 0.96, "v", color=INK, markersize=3.2, gid="changed")
    axes.add_collection(PolyCollection(bars[True], linewidths=0, gid="on", **_ON))
    axes.add_collection(PolyCollection(bars[False], linewidths=0.8, gid="off", **_OFF))
    for layer, at in (("layer 1", high - 1), ("layer 2", high / 2 - 1.25)):
        axes.text(-1.4, at, layer, rotation=90, ha="center", va="center", fontsize=8.5)
    axes.set(xlim=(-2.2, wide), ylim=(-0.25, high))
    axes.set_box_aspect(0.8)
    axes.set_axis_off()


def _squares(axes: Axes, row: np.ndarray, top: float) -> None:
    """Draw weights as squares on the pixels, filled above 0 and hollow below, none where rare."""
    squares: dict[bool, list[np.ndarray]] = {True: [], False: []}
    for pixel in np.flatnonzero(~rare()):
        y, x = divmod(int(pixel), SIDE)
        half = 0.46 * np.sqrt(abs(row[pixel]) / top)
        squares[bool(row[pixel] > 0)].append(_box(x - half, y - half, x + half, y + half))
    axes.add_collection(PolyCollection(squares[True], linewidths=0, gid="for", **_ON))
    axes.add_collection(PolyCollection(squares[False], linewidths=1.3, gid="against", **_OFF))


def _box(left: float, low: float, right: float, high: float) -> np.ndarray:
    return np.array([(left, low), (right, low), (right, high), (left, high)])


def _signed(number: float) -> str:
    return f"{number:+.2f}".replace("-", "\N{MINUS SIGN} ").replace("+", "+ ")
