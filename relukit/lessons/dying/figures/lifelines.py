"""Life lines of units, their fates by layer, and the autopsy of one."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.meaning import OFF, ON
from relukit.statistics import interval

HATCHES = ("", "///", "...", "xxx")


@drawn
def life_lines(alive: Sequence[Sequence[Sequence[bool]]], steps: Sequence[int]) -> Picture:
    """Return one row a unit and one column a moment, dark where the unit is dead.

    Args:
        alive: for each layer, whether each unit is alive at each moment, (moments, units).
        steps: the moments, as numbers of updates.

    Raises:
        InvalidValueError: if there is no layer, or the moments differ in number.

    Conventions: units are sorted by how long they are dead.

    Example:
        >>> life_lines([[[True, True], [True, False]]], [0, 5]).axes[0].get_xlabel()
        'updates'
    """
    layers = [np.asarray(layer, dtype=bool) for layer in alive]
    if not layers or any(layer.shape[:1] != (len(steps),) for layer in layers):
        got = str([layer.shape for layer in layers])
        raise InvalidValueError(f"layers with {len(steps)} moments", got, "pass both of one run")
    picture, cells = panels(len(layers), size=(6.5, 3.0), sharey=True)
    shades = ListedColormap(["#DCEBF5", PALETTE["vermilion"]])
    for place, (axes, layer) in enumerate(zip(cells, layers, strict=True), start=1):
        order = np.argsort((~layer).sum(0), kind="stable")
        span = (steps[0], steps[-1], -0.5, layer.shape[1] - 0.5)
        axes.imshow(
            ~layer.T[order], aspect="auto", interpolation="nearest", origin="lower", cmap=shades,
            vmin=0, vmax=1, extent=span,
        )  # fmt: skip
        axes.set(xlabel="updates", title=f"Layer {place}")
        axes.grid(visible=False)
    cells[0].set_ylabel("unit")
    marks = [
        Patch(facecolor=shades(i), edgecolor="#767676", label=("alive", "dead")[i]) for i in (0, 1)
    ]
    picture.legend(handles=marks, loc="outside lower center", ncols=2)
    picture.alt = (
        f"Life lines of the units of {len(layers)} hidden layers of one network over its updates, "
        "coloured while a unit is dead: long bars to the end in the first layer, short ones behind."
    )
    return picture


@drawn
def fates(died: Sequence[Sequence[int]], back: Sequence[Sequence[int]]) -> Picture:
    """Return how many units of each layer died, and how many of these came back, for every network.

    Args:
        died: units that died at least once, (seeds, layers).
        back: those of them that came back, (seeds, layers).

    Raises:
        InvalidValueError: if the shapes differ, or more came back than died.

    Example:
        >>> fates([[2, 3], [1, 4]], [[0, 3], [0, 4]]).axes[0].get_xlabel()
        'hidden layer'
    """
    counts = [np.asarray(part, dtype=float) for part in (died, back)]
    if counts[0].shape != counts[1].shape or counts[0].ndim != 2 or np.any(counts[1] > counts[0]):
        raise InvalidValueError(
            "as many or fewer revivals than deaths, (seeds, layers)",
            f"shapes {counts[0].shape} and {counts[1].shape}",
            "pass what `fates` counted",
        )
    picture, (axes,) = panels(size=(6.5, 2.8))
    layers = np.arange(1, counts[0].shape[1] + 1)
    sides = ((-0.12, OFF, "died"), (0.12, ON, "came back"))
    for values, (aside, style, name) in zip(counts, sides, strict=True):
        axes.plot(
            np.tile(layers + aside, len(values)), values.ravel(), linestyle="none", markersize=2.6,
            **style,
        )  # fmt: skip
        spans = [interval(column) for column in values.T]
        axes.errorbar(
            layers + aside, [s.mean for s in spans], capsize=3, label=name, gid=name,
            yerr=[[s.mean - s.low for s in spans], [s.high - s.mean for s in spans]],
            markersize=7, linestyle="none", **style,
        )  # fmt: skip
    axes.set_xticks(layers)
    axes.set(xlabel="hidden layer", ylabel="units of a network", ylim=(-0.6, None))
    axes.set_title(f"Units that died, and came back (dots: {len(counts[0])} seeds; mean, interval)")
    axes.legend(loc="upper left")
    picture.alt = (
        "Units that died and units that came back in each layer, with all seeds as dots: none "
        "come back in the first layer, nearly all behind it."
    )
    return picture


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
        'update'
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
    bottom.set(xlabel="update", ylabel="length", title="Change of its weights and bias")
    picture.alt = (
        "Two curves over the updates of one first-layer unit: many training images activate it "
        "until one large update, and none after it."
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
