"""A film: pictures one after the other, which a learner plays, or moves through with keys.

How it is stored was chosen by what still works where no script may run. Of an output that it does
not trust, JupyterLab strips scripts, style sheets and `<picture>`; an `<img>` keeps its data.

- An animated PNG in that `<img>` would move, but nothing could stop it for a learner who asked for
  reduced motion, for that takes a media query.
- A strip of frames moved by CSS loses its style sheet.
- An SVG image keeps the style sheet inside itself: it moves by CSS, stands still under reduced
  motion, and holds each frame as a PNG of only what has changed since the frame before; what
  lies between is clear where that is smaller. Tried in Chromium and in Firefox. Where a script
  may run, it makes a player of the frames inside the image, so they are stored once.

On paper a player shows one frame; formats that take no HTML (PDF, slides) get that frame as a PNG.
"""

import base64
import contextlib
import html
import io
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from importlib import resources
from typing import Any

import numpy as np
from PIL import Image

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import DPI, SHARP, Picture, described, one_line
from relukit.figures.encoding import encode, shades
from relukit.quantities import integer, real
from relukit.waiting import waited

MOST_FRAMES = 40
MOST_BYTES = 1_000_000  # of a film in a notebook
_HOLD = 3.0  # how many times as long as others the last frame stays, where no script runs
_CELL = 32  # stored pixels: what changes is cut out in whole cells of this size
_MARGIN = 4  # stored pixels around it: a page that shows it smaller mixes neighbours


_keeping = False


@contextlib.contextmanager
def keeping_frames() -> Iterator[None]:
    """Let every film that is made inside keep its frames, for who looks at what they hold.

    Example:
        >>> from relukit.figures.canvas import panels
        >>> with keeping_frames():
        ...     film = Film([panels()[0], panels()[0]], ["One.", "Two."], alt="Nothing.")
        >>> len(film.frames)
        2
    """
    global _keeping
    before, _keeping = _keeping, True
    try:
        yield
    finally:
        _keeping = before


