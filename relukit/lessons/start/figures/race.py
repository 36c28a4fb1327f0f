"""The race as a film: what a network answers everywhere, and how often 16 of its kind are right."""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from torch import Tensor

from relukit.errors import InvalidTypeError, InvalidValueError, unknown_name
from relukit.figures.canvas import DASHES, INK, Picture, drawn, panels
from relukit.figures.film import Film
from relukit.ledger.setting import STATED
from relukit.lessons.start.experiments.race import ARMS, points, raced
from relukit.networks.racer import COINS
from relukit.streams import generator
from relukit.waiting import waited

TITLES: Mapping[str, str] = MappingProxyType(
    dict(
        zip(
            ARMS,
            ("keeps everything", "always the same half", "a random half", "only what's positive"),
            strict=True,
        )
    )
)
SEED = STATED.seeds[0]  # of the network whose answer is drawn
STEPS = (0, 2, 4, 8, 12, 16, 18, 20, 24, 28, 32, 40, 48, 56, 100, 200)  # one a frame
APART = 6.0  # points of accuracy over the lowest mean: then an arm is ahead
_COUNTS = ("One kind", "Two kinds", "Three kinds", "Four kinds", "Five kinds", "Six kinds")
_DARK, _TINTS = "#0A3F45", ("#FBF0D9", "#86C5C3")  # one hue in two depths, and sand
_EDGE, _GRID = 1.1, 89  # half a side of what is drawn, and how many answers are asked along it
_WIDE, _HEAD, _NAME, _FOOT, _PAD = 6.5, 0.36, 0.3, 0.26, 0.1  # inches


def race(arms: Sequence[str] = ARMS) -> Film:
    r"""Return a film of networks that learn one spiral and differ in what a unit lets through.

    A panel's ground is the answer of its network of seed `SEED`, its points are that seed's new
    points, and beside it stand the accuracies of all 16 seeds at that step.

    Args:
        arms: 1 to 6 of `experiments.race.ARMS`, each once.

    Raises:
        InvalidTypeError: no sequence of names.
        InvalidValueError: an unknown name, one that comes twice, none or too many.

    Conventions: the network that drops a random half tosses its coins once for each frame's ground,
        and anew for every point that its accuracy rests on.

    Example:
        >>> film = race(ARMS[:2])
        >>> film.captions[2]
        'Step 4. Each dot is one network, 16 a panel. The ringed one drew the background.'
    """
    if isinstance(arms, str) or not isinstance(arms, Sequence):
        raise InvalidTypeError("names of arms", repr(arms), "leave arms= out, or pass a list")
    for arm in arms:
        if arm not in ARMS:
            raise unknown_name("arm", str(arm), ARMS)
    if not 1 <= len(set(arms)) == len(arms) <= 6:
        raise InvalidValueError("1 to 6 arms, each once", repr(arms), "leave some out")
    kinds = waited(arms, total=len(arms), unit="kind of network")
    right = {arm: _accuracies(arm) for arm in kinds}  # arm -> (frames, seeds)
    means = [{arm: float(right[arm][i].mean()) for arm in arms} for i in range(len(STEPS))]
    ahead = " and ".join(f"of “{TITLES[arm]}”" for arm in _ahead(means[-1]))
    return Film(
        lambda i: _frame(STEPS[i], {arm: right[arm][i] for arm in arms}),
        [_caption(i, right, means) for i in range(len(STEPS))],
        alt=(
            f"{_counted(arms)} learn to tell the two arms of a spiral apart; beside each, 16 dots "
            f"for networks of its kind, of which {'those ' + ahead if ahead else 'none'} climb to "
            "the top."
        ),
        still=-1,
        seconds=0.6,
    )


