"""A task of lesson 06 on what a comparison over seeds can say."""

import math
from statistics import NormalDist
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, number, parts
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import leading, shapes
from relukit.checks.task import Misconception, Task


def drawn(seed: int, n: int, *level: float) -> Arguments:
    draw = np.random.default_rng(seed)
    common = draw.normal(0.9, 0.05, n)  # what one seed does to both
    return common + draw.normal(0.01, 0.01, n), common + draw.normal(0, 0.01, n), *level


RUNS = Domain(
    dtypes=("float64", "float32", "int64", "uint8"),
    low=1e-12,  # as the task's text states
    high=1e12,
    axes=((2, 9, 100, 10_000),),
)
LEVEL = Domain(values=(0.5, 0.9, 0.95, 0.99, 0.999), low=0.001, high=0.999, signs="+", zero=False)


def swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found = []
    for dtype in RUNS.dtypes:
        columns = [leading(RUNS, dtype, rng, (3,)) for _ in "ab"]
        found += list(zip(*columns, strict=True))
    for (n,) in shapes(RUNS):
        found.append(drawn(int(rng.integers(2**30)), n))
        a, b = rng.integers(0, 256, (2, n)).astype("uint8")
        found += [(a, b), (a.astype("float32") / 8, b.astype("float32") / 8)]
    levels = (*LEVEL.values, *(10.0 ** rng.uniform(-3, -1, 6)), 0.001, *rng.uniform(0.1, 1, 4))
    found += [drawn(int(rng.integers(2**30)), 5, float(min(v, 0.999))) for v in levels]
    for place in (0, 1, 8, 9, 98, 99, 100, 999, 1000, 9_999):  # one pair is not as the others
        for column in range(2):
            pair = [np.zeros(100 if place < 100 else 10_000) for _ in "ab"]
            pair[column][place] = 3.0
            pair[column][place - 1] = -1.0
            found.append(tuple(pair))
    for layout in LAYOUTS:
        a, b = drawn(int(rng.integers(2**30)), 9)
        found += [(laid_out(a, layout), b), (a, laid_out(b, layout))]
    zero = np.zeros(3)
    return (
        *found,
        (zero, np.array([1.0, 2.0, 4.0])),
        (np.array([1.0, 2.0, 4.0]), zero),
        (zero,) * 2,
    )


NAMES = ("low", "high")
ERROR = 1e-5  # as the task's text states, of the interval's length
_ROUNDING = 1e-12  # of the largest number


def _interval(a, b, level, *, gaps=None, quantile=None, error=None):
    """Return the interval of the mean of a - b, but for one detail."""
    from scipy.special import stdtrit

    gaps = a.astype("float64") - b.astype("float64") if gaps is None else gaps
    n = len(gaps)
    t = quantile(n, level) if quantile else stdtrit(n - 1, (1 + level) / 2)
    reach = t * (error(a, b, gaps) if error else gaps.std(ddof=1) / math.sqrt(n))
    return float(gaps.mean() - reach), float(gaps.mean() + reach)


def paired_interval(a, b, level=0.95):
    return _interval(a, b, level)


def _compare(arguments: Arguments, expected: tuple[float, float], got: Any) -> str | None:
    because = parts(got, NAMES)
    if because:
        return because
    a, b, *_ = arguments
    first, last = (number(end) for end in got)
    if first is None or last is None:
        return "both ends must be numbers"
    if np.isnan(expected).any() and np.isnan(first) and np.isnan(last):
        return None
    if np.isnan(expected).any():
        return "a run is nan: both ends must be nan"
    if np.isnan(first) or np.isnan(last):
        return "nan came out where a number is due"
    low, high = expected
    allowed = ERROR * (high - low) + _ROUNDING * float(
        np.abs(np.concatenate([a, b]).astype(float)).max()
    )
    if abs(first - low) <= allowed and abs(last - high) <= allowed:
        return None
    if first > last:
        return "the lower end comes first"
    center = (first + last) / 2
    if abs(center - (low + high) / 2) > allowed:
        return "the middle of the interval must be the mean of a - b"
    if high - low <= allowed:
        return "all differences are equal, so the interval has no length"
    return f"its middle is right, its length is {(last - first) / (high - low):.6g} times that"


def _pairs(a, b, *level, dtype="float64") -> Arguments:
    return np.array(a, dtype=dtype), np.array(b, dtype=dtype), *level


def _generated():
    from hypothesis import strategies as st

    def pair(n):
        side = st.lists(st.integers(-40, 40).map(lambda k: k / 8), min_size=n, max_size=n)
        return st.tuples(side, side)

    sides = st.integers(2, 5).flatmap(pair)
    levels = st.sampled_from([(), (0.5,), (0.9,), (0.99,)])
    return st.builds(lambda s, level: _pairs(*s, *level), sides, levels)


def _with(**options):
    return lambda a, b, level=0.95: _interval(a, b, level, **options)


def _t(df):
    def quantile(n, level):
        from scipy.special import stdtrit

        return stdtrit(df(n), (1 + level) / 2)

    return quantile


def _normal(n, level):
    return NormalDist().inv_cdf((1 + level) / 2)


def _one_sided(n, level):
    from scipy.special import stdtrit

    return stdtrit(n - 1, level)


def _both_spreads(a, b, gaps):
    return math.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a))


def _unpaired(a, b, level=0.95):
    return _interval(a, b, level, quantile=_t(lambda n: 2 * n - 2), error=_both_spreads)


