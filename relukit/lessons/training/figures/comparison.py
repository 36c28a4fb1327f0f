"""Arms compared over seeds: paired differences, and a plateau that ends."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import DASHES, FAINT, INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.meaning import row_look
from relukit.statistics import paired_difference

_READS = {  # a verdict on an arm and the reference, beside its row
    "a is higher": "higher",
    "b is higher": "lower",
    "the same within the margin": "the same",
    "not decided": "not decided",
}


@drawn
def paired_differences(
    arms: Mapping[str, Sequence[float]], *, reference: str, margin: float
) -> Picture:
    """Return, for each arm, its difference from a reference seed by seed, with the 95 % interval.

    Args:
        arms: name -> one accuracy a seed, as a share from 0 to 1, all of one length.
        reference: the name of the arm that is subtracted.
        margin: difference that is too small to matter, in points of accuracy.

    Raises:
        InvalidTypeError: arms is no mapping.
        InvalidValueError: fewer than two arms, an unknown reference, or unequal lengths.

    Example:
        >>> arms = {"relu": [0.9, 0.91, 0.92], "tanh": [0.91, 0.91, 0.93]}
        >>> paired_differences(arms, reference="relu", margin=1).axes[0].get_xlabel()
        'accuracy minus that of relu, in points'
    """
    if not isinstance(arms, Mapping):
        raise InvalidTypeError("a dict of accuracies", type(arms).__name__, "pass name -> numbers")
    if len(arms) < 2 or reference not in arms:
        raise InvalidValueError(
            "two arms or more, the reference among them",
            f"{list(arms)} and {reference!r}",
            "add what is missing",
        )
    points = {name: 100 * np.asarray(values, dtype=float) for name, values in arms.items()}
    base = points.pop(reference)
    picture, (axes,) = panels(size=(6.5, 1.35 + 0.34 * len(points)))
    axes.axvspan(
        -margin, margin, facecolor="#EFEFEF", edgecolor=FAINT, linewidth=0.7, zorder=0, gid="margin"
    )
    axes.axvline(0, color=PALETTE["grey"], linewidth=1.2, gid="zero")
    for row, (name, values) in zip(range(len(points), 0, -1), points.items(), strict=True):
        found = paired_difference(values, base, margin=margin)
        span = found.difference
        axes.text(
            1.01, row, _READS[found.verdict], transform=axes.get_yaxis_transform(), va="center",
            gid=f"verdict {name}",
        )  # fmt: skip
        spread = np.linspace(-0.3, 0.1, len(values))
        axes.plot(
            values - base, row + spread, MARKERS[0], color=FAINT, markersize=2.8,
            gid=f"seeds {name}",
        )  # fmt: skip
        axes.errorbar(
            [span.mean], [row + 0.24], xerr=[[span.mean - span.low], [span.high - span.mean]],
            markersize=5.5, capsize=3, gid=name, **row_look(name),
        )  # fmt: skip
    axes.set_yticks(range(len(points), 0, -1), list(points))
    axes.set(xlabel=f"accuracy minus that of {reference}, in points", ylim=(0.4, len(points) + 0.7))
    axes.grid(visible=False, axis="y")
    axes.set_title(f"Seed by seed, mean and 95 % interval of {len(base)}; margin shaded")
    picture.alt = (
        f"Paired differences of accuracy from {reference} for {', '.join(points)}: a dot for each "
        f"of {len(base)} seeds, the mean with its 95 % interval, and a band of plus and minus "
        f"{margin:g} point{'s' * (margin != 1)}."
    )
    return picture


@drawn
def plateau(curves: Sequence[Sequence[float]], stops: Sequence[int | None]) -> Picture:
    """Return the percentage right over epochs of many networks, and where a rule stops each.

    Args:
        curves: share right after epoch 1, 2, and so on, from 0 to 1, shape (networks, epochs).
        stops: the epoch at which the rule stops each network, None where it does not.

    Raises:
        InvalidValueError: another shape, or not one stop for each network.

    Example:
        >>> plateau([[0.1, 0.9], [0.1, 0.1]], [None, 2]).axes[0].get_xlabel()
        'epoch'
    """
    accuracy = 100 * np.asarray(curves, dtype=float)
    if accuracy.ndim != 2 or len(accuracy) != len(stops):
        raise InvalidValueError(
            "curves (networks, epochs) and a stop for each network",
            f"{accuracy.shape} and {len(stops)} stops",
            "pass None for a network that is not stopped",
        )
    picture, (axes,) = panels(size=(6.5, 3.2))
    epochs = np.arange(1, accuracy.shape[1] + 1)
    names = {"what would have come": True, "until the rule stops it": True}
    for curve, stop in zip(accuracy, stops, strict=True):
        end = len(epochs) if stop is None else stop
        axes.plot(
            epochs[end - 1 :], curve[end - 1 :], color=PALETTE["grey"], linestyle=DASHES[2],
            linewidth=0.8, label="what would have come" if names.pop("what would have come", 0)
            else None, gid="rest",
        )  # fmt: skip
        axes.plot(
            epochs[:end], curve[:end], color=PALETTE["blue"], linewidth=1.1,
            label="until the rule stops it" if names.pop("until the rule stops it", 0) else None,
            gid="trained",
        )  # fmt: skip
    stopped = [(stop, curve[stop - 1]) for curve, stop in zip(accuracy, stops, strict=True) if stop]
    places = np.array(stopped, dtype=float).reshape(-1, 2)
    axes.plot(
        *places.T, MARKERS[1], color=PALETTE["vermilion"], markersize=5,
        label="stopped, and how many", gid="stops",
    )  # fmt: skip
    for epoch, many in Counter(stop for stop in stops if stop).items():
        axes.text(epoch, 1.5, str(many), ha="center", va="center", color=INK, fontsize=8.5)
    axes.set(xlabel="epoch", ylabel="validation digits right, %", ylim=(-3, 103))
    axes.set_title(f"{len(accuracy)} networks, and where early stopping ends them")
    picture.legend(loc="outside lower center", ncols=3)
    picture.alt = (
        f"Accuracy of {len(accuracy)} networks over {len(epochs)} epochs; a square marks where "
        "early stopping would end each of them, and a dotted line what would have come."
    )
    return picture
