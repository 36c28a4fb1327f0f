"""The variants explorer: one relative of the rectifier, its parameter, and its facts in words."""

import ipywidgets

from relukit.activations import ACTIVATIONS
from relukit.explorers.engine import LABEL, Explorer, slider
from relukit.figures.live import LivePicture
from relukit.lessons.variants.figures.single import VariantFigure


def variants_explorer() -> Explorer:
    """Return a choice of activation and a slider for its parameter, beside its slope.

    The caption gives limits, Lipschitz constant, lowest point and Gaussian moments.

    Example:
        >>> explorer = variants_explorer()
        >>> explorer.caption.split(":")[0]
        'elu with α = 1'
        >>> explorer.move(activation="silu")
        >>> "lowest -0.2785 at x = -1.28" in explorer.caption
        True
    """
    figure = VariantFigure()
    controls = {
        "activation": ipywidgets.Dropdown(
            options=sorted(ACTIVATIONS), value="elu", description="activation f", style=LABEL
        ),
        "parameter": slider("parameter", 1.0, 4.0, low=0.05, step=0.05),
    }
    return Explorer(
        "variants of the rectifier",
        LivePicture(figure.picture, figure.moving),
        controls,
        figure.update,
        rows=((controls["activation"], controls["parameter"]),),
    )
