"""What the experiments of lesson 01 measure: fits, units, and accuracies seed by seed."""

from collections.abc import Mapping, Sequence

import numpy as np

from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, FAINT, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.curves import COLOURS, look
from relukit.figures.meaning import row_look
from relukit.lessons.history.experiments.stepped import noisy_relu_moments, stepped_sigmoid_moments
from relukit.lessons.history.experiments.tobit import (
    FITS,
    INTERCEPT,
    SLOPE,
    censored_sample,
    fit_line,
    fit_tobit,
    fit_unit,
)
from relukit.statistics import interval


@drawn
def tobit(slopes: Mapping[str, Sequence[float]]) -> Picture:
    """Return censored data with three fits, and the slopes of the fits over many samples.

    Args:
        slopes: the slopes found in two or more samples, for each of the names in FITS.

    Raises:
        InvalidValueError: other names.

    References: [Tobin1958].

    Example:
        >>> tobit({name: (1.0, 1.1) for name in FITS}).axes[0].get_ylabel()
        'outcome y'
    """
    if tuple(slopes) != FITS:
        raise InvalidValueError(
            f"slopes for {', '.join(FITS)}", f"{list(slopes)}", "pass all three"
        )
    sample = censored_sample(0)
    x, (a, b) = np.linspace(-3, 3, 121), fit_line(sample)
    curves = {FITS[0]: a + b * x}
    curves[FITS[1]] = np.maximum(np.polyval(fit_unit(sample)[::-1], x), 0)
    curves[FITS[2]] = np.polyval(fit_tobit(sample)[1::-1], x)
    picture, (left, right) = panels(2, size=(6.9, 3.5), gridspec_kw={"width_ratios": (1.5, 1)})
    left.plot(*sample[::5].T, ".", color=FAINT, markersize=3, gid="data", label="data")
    for place, (name, y) in enumerate(curves.items()):
        left.plot(x, y, label=name, gid=name, **look(place))
        span = interval(slopes[name])
        right.plot(
            slopes[name], [2 - place - 0.16] * span.n, MARKERS[3], color=PALETTE["grey"],
            markersize=2.5, gid="samples",
        )  # fmt: skip
        right.errorbar(
            span.mean, 2 - place, xerr=[[span.mean - span.low], [span.high - span.mean]],
            color=PALETTE[COLOURS[place]], marker=MARKERS[place], capsize=4, gid=name,
        )  # fmt: skip
    right.axvline(SLOPE, color=PALETTE["grey"], linestyle=DASHES[3], gid="truth")
    left.set(xlabel=f"input x, y = max(0, {INTERCEPT:g} + {SLOPE:g} x + noise)")
    left.set(ylabel="outcome y", ylim=(-1.5, 6.5))
    left.set_title("The unit bends too early and is too flat")
    right.set(xlabel="slope found", ylim=(-0.5, 2.5), yticks=())
    right.set_title(f"Only Tobit finds {SLOPE:g}")
    picture.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    picture.alt = (
        "Censored data with three fits and the slopes they find in many samples: a straight line "
        "is far too flat, a ReLU unit too flat, and the Tobit likelihood finds the true slope."
    )
    return picture


@drawn
def stepped_units() -> Picture:
    """Return mean and variance of stepped sigmoid units and of noisy rectifiers over the input.

    References: [Nair2010].

    Example:
        >>> [axes.get_ylabel() for axes in stepped_units().axes]
        ['mean', 'variance']
    """
    x = np.linspace(-4, 6, 201)
    curves = {
        "stepped sigmoid units": stepped_sigmoid_moments(x),
        "noisy ReLU, variance sigmoid(x)": noisy_relu_moments(x),
        "noisy ReLU, deviation sigmoid(x)": noisy_relu_moments(x, logistic_is="deviation"),
    }
    picture, axes = panels(2, size=(6.5, 3.4))
    for ax, which, word in zip(axes, (0, 1), ("mean", "variance"), strict=True):
        title = ("The mean is good from 2 on", "The variance, too")[which]
        for place, (name, moments) in enumerate(curves.items()):
            ax.plot(x, moments[which], label=name, gid=name, **look(place))
        ax.set(xlabel="input x", ylabel=word, title=title)
    axes[0].plot(
        x, np.logaddexp(0, x), color=PALETTE["grey"], linestyle=DASHES[3], label="softplus",
        gid="softplus", linewidth=1.2,
    )  # fmt: skip
    picture.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    picture.alt = (
        "Mean and variance of stepped sigmoid units over their input, beside noisy rectifiers: "
        "from about 2 on they agree, around 0 the noisy rectifiers lie far below in both."
    )
    return picture


@drawn
def by_seed(
    values: Mapping[str, Sequence[float]], *, quantity: str, title: str, scale: float = 1.0
) -> Picture:
    """Return one row of dots for each name, a dot a seed, with mean and 95 % interval above it.

    Args:
        values: one to six names, each with a number for each of two or more seeds.
        quantity: what the numbers are, with their unit: the axis' label.
        title: the title.
        scale: factor on the numbers, such as 100 for per cent.

    Raises:
        InvalidValueError: no name, or more than six.

    Example:
        >>> by_seed({"a": (0.9, 0.92)}, quantity="accuracy", title="A").axes[0].get_xlabel()
        'accuracy'
    """
    if not isinstance(values, Mapping) or not 1 <= len(values) <= 6:
        raise InvalidValueError("one to six named lists", repr(values), "pass a dict")
    picture, (axes,) = panels(size=(6.5, 1.35 + 0.42 * len(values)))
    counts = set()
    for place, (name, numbers) in zip(range(len(values), 0, -1), values.items(), strict=True):
        scaled = scale * np.asarray(numbers, dtype=float)
        span = interval(scaled)
        axes.plot(
            scaled, [place - 0.18] * span.n, MARKERS[0], color=PALETTE["grey"], markersize=3,
            gid=f"{name} seeds",
        )  # fmt: skip
        axes.errorbar(
            span.mean, place + 0.1, xerr=[[span.mean - span.low], [span.high - span.mean]],
            capsize=4, gid=name, **row_look(name),
        )  # fmt: skip
        counts.add(span.n)
    axes.set_yticks(range(len(values), 0, -1), list(values))
    axes.set(xlabel=quantity, ylim=(0.5, len(values) + 0.5), title=title)
    axes.grid(visible=False, axis="y")
    seeds = " or ".join(map(str, sorted(counts)))
    picture.alt = (
        f"Dots for each of {seeds} seeds, with means and 95 % intervals, of {quantity} for "
        f"{', '.join(values)}."
    )
    return picture


def three_nonlinearities(values: Mapping[str, Sequence[float]]) -> Picture:
    """Return what readers of digits get right with tanh, its size, and its positive part.

    Args:
        values: shares right seed by seed, as `random_filter_accuracies` names them.

    References: [Jarrett2009].
    """
    title = "Cutting helps here, dropping the sign doesn't"
    return by_seed(values, quantity="new digits right, in %", title=title, scale=100)


def three_curves(values: Mapping[str, Sequence[float]]) -> Picture:
    """Return what networks of rectifiers, of tanh and of sigmoids get right, seed by seed.

    Args:
        values: shares right, by the name of the activation.

    References: [Glorot2011].
    """
    named = {"rectifier" if name == "relu" else name: right for name, right in values.items()}
    title = "Tanh keeps up with the rectifier, the sigmoid doesn't"
    return by_seed(named, quantity="new signals right, in %", title=title, scale=100)
