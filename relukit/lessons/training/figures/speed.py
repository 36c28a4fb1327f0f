"""How many times as many steps an arm needs as a reference, seed by seed."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import DASHES, FAINT, INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.meaning import row_look
from relukit.statistics import interval

_TICKS = (0.125, 0.25, 0.5, 1, 2, 4, 8, 16)
_REPORTED = 6  # times as many, in [Krizhevsky2012]


@drawn
def step_ratios(
    arms: Mapping[str, Sequence[float]], *, error: float = 0.25, reference: str = "ReLU"
) -> Picture:
    """Return ratios of steps on a logarithmic axis: every seed, and the mean with its interval.

    Args:
        arms: what was compared -> steps over the steps of the reference, one number a seed.
        error: share of the training examples that are wrong where the steps end; that of
            [Krizhevsky2012] if nothing is said.
        reference: name of the activation in the denominator.

    Raises:
        InvalidTypeError: arms is no mapping.
        InvalidValueError: there is none, or a ratio is not finite and above 0.

    Example:
        >>> step_ratios({"tanh": [0.5, 0.6]}).axes[0].get_xlabel()
        'steps over the steps of ReLU'
    """
    if not isinstance(arms, Mapping):
        raise InvalidTypeError("a dict of ratios", type(arms).__name__, "pass name -> numbers")
    ratios = {name: np.asarray(values, dtype=float) for name, values in arms.items()}
    if not ratios or not all(np.all(np.isfinite(r) & (r > 0)) for r in ratios.values()):
        raise InvalidValueError(
            "ratios above 0", repr(dict(arms)), "leave out what never arrived, and say so"
        )
    picture, (axes,) = panels(size=(6.5, 1.7 + 0.36 * len(ratios)))
    axes.axvline(1, color=PALETTE["grey"], linewidth=1.2, label="as many", gid="one")
    axes.axvline(
        _REPORTED, color=INK, linestyle=DASHES[1], linewidth=1.4,
        label=f"{_REPORTED} times, as reported", gid="reported",
    )  # fmt: skip
    for row, (name, values) in zip(range(len(ratios), 0, -1), ratios.items(), strict=True):
        spread = np.linspace(-0.3, 0.1, len(values))
        axes.plot(
            values, row + spread, MARKERS[0], color=FAINT, markersize=2.8,
            gid=f"seeds {name}",
        )  # fmt: skip
        span = interval(values)
        axes.errorbar(
            [span.mean], [row + 0.25], xerr=[[span.mean - span.low], [span.high - span.mean]],
            markersize=5.5, capsize=3, gid=name, **row_look(name),
        )  # fmt: skip
    axes.set_yticks(range(len(ratios), 0, -1), list(ratios))
    axes.set(xscale="log", xlim=(0.05, 9), ylim=(0.4, len(ratios) + 0.7))
    axes.set_xlabel(f"steps over the steps of {reference}")
    axes.xaxis.set_major_locator(FixedLocator(_TICKS))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter("{x:g}")
    axes.grid(visible=False, axis="y")
    counts = " or ".join(map(str, sorted({len(r) for r in ratios.values()})))
    axes.set_title(
        f"Steps to {100 * error:.0f} % training error: mean and 95 % interval, {counts} seeds"
    )
    picture.legend(loc="outside lower center", ncols=2)
    picture.alt = (
        f"Steps to {100 * error:.0f} % training error as a multiple of the steps of {reference}, "
        f"every seed and the mean with its 95 % interval, for {'; '.join(ratios)}, beside lines "
        f"at 1 and {_REPORTED}."
    )
    return picture
