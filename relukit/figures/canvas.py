"""The paper that every figure is drawn on: house style, described pictures, no global state.

Nothing here imports pyplot, so no figure enters a global list and none is shown twice.
"""

import functools
import unicodedata
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Any, ParamSpec

from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from PIL import Image

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.encoding import encode, opaque

# Okabe and Ito's set, less its light members, and four of the same lightness; each reaches 3:1 on
# white and on JupyterLab's dark. For who does not see them apart, curves differ in dash or marker.
PALETTE = MappingProxyType(
    {
        "blue": "#0072B2",
        "vermilion": "#D55E00",
        "green": "#009E73",
        "pink": "#CC79A7",
        "grey": "#767676",
        "purple": "#8C5BC7",
        "brown": "#9A6324",
        "teal": "#00889B",
        "rose": "#C2415E",
    }
)
# Any, as Matplotlib types its keywords: else a dict of several fits none of them
DASHES: tuple[Any, ...] = (
    "-",
    (0, (5, 1.6)),
    (0, (1.2, 1.4)),
    (0, (6, 1.4, 1.2, 1.4)),
    (0, (9, 2.5)),
    (0, (3, 1.2)),
    (0, (7, 1.4, 1.2, 1.4, 1.2, 1.4)),
    (0, (2.2, 2.4)),
    (0, (10, 1.2)),
    (0, (1.2, 3)),
    (0, (4, 1.2, 4, 3)),
)
MARKERS = (
    "o",
    "s",
    "^",
    "P",
    "v",
    "X",
    "<",
    ">",
    "p",
    "h",
    "*",
)  # no diamond: that is the learner's own guess
FAINT = "#949494"  # what stands behind: the lightest grey that reaches 3:1 on white
INK = "#262626"  # words and frames, which always stand on the picture's own white
DPI = 100  # of a picture as it is shown
SHARP = 2  # stored pixels for each that is shown, along each side: today's screens have as many

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
        self._alt = described(sentence)

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height at which the picture is shown, in pixels of a page."""
        width, height = self.get_size_inches() * DPI
        return round(width), round(height)

    def __repr__(self) -> str:
        return self.alt or super().__repr__()

    def settle(self) -> None:
        """Lay the picture out once and keep the layout, so that each rendering is the same."""
        engine = self.get_layout_engine()
        if not isinstance(engine, ConstrainedLayoutEngine):
            return
        fitted = any(axes.get_aspect() != "auto" for axes in self.axes)
        with house_style():
            for _ in range(2 if fitted else 1):  # aspects are only known after a first round
                engine.execute(self)
            self.set_layout_engine("none")

    def pixels(self) -> Image.Image:
        """Return the picture as an opaque image, drawn in the house style.

        It has `SHARP` times as many pixels along each side as it is shown with.
        """
        self.settle()
        with house_style():
            canvas = FigureCanvasAgg(self)
            canvas.draw()
        return opaque(canvas)

    def png(self) -> bytes:
        """Return the picture as a PNG file of at most 256 colours."""
        return encode(self.pixels(), description=self.alt)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, bytes | str], dict[str, dict[str, str | int]]]:
        bundle: dict[str, bytes | str] = {"image/png": self.png(), "text/plain": repr(self)}
        width, height = self.shown
        return bundle, {"image/png": {"alt": self.alt, "width": width, "height": height}}

    def _ipython_display_(self) -> None:
        # A mimebundle alone would lose: the inline backend's formatter for Figure, registered by
        # any import of pyplot, overrides its image.
        from IPython.display import display

        bundle, metadata = self._repr_mimebundle_()
        display(bundle, metadata=metadata, raw=True)


def described(sentence: str) -> str:
    """Return the sentence that describes a picture, or raise what is wrong with it.

    Args:
        sentence: one line that says what is seen, and ends with a full stop.

    Raises:
        InvalidTypeError: if it is no string.
        InvalidValueError: if it has several lines or no full stop.

    Example:
        >>> described(" A line. ")
        'A line.'
    """
    if not isinstance(sentence, str):
        raise InvalidTypeError("a sentence", type(sentence).__name__, "pass a str")
    if not sentence.strip().endswith(".") or not one_line(sentence):
        raise InvalidValueError(
            "one line that ends with a full stop", repr(sentence), "say what is seen"
        )
    return sentence.strip()


def one_line(words: str) -> bool:
    r"""Return whether words have no line break and nothing else that no page can show.

    Example:
        >>> one_line("a b"), one_line("a\rb"), one_line("a\u2028b")
        (True, False, False)
    """
    return not {unicodedata.category(letter) for letter in words} & {"Cc", "Cs", "Zl", "Zp"}


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
        picture = Picture(figsize=size, dpi=SHARP * DPI)
        axes = picture.subplots(rows, columns, squeeze=False, **options)
    return picture, list(axes.flat)
