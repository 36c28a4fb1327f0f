"""How constants follow from wishes: SELU's two from its moments, squareplus's b from softplus."""

import numpy as np
import torch

from relukit.activations import softplus, squareplus
from relukit.figures.canvas import INK, Picture, drawn, panels
from relukit.figures.curves import look
from relukit.figures.meaning import OFF, ON
from relukit.lessons.variants.experiments.exponential import halves_of_elu
from relukit.lessons.variants.experiments.smooth import CLOSEST, MATCHES_VALUE

THICK = 0.5  # of a bar, whose rows are 1 apart


@drawn
def selu_constants() -> Picture:
    """Return what both halves give to mean and mean square: ELU, with SELU's alpha, and SELU.

    References: [Klambauer2017].

    Example:
        >>> [axes.get_xlabel() for axes in selu_constants().axes]
        ['mean', 'mean square']
    """
    halves = halves_of_elu()
    alpha, scale = halves.alpha, halves.scale
    rows = (
        ("ELU", 1.0, 1.0),
        (f"left half times {alpha:.3f}", alpha, 1.0),
        (f"then all times {scale:.3f}", alpha, scale),
    )
    picture, (left, right) = panels(2, size=(6.5, 2.7), sharey=True)
    filled = {"color": ON["color"], "height": THICK}
    hollow = {
        "facecolor": "white", "edgecolor": OFF["color"], "height": THICK, "linewidth": 1.2,
        "hatch": "///",
    }  # fmt: skip
    for place, (_, deep, times) in zip((3, 2, 1), rows, strict=True):
        up, down = times * halves.right_mean, times * deep * halves.left_mean
        left.barh(place, up, gid=f"right {place}", **filled)
        left.barh(place, -down, gid=f"left {place}", **hollow)
        left.plot([up - down], [place], "|", color=INK, markersize=17, markeredgewidth=2.5)
        left.text(0.44, place, f"{abs(up - down):.3f}", va="center")
        above = times**2 * halves.right_square
        below = (times * deep) ** 2 * halves.left_square
        right.barh(place, above, gid=f"right {place}", **filled)
        right.barh(place, below, left=above, gid=f"left {place}", **hollow)
        right.text(1.03, place, f"{above + below:.3f}", va="center")
    right.axvline(1, color=INK, linewidth=1)
    left.axvline(0, color=INK, linewidth=1)
    left.set_yticks((3, 2, 1), [name for name, _, _ in rows])
    left.set(xlabel="mean", xlim=(-0.5, 0.62), title="Deepen the left: mean 0")
    right.set(xlabel="mean square", xlim=(0, 1.24), title="Stretch all: mean square 1")
    for ax in (left, right):
        ax.grid(visible=False, axis="y")
    left.text(-0.46, 3.42, "inputs below 0")
    left.text(0.02, 3.42, "inputs above 0")
    left.set_ylim(0.5, 3.8)
    picture.alt = (
        "Bars of what the inputs below and above 0 give to mean and mean square. ELU: "
        f"{halves.right_mean - halves.left_mean:.3f} and "
        f"{halves.right_square + halves.left_square:.3f}. Its left half {alpha:.3f} times as "
        f"deep: mean 0. All of it {scale:.3f} times as large: mean 0 and mean square 1."
    )
    return picture


@drawn
def squareplus_gaps() -> Picture:
    """Return squareplus minus softplus over the input, for the three named values of b.

    References: [Barron2021].

    Example:
        >>> squareplus_gaps().axes[0].get_ylabel()
        'squareplus minus softplus'
    """
    x = torch.linspace(-8, 8, 801, dtype=torch.float64)
    named = {
        "b = 4: as curved at 0": 4.0,
        "b = 1.92: as high at 0": float(MATCHES_VALUE),
        "b = 1.52: never far away": CLOSEST,
    }
    picture, (axes,) = panels(size=(6.5, 3.1))
    axes.axhline(0, color=INK, linewidth=0.8)
    for index, (label, b) in enumerate(named.items()):
        gap = (squareplus(x, b=b) - softplus(x)).numpy()
        axes.plot(x, gap, gid=label, **look(index))
        axes.text((2.3, 2.6, 0.9)[index], (0.29, 0.12, -0.06)[index], label)
    axes.set(xlabel="input x", ylabel="squareplus minus softplus", xlim=(-8, 8))
    axes.set_title("Three wishes, three values of b")
    worst = [float(np.abs(line.get_ydata()).max()) for line in axes.get_lines()[1:]]
    picture.alt = (
        "Squareplus minus softplus over the input. With b = 4 it lies above by up to "
        f"{worst[0]:.3f}, at 0; with b = 4 ln(2)² it touches 0 there and is off by up to "
        f"{worst[1]:.3f}; with b = 1.523821 by no more than {worst[2]:.3f} anywhere."
    )

    return picture
