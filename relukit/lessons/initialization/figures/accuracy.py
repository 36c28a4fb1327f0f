"""What trained networks reach: every seed a dot, the mean with its interval."""

from collections.abc import Mapping, Sequence

import numpy as np

from relukit.errors import InvalidValueError
from relukit.figures.canvas import Picture, drawn, panels
from relukit.figures.meaning import row_look
from relukit.statistics import interval


@drawn
def accuracies(
    found: Mapping[str, Sequence[float]], *, title: str, low: float | None = None
) -> Picture:
    """Return test accuracies as a row of dots for each name, with mean and 95 % interval.

    Args:
        found: one to five names, each with one accuracy from 0 to 1 for each seed.
        title: what was trained.
        low: where the axis begins, in %; None: 0.

    Raises:
        InvalidValueError: no name or more than five, fewer than two seeds, or a value that is no
            share.

    Example:
        >>> accuracies({"a": [0.9, 0.92], "b": [0.5, 0.7]}, title="T").axes[0].get_xlabel()
        'test accuracy in %'
    """
    if not isinstance(found, Mapping) or not 1 <= len(found) <= 5:
        raise InvalidValueError("one to five named lists", repr(found), "pass a dict")
    picture, (axes,) = panels(size=(6.5, 1.25 + 0.42 * len(found)))
    seeds = set()
    for place, (name, values) in enumerate(found.items()):
        look = row_look(name)
        shares = np.asarray(values, dtype=float)
        if shares.ndim != 1 or len(shares) < 2 or not np.all((shares >= 0) & (shares <= 1)):
            got = f"{name!r} of shape {shares.shape}"
            raise InvalidValueError("two or more accuracies from 0 to 1", got, "pass one a seed")
        row, span = len(found) - place, interval(100 * shares)
        axes.plot(
            100 * shares, np.full(len(shares), row + 0.16), linestyle="none", markersize=3.5,
            gid=name, **look,
        )  # fmt: skip
        axes.errorbar(
            [span.mean], [row - 0.16], xerr=[[span.mean - span.low], [span.high - span.mean]],
            capsize=3, markersize=6, gid=f"{name} mean", **look,
        )  # fmt: skip
        seeds.add(len(shares))
    axes.set_yticks(range(len(found), 0, -1), list(found))
    axes.set(xlabel="test accuracy in %", xlim=(low or 0, 100.5), ylim=(0.5, len(found) + 0.6))
    axes.grid(visible=False, axis="y")
    axes.set_title(title)
    counts = " or ".join(map(str, sorted(seeds)))
    picture.alt = (
        f"Test accuracies of {counts} seeds as dots, with mean and 95 % interval, for "
        f"{', '.join(found)}: {title}."
    )
    return picture
