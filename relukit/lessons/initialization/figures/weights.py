"""Distributions of weights: what a bound is, and what a deviation is."""

import math

import numpy as np

from relukit.figures.canvas import PALETTE, Picture, drawn, panels
from relukit.figures.meaning import looks

# name -> (what it is, its parameter times sqrt(n))
DISTRIBUTIONS = {
    "U(±1/√n), PyTorch": ("bound", 1.0),
    "U(±√(2/n)), tutorial": ("bound", math.sqrt(2)),
    "U(±√(6/n)), He": ("bound", math.sqrt(6)),
    "N(0, 2/n), He": ("deviation", math.sqrt(2)),
}


@drawn
def weights() -> Picture:
    """Return four densities of weights times sqrt(n), and their variances times n.

    Example:
        >>> [axes.get_xlabel() for axes in weights().axes]
        ['weight × √n, dimensionless', 'variance × n, dimensionless']
    """
    picture, (left, right) = panels(2, size=(6.5, 3.0), gridspec_kw={"width_ratios": (1.5, 1)})
    x = np.linspace(-4, 4, 801)
    for place, (name, (kind, size)) in enumerate(DISTRIBUTIONS.items()):
        style = looks(DISTRIBUTIONS)[place]
        colour, marker = style["color"], style.pop("marker")
        if kind == "bound":
            density = np.where(np.abs(x) <= size, 1 / (2 * size), 0.0)
            variance = size**2 / 3
        else:
            density = np.exp(-((x / size) ** 2) / 2) / (size * math.sqrt(2 * math.pi))
            variance = size**2
        left.plot(x, density, label=name, gid=name, **style)
        row = len(DISTRIBUTIONS) - place
        right.hlines(row, 0, variance, color=PALETTE["grey"], linewidth=0.8)
        right.plot([variance], [row], marker, color=colour, markersize=7, gid=name)
        right.annotate(
            f"{variance:.2f}", (variance, row), (7, 5), textcoords="offset points", fontsize=8.5
        )
    left.set(xlabel="weight × √n, dimensionless", ylabel="density", title="Where weights fall")
    labels = ["PyTorch", "tutorial", "He, uniform", "He, normal"]
    right.set_yticks(range(len(labels), 0, -1), labels)
    right.set(xlabel="variance × n, dimensionless", xlim=(0, 2.6), ylim=(0.5, 4.6))
    right.set_title("Their variance")
    right.grid(visible=False, axis="y")
    picture.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    picture.alt = (
        "Left, densities of weights: uniform up to 1/√n, up to √(2/n) and up to √(6/n), and a "
        "normal curve of deviation √(2/n); right, their variances times n: 1/3, 2/3, 2 and 2."
    )
    return picture
