"""The hinge builder: four hinges, moved by hand, draw a sine."""

from collections.abc import Mapping

import ipywidgets
import numpy as np

from relukit.activations import relu
from relukit.explorers.engine import Explorer, slider
from relukit.figures.live import LivePicture
from relukit.lessons.definitions.figures.builder import N_HINGES, HingeFigure, X

_KINKS = (0.0, 1.6, 3.15, 4.7)
_CHANGES = (0.6, -0.6, 0.0, 0.0)
_STEEPEST = 3.0
_FARTHEST_OFFSET = 1.5


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
    columns = np.column_stack([np.ones_like(X), relu(X[:, None] - kinks).numpy()])
    reach = np.array([_FARTHEST_OFFSET, *[_STEEPEST] * N_HINGES])
    best = lsq_linear(columns, np.sin(X), bounds=(-reach, reach), method="bvls").x.round(2)
    names = ["offset", *(f"change_{index + 1}" for index in range(N_HINGES))]
    return dict(zip(names, best.tolist(), strict=True))
