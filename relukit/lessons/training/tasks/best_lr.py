"""A task of lesson 06 on learning rates: chosen with some seeds, reported with others."""

import math
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, number, parts
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.notation import tell_apart
from relukit.checks.sweeps import leading, shapes
from relukit.checks.task import Misconception, Task

LRS = Domain(
    dtypes=("float64",), low=1e-30, high=1e9, signs="+", zero=False, axes=((1, 2, 9, 100),)
)
SHARES = Domain(
    dtypes=("float64", "float32"),
    low=2.0**-20,
    high=1.0,
    signs="+",
    axes=((1, 2, 9, 100), (1, 2, 9, 100)),
)


def swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    def runs(n, seeds, top=256):  # sums of 256ths are exact, so that equal means are equal
        return rng.integers(0, top + 1, (n, seeds)) / 256

    found = []
    for lrs in leading(LRS, "float64", rng, (3,)):
        lrs = np.unique(lrs)[:: rng.choice([-1, 1])].copy()
        n, chosen = len(lrs), np.argmax(lrs)
        tuning = runs(n, 2, 128)
        tuning[chosen] = 0.75
        found += [(lrs, tuning, runs(n, 2)), (lrs, np.full((n, 2), 0.5), runs(n, 2))]
    for power in 2.0 ** -np.arange(0.0, 21.0):
        lrs = rng.permutation([0.5, 0.25, 0.125])
        found.append((lrs, runs(3, 2) * power, runs(3, 4)))
        found.append((lrs, runs(3, 2), rng.integers(128, 257, (3, 2)) / 256 * power))
        near = np.full((3, 2), 0.5)  # hardly apart
        near[rng.integers(3)] += 2.0**-30
        found.append((lrs, near, runs(3, 2)))
    for n, seeds in shapes(SHARES):
        lrs = rng.permutation(np.arange(1, n + 1)) / 128
        found += [(lrs, runs(n, seeds), runs(n, 2)), (lrs, runs(n, 2), runs(n, seeds))]
        for place in {0, 1, 8, 99, n - 1} & set(range(n)):
            for seed in {0, 1, 8, 99, seeds - 1} & set(range(seeds)):
                tuning, fresh = np.full((n, seeds), 0.5), runs(n, seeds)
                tuning[place, seed] = rng.choice([0.75, np.nan])
                found.append((lrs, tuning, fresh))
                tuning, fresh = np.full((n, 2), 0.5), np.full((n, seeds), 0.5)
                tuning[place], fresh[place, seed] = 0.75, rng.choice([1.0, np.nan])
                found.append((lrs, tuning, fresh))
    lrs, tuning, fresh = np.array([0.5, 0.25, 1.0]), runs(3, 4), runs(3, 2)
    for layout in LAYOUTS:
        found.append((laid_out(lrs, layout), tuning, fresh))
        found.append((lrs, laid_out(tuning, layout), laid_out(fresh, layout)))
    found.append((lrs, tuning.astype("float32"), fresh.astype("float32")))
    return (*found, (lrs, 0 * tuning, 0 * fresh), (lrs, 0 * tuning + 1, 0 * fresh + 1))


NAMES = ("lr", "accuracy")
ERROR = 1e-9  # absolute; the task's text states it


def _chosen(lrs, tuning, *, score=None, ties=min):
    """Return the position of the best rate, or None where every rate has diverged."""
    scores = tuning.mean(axis=1) if score is None else score(tuning)
    kept = np.flatnonzero(~np.isnan(scores))
    if not kept.size:
        return None
    best = kept[scores[kept] == scores[kept].max()]
    return ties(best, key=lambda place: lrs[place])


def _report(lrs, tuning, fresh, *, measure=None, **options):
    place = _chosen(lrs, tuning, **options)
    if place is None:
        return math.nan, math.nan
    value = fresh[place].mean() if measure is None else measure(tuning[place], fresh[place])
    return float(lrs[place]), float(value)


def best_lr(lrs, tuning, fresh):
    return _report(lrs, tuning, fresh)


def _compare(arguments: Arguments, expected: tuple[float, float], got: Any) -> str | None:
    because = parts(got, NAMES)
    if because:
        return because
    lr, value = (number(part) for part in got)
    if lr is None or value is None:
        return "both must be numbers, the rate and the mean accuracy of its fresh runs"
    if not (lr == expected[0] or (math.isnan(lr) and math.isnan(expected[0]))):
        return _choice(arguments, expected[0])
    if _same(expected[1], value):
        return None
    if math.isnan(expected[0]):
        return "no rate is chosen, so there is nothing to report: nan is due"
    if math.isnan(expected[1]):
        return "the rate is right; one of its fresh runs diverged, so the mean to report is nan"
    due, yours = tell_apart(expected[1], value)
    return f"the rate is right; over its fresh runs the mean is {due}, and not {yours}"


