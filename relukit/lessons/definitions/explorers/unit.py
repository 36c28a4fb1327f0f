"""The unit explorer: one unit f(w x + b) and its derivative with respect to x."""

import ipywidgets

from relukit.activations import ACTIVATIONS
from relukit.explorers.engine import LABEL, Explorer, slider
from relukit.figures.live import LivePicture
from relukit.lessons.definitions.figures.unit import UnitFigure


def unit_explorer() -> Explorer:
    """Return sliders for the weight and bias of one unit f(w x + b), and a choice of f.

    Example:
        >>> unit_explorer().caption
        'a = relu(1 x + 0); kink at x = -b/w = 0.'
    """
    figure = UnitFigure()
    names = ["relu", *sorted(set(ACTIVATIONS) - {"relu"})]
    controls = {
        "weight": slider("weight w", 1.0, 3.0),
        "bias": slider("bias b", 0.0, 3.0),
        "activation": ipywidgets.Dropdown(
            options=names, value="relu", description="activation f", style=LABEL
        ),
    }
    return Explorer(
        "one unit and its slope",
        LivePicture(figure.picture, figure.moving),
        controls,
        figure.update,
        rows=((controls["weight"], controls["bias"]), (controls["activation"],)),
    )
