"""What several figures of lesson 05 share: a mean over seeds with its interval, as a band."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from relukit.errors import InvalidValueError
from relukit.statistics import interval


def table(name: str, values: ArrayLike) -> np.ndarray:
    """Return one row for each seed as an array, (seeds, points).

    Args:
        name: what is measured, for the error.
        values: one list for each seed, all of one length.

    Raises:
        InvalidValueError: fewer than two rows, unequal rows, or a value that is not finite.
    """
    try:
        rows = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        rows = np.empty(0)
    if rows.ndim != 2 or len(rows) < 2 or not rows.size or not np.isfinite(rows).all():
        raise InvalidValueError(
            f"finite numbers (seeds, points) with two seeds or more for {name!r}",
            f"shape {rows.shape}",
            "pass one list of equal length for each seed",
        )
    return rows


def band(
    axes: Axes,
    x: Sequence[float] | np.ndarray,
    rows: np.ndarray,
    style: Mapping[str, Any],
    label: str,
) -> None:
    """Draw the mean of each column, and its 95 % interval over the rows as a band.

    Args:
        axes: where.
        x: one position for each column.
        rows: from `table`.
        style: colour, dash and marker of the curve.
        label: for the legend; also the curve's gid.
    """
    spans = [interval(column) for column in rows.T]
    axes.fill_between(
        x, [s.low for s in spans], [s.high for s in spans], facecolor=(style["color"], 0.25),
        edgecolor=style["color"], linewidth=0.5, gid=f"{label} interval",
    )  # fmt: skip
    every = max(1, len(x) // 10)
    axes.plot(
        x, [s.mean for s in spans], label=label, gid=label, markevery=every, markersize=3.5, **style
    )
