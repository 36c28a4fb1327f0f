"""The curves that networks used before the rectifier, and how steep each is at 0."""

import numpy as np

from relukit.activations import relu, sigmoid, tanh
from relukit.figures.canvas import INK, Picture, drawn, panels
from relukit.figures.meaning import means


@drawn
def s_shapes() -> Picture:
    """Return the sigmoid, tanh and the rectifier, each with its slope beside 0.

    Example:
        >>> len(s_shapes().axes)
        3
    """
    picture, cells = panels(3, size=(7.0, 2.5), sharex=True, sharey=True)
    x = np.linspace(-4, 4, 401)
    shown = (
        ("sigmoid", sigmoid, 0.25, "rises by 1/4"),
        ("tanh", tanh, 1.0, "rises by 1"),
        ("relu", relu, 1.0, "rises by 1,\nright of 0"),
    )
    for axes, (name, curve, slope, said) in zip(cells, shown, strict=True):
        look = {**means(name), "marker": ""}
        start = float(curve(0.0))
        axes.plot(x, curve(x), **look, gid=name)
        corners = (start, start, start + slope, start)
        axes.plot((0, 1, 1, 0), corners, color=INK, linewidth=1.2, gid="step")
        axes.annotate(
            said, (1, start + slope / 2), (6, 0), textcoords="offset points", va="center",
            color=INK, fontsize=8.5,
        )  # fmt: skip
        axes.set(xlabel="input", xlim=(-4, 4), ylim=(-1.2, 2.2))
        axes.set_title({"relu": "rectifier"}.get(name, name))
    cells[0].set_ylabel("output")
    picture.alt = (
        "Three curves: the sigmoid from 0 to 1, tanh from -1 to 1, both flat at their ends, and "
        "the rectifier. Where the input rises from 0 to 1, a line as steep as the curve at 0 rises "
        "by a quarter for the sigmoid and by 1 for the other two."
    )
    return picture
