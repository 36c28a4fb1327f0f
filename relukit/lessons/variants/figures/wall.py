"""The wall: eight relatives of the rectifier, each a small picture with its name and year."""

import numpy as np
import torch

from relukit.activations import activation
from relukit.figures.canvas import DASHES, FAINT, PALETTE, Picture, drawn, panels

# what each was made for, in a few words, and its colour, in the order of their years
WALL = {
    "softplus": ("no kink", "green"),
    "leaky_relu": ("never quite off", "purple"),
    "prelu": ("learns its leak", "purple"),
    "elu": ("a mean nearer 0", "rose"),
    "gelu": ("x times a soft switch", "pink"),
    "silu": ("x times a soft switch", "brown"),
    "mish": ("a deeper dip", "teal"),
    "squareplus": ("no exponential", "green"),
}


@drawn
def wall() -> Picture:
    """Return eight small pictures: a relative in colour, the rectifier dashed behind it.

    References: [Dugas2000], [Maas2013], [He2015], [Clevert2015], [Hendrycks2016], [Elfwing2017],
        [Misra2019], [Barron2021].

    Example:
        >>> len(wall().axes)
        8
    """
    picture, axes = panels(4, rows=2, size=(6.5, 4.3), sharex=True, sharey=True)
    x = np.linspace(-4, 3, 281)
    for ax, (name, (purpose, colour)) in zip(axes, WALL.items(), strict=True):
        entry = activation(name)
        ax.axhline(0, color=FAINT, linewidth=0.8)
        ax.axvline(0, color=FAINT, linewidth=0.8)
        ax.plot(
            x, np.maximum(x, 0), color=FAINT, linestyle=DASHES[2], linewidth=1.4, gid="rectifier"
        )
        y = entry(torch.from_numpy(x)).numpy()
        ax.plot(x, y, color=PALETTE[colour], linewidth=2.3, gid=name)
        ax.set_title(f"{entry.title}, {entry.year}\n{purpose}", fontsize=8.5)
        ax.set(xlim=(-4, 3), ylim=(-1.3, 3), xticks=[-4, -2, 0, 2])
        ax.grid(visible=False)
    for ax in axes[4:]:
        ax.set_xlabel("input x")
    for ax in axes[::4]:
        ax.set_ylabel("output")
    picture.alt = (
        "Eight small graphs, the rectifier dashed behind each: "
        + ", ".join(f"{activation(name).title} ({purpose})" for name, (purpose, _) in WALL.items())
        + ". Right of 0 all come near to x."
    )
    return picture


@drawn
def dip() -> Picture:
    """Return how SiLU is made: x, a soft switch from 0 to 1, and their product with its dip.

    References: [Elfwing2017].

    Example:
        >>> [axes.get_title(loc="left") for axes in dip().axes]
        ['x', 'times a soft switch', 'is SiLU']
    """
    z = torch.linspace(-6, 3, 361, dtype=torch.float64)
    x, silu = z.numpy(), activation("silu")(z).numpy()
    picture, axes = panels(3, size=(6.5, 2.5))
    parts = {
        "x": (x, "grey"),
        "times a soft switch": (activation("sigmoid")(z).numpy(), "green"),
        "is SiLU": (silu, "brown"),
    }
    for ax, (title, (y, colour)) in zip(axes, parts.items(), strict=True):
        ax.plot(x, y, color=PALETTE[colour], linewidth=2.3, gid=title)
        ax.set(title=title, xlabel="input x", xlim=(-6, 3), xticks=[-6, -3, 0, 3])
    low = int(silu.argmin())
    axes[0].set(ylabel="output", ylim=(-6.2, 3.2))
    axes[1].set_ylim(-0.05, 1.05)
    axes[2].set_ylim(-0.6, 3.2)
    axes[2].plot(x[low], silu[low], "s", color=PALETTE["vermilion"], gid="lowest")
    axes[2].annotate(
        f"lowest: −{-silu[low]:.2f}\nat x = −{-x[low]:.2f}", (x[low], silu[low]), (-5.7, 0.55),
        fontsize=8.5, arrowprops={"arrowstyle": "-", "color": FAINT},
    )  # fmt: skip
    picture.alt = (
        "Three graphs: a straight line, a soft switch from 0 to 1, their product, which dips to "
        f"{silu[low]:.2f} at x = {x[low]:.2f} and comes back to 0 on the left."
    )
    return picture
