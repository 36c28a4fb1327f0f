"""Left halves of one's own: how they look, and what networks of such units learn."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from matplotlib.axes import Axes

from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, FAINT, INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.lessons.variants.experiments.halves import Filled, checked, trained
from relukit.statistics import interval

_COLOURS = ("grey", "green", "blue", "purple", "vermilion", "brown")
FLAT = (0.0, 0.0, 0.0, 0.0)


@drawn
def drawings(lefts: Mapping[str, Sequence[float]]) -> Picture:
    """Return small pictures of left halves, each with the right half that all share.

    Args:
        lefts: a name for each, and f(-4), f(-3), f(-2), f(-1); one to six of them.

    Raises:
        InvalidTypeError, InvalidValueError: too many, or no four numbers.

    Example:
        >>> len(drawings({"dip": [0, -0.1, -0.3, -0.5], "flat": [0, 0, 0, 0]}).axes)
        2
    """
    known = _known(lefts)
    picture, axes = panels(len(known), size=(6.5, 1.9), sharey=True)
    for ax, (name, left) in zip(axes, known.items(), strict=True):
        _curve(ax, left)
        ax.set(title=name, xlabel="input x")
        ax.set_xticks([-4, 0, 4])
        ax.set_yticks([-4, 0, 4])
    axes[0].set_ylabel("output")
    picture.alt = (
        f"Small graphs side by side: {', '.join(known)}. All are x right of 0, and differ on the "
        "left."
    )
    return picture


@drawn
def left_halves(lefts: Mapping[str, Sequence[float]], *, title: str = "") -> Picture:
    """Return left halves beside the accuracy of 16 networks of such units, trained now.

    Args:
        lefts: as for `drawings`.
        title: what is found, in a few words.

    Raises:
        InvalidTypeError, InvalidValueError: as `drawings`.

    Conventions: a dotted line shows the mean of ReLU, which is trained too.

    Example:
        >>> left_halves({})  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        relukit.errors.InvalidValueError: Expected one to six left halves, got 0. ...
    """
    known = _known(lefts)
    found = {name: 100 * np.array(trained(left)) for name, left in known.items()}
    height = 0.9 + 0.74 * len(known)
    picture, axes = panels(
        2, rows=len(known), size=(6.5, height), gridspec_kw={"width_ratios": (1, 3.2)}
    )
    flat = 100 * float(np.mean(trained(FLAT)))
    low = min(flat, *(values.min() for values in found.values()))
    high = max(flat, *(values.max() for values in found.values()))
    for place, (name, values) in enumerate(found.items()):
        left, right = axes[2 * place], axes[2 * place + 1]
        _curve(left, known[name])
        left.set_xticks([])
        left.set_yticks([])
        left.set_axis_off()
        right.set_title(name, fontsize=9)
        right.set_ylabel("networks", fontsize=8)
        colour, mark = PALETTE[_COLOURS[place]], MARKERS[place]
        span = interval(values.tolist())
        spread = np.linspace(-0.16, 0.16, len(values))
        right.plot(
            values, 0.12 + spread, mark, color=colour, markersize=3.6, markerfacecolor="none",
            linestyle="none", gid=f"seeds {name}",
        )  # fmt: skip
        right.plot([span.low, span.high], [-0.3] * 2, color=INK, linewidth=3.5,
                   solid_capstyle="butt", gid=f"interval {name}")  # fmt: skip
        right.text(
            high + 0.06 * (high - low), 0, f"{span.mean:.0f} %", va="center", color=INK, fontsize=9
        )
        right.set(ylim=(-0.5, 0.5), xlim=(low - 1.5, high + 0.19 * (high - low)), yticks=[])
        last = place == len(found) - 1
        right.tick_params(labelbottom=last)
        if last:
            right.set_xlabel("new signals right, in %")
        right.axvline(flat, color=INK, linestyle=DASHES[2], linewidth=1.2, zorder=0, gid="flat")
    axes[1].text(flat, 0.56, "ReLU", ha="center", fontsize=8.5, color=INK)
    picture.suptitle(title or "One dot a network, the bar for their mean", fontsize=10)
    picture.alt = (
        f"Left halves ({', '.join(found)}), each beside the accuracy of {len(values)} networks "
        "after 200 steps on MNIST-1D, and a dotted line where ReLU's mean is."
    )
    return picture


def _curve(ax: Axes, left: Sequence[float]) -> None:
    x = torch.linspace(-4.6, 4.6, 400)
    y = Filled(left)(x).numpy()
    negative = x.numpy() <= 0
    ax.axhline(0, color=FAINT, linewidth=0.8)
    ax.axvline(0, color=FAINT, linewidth=0.8)
    ax.plot(
        x[~negative], y[~negative], color=INK, linestyle=DASHES[2], linewidth=1.6, gid="right half"
    )
    ax.plot(x[negative], y[negative], color=PALETTE["blue"], linewidth=2.6, gid="left half")
    ax.grid(visible=False)


def _known(lefts: Mapping[str, Sequence[float]]) -> dict[str, tuple[float, ...]]:
    if not 1 <= len(lefts) <= len(_COLOURS):
        raise InvalidValueError("one to six left halves", str(len(lefts)), "pass a dict of lists")
    return {str(name): checked(left) for name, left in lefts.items()}
