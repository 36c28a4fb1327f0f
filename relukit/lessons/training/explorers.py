"""The learning rate explorer: loss curves of 16 networks at nine rates and eight activations."""

import ipywidgets

from relukit.explorers.engine import LABEL, Explorer
from relukit.figures.live import LivePicture
from relukit.lessons.training.experiments.comparison import ACTIVATIONS
from relukit.lessons.training.experiments.curves import RATES
from relukit.lessons.training.figures.curves import CurvesFigure


def learning_rate_explorer() -> Explorer:
    """Return a slider over learning rates and a choice of activation; below, 16 loss curves.

    An activation's 144 networks are trained when it is chosen for the first time, in about a
    second, and kept.

    Example:
        >>> learning_rate_explorer()
        Explorer: learning rates (2 controls; needs a running kernel)
    """
    figure = CurvesFigure()
    controls = {
        "rate": ipywidgets.SelectionSlider(
            options=[(f"{rate:g}", rate) for rate in RATES],
            value=0.1,
            description="learning rate",
            style=LABEL,
            layout={"width": "26em"},
        ),
        "activation": ipywidgets.Dropdown(
            options=ACTIVATIONS, value="relu", description="activation", style=LABEL
        ),
    }
    return Explorer(
        "learning rates",
        LivePicture(figure.picture, figure.moving),
        controls,
        figure.update,
        rows=(tuple(controls.values()),),
    )
