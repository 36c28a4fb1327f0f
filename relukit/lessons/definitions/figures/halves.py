"""The law of halves in one picture: symmetric signals lose half of their power, others do not."""

import numpy as np
import torch
from matplotlib.axes import Axes

from relukit.figures.canvas import INK, Picture, drawn, panels
from relukit.figures.meaning import OFF, ON
from relukit.lessons.definitions.experiments.halves import kept, layers, shares, signals
from relukit.statistics import Interval
from relukit.streams import generator

_SHOWN = 64  # values of a signal in its small picture
_ROWS = {
    "sine": "a sine",
    "coin": "a fair coin, ±1",
    "normal": "bell-shaped noise",
    "layer 1, fresh": "digits, layer 1, fresh",
    "layer 1, trained": "digits, layer 1, trained",
    "layer 2, trained": "digits, layer 2, trained",
    "loaded": "a loaded coin, +3 or −1",
}
_TOLD = 0.02  # shares that differ from one half by less are called one half


@drawn
def halves() -> Picture:
    r"""Return seven signals, each cut at 0, and the share of its power that one ReLU keeps.

    Conventions: the power of a signal is its mean square; a layer's share is the mean over 16
        networks that read digits, with the 95 % interval of that mean.

    Example:
        >>> halves().axes[-1].get_xlabel()
        'share of the power, %'
    """
    picture, axes = panels(
        2, rows=len(_ROWS), size=(6.5, 4.3), gridspec_kw={"width_ratios": (1, 1.9)}
    )
    spec = axes[1].get_subplotspec()
    for bar in axes[1::2]:
        bar.remove()
    assert spec is not None
    right = picture.add_subplot(spec.get_gridspec()[:, 1])
    measured: dict[str, float | Interval] = {
        **{name: kept(torch.as_tensor(x)) for name, x in signals().items()},
        **shares(),
    }
    for place, name in enumerate(_ROWS):
        _signal(axes[2 * place], _values(name))
        _bar(right, place, measured[name])
    right.axvline(50, color=INK, linewidth=1.2, linestyle=(0, (4, 2)), gid="one half")
    right.set(xlim=(0, 100), ylim=(len(_ROWS) - 0.45, -0.55), xlabel="share of the power, %")
    right.set_yticks(range(len(_ROWS)), _ROWS.values(), fontsize=9)
    right.tick_params(axis="y", length=0)
    right.grid(visible=False)
    right.spines["left"].set_visible(False)
    right.set_title("With symmetry, half is lost")
    axes[0].set_title("What arrives")
    means = {name: _mean(value) for name, value in measured.items()}
    half = [_ROWS[name] for name in _ROWS if abs(means[name] - 0.5) < _TOLD]
    more = [f"{_ROWS[n]} ({100 * means[n]:.0f} %)" for n in _ROWS if means[n] >= 0.5 + _TOLD]
    picture.alt = (
        "Seven signals cut at zero, and how much of their power one ReLU keeps: half of "
        f"{', '.join(half)}; more of {', '.join(more)}."
    )
    return picture


def _values(name: str) -> np.ndarray:
    """Return some values of a signal, in an order in which they may come."""
    if name in signals():
        x = signals()[name]
        if name == "sine":
            return np.asarray(x[:: len(x) // _SHOWN][:_SHOWN])
        order = torch.randperm(len(x), generator=generator(0, "order"))[:_SHOWN]
        return np.asarray(x[order.numpy()])
    return layers()[name][0][0].numpy()  # what one image sends to the 64 units of the first seed


def _signal(axes: Axes, values: np.ndarray) -> None:
    x = np.arange(len(values))
    y = values / np.abs(values).max()
    axes.bar(x, np.maximum(y, 0), width=1.0, color=ON["color"], gid="kept")
    axes.bar(
        x, np.minimum(y, 0), width=1.0, fill=False, edgecolor=OFF["color"], linewidth=0.6,
        gid="lost",
    )  # fmt: skip
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set(ylim=(-1.1, 1.1), xlim=(-1, len(values)))
    axes.set_axis_off()


def _bar(axes: Axes, place: int, value: float | Interval) -> None:
    mean = 100 * _mean(value)
    axes.barh(place, mean, height=0.62, color=ON["color"], gid="kept")
    axes.barh(
        place, 100 - mean, left=mean, height=0.62, facecolor="white", edgecolor=OFF["color"],
        hatch="////", linewidth=1.2, gid="lost",
    )  # fmt: skip
    axes.text(2, place, f"{mean:.0f} kept", va="center", color="white", fontsize=9)
    box = {"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none"}
    axes.text(
        98, place, f"{100 - mean:.0f} lost", va="center", ha="right", color=INK,
        fontsize=9, bbox=box,
    )  # fmt: skip
    if isinstance(value, Interval):
        axes.plot(
            [100 * value.low, 100 * value.high], [place, place], "|-", color=INK, linewidth=2.5,
            markersize=12, markeredgewidth=1.5, solid_capstyle="butt", gid="interval",
        )  # fmt: skip


def _mean(value: float | Interval) -> float:
    return value.mean if isinstance(value, Interval) else value