@drawn
def _frame(step: int, right: Mapping[str, np.ndarray]) -> Picture:
    """Return all panels after so many steps.

    Args:
        step: one of STEPS.
        right: arm -> accuracy of each seed, (seeds,), in %.
    """
    columns = {1: 1, 2: 2, 4: 2}.get(len(right), 3)
    rows = -(-len(right) // columns)
    wide = _WIDE / max(columns, 2)
    side = wide * 0.595
    high = _NAME + side + _FOOT
    total = _HEAD + rows * high
    picture, axes = panels(2 * columns, rows=rows, size=(_WIDE, total))
    picture.set_layout_engine("none")  # no frame may lie otherwise than the one before it
    for place, pair in enumerate(zip(axes[::2], axes[1::2], strict=True)):
        row, column = divmod(place, columns)
        left, bottom = column * wide + _PAD, total - _HEAD - row * high - _NAME - side
        for ax, start, width in zip(
            pair, (left, left + side + _PAD), (side, side / 3), strict=True
        ):
            ax.set_position((start / _WIDE, bottom / total, width / _WIDE, side / total))
    for (arm, values), ground, strip in zip(right.items(), axes[::2], axes[1::2], strict=False):
        _answer(ground, arm, step)
        _dots(strip, values)
    for ax in axes[2 * len(right) :]:
        ax.remove()
    words: dict[str, Any] = {"va": "top", "fontsize": 12}
    top = 1 - 0.09 / total
    picture.text(_PAD / _WIDE, top, f"{_counted(right)}, one spiral", weight="bold", **words)
    picture.text(1 - _PAD / _WIDE, top, f"step {step}", ha="right", **words)
    means = ", ".join(
        f"{TITLES[arm]} {_percent(float(values.mean()))} %" for arm, values in right.items()
    )
    picture.alt = f"{_counted(right)} after {step} steps on one spiral; new points right: {means}."
    return picture


def _answer(axes: Axes, arm: str, step: int) -> None:
    """Draw what one network answers everywhere, and its new points."""
    x, y, score = _scores(arm, step)
    ground = axes.contourf(x, y, score, levels=[-np.inf, 0, np.inf], colors=_TINTS)
    ground.set(gid="answer", edgecolor=_DARK, linewidth=0)  # matplotlib 3.10 takes no gid above
    axes.contour(x, y, score, levels=[0], colors=_DARK, linewidths=1.4).set(gid="border")
    found, labels = _new_points()
    for label, marker, face in ((0, "o", "white"), (1, "s", _DARK)):
        axes.plot(
            *found[labels == label].T, linestyle="none", marker=marker, markersize=4,
            color=_DARK, markerfacecolor=face, markeredgewidth=0.9, gid=f"points {label}",
        )  # fmt: skip
    axes.set(xlim=(-_EDGE, _EDGE), ylim=(-_EDGE, _EDGE))
    axes.set_axis_off()
    axes.set_title(TITLES[arm], fontsize=10.5)


def _dots(axes: Axes, right: np.ndarray) -> None:
    """Draw a dot for each seed, and their mean."""
    lanes = np.arange(len(right))
    axes.axhline(50, color=INK, linestyle=DASHES[2], linewidth=1, gid="coin")
    axes.axhline(right.mean(), color=_DARK, linewidth=1.4, gid="mean")
    dots: dict[str, Any] = {"linestyle": "none", "marker": "o", "color": _DARK}
    axes.plot(lanes, right, markersize=3.4, gid="dots", **dots)
    axes.plot(
        lanes[:1], right[:1], markersize=7, markerfacecolor="none",
        gid="drawn", **dots,
    )  # fmt: skip
    axes.set(xlim=(-2, len(right) + 1), ylim=(22, 104), xticks=(), yticks=(25, 50, 75, 100))
    axes.set_title(f"{_percent(float(right.mean()))} %", fontsize=10.5)
    axes.set_xlabel(f"{len(right)} networks", fontsize=8.5, labelpad=3)
    axes.yaxis.tick_right()
    axes.tick_params(axis="y", length=0, pad=2)
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)


@cache
def _new_points() -> tuple[np.ndarray, np.ndarray]:
    """Return places (n, 2) and labels (n,) of the new points of the network that is drawn."""
    _, _, x, labels = points(SEED)
    return x[:, :2].numpy(), labels.numpy()


