"""How long a lead lasts: one arm minus another while both are trained."""

import numpy as np

from relukit.figures.canvas import FAINT, INK, Picture, drawn, panels
from relukit.figures.mine import mine
from relukit.lessons.variants.experiments.lead import AT, accuracies
from relukit.statistics import interval

_PAIRS = {
    "SiLU": ("silu", "relu", "SiLU: most of the lead melts"),
    "mirror": ("mirror", "flat (ReLU)", "The mirror: the lead turns"),
}


@drawn
def lead(guess: object = None) -> Picture:
    """Return the leads of SiLU and of the mirror over ReLU while all of them learn MNIST-1D.

    Args:
        guess: what `predict("lead", ...)` returned, or four numbers in points; drawn as diamonds.

    Example:
        >>> lead().axes[1].get_xlabel()
        'steps'
    """
    picture, axes = panels(2, size=(6.5, 3.4), sharey=True)
    for ax, (name, (ahead, behind, title)) in zip(axes, _PAIRS.items(), strict=True):
        gaps = 100 * (np.array(accuracies(ahead)) - np.array(accuracies(behind)))
        steps = np.arange(1, gaps.shape[1] + 1) * AT[0]
        spans = [interval(column.tolist()) for column in gaps.T]
        ax.fill_between(
            steps, [s.low for s in spans], [s.high for s in spans], facecolor="#EDEDED",
            edgecolor=FAINT, gid="band",
        )  # fmt: skip
        ax.axhline(0, color=INK, linewidth=1.2)
        ax.plot(steps, gaps.mean(0), color=INK, marker="o", markersize=4.5, gid=f"lead {name}")
        for at in AT[:1] + AT[2:]:  # the first two points are close to each other
            span = spans[at // AT[0] - 1]
            above = span.mean > 0
            ax.annotate(
                f"{span.mean:+.1f}".replace("-", "−"), (at, span.high if above else span.low),
                (0, 3 if above else -3), textcoords="offset points",
                ha="left" if above and at == 800 else "center",  # right of a falling edge
                va="bottom" if above else "top", color=INK, fontsize=10, gid=f"after {at}",
            )  # fmt: skip
        ax.set(xlabel="steps", xlim=(0, 2640), ylim=(-5.4, 5.9), title=title)
        ax.set_xticks([0, 800, 1600, 2400])
        ax.text(2580, 5.8, "ahead of ReLU", ha="right", va="top", color=INK, gid="ahead")
        ax.text(2580, -5.3, "behind ReLU", ha="right", va="bottom", color=INK, gid="behind")
    axes[0].set(ylabel="lead, in points", yticks=range(-4, 5, 2))
    mine(axes[0], guess, at=AT[1:])
    picture.alt = (
        f"Two leads over ReLU with their 95 % interval over {len(gaps)} seeds, until {AT[-1]:,} "
        "steps: SiLU's falls, most of it early; the mirror's is above 0 at the first point alone."
    )
    return picture
