"""Loss curves of 16 networks at one learning rate, in a figure that stands still or moves."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, PALETTE, Picture, drawn, house_style, panels
from relukit.figures.live import Reading
from relukit.lessons.training.experiments.curves import (
    CHANCE,
    RATES,
    WINDOW,
    fates,
    smooth,
    trained,
)

_LOW, _HIGH = 0.003, 300.0
_SAID = {
    "learn": ("learns", "learn"),
    "on the way": ("is on the way", "are on the way"),
    "at chance": ("stays at chance or above", "stay at chance or above"),
    "diverged": ("diverges", "diverge"),
}


@drawn
def loss_curves(rate: float, activation: str = "relu") -> Picture:
    """Return the loss of 16 networks over 120 steps at one learning rate.

    Args:
        rate: one of `relukit.lessons.training.experiments.curves.RATES`.
        activation: of the hidden layers, by name.

    Raises:
        InvalidValueError: another rate, or no activation has this name.

    Example:
        >>> loss_curves(0.1).axes[0].get_xlabel()
        'step'
    """
    if rate not in RATES:
        raise InvalidValueError(f"one of {RATES}", repr(rate), "choose one of them")
    figure = CurvesFigure()
    figure.picture.alt = figure.update({"rate": rate, "activation": activation}).alt
    return figure.picture


class CurvesFigure:
    """The loss of 16 networks over their steps; `update` moves them to a rate and an activation.

    Args:
        paper: makes the picture and its axes, as `panels` does.
    """

    def __init__(self, paper: Callable = panels) -> None:
        with house_style():
            self.picture, (axes,) = paper(size=(6.5, 3.2))
            style = {"color": PALETTE["blue"], "linewidth": 1.0, "alpha": 0.8}
            self.curves = [axes.plot([], [], gid="curve", **style)[0] for _ in range(16)]
            self.curves[0].set_label("one network")
            (self.ends,) = axes.plot(
                [],
                [],
                "X",
                color=PALETTE["vermilion"],
                markersize=6.5,
                label="diverged",
                gid="ends",
            )
            axes.axhline(
                CHANCE, color=PALETTE["grey"], linestyle=DASHES[1], linewidth=1.3,
                label="a guess, ln 10", gid="chance",
            )  # fmt: skip
            steps = trained("relu").loss.shape[-1]
            axes.set(yscale="log", xlim=(0, steps + 3), ylim=(_LOW, _HIGH))
            axes.set(xlabel="step", ylabel="loss, in nats")
            axes.set_title(f"Loss of 16 networks (running mean of {WINDOW} batches)")
            self.picture.legend(loc="outside lower center", ncols=3)
        self.moving = [*self.curves, self.ends]

    def update(self, values: Mapping[str, Any]) -> Reading:
        """Move the curves to a rate and an activation; say what became of the networks."""
        rate, name = values["rate"], values["activation"]
        loss = trained(name).loss[RATES.index(rate)].cpu()
        means = smooth(loss).numpy()
        steps = np.arange(WINDOW, loss.shape[-1] + 1)
        ends = []
        for line, curve in zip(self.curves, means, strict=True):
            shown = np.where(np.isfinite(curve), np.clip(curve, _LOW, _HIGH), np.nan)
            line.set_data(steps, shown)
            finite = np.flatnonzero(np.isfinite(curve))
            if len(finite) < len(curve):
                ends.append(
                    (steps[finite[-1]], shown[finite[-1]]) if len(finite) else (WINDOW, _HIGH)
                )
        self.ends.set_data(*np.array(ends, dtype=float).reshape(-1, 2).T)
        counts = Counter(fates(loss))
        said = " and ".join(
            f"{counts[fate]} {many if counts[fate] > 1 else one}"
            for fate, (one, many) in _SAID.items()
            if counts[fate]
        )
        where = f"{name} at learning rate {rate:g}"
        return Reading(
            alt=f"The loss of 16 networks with {where} over {len(loss[0])} steps: {said}.",
            caption=f"{where[0].upper()}{where[1:]}: of 16 networks, {said}.{_comment(counts)}",
        )


def _comment(counts: Counter) -> str:
    """Return what the counts call for, in a sentence, or nothing."""
    if counts["diverged"] and counts["at chance"]:
        return " Both kinds of failure: one is loud (nan), the other is silent."
    if counts["diverged"]:
        return " The rate is too large, and the loss says so: it becomes infinite or nan."
    if counts["at chance"] == 16:
        return " Nothing is nan, and nothing is learned: too small a rate, or one far too large."
    return ""
