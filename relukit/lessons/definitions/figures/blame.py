"""Backpropagation through two units by hand: numbers walk forward, and blame walks home."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from matplotlib.axes import Axes

from relukit.figures.canvas import DASHES, INK, PALETTE, Picture, drawn, panels
from relukit.figures.film import Film, settle_alike
from relukit.figures.meaning import OFF, ON
from relukit.lessons.definitions.experiments.blame import Walk, walked

_LAST = 11  # the number of the frame that takes the step
_BLAME: Mapping[str, Any] = MappingProxyType(
    {"boxstyle": "round,pad=0.25", "fc": "white", "ec": PALETTE["purple"], "lw": 1.8}
)
_LIVE: Mapping[str, Any] = MappingProxyType({"color": ON["color"], "linewidth": 2.0})
_QUIET: Mapping[str, Any] = MappingProxyType(
    {"color": PALETTE["grey"], "linestyle": DASHES[2], "linewidth": 1.2}
)
_WAITING: Mapping[str, Any] = MappingProxyType({"color": PALETTE["grey"], "linewidth": 1.2})
_PLAIN: Mapping[str, Any] = MappingProxyType({"color": INK, "marker": "h"})  # an input, the output
_UNIT: Mapping[str, Any] = MappingProxyType({"color": INK, "marker": "o"})
_INPUTS, _UNITS, _OUTPUT = ((0.0, 1.15), (0.0, -1.15)), ((2.1, 1.15), (2.1, -1.15)), (4.2, 0.0)


def blame(walk: Walk | None = None) -> Film:
    r"""Return a film of one forward and one backward pass through two ReLUs, number by number.

    Args:
        walk: the network, its input and its target; without it, one with whole numbers, of which
            one unit is on and one is off.

    References: [Rumelhart1986].

    Example:
        >>> blame().captions[3]
        'The switches. Unit 1 is on: 3 passes. Unit 2 is off: what leaves it is 0.'
    """
    walk = walked() if walk is None else walk
    captions = _captions(walk)
    return Film(
        settle_alike(_frame(walk, stage) for stage in range(len(captions))),
        captions,
        seconds=2.0,
        alt=(
            "Numbers walk forward through a network of two inputs, two units and one output; then "
            "blame walks back along the same wires, times each weight, and stops at a unit that "
            "is off."
        ),
    )


def _captions(walk: Walk) -> list[str]:
    x, z, on = walk.x, walk.z, walk.on
    passes = [
        f"Unit {j + 1} is on: {_n(z[j])} passes."
        if on[j]
        else f"Unit {j + 1} is off: what leaves it is 0."
        for j in range(2)
    ]
    walks = [
        f"To unit {j + 1}: {_n(walk.blame)} times {_n(walk.out[j])} is {_n(walk.blame_of_a[j])}."
        for j in range(2)
    ]
    stops = [
        f"Unit {j + 1} is on: its {_n(walk.blame_of_a[j])} gets through."
        if on[j]
        else f"Unit {j + 1} is off: its {_n(walk.blame_of_a[j])} stops here, and 0 is left."
        for j in range(2)
    ]
    after = walk.stepped()
    return [
        "Two inputs, two units, one output. The number on a wire is its weight.",
        f"{_n(x[0])} and {_n(x[1])} come in.",
        f"Each unit adds up what arrives, times the weights: {_sum(walk, 0)} and {_sum(walk, 1)}.",
        " ".join(["The switches.", *passes]),
        f"The output adds up in the same way: {_terms(walk.out, walk.a)} = {_n(walk.y)}. "
        "Along a dotted wire comes 0.",
        f"We wanted {_n(walk.target)}. The loss is half of the squared error: {_n(walk.loss)}.",
        f"Move the output up by 0.01, and the loss changes by about {_n(0.01 * walk.blame)}: "
        f"{_n(walk.blame)} times as much. Call that the output's blame.",
        " ".join(["Blame walks home along each wire, times its weight.", *walks]),
        " ".join(["The switches again.", *stops]),
        "A weight's blame: the number at the start of its wire, times the blame at its end. For "
        f"the output's weights: {_product(walk.a[0], walk.blame)} and "
        f"{_product(walk.a[1], walk.blame)}.",
        f"And for the units' weights: {_weights_blame(walk, 0)} for unit 1, "
        f"{_weights_blame(walk, 1)} for unit 2.",
        f"Now move each weight a hundredth of its blame the other way: the loss falls from "
        f"{_n(walk.loss)} to {_n(after.loss)}. The boxes on the wires still show the weights' "
        "blame from before.",
    ]


@drawn
def _frame(walk: Walk, stage: int) -> Picture:
    picture, (axes,) = panels(size=(6.5, 3.7))
    axes.set(xlim=(-0.75, 6.15), ylim=(-2.15, 2.15))
    axes.set_axis_off()
    shown = walk if stage < _LAST else walk.stepped()
    _wires(axes, walk, shown, stage)
    for i, place in enumerate(_INPUTS):
        known = stage >= 1
        _node(axes, place, f"$x_{i + 1}$", _n(walk.x[i]) if known else "", _PLAIN)
    for j, place in enumerate(_UNITS):
        _unit(axes, place, shown, j, stage)
    known = stage >= 4
    _node(axes, _OUTPUT, "output", _n(shown.y) if known else "", _PLAIN)
    if stage >= 5:
        words = f"wanted {_n(walk.target)}\nloss {_n(shown.loss)}"
        axes.text(5.0, 0.0, words, va="center", ha="left", color=INK, fontsize=10.5, gid="loss")
    if 6 <= stage < _LAST:
        _blamed(axes, _OUTPUT[0], -0.62, _n(walk.blame), gid="blame of the output")
    titles = ((6, "Forward: numbers walk through"), (_LAST, "Back: blame walks home"))
    axes.set_title(next((t for end, t in titles if stage < end), "One step against the blame"))
    picture.alt = _captions(walk)[stage]
    return picture


def _wires(axes: Axes, walk: Walk, shown: Walk, stage: int) -> None:
    """Draw the wires with their weights, and what of their blame is known by now."""
    for j, unit in enumerate(_UNITS):
        for i, place in enumerate(_INPUTS):
            look = _LIVE if stage >= 2 else _WAITING
            axes.plot(*_ends(place, unit), zorder=1, gid=f"wire {i + 1}{j + 1}", **look)
            at, own = (0.30, 0.58) if i == j else (0.20, 0.62)  # clear of where they cross
            _weight(axes, place, unit, at, shown.weight[j, i])
            if stage >= 10:
                _own(axes, place, unit, own, walk.change_of_weight[j, i])
        look = _WAITING if stage < 4 else _LIVE if walk.on[j] else _QUIET
        axes.plot(*_ends(unit, _OUTPUT), zorder=1, gid=f"wire out {j + 1}", **look)
        _weight(axes, unit, _OUTPUT, 0.42, shown.out[j])
        if stage >= 9:
            _own(axes, unit, _OUTPUT, 0.68, walk.change_of_out[j])


def _unit(axes: Axes, place: tuple[float, float], walk: Walk, j: int, stage: int) -> None:
    """Draw a unit: its sum, whether it is on, and the blame that came to it."""
    x, y = place
    above = 1 if y > 0 else -1
    summed, switched = stage >= 2, stage >= 3
    on = bool(walk.on[j])
    look = (ON if on else OFF) if switched else _UNIT
    inside = _n(walk.a[j]) if switched else _n(walk.z[j]) if summed else ""
    _node(axes, place, f"unit {j + 1}", inside, look, filled=switched and on)
    if switched:
        words = f"on: {_n(walk.z[j])} passes" if on else f"off: {_n(walk.z[j])} is cut to 0"
        axes.text(x, y + 0.62 * above, words, ha="center", va="center", color=INK, gid="switch")
    if 7 <= stage < _LAST:  # it comes from the right, and leaves to the left
        got, side = (walk.blame_of_a[j], 0.35) if stage == 7 else (walk.blame_of_z[j], -0.12)
        _blamed(axes, x + side, y - 0.62 * above, _n(got), gid=f"blame of unit {j + 1}")


def _node(
    axes: Axes, place: tuple[float, float], name: str, value: str, look: Mapping[str, Any],
    *, filled: bool = False,
) -> None:  # fmt: skip
    x, y = place
    axes.plot(
        x, y, linestyle="none", markersize=33, markeredgewidth=1.8, zorder=3, gid=name,
        **{"markerfacecolor": look["color"] if filled else "white", **look},
    )  # fmt: skip
    words = value or name
    size = (12 if len(value) < 5 else 8.5) if value else 8
    axes.text(
        x, y, words, ha="center", va="center", fontsize=size, zorder=4,
        color="white" if filled else INK, gid=f"{name} says",
    )  # fmt: skip


def _ends(start: tuple[float, float], end: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    (x, y), (to_x, to_y) = start, end
    return (x, to_x), (y, to_y)


def _weight(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], at: float, value: float
) -> None:
    x, y = (s + at * (e - s) for s, e in zip(start, end, strict=True))
    axes.text(
        x, y, f"×{_n(value)}", ha="center", va="center", fontsize=9.5, color=INK, zorder=2,
        bbox={"boxstyle": "round,pad=0.18", "fc": "white", "ec": "none"},
    )  # fmt: skip


def _own(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], at: float, value: float
) -> None:
    """Write the blame of a weight upon its wire."""
    x, y = (s + at * (e - s) for s, e in zip(start, end, strict=True))
    axes.text(
        x, y, _n(value), ha="center", va="center", fontsize=9.5, color=INK, zorder=2,
        fontweight="bold", gid="blame of a weight", bbox={**_BLAME, "boxstyle": "round,pad=0.22"},
    )  # fmt: skip


def _blamed(axes: Axes, x: float, y: float, value: str, *, gid: str) -> None:
    axes.text(
        x, y, f"blame {value}", ha="center", va="center", fontsize=9.5, color=INK, zorder=5,
        fontweight="bold", gid=gid, bbox=_BLAME,
    )  # fmt: skip


def _n(value: float) -> str:
    """Return a number as a person writes it: three decimals at most, and a true minus."""
    text = f"{float(value):.3f}".rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace("-", "−")


def _terms(weights: Iterable[float], values: Iterable[float]) -> str:
    return " + ".join(_product(w, v) for w, v in zip(weights, values, strict=True))


def _product(one: float, other: float) -> str:
    shown = [f"({_n(n)})" if n < 0 else _n(n) for n in (one, other)]
    return "·".join(shown)


def _sum(walk: Walk, j: int) -> str:
    return f"{_terms(walk.weight[j], walk.x)} = {_n(walk.z[j])}"


def _weights_blame(walk: Walk, j: int) -> str:
    return " and ".join(_n(value) for value in walk.change_of_weight[j])
