"""Relatives of the rectifier side by side: functions, slopes, minima, errors of approximation."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from relukit.activations import activation, gelu, gelu_sigmoid, gelu_tanh
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import DASHES, PALETTE, Picture, drawn, panels
from relukit.figures.curves import COLOURS, look
from relukit.figures.meaning import looks
from relukit.lessons.variants.experiments.table import lowest
from relukit.quantities import real

Curves = Mapping[str, tuple[str, Mapping[str, float]] | str]


@drawn
def family(
    curves: Curves, *, title: str = "Functions", reach: float = 4.0, minima: bool = False
) -> Picture:
    """Return up to five activations beside their slopes, with the minima marked if asked for.

    Args:
        curves: a label for each, and an activation's name, or (name, parameters).
        title: what the functions have in common, in a few words.
        reach: inputs are drawn from -reach to reach, 1 to 20.
        minima: whether to mark where a function has a lowest point inside the picture.

    Raises:
        InvalidTypeError: the curves are no mapping.
        InvalidValueError: none or more than five, a reach out of range, an unknown activation.

    Example:
        >>> picture = family({"ReLU": "relu", "a = 0.2": ("leaky_relu", {"slope": 0.2})})
        >>> [axes.get_xlabel() for axes in picture.axes]
        ['input x', 'input x']
    """
    if not isinstance(curves, Mapping):
        raise InvalidTypeError("labels with activations", type(curves).__name__, "pass a dict")
    if not 1 <= len(curves) <= len(COLOURS):
        raise InvalidValueError("one to five activations", str(len(curves)), "leave some out")
    reach = real("reach", reach, least=1, most=20, do="pass 4.0, say")
    picture, (left, right) = panels(2, size=(6.5, 3.2))
    lows = {}
    for look_of, (label, entry) in zip(looks(curves), curves.items(), strict=True):
        name, parameters = (entry, {}) if isinstance(entry, str) else entry
        function = activation(name)
        x = broken_at(function.kinks_at(**parameters), reach)
        z = torch.from_numpy(x)
        y, slope = (f(z, **parameters).numpy() for f in (function, function.derivative))
        marker = look_of.pop("marker")
        style = look_of | {"label": label}
        left.plot(x, y, gid=f"function {label}", **style)
        right.plot(x, slope, gid=f"slope {label}", **style)
        low = lowest(function, parameters, reach)
        if minima and low is not None:
            lows[label] = low
            left.plot(*low, marker, color=style["color"], gid=f"low {label}")
    left.set(xlabel="input x", ylabel="output", title=title, xlim=(-reach, reach))
    if lows:
        deepest = min(y for _, y in lows.values())
        left.set_ylim(1.3 * deepest, -3 * deepest)  # close enough to see the dips
    right.set(xlabel="input x", ylabel="slope", title="Their slopes", xlim=(-reach, reach))
    picture.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    said = ""
    if lows:
        points = (f"{label} {y:.3f} at x = {x:.2f}" for label, (x, y) in lows.items())
        said = f"; lowest points: {', '.join(points)}"
    picture.alt = f"{title} ({'; '.join(curves)}) beside their slopes over the input{said}."
    return picture


def broken_at(kinks: Sequence[float], reach: float) -> np.ndarray:
    """Return inputs from -reach to reach that step up to every kink and lift the pen there.

    Args:
        kinks: inputs at which a slope jumps, dimensionless.
        reach: above 0, dimensionless.

    Example:
        >>> [round(float(x), 3) for x in broken_at([0.0], 1.0)[199:204]]
        [-0.005, -0.0, nan, 0.0, 0.005]
    """
    grid = np.linspace(-reach, reach, 401)
    seen = np.array([kink for kink in kinks if abs(kink) < reach])
    sides = np.concatenate([grid, seen - 1e-9, seen + 1e-9])
    order = np.sort(sides[~np.isin(sides, seen)])
    return np.insert(order, np.searchsorted(order, seen), np.nan)


@drawn
def approximation_errors() -> Picture:
    """Return the errors of GELU's two approximations over the input, on a logarithmic axis.

    References: [Hendrycks2016].

    Example:
        >>> approximation_errors().axes[0].get_yscale()
        'log'
    """
    x = torch.linspace(-5, 5, 1001, dtype=torch.float64)
    forms = {"x sigmoid(1.702 x)": gelu_sigmoid, "tanh form": gelu_tanh}
    picture, (axes,) = panels(size=(6.5, 2.9))
    worst = {}
    for index, (label, form) in enumerate(forms.items()):
        error = (form(x) - gelu(x)).abs().numpy()
        worst[label] = error.max()
        error = np.where(error > 1e-7, error, np.nan)
        axes.plot(x, error, gid=label, **look(index))
        axes.text((-3.4, 2.1)[index], (3.2e-2, 8e-4)[index], label)
    axes.set(xlabel="input x", ylabel="distance from GELU", yscale="log", ylim=(1e-6, 1e-1))
    axes.set_title("The tanh form is forty times closer to GELU")
    said = "; ".join(f"{label} by at most {error:.4f}" for label, error in worst.items())
    picture.alt = (
        f"Errors of two approximations of GELU over the input, on a logarithmic axis: {said}."
    )
    return picture


@drawn
def maxout_pieces() -> Picture:
    """Return three maxout units of one input: the rectifier, |x|, and three pieces of a parabola.

    References: [Goodfellow2013].

    Example:
        >>> len(maxout_pieces().axes)
        3
    """
    units = {
        "the rectifier": ((1.0, 0.0), (0.0, 0.0)),
        "|x|": ((1.0, 0.0), (-1.0, 0.0)),
        "a bowl": ((-1.5, -0.5), (0.0, 0.0), (1.5, -0.5)),
    }
    x = np.linspace(-2, 2, 201)
    picture, axes = panels(3, size=(6.5, 2.8), sharey=True)
    for ax, (title, maps) in zip(axes, units.items(), strict=True):
        lines = [weight * x + bias for weight, bias in maps]
        for index, line in enumerate(lines):
            ax.plot(
                x, line, color=PALETTE["grey"], linestyle=DASHES[2], linewidth=1.3,
                label="affine maps" if not index else None, gid=f"map {index}",
            )  # fmt: skip
        ax.plot(x, np.max(lines, axis=0), color=PALETTE["blue"], label="their maximum", gid="unit")
        ax.set(xlabel="input x", title=title, ylim=(-2.1, 2.7))
    axes[0].set_ylabel("output")
    picture.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    kinds = listed_words(list(units))
    picture.alt = f"Maxout as the upper edge of two or three straight lines, which draws {kinds}."
    return picture


def listed_words(words: Sequence[str]) -> str:
    """Return words as a list is spoken.

    Example:
        >>> listed_words(["a", "b", "c"])
        'a, b and c'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
