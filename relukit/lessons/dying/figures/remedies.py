"""Deep networks and remedies: accuracies and dead shares with all seeds."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, FAINT, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.meaning import row_look
from relukit.lessons.dying.figures.birth import checked_shares
from relukit.statistics import interval


@drawn
def deep_accuracies(groups: Mapping[str, Sequence[float]]) -> Picture:
    """Return the test accuracy of every network as a dot, by group, with the 95 % interval.

    Args:
        groups: names, each with one accuracy a seed.

    Raises:
        InvalidValueError: if there is no group, or an accuracy lies outside 0 to 1.

    Example:
        >>> deep_accuracies({"ReLU": [0.1, 0.1]}).axes[0].get_xlabel()
        'test accuracy'
    """
    if not groups:
        raise InvalidValueError("at least one group", "none", "pass a dict of accuracies")
    picture, (axes,) = panels(size=(6.5, 1.2 + 0.33 * len(groups)))
    strips(axes, groups)
    axes.axvline(0.1, color=PALETTE["grey"], linestyle=DASHES[2], linewidth=1.2)
    axes.set(xlabel="test accuracy", xlim=(-0.02, 1.02))
    axes.set_title("Ten layers of 32 units after twenty passes (dotted line: chance)")
    picture.alt = (
        "Dots for the test accuracy of each deep network beside the line of chance, in rows for "
        f"{', '.join(groups)}."
    )
    return picture


@drawn
def remedies(found: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> Picture:
    """Return, for each remedy, the share of dead units and the test accuracy of every network.

    Args:
        found: names, each with dead shares and accuracies, one a seed.

    Raises:
        InvalidValueError: if there is no remedy, or a share is none.

    Example:
        >>> len(remedies({"none": ([0.5, 0.6], [0.1, 0.1])}).axes)
        2
    """
    if not found:
        raise InvalidValueError("at least one remedy", "none", "pass what was measured")
    picture, (left, right) = panels(2, size=(6.5, 1.2 + 0.33 * len(found)), sharey=True)
    strips(left, {name: dead for name, (dead, _) in found.items()})
    strips(right, {name: accuracy for name, (_, accuracy) in found.items()})
    left.set(xlabel="share of dead units", xlim=(-0.04, 1.04), title="Dead units")
    right.set(xlabel="test accuracy (0: nan)", xlim=(-0.04, 1.04), title="Accuracy")
    picture.alt = (
        "Two dot charts over all seeds, the share of dead units and the test accuracy, in rows "
        f"for the remedies {', '.join(found)}."
    )
    return picture


def strips(axes: Axes, groups: Mapping[str, Sequence[float]]) -> None:
    """Draw one row a group: its values as dots, and their mean with the 95 % interval.

    Args:
        axes: where.
        groups: a name for each row -> a share of 0 to 1 for each seed.
    """
    for place, (name, given) in zip(range(len(groups), 0, -1), groups.items(), strict=True):
        values = checked_shares(name, np.asarray(given, dtype=float)[:, None])[:, 0]
        lift = place + 0.22 * np.linspace(-1, 1, len(values))
        axes.plot(values, lift, MARKERS[0], color=FAINT, markersize=3)
        span = interval(values)
        axes.errorbar(
            [span.mean], [place], xerr=[[span.mean - span.low], [span.high - span.mean]],
            capsize=3, markersize=6, gid=name, **row_look(name),
        )  # fmt: skip
    axes.set_yticks(range(len(groups), 0, -1), list(groups))
    axes.set_ylim(0.4, len(groups) + 0.6)
    axes.grid(visible=False, axis="y")
