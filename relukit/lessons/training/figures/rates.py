"""Accuracy against the learning rate: every network a mark that says what became of it."""

from collections.abc import Mapping

import numpy as np

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import DASHES, MARKERS, PALETTE, Picture, drawn, panels
from relukit.training import Runs

CHANCE = 10.0  # percent
_STUCK = 2 * CHANCE
_LOOKS = {
    "above 20 %": ("blue", MARKERS[0], 3.0),
    "at chance (below 20 %)": ("vermilion", MARKERS[2], 4.5),
    "diverged (loss not finite)": ("pink", MARKERS[1], 4.5),
}


@drawn
def accuracy_by_rate(runs: Mapping[str, Runs]) -> Picture:
    """Return one panel for each population: percent right of every network against its rate.

    Args:
        runs: title -> a population of ten-class networks with the axes "lr" and "seed".

    Raises:
        InvalidTypeError: runs is no mapping of Runs.
        InvalidValueError: there is none, or one has other axes or no accuracy.

    Example:
        >>> from relukit.datasets import digits
        >>> from relukit.networks import mlp
        >>> from relukit.training import train
        >>> runs = train(lambda seed: mlp((64, 10), seed=seed), digits(), lr=[0.1, 1.0],
        ...              seeds=2, steps=2)
        >>> accuracy_by_rate({"linear": runs}).axes[0].get_xlabel()
        'learning rate'
    """
    if not isinstance(runs, Mapping) or not all(isinstance(r, Runs) for r in runs.values()):
        raise InvalidTypeError("a dict of Runs", repr(runs), "pass title -> what train returned")
    if not runs or any(tuple(r.axes) != ("lr", "seed") for r in runs.values()):
        got = [tuple(r.axes) for r in runs.values()]
        raise InvalidValueError("populations with the axes lr, seed", repr(got), "sweep lr only")
    if any("test_accuracy" not in r.measured for r in runs.values()):
        raise InvalidValueError("populations that classify", "no accuracy", "train on labels")
    picture, axes = panels(len(runs), size=(6.5, 3.2), sharey=True)
    counts = {}
    for ax, (title, population) in zip(axes, runs.items(), strict=True):
        rates = np.array(population.axes["lr"])
        accuracy = 100 * population.measured["test_accuracy"][..., -1].cpu().numpy()
        spread = np.geomspace(0.86, 1.16, accuracy.shape[1])
        x = rates[:, None] * spread
        diverged = population.diverged.numpy()
        stuck = ~diverged & (accuracy < _STUCK)
        fates = (~diverged & ~stuck, stuck, diverged)
        ax.axhline(CHANCE, color=PALETTE["grey"], linestyle=DASHES[2], linewidth=1.2, gid="chance")
        ax.plot(
            rates, accuracy.mean(1), color=PALETTE["grey"], linestyle=DASHES[1], linewidth=1.2,
            label="mean", gid="mean",
        )  # fmt: skip
        for (label, (colour, marker, size)), chosen in zip(_LOOKS.items(), fates, strict=True):
            ax.plot(
                x[chosen], accuracy[chosen], marker, color=PALETTE[colour], markersize=size,
                label=label, gid=label.split()[0],
            )  # fmt: skip
        ax.set(xscale="log", xlabel="learning rate", ylim=(-3, 103), title=title)
        counts[title] = accuracy.shape
    axes[0].set_ylabel("new digits right, %")
    shown = {
        line.get_label(): line for ax in axes for line in ax.lines if np.size(line.get_xdata())
    }  # what no network does needs no mark
    marks = [shown[label] for label in ("mean", *_LOOKS) if label in shown]
    picture.legend(handles=marks, loc="outside lower center", ncols=4)
    said = "; ".join(f"{title}, {n} rates, {seeds} seeds" for title, (n, seeds) in counts.items())
    picture.alt = (
        f"Accuracy of single networks against their learning rate ({said}), with their mean and "
        "a line at chance; networks at chance and diverged ones have marks of their own."
    )
    return picture
