"""What trained populations show: gains over the rectifier, slopes that were learned."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.artist import Artist

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import DASHES, FAINT, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.curves import look, reach
from relukit.figures.meaning import row_look
from relukit.statistics import interval


@drawn
def gains(
    panels_of: Mapping[str, Mapping[str, Sequence[float]]],
    *,
    margin: float = 1.0,
    level: float = 0.995,
    sharex: bool = False,
) -> Picture:
    """Return accuracies minus the rectifier's, paired by seed: every seed, mean and interval.

    Args:
        panels_of: one or two titles, each with named differences, in points, one for each seed.
        margin: the difference that is shaded as too small to matter, in points.
        level: confidence level of the intervals.
        sharex: whether both panels have one scale.

    Raises:
        InvalidTypeError: no mapping of mappings.
        InvalidValueError: no or more than two panels, no arm, fewer than two seeds.

    Example:
        >>> picture = gains({"digits": {"elu": [0.1, -0.2, 0.3]}})
        >>> picture.axes[0].get_xlabel()
        'points of accuracy over relu'
    """
    if not isinstance(panels_of, Mapping) or not all(
        isinstance(arms, Mapping) for arms in panels_of.values()
    ):
        raise InvalidTypeError("titles with named lists", repr(panels_of), "pass a dict of dicts")
    if not 1 <= len(panels_of) <= 2 or not all(panels_of.values()):
        got = f"{len(panels_of)} panels"
        raise InvalidValueError("one or two panels with arms", got, "leave some out")
    most = max(map(len, panels_of.values()))
    picture, axes = panels(len(panels_of), size=(6.5, 1.5 + 0.27 * most), sharex=sharex)
    seeds = set()
    for ax, (title, arms) in zip(axes, panels_of.items(), strict=True):
        places = range(len(arms), 0, -1)
        ax.axvspan(
            -margin, margin, facecolor="#EDEDED", edgecolor=FAINT, linewidth=0.7,
            label=f"within {margin:g} point", gid="margin",
        )  # fmt: skip
        ax.axvline(0, color=PALETTE["grey"], linewidth=1)
        for place, (name, values) in zip(places, arms.items(), strict=True):
            span = interval(values, level=level)
            seeds.add(span.n)
            dots = np.asarray(values, dtype=float)
            ax.plot(
                dots, place + np.linspace(-0.22, 0.22, len(dots)), MARKERS[1],
                color=PALETTE["grey"], markersize=2, gid=f"seeds {name}",
                label="one seed" if place == 1 else None,
            )  # fmt: skip
            ax.errorbar(
                [span.mean], [place], xerr=[[span.mean - span.low], [span.high - span.mean]],
                linestyle="none", capsize=3, gid=name, **row_look(name),
            )  # fmt: skip
        label = f"mean, {100 * level:g} % interval"
        ax.plot([], [], label=label, **row_look("any of the rows"))
        ax.set_yticks(list(places), list(arms))
        ax.set(xlabel="points of accuracy over relu", title=title)
        ax.set_ylim(0.4, len(arms) + 0.6)
        ax.grid(visible=False, axis="y")
    picture.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    counts = " or ".join(map(str, sorted(seeds)))
    said = "; ".join(f"{title}: {', '.join(arms)}" for title, arms in panels_of.items())
    picture.alt = (
        f"Accuracy minus that of relu, paired over {counts} seeds, with intervals and a shaded "
        f"band of {margin:g} point either way. {said}."
    )
    return picture


@drawn
def slopes_by_layer(
    learned: Mapping[str, Sequence[Sequence[float]]], printed: Sequence[float]
) -> Picture:
    """Return learned slopes by layer, mean and 95 % interval over seeds, beside the printed ones.

    Args:
        learned: one to three names, each with slopes of shape (seeds, layers).
        printed: the slopes of another network's layers, first to last.

    Raises:
        InvalidValueError: no or too many names, or fewer than two seeds.

    Example:
        >>> picture = slopes_by_layer({"lr 0.01": [[0.2, 0.3], [0.3, 0.3]]}, [0.6, 0.1])
        >>> picture.axes[1].get_xlabel()
        'layer'
    """
    if not isinstance(learned, Mapping) or not 1 <= len(learned) <= 3:
        raise InvalidValueError("one to three named arrays", repr(learned), "pass a dict")
    picture, (left, right) = panels(2, size=(6.5, 3.1), sharey=True)
    seeds = set()
    for index, (name, values) in enumerate(learned.items()):
        slopes = np.asarray(values, dtype=float)
        if slopes.ndim != 2 or len(slopes) < 2:
            got = f"{name!r} of shape {slopes.shape}"
            raise InvalidValueError("slopes of shape (2 or more seeds, layers)", got, "stack them")
        layers = np.arange(1, slopes.shape[1] + 1)
        spans = [interval(column) for column in slopes.T]
        left.plot(
            np.repeat(layers[None], len(slopes), 0).ravel() + 0.16 * (2 * index - 1),
            slopes.ravel(), MARKERS[index + 2], color=PALETTE["grey"], markersize=2.2,
            gid=f"seeds {name}",
        )  # fmt: skip
        left.errorbar(
            layers, [s.mean for s in spans],
            yerr=reach(spans), capsize=3, label=name, gid=name, **look(index, marked=True),
        )  # fmt: skip
        seeds.add(len(slopes))
    for ax in (left, right):
        ax.axhline(0.25, color=PALETTE["grey"], linestyle=DASHES[2], linewidth=1.2, label="start")
        ax.set_xlabel("layer")
        ax.locator_params(axis="x", integer=True)
    right.plot(
        np.arange(1, len(printed) + 1), printed, marker=MARKERS[4], color=PALETTE["pink"],
        linestyle=DASHES[4], label="He 2015, ImageNet", gid="printed",
    )  # fmt: skip
    left.set(ylabel="leak (slope for x < 0)", title="Digits: no fall from layer to layer")
    right.set_title("In print: largest in layer 1")
    named: dict[str, Artist] = {}
    for ax in (left, right):
        handles, labels = ax.get_legend_handles_labels()
        named |= zip(labels, handles, strict=True)
    picture.legend(list(named.values()), list(named), loc="outside lower center", ncols=4)
    counts = " or ".join(map(str, sorted(seeds)))
    picture.alt = (
        f"Learned slopes by layer over {counts} seeds on digits, for {' and '.join(learned)}, "
        "beside the printed slopes of a convolutional net, largest in its first layer."
    )
    return picture
