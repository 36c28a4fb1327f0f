"""What arrives at a fresh layer is bell-shaped: how much of it lies below 0."""

import numpy as np
from matplotlib.axes import Axes

from relukit.errors import InvalidValueError
from relukit.figures.canvas import INK, Picture, drawn, panels
from relukit.figures.meaning import OFF, ON
from relukit.lessons.definitions.experiments.halves import fresh_sums

_EDGES = np.arange(-5.0, 6.25, 0.25)  # of the bins
_TOLD = (-1.5, -0.5, 0)  # where shares are told while no bias moves the bell
_MOST = 2.0


@drawn
def bell(bias: float = 0.0) -> Picture:
    """Return the sums that arrive at a fresh layer's units, those that a ReLU drops hollow.

    Conventions: shares are of 16 networks with 256 units and 256 examples each.

    Args:
        bias: the value of every bias, dimensionless, from -2 to 2. With 0 the picture says how
            much lies below -1.5, -0.5 and 0, with any other only what is off.

    Raises:
        InvalidValueError: a bias outside of that.

    References: [He2015].

    Example:
        >>> bell().axes[0].get_xlabel()
        'what arrives at a unit'
    """
    if not -_MOST <= bias <= _MOST:
        raise InvalidValueError(f"a bias from -{_MOST:g} to {_MOST:g}", repr(bias), "change it")
    sums = np.concatenate(fresh_sums(bias))
    picture, (axes,) = panels(size=(6.5, 2.9))
    share, _ = np.histogram(sums, _EDGES)
    share = 100 * share / len(sums)
    off = _EDGES[1:] <= 0
    axes.bar(_EDGES[:-1][~off], share[~off], width=0.25, align="edge", color=ON["color"], gid="on",
             edgecolor="white", linewidth=0.6)  # fmt: skip
    axes.bar(_EDGES[:-1][off], share[off], width=0.25, align="edge", fill=False, gid="off",
             edgecolor=OFF["color"], linewidth=1.2)  # fmt: skip
    axes.axvline(0, color=INK, linewidth=1.2)
    below = {at: 100 * float((sums < at).mean()) for at in (_TOLD if bias == 0 else (0,))}
    top = share.max()
    for at, part in below.items():
        height = share[np.searchsorted(_EDGES, at) - 1] + 0.07 * top  # further left, all is lower
        _arrow(axes, at, height, f"{part:.0f} %")
    said = f"biases of {bias:g}" if bias else "biases of 0"
    axes.set(
        xlim=(-5, 6),
        ylim=(0, 1.2 * top),
        ylabel="how often",
        xlabel="what arrives at a unit" + " plus its bias" * (bias != 0),
        yticks=[],
    )
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False)
    axes.set_title(f"A fresh layer, {said}: {below[0]:.0f} % are off")
    told = ", ".join(f"{part:.0f} % lie below {at}" for at, part in below.items())
    picture.alt = f"The sums that arrive at a fresh layer with {said} form a bell: {told}."
    return picture


def _arrow(axes: Axes, at: float, height: float, words: str) -> None:
    """Mark what lies below a number: an arrow that runs from it to the left, and words."""
    axes.plot([at, at], [0, height], color=INK, linewidth=0.9, linestyle=(0, (3, 2)))
    axes.annotate(
        "", (at - 0.9, height), (at, height), arrowprops={"arrowstyle": "->", "color": INK}
    )
    axes.text(
        at - 1.0,
        height,
        f"{words} below {at:g}".replace("-", "\N{MINUS SIGN}"),
        ha="right",
        va="center",
        color=INK,
    )