def _quantiles(a, b, level=0.95):
    return tuple(np.quantile(a - b, [(1 - level) / 2, (1 + level) / 2]).tolist())


def _middle_and_reach(a, b, level=0.95):
    low, high = _interval(a, b, level)
    return (low + high) / 2, (high - low) / 2


def _known(a, b, level=0.95):
    kept = ~np.isnan(a - b)
    return _interval(a[kept], b[kept], level)


def _of_scipy(a, b, level=0.95):
    low, high = _interval(a, b, level)
    return (low, high) if high > low else (math.nan, math.nan)


_A, _B = (3.0, 4.0, 6.0), (1.0, 3.0, 3.0)

TASK = Task(
    points=2,
    title="A difference, or luck?",
    minutes=15,
    difficulty="medium",
    why="Whether one activation beats another is read off this interval, and not off two means.",
    hints=(
        "One seed gives both settings the same batches: which one number does each seed then have"
        " to say about the two?",
        "Take the differences, their mean, and their deviation (n - 1 below the line) over √n;"
        " scipy.stats.t.ppf knows how many of those to go to either side, for n - 1 degrees of"
        " freedom. At 95 %, 2.5 % lie beyond each end.",
        "gaps = a - b",
    ),
    reference=paired_interval,
    boundary=(
        _pairs((1.0, 3.0), (0.0, 0.0)),
        _pairs(_A, _B),
        _pairs(_B, _A),
        _pairs(_A, _B, 0.9),
        _pairs(_A, _B, 0.5),
        _pairs((2.0, 3.0, 4.0), (1.0, 2.0, 3.0)),
        _pairs((1.0, 5.0), (1.0, 5.0)),
        _pairs((98.515625, 98.234375), (1.5, 0.75), dtype="float32"),
        _pairs((5, 7, 10), (4, 4, 4), dtype="int64"),
        _pairs((np.nan, 1.0, 2.0, 4.0), (0.0, 0.0, 0.0, 0.0)),
        drawn(0, 16),
        drawn(2, 400),
    ),
    compare=_compare,
    generated=_generated,
    domains={"a": RUNS, "b": RUNS, "level": LEVEL},
    swept=swept,
    misconceptions=(
        Misconception(
            "this goes as far as for a normal distribution, 1.96 errors at 95 %: the deviation is"
            " itself an estimate, so take the quantile of t with n - 1 degrees of freedom",
            _with(quantile=_normal),
        ),
        Misconception(
            "this goes 1.96 errors to either side at any level: take the quantile of t for the"
            " level, with n - 1 degrees of freedom",
            _with(quantile=lambda n, level: 1.96),
        ),
        Misconception(
            "this compares two groups, each with its own spread: pairs share a seed, so take the"
            " spread of their differences",
            _unpaired,
        ),
        Misconception(
            "this adds the variances of a and b: pairs share a seed, so take the variance of their"
            " differences",
            _with(error=_both_spreads),
        ),
        Misconception(
            "the deviation has n below the line: for an estimate from n pairs it is n - 1 (ddof=1)",
            _with(error=lambda a, b, gaps: gaps.std() / math.sqrt(len(gaps))),
        ),
        Misconception(
            "this is the spread of single differences: that of their mean is √n times smaller",
            _with(error=lambda a, b, gaps: gaps.std(ddof=1)),
        ),
        Misconception(
            "this divides the deviation by n: the mean of n numbers spreads √n times less",
            _with(error=lambda a, b, gaps: gaps.std(ddof=1) / len(gaps)),
        ),
        Misconception(
            "this is b - a: the text asks for a - b",
            lambda a, b, level=0.95: _interval(b, a, level),
        ),
        Misconception(
            "the quantile leaves 5 % beyond one end: with two ends, 2.5 % lie beyond each, so it is"
            " that of (1 + level) / 2",
            _with(quantile=_one_sided),
        ),
        Misconception(
            "t has n degrees of freedom here: one is used up by the mean, n - 1 are left",
            _with(quantile=_t(lambda n: n)),
        ),
        Misconception(
            "t has 2n - 2 degrees of freedom here, as for two groups: n pairs leave n - 1",
            _with(quantile=_t(lambda n: 2 * n - 2)),
        ),
        Misconception(
            "the level is not used: this is always 95 %",
            lambda a, b, level=0.95: _interval(a, b, 0.95),
        ),
        Misconception(
            "these are quantiles of the differences: they say where single seeds lie, and not their"
            " mean",
            _quantiles,
        ),
        Misconception(
            "this is the mean and the reach: the two ends are asked for", _middle_and_reach
        ),
        Misconception(
            "the ends are exchanged: the lower one comes first",
            lambda a, b, level=0.95: _interval(a, b, level)[::-1],
        ),
        Misconception(
            "pairs with nan are left out: a diverged run is a result, so both ends must be nan",
            _known,
        ),
        Misconception(
            "scipy.stats.t.interval gives nan where all differences are equal: the interval has no"
            " length then, and both ends are that difference",
            _of_scipy,
        ),
        Misconception(
            "this takes the size of each difference: its sign says who won that seed",
            lambda a, b, level=0.95: _interval(a, b, level, gaps=np.abs(a - b).astype("float64")),
        ),
        Misconception(
            "a and b are sorted first: that tears the pairs apart",
            lambda a, b, level=0.95: _interval(np.sort(a), np.sort(b), level),
        ),
    ),
)