class Film:
    """Pictures of one size with a caption each, shown one after the other.

    Args:
        frames: pictures in their order, or a function from a frame's number, from 0, to a picture,
            which may be one that it has changed since the last frame.
        captions: for each frame one line of words that say what to look at; 2 to `MOST_FRAMES`.
        alt: one sentence that says what the whole film shows.
        still: number of the frame that stands for the film on paper; from the end if negative.
        seconds: how long a frame is shown while the film plays, in s.

    Raises:
        InvalidTypeError: no frames, a frame that is no Picture, or a caption that is no string.
        InvalidValueError: as many captions as frames, no more than `MOST_FRAMES`, one size, the
            sharpness of `panels`, words without a dollar sign, a sentence as description and a
            size of `MOST_BYTES` are what is expected.

    Example:
        >>> from relukit.figures.canvas import panels
        >>> def frame(number):
        ...     picture, (axes,) = panels(size=(2, 1))
        ...     _ = axes.plot([0, 1], [0, number])
        ...     return picture
        >>> Film(frame, ["Flat.", "Steep."], alt="A line rises.")
        A line rises.
    """

    def __init__(
        self,
        frames: Iterable[Picture] | Callable[[int], Picture],
        captions: Iterable[str],
        *,
        alt: str,
        still: int = -1,
        seconds: float = 0.8,
    ) -> None:
        self.alt = _without_formulas(described(alt))
        self.captions = _lines(captions)
        n = len(self.captions)
        still = integer("still", still, least=-n, most=n - 1, do="pass the number of a frame")
        self.still = still % n
        self.seconds = real("seconds", seconds, least=0.2, most=10, do="pass 0.8, say")
        if not callable(frames) and not isinstance(frames, Iterable):
            raise InvalidTypeError("a list of pictures", repr(frames), "pass a list or a function")
        self.frames: list[Picture] = []  # which stays empty, unless `keeping_frames`
        strip = self._strip(map(frames, range(n)) if callable(frames) else frames)
        self.shown = strip.width // SHARP, strip.height // n // SHARP
        self._still = encode(_frame(strip, self.still, n), description=self.alt)
        self._html = self._page(_drawing(strip, n, self.still, self.seconds))
        size = len(self._html) + len(base64.b64encode(self._still))
        if size > MOST_BYTES:
            raise InvalidValueError(
                f"a film of {MOST_BYTES / 1e6:g} MB at most",
                f"{size / 1e6:.2f} MB",
                "draw fewer or smaller frames, and move only what must move: keep the axes' limits",
            )

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, bytes | str], dict[str, dict[str, str | int]]]:
        width, height = self.shown
        bundle: dict[str, bytes | str] = {
            "text/html": self._html,
            "image/png": self._still,
            "text/plain": self.alt,
        }
        return bundle, {"image/png": {"alt": self.alt, "width": width, "height": height}}

    def _ipython_display_(self) -> None:
        from IPython.display import display

        bundle, metadata = self._repr_mimebundle_()
        display(bundle, metadata=metadata, raw=True)

    def _strip(self, frames: Iterable[Picture]) -> Image.Image:
        """Return the frames below one another, each drawn before the next one is asked for.

        None is kept: its axes and words take 3 MiB, and a notebook holds a film until it closes.
        """
        n = len(self.captions)
        strip, count = Image.new("RGB", (1, 1)), 0
        sizes: set[tuple[int, int]] = set()
        for count, frame in enumerate(waited(frames, total=n, unit="frame"), 1):
            if not isinstance(frame, Picture):
                raise InvalidTypeError("a Picture", type(frame).__name__, "pass what panels() made")
            if frame.dpi != SHARP * DPI:
                got, do = f"one of {frame.dpi:g}", "leave the dpi as panels() sets it"
                raise InvalidValueError(f"a frame of {SHARP * DPI} dots an inch", got, do)
            if _keeping:
                self.frames.append(frame)
            image = frame.pixels()
            if not sizes:
                strip = Image.new("RGB", (image.width, image.height * n))
            sizes.add(image.size)
            strip.paste(image, (0, image.height * (count - 1)))
        if count != n or len(sizes) != 1:
            got, do = (
                f"{count} of {len(sizes)} size(s)",
                "draw one for each caption, with the same size=",
            )
            raise InvalidValueError(f"{n} frames of one size", got, do)
        return strip

    def _page(self, drawing: str) -> str:
        """Return the film's HTML: the picture that moves, its captions, and what plays it."""
        width, height = self.shown
        address = "data:image/svg+xml," + urllib.parse.quote(drawing, safe=" =:/,;'(){}@.+-!*?")
        items = "\n".join(f"<li>{html.escape(caption)}</li>" for caption in self.captions)
        source = resources.files("relukit.figures")
        style, script = (
            source.joinpath(f"film.{kind}").read_text("utf-8") for kind in ("css", "js")
        )
        return (
            f'<div class="relukit-film" role="group" aria-label="Film" '
            f'data-still="{self.still}" data-seconds="{self.seconds:g}" '
            f'style="max-width: {width}px">\n'
            "<details open>\n<summary>Film (fold it to stop it)</summary>\n"
            f'<img alt="{html.escape(self.alt)}" width="{width}" height="{height}" '
            f'src="{html.escape(address)}">\n</details>\n'
            f"<details>\n<summary>The {len(self.captions)} frames in words</summary>\n"
            f"<ol>\n{items}\n</ol>\n</details>\n"
            f"<style>\n{style}</style>\n<script>\n{script}</script>\n</div>"
        )


def _frame(strip: Image.Image, number: int, n: int) -> Image.Image:
    """Return one of the n frames of a strip."""
    height = strip.height // n
    return strip.crop((0, height * number, strip.width, height * (number + 1)))


def settle_alike(frames: Iterable[Picture]) -> Iterator[Picture]:
    """Yield all frames in the layout of the first, so that nothing jumps; one layout, not n.

    Args:
        frames: pictures with as many axes.

    Raises:
        InvalidValueError: they differ in the number of their axes.
    """
    places: list[Any] = []
    for number, frame in enumerate(frames):
        if not number:
            frame.settle()
            places = [axes.get_position(original=True) for axes in frame.axes]
        if len(frame.axes) != len(places):
            got = f"{len(places)} and {len(frame.axes)}"
            raise InvalidValueError("frames with as many axes", got, "settle each by itself")
        frame.set_layout_engine("none")
        for axes, place in zip(frame.axes, places, strict=True):
            axes.set_position(place)
        yield frame


def _lines(captions: Iterable[str]) -> tuple[str, ...]:
    """Return the captions, or raise what is wrong with them."""
    listed = isinstance(captions, Iterable) and not isinstance(captions, str)
    given = [*captions] if listed else []
    if not listed or not all(isinstance(caption, str) for caption in given):
        got = repr(given if listed else captions)
        raise InvalidTypeError("a list of captions", got, "give each frame its words")
    lines = tuple(_without_formulas(caption.strip()) for caption in given)
    if not 2 <= len(lines) <= MOST_FRAMES:
        raise InvalidValueError(f"2 to {MOST_FRAMES} frames", str(len(lines)), "leave some out")
    if wrong := [line for line in lines if not line or not one_line(line)]:
        raise InvalidValueError(
            "one line of words a caption", repr(wrong[0]), "say what to look at"
        )
    return lines


def _without_formulas(words: str) -> str:
    """Return words in which no page can take anything for a formula, or raise."""
    if "$" in words:
        raise InvalidValueError("words without a dollar sign", repr(words), "say it in words")
    return words