def _same(wanted: float, given: float) -> bool:
    return math.isnan(given) if math.isnan(wanted) else abs(given - wanted) <= ERROR


def _choice(arguments: Arguments, wanted: float) -> str:
    lrs, tuning, _ = arguments
    if math.isnan(wanted):
        return "every rate diverged for some seed of tuning, so none can be chosen: nan is due"
    means = {float(a): float(row.mean()) for a, row in zip(lrs, tuning, strict=True)}
    texts = dict(zip(means, tell_apart(*means.values()), strict=True))
    told = {lr: "diverged" if math.isnan(mean) else texts[lr] for lr, mean in means.items()}
    said = ", ".join(f"{told[lr]} at {lr:g}" for lr in sorted(told))
    if list(means.values()).count(means[wanted]) > 1:
        said += "; of equal ones the smaller rate is due"
    return f"the means of tuning are {said}"


def _table(lrs, tuning, fresh) -> Arguments:
    return tuple(np.array(part, dtype=float) for part in (lrs, tuning, fresh))


def _generated():
    from hypothesis import strategies as st

    entry = st.one_of(*[st.integers(0, 8).map(lambda k: k / 8)] * 11, st.just(np.nan))

    def rows(n, seeds):
        row = st.lists(entry, min_size=seeds, max_size=seeds)
        return st.lists(row, min_size=n, max_size=n)

    def sweep(sizes):
        n, seeds, others = sizes
        rates = st.permutations([0.03125, 0.125, 0.25, 1.0]).map(lambda rates: rates[:n])
        return st.builds(_table, rates, rows(n, seeds), rows(n, others))

    return st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 3)).flatmap(sweep)


def _with(**options):
    return lambda *given: _report(*given, **options)


def _mean_of_the_known(rows):
    with np.errstate(all="ignore"):
        known = ~np.isnan(rows)
        return np.where(known, rows, 0).sum(axis=-1) / known.sum(axis=-1)


def _argmax(lrs, tuning, fresh):
    place = np.argmax(tuning.mean(axis=1))
    return lrs[place], fresh[place].mean()


def _nanargmax(lrs, tuning, fresh):
    place = np.nanargmax(tuning.mean(axis=1))
    return lrs[place], fresh[place].mean()


def _pooled(lrs, tuning, fresh):
    return _report(lrs, np.concatenate([tuning, fresh], axis=1), fresh)


def _fresh_must_hold(lrs, tuning, fresh):
    kept = ~np.isnan(fresh).any(axis=1)
    return _report(lrs[kept], tuning[kept], fresh[kept])


def _zero_where_none(lrs, tuning, fresh):
    lr, value = _report(lrs, tuning, fresh)
    return (0.0, 0.0) if math.isnan(lr) else (lr, value)


def _position(lrs, tuning, fresh):
    place = _chosen(lrs, tuning)
    return (math.nan, math.nan) if place is None else (place, fresh[place].mean())


