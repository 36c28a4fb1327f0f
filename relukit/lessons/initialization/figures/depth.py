"""What depth does to the size of a signal and of a gradient."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from relukit.activations import activation
from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, FAINT, PALETTE, Picture, drawn, panels
from relukit.figures.curves import look
from relukit.figures.meaning import looks
from relukit.ledger.setting import STATED
from relukit.lessons.initialization.experiments.gains import own_gain
from relukit.lessons.initialization.experiments.layers import Passage, passages
from relukit.lessons.initialization.experiments.widths import expected
from relukit.lessons.initialization.figures.seeds import band, table

STARTS = (2.0, 1.0, 0.5)


@drawn
def signal_and_gradient(found: Mapping[str, Sequence[Passage]]) -> Picture:
    """Return decades gained by the signal going in and by the gradient going back, by layer.

    Args:
        found: one to five names, each with one passage for each seed.

    Raises:
        InvalidValueError: no name or more than five, or fewer than two seeds.

    Example:
        >>> found = {"He": passages("he_normal", width=16, depth=3, seeds=range(2))}
        >>> signal_and_gradient(found).axes[0].get_xlabel()
        'hidden layer'
    """
    if not isinstance(found, Mapping) or not 1 <= len(found) <= 5:
        raise InvalidValueError("one to five named passages", repr(found), "pass a dict")
    picture, (left, right) = panels(2, size=(6.5, 3.3), sharey=True)
    for style, (name, each) in zip(looks(found), found.items(), strict=True):
        signal = table(name, [one.signal for one in each])
        gradient = table(name, [one.gradient for one in each])
        layers = np.arange(1, signal.shape[1] + 1)
        band(left, [0, *layers], np.pad(signal, ((0, 0), (1, 0))), style, name)
        # entry k is the gradient where layer k + 1 begins; at the last output nothing is lost yet
        band(right, [*(layers - 1), layers[-1]], np.pad(gradient, ((0, 0), (0, 1))), style, name)
    left.set(xlabel="hidden layer", ylabel="power gained (+) or lost (−), in decades")
    left.set_title("Signal, going in")
    right.set(xlabel="hidden layer", title="Gradient, coming back")
    right.invert_xaxis()
    picture.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    picture.alt = (
        "Decades gained by the mean square, layer by layer, for "
        f"{', '.join(found)}: the signal from left to right, the gradient from the last layer "
        "back; each scheme does nearly the same to both."
    )
    return picture


@drawn
def spread(widths: Sequence[int] = (256, 32), *, depth: int = 50, n_seeds: int = 32) -> Picture:
    """Return the signal of single networks with He's weights, by layer, a panel for each width.

    Args:
        widths: units in each layer, two values.
        depth: hidden layers.
        n_seeds: networks, each one line.

    Raises:
        InvalidValueError: if there are not two widths.

    Example:
        >>> [a.get_title(loc="left") for a in spread((16, 8), depth=3, n_seeds=2).axes]
        ['width 16', 'width 8']
    """
    if len(widths) != 2:
        raise InvalidValueError("two widths", repr(widths), "pass (256, 32)")
    picture, axes = panels(2, size=(6.5, 3.1), sharey=True)
    layers = np.arange(1, depth + 1)
    for ax, width in zip(axes, widths, strict=True):
        first = 2 * STATED.seeds.start  # the networks on which the claim is measured
        seeds = range(first, first + n_seeds)
        found = passages("he_normal", width=width, depth=depth, seeds=seeds)
        for one in found:
            ax.plot(layers, one.signal, color=FAINT, linewidth=0.7, gid="network")
        centre, sd = np.array([expected(width, layer) for layer in layers.tolist()]).T
        ax.plot(
            layers, centre, color=PALETTE["blue"], label="theory: mean of the decades", gid="mean"
        )
        for side in (-2, 2):
            ax.plot(
                layers, centre + side * sd, color=PALETTE["vermilion"], linestyle=DASHES[1],
                label="theory: two standard deviations" if side < 0 else None, gid="deviations",
            )  # fmt: skip
        ax.get_lines()[0].set_label("one network")
        ax.set(xlabel="hidden layer", title=f"width {width}")
    axes[0].set_ylabel("power gained or lost, in decades")
    picture.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    picture.alt = (
        f"The signal's decades over {depth} layers in {n_seeds} single networks of width "
        f"{widths[0]} and {n_seeds} of width {widths[1]}, with the theory's mean and two "
        "deviations: the narrow networks fan out and sink."
    )
    return picture


@drawn
def own_sizes(*, depth: int = 30) -> Picture:
    """Return the signal of six activations with their own gains, from three starting sizes.

    Args:
        depth: hidden layers.

    Example:
        >>> len(own_sizes(depth=2).axes)
        6
    """
    picture, axes = panels(3, rows=2, size=(6.5, 4.4), sharex=True)
    for ax, name in zip(axes, ("relu", "selu", "tanh", "gelu", "silu", "mish"), strict=True):
        for place, start in enumerate(STARTS):
            found = own_gain(name, start=start, depth=depth)
            offset = 2 * math.log10(start)
            rows = np.array([[offset, *(offset + s for s in one.signal)] for one in found])
            label = {2.0: "twice the size", 1.0: "the right size", 0.5: "half the size"}[start]
            band(ax, np.arange(depth + 1), table(name, rows), look(place, marked=True), label)
        ax.set(title=activation(name).title, ylim=(-5.2, 5.2))
    for ax in axes[3:]:
        ax.set_xlabel("hidden layer")
    for ax in axes[::3]:
        ax.set_ylabel("decades off")
    picture.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    picture.alt = (
        "Six panels, decades between the signal and the size that the gain should keep, from "
        "twice that size, the size itself and half of it: ReLU keeps the distance, SELU and tanh "
        "close it, GELU, SiLU and Mish let it grow."
    )
    return picture


@drawn
def tanh_depth(*, depth: int = 50) -> Picture:
    """Return the variance of tanh activations by layer, with Xavier's gain 1 and with 5/3.

    Args:
        depth: hidden layers.

    Example:
        >>> tanh_depth(depth=4).axes[0].get_yscale()
        'log'
    """
    picture, (axes,) = panels(size=(6.5, 2.9))
    layers = np.arange(1, depth + 1)
    gains = {"gain 1 (Xavier)": 1.0, "gain 5/3": 5 / 3}
    for style, (label, gain) in zip(looks(gains), gains.items(), strict=True):
        found = passages("glorot_normal", "tanh", width=128, depth=depth, gain=gain)
        band(axes, layers, table(label, 10 ** np.array([o.signal for o in found])), style, label)
    axes.axhline(0.25, color=PALETTE["grey"], linestyle=DASHES[2], linewidth=1.4, label="0.25")
    axes.set(xlabel="hidden layer", ylabel="variance of activations", yscale="log")
    axes.set_title("tanh (mean, 95 % interval over 16 seeds)")
    axes.legend(loc="lower left")
    picture.alt = (
        f"The variance of tanh activations over {depth} layers on a logarithmic axis: with "
        "Xavier's weights it falls through the line at 0.25 and goes on falling; with gain 5/3 "
        "it settles above that line."
    )
    return picture
