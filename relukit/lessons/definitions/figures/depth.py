"""What depth does to slopes: saturation in one layer, products of slopes over many."""

import numpy as np
import torch

from relukit.activations import activation
from relukit.figures.canvas import DASHES, FAINT, PALETTE, Picture, drawn, panels
from relukit.figures.meaning import looks
from relukit.quantities import integer, real
from relukit.statistics import interval


@drawn
def saturation(*, fraction: float = 0.01) -> Picture:
    """Return sigmoid, tanh and ReLU with their slopes, shaded where the slope has almost gone.

    Args:
        fraction: a slope below this part of the function's largest slope counts as gone.

    Raises:
        InvalidValueError: if fraction does not lie between 0 and 1.

    Example:
        >>> [axes.get_title(loc="left") for axes in saturation().axes]
        ['sigmoid', 'tanh', 'ReLU']
    """
    fraction = real("fraction", fraction, above=0, below=1, do="pass such as 0.01")
    picture, axes = panels(3, size=(6.5, 2.9), sharex=True)
    x = torch.arange(-1600, 1601, dtype=torch.float64) / 200  # 0 exactly in the middle
    ends = {}
    for ax, name in zip(axes, ("sigmoid", "tanh", "relu"), strict=True):
        function = activation(name)
        slope = function.derivative(x)
        gone = slope < fraction * function.lipschitz
        ends[name] = -x[gone & (x <= 0)].max().item()
        ax.fill_between(
            x, 0, 1, where=gone, transform=ax.get_xaxis_transform(), facecolor="#E9E9E9",
            hatch="///", edgecolor=FAINT, linewidth=0, gid="saturated",
            label=f"slope below {fraction * 100:g} % of its maximum",
        )  # fmt: skip
        for kink in function.kinks:
            slope[x == kink] = torch.nan  # the slope jumps there: lift the pen
        ax.plot(x, function(x), color=PALETTE["blue"], label="function", gid="function")
        ax.plot(x, slope, color=PALETTE["green"], linestyle=DASHES[1], label="slope", gid="slope")
        ax.set(xlabel="input x", xlim=(-8, 8), ylim=(-1.15, 1.15), title=function.title)
        ax.set_xticks((-8, -4, 0, 4, 8))
    axes[0].set_ylabel("function, slope")
    axes[2].set_ylim(-1.15, 4.15)
    picture.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    picture.alt = (
        f"Three panels: the slope is below {fraction * 100:g} % of its maximum beyond "
        f"{ends['sigmoid']:.1f} on both sides for sigmoid and beyond {ends['tanh']:.1f} for tanh; "
        "for ReLU it is gone on the whole left half and 1 on the right."
    )
    return picture


@drawn
def derivative_products(
    max_depth: int = 20, *, n_seeds: int = 16, n_paths: int = 1001, seed: int = 0
) -> Picture:
    """Return what the activations' slopes multiply to along a path through depth layers.

    Pre-activations are independent standard normal draws; weights are left out. The median over
    paths is drawn as its mean over seeds, with a 95 % interval.

    Args:
        max_depth: layers of the longest path, 2 to 100.
        n_seeds: how often the paths are drawn anew, at least 2.
        n_paths: paths in each draw.
        seed: the first of n_seeds seeds.

    Raises:
        InvalidValueError: if a number is out of range.

    Example:
        >>> derivative_products(5, n_paths=11).axes[0].get_yscale()
        'log'
    """
    max_depth = integer("max_depth", max_depth, least=2, most=100)
    n_seeds, n_paths = integer("n_seeds", n_seeds, least=2), integer("n_paths", n_paths, least=1)
    depths = np.arange(1, max_depth + 1)
    picture, (axes,) = panels(size=(6.5, 3.5))
    labels = (
        "ReLU, all units active: 1",
        "tanh, median path",
        "sigmoid, median path",
        r"sigmoid, at best: $0.25^L$",
        r"ReLU, share of paths still active: $2^{-L}$",
    )
    active, *medians, best, share = looks(labels)
    axes.plot(depths, np.ones(max_depth), markersize=4, label=labels[0], gid="relu", **active)
    for name, label, style in zip(("tanh", "sigmoid"), labels[1:3], medians, strict=True):
        logs = np.log10(_median_products(name, max_depth, n_seeds, n_paths, seed))
        spans = [interval(column) for column in logs.T]
        axes.fill_between(
            depths, [10**s.low for s in spans], [10**s.high for s in spans],
            facecolor=(style["color"], 0.25), edgecolor=style["color"], linewidth=0.5,
            gid=f"{name} interval",
        )  # fmt: skip
        axes.plot(
            depths, [10**s.mean for s in spans], markersize=4, label=label, gid=f"{name} median",
            **style,
        )  # fmt: skip
    plain = {"markersize": 0}
    axes.plot(depths, 0.25**depths, label=labels[3], gid="sigmoid best", **best | plain)
    axes.plot(depths, 0.5**depths, label=labels[4], gid="relu active", **share | plain)
    axes.set(yscale="log", xlabel="layers L", ylabel="product of L slopes")
    axes.locator_params(axis="x", integer=True)
    axes.set_title(f"What slopes multiply to (median, 95 % interval over {n_seeds} seeds)")
    picture.legend(loc="outside lower center", ncols=2)
    picture.alt = (
        f"On a logarithmic axis over 1 to {max_depth} layers, the product of slopes stays 1 for "
        "ReLU on an active path, falls for tanh, and falls fastest for sigmoid, whose best case "
        "is 0.25 to the power of the depth."
    )
    return picture


def _median_products(
    name: str, max_depth: int, n_seeds: int, n_paths: int, seed: int
) -> np.ndarray:
    """Return the median over paths of the product of slopes, shape (n_seeds, max_depth)."""
    medians = []
    for offset in range(n_seeds):
        generator = torch.Generator().manual_seed(seed + offset)
        z = torch.randn(n_paths, max_depth, generator=generator, dtype=torch.float64)
        medians.append(activation(name).derivative(z).cumprod(1).median(0).values)
    return torch.stack(medians).numpy()
