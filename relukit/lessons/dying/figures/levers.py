"""Six levers, each pulled alone: the dead of three layers."""

from collections.abc import Mapping, Sequence

import numpy as np

from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.curves import reach
from relukit.lessons.dying.figures.birth import checked_shares
from relukit.statistics import interval

_SETS = ("rate", "momentum", "times the usual weights", "bias of every unit", "times the pixels",
         "added to each pixel")  # fmt: skip
_LOOKS = (("vermilion", 2.6), ("blue", 1.4), ("grey", 1.4))


@drawn
def levers(found: Mapping[str, tuple[Sequence[float], Sequence]]) -> Picture:
    """Return six panels: the dead of each layer in percent as one lever is pulled.

    Args:
        found: six levers, each with its settings and the dead shares (settings, seeds, 3).

    Raises:
        InvalidValueError: if there are not six, or a share is none.

    Example:
        >>> part = ((1, 2), [[[0, 0, 0.1], [0, 0, 0.2]]] * 2)
        >>> len(levers({f"lever {i}": part for i in range(6)}).axes)
        6
    """
    if len(found) != 6:
        raise InvalidValueError("six levers", str(len(found)), "pass what `pulled` measured")
    picture, cells = panels(3, rows=2, size=(6.5, 4.7), sharey=True)
    for axes, what, (lever, (values, shares)) in zip(cells, _SETS, found.items(), strict=True):
        places = np.arange(len(values))
        for layer in (2, 1, 0):
            columns = checked_shares(lever, np.asarray(shares, dtype=float)[:, :, layer].T)
            spans = [interval(100 * column) for column in columns.T]
            low, high = reach(spans)
            within = [np.minimum(low, [s.mean for s in spans]),
                      np.minimum(high, [100 - s.mean for s in spans])]  # fmt: skip
            colour, width = _LOOKS[layer]
            axes.errorbar(
                places + (layer - 1) * 0.07, [s.mean for s in spans], yerr=within, capsize=2,
                markersize=5, linewidth=width, color=PALETTE[colour], linestyle=DASHES[layer],
                marker=MARKERS[layer], markerfacecolor="white" if layer else PALETTE[colour],
                label=f"layer {layer + 1}", gid=f"layer {layer + 1}",
            )  # fmt: skip
        axes.set_xticks(places, [f"{value:g}" for value in values])
        axes.set(ylim=(-5, 105), xlim=(-0.4, len(values) - 0.6))
        axes.set_title(lever)
        axes.set_xlabel(what)
    for axes in cells[::3]:
        axes.set_ylabel("dead units in %")
    handles, labels = cells[0].get_legend_handles_labels()
    picture.legend(handles[::-1], labels[::-1], loc="outside lower center", ncols=3)
    picture.suptitle("Of six levers, only inputs off centre kill units of layer 1", fontsize=10.5)
    picture.alt = (
        f"Six panels with the dead units of three layers in percent, for {', '.join(found)}: all "
        "six kill in layers 2 and 3, and only inputs off centre kill in layer 1."
    )
    return picture
