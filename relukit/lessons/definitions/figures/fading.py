"""How a gradient shrinks on its way back through fresh layers, with and without switches."""

from typing import Any

import numpy as np

from relukit.figures.canvas import INK, PALETTE, Picture, drawn, panels
from relukit.ledger import kept
from relukit.ledger.setting import STATED
from relukit.lessons.definitions.experiments.slopes import decades_by_layer
from relukit.statistics import interval

DEPTH = 20
_ARMS = {"relu": "with ReLUs", None: "the same weights, no ReLUs"}


@kept.cache
def faded(name: str | None) -> tuple[float, ...]:
    """Return the mean decades over 16 networks after 0 to 20 layers on the way back.

    Args:
        name: of the layers' activation, or None.
    """
    found = np.array([decades_by_layer("pytorch", s, depth=DEPTH, name=name) for s in STATED.seeds])
    return tuple(interval(column).mean for column in found.T)


@drawn
def fading() -> Picture:
    r"""Return the size of the gradient by layer, on its way back through twenty fresh layers.

    Weights and biases as PyTorch draws them, layers of 256 units, the mean over 16 networks. Each
    step down on the axis is a factor of ten.

    Example:
        >>> fading().axes[0].get_yscale()
        'log'
    """
    picture, (axes,) = panels(size=(6.5, 2.8))
    layers = np.arange(DEPTH + 1)
    looks: dict[str | None, dict[str, Any]] = {
        "relu": {"color": PALETTE["blue"], "marker": "o", "linewidth": 2.2},
        None: {"color": PALETTE["grey"], "marker": "s", "linestyle": (0, (4, 2))},
    }
    ends = {}
    for name, says in _ARMS.items():
        decades = np.array(faded(name))
        ends[name] = float(decades[-1])
        axes.plot(
            layers, 10**decades, markersize=6, markevery=5, gid=name or "linear", **looks[name]
        )
        left = name == "relu"  # below its line, the other above
        axes.annotate(
            says, (layers[11], 10 ** decades[11]), (-8, -12) if left else (8, 8), color=INK,
            textcoords="offset points", ha="right" if left else "left", fontsize=9.5,
        )  # fmt: skip
    axes.set(yscale="log", xlabel="layers on the way back", ylabel="size of the gradient")
    axes.set_xticks(range(0, DEPTH + 1, 5))
    axes.set_yticks([10.0**decades for decades in range(-8, 1, 2)])
    axes.minorticks_off()
    axes.grid(visible=False)
    axes.set_ylim(10 ** (min(ends.values()) - 0.6), 10**0.8)
    axes.set_title("A layer with ReLUs divides the size by about 2.45")
    picture.alt = (
        "On a logarithmic axis, the size of the gradient falls along a straight line over 20 "
        f"layers on the way back, by {-ends['relu']:.1f} decades with ReLUs and "
        f"{-ends[None]:.1f} without."
    )
    return picture
