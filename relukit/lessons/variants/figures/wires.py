"""A gated unit as wires: two sums of the same inputs, which meet in a multiplication."""

import math
from typing import Any

from matplotlib.axes import Axes

from relukit.figures.canvas import INK, PALETTE, Picture, drawn, panels

INPUTS, VALUE, GATE = (2.0, 1.0), (0.5, 1.0), (2.0, -1.0)  # inputs, and the two sets of weights
_SIGN = "−"
_PLACES = {
    "input 1": (0.0, 1.0), "input 2": (0.0, -1.0), "v": (2.0, 1.0), "g": (2.0, -1.0),
    "switch": (3.7, -1.0), "gate": (3.7, 1.0), "SwiGLU": (5.6, 1.0), "out": (7.0, 1.0),
}  # fmt: skip
_VALUE: dict[str, Any] = {"color": PALETTE["blue"], "linewidth": 2.2}
_GATE: dict[str, Any] = {"color": PALETTE["green"], "linewidth": 2.2, "linestyle": (0, (5, 1.6))}


@drawn
def wires() -> Picture:
    """Return two inputs, the sums v and g, the soft switch of g, and the products they make.

    References: [Dauphin2017], [Shazeer2020].

    Example:
        >>> wires().axes[0].get_title(loc="left")
        'Two sums meet in a multiplication'
    """
    v, g = (sum(w * x for w, x in zip(own, INPUTS, strict=True)) for own in (VALUE, GATE))
    switch = 1 / (1 + math.exp(-g))
    gated = v * switch
    picture, (axes,) = panels(size=(6.5, 3.4))
    axes.set(xlim=(-0.45, 7.4), ylim=(-2.2, 2.05))
    axes.set_axis_off()
    axes.set_title("Two sums meet in a multiplication")
    for i, (to_v, to_g) in enumerate(zip(VALUE, GATE, strict=True)):
        _wire(axes, [f"input {i + 1}", "v"], _VALUE, f"×{_n(to_v)}", at=0.5 if i == 0 else 0.72)
        _wire(axes, [f"input {i + 1}", "g"], _GATE, f"×{_n(to_g)}", at=0.72 if i == 0 else 0.5)
    _wire(axes, ["v", "gate"], _VALUE)
    _wire(axes, ["g", "switch", "gate"], _GATE)
    _wire(axes, ["gate", "SwiGLU"], _VALUE, _n(gated, 1), at=0.5)
    (x, low), (to, up) = _PLACES["g"], _PLACES["SwiGLU"]
    axes.plot([x, x, to, to], [low, -2.0, -2.0, up], zorder=1, gid="g to SwiGLU", **_GATE)
    _wire(axes, ["SwiGLU", "out"], _VALUE)
    for name, says in (
        ("input 1", _n(INPUTS[0])), ("input 2", _n(INPUTS[1])), ("v", _n(v)), ("g", _n(g)),
        ("switch", _n(switch, 2)), ("gate", "×"), ("SwiGLU", "×"), ("out", _n(gated * g, 1)),
    ):  # fmt: skip
        _node(axes, name, says)
    for name, up, says in (
        ("input 1", 0.62, "input 1"),
        ("input 2", -0.62, "input 2"),
        ("v", 0.62, "value v"),
        ("g", 0.55, "sum g"),
        ("switch", -0.62, f"soft switch of {_n(g)}"),
        ("gate", 0.75, f"the gate:\n{_n(v)} · {_n(switch, 2)} = {_n(gated, 1)}"),
        ("SwiGLU", 0.75, f"SwiGLU:\n{_n(gated, 1)} · {_n(g)} = {_n(gated * g, 1)}"),
    ):
        x, y = _PLACES[name]
        x += 0.35 if name == "g" else 0  # clear of a wire's weight
        axes.text(x, y + up, says, ha="center", va="center", fontsize=10, color=INK, zorder=5,
                  gid=f"{name} is", bbox=_box())  # fmt: skip
    picture.alt = (
        f"Inputs {_n(INPUTS[0])} and {_n(INPUTS[1])} make two sums, v = {_n(v)} and g = {_n(g)}; "
        f"the soft switch of g is {_n(switch, 2)}, v times it is {_n(gated, 1)}, and times g "
        f"again, as in SwiGLU, {_n(gated * g, 1)}."
    )
    return picture


def _n(value: float, digits: int | None = None) -> str:
    return (f"{value:g}" if digits is None else f"{value:.{digits}f}").replace("-", _SIGN)


def _box() -> dict[str, Any]:
    return {"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none"}


def _wire(
    axes: Axes, names: list[str], look: dict[str, Any], says: str = "", *, at: float = 0.0
) -> None:
    """Draw a wire through nodes; what it says stands on it, at a share of its first part."""
    x, y = zip(*(_PLACES[name] for name in names), strict=True)
    axes.plot(x, y, zorder=1, gid=" to ".join((names[0], names[-1])), **look)
    if says:
        axes.text(
            x[0] + at * (x[1] - x[0]), y[0] + at * (y[1] - y[0]), says, ha="center", va="center",
            fontsize=10.5, color=INK, zorder=2, gid=f"{names[0]} to {names[-1]} says", bbox=_box(),
        )  # fmt: skip


def _node(axes: Axes, name: str, says: str) -> None:
    x, y = _PLACES[name]
    axes.plot(x, y, "o", color=INK, markersize=31, markerfacecolor="white", markeredgewidth=1.6,
              zorder=3, gid=name)  # fmt: skip
    axes.text(x, y, says, ha="center", va="center", fontsize=18 if says == "×" else 11.5,
              color=INK, zorder=4, gid=f"{name} says")  # fmt: skip
