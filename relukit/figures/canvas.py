"""The paper that every figure is drawn on: house style, described pictures, no global state.

Nothing here imports pyplot, so no figure enters a global list and none is shown twice.
"""

import functools
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Any, ParamSpec

import numpy as np
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from PIL import Image, PngImagePlugin

from relukit.errors import InvalidTypeError, InvalidValueError

# Okabe and Ito's set, less its light members: each reaches 3:1 on white and on JupyterLab's dark.
PALETTE = MappingProxyType(
    {
        "blue": "#0072B2",
        "vermilion": "#D55E00",
        "green": "#009E73",
        "pink": "#CC79A7",
        "grey": "#767676",
    }
)
# Any, as Matplotlib types its keywords: else a dict of several fits none of them
DASHES: tuple[Any, ...] = (
    "-",
    (0, (5, 1.6)),
    (0, (1.2, 1.4)),
    (0, (6, 1.4, 1.2, 1.4)),
    (0, (9, 2.5)),
)
MARKERS = ("o", "s", "^", "D", "v")
FAINT = "#949494"  # what stands behind: the lightest grey that reaches 3:1 on white
INK = "#262626"  # words and frames, which always stand on the picture's own white
DPI = 100

_Arguments = ParamSpec("_Arguments")
_STYLE = MappingProxyType(
    {
        "figure.dpi": DPI,
        "savefig.dpi": DPI,
        "figure.facecolor": "white",
        "axes.facecolor": "white",
        "figure.constrained_layout.use": True,
        "figure.constrained_layout.w_pad": 0.09,
        "figure.constrained_layout.h_pad": 0.07,
        "font.size": 9.5,
        "axes.titlesize": 10,
        "axes.labelsize": 9.5,
        "legend.fontsize": 8.5,
        "xtick.labelsize": 8.5,
        "ytick.labelsize": 8.5,
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "axes.titlecolor": INK,
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#E4E4E4",
        "grid.linewidth": 0.7,
        "lines.linewidth": 1.9,
        "lines.markersize": 5.5,
        "legend.frameon": True,
        "legend.framealpha": 0.9,
        "legend.edgecolor": "#C8C8C8",
        "legend.handlelength": 2.6,
        "hatch.linewidth": 0.6,
        "axes.formatter.useoffset": False,
    }
)


def house_style() -> AbstractContextManager[None]:
    """Return a context in which matplotlib's defaults hold, then the house's, and nothing else.

    The user's own settings (a matplotlibrc, a dark theme) come back on leaving it.

    Example:
        >>> import matplotlib
        >>> before = matplotlib.rcParams["axes.grid"]
        >>> with house_style():
        ...     matplotlib.rcParams["axes.grid"]
        True
        >>> matplotlib.rcParams["axes.grid"] == before
        True
    """
    return style.context(["default", dict(_STYLE)])


def drawn(function: Callable[_Arguments, "Picture"]) -> Callable[_Arguments, "Picture"]:
    """Return `function` run in the house style; what it returns must be a described picture.

    Args:
        function: a function that returns a `Picture`.

    Raises:
        InvalidTypeError: if the function returns something else.
        InvalidValueError: if the picture says nothing about what is seen.
    """

    @functools.wraps(function)
    def draw(*args: _Arguments.args, **options: _Arguments.kwargs) -> Picture:
        with house_style():
            picture = function(*args, **options)
        if not isinstance(picture, Picture):
            raise InvalidTypeError("a Picture", type(picture).__name__, "return what panels() made")
        if not picture.alt:
            raise InvalidValueError("a description", "none", "set picture.alt to one sentence")
        return picture

    return draw


class Picture(Figure):
    """A figure that says in one sentence what is seen, and shows itself exactly once.

    The sentence is the picture's `repr` (so the plain-text twin of a stored output), the `alt`
    metadata of the image output, and the Description inside the PNG file.

    Args:
        *args: what `matplotlib.figure.Figure` takes.
        **options: what `matplotlib.figure.Figure` takes.

    Example:
        >>> picture, _ = panels()
        >>> picture.alt = "An empty pair of axes."
        >>> picture
        An empty pair of axes.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._alt = ""

    @property
    def alt(self) -> str:
        """One sentence that says what is seen, the same on every machine."""
        return self._alt

    @alt.setter
    def alt(self, sentence: str) -> None:
        if not isinstance(sentence, str):
            raise InvalidTypeError("a sentence", type(sentence).__name__, "pass a str")
        if not sentence.strip().endswith(".") or "\n" in sentence:
            raise InvalidValueError(
                "one line that ends with a full stop", repr(sentence), "say what is seen"
            )
        self._alt = sentence.strip()

    def __repr__(self) -> str:
        return self.alt or super().__repr__()

    def settle(self) -> None:
        """Lay the picture out once and keep the layout, so that each rendering is the same."""
        if not isinstance(self.get_layout_engine(), ConstrainedLayoutEngine):
            return
        fitted = any(axes.get_aspect() != "auto" for axes in self.axes)
        with house_style():
            for _ in range(2 if fitted else 1):  # aspects are only known after a first round
                self.draw_without_rendering()
            self.set_layout_engine("none")

    def png(self) -> bytes:
        """Return the picture as an opaque PNG file, drawn in the house style."""
        self.settle()
        with house_style():
            canvas = FigureCanvasAgg(self)
            canvas.draw()
        return encode(canvas, description=self.alt)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, bytes | str], dict[str, dict[str, str]]]:
        bundle: dict[str, bytes | str] = {"image/png": self.png(), "text/plain": repr(self)}
        return bundle, {"image/png": {"alt": self.alt}}

    def _ipython_display_(self) -> None:
        # A mimebundle alone would lose: the inline backend's formatter for Figure, registered by
        # any import of pyplot, overrides its image.
        from IPython.display import display

        bundle, metadata = self._repr_mimebundle_()
        display(bundle, metadata=metadata, raw=True)


def encode(canvas: FigureCanvasAgg, *, description: str = "", fast: bool = False) -> bytes:
    """Return what is on the canvas as an opaque PNG file of at most 256 colours.

    Args:
        canvas: a canvas that has been drawn.
        description: the sentence stored in the file; none if empty.
        fast: spend 2 ms on it instead of 40, for a file a third larger.
    """
    image = Image.fromarray(np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[..., :3]))
    method = Image.Quantize.FASTOCTREE if fast else Image.Quantize.MEDIANCUT
    image = image.quantize(256, method=method, dither=Image.Dither.NONE)
    notes = PngImagePlugin.PngInfo()
    if description:
        notes.add_itxt("Description", description)
    how = {"compress_level": 1} if fast else {"optimize": True}
    out = io.BytesIO()
    image.save(out, format="png", pnginfo=notes, **how)
    return out.getvalue()


def panels(
    columns: int = 1, *, rows: int = 1, size: tuple[float, float] = (6.5, 2.9), **options: Any
) -> tuple[Picture, list[Axes]]:
    """Return an empty picture and its axes, row by row.

    Args:
        columns: how many axes stand side by side.
        rows: how many rows of them.
        size: width and height of the picture in inches.
        **options: what `Figure.subplots` takes, such as `sharey`.

    Returns:
        the picture, and a list of rows * columns axes.

    Example:
        >>> picture, axes = panels(2)
        >>> len(axes), picture.get_size_inches().tolist()
        (2, [6.5, 2.9])
    """
    with house_style():
        picture = Picture(figsize=size, dpi=DPI)
        axes = picture.subplots(rows, columns, squeeze=False, **options)
    return picture, list(axes.flat)
