"""How long a lead lasts: one arm minus another while both are trained."""

import numpy as np

from relukit.figures.canvas import FAINT, INK, PALETTE, Picture, drawn, panels
from relukit.figures.mine import mine
from relukit.lessons.variants.experiments.lead import AT, accuracies
from relukit.statistics import interval


@drawn
def lead(guess: object = None) -> Picture:
    """Return SiLU and ReLU while they learn MNIST-1D, and beside them SiLU's lead.

    Args:
        guess: what `predict("lead", ...)` returned, or four numbers in points; drawn as diamonds.

    Example:
        >>> lead().axes[1].get_xlabel()
        'steps'
    """
    silu, relu = (100 * np.array(accuracies(name)) for name in ("silu", "relu"))
    steps = np.arange(1, silu.shape[1] + 1) * AT[0]
    picture, (left, right) = panels(2, size=(6.5, 3.2))
    for name, values, colour, dash, mark in (
        ("SiLU", silu, "brown", (0, (3, 1.2)), "X"),
        ("ReLU", relu, "blue", "-", "o"),
    ):
        left.plot(
            steps, values.mean(0), color=PALETTE[colour], linestyle=dash, marker=mark,
            markersize=5, gid=name,
        )  # fmt: skip
    left.text(1600, silu.mean(0)[7] + 1, "SiLU", color=INK, ha="center")
    left.text(1600, relu.mean(0)[7] - 1.7, "ReLU", color=INK, ha="center")
    left.set(xlabel="steps", ylabel="new signals right, in %", xlim=(0, 2560), ylim=(50, 67))
    left.set_title("SiLU is there first")
    left.set_xticks([0, 800, 1600, 2400])
    right.set_xticks([0, 800, 1600, 2400])
    gaps = silu - relu
    spans = [interval(column.tolist()) for column in gaps.T]
    right.fill_between(
        steps,
        [s.low for s in spans],
        [s.high for s in spans],
        facecolor="#EDEDED",
        edgecolor=FAINT,
        gid="band",
    )
    right.plot(steps, gaps.mean(0), color=INK, marker="o", markersize=4, gid="lead")
    right.axhline(0, color=PALETTE["grey"], linewidth=1)
    for at in AT[1:]:
        value = gaps[:, at // AT[0] - 1].mean()
        right.annotate(
            f"{value:.1f}", (at, value), (3, 7), textcoords="offset points",
            ha="center" if at > 1000 else "left", color=INK, fontsize=8.5,
        )  # fmt: skip
    right.set(xlabel="steps", ylabel="SiLU's lead, in points", xlim=(0, 2560), ylim=(-1, 6))
    right.set_title("Most of the lead melts")
    mine(right, guess, at=AT[1:])
    picture.alt = (
        f"On the left SiLU and ReLU rise, SiLU first; on the right SiLU's lead with its 95 % "
        f"interval over {len(gaps)} seeds falls until {AT[-1]:,} steps, most of it early."
    )
    return picture
