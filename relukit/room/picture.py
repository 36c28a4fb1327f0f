"""A picture of what a room guessed: its first vote, its second, what was measured, and yours.

As on the board, a right answer is blue and filled, another one orange and hollow.
"""

import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from relukit.figures.canvas import INK, PALETTE, Picture, drawn, panels
from relukit.figures.mine import mine
from relukit.ledger.finding import Measured, ends
from relukit.ledger.questions import Choice, Number, Order, Question, Sketch
from relukit.ledger.questions.question import mean, with_unit
from relukit.record import Answer
from relukit.room.guessed import Round

FEW = 6  # orders that get a bar of their own
_LARGEST = 1e100  # a guess that is larger is drawn as this
_WIDE = 30  # places of a sketch farther apart than this stand on a logarithmic axis
_ON: dict[str, Any] = {"facecolor": PALETTE["blue"], "edgecolor": PALETTE["blue"]}
_OFF: dict[str, Any] = {"facecolor": "white", "edgecolor": PALETTE["vermilion"], "linewidth": 1.2}
_FOUND = PALETTE["blue"]
_THICK = (0.24, 0.42)  # bars of the first vote, and of the last
_TURNS = ("1st", "2nd")


@drawn
def guesses(
    asked: Question, rounds: Sequence[Round], found: Measured, own: Answer | None = None
) -> Picture:
    """Return the guesses of a room beside what was measured.

    Args:
        asked: the question.
        rounds: one vote or two, at least one of which has a guess.
        found: what was measured, by name.
        own: the learner's own guess, or None.

    Returns:
        bars of each option for a choice, of the commonest orders for an order; a diamond for each
        guess of a number; a curve for each sketch.
    """
    rounds = [one for one in rounds if one.guesses]
    if isinstance(asked, Choice | Order):
        picture = _bars(asked, rounds, found, own)
    elif isinstance(asked, Sketch):
        picture = _curves(asked, rounds, found, own)
    elif isinstance(asked, Number):
        picture = _diamonds(asked, rounds, found, own)
    else:
        raise AssertionError(f"a kind of question without a picture: {asked.KIND}")
    picture.axes[0].set_title(_title(asked, rounds, found))
    return picture


def _is_right(asked: Question, answer: Answer, found: Measured) -> bool:
    return asked.score(answer, found).outcome == "right"


def _title(asked: Question, rounds: Sequence[Round], found: Measured) -> str:
    """Return what happened, in numbers."""
    said = [f"{one.right(asked, found)} of {len(one.guesses)} right" for one in rounds]
    if len(said) == 1:
        return f"The room: {said[0]}"
    return f"The room: {said[0]}, and {said[1]} in the second vote"


def _rows(asked: Question, rounds: Sequence[Round], found: Measured) -> dict[Answer, str]:
    """Return the answers that get bars, each with its words; that which holds is among them."""
    if isinstance(asked, Choice):
        return {letter: f"{letter}) {words}" for letter, words in asked.lettered}
    counts = Counter(rounds[-1].guesses)
    counts.update(dict.fromkeys((guess for one in rounds for guess in one.guesses), 0))
    kept: dict[Answer, int] = {asked.settled(found): 0}
    kept |= dict(counts.most_common(FEW))
    ranked = sorted(kept, key=lambda answer: -counts[answer])
    return {answer: asked.said(answer) for answer in ranked}


def _bars(asked: Question, rounds: Sequence[Round], found: Measured, own: Answer | None) -> Picture:
    rows = _rows(asked, rounds, found)
    right = [_is_right(asked, answer, found) for answer in rows]
    counts = [Counter(one.guesses) for one in rounds]
    rest = [sum(c.values()) - sum(c[answer] for answer in rows) for c in counts]
    words = [*rows.values(), *(["other orders"] if any(rest) else [])]
    numbers = [
        [*(c[answer] for answer in rows), left] for c, left in zip(counts, rest, strict=True)
    ]
    n = len(words)
    picture, (axes,) = panels(size=(6.5, 0.9 + 0.27 * n * max(len(rounds), 1.4)))
    for place, (one, row) in enumerate(zip(rounds, numbers, strict=True)):
        thick = _THICK[place == len(rounds) - 1]
        shift = (0.0,) if len(rounds) == 1 else (-0.28, 0.14)
        looks = [_ON if holds else _OFF for holds in (*right, False)][:n]
        for at, number, look in zip(range(n), row, looks, strict=False):
            y = at + shift[place]
            axes.barh(y, number, thick, gid=one.name, **look)
            share = f"{number} ({100 * number / len(one.guesses):.0f} %)" if number else "0"
            turn = f"{_TURNS[place]}: " if len(rounds) > 1 else ""
            axes.annotate(
                f"{turn}{share}", (number, y), (4, 0), textcoords="offset points", va="center",
                fontsize=8,
            )  # fmt: skip
    most = max(max(row) for row in numbers)
    axes.set(ylim=(n - 0.45, -0.55), xlim=(0, 1.3 * most), xlabel="votes")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.grid(visible=False, axis="y")
    _label_rows(axes, rows, words, right, own)
    told = [
        f"{text}: {' then '.join(str(row[i]) for row in numbers)}" for i, text in enumerate(words)
    ]
    picture.alt = f"Bars of the votes for each answer; {'; '.join(told)}. {_names(rounds)}."
    return picture


