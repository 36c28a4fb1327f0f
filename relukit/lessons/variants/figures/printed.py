"""Published tables as pictures: with intervals where they allow it."""

from typing import Any

from relukit.figures.canvas import INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.meaning import looks
from relukit.lessons.variants.experiments.published import (
    MISH_TABLE,
    N_RUNS,
    TWINS,
    mish_against,
)


@drawn
def mish_intervals() -> Picture:
    """Return other activations minus Mish on CIFAR-10, 95 % intervals from the printed table.

    References: [Misra2019].

    Example:
        >>> mish_intervals().axes[0].get_xlabel()
        'accuracy minus that of Mish, in points'
    """
    names = [name for name in MISH_TABLE if name != "Mish"]
    picture, (axes,) = panels(size=(6.5, 4.1))
    places = range(len(names), 0, -1)
    axes.axvline(0, color=PALETTE["grey"], linewidth=1)
    crossing = []
    for place, name in zip(places, names, strict=True):
        span, _ = mish_against(name)
        crosses = span.low <= 0 <= span.high
        crossing += [name] * crosses
        fill: dict[str, Any] = (
            {"marker": MARKERS[1], "markerfacecolor": "white"} if crosses else {"marker": "8"}
        )
        axes.errorbar(
            [-span.mean], [place], xerr=[[span.high - span.mean], [span.mean - span.low]],
            linestyle="none", color=INK, capsize=3, gid=name, **fill,
        )  # fmt: skip
    axes.set_yticks(list(places), names)
    axes.set(xlabel="accuracy minus that of Mish, in points", ylim=(0.3, len(names) + 0.7))
    axes.set_title(f"After {N_RUNS} runs, four others may be as good as Mish (white)")
    axes.grid(visible=False, axis="y")
    picture.alt = (
        f"Accuracy of {len(names)} activations minus that of Mish, with 95 % intervals over "
        f"{N_RUNS} runs, from a printed table: those of {', '.join(crossing)} cross 0, all "
        "others lie below it."
    )
    return picture


@drawn
def twin_rankings() -> Picture:
    """Return the test accuracies of five activations in a tutorial and in its twin.

    Example:
        >>> twin_rankings().axes[0].get_ylabel()
        'test accuracy, %'
    """
    picture, (axes,) = panels(size=(6.5, 3.0))
    for style, (name, values) in zip(looks(TWINS), TWINS.items(), strict=True):
        axes.plot((0, 1), values, label=name, gid=name, **style)
    axes.set_xticks((0, 1), ("torch", "jax"))
    axes.set(
        xlim=(-0.3, 1.3),
        ylabel="test accuracy, %",
        title="The same five, run once each: another order",
    )
    axes.set_xlabel("framework")
    picture.legend(loc="outside right center")
    picture.alt = (
        "Lines that join the accuracy of five activations in a tutorial's torch edition with that "
        "in its jax edition: they cross, so that the order changes."
    )
    return picture
