"""What a network cuts its inputs into: pieces of a line, cells of a plane."""

import math
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch
from torch import nn

from relukit.diagnostics import count_regions, linear_pieces, region_polygons
from relukit.errors import InvalidValueError
from relukit.figures.canvas import INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.meaning import OFF, ON
from relukit.lessons.definitions.figures.hinges import random_network
from relukit.quantities import integer

Box = tuple[float, float, float, float]  # left, right, bottom, top

# Four lines in general position whose eleven cells all have room for a label in the box below.
FOUR_WEIGHTS = ((-1.2, 0.4), (0.9, 1.0), (-1.2, 1.4), (0.2, 1.3))
FOUR_BIASES = (-0.9, -0.7, 0.1, -2.6)
FOUR_BOX = (-3.4, 3.4, -2.5, 2.9)
_MOST_SWITCHES = 5  # marks side by side that a cell has room for
_LEAST_ROOM = 0.8  # of a row of marks that must fit into a cell
_TINTS = ("#FFFFFF", "#EEF5FA", "#DDEBF5", "#CCE1F0", "#BBD7EB", "#AACDE6")
_TEETH: dict[str, Any] = {"color": PALETTE["blue"], "linewidth": 0.8}
_WORDS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight",
    "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
)  # fmt: skip


@drawn
def pieces(
    network: nn.Module | None = None, *, low: float = -3.0, high: float = 3.0, seed: int = 28
) -> Picture:
    """Return the function of a ReLU network of one input, with every one of its kinks.

    Args:
        network: 1 input, 1 output; if none, one hidden layer of 16 units, drawn with `seed`.
        low: left end of what is drawn.
        high: right end of what is drawn.
        seed: draws the network's weights, if none is given.

    Raises:
        InvalidValueError: if low is not below high, or either is infinite.

    References: [Zaslavsky1975], [Hanin2019].

    Example:
        >>> pieces().axes[0].get_xlabel()
        'input x'
    """
    if not -math.inf < low < high < math.inf:
        raise InvalidValueError("low < high, both finite", f"{low}, {high}", "swap or change them")
    network = random_network((1, 16, 1), seed=seed) if network is None else network
    found = linear_pieces(network, low, high)
    knots = torch.as_tensor(found.knots, dtype=torch.float64)
    x = torch.cat([torch.tensor([low, high], dtype=torch.float64), knots]).sort().values
    picture, (axes,) = panels(size=(6.5, 3.0))
    axes.plot(x, found(x), color=PALETTE["blue"], gid="function")
    axes.plot(
        knots, found(knots), MARKERS[0], color=PALETTE["vermilion"], label="kink", gid="kinks"
    )
    axes.set(xlabel="input x", ylabel="output")
    hidden = [layer.out_features for layer in network.modules() if isinstance(layer, nn.Linear)][
        :-1
    ]
    title = f"{found.count} straight pieces between {low:g} and {high:g}"
    if len(hidden) == 1:
        title += f"; {hidden[0]} units draw {hidden[0] + 1} at most"
    axes.set_title(title)
    axes.legend()
    shape = " and ".join(map(str, hidden))
    picture.alt = (
        f"The output of a ReLU network with {shape} hidden units over its one input: "
        f"{found.count} straight pieces that meet at {len(knots)} marked kinks."
    )
    return picture


@drawn
def cells(
    weight: object = FOUR_WEIGHTS, bias: object = FOUR_BIASES, box: Box = FOUR_BOX
) -> Picture:
    r"""Return the cells of a few units, each labelled by which of the units are on in it.

    Unit i is on where $w_i\cdot x + b_i > 0$: on the side of its line with the teeth.

    Args:
        weight: the units' weights, shape (n, 2), of 1 to 5 units; array, tensor or list.
        bias: the units' biases, shape (n,).
        box: what of the plane is drawn: left, right, bottom, top.

    Raises:
        InvalidTypeError: something that is not numbers.
        InvalidValueError: shapes that do not fit together, no unit or too many, or a box without
            area.

    References: [Zaslavsky1975].

    Example:
        >>> cells().axes[0].get_title(loc="left")
        'Four switches, eleven cells'
    """
    polygons = region_polygons(weight, bias, box)
    normals, offsets = _array(weight), _array(bias)
    n = integer("number of units", len(offsets), least=1, most=_MOST_SWITCHES, do="pass fewer")
    picture, (axes,) = panels(size=(6.5, 5.4))
    patterns = [normals @ polygon.mean(0) + offsets > 0 for polygon in polygons]
    areas = PolyCollection(
        polygons, facecolors=[_TINTS[on.sum()] for on in patterns], edgecolors=PALETTE["blue"],
        linewidths=1.4, gid="cells",
    )  # fmt: skip
    axes.add_collection(areas)
    taken = [
        place
        for polygon, on in zip(polygons, patterns, strict=True)
        if (place := _switches(axes, polygon, on, box)) is not None
    ]
    for unit in range(n):
        _line(axes, normals, offsets, unit, box, taken)
    _frame(axes, box)
    total = count_regions(weight, bias)
    title = f"{_counted(n, 'switch')}, {_counted(total, 'cell')}".capitalize()
    if len(polygons) < total:
        title += f"; {_counted(len(polygons))} of them in view"
    axes.set_title(title)
    marks = [axes.plot([], [], **_mark(state))[0] for state in (True, False)]
    side = Patch(facecolor="none", hatch="////", edgecolor=PALETTE["blue"], linewidth=0)
    words = ["this unit is on", "this unit is off", "the side on which it is on"]
    picture.legend([*marks, side], words, loc="outside lower center", ncols=3)
    picture.alt = (
        f"A plane cut by {_counted(n, 'line')}, one for each unit, which is on at one side of its "
        f"line and off at the other; filled and hollow marks in {_counted(len(polygons), 'cell')} "
        "say which units are on there, and no two cells say the same."
    )
    return picture


