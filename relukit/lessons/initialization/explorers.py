"""The gain explorer: what the size of the first weights does to ten layers, and to training."""

import ipywidgets

from relukit.explorers.engine import LABEL, Explorer, slider
from relukit.figures.live import LivePicture
from relukit.lessons.initialization.experiments.trained import N_SEEDS
from relukit.lessons.initialization.figures.gain import GainFigure


def gain_explorer() -> Explorer:
    r"""Return sliders for the gain of ten ReLU layers and for the seed, above live histograms.

    The accuracies beside them are those of 16 networks for each of eight gains, trained when the
    explorer is made (a few seconds, once in a session); the caption names the nearest gain.

    Example:
        >>> gain_explorer()
        Explorer: gain, layers and training (2 controls; needs a running kernel)
    """
    figure = GainFigure()
    controls = {
        "gain": slider("gain g", 1.0, 2.5, low=0.5, step=0.01),
        "seed": ipywidgets.IntSlider(
            value=0, min=0, max=N_SEEDS - 1, description="seed", style=LABEL,
            layout={"width": "26em"},
        ),
    }  # fmt: skip
    return Explorer(
        "gain, layers and training",
        LivePicture(figure.picture, figure.moving),
        controls,
        figure.update,
        rows=((controls["gain"], controls["seed"]),),
    )
