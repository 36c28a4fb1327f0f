"""Gradients of deep networks: how many directions survive, how alike neighbours stay."""

import numpy as np

from relukit.figures.canvas import DASHES, PALETTE, Picture, drawn, panels
from relukit.figures.meaning import looks
from relukit.ledger.setting import STATED
from relukit.lessons.initialization.experiments.gradients import (
    ARMS,
    SPECTRA,
    autocorrelation,
    gradient_curves,
    spectrum,
)
from relukit.lessons.initialization.figures.seeds import band, table

_FLOOR = -6.0  # decades below the largest singular value


@drawn
def spectra(*, depth: int = 50) -> Picture:
    """Return the singular values of 50 layers over the largest, for tanh and ReLU networks.

    Args:
        depth: hidden layers.

    Example:
        >>> len(spectra(depth=3).axes[0].get_lines())
        4
    """
    picture, (axes,) = panels(size=(6.5, 3.2))
    for style, (name, (activation, scheme, gain)) in zip(
        looks(SPECTRA), SPECTRA.items(), strict=True
    ):
        rows = []
        for seed in STATED.seeds:
            values = np.array(spectrum(activation, scheme, gain, seed=seed, depth=depth))
            rows.append(np.log10(np.maximum(values / values[0], 10**_FLOOR)))
        share = 100 * np.arange(1, len(rows[0]) + 1) / len(rows[0])
        band(axes, share, table(name, rows), style, name)
    axes.set(xlabel="directions, the largest first, in %", ylabel="decades below the largest")
    axes.set(ylim=(_FLOOR, 0.3), xlim=(0, 100))
    axes.set_title(f"Singular values through {depth} layers of 64 (mean, 95 % interval, 16 seeds)")
    axes.legend(loc="lower right", bbox_to_anchor=(1, 0.1))
    picture.alt = (
        f"Singular values through {depth} layers, sorted, on a logarithmic axis: with tanh and "
        "orthogonal weights all stay near the largest; with Gaussian weights, and with ReLU "
        "whatever the weights, they drop by many decades."
    )
    return picture


@drawn
def gradients(*, depth: int = 50, width: int = 200) -> Picture:
    """Return dy/dx over x of one network for three initializations, and autocorrelations of all.

    Args:
        depth: hidden layers of the deep networks.
        width: units in each.

    Example:
        >>> len(gradients(depth=2, width=20).axes)
        4
    """
    deep, shallow = gradient_curves(depth, width=width), gradient_curves(1, width=width)
    picture, axes = panels(2, rows=2, size=(6.5, 5.0))
    x = np.arange(-2, 2, 4 / 256)
    arms = {"one layer": shallow["1/n"]} | {f"{depth}, {name}": deep[name] for name in ARMS}
    styles = dict(zip(arms, looks(arms), strict=True))
    for ax, name in zip(axes, ARMS, strict=False):
        curve = deep[name][0].numpy()
        colour = styles[f"{depth}, {name}"]["color"]
        ax.plot(x, curve / np.abs(curve).max(), color=colour, linewidth=1.1, gid=name)
        ax.set(xlabel="input x", ylabel="dy/dx, scaled", ylim=(-1.1, 1.1))
        ax.set_title(f"{depth} layers, {name}", fontsize=9)
    lags = np.arange(0, 65, 4)
    for label, curves in arms.items():
        rows = [[autocorrelation(curve, lag) for lag in lags.tolist()] for curve in curves]
        band(axes[3], lags * 4 / 256, table(label, rows), styles[label], label)
    axes[3].axhline(0, color=PALETTE["grey"], linestyle=DASHES[2], linewidth=0.8)
    axes[3].set(xlabel="distance in x", ylabel="autocorrelation")
    axes[3].set_title("How alike neighbours are, 16 seeds", fontsize=9)
    picture.legend(*axes[3].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    picture.alt = (
        f"dy/dx of a network with one input and {depth} layers, for three initializations: slow "
        "waves with variance 1/n, quick jumps with 2/n and with biases in the first layer only; "
        "its autocorrelation falls much faster in the last two."
    )
    return picture
