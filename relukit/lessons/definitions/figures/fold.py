"""Exclusive-or by two ReLUs, as a film: the plane is flattened, creased, and cut once."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection

from relukit.activations import relu
from relukit.diagnostics import region_polygons
from relukit.figures.canvas import DASHES, INK, PALETTE, Picture, drawn, panels
from relukit.figures.film import Film, settle_alike
from relukit.lessons.definitions.experiments.layers import PARITY, XOR
from relukit.lessons.definitions.figures.exclusive_or import CORNER

_LOW, _HIGH, _STEP = -0.25, 1.25, 0.25  # of the sheet, and of the squares on it
_TINTS = ("white", "#E4EFF7", "#C6DDED")  # of the sheet where no ReLU, one, or both are on
_CREASES = (0.0, 1.0)  # values of s: at each, a ReLU switches on
_LINES = "#5F95BA"  # thin ones: as light as 3:1 on white allows
_SLIDE, _PRESS, _LIFT, _RULE = 5, 1, 4, 1  # frames of each move
CUT = 0.5  # what f(s) - 2 f(s - 1) must exceed to say 1
_SAYS: dict[str, Any] = {
    "facecolor": "none",
    "edgecolor": _LINES,
    "hatch": "////",
    "linewidth": 0.0,
}


_PAPER = {"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.8}  # under words


@dataclass(frozen=True)
class Moment:
    """How far each move has gone, from 0 to 1, and what is said of it.

    Attributes:
        title: of the picture on the right.
        caption: of the frame.
        slide: every point along its line of equal s, down to the axis.
        press: what lies left of s = 0, onto 0.
        lift: what lies beyond s = 1, up to f(s - 1).
        rule: how much of the ruler has been drawn.
        told: whether the side that says 1 is hatched.
        unfolded: whether it is hatched on the left, too.
    """

    title: str
    caption: str
    slide: float = 0.0
    press: float = 0.0
    lift: float = 0.0
    rule: float = 0.0
    told: bool = False
    unfolded: bool = False


def moved(points: np.ndarray, *, slide: float, press: float, lift: float) -> np.ndarray:
    r"""Return where points of the plane are while it is folded to $(f(s), f(s - 1))$.

    With $s = x_1 + x_2$, which no slide changes, and shares of three moves: the place is
    $(x_1 + \text{slide} \cdot x_2 - \text{press} \cdot \min(s, 0),\;
    (1 - \text{slide}) x_2 + \text{lift} \cdot f(s - 1))$.

    Args:
        points: float (..., 2).
        slide: of every point along its line of equal s, down to the axis, from 0 to 1.
        press: of what lies left of s = 0, onto 0.
        lift: of what lies beyond s = 1.

    Example:
        >>> moved(np.array([[0.0, 1.0], [1.0, 1.0]]), slide=1, press=1, lift=1).tolist()
        [[1.0, 0.0], [2.0, 1.0]]
    """
    x, y = np.moveaxis(points, -1, 0)
    s = x + y
    beyond = relu(torch.from_numpy(s - 1)).numpy()
    return np.stack(
        [x + slide * y - press * np.minimum(s, 0), (1 - slide) * y + lift * beyond], axis=-1
    )


def parts() -> list[tuple[np.ndarray, int]]:
    """Return the parts of the sheet between its creases, each (corners, 2), and how many are on."""
    box = (_LOW, _HIGH, _LOW, _HIGH)
    found = [np.asarray(p) for p in region_polygons(np.ones((2, 2)), -np.array(_CREASES), box)]
    return [(part, sum(bool(part.mean(0).sum() > s) for s in _CREASES)) for part in found]


def squares() -> list[np.ndarray]:
    """Return the lines of the squared paper, each (points, 2), so fine that they can bend."""
    ticks = np.arange(_LOW, _HIGH + _STEP / 2, _STEP)
    fine = np.arange(_LOW, _HIGH + _STEP / 4, _STEP / 2)  # every crease goes through one of these
    lines = [np.column_stack([np.full_like(fine, tick), fine]) for tick in ticks]
    return lines + [line[:, ::-1] for line in lines]


def creases() -> list[np.ndarray]:
    """Return both ends (2, 2) of each line along which the sheet bends."""
    return [np.array([[_LOW, s - _LOW], [s - _LOW, _LOW]]) for s in _CREASES]


def unfolded_cut() -> tuple[np.ndarray, np.ndarray]:
    """Return what the one cut is on the unfolded sheet: two lines (2, 2, 2), and what they part."""
    low, high = CUT, 2 - CUT  # where s and 2 - s are the cut's own value
    cuts = [
        [[_LOW, low - _LOW], [low - _LOW, _LOW]],
        [[high - _HIGH, _HIGH], [_HIGH, high - _HIGH]],
    ]
    band = [*cuts[0], [_HIGH, _LOW], *cuts[1][::-1], [_LOW, _HIGH]]
    return np.array(cuts), np.array(band)


def fold() -> Film:
    r"""Return a film that folds the plane by two ReLUs until a ruler parts exclusive-or.

    On the left the plane as it is; on the right every point moves to
    $(f(s), f(s - 1))$ with $s = x_1 + x_2$: first along its line of equal s, down to one line;
    then what lies left of s = 0 is pressed onto 0; then what lies beyond s = 1 is lifted. There
    the straight line $f(s) - 2 f(s - 1) = 1/2$ has exclusive-or's ones on one side.

    References: [Goodfellow2016], section 6.1, has these two units; [Montufar2014] folds.

    Example:
        >>> fold().captions[-1]
        'Back on the sheet: the one straight cut has become two. No ruler could do that.'
    """
    shown = moments()
    return Film(
        settle_alike(map(_frame, shown)),
        [moment.caption for moment in shown],
        alt=(
            "The plane with exclusive-or's four points slides onto one line, so that (0, 1) and "
            "(1, 0) lie on one place; then its end is bent up, and one straight line has the "
            "filled points on one side and the hollow ones on the other."
        ),
        still=-1,
        seconds=1.0,
    )


def _eased(n: int) -> list[float]:
    """Return n shares of a move that begins and ends slowly, the last of them 1."""
    return [(1 - math.cos(math.pi * k / n)) / 2 for k in range(1, n + 1)]


def moments() -> list[Moment]:
    """Return the film's moments in their order."""
    s = XOR.sum(1)
    right = int(((relu(s) - 2 * relu(s - 1) > CUT) == (PARITY > 0)).sum())
    flat: dict[str, Any] = {"slide": 1.0}
    pressed = flat | {"press": 1.0}
    lifted = pressed | {"lift": 1.0}
    found = [
        Moment(
            "A sheet of squared paper",
            "Exclusive-or on squared paper: filled is 1, hollow is 0. The paper will bend along "
            "two lines: s = 0 and s = 1, where s = x₁ + x₂. The darker, the more ReLUs are on.",
        )
    ]
    slides = (
        "Both ReLUs see only the sum s. So let every point slide along its slanted line, on which "
        "s stays the same.",
        "(0, 1) is on its way to (1, 0): both have s = 1.",
    )
    found += [
        Moment("Slide: only the sum s counts", slides[k >= _SLIDE // 2], slide=share)
        for k, share in enumerate(_eased(_SLIDE)[:-1])
    ]
    found += [
        Moment(
            "Slide: only the sum s counts",
            "Landed. (0, 1) and (1, 0) lie on one place: a dot in a ring.",
            **flat,
        ),
        Moment(
            "Not yet: 0, 1, 0 in a row",
            "All on one line now, but in the order 0, 1, 0. A ruler can't separate that yet.",
            **flat,
        ),
    ]
    found += [
        Moment(
            "Press: f(s) is 0 up to s = 0",
            "The first ReLU, f(s), presses all left of s = 0 onto 0. The four points stay.",
            **flat | {"press": share},
        )
        for share in _eased(_PRESS)
    ]
    lifts = (
        "The second ReLU, f(s − 1), gives 0 up to s = 1. From there on it lifts the paper.",
        "(1, 1) goes up with it, to f(s) = 2 and f(s − 1) = 1. The others stay down.",
    )
    found += [
        Moment(
            "Lift: f(s − 1) begins at s = 1", lifts[k >= _LIFT // 2], **pressed | {"lift": share}
        )
        for k, share in enumerate(_eased(_LIFT))
    ]
    found += [
        Moment(
            "Cut: now a ruler is enough",
            "Now lay the ruler along f(s) − 2 f(s − 1) = 1/2.",
            **lifted | {"rule": share},
        )
        for share in _eased(_RULE)
    ]
    told = lifted | {"rule": 1.0, "told": True}
    found += [
        Moment(
            f"Two ReLUs and one cut: {right} of {len(XOR)} right",
            f"Filled on one side, hollow on the other: {right} of {len(XOR)} right, with two ReLUs "
            "and one straight cut.",
            **told,
        ),
        Moment(
            f"Two ReLUs and one cut: {right} of {len(XOR)} right",
            "Back on the sheet: the one straight cut has become two. No ruler could do that.",
            unfolded=True,
            **told,
        ),
    ]
    return found


@drawn
def _frame(moment: Moment) -> Picture:
    """Return the plane, and beside it how far it is folded."""
    picture, (left, right) = panels(
        2, size=(6.5, 3.25), sharey=True, gridspec_kw={"width_ratios": (1.95, 3.2)}
    )
    unmoved = {"slide": 0.0, "press": 0.0, "lift": 0.0}
    moves = {name: getattr(moment, name) for name in unmoved}
    _sheet(left, unmoved)
    _sheet(right, moves)
    _places(left, unmoved)
    _places(right, moves)
    for axes, how in ((left, unmoved), (right, moves)):
        for s, ends in zip(_CREASES, creases(), strict=True):
            axes.plot(*moved(ends, **how).T, color=INK, linestyle=DASHES[1], linewidth=1.3,
                      gid=f"crease {s:g}")  # fmt: skip
            if axes is left:
                axes.annotate(f"s = {s:g}", ends[1], (0, -3), textcoords="offset points",
                              va="top", ha="center")  # fmt: skip
    left.set(xlim=(-0.4, 1.55), ylim=(-0.6, 1.6), aspect="equal", xticks=(0, 1), yticks=(0, 1))
    right.set(xlim=(-0.6, 2.6), aspect="equal", xticks=(0, 1, 2))
    _cut(left, right, moment)
    left.set(xlabel="input $x_1$", ylabel="input $x_2$", title="The two inputs")
    slid, pressed, lifted = moment.slide == 1, moment.press == 1, moment.lift == 1
    across = "first ReLU, f(s)" if pressed else "the sum s"
    right.set_xlabel(across if slid else "input $x_1$, on its way to s")
    up = "second ReLU, f(s − 1)" if lifted else "on its way to f(s − 1)"
    right.set_ylabel(up if pressed else "nothing yet" if slid else "input $x_2$, on its way to 0")
    right.set_title(moment.title)
    for axes in (left, right):
        axes.grid(visible=False)
    picture.alt = (
        "Exclusive-or's four points on squared paper, and beside it the same points and paper on "
        f"their way to (f(s), f(s - 1)). {moment.title}."
    )
    return picture


def _sheet(axes: Axes, moves: dict[str, float]) -> None:
    """Draw the sheet and its squares where the moves have brought them."""
    sheet = parts()
    flat = moves["slide"] == 1  # seen from its edge, the paper is a line
    axes.add_collection(
        PolyCollection(
            [moved(part, **moves) for part, _ in sheet],
            facecolors=[_TINTS[n] for _, n in sheet], edgecolors=PALETTE["blue"],
            linewidths=3.0 if flat else 1.2, zorder=1, gid="sheet",
        ),
        autolim=False,
    )  # fmt: skip
    axes.add_collection(
        LineCollection([moved(line, **moves) for line in squares()], colors=_LINES,
                       linewidths=0.7, zorder=1.5, gid="squares"),
        autolim=False,
    )  # fmt: skip


def _places(axes: Axes, moves: dict[str, float]) -> None:
    """Draw the four points where the moves have brought them, each with its name."""
    places = moved(XOR.numpy(), **moves)
    together = bool(np.allclose(places[1], places[2]))
    for answer, style in CORNER.items():
        axes.plot(*places[PARITY.numpy() == answer].T, linestyle="none", zorder=4,
                  gid=f"answer {answer:g}", **style)  # fmt: skip
    if together:
        axes.plot(*places[[1]].T, "o", color=PALETTE["blue"], fillstyle="none", markersize=18,
                  markeredgewidth=1.8, zorder=4, gid="two in one place")  # fmt: skip
    names = [f"({one}, {other})" for one, other in XOR.int().tolist()]
    above = [together, True, False, True]
    if together:
        names[1:3] = "", " and ".join(names[1:3])
    for place, name, up in zip(places, names, above, strict=True):
        aside = place[1] > 0 and together  # the paper goes on up and to the right
        axes.annotate(
            name, place, (-7 if aside else 0, 9 if up else -11), textcoords="offset points",
            ha="right" if aside else "center",
            va="bottom" if up else "top", fontsize=8.5, zorder=5, gid="name",
            bbox=_PAPER,
        )  # fmt: skip


def _cut(left: Axes, right: Axes, moment: Moment) -> None:
    """Draw the ruler on the folded paper, and what it cuts on the unfolded one."""
    across = np.array(right.get_xlim())
    words: dict[str, Any] = {"ha": "center", "va": "center", "bbox": _PAPER, "zorder": 5}
    ends = np.column_stack([across, (across - CUT) / 2])
    if moment.rule:
        start, end = ends
        right.plot(*np.array([start, start + moment.rule * (end - start)]).T, color=INK,
                   linewidth=2.2, zorder=3, gid="ruler")  # fmt: skip
    if moment.told:
        corner = [across[1], right.get_ylim()[0]]
        right.fill(*np.array([*ends, corner]).T, zorder=0.5, gid="says 1", **_SAYS)
        right.text(2.05, 0.2, "says 1", **words)
        right.text(0.75, 1.0, "says 0", **words)
    if moment.unfolded:
        cuts, band = unfolded_cut()
        for cut in cuts:
            left.plot(*cut.T, color=INK, linewidth=2.2, zorder=3, gid="ruler")
        left.fill(*band.T, zorder=2, gid="says 1", **_SAYS)
        left.text(0.5, 0.5, "says 1", **words)
