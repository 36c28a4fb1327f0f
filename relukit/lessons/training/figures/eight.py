"""The eight activations that lesson 06 compares, each in a small graph of its own."""

from collections.abc import Mapping

import numpy as np
import torch

from relukit.activations import activation
from relukit.figures.canvas import DASHES, FAINT, Picture, drawn, panels
from relukit.figures.meaning import means


@drawn
def eight(called: Mapping[str, str]) -> Picture:
    """Return one small graph for each activation, the rectifier dashed behind it.

    Args:
        called: title -> name of an activation; eight of them.

    Example:
        >>> from relukit.lessons.training.experiments.comparison import CALLED
        >>> [axes.get_title(loc="left") for axes in eight(CALLED).axes][-1]
        'sigmoid'
    """
    picture, axes = panels(4, rows=2, size=(6.5, 3.2), sharex=True, sharey=True)
    x = np.linspace(-4, 3, 281)
    for ax, (title, name) in zip(axes, called.items(), strict=True):
        ax.axhline(0, color=FAINT, linewidth=0.8)
        ax.axvline(0, color=FAINT, linewidth=0.8)
        ax.plot(x, np.maximum(x, 0), color=FAINT, linestyle=DASHES[2], linewidth=1.4)
        y = activation(name)(torch.from_numpy(x)).numpy()
        ax.plot(x, y, color=means(name)["color"], linewidth=2.3, gid=name)
        ax.set_title(title)
        ax.set(xlim=(-4, 3), ylim=(-1.9, 3.1), xticks=[-4, -2, 0, 2])
        ax.grid(visible=False)
    for ax in axes[4:]:
        ax.set_xlabel("input x")
    for ax in axes[::4]:
        ax.set_ylabel("output")
    picture.alt = (
        f"Eight small graphs, the rectifier dashed behind each: {', '.join(called)}. Six come near "
        "to x on the right; tanh and sigmoid are S-shaped and flat at both ends."
    )
    return picture
