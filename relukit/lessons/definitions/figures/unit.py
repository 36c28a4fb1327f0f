"""One unit f(w x + b) and its slope, as a figure that stands still and one that moves."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from relukit.activations import Activation, activation
from relukit.figures.canvas import DASHES, PALETTE, Picture, drawn, house_style, panels
from relukit.figures.live import Reading, listed

_VIEW = 4.0
_X = np.linspace(-_VIEW, _VIEW, 321)


@drawn
def unit(weight: float = 1.0, bias: float = 0.0, name: str = "relu") -> Picture:
    """Return one unit a = f(w x + b) beside its derivative with respect to x.

    Args:
        weight: w, dimensionless.
        bias: b, dimensionless.
        name: the activation f, a name of `relukit.activations.ACTIVATIONS`.

    Raises:
        InvalidValueError: no activation has this name.

    Example:
        >>> unit(2.0, -1.0)
        The unit a = relu(2 x - 1) and its slope da/dx over x: kink at x = -b/w = 0.5.
    """
    figure = UnitFigure()
    figure.picture.alt = figure.update({"weight": weight, "bias": bias, "activation": name}).alt
    return figure.picture


class UnitFigure:
    """One unit a = f(w x + b) and its derivative with respect to x; `update` moves them.

    Args:
        paper: makes the picture and its axes, as `panels` does.
    """

    def __init__(self, paper: Callable = panels) -> None:
        with house_style():
            self.picture, (left, right) = paper(2, size=(6.5, 2.9))
            (self.output,) = left.plot([], [], color=PALETTE["blue"])
            (self.slope,) = right.plot([], [], color=PALETTE["green"], linestyle=DASHES[1])
            mark = {"color": PALETTE["grey"], "linestyle": DASHES[1], "linewidth": 1.2}
            self.marks = [axes.plot([], [], **mark)[0] for axes in (left, right)]
            left.set(xlabel="input x", ylabel="output", title="One unit, f(w x + b)")
            right.set(xlabel="input x", ylabel="slope", title="Its slope")
            left.set(xlim=(-_VIEW, _VIEW), ylim=(-2.5, 6))
            right.set(xlim=(-_VIEW, _VIEW), ylim=(-3.6, 3.6))
        self.moving = [self.output, self.slope, *self.marks]

    def update(self, values: Mapping[str, Any]) -> Reading:
        """Move the artists to the unit's values; say what is seen."""
        weight, bias, name = (values[key] for key in ("weight", "bias", "activation"))
        function = activation(name)
        kinks = [(kink - bias) / weight for kink in function.kinks] if weight else []
        x = _broken_at(kinks)
        z = torch.from_numpy(weight * x + bias)
        self.output.set_data(x, function(z).numpy())
        self.slope.set_data(x, (weight * function.derivative(z)).numpy())
        for mark, axes in zip(self.marks, self.picture.axes, strict=True):
            ends = [y for _ in kinks for y in (*axes.get_ylim(), math.nan)]
            mark.set_data(np.repeat(kinks, 3), ends)
        unit = f"{name}({weight:g} x {'-' if bias < 0 else '+'} {abs(bias):g})"
        if not weight:
            level = function(torch.tensor(float(bias), dtype=torch.float64)).item()
            said = f"Weight 0: the unit is {level:.2f} for every x, its slope is 0, it has no kink."
            return Reading(alt=f"The unit {unit} is a level line at {level:.2f}.", caption=said)
        if not kinks:
            where = f"no kink; w x + b = 0 at x = -b/w = {listed([-bias / weight])}"
        else:
            word = "jump" if _jumps(function) else "kink"
            formula = "-b/w = " if function.kinks == (0.0,) else ""
            plural = "s" * (len(kinks) > 1)
            where = f"{word}{plural} at x = {formula}{listed(sorted(kinks))}"
            if not any(abs(kink) <= _VIEW for kink in kinks):
                where += ", outside the picture"
        return Reading(
            alt=f"The unit a = {unit} and its slope da/dx over x: {where}.",
            caption=f"a = {unit}; {where}.",
        )


def _broken_at(kinks: Sequence[float]) -> np.ndarray:
    """Return the x of a curve that steps up to every kink in view and lifts the pen there."""
    seen = np.array([kink for kink in kinks if abs(kink) < _VIEW])
    sides = np.concatenate([_X, seen - 1e-9, seen + 1e-9])
    order = np.sort(sides[~np.isin(sides, seen)])
    return np.insert(order, np.searchsorted(order, seen), math.nan)


def _jumps(function: Activation) -> bool:
    """Return whether the function itself, and not only its slope, jumps at its first kink."""
    sides = torch.tensor([-1e-9, 1e-9], dtype=torch.float64) + function.kinks[0]
    return abs(float(function(sides).diff())) > 1e-6
