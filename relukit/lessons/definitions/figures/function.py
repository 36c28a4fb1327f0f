"""The rectifier by itself: its shape, its slope, its names, its smooth relative."""

import math
from collections.abc import Callable, Sequence
from types import MappingProxyType

import torch

from relukit.activations import activation
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import DASHES, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.curves import look
from relukit.quantities import integer

# x.clamp(min=0) is left out: its slope at 0 is 1 in torch 2.13, and 0 in 2.15
WRITINGS: MappingProxyType[str, Callable[[torch.Tensor], torch.Tensor]] = MappingProxyType(
    {
        "torch.relu(x)": torch.relu,
        "where(x > 0, x, 0)": lambda x: torch.where(x > 0, x, 0.0),
        "torch.maximum(x, 0)": lambda x: torch.maximum(x, torch.zeros_like(x)),
        "(x + |x|) / 2": lambda x: (x + x.abs()) / 2,
        "where(x >= 0, x, 0)": lambda x: torch.where(x >= 0, x, 0.0),
    }
)
IDENTITY = "relu(x) - relu(-x), which is x"


@drawn
def rectifier() -> Picture:
    """Return max(0, x) beside its slope, with the subdifferential [0, 1] at the kink.

    Example:
        >>> picture = rectifier()
        >>> [axes.get_ylabel() for axes in picture.axes]
        ['output max(0, x)', 'slope']
    """
    relu = activation("relu")
    picture, (left, right) = panels(2, size=(6.5, 2.7))
    x = torch.tensor([-3.0, 0.0, 3.0], dtype=torch.float64)
    left.plot(x, relu(x), color=PALETTE["blue"], gid="function")
    left.plot([0], [0], MARKERS[0], color=PALETTE["vermilion"], gid="kink")
    left.annotate("kink", (0, 0), (0.35, 0.02), va="center", fontsize=9)
    left.set(xlabel="input x", ylabel="output max(0, x)", title="The function", ylim=(-0.5, 3.2))
    for low, high in ((-3.0, 0.0), (0.0, 3.0)):
        middle = torch.tensor([low + high], dtype=torch.float64) / 2
        slope = relu.derivative(middle).item()
        right.plot([low, high], [slope, slope], color=PALETTE["blue"], gid="slope")
    right.plot(
        [0, 0],
        [0, 1],
        color=PALETTE["vermilion"],
        linestyle=DASHES[2],
        linewidth=3,
        marker=MARKERS[0],
        gid="subdifferential",
    )
    right.annotate("at 0: every slope\nfrom 0 to 1", (0, 0.5), (0.35, 0.5), va="center", fontsize=9)
    right.set(xlabel="input x", ylabel="slope", title="Its slope", ylim=(-0.17, 1.17))
    picture.alt = (
        "Two panels: max(0, x) is flat at 0 left of x = 0 and rises at 45 degrees right of it; "
        "its slope is 0 on the left and 1 on the right, and at x = 0 a bar spans all slopes "
        "from 0 to 1."
    )
    return picture


@drawn
def half_wave(*, n_periods: int = 2) -> Picture:
    r"""Return a sine and its positive part, whose mean over a period is $1/\pi$.

    Args:
        n_periods: how many periods are drawn, 1 to 6.

    Raises:
        InvalidValueError: if n_periods lies outside 1 to 6.

    Example:
        >>> half_wave().axes[0].get_xlabel()
        'time in periods'
    """
    n_periods = integer("n_periods", n_periods, least=1, most=6)
    picture, (axes,) = panels(size=(6.5, 2.6))
    time = torch.linspace(0, n_periods, 200 * n_periods + 1, dtype=torch.float64)
    wave = torch.sin(2 * math.pi * time)
    passed = activation("relu")(wave)
    axes.fill_between(time, passed, facecolor=(PALETTE["blue"], 0.15), edgecolor=PALETTE["blue"])
    axes.plot(time, wave, color=PALETTE["grey"], linestyle=DASHES[1], label="sine", gid="sine")
    axes.plot(time, passed, color=PALETTE["blue"], label="half-wave rectified", gid="rectified")
    axes.axhline(
        1 / math.pi,
        color=PALETTE["vermilion"],
        linestyle=DASHES[3],
        label=r"its mean, $1/\pi = 0.318$",
        gid="mean",
    )
    axes.set(xlabel="time in periods", ylabel="signal", ylim=(-1.1, 1.1), xlim=(0, n_periods))
    axes.set_title("What a half-wave rectifier lets through")
    picture.legend(loc="outside right center")
    picture.alt = (
        "A sine and its half-wave rectified copy, which keeps the upper half-waves and is 0 "
        "in between; a level line marks its mean, 1/pi, about 0.318."
    )
    return picture


