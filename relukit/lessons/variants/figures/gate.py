"""What a gate of its own gains over the rectifier, with one hidden layer and with two."""

import numpy as np

from relukit.figures.canvas import FAINT, INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.lessons.variants.experiments.gates import LAYERS, gains
from relukit.statistics import interval


@drawn
def gate() -> Picture:
    """Return SwiGLU's accuracy minus ReLU's, seed by seed, a row for each number of layers.

    References: [Shazeer2020].

    Example:
        >>> gate().axes[0].get_xlabel()
        "SwiGLU's accuracy minus ReLU's, in points"
    """
    picture, (axes,) = panels(size=(6.5, 2.7))
    axes.axvspan(-1, 1, facecolor="#EDEDED", edgecolor=FAINT, linewidth=0.7, gid="margin")
    axes.axvline(0, color=INK, linewidth=1)
    for place, (layers, colour) in enumerate(zip(LAYERS, ("blue", "vermilion"), strict=True)):
        row, values = len(LAYERS) - place, gains(layers)
        span = interval(values)
        axes.plot(
            values, row + 0.1 + np.linspace(-0.14, 0.14, len(values)), MARKERS[place],
            color=PALETTE[colour], markersize=4, markerfacecolor="none", linestyle="none",
            gid=f"seeds {layers}",
        )  # fmt: skip
        axes.plot([span.low, span.high], [row - 0.2] * 2, color=INK, linewidth=3.5,
                  solid_capstyle="butt", gid=f"interval {layers}")  # fmt: skip
        axes.text(
            span.mean, row - 0.28, f"{span.mean:+.1f}".replace("-", "−"), ha="center", va="top",
            color=INK, fontsize=9,
        )  # fmt: skip
    reach = 1.1 * max(abs(x) for layers in LAYERS for x in gains(layers))
    axes.set(xlim=(-reach, reach), ylim=(0.4, len(LAYERS) + 0.55))
    axes.set_yticks(range(len(LAYERS), 0, -1), list(LAYERS))
    axes.text(0, len(LAYERS) + 0.52, "level", ha="center", va="top", fontsize=8.5,
              bbox={"facecolor": "#EDEDED", "edgecolor": "none", "pad": 0.6})  # fmt: skip
    axes.set_xlabel("SwiGLU's accuracy minus ReLU's, in points")
    axes.set_title("Ahead with one layer, behind with two")
    axes.grid(visible=False, axis="y")
    picture.alt = (
        f"SwiGLU's accuracy minus ReLU's on MNIST-1D for {len(values)} seeds, their mean with its "
        "95 % interval: right of 0 with one hidden layer, left of 0 with two."
    )
    return picture
