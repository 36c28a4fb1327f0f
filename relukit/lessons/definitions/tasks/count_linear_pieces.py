"""A task of lesson 02 on counting: how many straight pieces a hidden layer draws."""

import numpy as np

from relukit.checks.comparison import Arguments, number
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.notation import tell_apart
from relukit.checks.sweeps import in_step, magnitudes
from relukit.checks.task import Misconception, Task

UNITS = Domain(dtypes=("float64",), low=1e-30, high=1e30, axes=((0, 1, 2, 9, 100, 1000),))
FEW = 6  # places that are written out
DIGITS = 8  # binary ones of a number: products of two, and 30 digits more, are not rounded
_STEP = 2.0**-30


def _bends(weight, bias, outgoing) -> dict[float, float]:
    """Return the change of slope at every place where a unit switches."""
    changes: dict[float, float] = {}
    for w, b, out in zip(weight.tolist(), bias.tolist(), outgoing.tolist(), strict=True):
        if w:
            changes[-b / w] = changes.get(-b / w, 0.0) + out * abs(w)
    return changes


def _pieces(weight, bias, outgoing):
    return 1 + sum(change != 0 for change in _bends(weight, bias, outgoing).values())


def _compare(arguments: Arguments, expected: object, got: object) -> str | None:
    count = number(got)
    if count is None:
        return "the answer must be one whole number"
    if count == expected:
        return None
    bends = sorted(t for t, change in _bends(*arguments).items() if change)
    if not bends:
        return "the slope never changes"
    if len(bends) > FEW:
        return f"the slope changes at {len(bends)} places"
    return f"the slope changes at t = {', '.join(tell_apart(*bends))} and nowhere else"


def _generated():
    from hypothesis import strategies as st

    def strategy(values):
        return st.sampled_from([float(value) for value in values])

    # powers of two as weights: then every kink is exact
    unit = st.tuples(
        strategy([1, -1, 2, -2, 0.5, -0.5, 0]),
        strategy([0, 1, -1, 2, -2, 0.5, -0.5]),
        strategy([1, -1, 2, -2, 0]),
    )
    columns = st.lists(unit, max_size=6).map(lambda units: np.array(units).reshape(-1, 3).T)
    return columns.map(lambda rows: tuple(row.copy() for row in rows))


def _units(*columns: tuple[float, float, float]) -> Arguments:
    rows = np.array(columns, dtype=float).reshape(-1, 3).T
    return tuple(row.copy() for row in rows)


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    crowds = [_crowd(n, rng) for n in UNITS.axes[0] for _ in range(2)]
    lying = [tuple(laid_out(array, layout) for array in _crowd(9, rng)) for layout in LAYOUTS]
    rows, outgoing = in_step(UNITS, 2, rng), magnitudes(UNITS, "float64", rng, per_decade=1)
    units = np.column_stack([rows, outgoing[: len(rows)]])
    near_0 = units[:24] * np.array([1.0, 2.0**-20, 1.0])
    units = np.concatenate([near_0, units])
    return (*crowds, *lying, *(_family(tuple(unit), rng) for unit in _short(units).tolist()))


def _short(values: np.ndarray) -> np.ndarray:
    """Return numbers rounded to a few binary digits, so that sums and products are exact."""
    mantissas, exponents = np.frexp(values)
    return np.ldexp(np.round(2**DIGITS * mantissas) / 2**DIGITS, exponents)


def _family(unit: tuple[float, float, float], rng: np.random.Generator) -> Arguments:
    """Return a unit, alone or with another that has to do with it."""
    w, b, out = unit
    others = {
        "none": [],
        "at the same place": [(2 * w, 2 * b, out)],
        "cancels it": [(-2 * w, -2 * b, -out / 2)],
        "nearly cancels it": [(w, b, -out * (1 + _STEP))],
        "at nearly the same place": [(w, b * (1 + _STEP), -out)],
        "bends slightly, elsewhere": [(w, 2 * b or w, out * _STEP)],
    }
    return _units(unit, *others[rng.choice(list(others))])