TASK = Task(
    points=2,
    title="Choose a learning rate, and report it",
    minutes=10,
    difficulty="medium",
    why="The best of a sweep was lucky too; who reports the runs that chose it, reports the luck.",
    hints=(
        "Throw five dice twice, and bet on the die that was highest: why does its first throw say"
        " too much of the second?",
        "One nan makes its mean nan, which comparisons pass over and np.argmax doesn't. Choose by"
        " tuning alone; look at fresh for the chosen rate alone.",
        "means = tuning.mean(axis=1)",
    ),
    reference=best_lr,
    boundary=(
        _table([0.5], [[0.75]], [[0.5]]),
        _table([0.125, 0.5], [[0.5], [0.75]], [[0.25], [0.5]]),
        _table([0.125, 0.5], [[0.75], [0.5]], [[0.25], [0.5]]),
        _table([0.5, 0.125], [[0.75, 0.25], [0.5, 0.75]], [[1.0, 0.5], [0.5, 0.25]]),
        _table([0.125, 0.5], [[0.5, 0.5], [0.0, 0.75]], [[0.5], [0.25]]),
        _table([0.125, 0.5], [[0.5, 0.5], [0.5, 0.5]], [[0.25], [0.5]]),
        _table([0.5, 0.125], [[0.5, 0.5], [0.5, 0.5]], [[0.25], [0.5]]),
        _table([0.125, 0.5], [[0.5, 0.5], [np.nan, 0.75]], [[0.25], [0.5]]),
        _table([0.125, 0.5], [[0.25, 0.25], [np.nan, 1.0]], [[0.25], [0.5]]),
        _table([0.125, 0.5], [[np.nan, 0.5], [np.nan, np.nan]], [[0.25], [0.5]]),
        _table([0.125, 0.5], [[0.5, 0.5], [0.75, 0.75]], [[0.5, 0.5], [0.5, np.nan]]),
        _table([0.125, 0.5], [[0.5], [0.75]], [[1.0, 1.0, 1.0], [0.25, 0.25, 0.5]]),
        _table([0.125, 0.5], [[0.5, 0.5, 0.5], [0.375, 0.375, 1.0]], [[0.5, 0.25], [0.75, 1.0]]),
        _table([0.125, 0.5], [[0.5, 0.5, 0.5], [0.25, 0.625, 0.75]], [[0.25, 0.5], [1.0, 0.5]]),
        _table([0.125, 0.5], [[0.25, 1.0], [0.375, 1.0]], [[0.25], [0.5]]),
    ),
    compare=_compare,
    generated=_generated,
    domains={"lrs": LRS, "tuning": SHARES, "fresh": SHARES},
    swept=swept,
    misconceptions=(
        Misconception(
            "the rate is right, but this reports the runs that chose it: the winner of a sweep was"
            " lucky too, so report its fresh runs",
            _with(measure=lambda tuned, fresh: tuned.mean()),
        ),
        Misconception(
            "the rate is chosen by the fresh runs: then they are no longer fresh; choose by tuning",
            lambda lrs, tuning, fresh: _report(lrs, fresh, fresh),
        ),
        Misconception(
            "the rate is chosen by all runs together: then no fresh one is left to report",
            _pooled,
        ),
        Misconception(
            "a rate is passed over because a fresh run diverged: that is looking before choosing",
            _fresh_must_hold,
        ),
        Misconception(
            "this mean leaves diverged runs out: a rate at which one of four seeds diverges is not"
            " a good one",
            _with(score=_mean_of_the_known),
        ),
        Misconception(
            "diverged runs count as 0 here: however good its other runs are, a rate that diverged"
            " must not be chosen",
            _with(score=lambda rows: np.nan_to_num(rows).mean(axis=1)),
        ),
        Misconception(
            "np.argmax takes nan for the largest of all, so this chooses a rate that diverged",
            _argmax,
        ),
        Misconception(
            "np.nanargmax passes over nan, but fails where every rate diverged (nan is due), and of"
            " equal means it takes the first and not the smaller rate",
            _nanargmax,
        ),
        Misconception(
            "this takes the rate with the best single run: that is luck, take the mean over seeds",
            _with(score=lambda rows: np.where(np.isnan(rows).any(1), np.nan, rows.max(axis=1))),
        ),
        Misconception(
            "this takes the rate whose worst run is best: the mean over seeds is asked for",
            _with(score=lambda rows: rows.min(axis=1)),
        ),
        Misconception(
            "this takes the median: the mean over seeds is asked for",
            _with(score=lambda rows: np.median(rows, axis=1)),
        ),
        Misconception(
            "this takes the lowest mean: these are accuracies, and not losses",
            _with(score=lambda rows: -rows.mean(axis=1)),
        ),
        Misconception(
            "of rates with the same mean this takes the larger one: the smaller is due",
            _with(ties=max),
        ),
        Misconception(
            "of rates with the same mean this takes the first: the smaller is due, wherever it"
            " stands",
            _with(ties=lambda best, key: best[0]),
        ),
        Misconception(
            "the fresh runs that diverged are left out of the report: the mean is nan then, and"
            " whoever uses the rate should know",
            _with(measure=lambda tuned, fresh: float(_mean_of_the_known(fresh))),
        ),
        Misconception(
            "this reports the best of the fresh runs: their mean is due",
            _with(measure=lambda tuned, fresh: fresh.max()),
        ),
        Misconception(
            "where every rate diverged this returns 0, a rate that somebody might use: nan is due",
            _zero_where_none,
        ),
        Misconception("this is the position of the rate: the rate itself is due", _position),
    ),
)
