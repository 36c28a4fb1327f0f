"""A picture that is drawn again many times: only what moves is redrawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg

from relukit.errors import InvalidValueError
from relukit.figures.canvas import DPI, Picture, house_style
from relukit.figures.encoding import encode, opaque


@dataclass(frozen=True)
class Reading:
    """What a state of a picture looks like, in words.

    Args:
        alt: one sentence that says what is seen.
        caption: the values, and what is odd about them if anything is.
    """

    alt: str
    caption: str


class LivePicture:
    """A picture split into a still background, drawn once, and artists that move on it.

    Args:
        picture: what is drawn; its layout is frozen from now on.
        moving: the picture's artists whose data will change, drawn in their z-order.

    Raises:
        InvalidValueError: if a moving artist does not belong to the picture.

    Example:
        >>> from relukit.figures.canvas import panels
        >>> picture, (axes,) = panels()
        >>> (line,) = axes.plot([0, 1], [0, 1])
        >>> live = LivePicture(picture, [line])
        >>> before = live.png()
        >>> line.set_ydata([1, 0])
        >>> live.png() == before
        False
    """

    def __init__(self, picture: Picture, moving: Sequence[Artist]) -> None:
        strangers = [artist for artist in moving if artist.get_figure(root=True) is not picture]
        if strangers:
            raise InvalidValueError("artists of this picture", repr(strangers), "draw them on it")
        self.picture = picture
        self._moving = sorted(moving, key=lambda artist: artist.get_zorder())
        with house_style():
            picture.set_dpi(DPI)  # as it is shown: twice as sharp is four times as slow
            self._canvas = FigureCanvasAgg(picture)
            picture.settle()  # with everything in place: a layout that moves would jump
            for artist in self._moving:
                artist.set_animated(True)
            self._canvas.draw()
        self._background = self._canvas.copy_from_bbox(picture.bbox)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the image in pixels."""
        return self._canvas.get_width_height()

    def png(self) -> bytes:
        """Return the picture as it is now, as an opaque PNG file."""
        self._canvas.restore_region(self._background)
        with house_style():
            renderer = self._canvas.get_renderer()
            for artist in self._moving:
                artist.draw(renderer)
        return encode(opaque(self._canvas), fast=True)


def listed(numbers: Iterable[float]) -> str:
    """Return numbers as words are listed, with two decimals at most.

    Example:
        >>> listed([0.5, -1.0, 0.333])
        '0.5, -1 and 0.33'
    """
    words = [f"{round(float(number), 2) + 0.0:g}" for number in numbers]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
