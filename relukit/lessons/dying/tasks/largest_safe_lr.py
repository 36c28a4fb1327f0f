"""A task of lesson 04 on reading a sweep: the largest learning rate that is still safe."""

import numpy as np

from relukit.checks.comparison import Arguments, number
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.notation import tell_apart
from relukit.checks.sweeps import leading, shapes
from relukit.checks.task import Misconception, Task


def _last_safe(lrs, safe):
    """Return the largest rate that is safe with all smaller ones, 0 where none is."""
    found = 0.0
    for i in np.argsort(lrs):
        if not safe[i]:
            break
        found = float(lrs[i])
    return found


def largest_safe_lr(lrs, dead, limit):
    return _last_safe(lrs, dead.mean(axis=1) < limit)


def _by(measure):
    """Return an answer that measures the seeds of a rate its own way."""
    return lambda lrs, dead, limit: _last_safe(lrs, measure(dead) < limit)


def _compare(arguments: Arguments, expected: float, got: object) -> str | None:
    value = number(got)
    if value is None:
        return "the answer must be one number: a learning rate, or 0"
    if value == expected:
        return None
    lrs, dead, limit = arguments
    if value != 0 and value not in lrs:
        return "the answer must be one of the learning rates of the table, or 0"
    means = dict(zip(lrs.tolist(), dead.mean(axis=1).tolist(), strict=True))
    unsafe = [lr for lr in sorted(means) if lr <= value and not means[lr] < limit]
    if unsafe:
        mean, bound = tell_apart(means[unsafe[0]], limit)
        return f"at rate {unsafe[0]:g} the mean is {mean}, which is not below {bound}"
    return f"up to rate {expected:g} every mean is below {limit:g}"


def _table(lrs: tuple[float, ...], *rows: tuple[float, ...], limit: float = 0.5) -> Arguments:
    return np.array(lrs), np.array(rows, dtype=float), limit


def _generated():
    from hypothesis import strategies as st

    rates = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]
    share = st.one_of(st.integers(0, 8).map(lambda n: n / 8), st.just(0.0))

    @st.composite
    def tables(draw):
        lrs = sorted(draw(st.lists(st.sampled_from(rates), min_size=2, max_size=5, unique=True)))
        seeds = draw(st.sampled_from([2, 4]))
        size = len(lrs) * seeds
        dead = np.array(draw(st.lists(share, min_size=size, max_size=size)))
        return np.array(lrs), dead.reshape(len(lrs), seeds), 0.5

    return tables()


_nan = float("nan")
_DOMAINS = {
    "lrs": Domain(
        dtypes=("float64",), low=1e-30, high=1e9, signs="+", zero=False, axes=((1, 2, 9, 100),)
    ),
    "dead": Domain(
        dtypes=("float64",), low=2.0**-29, high=1.0, signs="+", axes=((1, 2, 9, 100),) * 2
    ),
    "limit": Domain(low=2.0**-29, high=1.0, signs="+", zero=False),
}


def _cliff(rates: np.ndarray, seeds: int, limit: float, rng: np.random.Generator) -> Arguments:
    """Return a table whose cliff is drawn: means are near the limit, or at it, and exact."""
    place = rng.integers(len(rates) + 1)
    below, above = limit * (1 - 2.0**-26), limit * (1 + 2.0**-26 * rng.integers(0, 2))
    rank = np.argsort(np.argsort(rates))
    means = np.where(rank < place, below, np.where(rank == place, above, rng.choice([0, above])))
    return rates, np.tile(means[:, None], (1, seeds)), limit


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    limits = 2.0 ** -np.arange(0.0, 30.0)
    found = []
    for lrs in leading(_DOMAINS["lrs"], "float64", rng, (3,)):
        lrs = np.unique(lrs)[:: rng.choice([-1, 1])].copy()
        # the largest is safe, so that it is the answer
        found.append((lrs, np.full((len(lrs), 2), 0.25), 0.5))
        found.append(_cliff(lrs, 2, 0.5, rng))
    for limit in limits.tolist():
        rates = np.array([1.0, 0.125, 0.5, 0.25])
        found += [_cliff(rates, 3, limit, rng) for _ in range(3)]
        dead = np.zeros((4, 2))
        dead[rng.integers(4)] = limit
        found.append((rates, dead, 0.5))
    for n, seeds in shapes(_DOMAINS["dead"]):
        rates = rng.permutation(np.arange(1, n + 1)) / 128
        found += [_cliff(rates, seeds, 0.5, rng) for _ in range(3)]
        for place in {0, 1, 8, 99, n - 1} & set(range(n)):  # one row, one seed decides
            for seed in {0, 1, 8, 99, seeds - 1} & set(range(seeds)):
                dead = np.zeros((n, seeds))
                dead[place, seed] = rng.choice([np.nan, 1.0])
                found.append((rates, dead, 2.0**-10))
                broken = np.zeros((n, seeds))
                broken[place, seed] = np.nan  # counted as 1, its mean were below the limit
                found.append((rates, broken, 1.0))
    lrs, dead, limit = _cliff(np.array([0.5, 0.25, 1.0]), 4, 0.25, rng)
    for layout in LAYOUTS:
        found += [(laid_out(lrs, layout), dead, limit), (lrs, laid_out(dead, layout), limit)]
    return tuple(found)


