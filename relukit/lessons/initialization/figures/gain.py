"""Ten ReLU layers at one gain: what their units see, and what training reaches from there."""

import functools
import math
from collections.abc import Callable, Mapping

import numpy as np
import torch

from relukit.datasets import digits
from relukit.diagnostics import preactivations
from relukit.figures.canvas import DASHES, MARKERS, PALETTE, Picture, drawn, house_style, panels
from relukit.figures.live import Reading
from relukit.lessons.initialization.experiments.layers import fresh
from relukit.lessons.initialization.experiments.trained import (
    GAIN_DEPTH,
    GAIN_STEPS,
    GAIN_WIDTH,
    GAINS,
    accuracy_by_gain,
)
from relukit.statistics import interval

SHOWN = (1, 3, 5, 7, 10)  # of the ten layers
_VIEW = 4.0
_EDGES = np.linspace(-_VIEW, _VIEW, 81)
_TALLEST = 0.45  # a density above that of a standard normal is cut off


@drawn
def gain(value: float = math.sqrt(2), seed: int = 0) -> Picture:
    r"""Return histograms of the layers' inputs at one gain, beside trained accuracy by gain.

    Args:
        value: the gain, 0.5 to 2.5: weights have deviation gain / sqrt(n).
        seed: which of the 16 networks, 0 to 15.

    Example:
        >>> len(gain(1.0).axes)
        2
    """
    figure = GainFigure()
    figure.picture.alt = figure.update({"gain": value, "seed": seed}).alt
    return figure.picture


@functools.lru_cache(maxsize=16)
def _standard(seed: int) -> tuple[np.ndarray, ...]:
    """Return the pre-activations of each layer on the test digits, at gain 1."""
    widths = (64,) + (GAIN_WIDTH,) * GAIN_DEPTH + (10,)
    network = fresh(widths, "relu", "lecun_normal", seed=seed)
    with torch.no_grad():
        return tuple(z.numpy() for z in preactivations(network, digits().x_test))


def layer_inputs(value: float, seed: int) -> tuple[np.ndarray, ...]:
    """Return the pre-activations z of ten layers on 450 digits, each (450, 32), at one gain.

    Without biases rectifiers are positively homogeneous, so layer l at gain g is g^l times that
    at gain 1.

    Args:
        value: the gain, dimensionless.
        seed: of the weights.

    Example:
        >>> one, two = layer_inputs(1.0, 0), layer_inputs(2.0, 0)
        >>> bool(np.allclose(two[2], 8 * one[2]))
        True
    """
    return tuple(value ** (depth + 1) * z for depth, z in enumerate(_standard(seed)))


class GainFigure:
    """Histograms of five layers' inputs and the trained accuracy; `update` moves them.

    Args:
        paper: makes the picture and its axes, as `panels` does.
    """

    def __init__(self, paper: Callable = panels) -> None:
        found = accuracy_by_gain()
        self.accuracy = np.array([found[g] for g in GAINS]).T  # (seeds, gains)
        with house_style():
            self.picture, (left, right) = paper(2, size=(6.5, 3.6))
            self.curves, self.words = [], []
            middles = (_EDGES[:-1] + _EDGES[1:]) / 2
            for row, layer in enumerate(reversed(SHOWN)):
                (curve,) = left.plot(
                    middles, np.full(len(middles), row), color=PALETTE["blue"], linewidth=1.2,
                    drawstyle="steps-mid", gid=f"layer {layer}",
                )  # fmt: skip
                self.curves.append(curve)
                words = left.text(_VIEW, row + 0.5, "", ha="right", fontsize=8)
                words.set_bbox({"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1})
                self.words.append(words)
            left.set(xlabel="input z of a unit", xlim=(-_VIEW, _VIEW), ylim=(-0.1, 5.1))
            left.set_yticks(range(len(SHOWN)), [f"layer {layer}" for layer in reversed(SHOWN)])
            left.set_title("Fresh network, 450 digits")
            for position, value in enumerate(GAINS):
                right.plot(
                    np.full(len(self.accuracy), value), 100 * self.accuracy[:, position],
                    MARKERS[0], color=PALETTE["grey"], markersize=3, gid="seeds",
                )  # fmt: skip
            means = [interval(100 * column).mean for column in self.accuracy.T]
            right.plot(GAINS, means, color=PALETTE["blue"], label="mean of 16", gid="mean")
            (self.mark,) = right.plot(
                [1, 1], [0, 103], color=PALETTE["green"], linestyle=DASHES[1], label="this gain"
            )
            (self.dot,) = right.plot(
                [1], [50], MARKERS[3], color=PALETTE["vermilion"], markersize=8,
                label="this network",
            )  # fmt: skip
            right.set(xlabel="gain g, weights of deviation g/√n", ylabel="test accuracy in %")
            right.set(ylim=(0, 103), title=f"After {GAIN_STEPS} steps, 16 seeds")
            self.picture.legend(
                *right.get_legend_handles_labels(), loc="outside lower center", ncols=3
            )
        self.moving = [*self.curves, *self.words, self.mark, self.dot]

    def update(self, values: Mapping[str, float]) -> Reading:
        """Move the artists to a gain and a seed; say what is seen."""
        value, seed = float(values["gain"]), int(values["seed"])
        inputs = layer_inputs(value, seed)
        deviations = []
        for row, (curve, words) in enumerate(zip(self.curves, self.words, strict=True)):
            z = inputs[SHOWN[len(SHOWN) - 1 - row] - 1]
            density = np.histogram(z, _EDGES)[0] / z.size / (_EDGES[1] - _EDGES[0])
            curve.set_ydata(row + 0.85 * np.minimum(density / _TALLEST, 1))
            deviations.append(float(z.std()))
            words.set_text(f"sd {deviations[-1]:.2g}")
        nearest = int(np.argmin(np.abs(np.array(GAINS) - value)))
        self.mark.set_xdata([value, value])
        self.dot.set_data([GAINS[nearest]], [100 * self.accuracy[seed, nearest]])
        last, first = deviations[0], deviations[-1]
        ratio = last / first
        tendency = "shrink" if ratio < 0.3 else "grow" if ratio > 3 else "keep their size"
        outside = float((np.abs(inputs[-1]) > _VIEW).mean())
        caption = (
            f"Gain {value:.2f}: deviation {first:.2g} in layer 1, {last:.2g} in layer 10. "
            f"Trained from gain {GAINS[nearest]:.2f}, this network reaches "
            f"{100 * self.accuracy[seed, nearest]:.0f} %, the mean of 16 is "
            f"{100 * self.accuracy[:, nearest].mean():.0f} %."
        )
        if outside > 0.01:
            caption += f" {100 * outside:.0f} % of layer 10 lies outside the picture."
        return Reading(
            alt=(
                f"Histograms of the inputs of five of ten ReLU layers at gain {value:.2f}, seed "
                f"{seed}: they {tendency} with depth; beside them, trained accuracy against the "
                "gain, a peak around the square root of 2."
            ),
            caption=caption,
        )
