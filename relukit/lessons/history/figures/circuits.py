"""Circuits of rectified units: where two of them settle, which of five may be on, what edges do."""

import numpy as np

from relukit.errors import InvalidValueError
from relukit.figures.canvas import DASHES, FAINT, INK, MARKERS, PALETTE, Picture, drawn, panels
from relukit.figures.meaning import OFF, ON
from relukit.lessons.history.experiments.circuits import (
    is_permitted,
    mutual_inhibition,
    settle,
    steady_states,
    subsets,
)
from relukit.lessons.history.experiments.edges import STRENGTH, edge_response, step_of_light
from relukit.quantities import real


@drawn
def two_units(inhibition: float = 0.8, *, n_starts: int = 12) -> Picture:
    """Return the courses of two units that inhibit each other, and their steady states.

    Args:
        inhibition: strength w of the inhibition, above 0 and not 1, dimensionless.
        n_starts: how many courses are drawn from points on the rim; half as many start near 0.

    Raises:
        InvalidValueError: an inhibition of 0 or less, or of 1, where steady states form a line.

    Example:
        >>> two_units(1.2).axes[0].get_xlabel()
        'rate of unit 1'
    """
    inhibition = real("inhibition", inhibition, above=0, do="pass such as 0.8")
    if inhibition == 1:
        raise InvalidValueError(
            "an inhibition above 0, not 1", repr(inhibition), "pass such as 0.8"
        )
    weight, drive = mutual_inhibition(inhibition), np.ones(2)
    picture, (axes,) = panels(size=(4.8, 4.8))
    along = (np.arange(n_starts) + 0.5) / n_starts
    starts = np.column_stack([np.minimum(1, 2 * along), np.minimum(1, 2 - 2 * along)]) * 1.3
    near = 0.4 * np.column_stack([along, 1 - along])
    starts = np.concatenate([starts, near[::2]])
    course = settle(weight, drive, starts)
    for number in range(len(starts)):
        axes.plot(
            course[:, number, 0], course[:, number, 1], color=PALETTE["grey"], linewidth=0.9,
            label="course" if number == 0 else None, gid="course",
        )  # fmt: skip
    states = steady_states(weight, drive)
    for stable, style, word in ((True, ON, "stable"), (False, OFF, "unstable")):
        some = [state.rates for state in states if state.stable == stable]
        if some:
            axes.plot(
                *np.transpose(some), linestyle="none", markersize=9, label=f"{word} steady state",
                gid=word, **style,
            )  # fmt: skip
    axes.set(xlabel="rate of unit 1", ylabel="rate of unit 2", xlim=(-0.06, 1.36))
    axes.set_ylim(-0.06, 1.36)
    axes.set_title(f"Two units that inhibit each other by {inhibition:g}")
    axes.set_aspect("equal")
    picture.legend(loc="outside lower center", ncols=3)
    n_stable = sum(state.stable for state in states)
    picture.alt = (
        f"Courses of two units that inhibit each other by {inhibition:g}, in the plane of their "
        f"rates: they end in {n_stable} stable steady state{'s' * (n_stable > 1)}"
        + (", in each of which one unit is silent." if n_stable > 1 else ", with both units on.")
    )
    return picture


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


@drawn
def lateral_inhibition(*, strength: float = STRENGTH) -> Picture:
    """Return the light on a row of receptors with one edge, and their rates.

    Args:
        strength: of the inhibition between neighbours, 0 or more, dimensionless.

    Raises:
        InvalidValueError: a negative strength.

    References: [Hartline1957].

    Example:
        >>> lateral_inhibition().axes[0].get_xlabel()
        'place in the row of units'
    """
    strength = real("strength", strength, least=0, do="pass such as 0.15")
    light = step_of_light()
    rates, place = edge_response(light, strength=strength), np.arange(1, len(light) + 1)
    picture, (axes,) = panels(size=(6.5, 2.9))
    axes.step(
        place, light, where="mid", color=PALETTE["grey"], linestyle=DASHES[1], label="light",
        gid="light",
    )  # fmt: skip
    axes.plot(
        place, rates, MARKERS[0], linestyle=DASHES[0], color=PALETTE["blue"], markersize=4,
        label="rate", gid="rate",
    )  # fmt: skip
    axes.set(xlabel="place in the row of units", ylabel="light, rate (same unit)")
    axes.set_ylim(-1.5, 32)
    axes.set_title("A row of receptors that inhibit their neighbours, at an edge")
    picture.legend(loc="outside right upper")
    far = np.ptp(rates) <= abs(rates[-1] - rates[0]) + 1e-9
    picture.alt = "A step of light on a row of receptors, and their rates: " + (
        "they follow the step." if far else "they dip before the edge and overshoot behind it."
    )
    return picture
