"""Every seed as a dot, with the mean and its interval, one row for each arm of a comparison."""

from collections.abc import Mapping, Sequence

import numpy as np

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import DASHES, PALETTE, Picture, drawn, panels
from relukit.figures.meaning import row_look
from relukit.statistics import interval

MOST = 6  # arms


@drawn
def seeds_as_dots(
    groups: Mapping[str, Mapping[str, Sequence[float]]],
    *,
    label: str,
    seen: str,
    log: bool = False,
    mark: tuple[str, float] | None = None,
) -> Picture:
    """Return one panel for each group, with a row of dots for each arm and the mean's interval.

    Args:
        groups: title -> name of an arm -> one finite number a seed, (n,) with n of 2 or more. An
            arm has one place and one colour in all panels.
        label: what the numbers are, with their unit.
        seen: what is seen, in words that hold on every machine; the end of the description.
        log: draw a logarithmic axis; then the interval is that of the mean logarithm.
        mark: name and value of a line for comparison, such as ("chance", 0.1).

    Raises:
        InvalidTypeError: groups is no mapping of mappings.
        InvalidValueError: no group, no arm, more than six arms, or numbers that do not fit.

    Example:
        >>> groups = {"30 layers": {"tanh": [0.9, 0.92]}}
        >>> seeds_as_dots(groups, label="accuracy", seen="two dots").axes[0].get_xlabel()
        'accuracy'
    """
    arms = _arms(groups)
    n_rows = len(arms)
    picture, axes = panels(
        len(groups), size=(6.5, 1.45 + 0.34 * n_rows), sharey=True, sharex=True
    )  # fmt: skip
    for ax, (title, group) in zip(axes, groups.items(), strict=True):
        if mark is not None:
            ax.axvline(mark[1], color=PALETTE["grey"], linestyle=DASHES[2], gid="mark")
        for name, values in group.items():
            numbers, place = _numbers(name, values, log=log), arms.index(name)
            look, height = row_look(name), n_rows - place
            spread = np.linspace(-0.22, 0.22, len(numbers))
            ax.plot(
                numbers, height + spread, linestyle="none", markersize=3.2, gid=name, **look,
            )  # fmt: skip
            span = interval(np.log10(numbers) if log else numbers)
            low, mean, high = (10**v if log else v for v in (span.low, span.mean, span.high))
            ax.errorbar(
                [mean], [height - 0.36], xerr=[[mean - low], [high - mean]], markersize=6,
                capsize=3, linestyle="none", gid=f"mean {name}", **look,
            )  # fmt: skip
        below = label if mark is None else f"{label} (dotted: {mark[0]})"
        ax.set(xlabel=below, title=title, ylim=(0.3, n_rows + 0.5))
        ax.grid(visible=False, axis="y")
        if log:
            ax.set_xscale("log")
    axes[0].set_yticks(range(n_rows, 0, -1), arms)
    picture.alt = (
        f"Dots for every seed, the mean and its 95 % interval: {label}, of {'; '.join(arms)} "
        f"({'; '.join(groups)}): {seen}."
    )
    return picture


def many_layers(accuracies: Mapping[str, Sequence[float]], depth: int) -> Picture:
    """Return the accuracies of deep networks as dots, in percent, beside a line at guessing.

    Args:
        accuracies: arm -> one share of new digits a seed, from 0 to 1.
        depth: number of hidden layers.

    Example:
        >>> many_layers({"tanh": [0.9, 0.92]}, 30).axes[0].get_xlabel()
        'new digits right, % (dotted: guessing)'
    """
    percent = {arm: [100 * share for share in shares] for arm, shares in accuracies.items()}
    return seeds_as_dots(
        {f"{depth} hidden layers: weights and curve decide together": percent},
        label="new digits right, %",
        mark=("guessing", 10),
        seen="tanh and sigmoid with orthogonal weights are ahead of ReLU with either kind",
    )


def linear_layers(accuracies: Mapping[str, Sequence[float]]) -> Picture:
    """Return the accuracies of stacks of linear layers as dots, beside a line at chance.

    Args:
        accuracies: stack -> one share of new digits a seed, from 0 to 1.

    Example:
        >>> linear_layers({"1 linear, Xavier": [0.9, 0.92]}).axes[0].get_xlabel()
        'test accuracy (dotted: chance)'
    """
    return seeds_as_dots(
        {"No activation at all": accuracies},
        label="test accuracy",
        mark=("chance", 0.1),
        seen="50 layers with Xavier's weights stay behind, with orthogonal weights they come close",
    )


def adding(errors: Mapping[str, Sequence[float]], constant: float) -> Picture:
    """Return the errors of recurrent networks that add two of 30 numbers, on a logarithmic axis.

    Args:
        errors: arm -> one mean square error a seed, above 0.
        constant: the error of the best constant answer.

    Example:
        >>> adding({"tanh": [0.1, 0.2]}, 0.17).axes[0].get_xscale()
        'log'
    """
    return seeds_as_dots(
        {"Adding two of 30 numbers": errors},
        label="mean square error, 16 seeds",
        log=True,
        mark=("constant answer", constant),
        seen="tanh stays at the error of a constant answer, most rectifiers get below it",
    )


def digits_by_rows(accuracies: Mapping[str, Sequence[float]]) -> Picture:
    """Return the accuracies of recurrent networks that read digits row by row.

    Args:
        accuracies: arm -> one share of new digits a seed, from 0 to 1.

    Example:
        >>> digits_by_rows({"tanh": [0.9, 0.92]}).axes[0].get_xlabel()
        'test accuracy, 16 seeds'
    """
    return seeds_as_dots(
        {"Digits, row by row": accuracies},
        label="test accuracy, 16 seeds",
        seen="tanh is a little ahead of both kinds of rectifiers",
    )


def _arms(groups: Mapping[str, Mapping[str, Sequence[float]]]) -> list[str]:
    if not isinstance(groups, Mapping) or not all(isinstance(g, Mapping) for g in groups.values()):
        raise InvalidTypeError("a dict of dicts", repr(groups), "pass title -> arm -> numbers")
    arms = list(dict.fromkeys(name for group in groups.values() for name in group))
    if not 1 <= len(arms) <= MOST or not all(groups.values()):
        raise InvalidValueError(
            f"one to {MOST} arms, and one or more in each group", repr(arms), "leave some"
        )
    return arms


def _numbers(name: str, values: Sequence[float], *, log: bool) -> np.ndarray:
    numbers = np.asarray(values, dtype=float)
    if numbers.ndim != 1 or len(numbers) < 2 or not np.isfinite(numbers).all():
        raise InvalidValueError(
            f"two or more finite numbers for {name!r}", repr(values), "leave out what diverged"
        )
    if log and not (numbers > 0).all():
        raise InvalidValueError(f"positive numbers for {name!r}", repr(values), "pass log=False")
    return numbers
