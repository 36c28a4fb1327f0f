"""A task of lesson 06 on patience: when to stop, and which epoch's weights to take."""

import math
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, number, parts
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.task import Misconception, Task

NAMES = ("stopped", "best")


def _walk(
    curve, patience, min_delta, *,
    better=lambda loss, best, delta: loss < best - delta, limit=0, first=0, anew=False,
    total=False, back=0,
):  # fmt: skip
    """Return what the rule gives, but for what the options change."""
    best, kept, since = math.inf, 0, 0
    for epoch, loss in enumerate(curve, start=1):
        if better(loss, best, min_delta):
            best, kept = loss, epoch
            since = since if total else 0
        else:
            best = loss if anew else best
            since += epoch > first
            if since >= patience + limit:
                return epoch - back, kept
    return len(curve), kept


def early_stop(curve, patience, min_delta):
    return _walk(curve, patience, min_delta)


def _compare(arguments: Arguments, expected: tuple[int, int], got: Any) -> str | None:
    if said := parts(got, NAMES):
        return said
    values = [number(part) for part in got]
    if None in values:
        return "both must be whole numbers, epochs counted from 1"
    curve, patience, min_delta = arguments
    stopped, best = expected
    if values[1] != best:
        if not best:
            return "no epoch was ever better than nothing: best is 0, the weights of the start"
        return (
            f"epoch {best} is the last that was better by more than {min_delta:g}, with "
            f"{curve[best - 1]:g}: its weights are due, and not those of epoch {values[1]:g}"
        )
    if values[0] == stopped:
        return None
    if stopped == len(curve) and stopped - best < patience:
        return f"after epoch {best} fewer than {patience} epochs follow: it runs to the last one"
    since = f"after epoch {best}" if best else "from the start"
    return f"{since} {patience} epochs in a row aren't better: it stops after epoch {stopped}"


def _at(curve, patience, min_delta=0.0) -> Arguments:
    return np.array(curve, dtype=float), patience, min_delta


_CURVE = Domain(
    dtypes=("float64",), low=2.0**-20, high=999.0, signs="+", axes=((0, 1, 2, 9, 100, 10_000),)
)
_PATIENCE = Domain(low=1, high=10_000, signs="+", zero=False)
_DELTA = Domain(low=2.0**-20, high=100.0, signs="+")


def _generated():
    from hypothesis import strategies as st

    loss = st.one_of(
        *[st.integers(1, 8).map(lambda k: k / 4)] * 8, st.just(math.nan), st.just(math.inf)
    )
    return st.builds(
        _at,
        st.lists(loss, min_size=0, max_size=8),
        st.integers(1, 4),
        st.sampled_from([0.0, 0.25, 0.5]),
    )


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    def falling(n: int, *, step: float = 1 / 64) -> np.ndarray:
        """Return losses that fall, each by a multiple of a step, and mostly come back a little."""
        moves = step * rng.integers(-6, 6, n)
        return np.abs(4 + step * n - np.cumsum(moves) - step * np.arange(n)) + step

    found: list[Arguments] = []
    for n in (0, 1, 2, 9, 100, 10_000):
        for patience in (1, 2, 7, 100):
            found.append((falling(n), patience, 0.0))
            found.append((falling(n), patience, 1 / 64))
    for power in range(-20, 7):  # each decade of a loss, and of what counts as better
        size = 2.0**power
        found.append((falling(30, step=size / 8), 3, size / 4))
        found.append((size * np.array([8.0, 7.0, 6.0, 5.0, 4.0, 4.0, 4.0]), 2, size))
        found.append((size * np.array([8.0, 6.0, 4.0, 3.0, 2.5, 2.0, 2.0]), 2, size))
    for place in (0, 1, 8, 9, 63, 64, 99, 100, 999, 1000, 9998, 9999):  # where the best stands
        curve = np.full(10_000, 2.0)
        curve[place] = 1.0
        found += [(curve, 10_000, 0.0), (curve, 50, 0.0), (curve[: place + 9], 4, 0.0)]
        broken = np.linspace(2.0, 1.0, 1025)[:1024].copy()
        broken[min(place, 1023)] = rng.choice([math.nan, math.inf])
        found.append((broken, 3, 0.0))
    for patience in (1, 2, 3, 10, 30, 100, 300, 1000, 3000, 9999):
        found.append((np.append(np.full(patience, 1.0), 0.5), patience, 0.0))
        found.append((np.append(np.full(patience + 1, 1.0), 0.5), patience, 0.0))
    near = 1 - 2.0**-30 * np.arange(9)  # what single precision can't tell
    found += [(near, 2, 0.0), (near, 2, 2.0**-30), (np.array([999.0, 998.5, 100.0]), 1, 0.25)]
    found += [(laid_out(falling(9), layout), 2, 0.0) for layout in LAYOUTS]
    found.append((np.array([100.0, 1.0, 0.5, 200.0]), 3, 99.0))
    found.append((np.array([500.0, 400.0, 300.0, 1.0, 1.0]), 2, 100.0))
    return tuple(found)


