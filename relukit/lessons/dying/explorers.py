"""The cliff explorer: learning rate and initial gain of a population that was trained once."""

import ipywidgets

from relukit.explorers.engine import LABEL, Explorer
from relukit.figures.live import LivePicture
from relukit.lessons.dying.experiments.cliff import GAINS, LRS, cliff
from relukit.lessons.dying.figures.cliff import CliffFigure


def cliff_explorer() -> Explorer:
    """Return sliders over the cliff map: dead units by layer and accuracy, ReLU beside leaky ReLU.

    The two populations, 400 networks each, are trained at the first call and kept.

    Example:
        >>> cliff_explorer()
        Explorer: cliff map (2 controls; needs a running kernel)
    """
    figure = CliffFigure(cliff("relu"), cliff("leaky_relu"))
    controls = {
        "lr": _choice("learning rate", LRS, 0.1),
        "gain": _choice("gain on He's weights", GAINS, 1.0),
    }
    return Explorer(
        "cliff map",
        LivePicture(figure.picture, figure.moving),
        controls,
        figure.update,
        rows=(tuple(controls.values()),),
    )


def _choice(
    description: str, values: tuple[float, ...], value: float
) -> ipywidgets.SelectionSlider:
    return ipywidgets.SelectionSlider(
        options=[(f"{v:g}", v) for v in values],
        value=value,
        description=description,
        style=LABEL | {"description_width": "11em"},
        layout={"width": "26em"},
    )
