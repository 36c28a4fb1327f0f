"""Two inputs as two arrows, and the angle between them before and after one small layer."""

import math

import numpy as np
from matplotlib.axes import Axes

from relukit.figures.canvas import INK, PALETTE, Picture, drawn, panels

# the two inputs, and the layer: each pair of signs once, so that no sign is more likely
INPUTS = np.array([[1.0, 0.0], [0.0, 1.0]])
UNITS = np.array([[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]])


def angle(x: np.ndarray, y: np.ndarray) -> float:
    """Return the angle between two arrows, in radians.

    Args:
        x: one arrow, (n,), not 0.
        y: another, (n,), not 0.

    Example:
        >>> round(math.degrees(angle(np.array([1, 0]), np.array([1, 1]))))
        45
    """
    return math.acos(float(x @ y / (np.linalg.norm(x) * np.linalg.norm(y))))


@drawn
def arrows() -> Picture:
    """Return two arrows as they come in, after adding up, and after the ReLU.

    Conventions: the layer's four numbers make an arrow in four directions; drawn are its length
        and its angle to the other one, which lie in one plane.

    Example:
        >>> [axes.get_title(loc="left") for axes in arrows().axes]
        ['two inputs', 'added up', 'after the ReLU']
    """
    sums = INPUTS @ UNITS.T
    stages = {"two inputs": INPUTS, "added up": sums, "after the ReLU": np.maximum(sums, 0)}
    picture, cells = panels(3, size=(6.5, 2.4))
    said = []
    for axes, (title, (x, y)) in zip(cells, stages.items(), strict=True):
        apart = angle(x, y)
        _arrow(axes, float(np.linalg.norm(x)), 0.0, "blue", "first")
        _arrow(axes, float(np.linalg.norm(y)), apart, "vermilion", "second")
        turn = np.linspace(0, apart, 40)
        axes.plot(0.5 * np.cos(turn), 0.5 * np.sin(turn), color=INK, linewidth=1, gid="angle")
        axes.text(
            0.62 * math.cos(apart / 2), 0.62 * math.sin(apart / 2),
            f"{math.degrees(apart):.0f}°", va="center", color=INK, fontsize=9,
        )  # fmt: skip
        axes.set(aspect="equal", xlim=(-0.15, 2.3), ylim=(-0.15, 2.3), xticks=[], yticks=[])
        axes.set(xlabel=f"cosine {abs(round(math.cos(apart), 3)):g}")
        axes.spines[:].set_visible(False)
        axes.grid(visible=False)
        axes.set_title(title)
        said.append(f"{math.degrees(apart):.0f} degrees ({title})")
    cells[0].set_ylabel("the two arrows")
    picture.alt = f"Two arrows and the angle between them: {', '.join(said)}."
    return picture


def _arrow(axes: Axes, length: float, turned: float, colour: str, name: str) -> None:
    tip = (length * math.cos(turned), length * math.sin(turned))
    axes.annotate(
        "", tip, (0, 0), gid=name,
        arrowprops={"arrowstyle": "-|>", "color": PALETTE[colour], "lw": 2, "shrinkA": 0,
                    "shrinkB": 0, "linestyle": "-" if name == "first" else (0, (4, 2))},
    )  # fmt: skip
    axes.annotate(
        name, tip, (4, 6), textcoords="offset points", color=INK, fontsize=8.5,
        ha="center" if turned else "right",
    )  # fmt: skip