def _line(
    axes: Axes,
    normals: np.ndarray,
    offsets: np.ndarray,
    unit: int,
    box: Box,
    taken: list[np.ndarray],
) -> None:
    """Draw teeth along the side of a unit's line on which it is on, and the unit's name.

    Args:
        axes: where.
        normals: the weights of all units.
        offsets: their biases.
        unit: which one, from 0.
        box: what of the plane is drawn.
        taken: places at which words stand, to which the name's is added.
    """
    sizes, width = np.linalg.norm(normals, axis=1), box[1] - box[0]
    normal, offset, size = normals[unit], offsets[unit], sizes[unit]
    if not size:  # on everywhere or nowhere: no line
        return
    inward = normal / size
    foot, along = -offset / size * inward, np.array([-inward[1], inward[0]])
    reach = 3 * np.abs(box).max() + np.linalg.norm(foot)
    ends = foot + np.outer([-reach, reach], along)
    seen = _clipped(ends, box)
    if seen is None:
        return
    teeth = np.arange(0, float(np.linalg.norm(seen[1] - seen[0])), 0.016 * width)[:, None]
    roots = seen[0] + teeth * along
    comb = np.stack([roots, roots + 0.016 * width * (inward + 0.5 * along), roots * np.nan], axis=1)
    axes.plot(*comb.reshape(-1, 2).T, gid=f"on side of {unit + 1}", **_TEETH)
    places = seen[0] + np.linspace(0.06, 0.94, 45)[:, None] * (seen[1] - seen[0])
    wide = (1.0, 3.0)  # words are about three times as wide as high
    others = (np.arange(len(sizes)) != unit) & (sizes > 0)
    lines = np.abs(places @ normals[others].T + offsets[others]) / sizes[others] * 2
    apart = [
        min((*(np.linalg.norm((place - words) * wide) for words in taken), *away, 0.25 * width))
        for place, away in zip(places, lines, strict=True)
    ]
    x, y = place = places[int(np.argmax(apart))]
    taken.append(place)
    axes.text(
        x, y, f"unit {unit + 1}", ha="center", va="center", fontsize=8.5, zorder=4,
        gid=f"unit {unit + 1}",
        bbox={"boxstyle": "round,pad=0.2", "fc": "white", "ec": PALETTE["blue"], "lw": 1.0},
    )  # fmt: skip


def _clipped(ends: np.ndarray, box: Box) -> np.ndarray | None:
    """Return the part of a segment inside a box (Liang and Barsky), or None."""
    (x, y), (dx, dy) = ends[0], ends[1] - ends[0]
    left, right, bottom, top = box
    first, last = 0.0, 1.0
    for step, room in ((-dx, x - left), (dx, right - x), (-dy, y - bottom), (dy, top - y)):
        if step < 0:
            first = max(first, room / step)
        elif step > 0:
            last = min(last, room / step)
        elif room < 0:
            return None
    return ends[0] + np.outer([first, last], ends[1] - ends[0]) if first < last else None


def _switches(axes: Axes, polygon: np.ndarray, on: np.ndarray, box: Box) -> np.ndarray | None:
    """Draw a row of numbered marks, filled where a unit is on and hollow where it is off.

    Returns:
        Where it stands, or None where the cell has no room for it.
    """
    step = 0.037 * (box[1] - box[0])
    centre, room = _roomiest(polygon, (step * len(on) / 2, step / 2))
    if room < _LEAST_ROOM:
        return None
    for place, state in enumerate(on):
        at = centre[0] + step * (place - (len(on) - 1) / 2), centre[1]
        axes.plot(*at, gid="on" if state else "off", zorder=3, **_mark(state))
        axes.text(
            *at, str(place + 1), color="white" if state else INK, fontsize=8, ha="center",
            va="center_baseline", zorder=4,
        )  # fmt: skip
    return centre


def _mark(on: bool) -> dict[str, Any]:
    return {**(ON if on else OFF), "linestyle": "none", "markersize": 11 if on else 10}


def _roomiest(polygon: np.ndarray, half: tuple[float, float]) -> tuple[np.ndarray, float]:
    """Return where in a convex polygon a label has most room, and how many times it fits there.

    Args:
        polygon: corners (n, 2), counter-clockwise.
        half: of the label's width and height.
    """
    from scipy.optimize import linprog

    edges = np.roll(polygon, -1, axis=0) - polygon
    inward = np.stack([-edges[:, 1], edges[:, 0]], axis=1)
    found = linprog(
        [0, 0, -1], A_ub=np.column_stack([-inward, np.abs(inward) @ half]),
        b_ub=-(inward * polygon).sum(1), bounds=[(None, None), (None, None), (0, None)],
    )  # fmt: skip
    return (found.x[:2], float(found.x[2])) if found.success else (polygon.mean(0), 0.0)


def _frame(axes: Axes, box: Box) -> None:
    left, right, bottom, top = box
    axes.set(xlabel="input $x_1$", ylabel="input $x_2$", aspect="equal")
    axes.set(xlim=(left, right), ylim=(bottom, top))
    axes.grid(visible=False)


def _counted(number: int, noun: str = "") -> str:
    """Return a small number in words, with its noun."""
    word = _WORDS[number] if number < len(_WORDS) else str(number)
    ending = "" if number == 1 or not noun else "es" if noun.endswith("ch") else "s"
    return f"{word} {noun}{ending}".strip()


def _array(values: object) -> np.ndarray:
    return np.asarray(values.detach().cpu() if isinstance(values, torch.Tensor) else values, float)
