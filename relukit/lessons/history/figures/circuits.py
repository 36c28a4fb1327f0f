"""Which of five units that inhibit each other may be on together."""

import numpy as np

from relukit.errors import InvalidValueError
from relukit.figures.canvas import FAINT, INK, Picture, drawn, panels
from relukit.figures.meaning import OFF, ON
from relukit.lessons.history.experiments.circuits import is_permitted, subsets


@drawn
def permitted_sets(weight: np.ndarray) -> Picture:
    """Return all sets of a network's units, by size, permitted or forbidden.

    A line joins two sets that differ by one unit.

    Args:
        weight: symmetric, (n, n) with n from 2 to 5, dimensionless.

    Raises:
        InvalidValueError: another shape, or a matrix that is not symmetric.

    References: [HahnloserSeung2000].

    Example:
        >>> import numpy as np
        >>> permitted_sets(np.zeros((3, 3))).axes[0].get_ylabel()
        'units in the set'
    """
    weight = np.asarray(weight, dtype=float)
    n = len(weight)
    if weight.shape != (n, n) or not 2 <= n <= 5 or not np.array_equal(weight, weight.T):
        got = f"shape {weight.shape}"
        raise InvalidValueError("a symmetric matrix of 2 to 5 rows", got, "cut the network down")
    every = subsets(n)
    place: dict[tuple[int, ...], tuple[float, int]] = {}
    for size in range(1, n + 1):
        row = [s for s in every if len(s) == size]
        place |= {s: (i - (len(row) - 1) / 2, size) for i, s in enumerate(row)}
    allowed = {s: is_permitted(weight, s) for s in every}
    picture, (axes,) = panels(size=(6.5, 4.3))
    for small in every:
        for large in every:
            if len(large) == len(small) + 1 and set(small) < set(large):
                axes.plot(
                    *np.transpose([place[small], place[large]]), color=FAINT, linewidth=0.5,
                    zorder=1,
                )  # fmt: skip
    for state, word, style in ((True, "permitted", ON), (False, "forbidden", OFF)):
        some = [place[s] for s in every if allowed[s] == state]
        x, y = np.transpose(some) if some else ((), ())
        axes.plot(
            x, y, linestyle="none", markersize=23, label=f"{word} ({len(some)})", gid=word, **style
        )  # fmt: skip
    for s, (x, y) in place.items():
        axes.annotate(
            "".join(str(unit + 1) for unit in s), (x, y), ha="center", va="center", fontsize=7,
            color="white" if allowed[s] else INK,
        )  # fmt: skip
    axes.set(ylabel="units in the set", ylim=(0.5, n + 0.5), yticks=range(1, n + 1), xticks=())
    axes.set(xlabel="all sets of that size, with their units")
    axes.grid(visible=False)
    axes.set_title("Whatever contains a forbidden set is forbidden")
    picture.legend(loc="outside lower center", ncols=2, markerscale=0.4)
    picture.alt = (
        f"All {len(every)} sets of {n} units, in rows by size: {sum(allowed.values())} are "
        "permitted, the rest forbidden, and everything above a forbidden set is forbidden."
    )
    return picture
