"""Sparse codes: what a penalty on them costs, and what each entry of a code draws."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, FAINT, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.curves import look, reach
from relukit.statistics import interval


@drawn
def code_sparsity(
    penalties: Sequence[float],
    zeros: Sequence[Sequence[float]],
    errors: Sequence[Sequence[float]],
    *,
    worst: float,
) -> Picture:
    """Return zeros in the code and error of the images at each penalty, with 95 % intervals.

    Args:
        penalties: sizes of the penalty, rising, dimensionless.
        zeros: share of zeros, (penalties, seeds).
        errors: mean square error of a pixel, (penalties, seeds).
        worst: the error of a constant answer, for comparison.

    Raises:
        InvalidValueError: lists of different lengths.

    Example:
        >>> picture = code_sparsity([0, 1], [[0.5, 0.6], [0.8, 0.9]], [[1, 2], [3, 4]], worst=9)
        >>> [axes.get_ylabel() for axes in picture.axes]
        ['share of zeros in the code', 'mean square error of a pixel']
    """
    if not len(penalties) == len(zeros) == len(errors) > 0:
        raise InvalidValueError(
            "zeros and errors for every penalty",
            f"{len(penalties)}, {len(zeros)} and {len(errors)}",
            "give one row of seeds for each penalty",
        )
    picture, (left, right) = panels(2, size=(6.5, 2.9))
    places = range(len(penalties))
    for number, (axes, rows) in enumerate(((left, zeros), (right, errors))):
        spans = [interval(row) for row in rows]
        means = [span.mean for span in spans]
        for place, row in zip(places, rows, strict=True):
            axes.plot(
                np.full(len(row), place), row, MARKERS[number], markersize=3, color=FAINT,
                gid=f"seeds {place}",
            )  # fmt: skip
        axes.errorbar(
            places, means, yerr=reach(spans), capsize=3, gid="mean", **look(number, marked=True),
        )  # fmt: skip
        axes.set_xticks(places, [f"{penalty:g}" for penalty in penalties])
        axes.set(xlabel="L1 penalty on the code", xlim=(-0.4, len(penalties) - 0.6))
    left.set(ylabel="share of zeros in the code", ylim=(0, 1), title="Zeros")
    right.axhline(
        worst, color=PALETTE["grey"], linestyle=DASHES[2], label="mean image", gid="worst"
    )
    right.set(ylabel="mean square error of a pixel", title="Error")
    right.set_ylim(0, None)
    right.legend(loc="center left")
    picture.alt = (
        f"With penalties on the code of {', '.join(f'{p:g}' for p in penalties)} the share of "
        "zeros rises and so does the error of the images, which stays below that of the mean image."
    )
    return picture


@drawn
def decoder_features(features: Mapping[str, Sequence]) -> Picture:
    """Return what single entries of a code add to an image, a row of small pictures a penalty.

    Args:
        features: name of the row -> array of (n, side, side) of pixel weights; equal n.

    Raises:
        InvalidValueError: no row, or arrays of other or different shapes.

    Example:
        >>> decoder_features({"no penalty": np.zeros((3, 8, 8))}).axes[1].get_xticks().tolist()
        []
    """
    rows = {name: np.asarray(values, dtype=float) for name, values in features.items()}
    shapes = {images.shape for images in rows.values()}
    if len(shapes) != 1 or any(len(shape) != 3 or 0 in shape for shape in shapes):
        raise InvalidValueError(
            "arrays of one shape (n, side, side)", repr(shapes), "draw as many of each row"
        )
    ((n, _, _),) = shapes
    columns = n if n <= 6 else math.ceil(n / 2)
    lines = math.ceil(n / columns)
    picture, axes = panels(columns, rows=lines * len(rows), size=(6.5, 1.1 * lines * len(rows)))
    for row, (name, images) in enumerate(rows.items()):
        top = np.abs(images).max() or 1.0
        for place in range(lines * columns):
            ax = axes[row * lines * columns + place]
            ax.set_xticks([])
            ax.set_yticks([])
            ax.grid(visible=False)
            ax.spines[:].set_visible(False)
            if place < n:
                ax.imshow(images[place], cmap="gray", vmin=-top, vmax=top, gid=f"{name} {place}")
            else:
                ax.set_visible(False)
        axes[row * lines * columns].set_title(name)
    picture.alt = (
        f"Small grey images, {n} for each of: {', '.join(rows)}. Each is what one entry of the "
        "code adds to the picture of a digit, black for less ink and white for more."
    )
    return picture