def _crowd(n: int, rng: np.random.Generator) -> Arguments:
    """Return many units that share places, some of which cancel, never move or pass nothing on."""
    weight = rng.choice([-4, -2, -1, 0, 1, 2, 4], n)
    bias = -weight * rng.integers(-n, n + 1, n)
    columns = weight, bias, rng.integers(-2, 3, n)
    return tuple(column.astype(float) for column in columns)


def _kinks(weight, bias):
    return -bias[weight != 0] / weight[weight != 0]


def _counted(weight, bias, change):
    """Return the pieces where each unit changes the slope by a number of its own."""
    kinks = _kinks(weight, bias)
    changes = [change[weight != 0][kinks == t].sum() for t in np.unique(kinks)]
    return 1 + np.count_nonzero(changes)


TASK = Task(
    points=3,
    title="Count the pieces of a network",
    minutes=20,
    difficulty="hard",
    why="The more straight pieces, the finer a network draws; and not every unit adds one.",
    hints=(
        "Where does one unit switch on or off, and by how much does the slope of g change there?",
        "A unit with weight w switches at t = -bias / w, and g's slope changes by outgoing * |w|,"
        " for either sign of w; add up the changes at equal places, then count those that are not"
        " 0.",
        "moves = weight != 0",
    ),
    reference=_pieces,
    boundary=(
        _units((1, 0, 1)),
        _units((1, 0, 1), (1, -1, 1)),
        _units((-1, 1, 1)),
        _units((1, -1, 1), (2, -2, 1)),
        _units((1, -1, 1), (1, -1, -1)),
        _units((1, -1, 1), (2, -2, -1)),
        _units((1, -1, 1), (-1, 1, 1)),
        _units((1, -1, 1), (-1, 1, -1)),
        _units((2, -2, 1), (-1, 1, -2)),
        _units((0, 1, 1)),
        _units((0, -1, 1), (1, 0, 1)),
        _units((0, 0, 1), (1, 1, 1)),
        _units((1, 0, 0)),
        _units((1, 0, 0), (1, -1, 2)),
        _units((1, 0, 1), (-1, 1, 2), (2, -4, -1)),
        _units((1, 2, 1), (1, 2, -1), (-1, -2, 1)),
        _units((1, 0, 1), (1, -1, _STEP)),
        _units(),
    ),
    compare=_compare,
    generated=_generated,
    domains={"weight": UNITS, "bias": UNITS, "outgoing": UNITS},
    swept=_swept,
    misconceptions=(
        Misconception(
            "this is the number of units plus 1, the most that so many units can draw",
            lambda weight, bias, outgoing: len(weight) + 1,
        ),
        Misconception(
            "these are the bends: one bend makes two pieces, so there is one piece more",
            lambda weight, bias, outgoing: _pieces(weight, bias, outgoing) - 1,
        ),
        Misconception(
            "this counts places, also where nothing changes: outgoing may be 0 or cancel",
            lambda weight, bias, outgoing: 1 + len(np.unique(_kinks(weight, bias))),
        ),
        Misconception(
            "changes at one place may cancel: add them up before you count",
            lambda weight, bias, outgoing: (
                1 + len(np.unique(_kinks(weight[outgoing != 0], bias[outgoing != 0])))
            ),
        ),
        Misconception(
            "units that switch at one place make one bend: count places and not units",
            lambda weight, bias, outgoing: 1 + np.count_nonzero(outgoing * weight),
        ),
        Misconception(
            "a unit with negative weight switches off, not on: its slope changes by outgoing * |w|",
            lambda weight, bias, outgoing: _counted(weight, bias, outgoing * weight),
        ),
        Misconception(
            "this adds up outgoing alone, and the slope changes by outgoing * |w|: where two units"
            " bend, one of these sums may cancel and the other may not",
            _counted,
        ),
        Misconception(
            "units with negative weight bend f too",
            lambda weight, bias, outgoing: _pieces(
                *(a[weight > 0] for a in (weight, bias, outgoing))
            ),
        ),
        Misconception(
            "this is 2 to the number of units, the patterns of on and off: along a line, few occur",
            lambda weight, bias, outgoing: 2 ** len(weight),
        ),
        Misconception(
            "a unit with weight 0 never switches: it is constant and has no bend",
            lambda weight, bias, outgoing: (
                _pieces(weight, bias, outgoing) + ((weight == 0) & (outgoing != 0)).any()
            ),
        ),
    ),
)
