"""Zeros in the hidden layers: before and after training, and what two penalties do to them."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from relukit.errors import InvalidValueError
from relukit.figures.canvas import Picture, drawn, panels
from relukit.figures.curves import look, reach
from relukit.statistics import interval

_COLOURS = ("grey", "blue", "vermilion", "green", "pink")


@drawn
def zeros_after_training(
    before: Sequence[Sequence[float]], after: Mapping[str, Sequence[Sequence[float]]]
) -> Picture:
    """Return the share of zeros in each hidden layer, fresh and trained, mean and 95 % interval.

    Args:
        before: shares of 0 to 1 of the fresh networks, (seeds, layers).
        after: one to four names of a way of training, each with shares of the same shape.

    Raises:
        InvalidValueError: no way of training or more than four, or shares that do not fit.

    Example:
        >>> fresh, trained = [[0.5, 0.5], [0.5, 0.4]], [[0.5, 0.3], [0.5, 0.2]]
        >>> zeros_after_training(fresh, {"lr 0.001": trained}).axes[0].get_xlabel()
        'hidden layer'
    """
    if not 1 <= len(after) < len(_COLOURS):
        raise InvalidValueError("one to four ways of training", repr(list(after)), "leave some out")
    picture, (axes,) = panels(size=(6.5, 3.1))
    for place, (name, values) in enumerate({"fresh": before, **after}.items()):
        shares = _shares(name, values, np.shape(before))
        spans = [interval(layer) for layer in shares.T]
        means = np.array([span.mean for span in spans])
        axes.errorbar(
            np.arange(1, len(means) + 1) + 0.03 * (place - len(after) / 2), means,
            yerr=reach(spans), capsize=3, label=name, gid=name,
            **look(place, _COLOURS[place], marked=True),
        )  # fmt: skip
    axes.set(xlabel="hidden layer", ylabel="share of exact zeros", ylim=(0.0, 1.0))
    axes.locator_params(axis="x", integer=True)
    axes.set_title(f"Before and after training (mean, 95 % interval, {len(shares)} seeds)")
    axes.legend(loc="upper left", ncols=2)
    picture.alt = (
        "The share of exact zeros in each hidden layer of fresh networks and after training with "
        f"{', '.join(after)}: the lines part behind the first layer."
    )
    return picture


@drawn
def two_penalties(
    arms: Mapping[str, Mapping[str, tuple[Sequence[float], Sequence[float]]]],
) -> Picture:
    """Return test accuracy against zeros in the activations, a dot a seed and a mark a mean.

    Args:
        arms: one to four kinds of penalty -> its size in words -> (shares of zeros, accuracies),
            two sequences of equal length.

    Raises:
        InvalidValueError: no kind or more than four, or sequences that do not fit.

    Example:
        >>> dots = ([0.5, 0.6], [0.97, 0.96])
        >>> two_penalties({"none": {"0": dots}}).axes[0].get_ylabel()
        'test accuracy'
    """
    if not 1 <= len(arms) < len(_COLOURS):
        raise InvalidValueError("one to four kinds of penalty", repr(list(arms)), "leave some out")
    picture, (axes,) = panels(size=(6.5, 3.3))
    for place, (kind, sizes) in enumerate(arms.items()):
        style = look(place, _COLOURS[place], marked=True) | {"linestyle": "none"}
        dots = partial(axes.plot, **style)
        for number, (size, (zeros, accuracy)) in enumerate(sizes.items()):
            if len(zeros) != len(accuracy) or not len(zeros):
                raise InvalidValueError(
                    f"as many accuracies as shares of zeros for {kind!r}, {size!r}",
                    f"{len(zeros)} and {len(accuracy)}",
                    "give one of each for every seed",
                )
            dots(zeros, accuracy, markersize=3, fillstyle="none", gid=f"{kind} {size}")
            x, y = float(np.mean(zeros)), float(np.mean(accuracy))
            label = kind if number == 0 else None
            dots([x], [y], markersize=8, gid=f"mean {kind} {size}", label=label)
            axes.annotate(
                size, (x, y), (0, -17), textcoords="offset points", ha="center", fontsize=8.5,
                bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1},
            )  # fmt: skip
    axes.set(xlabel="share of exact zeros in the activations", ylabel="test accuracy")
    axes.set_xlim(0, 1)
    axes.set_title("Zeros and accuracy under two penalties (numbers: size of the penalty)")
    axes.legend(loc="lower left")
    picture.alt = (
        f"Test accuracy against the share of zeros in the activations for {', '.join(arms)}: one "
        "penalty moves to the right, the other to the left."
    )
    return picture


def _shares(name: str, values: Sequence[Sequence[float]], shape: tuple[int, ...]) -> np.ndarray:
    shares = np.asarray(values, dtype=float)
    if shares.ndim != 2 or shares.shape != shape or len(shares) < 2:
        raise InvalidValueError(
            f"shares of one shape (2 or more seeds, layers), {shape}",
            f"{name!r} of shape {shares.shape}",
            "stack the seeds",
        )
    if not np.all((shares >= 0) & (shares <= 1)):
        raise InvalidValueError("shares of 0 to 1", f"others in {name!r}", "divide by the number")
    return shares
