"""Accuracy after a swap of activations, beside twins that kept theirs."""

from collections.abc import Sequence

import numpy as np

from relukit.errors import InvalidValueError
from relukit.figures.canvas import Picture, drawn, panels
from relukit.figures.curves import reach
from relukit.figures.meaning import means
from relukit.statistics import interval


@drawn
def swapped(
    steps: Sequence[int], relu: Sequence[Sequence[float]], gelu: Sequence[Sequence[float]]
) -> Picture:
    """Return accuracy over the steps after the swap: networks with ReLU, and their GELU twins.

    Args:
        steps: after how many steps accuracy was measured, from 0 on.
        relu: accuracy as a share, (seeds, measurements), of the networks that got ReLU.
        gelu: the same of their twins.

    Raises:
        InvalidValueError: shapes that don't match.

    Example:
        >>> picture = swapped([0, 50], [[0.5, 0.6], [0.6, 0.6]], [[0.6, 0.6], [0.6, 0.7]])
        >>> picture.axes[0].get_ylabel()
        'new signals right, %'
    """
    arms = {"gelu": np.asarray(gelu, dtype=float), "relu": np.asarray(relu, dtype=float)}
    for name, values in arms.items():
        if values.ndim != 2 or values.shape[1] != len(steps) or len(values) < 2:
            got = f"{name} of shape {values.shape} for {len(steps)} steps"
            raise InvalidValueError("shape (2 or more seeds, steps)", got, "stack the seeds")
    picture, (axes,) = panels(size=(6.5, 3.0))
    said = {"gelu": "the twins that keep GELU", "relu": "ReLU in its place"}
    ends = []
    for aside, (name, values) in zip((-1.5, 1.5), arms.items(), strict=True):
        spans = [interval((100 * column).tolist()) for column in values.T]
        centre = [span.mean for span in spans]
        axes.errorbar(
            np.asarray(steps) + aside, centre, yerr=reach(spans), capsize=3, gid=name, **means(name)
        )
        axes.text(steps[-1] + 7, centre[-1], said[name], va="center")
        ends.append(f"{said[name]}: {spans[0]} at first, {spans[-1]} at the end")
    axes.set(xlabel="steps after the swap", ylabel="new signals right, %")
    axes.set_xlim(-0.04 * steps[-1], 1.5 * steps[-1])
    axes.set_xticks(list(steps))
    axes.set_title("The swap costs points at once; what stays is not settled")
    picture.alt = (
        "Accuracy in percent over the steps after the swap, means and 95 % intervals over "
        f"{len(arms['relu'])} seeds. {ends[0]}; {ends[1]}."
    )
    return picture
