"""The hinge builder: four hinges, moved by hand, draw a sine."""

import math
from collections.abc import Callable, Mapping

import ipywidgets
import numpy as np

from relukit.activations import relu
from relukit.explorers.engine import Explorer, Reading, listed, slider
from relukit.figures.canvas import DASHES, MARKERS, PALETTE, house_style, panels
from relukit.figures.live import LivePicture

N_HINGES = 4
_KINKS = (0.0, 1.6, 3.15, 4.7)
_CHANGES = (0.6, -0.6, 0.0, 0.0)
_STEEPEST = 3.0
_FARTHEST_OFFSET = 1.5
_X = np.linspace(0, 2 * math.pi, 315)


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
            left.plot(_X, np.sin(_X), color=PALETTE["vermilion"], linestyle=DASHES[1], label="sin")
            grey = {"color": PALETTE["grey"], "linestyle": DASHES[2], "linewidth": 1.0}
            self.hinges = [left.plot(_X, 0 * _X, **grey)[0] for _ in range(N_HINGES)]
            self.hinges[0].set_label("one hinge")
            (self.sum,) = left.plot(_X, 0 * _X, color=PALETTE["blue"], label="sum")
            (self.kinks,) = left.plot(
                [0] * N_HINGES, [0] * N_HINGES, MARKERS[0], color=PALETTE["blue"], label="kink"
            )
            (self.error,) = right.plot(_X, 0 * _X, color=PALETTE["blue"])
            left.set(xlabel="input x, in radians", ylabel="output", ylim=(-2, 2))
            left.set_title("Hinges and their sum")
            self.picture.legend(loc="outside lower center", ncols=4)
            right.set(xlabel="input x, in radians", ylabel="sum - sin", ylim=(-2, 2))
            right.set_title("Error")
        self.moving = [*self.hinges, self.sum, self.kinks, self.error]

    def update(self, values: Mapping[str, float]) -> Reading:
        """Move the artists to the hinges' values; say what is seen."""
        kinks, changes, offset = _hinges(values)
        hinges = changes * relu(_X[:, None] - kinks).numpy()
        total = offset + hinges.sum(1)
        for line, hinge in zip(self.hinges, hinges.T, strict=True):
            line.set_ydata(hinge)
        self.sum.set_ydata(total)
        heights = offset + (changes * np.maximum(kinks[:, None] - kinks, 0)).sum(1)
        self.kinks.set_data(kinks, heights)
        error = total - np.sin(_X)
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


def hinge_builder() -> Explorer:
    r"""Return sliders for four hinges $o + \sum_i c_i \max(0, x - k_i)$ beside the target sin.

    Two buttons: one resets, the other takes the slope changes and the offset that fit sin best
    (least squares, within the sliders' ranges) for the kinks as they are.

    Example:
        >>> hinge_builder()
        Explorer: hinge builder (9 controls; needs a running kernel)
    """
    figure = HingeFigure()
    controls = {"offset": slider("offset", 0.0, _FARTHEST_OFFSET, step=0.01)}
    for index in range(N_HINGES):
        controls[f"kink_{index + 1}"] = slider(
            f"kink {index + 1}", _KINKS[index], 6.25, low=0.0, step=0.05
        )
        controls[f"change_{index + 1}"] = slider(
            f"slope change {index + 1}", _CHANGES[index], _STEEPEST, step=0.01
        )
    reset = ipywidgets.Button(description="Reset", tooltip="Back to the first hinges")
    fit = ipywidgets.Button(
        description="Least-squares slopes for these kinks", layout={"width": "20em"}
    )
    named = list(controls.values())
    explorer = Explorer(
        "hinge builder",
        LivePicture(figure.picture, figure.moving),
        controls,
        figure.update,
        buttons={"reset": reset, "fit": fit},
        rows=(*zip(named[1::2], named[2::2], strict=True), (named[0], reset, fit)),
    )
    reset.on_click(lambda _: explorer.reset())
    fit.on_click(lambda _: explorer.move(**least_squares(explorer.values)))
    return explorer


def least_squares(values: Mapping[str, float]) -> dict[str, float]:
    r"""Return the offset and slope changes that minimize $\sum_x (N(x) - \sin x)^2$ for the kinks.

    Args:
        values: the hinges, by the names of the builder's controls; only the kinks are read.

    Returns:
        new values by name, within the sliders' ranges, rounded to their steps.

    Example:
        >>> found = least_squares({f"kink_{i}": k for i, k in enumerate((0, 1.6, 3.15, 4.7), 1)})
        >>> sorted(found)
        ['change_1', 'change_2', 'change_3', 'change_4', 'offset']
    """
    from scipy.optimize import lsq_linear

    kinks = np.array([values[f"kink_{index + 1}"] for index in range(N_HINGES)])
    columns = np.column_stack([np.ones_like(_X), relu(_X[:, None] - kinks).numpy()])
    reach = np.array([_FARTHEST_OFFSET, *[_STEEPEST] * N_HINGES])
    best = lsq_linear(columns, np.sin(_X), bounds=(-reach, reach), method="bvls").x.round(2)
    names = ["offset", *(f"change_{index + 1}" for index in range(N_HINGES))]
    return dict(zip(names, best.tolist(), strict=True))


def _hinges(values: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray, float]:
    """Return kinks, slope changes and offset from the controls' values."""
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
