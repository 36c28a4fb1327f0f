"""Four hinges that add up to a broken line beside a sine, still or moving."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from relukit.activations import relu
from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, MARKERS, PALETTE, Picture, drawn, house_style, panels
from relukit.figures.live import Reading, listed

N_HINGES = 4
X = np.linspace(0, 2 * math.pi, 315)


@drawn
def four_hinges(
    kinks: Sequence[float], changes: Sequence[float], *, offset: float = 0.0
) -> Picture:
    r"""Return $o + \sum_i c_i \max(0, x - k_i)$ of four hinges beside sin, and the error.

    Args:
        kinks: where each hinge bends, four inputs in radians.
        changes: by how much the slope changes there, four numbers.
        offset: the value left of all hinges.

    Raises:
        InvalidValueError: there are not four of each.

    Example:
        >>> four_hinges((0, 1, 2, 3), (1, 0, -1, 0)).axes[0].get_xlabel()
        'input x, in radians'
    """
    if len(kinks) != N_HINGES or len(changes) != N_HINGES:
        raise InvalidValueError(
            f"{N_HINGES} kinks and {N_HINGES} slope changes",
            f"{len(kinks)} and {len(changes)}",
            "give one of each for every hinge; a slope change of 0 switches a hinge off",
        )
    figure = HingeFigure()
    values = {f"kink_{i}": float(k) for i, k in enumerate(kinks, 1)}
    values |= {f"change_{i}": float(c) for i, c in enumerate(changes, 1)}
    said = figure.update(values | {"offset": offset})
    figure.picture.alt = said.alt
    figure.picture.axes[1].set_title(said.caption.partition(",")[0])
    return figure.picture


class HingeFigure:
    """Four hinges, their sum beside sin, and the error; `update` moves them.

    Args:
        paper: makes the picture and its axes, as `panels` does.
    """

    def __init__(self, paper: Callable = panels) -> None:
        with house_style():
            self.picture, (left, right) = paper(
                2, size=(6.5, 3.1), gridspec_kw={"width_ratios": (1.7, 1)}
            )
            left.plot(X, np.sin(X), color=PALETTE["vermilion"], linestyle=DASHES[1], label="sin")
            grey = {"color": PALETTE["grey"], "linestyle": DASHES[2], "linewidth": 1.0}
            self.hinges = [left.plot(X, 0 * X, **grey)[0] for _ in range(N_HINGES)]
            self.hinges[0].set_label("one hinge")
            (self.sum,) = left.plot(X, 0 * X, color=PALETTE["blue"], label="sum")
            (self.kinks,) = left.plot(
                [0] * N_HINGES, [0] * N_HINGES, MARKERS[0], color=PALETTE["blue"], label="kink"
            )
            (self.error,) = right.plot(X, 0 * X, color=PALETTE["blue"])
            left.set(xlabel="input x, in radians", ylabel="output", ylim=(-2, 2))
            left.set_title("Hinges and their sum")
            self.picture.legend(loc="outside lower center", ncols=4)
            right.set(xlabel="input x, in radians", ylabel="sum - sin", ylim=(-2, 2))
            right.set_title("Error")
        self.moving = [*self.hinges, self.sum, self.kinks, self.error]

    def update(self, values: Mapping[str, float]) -> Reading:
        """Move the artists to the hinges' values; say what is seen."""
        kinks, changes, offset = hinges_of(values)
        hinges = changes * relu(X[:, None] - kinks).numpy()
        total = offset + hinges.sum(1)
        for line, hinge in zip(self.hinges, hinges.T, strict=True):
            line.set_ydata(hinge)
        self.sum.set_ydata(total)
        heights = offset + (changes * np.maximum(kinks[:, None] - kinks, 0)).sum(1)
        self.kinks.set_data(kinks, heights)
        error = total - np.sin(X)
        self.error.set_ydata(error)
        worst, typical = np.abs(error).max(), math.sqrt(np.mean(error**2))
        return Reading(
            alt=(
                f"{N_HINGES} hinges with kinks at {listed(kinks)} and slope changes "
                f"{listed(changes)}, offset {offset:g}, beside sin: their sum is off by "
                f"{worst:.2f} at most."
            ),
            caption=" ".join(
                [
                    f"Largest error {worst:.2f}, root mean square {typical:.2f}.",
                    *_oddities(kinks, changes),
                ]
            ),
        )


def hinges_of(values: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray, float]:
    """Return kinks, slope changes and offset from the controls' values.

    Args:
        values: the hinges, by the names of the builder's controls.
    """
    kinks = np.array([values[f"kink_{index + 1}"] for index in range(N_HINGES)])
    changes = np.array([values[f"change_{index + 1}"] for index in range(N_HINGES)])
    return kinks, changes, values["offset"]


def _oddities(kinks: np.ndarray, changes: np.ndarray) -> list[str]:
    """Return what a learner should be told: hinges that do nothing, hinges that stand together."""
    said = [f"Hinge {i + 1} is off: its slope change is 0." for i in np.flatnonzero(changes == 0)]
    for first in range(N_HINGES):
        for second in range(first + 1, N_HINGES):
            if kinks[first] == kinks[second]:
                said.append(f"Hinges {first + 1} and {second + 1} share a kink and act as one.")
    return said
