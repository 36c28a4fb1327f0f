"""A unit drawn as a switch that its own input sets."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from relukit.activations import relu
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import INK, PALETTE, Picture, drawn, panels
from relukit.figures.meaning import OFF, ON
from relukit.quantities import real

_MOST = 9.0  # the largest number that has room
_ROWS = {"inputs": 6.0, "weights": 5.15, "sum": 3.5, "switch": 2.15, "output": 0.6}
_NODE: dict[str, Any] = {
    "linestyle": "none",
    "markersize": 29,
    "markeredgewidth": 1.6,
    "zorder": 4,
}
_WORD: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 5}
_WIRE: dict[str, Any] = {"color": PALETTE["grey"], "linewidth": 0.95, "zorder": 1}


@drawn
def switch(
    inputs: Sequence[float] = (2, 1, 3),
    weights: Sequence[float] = (1, -2, 0.5),
    bias: float = -1,
) -> Picture:
    r"""Return one unit twice: with these inputs, and with one of them changed so that it flips.

    The unit adds up $z = \sum_i w_i x_i + b$; its switch, ReLU, lets z through if z is positive,
    and 0 otherwise.

    Args:
        inputs: x, 1 to 4 numbers from -9 to 9.
        weights: w, as many, not all of them 0.
        bias: b, from -9 to 9.

    Raises:
        InvalidTypeError: what is no number, or no list of them.
        InvalidValueError: another count of them, one out of range, or weights that are all 0.

    Conventions: a sum of exactly 0 leaves the switch open. What is changed is the first input with
        the largest weight, by the smallest whole number that throws the switch.

    Example:
        >>> switch()
        One unit twice: its inputs 2, 1 and 3 add up to 0.5 and close its switch, so 0.5 comes out; with 2 in place of 1 they add up to −1.5, the switch is open and 0 comes out.
    """  # noqa: E501
    x, w = _numbers("inputs", inputs), _numbers("weights", weights)
    b = real("bias", bias, least=-_MOST, most=_MOST, do="pass such as bias=-1")
    if len(x) != len(w):
        got = f"{len(x)} inputs and {len(w)} weights"
        raise InvalidValueError("a weight for each input", got, "pass as many of both")
    if not w.any():
        do = "make one of them another number: with weights of 0 no input can throw the switch"
        raise InvalidValueError("a weight that is not 0", "only zeros", do)
    place, other = _flipped(x, w, b)
    picture, axes = panels(2, size=(6.5, 4.9), width_ratios=[5.8, 4.5])
    for number, (ax, values) in enumerate(zip(axes, (x, other), strict=True)):
        _unit(ax, values, w, b, changed=(place, x[place]) if number else None)
    for words, height in _ROWS.items():
        axes[0].text(-3.5, height, words, ha="left", va="center", fontsize=10, weight="bold")
    axes[0].set_xlim(-3.5, 2.3)
    picture.suptitle(
        "A unit is a switch that its own input sets", x=0.015, ha="left", fontsize=12,
        weight="bold",
    )  # fmt: skip
    picture.alt = _said(x, other, place, w, b)
    return picture


def _unit(
    axes: Axes, x: np.ndarray, w: np.ndarray, b: float, *, changed: tuple[int, float] | None
) -> None:
    """Draw one unit from its inputs down to its output.

    Args:
        axes: where.
        x: the inputs.
        w: the weights.
        b: the bias.
        changed: place and former value of an input that is another than beside it.
    """
    z = float(w @ x + b)
    on, out = z > 0, float(relu(np.array(z)))
    side = ">" if z > 0 else "<" if z < 0 else "="
    look = ON if on else OFF
    colour, words = look["color"], "white" if on else INK
    top, mid, low, end = (_ROWS[row] for row in ("inputs", "sum", "switch", "output"))
    places = (np.arange(len(x)) - (len(x) - 1) / 2) * (1.35 if len(x) < 4 else 1.15)
    for i, (at, value, weight) in enumerate(zip(places, x, w, strict=True)):
        axes.plot([at, 0], [top, mid], gid=f"wire {i}", **_WIRE)
        new = changed is not None and changed[0] == i
        ring = _NODE | ({"markeredgewidth": 3.2, "markersize": 28} if new else {})
        axes.plot([at], [top], marker="o", color=INK, markerfacecolor="white", **ring)
        _inside(axes, at, top, value, gid=f"input {i}")
        share = (top - _ROWS["weights"]) / (top - mid)
        axes.text(
            at * (1 - share), _ROWS["weights"], f"× {_number(weight)}",
            fontsize=9.5 if len(x) < 4 else 8.5,
            gid=f"weight {i}", bbox={"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none"},
            **_WORD,
        )  # fmt: skip
    if changed:
        axes.text(
            places[changed[0]], top + 0.72, f"was {_number(changed[1])}", fontsize=9.5,
            weight="bold", gid="changed", **_WORD,
        )  # fmt: skip
    frame = FancyBboxPatch(
        (-2.15, 1.35), 4.35, 2.95, boxstyle="round,pad=0,rounding_size=0.3", fill=False,
        edgecolor=PALETTE["grey"], linewidth=1.2, linestyle=(0, (4, 2)), gid="unit",
    )  # fmt: skip
    axes.add_patch(frame)
    axes.text(-1.98, 4.02, "one unit", ha="left", va="center", fontsize=9.5)
    axes.text(-0.5, mid, _added(w * x), ha="right", va="center", fontsize=9.5, gid="added")
    axes.plot([1.05, 0], [mid, mid], gid="wire bias", **_WIRE)
    axes.text(1.05, mid, f"bias {_number(b)}", ha="left", va="center", fontsize=10, gid="bias")
    axes.plot([0], [mid], marker="o", color=INK, markerfacecolor="white", gid="sum", **_NODE)
    _inside(axes, 0, mid, z, gid="z")
    _lever(axes, low, mid, end, on=on, colour=colour)
    axes.text(
        0.4, low + 0.22, "ReLU: on" if on else "ReLU: off", ha="left", va="center",
        fontsize=10.5, weight="bold", gid="state",
    )  # fmt: skip
    axes.text(
        0.4, low - 0.22, f"{_number(z)} {side} 0", ha="left", va="center", fontsize=10, gid="why"
    )
    axes.plot(
        [0], [end], marker=look["marker"], color=colour, gid="output",
        markerfacecolor=colour if on else "white", **_NODE | {"markersize": 31},
    )  # fmt: skip
    _inside(axes, 0, end, out, gid="out", color=words)
    title = f"on: {_number(out)} passes" if on else "off: 0 comes out"
    axes.set(xlim=(-2.2, 2.3), ylim=(0, 7.6))
    axes.text(0, 7.4, title, fontsize=11, gid="title", **_WORD)
    axes.set_axis_off()


def _inside(
    axes: Axes, across: float, up: float, number: float, *, gid: str, color: str = INK
) -> None:
    """Write a number into a circle, smaller where it is long."""
    words = _number(number)
    size = {1: 11, 2: 11, 3: 11, 4: 10}.get(len(words), 8.5)
    axes.text(across, up, words, fontsize=size, color=color, gid=gid, **_WORD)


def _lever(axes: Axes, height: float, above: float, below: float, *, on: bool, colour: str) -> None:
    """Draw a switch, closed or open, in the wire from the sum to the output."""
    upper, lower = height + 0.45, height - 0.45
    wide: dict[str, Any] = {
        "color": colour,
        "linewidth": 2.6,
        "solid_capstyle": "round",
        "zorder": 2,
    }
    dots: dict[str, Any] = {"linestyle": "none", "markersize": 6.5, "color": colour, "zorder": 3}
    axes.plot([0, 0], [above, upper], gid="above the switch", **wide)
    tip = (0.0, lower) if on else (-0.9 * math.sin(0.75), upper - 0.9 * math.cos(0.75))
    axes.plot([0, tip[0]], [upper, tip[1]], gid="lever", **wide)
    axes.plot(
        [0, 0], [lower, below], gid="below the switch",
        **wide | ({} if on else {"linewidth": 1.4, "linestyle": (0, (2, 2))}),
    )  # fmt: skip
    for y in (upper, lower):
        axes.plot([0], [y], marker="o", markerfacecolor=colour if on else "white", **dots)


def _flipped(x: np.ndarray, w: np.ndarray, b: float) -> tuple[int, np.ndarray]:
    """Return the place of the input that is changed, and the inputs after that."""
    z, place = float(w @ x + b), int(np.abs(w).argmax())
    away = -np.sign(w[place]) if z > 0 else np.sign(w[place])
    steps = max(1, math.floor(abs(z) / abs(w[place])))
    other = x.copy()
    while (float(w @ other + b) > 0) == (z > 0) or abs(float(w @ other + b)) < 1e-9:
        other[place] = x[place] + away * steps
        steps += 1
    return place, other


def _numbers(name: str, values: Sequence[float]) -> np.ndarray:
    """Return 1 to 4 numbers as an array, or raise what is wrong with them."""
    if isinstance(values, str) or not isinstance(values, Sequence | np.ndarray):
        raise InvalidTypeError(f"{name} as a list", repr(values), f"pass such as {name}=(2, 1)")
    if not 1 <= len(values) <= 4:
        raise InvalidValueError(f"1 to 4 {name}", str(len(values)), "leave some out or add some")
    singular = name.removesuffix("s")
    do = f"pass numbers in that range as {name}"
    return np.array([real(singular, v, least=-_MOST, most=_MOST, do=do) for v in values])


def _number(value: float) -> str:
    """Return a number with three digits at most and a true minus sign.

    Example:
        >>> _number(-1.5), _number(11.25), _number(-0.0)
        ('−1.5', '11.2', '0')
    """
    return f"{value + 0.0:.3g}".replace("-", "−")


def _added(products: np.ndarray) -> str:
    """Return what is added up, as one writes it, two numbers a line.

    Example:
        >>> _added(np.array([2.0, -2.0, 1.5])).splitlines()
        ['2 − 2', '+ 1.5']
    """
    first, *rest = (_number(product) for product in products)
    signed = [f"− {part[1:]}" if part.startswith("−") else f"+ {part}" for part in rest]
    words = [first, *signed]
    return "\n".join(" ".join(words[i : i + 2]) for i in range(0, len(words), 2))


def _said(x: np.ndarray, other: np.ndarray, place: int, w: np.ndarray, b: float) -> str:
    """Return what is seen, in one sentence."""
    listed = [_number(value) for value in x]
    names = " and ".join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else listed)
    z, after = float(w @ x + b), float(w @ other + b)

    def state(value: float) -> str:
        out = _number(float(relu(np.array(value))))
        return (
            f"and close its switch, so {out} comes out"
            if value > 0
            else ("the switch is open and 0 comes out")
        )

    first = state(z) if z > 0 else f", {state(z)}"
    second = state(after)
    joined = f" {first}" if z > 0 else first
    tail = f" {second}" if after > 0 else f", {second}"
    return (
        f"One unit twice: its inputs {names} add up to {_number(z)}{joined}; with "
        f"{_number(other[place])} in place of {_number(x[place])} they add up to "
        f"{_number(after)}{tail}."
    )
