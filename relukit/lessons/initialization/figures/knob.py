"""A digit on fifty floors while a gain is turned: black, alive, white."""

import numpy as np

from relukit.figures.canvas import INK, Picture, drawn, panels
from relukit.figures.film import Film
from relukit.lessons.initialization.experiments.knob import FLOORS, SIDE, turned

GAINS = (1.2, 1.3, 1.36, 1.38, 1.4, 1.41, 1.42, 1.46, 1.5, 1.6)
_COLUMNS, _ROWS = 10, 5
_WHITE = 3.0  # times floor 1's root mean square
_DARK, _BRIGHT = 0.1, 10.0  # times floor 1: what a caption calls black and white
_GAP = 2  # pixels between tiles
_SHADES = 24  # more cannot be told apart, and the film would be larger


def knob(*, start: int = 0) -> Film:
    """Return a film whose frames are gains: what each of fifty ReLU layers makes of one digit.

    Conventions: 256 units a floor, drawn as 16 x 16 squares, their outputs on one scale of grey
        from 0, black, to three times floor 1's root mean square, white; no biases.

    Args:
        start: seed of the network.

    References: [He2015].

    Example:
        >>> len(knob().captions)
        10
    """
    return Film(
        (_frame(gain, start) for gain in GAINS),
        [_caption(gain, start) for gain in GAINS],
        alt=(
            "Fifty small squares of grey, one a layer: with a small gain the later ones are "
            "black, with a large one white, and between them lies a gain at which all are alike."
        ),
        still=0,
        seconds=1.0,
    )


def _caption(gain: float, seed: int) -> str:
    """Return what to look at: where black or white begins, or which floors to compare.

    How bright the last floor is, it doesn't say: that's what the lesson asks.
    """
    sizes = np.sqrt((turned(gain, seed)[1:] ** 2).mean((1, 2)))
    last = sizes[-1]
    if last < _DARK:
        floor = int(np.argmax(sizes < _DARK)) + 1
        return f"Gain {gain:g}. From floor {floor} on it's nearly black."
    if last > _BRIGHT:
        floor = int(np.argmax(sizes > _BRIGHT)) + 1
        return f"Gain {gain:g}. From floor {floor} on, nearly every unit that's on is white."
    return f"Gain {gain:g}. Compare floor {FLOORS}, below on the right, with floor 1."


@drawn
def _frame(gain: float, seed: int) -> Picture:
    tiles = np.clip(turned(gain, seed)[1:] / _WHITE, 0, 1)
    tiles = np.round(tiles * (_SHADES - 1)) / (_SHADES - 1)
    step = SIDE + _GAP
    wall = np.full((_ROWS * step - _GAP, _COLUMNS * step - _GAP), np.nan)
    for floor, tile in enumerate(tiles):
        row, column = divmod(floor, _COLUMNS)
        wall[row * step : row * step + SIDE, column * step : column * step + SIDE] = tile
    picture, (axes,) = panels(size=(6.5, 3.45))
    axes.imshow(wall, cmap="gray", vmin=0, vmax=1, interpolation="nearest", gid="floors")
    ends = [(row * step + SIDE / 2, _COLUMNS * row) for row in range(_ROWS)]
    axes.set_yticks([at for at, _ in ends], [f"{n + 1} to {n + _COLUMNS}" for _, n in ends])
    axes.set(xticks=[], ylabel="floors")
    axes.tick_params(axis="y", length=0, labelsize=8.5)
    axes.spines[:].set_visible(False)
    axes.grid(visible=False)
    axes.set_title(f"gain {gain:.2f}", color=INK)
    picture.alt = f"Fifty tiles of grey for the gain {gain:g}: {_caption(gain, seed)}"
    return picture
