"""Curves of neurons: firing rates, noise that smooths a threshold, tuning at several contrasts."""

import math

import numpy as np
import torch

from relukit.activations import activation
from relukit.figures.canvas import DASHES, INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.curves import COLOURS, look
from relukit.figures.mine import mine as draw_mine
from relukit.lessons.history.experiments.neurons import firing_rate
from relukit.lessons.history.experiments.noise import (
    CONTRASTS,
    half_width,
    noisy_rate,
    power_law_fit,
    tuned_rate,
)
from relukit.quantities import integer, real

SKETCHED = (CONTRASTS[0] / 2, *CONTRASTS)  # where the learner sketches the widths


@drawn
def rectified_waves(*, n_periods: int = 2) -> Picture:
    r"""Return a sine rectified by half, max(0, x), and in full, |x|, with means and rms.

    Args:
        n_periods: how many periods are drawn, 1 to 6.

    Raises:
        InvalidValueError: if n_periods lies outside 1 to 6.

    Example:
        >>> [axes.get_title(loc="left") for axes in rectified_waves().axes]
        ['max(0, x) keeps half of the power', '|x| keeps all of it']
    """
    n_periods = integer("n_periods", n_periods, least=1, most=6)
    picture, axes = panels(2, size=(6.5, 2.8), sharey=True)
    time = torch.arange(200 * n_periods, dtype=torch.float64) / 200
    wave = torch.sin(2 * math.pi * time)
    names = (
        ("relu", "max(0, x) keeps half of the power"),
        ("absolute", "|x| keeps all of it"),
    )
    for ax, (name, title) in zip(axes, names, strict=True):
        passed = activation(name)(wave)
        mean, rms = passed.mean().item(), passed.square().mean().sqrt().item()
        ax.plot(time, wave, color=PALETTE["grey"], linestyle=DASHES[1], linewidth=1.2, label="sine")
        ax.plot(time, passed, color=PALETTE["blue"], label="rectified", gid="rectified")
        for value, colour, dash, word in ((mean, "vermilion", 3, "mean"), (rms, "green", 2, "rms")):
            ax.axhline(value, label=word, gid=word, **look(dash, colour))
        ax.set(xlabel="time in periods", title=title)
        ax.annotate(
            f"mean {mean:.3f}\nrms {rms:.3f}", (0.03, 0.05), xycoords="axes fraction", fontsize=8.5
        )
    axes[0].set_ylabel("signal")
    picture.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    picture.alt = (
        "A sine and its two rectified copies: the half wave keeps the upper halves and has half "
        "the mean of the full wave, which folds the lower halves up."
    )
    return picture


@drawn
def firing_rates(*, largest: float = 100.0) -> Picture:
    """Return the rate of a leaky integrate-and-fire neuron against its input, near and far.

    Args:
        largest: the largest input of the right panel, above 3, in units of the threshold.

    Raises:
        InvalidValueError: largest is 3 or less.

    Example:
        >>> firing_rates().axes[1].get_xlabel()
        'input, in units of the threshold'
    """
    largest = real("largest", largest, above=3, do="pass such as 100")
    words = ("Weak input: straight from 2 on", "Strong input: the neuron levels off")
    picture, axes = panels(2, size=(6.5, 2.8))
    for ax, end, title in zip(axes, (3.0, largest), words, strict=True):
        drive = np.linspace(0, end, 601)
        slope = (firing_rate(3.0) - firing_rate(2.0)) / 1.0
        line = np.maximum(slope * (drive - 2) + firing_rate(2.0), 0)
        ax.plot(drive, firing_rate(drive), label="model neuron", gid="rate", **look(2, "green"))
        ax.plot(
            drive, line, label="rectifier", gid="rectifier", **look(0),
        )  # fmt: skip
        ax.set(xlabel="input, in units of the threshold", title=title)
        ax.set_ylim(-0.05 * firing_rate(drive).max(), 1.35 * firing_rate(drive).max())
    axes[0].set_ylabel("rate in hertz")
    picture.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    picture.alt = (
        "The firing rate of a model neuron beside a rectifier: a little above its threshold the "
        "neuron's rate is nearly straight, at strong input it levels off far below the rectifier."
    )
    return picture