def _drawing(strip: Image.Image, n: int, still: int, seconds: float) -> str:
    """Return an SVG of the frames, each over those before it, which appear one after the other."""
    width, height = strip.width, strip.height // n
    palette = shades(strip, most=255)  # and one for none
    lasts = (n - 1 + _HOLD) * seconds
    rules, groups, before = [], [], None
    for number in range(n):
        frame = _frame(strip, number, n).quantize(palette=palette, dither=Image.Dither.NONE)
        new = _changed(before, frame)
        parts = "".join(_part(frame, new, box) for box in _boxes(new))
        groups.append(f"<g class='f{number}{' later' * (number > still)}'>{parts}</g>")
        if number:
            begins = f"{100 * number * seconds / lasts:.3f}%"
            rules.append(
                f".f{number}{{animation:f{number} {lasts:g}s step-end infinite}}"
                f"@keyframes f{number}{{0%{{visibility:hidden}}{begins}{{visibility:visible}}}}"
            )
        before = frame
    calm = "g{animation:none!important}.later{visibility:hidden}"
    style = (
        "".join(rules) + f"@media print{{{calm}}}@media (prefers-reduced-motion:reduce){{{calm}}}"
    )
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' "
        f"width='{width // SHARP}' height='{height // SHARP}'><style>{style}</style>"
        f"{''.join(groups)}</svg>"
    )


def _changed(before: Image.Image | None, after: Image.Image) -> np.ndarray:
    """Return where a frame differs from the one before, (height, width); a first one everywhere."""
    if before is None:
        return np.ones((after.height, after.width), dtype=bool)
    return np.not_equal(np.asarray(before), np.asarray(after))


def _boxes(new: np.ndarray) -> list[tuple[int, int, int, int]]:
    """Return the boxes (left, top, right, bottom) outside of which nothing has changed.

    Args:
        new: where something has, (height, width).
    """
    from scipy import ndimage

    height, width = new.shape
    rows, columns = -(-height // _CELL), -(-width // _CELL)
    padded = np.zeros((rows * _CELL, columns * _CELL), dtype=bool)
    padded[:height, :width] = new
    cells = padded.reshape(rows, _CELL, columns, _CELL).any((1, 3))
    labels, _ = ndimage.label(cells, structure=np.ones((3, 3)))
    boxes = []
    for tall, wide in ndimage.find_objects(labels):
        top, left = tall.start * _CELL, wide.start * _CELL
        down, across = np.nonzero(new[top : tall.stop * _CELL, left : wide.stop * _CELL])
        boxes.append(
            (
                max(0, left + across.min() - _MARGIN),
                max(0, top + down.min() - _MARGIN),
                min(width, left + across.max() + 1 + _MARGIN),
                min(height, top + down.max() + 1 + _MARGIN),
            )
        )
    return boxes


def _part(frame: Image.Image, new: np.ndarray, box: tuple[int, int, int, int]) -> str:
    """Return one box of a frame as an SVG image: whole, or clear where all is as before.

    Args:
        frame: of 255 colours at most.
        new: where it has changed, (height, width).
        box: left, top, right, bottom.
    """
    from scipy.ndimage import maximum_filter

    left, top, right, bottom = box
    numbers = np.asarray(frame, dtype=int)[top:bottom, left:right]
    near = maximum_filter(new[top:bottom, left:right], size=2 * _MARGIN + 1)
    colours = np.reshape(frame.getpalette() or [], (-1, 3))
    parts = numbers, np.where(near, numbers, -1)
    smaller = min(parts, key=lambda part: len(_file(part, colours, compress_level=1)))
    data = base64.b64encode(_file(smaller, colours, optimize=True)).decode("ascii")
    return (
        f"<image x='{left}' y='{top}' width='{right - left}' height='{bottom - top}' "
        f"href='data:image/png;base64,{data}'/>"
    )


def _file(numbers: np.ndarray, colours: np.ndarray, **how: Any) -> bytes:
    """Return an image as a PNG file with a palette of those colours alone that it has.

    Args:
        numbers: of its colours, (height, width); -1 is clear.
        colours: red, green and blue of each number, (n, 3).
        **how: how Pillow packs it.
    """
    used = np.flatnonzero(np.bincount(numbers.ravel() + 1)) - 1
    places = np.zeros(used[-1] + 2, dtype=np.uint8)  # which sorting would find, five times slower
    places[used + 1] = np.arange(len(used))
    image = Image.fromarray(places[numbers + 1])
    image.putpalette(colours[used].ravel().tolist())
    out = io.BytesIO()
    image.save(out, format="png", **how, **({"transparency": 0} if used[0] < 0 else {}))
    return out.getvalue()
