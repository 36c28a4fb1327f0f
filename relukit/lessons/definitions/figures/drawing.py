"""Numbers of the learner's own, drawn exactly by ReLUs, one after the other, as a film."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.canvas import DASHES, FAINT, INK, PALETTE, Picture, drawn, panels
from relukit.figures.film import Film, settle_alike
from relukit.figures.meaning import OFF, ON
from relukit.lessons.definitions.experiments.drawing import broken_line

HEIGHTS = (0.0, 2.0, 1.0, 5.0, 3.0, 4.0, 0.0)
MOST = 16  # numbers: a hinge's own number stays legible beside its neighbours'
_SPACIOUS = 10  # numbers, beside which there is room for words
_LARGEST = 1e4
_ROUNDING = 1e-9  # of the largest slope: a change of slope below it is none


@dataclass(frozen=True)
class _Plan:
    """What a drawing needs: its numbers, and what each ReLU changes.

    Attributes:
        heights: the numbers, at x = 0, 1, 2, ...
        changes: of slope, at each number but the last; 0 where the next lies straight ahead.
        ahead: where the line would be at the next x without the change.
        miss: by how much the network that draws it misses a number at most.
    """

    heights: np.ndarray
    changes: np.ndarray
    ahead: np.ndarray
    miss: float

    @classmethod
    def of(cls, heights: np.ndarray) -> "_Plan":
        """Return the plan of a network that meets all heights, read from its own weights."""
        x = np.arange(len(heights), dtype=float)
        network = broken_line(x, heights)
        changes = network.get_parameter("2.weight").numpy()[0].copy()
        changes[np.abs(changes) <= _ROUNDING * np.abs(np.diff(heights)).max(initial=0)] = 0
        ahead = heights[:-1] + np.cumsum(changes) - changes
        met = network(torch.from_numpy(x)[:, None])[:, 0].numpy()
        return cls(heights, changes, ahead, float(np.abs(met - heights).max()))

    @property
    def n_units(self) -> int:
        """How many ReLUs it takes: one wherever the slope changes."""
        return int(np.count_nonzero(self.changes))


def draw(heights: Sequence[float] = HEIGHTS) -> Film:
    r"""Return a film in which each frame adds a ReLU, until their sum meets every number.

    The numbers stand at x = 0, 1, 2, ... The first frame has a level line through the first of
    them; ReLU k bends it at x = k - 1 by the change of slope $c_k$ that the next number asks for,
    so that $h_0 + \sum_k c_k \max(0, x - k + 1)$ goes on to it. Where the next number lies
    straight ahead, no ReLU is needed.

    Args:
        heights: 2 to 16 numbers, dimensionless.

    Raises:
        InvalidTypeError: what is given is no list of numbers.
        InvalidValueError: fewer numbers or more, or one that is not finite, or above 10,000.

    References: [Breiman1993].

    Example:
        >>> draw([0, 1, 3]).captions[2][:50]
        "Straight on, you'd get 2 at x = 2. Your number the"
    """
    try:
        points = np.asarray(heights, dtype=float)
    except (TypeError, ValueError):
        raise InvalidTypeError(
            "a list of numbers", repr(heights), "pass such as [0, 2, 1]"
        ) from None
    if points.ndim != 1 or not 2 <= len(points) <= MOST or not np.abs(points).max() <= _LARGEST:
        wanted = f"2 to {MOST} finite numbers, none above {_LARGEST:,.0f} in size"
        raise InvalidValueError(wanted, repr(heights), "pass such as [0, 2, 1]")
    plan = _Plan.of(points)
    n = len(points)
    return Film(
        settle_alike(_frame(plan, min(k, n - 1), done=k == n) for k in range(n + 1)),
        _captions(plan),
        alt=(
            f"ReLUs are added one by one, each bending the line at a number towards the next one, "
            f"until all {n} numbers are drawn exactly, by {_relus(plan.n_units)}."
        ),
        seconds=1.8,
    )


def _captions(plan: _Plan) -> list[str]:
    """Return what each frame says: the numbers, each hinge, and what has come of them."""
    n, units = len(plan.heights), 0
    captions = [f"Your {n} numbers. No ReLU yet: just a level line through the first."]
    for place, change in enumerate(plan.changes):
        straight, wanted = _said(plan.ahead[place]), _said(plan.heights[place + 1])
        if not change:
            captions.append(
                f"Straight on, you'd get {straight} at x = {place + 1}, and that is your number. "
                "No ReLU needed here."
            )
            continue
        units += 1
        captions.append(
            f"Straight on, you'd get {straight} at x = {place + 1}. Your number there is {wanted}, "
            f"so ReLU {units} changes the slope by {_signed(change)} at x = {place}."
        )
    exactly = "exactly" if not plan.miss else "exact but for rounding"
    captions.append(
        f"All {n} numbers, {exactly}. This is a network of {_relus(units)}, and it was never "
        "trained."
    )
    return captions


@drawn
def _frame(plan: _Plan, k: int, *, done: bool) -> Picture:
    """Return the drawing as far as the first k hinges carry it, above these hinges.

    Args:
        plan: what is drawn.
        k: how many hinges stand.
        done: whether this is the last frame, which has no hinge to point at.
    """
    n = len(plan.heights)
    picture, (top, bottom) = panels(
        rows=2, size=(6.5, 4.4), sharex=True, gridspec_kw={"height_ratios": (2.5, 1)}
    )
    low, high = _limits(np.concatenate([plan.heights, plan.ahead]))
    top.set(xlim=(-0.4, n - 0.6), ylim=(low, high), ylabel="output")
    relus = _relus(int(np.count_nonzero(plan.changes[:k])))
    if done:
        top.set_title(f"Your {n} numbers, drawn exactly by {relus}")
    else:
        drawn_so_far = f"{k + 1} of your {n} numbers drawn by {relus}"
        top.set_title(drawn_so_far if k else f"Your {n} numbers, and no ReLU yet")
    if not done:
        _ahead(top, plan, k)
    blue = PALETTE["blue"]
    top.plot([-0.4, *range(k + 1)], [plan.heights[0], *plan.heights[: k + 1]], color=blue,
             linewidth=2.6, gid="sum")  # fmt: skip
    top.plot(range(k + 1, n), plan.heights[k + 1 :], "o", color=INK, markerfacecolor="white",
             markersize=7, gid="to come")  # fmt: skip
    top.plot(range(k + 1), plan.heights[: k + 1], linestyle="none", markersize=8.5,
             gid="met", **ON)  # fmt: skip
    _bends(bottom, plan, k, done=done)
    bottom.set(xlabel="input x", xticks=range(n), yticks=[], ylim=(-1.5, 1.5))
    bottom.set_title(
        "Each ReLU, times a weight of its own: 0 up to its own x, then a straight line"
    )
    picture.alt = (
        f"{n} numbers as points over x, {k + 1} of them met by a broken line; below it the "
        f"{relus} that add up to this line."
    )
    return picture


def _ahead(axes: Axes, plan: _Plan, k: int) -> None:
    """Draw where the line would go without its last hinge, and what that hinge changes."""
    lost: dict[str, Any] = dict(OFF) | {"markersize": 7, "linestyle": DASHES[2], "linewidth": 1.7}
    if k == 0:
        level, end = plan.heights[0], len(plan.heights) - 0.6
        axes.plot([0, end], [level, level], gid="level", markevery=[], **lost)
        return
    start, straight, wanted = plan.heights[k - 1], plan.ahead[k - 1], plan.heights[k]
    change = plan.changes[k - 1]
    if not change:
        return
    axes.plot([k - 1, k], [start, straight], markevery=[1], gid="without", **lost)
    axes.annotate(
        "", (k, wanted), (k, straight), gid="change",
        arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.2, "shrinkA": 5, "shrinkB": 5},
    )  # fmt: skip
    if len(plan.heights) <= _SPACIOUS:
        axes.annotate(
            _signed(change), (k, (wanted + straight) / 2), (6, 0), textcoords="offset points",
            va="center", weight="bold", gid="change",
        )  # fmt: skip
        axes.annotate(
            f"without it: {_said(straight)}", (k, straight), (0, 7 if change < 0 else -7),
            textcoords="offset points", ha="center", va="bottom" if change < 0 else "top",
            gid="without",
        )  # fmt: skip


def _bends(axes: Axes, plan: _Plan, k: int, *, done: bool) -> None:
    """Draw each hinge as it looks near its own bend: those to come as bare places."""
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    steepest = np.abs(plan.changes).max() or 1.0
    for place, change in enumerate(plan.changes):
        if place >= k or not change:
            axes.plot([place - 0.4, place + 0.4], [0, 0], color=FAINT, linewidth=0.9,
                      linestyle=DASHES[2], gid="to come")  # fmt: skip
            continue
        newest = place == k - 1 and not done
        width = 3.2 if newest else 2.0
        tip = 1.2 * change / steepest
        axes.plot([place - 0.4, place], [0, 0], color=PALETTE["blue"], linewidth=width,
                  gid="bend")  # fmt: skip
        axes.annotate(
            "", (place + 0.42, tip), (place, 0), gid=f"hinge {place}",
            arrowprops={"arrowstyle": "-|>", "color": PALETTE["blue"], "lw": width, "shrinkA": 0,
                        "shrinkB": 0, "mutation_scale": 11},
        )  # fmt: skip
        up = change > 0
        axes.annotate(
            _signed(change), (place, 0), (0, -5 if up else 5), textcoords="offset points",
            ha="center", va="top" if up else "bottom", gid="change",
            weight="bold" if newest else "normal",
            fontsize=9.5 if len(plan.heights) <= _SPACIOUS else 7.5,
        )  # fmt: skip


def _limits(values: np.ndarray) -> tuple[float, float]:
    """Return limits of an axis that leave a margin around values, and are never empty."""
    span = float(np.ptp(values)) or 1.0
    return float(values.min()) - 0.2 * span, float(values.max()) + 0.2 * span


def _relus(n: int) -> str:
    """Return how many ReLUs there are, in words.

    Example:
        >>> _relus(0), _relus(1)
        ('no ReLUs', '1 ReLU')
    """
    return f"{n or 'no'} ReLU{'s' * (n != 1)}"


def _said(number: float) -> str:
    """Return a number as it is said: with three digits, a true minus, and no minus before 0."""
    return _signed(round(float(number), 9) + 0.0, plus="")


def _signed(number: float, plus: str = "+") -> str:
    """Return a change with its sign."""
    shown = f"{number:{plus},.0f}" if abs(number) >= 1000 else f"{number:{plus}.3g}"
    return shown.replace("-", "−")