def _with(**options):
    return lambda *given: _walk(*given, **options)


def _lowest(curve, patience, min_delta):
    stopped, _ = early_stop(curve, patience, min_delta)
    seen = curve[:stopped]
    known = np.where(np.isnan(seen), math.inf, seen)
    return stopped, int(known.argmin()) + 1 if np.isfinite(known).any() else 0


def _lowest_of_all(curve, patience, min_delta):
    stopped, _ = early_stop(curve, patience, min_delta)
    known = np.where(np.isnan(curve), math.inf, curve)
    return stopped, int(known.argmin()) + 1 if np.isfinite(known).any() else 0


def _zero_where_never(curve, patience, min_delta):
    stopped, best = early_stop(curve, patience, min_delta)
    return (0 if stopped - best < patience else stopped), best


TASK = Task(
    points=2,
    title="Stop early, and go back",
    minutes=15,
    difficulty="medium",
    why="It decides what a training run is remembered by; off by one epoch, and nobody sees it.",
    hints=(
        "Which two things have to be remembered from epoch to epoch, and when does each change?",
        "Remember the lowest loss that counted, and its epoch. The difference of two epochs says"
        " how long nothing was better. A comparison with nan is False.",
        "best, kept = np.inf, 0",
    ),
    reference=early_stop,
    boundary=(
        _at([1.0], 1),
        _at([1.0, 0.5], 1),
        _at([0.5, 1.0], 1),
        _at([0.5, 1.0, 0.25], 1),
        _at([0.5, 1.0, 0.25], 2),
        _at([1.0, 1.0, 1.0], 2),
        _at([1.0, 0.5, 0.75, 0.75, 0.25], 2),
        _at([1.0, 0.5, 0.75, 0.75, 0.25], 3),
        _at([1.0, 0.75, 1.0, 0.5, 1.0, 1.0], 2),
        _at([1.0, 0.75, 0.5, 0.25], 2, 0.25),
        _at([1.0, 0.875, 0.75, 0.625, 0.5], 2, 0.25),
        _at([1.0, 0.9375, 0.875, 0.8125, 0.75], 4, 0.125),
        _at([1.0, 2.0, 1.75, 1.5, 1.25], 3),
        _at([math.nan, 1.0, 0.5], 2),
        _at([1.0, math.nan, 0.5, 0.75], 2),
        _at([1.0, math.nan, math.nan, 0.5], 2),
        _at([math.nan, math.nan], 2),
        _at([math.inf, math.inf, 1.0], 3),
        _at([], 1),
        _at([1.0, 0.5, 0.25], 10),
    ),
    compare=_compare,
    generated=_generated,
    domains={"curve": _CURVE, "patience": _PATIENCE, "min_delta": _DELTA},
    swept=_swept,
    misconceptions=(
        Misconception(
            "this counts epochs without a gain from the start: a better one sets the count to 0",
            _with(total=True),
        ),
        Misconception(
            "this holds each loss against that of the epoch before: the best so far is meant",
            _with(anew=True),
        ),
        Misconception("this waits one epoch too long", _with(limit=1)),
        Misconception(
            "this stops when an equal loss comes: equal isn't better, and has to be waited for too",
            _with(better=lambda loss, best, delta: loss <= best - delta),
        ),
        Misconception(
            "min_delta is not used: a gain of min_delta or less doesn't count",
            _with(better=lambda loss, best, delta: loss < best),
        ),
        Misconception(
            "min_delta has the wrong sign: a loss that is a little higher isn't better",
            _with(better=lambda loss, best, delta: loss < best + delta),
        ),
        Misconception(
            "this takes the highest: the curve is a loss, and lower is better",
            _with(
                better=lambda loss, best, delta: loss > (0 if best == math.inf else best) + delta
            ),
        ),
        Misconception(
            "nan counts as better here: write the comparison so that nan makes it False",
            _with(better=lambda loss, best, delta: not loss >= best - delta),
        ),
        Misconception(
            "the weights are those of the lowest loss until then, also where the gain was too small"
            " to count: return the last that counted",
            _lowest,
        ),
        Misconception(
            "best is an epoch that was never reached: training has stopped before",
            _lowest_of_all,
        ),
        Misconception(
            "the two are exchanged: first the epoch after which it stops, then the best",
            lambda *given: early_stop(*given)[::-1],
        ),
        Misconception(
            "these are positions in the array, from 0: epochs are counted from 1",
            lambda *given: tuple(max(0, epoch - 1) for epoch in early_stop(*given)),
        ),
        Misconception(
            "this goes back to the last epoch: the best one's weights are due",
            lambda *given: (early_stop(*given)[0],) * 2,
        ),
        Misconception(
            "where the rule never stops it, training runs to the last epoch, which is due then",
            _zero_where_never,
        ),
        Misconception("this stops one epoch too early", _with(back=1)),
    ),
)
