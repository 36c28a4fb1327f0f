"""The autopsy of a unit, and what explains the deaths of each layer."""

from collections.abc import Mapping, Sequence

import numpy as np

from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, MARKERS, PALETTE, Picture, drawn, panels

HATCHES = ("", "///", "...", "xxx")


@drawn
def autopsy(images: Sequence[int], updates: Sequence[float], *, death: int) -> Picture:
    """Return the images that activate one unit, and the size of its updates, around its death.

    Args:
        images: how many training images activate it after so many updates, (n + 1,).
        updates: length of each update of its weights and bias, (n,).
        death: the update after which no image is left, from 0.

    Raises:
        InvalidValueError: if the lengths do not fit, or the unit is not dead after that update.

    Example:
        >>> autopsy([9, 8, 0, 0], [0.1, 2.0, 0.0], death=1).axes[1].get_xlabel()
        'step'
    """
    if len(images) != len(updates) + 1 or not 0 <= death < len(updates):
        got = f"{len(images)} and {len(updates)}, death {death}"
        raise InvalidValueError("one count more than updates, and one of these", got, "recount")
    if not images[death] or images[death + 1]:
        raise InvalidValueError("a unit that dies there", str(images[death + 1]), "find its step")
    picture, (top, bottom) = panels(rows=2, size=(6.5, 3.4), sharex=True)
    x = np.arange(len(images))
    top.step(x, images, where="mid", color=PALETTE["blue"], gid="images")
    bottom.vlines(x[:-1] + 0.5, 0, updates, color=PALETTE["vermilion"], gid="updates")
    bottom.plot(x[:-1] + 0.5, updates, MARKERS[1], color=PALETTE["vermilion"], markersize=3)
    for axes in (top, bottom):
        axes.axvline(death + 0.5, color=PALETTE["grey"], linestyle=DASHES[1], linewidth=1.2)
    top.set(ylabel="images", title="Training images that activate the unit (dashed: its death)")
    bottom.set(xlabel="step", ylabel="length", title="Change of its weights and bias")
    picture.alt = (
        "Two curves over the steps of one first-layer unit: many training images activate it "
        "until one large step, and none after it."
    )
    return picture


@drawn
def ways_to_die(counts: Mapping[str, Mapping[str, int]]) -> Picture:
    """Return, for each layer, which share of its deaths each change explains.

    Args:
        counts: layer -> explanation -> number of deaths, the same explanations in every layer,
            four at most.

    Raises:
        InvalidValueError: if a layer has no death, or the explanations differ.

    Example:
        >>> ways_to_die({"1": {"own": 3, "inputs": 1}}).axes[0].get_xlabel()
        'share of the deaths of the layer'
    """
    names = list(next(iter(counts.values()), {}))
    for layer, row in counts.items():
        if list(row) != names or not sum(row.values()) > 0:
            raise InvalidValueError(
                "the same explanations of some deaths", f"{layer}: {row}", "recount"
            )
    if not 1 <= len(names) <= len(HATCHES):
        raise InvalidValueError("one to four explanations", repr(names), "merge some")
    picture, (axes,) = panels(size=(6.5, 2.5))
    start = np.zeros(len(counts))
    places = np.arange(len(counts), 0, -1)
    for name, colour, hatch in zip(
        names, ("vermilion", "blue", "green", "grey"), HATCHES, strict=False
    ):
        share = np.array([row[name] / sum(row.values()) for row in counts.values()])
        axes.barh(
            places, share, left=start, height=0.6, color=PALETTE[colour], hatch=hatch,
            edgecolor="white", label=name, gid=name,
        )  # fmt: skip
        start += share
    axes.set_yticks(places, list(counts))
    axes.set(xlabel="share of the deaths of the layer", xlim=(0, 1))
    axes.set_title("What alone would have killed the unit")
    axes.grid(visible=False)
    picture.legend(loc="outside lower center", ncols=2)
    picture.alt = (
        "Stacked bars of what explains the deaths of each layer: in the first layer the unit's own "
        "new weights, behind it mostly the new inputs."
    )
    return picture
