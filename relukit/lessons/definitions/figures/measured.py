"""What the lesson measures and this module only draws: scaled inputs and exact zeros."""

from collections.abc import Mapping, Sequence

import numpy as np

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import DASHES, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.curves import COLOURS, reach
from relukit.figures.meaning import looks
from relukit.statistics import interval


@drawn
def homogeneity(
    scales: Sequence[float], with_bias: Sequence[float], without_bias: Sequence[float]
) -> Picture:
    """Return N(a x) against a for a network with biases and one without: only one is a N(x).

    Args:
        scales: the factors a, shape (n,), rising, among them 1.
        with_bias: N(a x) of the network with biases, shape (n,).
        without_bias: N(a x) of the network without, shape (n,).

    Raises:
        InvalidValueError: if the shapes differ, a value is not finite, or 1 is not among scales.

    Example:
        >>> homogeneity([0, 1, 2], [0.5, 1, 2.2], [0, 1, 2]).axes[0].get_xlabel()
        'scale a of the input'
    """
    a = _finite("scales", scales)
    outputs = {"without bias": _finite("without_bias", without_bias)}
    outputs["with bias"] = _finite("with_bias", with_bias)
    if any(y.shape != a.shape for y in outputs.values()):
        got = ", ".join(str(y.shape) for y in (a, *outputs.values()))
        raise InvalidValueError("three lists of one length", got, "evaluate N at every scale")
    one = np.flatnonzero(a == 1)
    if not len(one) or np.any(np.diff(a) <= 0):
        raise InvalidValueError("rising scales with 1 among them", str(a.tolist()), "sort, add 1")
    picture, axes = panels(2, size=(6.5, 2.9))
    for place, (ax, (name, y)) in enumerate(zip(axes, outputs.items(), strict=True)):
        ax.plot(
            a, a * y[one[0]], color=PALETTE["grey"], linestyle=DASHES[1], label="a N(x)", gid="line"
        )
        ax.plot(
            a, y, MARKERS[place], color=PALETTE[COLOURS[place]], markersize=4.5, label="N(a x)",
            gid="outputs",
        )  # fmt: skip
        ax.set(xlabel="scale a of the input", ylabel="output", title=f"Network {name}")
    line, without = axes[0].lines
    picture.legend(
        [line, without, axes[1].lines[1]],
        ["a N(x)", "N(a x) without bias", "N(a x) with bias"],
        loc="outside lower center",
        ncols=3,
    )
    picture.alt = (
        "The output of two ReLU networks as their input is scaled by a, with the line a N(x): "
        f"without biases the points {_follows(a, outputs['without bias'], one[0])} the line; "
        f"with biases they {_follows(a, outputs['with bias'], one[0])} it."
    )
    return picture


@drawn
def zeros_by_layer(fractions: Mapping[str, Sequence[Sequence[float]]]) -> Picture:
    """Return the share of exact zeros in each hidden layer, mean and 95 % interval over seeds.

    Args:
        fractions: one to four names, each with an array of shape (seeds, layers) of shares.

    Raises:
        InvalidValueError: if there is no name, a shape is not (2 or more, 1 or more), or a share
            lies outside 0 to 1.

    Example:
        >>> picture = zeros_by_layer({"zero bias": [[0.5, 0.49], [0.51, 0.5]]})
        >>> picture.axes[0].get_ylabel()
        'share of exact zeros'
    """
    if not isinstance(fractions, Mapping) or not 1 <= len(fractions) <= 4:
        raise InvalidValueError("one to four named arrays", repr(fractions), "pass a dict")
    picture, (axes,) = panels(size=(6.5, 2.9))
    axes.axhline(0.5, color=PALETTE["grey"], linestyle=DASHES[2], linewidth=1.4, label="one half")
    counts = set()
    for style, (name, values) in zip(looks(fractions), fractions.items(), strict=True):
        shares = np.asarray(values, dtype=float)
        if shares.ndim != 2 or len(shares) < 2 or not np.all((shares >= 0) & (shares <= 1)):
            got = f"{name!r} of shape {shares.shape}"
            raise InvalidValueError(
                "shares of 0 to 1, (seeds, layers)", got, "stack the seeds' lists"
            )
        spans = [interval(column) for column in shares.T]
        means = np.array([span.mean for span in spans])
        axes.errorbar(
            np.arange(1, len(means) + 1), means, yerr=reach(spans), capsize=3, label=name, gid=name,
            **style,
        )  # fmt: skip
        counts.add(len(shares))
    axes.set(xlabel="hidden layer", ylabel="share of exact zeros", ylim=(-0.03, 1.03))
    axes.locator_params(axis="x", integer=True)
    seeds = " or ".join(map(str, sorted(counts)))
    axes.set_title(f"Units at exactly 0 (mean, 95 % interval over {seeds} seeds)")
    axes.legend(loc="upper right", ncols=2)
    picture.alt = (
        "The share of exact zeros in each hidden layer, mean and 95 % interval over "
        f"{seeds} seeds, beside a line at one half: {_beside_half(fractions)}."
    )
    return picture


def _follows(a: np.ndarray, y: np.ndarray, one: int) -> str:
    """Return whether the outputs keep to the line a N(x), in a word."""
    apart = np.abs(y - a * y[one]).max()
    return "lie on" if apart <= 1e-3 * max(np.abs(y).max(), 1e-12) else "leave"


def _beside_half(fractions: Mapping[str, Sequence[Sequence[float]]]) -> str:
    """Return, for each name, on which side of one half its mean share lies, in words."""
    said = []
    for name, values in fractions.items():
        apart = float(np.mean(values)) - 0.5
        place = "near" if abs(apart) < 0.05 else "above" if apart > 0 else "below"
        said.append(f"{name} lies {place} it")
    return ", ".join(said)


def _finite(name: str, values: Sequence[float]) -> np.ndarray:
    try:
        numbers = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise InvalidTypeError(f"{name} as numbers", repr(values), "pass a flat list") from None
    if numbers.ndim != 1 or not numbers.size or not np.isfinite(numbers).all():
        raise InvalidValueError(f"{name}: a flat list of finite numbers", repr(values), "mend it")
    return numbers
