"""A task of lesson 01 on speed: how much sooner one training curve reaches a level."""

import math
from itertools import product

import numpy as np

from relukit.checks.comparison import Arguments, number
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.notation import tell_apart
from relukit.checks.sweeps import magnitudes
from relukit.checks.task import Misconception, Task

ERROR = 1e-6  # relative; the task's text states it
LEVEL = Domain(low=1e-9, high=1e9, signs="+", zero=False)
ERRORS = Domain(
    dtypes=("float64",),
    low=1e-9,
    high=1e9,
    signs="+",
    zero=False,
    axes=((1, 2, 9, 100), (1, 2, 9, 100, 10_000)),
)
_PLACES = (0, 1, 8, 99, -1)  # of the step that counts, and of its rate


def _each_rate(reached):
    """Return for each row the first step, from 1, at which it is True; inf where it never is."""
    return np.where(reached.any(axis=1), np.argmax(reached, axis=1) + 1, math.inf)


def _first(errors, level):
    return float(_each_rate(errors <= level).min())


def _ratio(slow: float, fast: float) -> float:
    return math.nan if math.isinf(slow) and math.isinf(fast) else slow / fast


def _speedup(relu, tanh, level):
    return _ratio(_first(tanh, level), _first(relu, level))


def _compare(arguments: Arguments, expected: float, got: object) -> str | None:
    relu, tanh, level = arguments
    value = number(got)
    if value is None:
        return "the answer must be one number"
    same = math.isnan(expected) and math.isnan(value)
    if same or value == expected or abs(value - expected) <= ERROR * expected < math.inf:
        return None
    said = (_when("relu", relu, level), _when("tanh", tanh, level))
    return f"each at its best rate: {', '.join(said)}"


def _when(name: str, errors: np.ndarray, level: float) -> str:
    step = _first(errors, level)
    if math.isinf(step):
        lowest, wanted = tell_apart(np.fmin.reduce(errors, axis=None), level)
        return f"{name} never reaches the level, {wanted}: its lowest error is {lowest}"
    return f"{name} reaches the level at step {step:.0f}"


def _generated():
    from hypothesis import strategies as st

    error = st.one_of(st.integers(0, 8).map(lambda n: n / 8), st.just(math.nan))
    shape = st.tuples(st.integers(1, 3), st.integers(1, 6))

    def curves(shape):
        size = shape[0] * shape[1]
        values = st.lists(error, min_size=size, max_size=size)
        return values.map(lambda v: np.array(v).reshape(shape))

    errors = shape.flatmap(curves)
    return st.tuples(errors, errors, st.sampled_from([0.25, 0.5, 0.625]))


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    pairs = product(ERRORS.axes[0], ERRORS.axes[1])
    shapes = [shape for shape in pairs if shape[0] * shape[1] <= 10_000]
    found: list[Arguments] = []
    for shape in [*shapes, *[(9, 9), (100, 100), (2, 9), (1, 10_000)] * 6]:
        level = float(rng.uniform(0.1, 1.0))
        found.append((_hit(shape, level, rng), _hit((2, 100), level, rng), level))
        found.append((*found[-1][1::-1], level))
    for layout in LAYOUTS:
        found.append((*(laid_out(_hit((3, 9), 0.5, rng), layout) for _ in range(2)), 0.5))
    for level in magnitudes(LEVEL, "float64", rng, per_decade=4).tolist():
        shapes = [(int(rng.integers(1, 4)), int(rng.integers(1, 5))) for _ in range(2)]
        found.append((*(_hit(shape, level, rng) for shape in shapes), level))
    return tuple(found)