@drawn
def power_law() -> Picture:
    """Return the mean rate of a noisy threshold, and the power law nearest to it.

    References: [Hansel2002].

    Example:
        >>> power_law().axes[0].get_ylabel()
        'mean rate'
    """
    u = np.linspace(-1, 2, 301)
    rate = noisy_rate(u)
    a, u0, n = power_law_fit(u, rate)
    law = a * np.maximum(u - u0, 0) ** n
    picture, (left, right) = panels(2, size=(6.5, 3.1), gridspec_kw={"width_ratios": (1.6, 1)})
    curves = (
        (np.maximum(u, 0), "grey", 2, "no noise: max(0, u)"),
        (rate, "blue", 0, "with noise, mean"),
        (law, "vermilion", 1, f"power law, exponent {n:.2f}"),
    )
    for y, colour, dash, words in curves:
        left.plot(u, y, label=words, gid=words, **look(dash, colour))
    right.plot(u, law - rate, color=PALETTE["blue"], gid="error")
    left.set(
        xlabel="input u, in noise widths",
        ylabel="mean rate",
        title="Noise turns the kink into a power",
    )
    right.set(xlabel="input u, in noise widths", ylabel="law - mean rate", ylim=(-0.05, 0.05))
    right.set_title("By how much the law is off")
    picture.legend(loc="outside lower center", ncols=3)
    picture.alt = (
        "The mean rate of a noisy threshold unit rises smoothly where the noiseless one has its "
        "kink, and a power law with an exponent of about 2 follows it closely."
    )
    return picture


@drawn
def tuning() -> Picture:
    """Return a unit's tuning to orientation at four contrasts, without noise and with noise.

    Each curve is divided by its peak; a cross marks where it is at one half.

    References: [Hansel2002].

    Example:
        >>> [axes.get_title(loc="left") for axes in tuning().axes]
        ['Without noise: broader with contrast', 'With noise: nearly one width']
    """
    words = ("Without noise: broader with contrast", "With noise: nearly one width")
    picture, axes = panels(2, size=(6.5, 3.2), sharey=True)
    degrees = np.linspace(-90, 90, 361)
    for ax, noise, title in zip(axes, (0.0, 1.0), words, strict=True):
        for place, contrast in enumerate(CONTRASTS):
            rate = tuned_rate(degrees, contrast, noise=noise)
            share = rate / rate.max() if rate.max() > 0 else rate
            ax.plot(
                degrees, share, label=f"contrast {contrast:g}", gid=f"{contrast:g}", **look(place)
            )
            width = half_width(contrast, noise=noise)
            ax.plot([width], [0.5], MARKERS[place], color=PALETTE[COLOURS[place]], gid="half width")
        ax.set(xlabel="angle to the preferred one, in degrees", title=title, xticks=(-90, 0, 90))
    axes[0].set_ylabel("rate over its peak")
    picture.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    picture.alt = (
        "Tuning curves at four contrasts: without noise they broaden with contrast and the lowest "
        "is silent, with noise all four have nearly the same width at half height."
    )
    return picture


@drawn
def widths(*, mine: object = None) -> Picture:
    """Return the half-width of a unit's tuning over contrast, for four sizes of noise.

    Args:
        mine: the widths that were sketched for noise as large as the threshold, in degrees at
            `SKETCHED`: a list or a prediction.

    References: [Hansel2002].

    Example:
        >>> widths().axes[0].get_xlabel()
        'contrast'
    """
    contrasts = np.geomspace(0.125, 8, 121)
    picture, (axes,) = panels(size=(6.5, 3.6))
    curves = ((0.0, "grey", 2), (0.5, "green", 3), (1.0, "blue", 0), (2.0, "vermilion", 1))
    for noise, colour, dash in curves:
        found = np.array([half_width(c, noise=noise) for c in contrasts])
        found[found > 89] = np.nan
        axes.plot(
            contrasts, found, label=f"noise {noise:g}", gid=f"{noise:g}", **look(dash, colour)
        )
    for edge in (CONTRASTS[0], CONTRASTS[-1]):
        axes.axvline(edge, color=INK, linewidth=0.9, gid="range")
    axes.annotate("here noise 1 stays within a quarter", (1.62, 4), ha="center")
    axes.set(xlabel="contrast", ylabel="half-width in degrees", xscale="log", ylim=(0, 80))
    axes.set_xticks(SKETCHED, [f"{contrast:g}" for contrast in SKETCHED])
    axes.minorticks_off()
    axes.set_title("Noise as large as the threshold holds the width from contrast 0.5 to 4")
    picture.legend(loc="outside lower center", ncols=4, title="noise, in thresholds")
    draw_mine(axes, mine, at=SKETCHED)
    picture.alt = (
        "Half-width of the tuning over contrast for four sizes of noise: with noise as large as "
        "the threshold it is nearly flat from contrast 0.5 to 4 and rises steeply below."
    )
    return picture
