"""One relative of the rectifier and its slope, as a figure that stands still and one that moves."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch

from relukit.activations import Activation, activation
from relukit.figures.canvas import DASHES, MARKERS, PALETTE, Picture, drawn, house_style, panels
from relukit.figures.live import Reading
from relukit.gaussian import moments
from relukit.lessons.variants.experiments.table import lowest
from relukit.lessons.variants.figures.shapes import broken_at
from relukit.quantities import real

REACH = 6.0
_PLAIN = {"\\alpha": "α", "\\beta": "β", "\\lambda": "λ", "^2": "²", " ": "", "-": "−"}


@drawn
def variant(name: str = "gelu", parameter: float = 1.0) -> Picture:
    """Return one activation beside its slope, its lowest point marked.

    Args:
        name: a key of `relukit.activations.ACTIVATIONS`.
        parameter: the value of its parameter, if it has one.

    Raises:
        InvalidValueError: an unknown name, or a parameter out of range.

    Example:
        >>> variant("elu", 2.0)
        elu with α = 2 and its slope over x.
    """
    figure = VariantFigure()
    figure.picture.alt = figure.update({"activation": name, "parameter": parameter}).alt
    return figure.picture


class VariantFigure:
    """One activation and its slope; `update` moves them.

    Args:
        paper: makes the picture and its axes, as `panels` does.
    """

    def __init__(self, paper: Callable = panels) -> None:
        with house_style():
            self.picture, (left, right) = paper(2, size=(6.5, 2.9))
            (self.output,) = left.plot([], [], color=PALETTE["blue"])
            (self.low,) = left.plot([], [], MARKERS[1], color=PALETTE["vermilion"])
            (self.slope,) = right.plot([], [], color=PALETTE["green"], linestyle=DASHES[1])
            left.set(xlabel="input x", ylabel="output", title="f(x); a square marks its minimum")
            right.set(xlabel="input x", ylabel="slope", title="Its slope f'(x)")
            left.set(xlim=(-REACH, REACH), ylim=(-4.2, 6.2))
            right.set(xlim=(-REACH, REACH), ylim=(-1.2, 4.2))
        self.moving = [self.output, self.low, self.slope]

    def update(self, values: Mapping[str, Any]) -> Reading:
        """Move the artists to the values; say what is seen."""
        function = activation(values["activation"])
        parameters, said = parameter_of(function, values["parameter"])
        x = broken_at(function.kinks_at(**parameters), REACH)
        z = torch.from_numpy(x)
        self.output.set_data(x, function(z, **parameters).numpy())
        self.slope.set_data(x, function.derivative(z, **parameters).numpy())
        low = lowest(function, parameters, 30.0)
        self.low.set_data(*([[], []] if low is None else [[low[0]], [low[1]]]))
        name = f"{function.name}{said}"
        return Reading(
            alt=f"{name} and its slope over x.",
            caption=f"{name}: {'; '.join(facts(function, parameters, low))}.",
        )


def parameter_of(function: Activation, value: float) -> tuple[dict[str, float], str]:
    """Return the first parameter set to a value, and the words that say so.

    Args:
        function: an entry of the registry.
        value: dimensionless.

    Example:
        >>> parameter_of(activation("elu"), 2.0)
        ({'alpha': 2.0}, ' with α = 2')
        >>> parameter_of(activation("relu"), 2.0)
        ({}, ' (no parameter)')
    """
    if not function.parameters:
        return {}, " (no parameter)"
    first = next(iter(function.parameters))
    value = real("parameter", value, do="pass 1.0, say")
    return {first: value}, f" with {plain(function.symbols[first])} = {value:g}"


def facts(
    function: Activation, parameters: Mapping[str, float], low: tuple[float, float] | None
) -> list[str]:
    """Return limits, Lipschitz constant, minimum and Gaussian moments, in words.

    Args:
        function: an entry of the registry.
        parameters: its parameters.
        low: its lowest point, None if it has none.

    Example:
        >>> facts(activation("relu"), {}, None)[:2]
        ['goes to 0 at −∞ and to x at +∞', 'Lipschitz constant 1']
    """
    left, right = map(plain, function.limits)
    steepest = function.lipschitz_at(**parameters)
    bound = (
        "no Lipschitz constant" if steepest == math.inf else f"Lipschitz constant {steepest:.4g}"
    )
    lowest_point = "no lowest point" if low is None else f"lowest {low[1]:.4f} at x = {low[0]:.2f}"
    found = moments(function, kinks=(), **parameters)
    return [
        f"goes to {left} at −∞ and to {right} at +∞",
        bound,
        lowest_point,
        f"for standard normal x: mean {found.mean + 0.0:.4f}, mean square {found.second:.4f}, "
        f"mean square slope {found.slope_second:.4f}",
    ]


def plain(limit: str) -> str:
    r"""Return a limit or a symbol in TeX as plain characters.

    Example:
        >>> plain(r"-\lambda \alpha")
        '−λα'
    """
    for tex, character in _PLAIN.items():
        limit = limit.replace(tex, character)
    return limit
