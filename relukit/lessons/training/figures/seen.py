"""Loss and accuracy on new signals part ways; and six rules at the end of their race."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, PALETTE, Picture, drawn, panels
from relukit.training import Runs

_DRAWN = (("no decay", "vermilion", DASHES[1], "s"), ("weight decay", "blue", DASHES[0], "o"))


@drawn
def part_ways(runs: Runs) -> Picture:
    """Return the mean loss and accuracy on new examples over the steps, without and with decay.

    Args:
        runs: with the axes weight_decay, of two values, and seed.

    Raises:
        InvalidValueError: other axes.

    Example:
        >>> from relukit.lessons.training.experiments import seen
        >>> part_ways(seen.learned()).axes[0].get_xlabel()
        'step'
    """
    if tuple(runs.axes) != ("weight_decay", "seed") or len(runs.axes["weight_decay"]) != 2:
        raise InvalidValueError("two decays and seeds", repr(tuple(runs.axes)), "sweep two decays")
    picture, axes = panels(2, size=(6.5, 3.0))
    steps = np.asarray(runs.measured_at)
    shown = (
        ("test_loss", "loss on new signals", 1),
        ("test_accuracy", "new ones right, %", 100),
    )
    for ax, (name, label, times) in zip(axes, shown, strict=True):
        means = times * runs.measured[name].mean(1).numpy()
        for mean, (said, colour, dash, marker) in zip(means, _DRAWN, strict=True):
            ax.plot(
                steps[1:], mean[1:], color=PALETTE[colour], linestyle=dash, marker=marker,
                markersize=4, gid=f"{said} {name}",
            )  # fmt: skip
            ax.annotate(
                said, (steps[-1], mean[-1]), (-4, 7), textcoords="offset points", ha="right",
                color=PALETTE[colour], fontsize=9.5,
            )  # fmt: skip
        low = int(means[0].argmin()) if name == "test_loss" else None
        if low is not None:
            axes[0].axvline(steps[low], color=PALETTE["grey"], linestyle=DASHES[2], gid="lowest")
            axes[1].axvline(steps[low], color=PALETTE["grey"], linestyle=DASHES[2], gid="lowest")
        ax.set(xlabel="step", ylabel=label)
        ax.margins(y=0.14)
    axes[0].set_title("Without decay the loss turns …")
    axes[1].set_title("… and accuracy goes on rising")
    picture.alt = (
        "Two panels over training steps. Without decay the loss on new signals falls, turns at the "
        "dotted line and climbs, while accuracy still rises; with decay the loss keeps falling and "
        "accuracy rises further."
    )
    return picture


@drawn
def endings(right: Mapping[str, Sequence[float]]) -> Picture:
    """Return one row of dots for each rule of the race, with its mean.

    Args:
        right: rule -> share of new points that each seed gets right, from 0 to 1.

    Raises:
        InvalidValueError: no rule.

    Example:
        >>> endings({"keeps every number": [0.5, 0.6]}).axes[0].get_xlabel()
        'new points right, %'
    """
    if not right:
        raise InvalidValueError("one rule or more", "none", "pass rule -> shares")
    picture, (axes,) = panels(size=(6.5, 1.0 + 0.36 * len(right)))
    for row, (rule, values) in enumerate(right.items()):
        numbers = 100 * np.asarray(values, dtype=float)
        bends = numbers.mean() > 90
        look: dict[str, Any] = {"color": PALETTE["blue" if bends else "vermilion"]}
        spread = np.linspace(-0.2, 0.2, len(numbers))
        axes.plot(
            numbers, -row + spread, linestyle="none", marker="o" if bends else "s", markersize=3.6,
            markerfacecolor=None if bends else "none", gid=rule, **look,
        )  # fmt: skip
        axes.annotate(
            f"{_percent(numbers)}", (numbers.mean(), -row), (-20 if bends else 42, -4),
            textcoords="offset points", ha="center", weight="bold", gid=f"mean {rule}", **look,
        )  # fmt: skip
    axes.set_yticks(range(0, -len(right), -1), list(right))
    axes.set(xlabel="new points right, %", xlim=(35, 102))
    axes.set_title("What bends with the input learns the spiral")
    axes.grid(visible=False, axis="y")
    said = "; ".join(f"{rule} {_percent(100 * np.asarray(v))} %" for rule, v in right.items())
    picture.alt = f"A row of dots for each rule of the race, one dot a network. Means: {said}."
    return picture


def _percent(numbers: np.ndarray) -> int:
    """Return the mean in whole percents; 100 only where nothing is missing."""
    mean = float(numbers.mean())
    return round(mean) if mean == 100 else min(round(mean), 99)
