"""Random crowds of rectifiers: who is on, when a push grows, and what the rates then do."""

import numpy as np

from relukit.figures.canvas import DASHES, INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.curves import look, reach
from relukit.figures.mine import mine as draw_mine
from relukit.lessons.history.experiments.chaos import N_UNITS, population, resting_share
from relukit.statistics import interval

ROOT = float(np.sqrt(2))


@drawn
def same_half(*, mine: object = None) -> Picture:
    """Return which share of the units is on, and g^2 times that share, over the gain.

    Args:
        mine: the gain that was predicted, a number or a prediction.

    References: [Kadmon2015].

    Example:
        >>> [axes.get_xlabel() for axes in same_half().axes]
        ['gain g', 'gain g']
    """
    course = population()
    picture, axes = panels(2, size=(7, 3.3))
    rest = np.linspace(0.8, ROOT, 40)
    shares = np.array([resting_share(gain) for gain in rest])
    beyond = np.array(course.gains) > ROOT
    spans = [interval(values) for values in course.on.T.tolist()]
    for ax, power in zip(axes, (0, 2), strict=True):
        ax.plot(rest, rest**power * shares, color=PALETTE["blue"], gid="theory")
        for later, face in ((False, PALETTE["blue"]), (True, "white")):
            chosen = [k for k in range(len(spans)) if beyond[k] == later]
            scales = np.array([course.gains[k] ** power for k in chosen])
            ax.errorbar(
                [course.gains[k] for k in chosen], scales * [spans[k].mean for k in chosen],
                scales * reach(spans[k] for k in chosen),
                fmt=MARKERS[0], color=PALETTE["blue"], markersize=5, capsize=3,
                markerfacecolor=face, gid="beyond" if later else "below",
            )  # fmt: skip
        ax.axvline(ROOT, color=PALETTE["grey"], linestyle=DASHES[1], linewidth=1.2, gid="root")
        ax.set(xlabel="gain g", xlim=(0.7, 2.7))
        ax.annotate(
            r"$\sqrt{2}$", (ROOT, 0), (3, 6), xycoords=("data", "axes fraction"),
            textcoords="offset points",
        )  # fmt: skip
    for ax, level in zip(axes, (0.5, 1.0), strict=True):
        ax.axhline(level, color=INK, linewidth=0.9, gid="level")
    axes[0].set(ylabel="share of the units that are on", ylim=(0, 1))
    axes[0].set_title("At the root of 2, half of the units are on")
    axes[1].set(ylabel="g² times that share", ylim=(0, 2.1))
    axes[1].set_title("g² times this half is 1")
    axes[1].annotate("above 1, rest\ndoesn't last", (0.75, 1.7))
    axes[1].annotate("below 1, a push dies out", (1.45, 0.45))
    axes[0].annotate("line: computed", (0.75, 0.93))
    axes[0].annotate(f"dots: {len(course.on)} networks of {N_UNITS}", (1.45, 0.7))
    guess = getattr(mine, "value", mine)
    if guess is not None:
        draw_mine(axes[1], 1.0, at=min(max(float(guess), 0.7), 2.7))  # type: ignore[arg-type]
    picture.alt = (
        "Two panels over the gain: the share of units that are on falls and is one half at the "
        "root of 2, and the gain squared times this share rises and is 1 there."
    )
    return picture


@drawn
def chaos() -> Picture:
    """Return rates over time below and above the transition, and Lyapunov exponents by gain.

    References: [Kadmon2015].

    Example:
        >>> [axes.get_ylabel() for axes in chaos().axes]
        ['rates', 'rates', 'largest Lyapunov exponent']
    """
    course = population()
    picture, axes = panels(3, size=(7, 3.0), gridspec_kw={"width_ratios": (1, 1, 1.5)})
    shown, late = (course.gains.index(1.0), course.gains.index(2.2)), slice(0, 600)
    top = 1.05 * float(course.rates[late, 0][:, list(shown)].max())
    for ax, where, word in zip(axes[:2], shown, ("at rest", "never at rest"), strict=True):
        for unit in range(4):
            ax.plot(
                course.times[late], course.rates[late, 0, where, unit],
                linewidth=1.3, gid="rate", **look(unit),
            )  # fmt: skip
        ax.set(xlabel="time constants", ylabel="rates", ylim=(-0.03 * top, top))
        ax.set_title(f"Gain {course.gains[where]:g}: {word}")
    right = axes[2]
    right.axhline(0, color=PALETTE["grey"], linewidth=1)
    right.axvline(ROOT, color=PALETTE["vermilion"], linestyle=DASHES[1], gid="root")
    for gain, values in zip(course.gains, course.exponents.T.tolist(), strict=True):
        span = interval(values)
        right.plot(
            [gain] * len(values), values, MARKERS[0], color=PALETTE["grey"], markersize=2.5,
            gid="networks",
        )  # fmt: skip
        right.errorbar(
            gain, span.mean, [[span.mean - span.low], [span.high - span.mean]], capsize=4,
            color=PALETTE["blue"], marker=MARKERS[1], markersize=4,
        )  # fmt: skip
    right.annotate(
        r"$\sqrt{2}$", (ROOT, 0), (0, 6), xycoords=("data", "axes fraction"),
        textcoords="offset points", ha="right",
    )  # fmt: skip
    right.set(xlabel="gain g", ylabel="largest Lyapunov exponent")
    right.set_title(f"{N_UNITS} units turn late")
    picture.alt = (
        "Rates of four units are constant at gain 1 and wander at gain 2.2; the largest Lyapunov "
        f"exponent of {len(course.exponents)} random networks rises with the gain and crosses 0 "
        "beyond the root of 2."
    )
    return picture
