"""What one diode lets through of a wave, and how much of its power that is."""

import numpy as np

from relukit.activations import relu
from relukit.figures.canvas import DASHES, PALETTE, Picture, drawn, panels
from relukit.lessons.history.experiments.waves import power, sine


@drawn
def half_kept() -> Picture:
    """Return a sine behind a diode, the squares of what passes and of what doesn't, and their sums.

    Example:
        >>> half_kept().axes[0].get_ylabel()
        'voltage'
    """
    wave = sine(401).repeat(2)
    time, passed = np.arange(len(wave)) / 401, relu(wave)
    lost = wave - passed
    picture, (left, middle, right) = panels(
        3, size=(7.0, 2.9), gridspec_kw={"width_ratios": (1.5, 1.5, 0.8)}
    )
    on, off = PALETTE["blue"], PALETTE["vermilion"]
    left.plot(time, lost, color=off, linestyle=DASHES[1], gid="lost")
    left.plot(time, passed, color=on, gid="passed")
    left.set(xlabel="periods", ylabel="voltage", title="One diode stops the lower half")
    for values, colour, hatch, word, at in (
        (passed, on, "", "passes", 0.25),
        (lost, off, "///", "is stopped", 1.75),
    ):
        middle.fill_between(
            time, (values**2).numpy(), facecolor=colour if not hatch else "white",
            edgecolor=colour, hatch=hatch, linewidth=1, gid=word,
        )  # fmt: skip
        middle.annotate(word, (at, 1), (0, 3), textcoords="offset points", ha="center")
    middle.set(xlabel="periods", ylabel="square of the voltage", ylim=(0, 1.2))
    middle.set_title("Equal areas")
    share = power(passed) / power(wave)
    right.bar([0], [share], 0.6, color=on, gid="kept")
    right.bar(
        [0], [1 - share], 0.6, bottom=[share], facecolor="white", edgecolor=off, hatch="///",
        gid="stopped",
    )  # fmt: skip
    right.annotate(f"{share:.2f}", (0, share / 2), ha="center", va="center", color="white")
    right.set(xlim=(-0.7, 0.7), xticks=(), ylabel="share of the power", ylim=(0, 1.02))
    right.set_xlabel("both together")
    right.set_title("Half is kept")
    for axes in (middle, right):
        axes.grid(visible=False, axis="x")
    picture.alt = (
        "A sine of which a diode stops the lower half; the squares of what passes and of what is "
        "stopped have equal areas, so half of the power is kept."
    )
    return picture