def _label_rows(
    axes: Axes,
    rows: dict[Answer, str],
    words: Sequence[str],
    right: Sequence[bool],
    own: Answer | None,
) -> None:
    """Write the answers beside their bars, and mark what holds, and what was yours."""
    labels = [_wrapped(text) for text in words]
    looks: list[dict[str, Any]] = [{} for _ in words]
    for place, (answer, holds) in enumerate(zip(rows, right, strict=True)):
        marks = [*(["holds"] if holds else []), *(["you"] if answer == own else [])]
        if marks:
            labels[place] += f"\n◆ {', '.join(marks)}"
            looks[place] = {"fontweight": "bold", "color": _FOUND if holds else INK}
    axes.set_yticks(range(len(words)), labels)
    for label, look in zip(axes.get_yticklabels(), looks, strict=True):
        label.set(**look)


def _wrapped(text: str, width: int = 34) -> str:
    """Return words in lines that leave room for the bars."""
    return "\n".join(textwrap.wrap(text, width, max_lines=3, placeholder=" ..."))


def _limits(values: Sequence[float], must: Sequence[float]) -> tuple[float, float]:
    """Return finite limits for what must be seen, and for all guesses that are not far from most.

    Far is farther from the middle half of the guesses than one and a half times its width.
    """
    seen = np.clip(values, -_LARGEST, _LARGEST)
    first, third = np.percentile(seen, [25, 75])
    reach = 1.5 * (third - first)
    near = seen[(seen >= first - reach) & (seen <= third + reach)]
    wanted = np.clip([*near, *must], -_LARGEST, _LARGEST)
    low, high = float(wanted.min()), float(wanted.max())
    pad = 0.12 * (high - low) or abs(high) * 0.1 or 1.0
    return low - pad, high + pad


def _diamonds(
    asked: Number, rounds: Sequence[Round], found: Measured, own: Answer | None
) -> Picture:
    value = asked.value(found, asked.what)
    lower, upper = ends(value)
    every = [float(guess) for one in rounds for guess in one.guesses]  # type: ignore[arg-type]
    limits = _limits(every, [lower, upper, *([float(own)] if own is not None else [])])  # type: ignore[arg-type]
    picture, (axes,) = panels(size=(6.5, 3.3))
    axes.axhspan(lower, upper, color=_FOUND, alpha=0.2, linewidth=0)
    axes.axhline(mean(value), color=_FOUND, linestyle=(0, (5, 1.6)))
    axes.annotate(
        f"measured: {mean(value):.3g}", (0, mean(value)), (4, 9), color=_FOUND, weight="bold",
        xycoords=axes.get_yaxis_transform(), textcoords="offset points", va="center", zorder=4,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.8},
    )  # fmt: skip
    for place, one in enumerate(rounds):
        right = [_is_right(asked, guess, found) for guess in one.guesses]
        _swarm(axes, [float(g) for g in one.guesses], (place, limits), right)  # type: ignore[arg-type]
    axes.set(xlim=(-0.62, len(rounds) - 0.38), ylim=limits)
    axes.set_ylabel(asked.unit or "your number")
    axes.set_xticks(
        range(len(rounds)),
        [f"{one.name}\n{len(one.guesses)} votes, median {_middle(one):.3g}" for one in rounds],
    )
    axes.grid(visible=False, axis="x")
    mine(axes, own, at=len(rounds) - 0.5, side="left")
    medians = " and ".join(f"{_middle(one):.3g}" for one in rounds)
    picture.alt = (
        f"Each guess as a diamond; the median is {with_unit(medians, asked.unit)}, measured was "
        f"{with_unit(f'{mean(value):.3g}', asked.unit)}. {_names(rounds)}."
    )
    return picture