@drawn
def slopes_at_zero() -> Picture:
    """Return the slope that autograd reports at 0 for several ways to write the same function.

    The grey bars are the slopes that mathematics allows: [0, 1] for the rectifier, 1 for x.

    Conventions: computed live with torch in float64 at x = +0.0.

    References: [Bertoin2021].

    Example:
        >>> slopes_at_zero().axes[0].get_xlabel()
        'slope at x = 0 that autograd reports'
    """
    rows = {**WRITINGS, IDENTITY: lambda x: torch.relu(x) - torch.relu(-x)}
    reported = {name: _slope_at_zero(function) for name, function in rows.items()}
    picture, (axes,) = panels(size=(6.5, 2.9))
    places = range(len(rows), 0, -1)
    for place, name in zip(places, rows, strict=True):
        allowed = (1.0, 1.0) if name == IDENTITY else (0.0, 1.0)
        axes.plot(
            allowed,
            (place, place),
            color=PALETTE["grey"],
            marker="|",
            markersize=11,
            markeredgewidth=1.8,
            linewidth=1.2,
            label="slopes that are allowed" if place == 1 else None,
            gid="allowed",
        )
    axes.plot(
        list(reported.values()),
        list(places),
        MARKERS[0],
        color=PALETTE["vermilion"],
        markersize=8,
        label="slope that is reported",
        gid="reported",
    )
    axes.set_yticks(list(places), list(rows), family="monospace")
    axes.set(xlabel="slope at x = 0 that autograd reports", xlim=(-0.12, 1.12), xticks=(0, 0.5, 1))
    axes.set_title("One function, several ways to write it")
    axes.grid(visible=False, axis="y")
    picture.legend(loc="outside lower right", ncols=2)
    said = "; ".join(f"{name}: {slope:g}" for name, slope in reported.items())
    picture.alt = f"Dot chart of the slope that torch's autograd reports at x = 0. {said}."
    return picture


@drawn
def softplus_sharpness(sharpness: Sequence[float] = (1.0, 2.0, 10.0)) -> Picture:
    r"""Return $\ln(1 + e^{kx})/k$ for several sharpnesses k beside ReLU, and the gap $\ln 2/k$.

    Args:
        sharpness: one to four positive numbers k, dimensionless.

    Raises:
        InvalidValueError: if there are none, more than four, or one that is not positive.

    References: [Dugas2000].

    Example:
        >>> len(softplus_sharpness((1, 4)).axes)
        2
    """
    ks = _positive(sharpness)
    softplus, relu = activation("softplus"), activation("relu")
    picture, (left, right) = panels(2, size=(6.5, 3.3))
    x = torch.linspace(-3, 3, 601, dtype=torch.float64)
    left.plot(x, relu(x), label="ReLU", gid="relu", **look(0))
    for index, k in enumerate(ks):
        style = look(index + 1, marked=True)
        y = softplus(x, sharpness=k)
        style |= {"markevery": [300]}  # one mark, at x = 0
        gap = math.log(2) / k
        words = rf"k = {k:g}: gap $\ln 2/{k:g} = {gap:.3f}$"
        if ks == [1]:
            words = rf"softplus, $\ln(1 + e^x)$: gap $\ln 2 = {gap:.3f}$"
        left.plot(x, y, label=words, gid=f"softplus {k:g}", **style)
        right.plot(x, y - relu(x), gid=f"gap {k:g}", **style)
    title = "Softplus" if ks == [1] else "Softplus of sharpness k"
    left.set(xlabel="input x", ylabel="output", title=title)
    right.set(xlabel="input x", ylabel="softplus - ReLU", title="How far above ReLU")
    picture.legend(loc="outside lower center", ncols=2)
    right.set_ylim(-0.03, 1.1 * math.log(2) / min(ks))
    listed = ", ".join(f"{k:g}" for k in ks)
    picture.alt = (
        f"Softplus for sharpness k = {listed} lies above ReLU and nears it as k grows; "
        "the gap is widest at x = 0, where it is ln 2 divided by k."
    )
    return picture


def _slope_at_zero(function: Callable[[torch.Tensor], torch.Tensor]) -> float:
    x = torch.zeros((), dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(function(x), x)
    return slope.item()


def _positive(values: Sequence[float]) -> list[float]:
    try:
        numbers = [float(value) for value in values]
    except (TypeError, ValueError):
        raise InvalidTypeError("a list of numbers", repr(values), "pass such as (1, 2)") from None
    if not 1 <= len(numbers) <= 4 or not all(0 < n < math.inf for n in numbers):
        raise InvalidValueError("one to four positive numbers", repr(values), "pass such as (1, 2)")
    return numbers
