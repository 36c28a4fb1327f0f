"""How alike inputs become: the arc-cosine map, fixed units, and the edge of chaos."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from relukit.figures.canvas import DASHES, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.curves import look
from relukit.lessons.initialization.experiments.likeness import (
    arc_cosine,
    difference_left,
    predicted_cosines,
)
from relukit.lessons.initialization.figures.seeds import band, table
from relukit.quantities import integer


@drawn
def cosines(found: Sequence[Mapping[str, Sequence[float]]]) -> Picture:
    """Return the map of one layer, and the cosine of two inputs by layer beside its iterates.

    Args:
        found: for each seed "cosine" by layer, as `through_layers` returns it.

    Raises:
        InvalidValueError: fewer than two seeds, or lists that do not fit.

    Example:
        >>> cosines([{"cosine": [0.3, 0.5]}, {"cosine": [0.32, 0.48]}]).axes[1].get_xlabel()
        'hidden layer'
    """
    rows = table("cosine", [one["cosine"] for one in found])
    picture, (left, right) = panels(2, size=(6.5, 3.1), gridspec_kw={"width_ratios": (1, 1.35)})
    c = np.linspace(-1, 1, 401)
    left.plot(c, c, color=PALETTE["grey"], linestyle=DASHES[2], linewidth=1.2, label="no change")
    left.plot(c, arc_cosine(c), color=PALETTE["blue"], label="one layer", gid="map")
    steps = np.repeat(predicted_cosines(6), 2)
    left.plot(
        steps[:-1], [0.0, *steps[2:]], color=PALETTE["vermilion"], linestyle=DASHES[1],
        linewidth=1.3, label="six layers from 0", gid="steps",
    )  # fmt: skip
    left.set(xlabel="cosine before", ylabel="cosine after", title="One ReLU layer")
    left.legend(loc="lower right", fontsize=7.5)
    layers = np.arange(1, rows.shape[1] + 1)
    band(right, layers, rows, look(0, marked=True), f"measured, {len(rows)} seeds")
    right.plot(
        layers, predicted_cosines(len(layers))[1:], color=PALETTE["vermilion"],
        linestyle=DASHES[1], label="the left curve, again and again", gid="theory",
    )  # fmt: skip
    right.set(xlabel="hidden layer", ylabel="cosine of two inputs", ylim=(0, 1.03))
    right.set_title("Two unrelated inputs, by layer")
    right.locator_params(axis="x", integer=True)
    right.legend(loc="lower right")
    picture.alt = (
        "Left, the cosine of two inputs after one ReLU layer against that before: above the "
        "diagonal everywhere; right, by layer, measured cosines lie on the curve that the map "
        "gives and rise towards 1."
    )
    return picture


@drawn
def always_on_or_off(found: Sequence[Mapping[str, Sequence[float]]]) -> Picture:
    """Return the share of zeros by layer beside the share of units that no input switches.

    Args:
        found: for each seed "zeros" and "fixed" by layer, as `through_layers` returns them.

    Raises:
        InvalidValueError: fewer than two seeds, or lists that do not fit.

    Example:
        >>> some = {"zeros": [0.5, 0.5], "fixed": [0.0, 0.1]}
        >>> always_on_or_off([some, some]).axes[0].get_ylabel()
        'share'
    """
    picture, (axes,) = panels(size=(6.5, 2.9))
    names = {"zeros": "exact zeros", "fixed": "units on for all inputs, or for none"}
    for place, (key, label) in enumerate(names.items()):
        rows = table(key, [one[key] for one in found])
        band(axes, np.arange(1, rows.shape[1] + 1), rows, look(place, marked=True), label)
    axes.set(xlabel="hidden layer", ylabel="share", ylim=(-0.02, 0.75))
    axes.locator_params(axis="x", integer=True)
    axes.set_title(f"He's weights, no biases (mean, 95 % interval over {len(found)} seeds)")
    axes.legend(loc="upper left")
    picture.alt = (
        "By layer, the share of exact zeros stays at one half, while the share of units that are "
        "on for all 256 inputs or for none rises from none to nearly as many."
    )
    return picture


@drawn
def edge(*, layers: int = 1000) -> Picture:
    """Return 1 - c of two inputs by layer on the edge of chaos and off it, on logarithmic axes.

    Args:
        layers: how many, 10 to 100,000.

    Raises:
        InvalidValueError: if layers is out of range.

    Example:
        >>> edge(layers=50).axes[0].get_xscale()
        'log'
    """
    layers = integer("layers", layers, least=10, most=100_000, do="pass 1000")
    picture, (axes,) = panels(size=(6.5, 3.1))
    depth = np.arange(1, layers + 1)
    on = np.array(difference_left(layers, weight=2.0)[1:])
    off = np.array(difference_left(layers, weight=1.5, bias=0.25)[1:])
    axes.plot(depth, on, color=PALETTE["blue"], label="on the edge: weights 2/n", gid="on")
    axes.plot(
        depth, 9 * math.pi**2 / (2 * depth**2), color=PALETTE["green"], linestyle=DASHES[2],
        label="9π²/(2L²)", gid="law",
    )  # fmt: skip
    seen = off > 1e-8
    axes.plot(
        depth[seen], off[seen], MARKERS[1], color=PALETTE["vermilion"], linestyle=DASHES[1],
        markersize=3.5, markevery=8, label="off it: weights 1.5/n, random biases", gid="off",
    )  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="layers L", ylabel="1 - cosine")
    axes.set(ylim=(1e-8, 3), title="What is left of the difference of two inputs")
    axes.legend(loc="lower left")
    picture.alt = (
        "On logarithmic axes, what is left of the difference of two inputs against layers: on "
        "the edge of chaos it nears a straight line of slope -2, off the edge it plunges."
    )
    return picture