def _scores(arm: str, step: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return a grid's x and y, and there the score of label 1 less that of label 0, all (n, n)."""
    ticks = torch.linspace(-_EDGE, _EDGE, _GRID)
    y, x = torch.meshgrid(ticks, ticks, indexing="ij")
    plane = torch.stack([x.ravel(), y.ravel()], 1)
    coins = torch.randint(2, (1, COINS), generator=generator(SEED, f"coins of step {step}"))
    network = raced(arm, STATED).network(seed=SEED, step=step)
    with torch.no_grad():
        scores = network(torch.cat([plane, coins.float().expand(len(plane), -1)], 1))
    return x, y, (scores[:, 1] - scores[:, 0]).reshape(x.shape)


def _accuracies(arm: str) -> np.ndarray:
    """Return the share of new points that each seed gets right, in %, (frames, seeds)."""
    runs = raced(arm, STATED)
    moments = [runs.measured_at.tolist().index(step) for step in STEPS]
    return 100 * runs.measured["test_accuracy"][:, moments].T.numpy()


def _counted(arms: Mapping[str, np.ndarray] | Sequence[str]) -> str:
    return f"{_COUNTS[len(arms) - 1]} of network"


def _ahead(means: Mapping[str, float]) -> list[str]:
    return [arm for arm, mean in means.items() if mean > min(means.values()) + APART]


def _straight(arm: str) -> bool:
    """Return whether the drawn network's last border is one straight line: a level slope."""
    _, _, score = _scores(arm, STEPS[-1])
    bends = max(float(score.diff(n=2, dim=dim).abs().max()) for dim in (0, 1))
    return bends < 1e-3 * float(score.max() - score.min())


def _caption(i: int, right: Mapping[str, np.ndarray], means: Sequence[Mapping[str, float]]) -> str:
    """Return what to look at in one frame.

    Args:
        i: number of the frame.
        right: arm -> accuracies, (frames, seeds), in %.
        means: for each frame, arm -> mean accuracy, in %.
    """
    now, step = means[i], f"Step {STEPS[i]}."
    ahead, before = _ahead(now), _ahead(means[i - 1]) if i else []
    behind = [mean for arm, mean in now.items() if arm not in ahead]
    if i == 0:
        coin = "Guessing gets 50, the dotted line"
        return f"{step} Nobody has learned anything yet: {_span(behind)} right. {coin}."
    if i == 1:
        colours = "On the blue-green background a network says “square”, on the cream one “circle”"
        return f"{step} {colours}."
    if i == 2:
        return f"{step} Each dot is one network, 16 a panel. The ringed one drew the background."
    if i == 3 and not ahead:
        return f"{step} The number is the mean of the dots. Hardly different yet: {_span(behind)}."
    if not ahead:
        return f"{step} The means are still close: {_span(behind)}."
    said, dots = (
        " and ".join(f"“{TITLES[arm]}”" for arm in ahead),
        np.concatenate([right[arm][i] for arm in ahead]),
    )
    said += f" {_span([now[arm] for arm in ahead])}"
    rest = f"the rest {_span(behind)}"
    if ahead != before:
        return f"{step} Look, the border follows the points: {said}, {rest}."
    if STEPS[i] == STEPS[-1]:
        straight = all(_straight(arm) for arm in now if arm not in ahead)
        lines = ", by straight lines" if straight else ""
        return f"{step} {said}; {rest}{lines}."
    for level, said_so in ((75, "three of four points"), (90, "nine of ten points")):
        if max(means[i - 1].values()) < level <= max(now.values()):
            return f"{step} {said}; {rest}. That's {said_so}."
    if before != _ahead(means[i - 2]):
        return (
            f"{step} {said}; {rest}. Some are slower: the lowest dot is at {_span([dots.min()])}."
        )
    if (whole := int((dots == 100).sum())) > 1:
        return f"{step} {said}; {rest}. {whole} of {len(dots)} dots are at the top."
    return f"{step} {said}; {rest}. Its dots: {_span(dots)}."


def _percent(value: float) -> int:
    """Return whole percents; 100 only where nothing is missing.

    Example:
        >>> _percent(55.7), _percent(99.8), _percent(100.0)
        (56, 99, 100)
    """
    return round(value) if value == 100 else min(round(value), 99)


def _span(values: Sequence[float] | np.ndarray) -> str:
    """Return the ends of what values run over, in whole percent."""
    low, high = _percent(float(min(values))), _percent(float(max(values)))
    return f"{high} %" if low == high else f"{low} to {high} %"
