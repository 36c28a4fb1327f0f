"""Loss and accuracy on new signals part ways; and six rules at the end of their race."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, INK, PALETTE, Picture, drawn, panels
from relukit.training import Runs

_LOOKS = ((PALETTE["vermilion"], DASHES[1], "s"), (PALETTE["blue"], DASHES[0], "o"))


@drawn
def part_ways(arms: Mapping[str, Runs]) -> Picture:
    """Return the mean loss and accuracy on new examples over the steps, for two arms.

    Args:
        arms: what the curves are called, and the runs of as many seeds; where the first one's loss
            is lowest stands a dotted line.

    Raises:
        InvalidValueError: not two, or runs with another axis than the seed.

    Example:
        >>> from relukit.lessons.training.experiments import seen
        >>> arms = {arm: seen.learned(arm) for arm in ("no decay", "AdamW")}
        >>> part_ways(arms).axes[0].get_xlabel()
        'step'
    """
    if len(arms) != 2 or any(tuple(runs.axes) != ("seed",) for runs in arms.values()):
        raise InvalidValueError("runs of seeds for two arms", repr(list(arms)), "pass two")
    picture, axes = panels(2, size=(6.5, 3.0))
    shown = (
        ("test_loss", "loss on new signals", 1),
        ("test_accuracy", "new ones right, %", 100),
    )
    first = next(iter(arms.values()))
    low = first.measured_at[int(first.measured["test_loss"].mean(0).argmin())]
    for ax, (name, label, times) in zip(axes, shown, strict=True):
        for (said, runs), look in zip(arms.items(), _LOOKS, strict=True):
            colour, dash, marker = look
            steps = np.asarray(runs.measured_at)[1:]
            mean = times * runs.measured[name].mean(0).numpy()[1:]
            ax.plot(
                steps, mean, color=colour, linestyle=dash, marker=marker, markersize=3.6,
                gid=f"{said} {name}",
            )  # fmt: skip
            below = name == "test_accuracy" and runs is first
            ax.annotate(
                said, (steps[-1], mean[-1]), (0, -22 if below else 7),
                textcoords="offset points", ha="right", color=INK, fontsize=9.5,
            )  # fmt: skip
        ax.axvline(float(low), color=PALETTE["grey"], linestyle=DASHES[2], gid="lowest")
        ax.set(xlabel="step", ylabel=label, xscale="log")
        ax.set_xticks((25, 50, 100, 200, 400, 600), ("25", "50", "100", "200", "400", "600"))
        ax.minorticks_off()
        ax.margins(y=0.14)
    one, other = arms
    axes[0].set_title("Without decay the loss turns …")
    axes[1].set_title("… and accuracy goes on rising")
    picture.alt = (
        f"Two panels over training steps. With {one} the loss on new signals falls, turns at the "
        f"dotted line and climbs, while accuracy still rises; with {other} the loss stays low and "
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
            _percent(numbers), (numbers.mean(), -row), (-20 if bends else 42, -4),
            textcoords="offset points", ha="center", weight="bold", color=INK, gid=f"mean {rule}",
        )  # fmt: skip
    axes.set_yticks(range(0, -len(right), -1), list(right))
    axes.set(xlabel="new points right, %", xlim=(35, 102))
    axes.set_title("Where the input decides, the spiral is learned")
    axes.grid(visible=False, axis="y")
    said = "; ".join(
        f"{rule}: {'above' if np.mean(values) > 0.9 else 'below'}" for rule, values in right.items()
    )
    picture.alt = f"A row of dots for each rule, one dot a network; above 90 % or below: {said}."
    return picture


def _percent(numbers: np.ndarray) -> str:
    """Return the mean in percents: whole ones, but for what is nearly all, and never too much."""
    mean = float(numbers.mean())
    return f"{math.floor(10 * mean) / 10:.1f}" if 99 <= mean < 100 else f"{mean:.0f}"
