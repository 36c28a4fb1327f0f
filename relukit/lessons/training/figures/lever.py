"""The lever: one seed is one pull, and the board counts which activation wins how often."""

from collections.abc import Mapping, Sequence

import numpy as np

from relukit.errors import InvalidValueError
from relukit.figures.canvas import FAINT, INK, PALETTE, Picture, drawn, panels
from relukit.figures.film import Film
from relukit.figures.meaning import row_look


def lever(accuracies: Mapping[str, Sequence[float]]) -> Film:
    """Return a film of one frame a seed: how each arm does there, and its wins so far.

    Args:
        accuracies: arm -> the share of new examples that each seed gets right, from 0 to 1; the
            seeds are the same for all arms, 2 to 40 of them. Who shares the highest has won too.

    Raises:
        InvalidValueError: fewer than two arms, or arms of unequal length.

    Example:
        >>> lever({"relu": [0.9, 0.8], "tanh": [0.8, 0.9]}).captions[1]
        'Pull 2: tanh wins with 90.0 %. So far, 2 of 2 have won.'
    """
    scores = 100 * np.array(list(accuracies.values()), dtype=float)
    if len(accuracies) < 2 or scores.ndim != 2:
        got = f"an array {scores.shape}"
        raise InvalidValueError("two arms or more, of equally many seeds", got, "pass all seeds")
    names, won = list(accuracies), scores == scores.max(0)
    pulls = range(scores.shape[1])
    return Film(
        [_frame(names, scores, won, pull) for pull in pulls],
        [_caption(names, scores, won, pull) for pull in pulls],
        alt=(
            f"{len(pulls)} pulls of a lever, one seed each: on the left the accuracy of "
            f"{', '.join(names)}, on the right how often each has won, and the winner changes."
        ),
        seconds=1.0,
    )


def _caption(names: list[str], scores: np.ndarray, won: np.ndarray, pull: int) -> str:
    winners = [name for name, first in zip(names, won[:, pull], strict=True) if first]
    so_far, best = int(won[:, : pull + 1].any(1).sum()), scores[:, pull].max()
    *others, last = winners
    said = f"{', '.join(others)} and {last} win" if others else f"{last} wins"
    have = f"{so_far} of {len(names)} {'has' if so_far == 1 else 'have'} won"
    return f"Pull {pull + 1}: {said} with {best:.1f} %. So far, {have}."


@drawn
def _frame(names: list[str], scores: np.ndarray, won: np.ndarray, pull: int) -> Picture:
    picture, (left, right) = panels(2, size=(6.5, 1.2 + 0.26 * len(names)), sharey=True)
    wins = won[:, : pull + 1].sum(1)
    for row, name in enumerate(names):
        place, look = len(names) - row, row_look(name)
        left.plot(
            scores[row, :pull], np.full(pull, place), "|", color=FAINT, markersize=9, gid="before"
        )
        first = bool(won[row, pull])
        left.plot(
            [scores[row, pull]], [place], linestyle="none", color=look["color"],
            marker=look["marker"], markersize=9 if first else 5.5,
            markerfacecolor=look["color"] if first else "white", gid=name,
        )  # fmt: skip
        right.barh(place, wins[row], height=0.55, color=PALETTE["grey"], gid=f"wins {name}")
        right.text(
            wins[row] + 0.12, place, str(wins[row]) if wins[row] else "", va="center",
            color=INK, fontsize=8.5, gid=f"count {name}",
        )  # fmt: skip
    left.set_yticks(range(len(names), 0, -1), names)
    low, high = scores.min(), scores.max()
    left.set(xlim=(low - 0.3, high + 0.3), ylim=(0.4, len(names) + 0.6))
    left.set_xlabel("new digits right, %")
    right.set(xlim=(0, won.sum(1).max() + 0.8), xlabel="wins so far")
    left.set_title("This pull (filled: it wins)")
    right.set_title("All pulls so far")
    for axes in (left, right):
        axes.grid(visible=False, axis="y")
    picture.alt = _caption(names, scores, won, pull)
    return picture