def _hit(shape: tuple[int, int], level: float, rng: np.random.Generator) -> np.ndarray:
    """Return errors that mostly reach a level once, at a place that is drawn, or a little later."""
    errors = level * rng.uniform(1.01, 3.0, shape)
    if rng.random() < 0.5:
        errors[rng.random(shape) < 0.1] = math.nan
    errors[rng.random(shape) < 0.1] = level * (1 + 1e-9)
    row, step = (min(int(rng.choice([*_PLACES, size // 2])), size - 1) for size in shape)
    if rng.random() < 0.9:
        errors[row, step] = level * rng.choice([1.0, 0.5])
    return errors


def _by(first, ratio=_ratio):
    """Return an answer with another first step, or another ratio."""
    return lambda relu, tanh, level: ratio(first(tanh, level), first(relu, level))


def _or_else(never):
    """Return a first step that is `never` of the number of steps where there is none."""

    def first(errors, level):
        step = _first(errors, level)
        return never(errors.shape[1]) if math.isinf(step) else step

    return first


def _for_good(errors, level):
    above = ~(errors <= level)
    last = np.where(above.any(axis=1), above.shape[1] - np.argmax(above[:, ::-1], axis=1), 0)
    return float(np.where(last < above.shape[1], last + 1, math.inf).min())


def _ends_lowest(errors, level):
    last = np.where(np.isnan(errors[:, -1]), math.inf, errors[:, -1])
    return _first(errors[[int(np.argmin(last))]], level)


def _closest(errors, level):
    gap = np.abs(np.where(np.isnan(errors), math.inf, errors) - level)
    return float(np.argmin(gap.min(axis=0)) + 1)


def _curves(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows)


_QUICK = _curves((0.75, 0.5, 0.25, 0.125))
_SLOW = _curves((0.875, 0.75, 0.625, 0.5, 0.375, 0.25))
_BOUNCING = _curves((0.75, 0.25, 0.5, 0.125), (0.625, 0.5, 0.5, 0.5))
_RATES = _curves((0.875, 0.75, 0.5, 0.375), (0.5, 0.375, 0.5, 0.5), (0.75, math.nan, math.nan, 9.0))

TASK = Task(
    points=2,
    title="How many times sooner?",
    minutes=12,
    difficulty="medium",
    why="A famous factor of six is this number, for one network and one level.",
    hints=(
        "At which step does one curve first reach the level, and which of its rates gets there"
        " first?",
        "errors <= level is a mask with a row for each rate; any says whether a row reaches the"
        " level, and argmax where, counting from 0. A row that never does has step inf.",
        "reached = relu <= level",
    ),
    reference=_speedup,
    boundary=(
        (_QUICK, _SLOW, 0.5),
        (_QUICK, _SLOW, 0.4),
        (_SLOW, _QUICK, 0.25),
        (_QUICK, _SLOW, 0.9),
        (_QUICK, _SLOW, 0.2),
        (_SLOW, _QUICK, 0.2),
        (_QUICK, _SLOW, 0.1),
        (_BOUNCING, _SLOW, 0.25),
        (_RATES, _SLOW, 0.5),
        (_SLOW, _RATES, 0.375),
        (_RATES[::-1].copy(), _BOUNCING, 0.25),
    ),
    compare=_compare,
    generated=_generated,
    domains={"relu": ERRORS, "tanh": ERRORS, "level": LEVEL},
    swept=_swept,
    misconceptions=(
        Misconception(
            "this is upside down: tanh's steps go over relu's, so that a quick relu is above 1",
            lambda relu, tanh, level: _speedup(tanh, relu, level),
        ),
        Misconception(
            "a curve that never reaches the level counts as step 1 here: argmax gives 0 where"
            " nothing is True, so ask any first",
            _by(_or_else(lambda steps: 1.0)),
        ),
        Misconception(
            "a curve that never reaches the level counts with its last step here: its step is inf",
            _by(_or_else(float)),
        ),
        Misconception(
            "the steps are counted from 0 here: the first error is that of step 1",
            _by(lambda errors, level: np.float64(_first(errors, level) - 1), np.divide),
        ),
        Misconception(
            "this uses the first rate alone: each curve counts at its own best rate",
            _by(lambda errors, level: _first(errors[:1], level)),
        ),
        Misconception(
            "this averages over the rates: each curve counts at its own best rate",
            _by(lambda errors, level: _first(errors.mean(axis=0, keepdims=True), level)),
        ),
        Misconception(
            "this takes the slowest rate: the one that gets there first counts",
            _by(lambda errors, level: float(_each_rate(errors <= level).max())),
        ),
        Misconception(
            "this takes the rate that ends lowest: the one that reaches the level first may be"
            " another",
            _by(_ends_lowest),
        ),
        Misconception(
            "a curve at the level has reached it: compare with <=",
            _by(lambda errors, level: float(_each_rate(errors < level).min())),
        ),
        Misconception(
            "this waits until a curve is above the level: errors fall, so at or below is due",
            _by(lambda errors, level: float(_each_rate(errors >= level).min())),
        ),
        Misconception(
            "this waits until a curve stays at the level: the first time counts",
            _by(_for_good),
        ),
        Misconception(
            "this takes the step whose error is closest to the level: the first at or below it"
            " counts",
            _by(_closest),
        ),
        Misconception(
            "nan counts as reached here, because nan > level is False: a run that diverged never"
            " gets there",
            _by(lambda errors, level: float(_each_rate(~(errors > level)).min())),
        ),
        Misconception(
            "this is the difference of the steps: their ratio is asked for",
            _by(_first, lambda slow, fast: slow - fast),
        ),
    ),
)