TASK = Task(
    points=2,
    title="The last rate before the cliff",
    minutes=10,
    difficulty="medium",
    why="One lucky rate beyond the cliff is no safe rate; and a diverged run leaves no number.",
    hints=(
        "Rates 0.1 and 0.3 fail, and 1 looks fine by luck: would you advise 1?",
        "Take the mean over the seeds, go through the rates from the smallest, and stop at the"
        " first that is not safe. What does mean() give if one seed is nan, and what does a"
        " comparison with nan give?",
        "safe = dead.mean(axis=1) < limit",
    ),
    reference=largest_safe_lr,
    boundary=(
        _table((0.1,), (0.0,)),
        _table((0.1,), (1.0,)),
        _table((0.1,), (0.5,)),
        _table((0.1,), (_nan,)),
        _table((0.1, 0.3), (0.0,), (1.0,)),
        _table((0.1, 0.3), (1.0,), (0.0,)),
        _table((0.1, 0.3, 1.0), (0.0,), (1.0,), (0.0,)),
        _table((0.3, 0.1), (1.0, 1.0), (0.0, 0.0)),
        _table((0.3, 0.1), (0.0, 0.0), (1.0, 1.0)),
        _table((1.0, 0.1, 0.3), (0.0, 0.0), (0.25, 0.0), (1.0, 0.5)),
        _table((0.1, 0.3), (0.0, 0.75, 0.0, 0.0), (0.75, 0.75, 0.75, 0.0)),
        _table((0.1, 0.3), (0.0, 0.0), (0.0, _nan)),
        _table((0.1, 0.3), (0.0, 0.0), (_nan, 1.0)),
        _table((0.1, 0.3), (0.0, 0.0, 0.0, 0.0), (0.0, 0.0, _nan, 0.0)),
        _table((0.1, 0.3, 1.0), (0.0, 0.0), (_nan, _nan), (0.0, 0.0)),
        _table((0.1, 0.3), (0.0, 0.0, 0.125), (0.0, 0.375, 0.0), limit=0.125),
        _table((0.1, 0.3), (0.125, 0.0), (0.25, 0.25), limit=0.25),
        _table((0.1, 0.2, 0.3), (0.0, 0.0, 0.0), (0.25, 0.5, 0.0), (1.0, 0.5, 0.75), limit=0.25),
    ),
    compare=_compare,
    generated=_generated,
    domains=_DOMAINS,
    swept=_swept,
    misconceptions=(
        Misconception(
            "this is the largest rate below the limit, also beyond the cliff: all smaller ones must"
            " be safe too",
            lambda lrs, dead, limit: lrs[dead.mean(axis=1) < limit].max(initial=0.0),
        ),
        Misconception(
            "diverged seeds are left out of the mean: a rate at which one diverges is not safe",
            _by(lambda dead: np.nanmean(dead, axis=1)),
        ),
        Misconception(
            "this counts diverged seeds as if no unit had died: nan means that it is not safe",
            _by(lambda dead: np.nan_to_num(dead).mean(axis=1)),
        ),
        Misconception(
            "this counts a diverged seed as a network of dead units: with good seeds beside it the"
            " mean is still below the limit; nan means that the rate is not safe",
            _by(lambda dead: np.nan_to_num(dead, nan=1.0).mean(axis=1)),
        ),
        Misconception(
            "a mean at the limit is not below it: use < and not <=",
            lambda lrs, dead, limit: _last_safe(lrs, dead.mean(axis=1) <= limit),
        ),
        Misconception(
            "nan > limit is False, so this takes a diverged rate for safe: ask for < limit",
            lambda lrs, dead, limit: _last_safe(lrs, ~(dead.mean(axis=1) >= limit)),
        ),
        Misconception(
            "this is the first rate that fails: the last safe one before it is asked for",
            lambda lrs, dead, limit: float(
                min(
                    (lr for lr, m in zip(lrs, dead.mean(axis=1), strict=True) if not m < limit),
                    default=lrs.max(),
                )
            ),
        ),
        Misconception(
            "this asks every seed to stay below the limit: the mean over the seeds must",
            _by(lambda dead: dead.max(axis=1)),
        ),
        Misconception(
            "this is content with one seed below the limit: the mean over the seeds must be",
            _by(lambda dead: dead.min(axis=1)),
        ),
        Misconception(
            "this takes the median of the seeds: the mean is asked for",
            _by(lambda dead: np.median(dead, axis=1)),
        ),
        Misconception(
            "this goes through the table as it stands: the rates may come in any order",
            lambda lrs, dead, limit: float(
                lrs[np.cumprod(dead.mean(axis=1) < limit).sum() - 1]
                if dead[0].mean() < limit
                else 0.0
            ),
        ),
        Misconception(
            "this is a position in the table: the rate at that position is asked for",
            lambda lrs, dead, limit: int(
                np.argmin(np.abs(lrs - largest_safe_lr(lrs, dead, limit)))
            ),
        ),
        Misconception(
            "this is the rate with the fewest dead units: the largest safe one is asked for",
            lambda lrs, dead, limit: float(lrs[np.argmin(np.nan_to_num(dead.mean(axis=1), nan=9))]),
        ),
        Misconception(
            "where no rate is safe, this gives the smallest: 0 is asked for",
            lambda lrs, dead, limit: largest_safe_lr(lrs, dead, limit) or float(lrs.min()),
        ),
        Misconception(
            "this is the smallest safe rate: the largest is asked for",
            lambda lrs, dead, limit: float(
                lrs[dead.mean(axis=1) < limit].min() if (dead.mean(axis=1) < limit).any() else 0.0
            ),
        ),
        Misconception(
            "this averages over the rates instead of the seeds: a row belongs to a rate",
            lambda lrs, dead, limit: _last_safe(lrs, dead.mean(axis=0) < limit),
        ),
        Misconception(
            "this looks at the first seed alone: the mean over all seeds is asked for",
            _by(lambda dead: dead[:, 0]),
        ),
    ),
)
