"""Silent and dead before the first step: by images looked at, by depth and width, by layer."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, FAINT, PALETTE, Picture, drawn, panels
from relukit.figures.curves import COLOURS, look, reach
from relukit.figures.meaning import OFF, looks
from relukit.figures.mine import mine as draw_mine
from relukit.lessons.dying.experiments.birth import born_dead, born_dead_bounds
from relukit.statistics import interval

_LAYERS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100)


@drawn
def silent_by_sample(
    counts: Sequence[int], shares: Sequence[Sequence[float]], *, mine: object = None
) -> Picture:
    """Return how many percent of the units are silent, by the number of images looked at.

    Args:
        counts: numbers of images, rising, shape (n,).
        shares: share of units silent on so many images, (seeds, n).
        mine: what was predicted for ten images, in percent: a number or a prediction.

    Raises:
        InvalidValueError: if the shapes differ or a share lies outside 0 to 1.

    Example:
        >>> silent_by_sample([1, 2], [[0.5, 0.3], [0.4, 0.2]]).axes[0].get_xscale()
        'log'
    """
    values = checked_shares("silent", shares)
    if values.shape[1] != len(counts):
        raise InvalidValueError(f"{len(counts)} shares a seed", str(values.shape), "count again")
    picture, (axes,) = panels(size=(6.5, 2.8))
    values = 100 * values
    axes.plot(counts, values.T, color=FAINT, linewidth=0.6)
    _mean_line(axes, counts, values, {**OFF, "linestyle": DASHES[0]}, "mean, 95 % interval")
    axes.set(xscale="log", xlabel="images looked at", ylabel="silent units in %")
    axes.set(ylim=(-3, 63))
    axes.xaxis.set_major_formatter("{x:g}")
    draw_mine(axes, getattr(mine, "value", mine), at=10)
    axes.set_title(f"Silent on all images so far, in {len(values)} networks before training")
    axes.legend()
    picture.alt = (
        f"The share of units that are silent on the first n training images, for {len(values)} "
        "fresh networks: about one half for one image, and close to 0 for all of them."
    )
    return picture


@drawn
def born_dead_by_depth(widths: Sequence[int] = (2, 4, 6, 8)) -> Picture:
    """Return the share of random networks that are born dead against depth, with both bounds.

    Args:
        widths: units in each hidden layer, one to four of them.

    Raises:
        InvalidValueError: if there are none or more than four.

    Example:
        >>> born_dead_by_depth([3]).axes[0].get_xlabel()
        'hidden layers'
    """
    if not 1 <= len(widths) <= 4:
        raise InvalidValueError("one to four widths", repr(widths), "choose some of them")
    picture, (axes,) = panels(size=(6.5, 3.1))
    depths = np.arange(1, 101)
    for place, width in enumerate(widths):
        bounds = np.array([born_dead_bounds(width, int(depth)) for depth in depths])
        colour = PALETTE[COLOURS[place]]
        axes.fill_between(
            depths,
            *bounds.T,
            facecolor=(colour, 0.18),
            edgecolor=colour,
            linewidth=0.6,
            gid="bounds",
        )
        seen = [born_dead(width, layers) for layers in _LAYERS]
        means = [share.mean for share in seen]
        axes.errorbar(
            _LAYERS, means, yerr=reach(seen), markersize=4.5, linewidth=1.2,
            label=f"{width} units wide", **look(place, marked=True),
        )  # fmt: skip
    axes.set(xscale="log", xlabel="hidden layers", ylabel="share born dead", ylim=(-0.03, 1.03))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_title("2,000 random networks a width; the bands are the two bounds")
    axes.legend(loc="upper left")
    picture.alt = (
        "The share of networks that are born dead rises with depth from 0 to 1, later for wider "
        f"ones, between two bounds drawn as bands, for widths {', '.join(map(str, widths))}."
    )
    return picture


@drawn
def dead_by_layer(shares: Mapping[str, Sequence[Sequence[float]]]) -> Picture:
    """Return the share of dead units in each layer: all seeds as dots, mean and 95 % interval.

    Args:
        shares: one to four names, each with shares of shape (seeds, layers).

    Raises:
        InvalidValueError: if there is no name, or what `checked_shares` refuses.

    Example:
        >>> dead_by_layer({"a": [[0.0, 0.1], [0.0, 0.2]]}).axes[0].get_ylabel()
        'share of dead units'
    """
    if not 1 <= len(shares) <= 4:
        raise InvalidValueError("one to four named arrays", repr(shares), "pass a dict")
    picture, (axes,) = panels(size=(6.5, 3.0))
    for place, (name, given) in enumerate(shares.items()):
        style = looks(shares)[place]
        values = checked_shares(name, given)
        layers = np.arange(1, values.shape[1] + 1)
        aside = (place - (len(shares) - 1) / 2) * 0.16
        axes.plot(
            np.tile(layers + aside, len(values)), values.ravel(), style["marker"], markersize=2.2,
            color=style["color"],
        )  # fmt: skip
        _mean_line(axes, layers + aside, values, style, name)
    axes.set(xlabel="hidden layer", ylabel="share of dead units", ylim=(-0.03, 0.85))
    axes.locator_params(axis="x", integer=True)
    axes.set_title(f"Dead before training (dots: {len(values)} seeds; mean, 95 % interval)")
    axes.legend(loc="upper left")
    picture.alt = (
        "The share of dead units in each hidden layer before training, with all seeds as dots, "
        f"for {', '.join(shares)}."
    )
    return picture


def checked_shares(name: str, shares: ArrayLike) -> np.ndarray:
    """Return shares of 0 to 1 of shape (2 or more seeds, 1 or more), or raise what is wrong.

    Args:
        name: what the shares are of, for the error.
        shares: dimensionless, (seeds, values).

    Raises:
        InvalidValueError: another shape, fewer than two seeds, or a number that is no share.

    Example:
        >>> checked_shares("a", [[0.0], [1.0]]).shape
        (2, 1)
    """
    values = np.asarray(shares, dtype=float)
    if values.ndim != 2 or len(values) < 2 or not values.shape[1]:
        raise InvalidValueError(
            f"shares of {name}, (seeds, values)", str(values.shape), "stack the seeds"
        )
    if not np.all((values >= 0) & (values <= 1)):
        raise InvalidValueError(f"shares of {name} from 0 to 1", repr(values), "divide the counts")
    return values


def _mean_line(
    axes: Axes,
    x: Sequence[float] | np.ndarray,
    values: np.ndarray,
    style: Mapping[str, Any],
    label: str,
) -> None:
    spans = [interval(column) for column in values.T]
    means = [span.mean for span in spans]
    axes.errorbar(
        x, means, yerr=reach(spans), capsize=2.5, label=label, gid=label, markersize=4.5, **style,
    )  # fmt: skip
