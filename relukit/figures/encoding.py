"""How a drawn canvas becomes a small PNG file: a palette of at most 256 colours that fits it."""

import io
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image, PngImagePlugin

_COMMON = 12  # of a picture's colours come first in its palette: paper, ink, curves and areas
_NEAR = 16  # of 255: two colours that differ by less, in red, green and blue, look the same


def opaque(canvas: FigureCanvasAgg) -> Image.Image:
    """Return what is on a canvas that has been drawn, as an opaque image."""
    return Image.fromarray(np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[..., :3]))


def shades(image: Image.Image, *, most: int = 256) -> Image.Image:
    """Return a palette of a few colours in which an image looks as it does in all of its own.

    Its commonest colours come first, then the cells of an octree, which stand for the many shades
    at the edges of strokes; one that lies within `_NEAR` of an earlier one is left out.

    Args:
        image: an opaque one.
        most: how many colours, `_COMMON` + 1 to 256.
    """
    counts: list[Any] = image.getcolors(image.width * image.height) or []
    common = [level for _, colour in sorted(counts, reverse=True)[:_COMMON] for level in colour]
    cells = image.quantize(most - _COMMON, method=Image.Quantize.FASTOCTREE).getpalette() or []
    kept = np.empty((0, 3), dtype=int)
    for colour in np.array([*common, *cells], dtype=int).reshape(-1, 3):
        if not len(kept) or np.abs(kept - colour).max(1).min() > _NEAR:
            kept = np.vstack([kept, colour])
    palette = Image.new("P", (1, 1))
    palette.putpalette(kept.ravel().tolist())
    return palette


def encode(image: Image.Image, *, description: str = "", fast: bool = False) -> bytes:
    """Return an image as a PNG file of at most 256 colours.

    Args:
        image: an opaque one.
        description: the sentence stored in the file; none if empty.
        fast: spend a quarter of the time on it or less, for a file about half as large again.
    """
    if fast:
        image = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    else:
        image = image.quantize(palette=shades(image), dither=Image.Dither.NONE)
    notes = PngImagePlugin.PngInfo()
    if description:
        notes.add_itxt("Description", description)
    how = {"compress_level": 1} if fast else {"optimize": True}
    out = io.BytesIO()
    image.save(out, format="png", pnginfo=notes, **how)
    return out.getvalue()
