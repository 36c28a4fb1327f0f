"""Six even stripes, and what a row of receptors that inhibit their neighbours makes of them."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from relukit.figures.canvas import DASHES, FAINT, INK, PALETTE, Picture, drawn, house_style, panels
from relukit.figures.live import Reading
from relukit.figures.meaning import ON
from relukit.lessons.history.experiments.edges import (
    LEVELS,
    STRENGTH,
    WIDTH,
    edge_response,
    stripes_of_light,
)
from relukit.quantities import real

_SEEN = 1e-3  # smallest rise beside a border that is told, as a share of the rate
_GREYS = np.linspace(0.22, 0.9, len(LEVELS))


@drawn
def stripes() -> Picture:
    """Return six even grey stripes, and nothing else.

    Example:
        >>> len(stripes().axes[0].get_images()[0].get_array()[0])
        6
    """
    picture, (axes,) = panels(size=(6.5, 1.9))
    _paint(axes, 1.0)
    axes.set(xlim=(0.5, len(LEVELS) * WIDTH + 0.5), ylim=(0, 1))
    axes.set_axis_off()
    picture.alt = "Six even grey stripes side by side, from dark on the left to bright."
    return picture


@drawn
def receptors(inhibition: float = STRENGTH) -> Picture:
    """Return the stripes above, and below them light and rates of the receptors that see them.

    Args:
        inhibition: of each receptor on each of its three neighbours on both sides, 0 to 0.3,
            dimensionless.

    Raises:
        InvalidValueError: an inhibition out of range.

    References: [Hartline1957], [Ratliff1959]; [Kingdom2014] on people, [Granit1985] and
        [Nobel1967] on Hartline.

    Example:
        >>> receptors(0.0).axes[1].get_xlabel()
        'place in the row of receptors'
    """
    figure = ReceptorsFigure()
    reading = figure.update({"inhibition": inhibition})
    if figure.rise >= _SEEN:
        figure.picture.axes[1].set_title("Beside a darker stripe the rates rise too high")
    figure.picture.alt = reading.alt
    return figure.picture


class ReceptorsFigure:
    """Stripes, the light of each receptor, and their rates at one inhibition.

    Args:
        paper: makes the picture and its axes, as `panels` does.
    """

    def __init__(self, paper: Callable = panels) -> None:
        self.light = stripes_of_light()
        place = np.arange(1, len(self.light) + 1)
        with house_style():
            self.picture, (above, below) = paper(
                rows=2, size=(6.5, 4.0), sharex=True, gridspec_kw={"height_ratios": (1, 3)}
            )
            _paint(above, 1.0)
            above.set(ylim=(0, 1))
            above.set_axis_off()
            above.set_title("A row of receptors looks at six stripes")
            below.step(
                place, self.light, where="mid", color=PALETTE["grey"], linestyle=DASHES[1],
                gid="light",
            )  # fmt: skip
            (self.rates,) = below.plot(
                place, self.light, color=ON["color"], marker="o", markersize=3, linewidth=1.4,
                gid="rates",
            )  # fmt: skip
            below.annotate("light", (62, LEVELS[-1]), (0, 4), textcoords="offset points",
                           color=INK)  # fmt: skip
            self.name = below.annotate(
                "rate", (66, 0), (0, -16), textcoords="offset points", color=INK,
                ha="center",
            )  # fmt: skip
            below.set(xlabel="place in the row of receptors", ylabel="light, rate (same unit)")
            below.set_title("What the receptors fire")
            below.set(xlim=(0.5, len(self.light) + 0.5), ylim=(-2, 74))
            for border in range(WIDTH, len(self.light), WIDTH):
                below.axvline(border + 0.5, color=FAINT, linewidth=0.6)
        self.moving = [self.rates, self.name]
        self.rise = 0.0  # largest one, beside a darker stripe

    def update(self, values: Mapping[str, Any]) -> Reading:
        """Settle the row at an inhibition, and say what is seen."""
        inhibition = real(
            "inhibition", values["inhibition"], least=0, most=0.3, do="pass such as 0.15"
        )
        rates = edge_response(self.light, strength=inhibition)
        self.rates.set_ydata(rates)
        self.name.xy = (66, float(rates[65]))
        by_stripe = rates.reshape(len(LEVELS), WIDTH)
        self.rise = float((by_stripe[1:, 0] / by_stripe[1:, WIDTH // 2] - 1).max())
        seen = (
            "they follow the light exactly."
            if self.rise < _SEEN
            else "in every stripe they overshoot beside a darker one and dip beside a brighter one."
        )
        silent = int((rates == 0).sum())
        return Reading(
            alt="Six grey stripes, and the rates of a row of receptors that see them, with "
            f"inhibition {inhibition:.2f}: {seen}",
            caption=f"Inhibition {inhibition:.2f}. Beside a darker stripe rates are at most "
            f"{100 * self.rise:.0f} % above the middle of their stripe; {silent} receptors are "
            "silent.",
        )


def _paint(axes: Axes, height: float) -> None:
    axes.imshow(
        _GREYS[None], cmap="gray", vmin=0, vmax=1, interpolation="nearest", aspect="auto",
        extent=(0.5, len(LEVELS) * WIDTH + 0.5, 0, height), gid="stripes",
    )  # fmt: skip