def _middle(one: Round) -> float:
    return float(np.median(np.array(one.guesses, dtype=float)))


def _swarm(
    axes: Axes,
    values: Sequence[float],
    where: tuple[float, tuple[float, float]],
    right: Sequence[bool],
) -> None:
    """Draw a diamond for each value, beside each other where they are alike."""
    place, (low, high) = where
    seen = np.clip(values, low, high)
    level = np.round((seen - low) / (high - low) * 40).astype(int)
    fullest = max(Counter(level.tolist()).values())
    step = min(0.045, 0.72 / fullest)
    taken: Counter[int] = Counter()
    x = np.empty(len(seen))
    for i in np.argsort(seen):
        k = taken[int(level[i])]
        taken[int(level[i])] += 1
        x[i] = place + step * ((k + 1) // 2) * (1 if k % 2 else -1)
    size = 26 if len(seen) < 80 else 10
    for look, chosen in ((_OFF, ~np.array(right)), (_ON, np.array(right))):
        axes.scatter(
            x[chosen], seen[chosen], s=size, marker="D", zorder=3, clip_on=False, gid="guesses",
            **look,
        )  # fmt: skip
    ways = ((sum(v > high for v in values), high, "↑"), (sum(v < low for v in values), low, "↓"))
    for beyond, at, sign in ways:
        if beyond:
            axes.annotate(
                f"{beyond} beyond {sign}", (x[seen == at].max(), at), (8, 0),
                textcoords="offset points", ha="left", va="center", fontsize=8,
            )  # fmt: skip


def _curves(asked: Sketch, rounds: Sequence[Round], found: Measured, own: Answer | None) -> Picture:
    values = [asked.value(found, what) for what in asked.whats]
    spans = np.array([ends(value) for value in values])
    every = [float(y) for one in rounds for guess in one.guesses for y in guess]  # type: ignore[union-attr]
    drawing = [float(y) for y in own] if own is not None else []  # type: ignore[union-attr]
    limits = _limits(every, [*spans.ravel().tolist(), *drawing])
    picture, every_axes = panels(len(rounds), size=(6.5, 3.0), sharey=True)
    means = np.array([mean(value) for value in values])
    for axes, one in zip(every_axes, rounds, strict=True):
        sketches = np.clip(np.array(one.guesses, dtype=float), *limits)
        faint = max(0.15, min(0.7, 8 / len(sketches)))
        for guess, sketch in zip(one.guesses, sketches, strict=True):
            color = (_ON if _is_right(asked, guess, found) else _OFF)["edgecolor"]
            axes.plot(asked.at, sketch, color=color, alpha=faint, linewidth=1, gid="guesses")
        middle = np.median(np.array(one.guesses, dtype=float), axis=0)  # before any is cut off
        axes.plot(
            asked.at, np.clip(middle, *limits), color=PALETTE["grey"], linestyle=(0, (5, 1.6)),
            marker="D", markersize=5, markerfacecolor="white", label="the room's middle",
        )  # fmt: skip
        axes.errorbar(
            asked.at, means, yerr=np.abs(spans.T - means), color=_FOUND, marker="o",
            linewidth=2.4, label="measured", capsize=3,
        )  # fmt: skip
        if asked.at[0] > 0 and asked.at[-1] / asked.at[0] > _WIDE:
            axes.set_xscale("log")
        axes.set(ylim=limits, xlabel=f"{asked.x_name}\n({one.name}, {len(sketches)} votes)")
    every_axes[0].set_ylabel(
        with_unit(f"{asked.y_name} in", asked.unit) if asked.unit else asked.y_name
    )
    every_axes[-1].legend(loc="best")
    if drawing:
        mine(every_axes[-1], drawing, at=asked.at)
    told = ", ".join(f"{y:.3g} at {x:g}" for x, y in zip(asked.at, middle, strict=True))
    picture.alt = (
        f"Each guess as a curve, over what was measured; the room's middle was {told} "
        f"{asked.x_name}. {_names(rounds)}."
    )
    return picture


def _names(rounds: Sequence[Round]) -> str:
    said = " and ".join(f"{len(one.guesses)} in the {one.name}" for one in rounds)
    return f"{said} voted"
