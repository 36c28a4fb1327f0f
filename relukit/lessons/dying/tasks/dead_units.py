"""A task of lesson 04 on what dead means: off for every example, and not for some of them."""

import numpy as np

from relukit.checks.comparison import Arguments, Index, exact
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import leading, magnitudes, shapes
from relukit.checks.task import Misconception, Task


def _dead(z):
    return (z <= 0).all(axis=0)


def _reason(arguments: Arguments, index: Index) -> str:
    column = arguments[0][:, index[0]].astype(float)
    if np.isnan(column).any():
        return "where z is nan, nothing says that the unit is off, so it is not dead"
    if (column > 0).any():
        example = int(np.argmax(column > 0))
        return f"example {example} activates the unit, with z = {column[example]:g}, so it lives"
    return "no example activates the unit: z is never above 0"


def _table(*rows: tuple[float, ...], dtype: str = "float64") -> Arguments:
    return (np.array(rows, dtype=dtype),)


def _first_active_at(*examples: int) -> Arguments:
    """Return 200 examples of units that are active at one of them only."""
    z = -1 - (np.arange(200 * len(examples)) % 7).reshape(200, len(examples)) / 4
    for unit, example in enumerate(examples):
        z[example % 200, unit] = 0.5 if example < 200 else -0.5
    return (z,)


def _generated():
    from hypothesis import strategies as st

    common = [-1.0, 0.0, -2.5, 1.0, -0.0, 0.25]

    @st.composite
    def tables(draw):
        n, units = draw(st.integers(1, 5)), draw(st.integers(2, 4))
        dtype = draw(st.sampled_from(["float64", "float32"]))
        size = n * units
        values = draw(st.lists(st.sampled_from(common), min_size=size, max_size=size))
        return np.array(values, dtype=dtype).reshape(n, units)

    return st.tuples(tables())


_DOMAIN = Domain(
    dtypes=("float64", "float32", "float16", "int64", "int8"),
    low=1e-60,  # a table of all decades comes beside: see _swept
    high=1e60,
    special=True,
    axes=((1, 2, 9, 100, 10_000), (0, 1, 2, 9, 100)),
)


def _silent(shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> np.ndarray:
    """Return units of which half are off for every example, and half on for one of them."""
    z = -rng.integers(0, 5, shape).astype(dtype)
    for unit in range(shape[1]):
        if unit % 2:
            z[rng.integers(shape[0]), unit] = 1
    return z


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found = [z for dtype in ("float64", "int8") for z in leading(_DOMAIN, dtype, rng)]
    for dtype in _DOMAIN.dtypes:
        found += [_silent((9, 4), dtype, rng), _silent((200, 2), dtype, rng)]
    found += [_silent(shape, "float64", rng) for shape in shapes(_DOMAIN)]
    found += [laid_out(_silent((9, 4), "float32", rng), layout) for layout in LAYOUTS]
    whole = Domain(dtypes=("float64",), special=True)
    found += [magnitudes(whole, "float64", rng)[None, :]]
    places = [0, 1, 8, 9, 63, 98, 99, 100, 101, 999, 1000, 1001, 4096, 9998, 9999]
    z = np.full((10_000, len(places) + 1), -1.0)
    z[places, np.arange(len(places))] = 0.5  # the last unit is dead
    found += [z, np.ascontiguousarray(z[::-1])]
    found += [np.ones((n, 1)) for n in (256, 65_536)]  # one more than a byte, or two, can count
    found += [np.array([[v], [-1.0]]) for v in (np.nan, np.inf, -np.inf, 0.0)]
    return tuple((z,) for z in found)


TASK = Task(
    points=2,
    title="Dead, or merely off?",
    minutes=5,
    difficulty="easy",
    why="Counts of zeros are sold as counts of dead units; only silence on all data is death.",
    hints=(
        "A unit with z = [-1, 2, -1] is off for two examples of three: is it dead?",
        "A comparison with 0 says where a unit is off; .all(axis=...) asks it of every example."
        " Which axis of z counts examples, and what does a comparison with nan give?",
        "off = z <= 0",
    ),
    reference=_dead,
    boundary=(
        _table((1.0,)),
        _table((-1.0,)),
        _table((0.0,)),
        _table((-0.0,)),
        _table((-1.0,), (0.5,)),
        _table((-4.0, -1.0), (1.0, -1.0), (-4.0, -2.0)),
        _table((0.0, 0.0), (-1.0, 0.0)),
        _table((1e-30, -1e-30)),
        _table((1e-300, 0.0)),
        _table((6e-8, -1.0), dtype="float16"),
        _table((np.inf, -np.inf), (-1.0, -1.0)),
        _table((np.nan, -1.0), (-1.0, -1.0)),
        _table((np.nan, 1.0, -1.0), (np.nan, np.nan, -2.0)),
        _table((-3, 0, 1), (0, 0, -2), dtype="int64"),
        (np.zeros((3, 0)),),
        _first_active_at(0, 130, 199, 200),
    ),
    compare=exact(_reason),
    generated=_generated,
    domains={"z": _DOMAIN},
    swept=_swept,
    misconceptions=(
        Misconception(
            "this asks whether a unit is off for some example: dead means off for every one",
            lambda z: (z <= 0).any(axis=0),
        ),
        Misconception(
            "this looks at the first batch only: a unit that is off there may be active later",
            lambda z: (z[:64] <= 0).all(axis=0),
        ),
        Misconception(
            "this looks at the last examples only: the unit may be active before them",
            lambda z: (z[-64:] <= 0).all(axis=0),
        ),
        Misconception(
            "this asks for z equal to 0: z is taken before ReLU, and a negative z is off too",
            lambda z: (z == 0).all(axis=0),
        ),
        Misconception(
            "this takes z = 0 for active: ReLU of 0 is 0, and so is its slope, so the unit is off",
            lambda z: (z < 0).all(axis=0),
        ),
        Misconception(
            "this asks it of each example: the rows are examples, the columns are units",
            lambda z: (z <= 0).all(axis=1),
        ),
        Misconception(
            "this is True where a unit lives: the dead are asked for",
            lambda z: ~(z <= 0).all(axis=0),
        ),
        Misconception(
            "this gives one answer for the whole layer: each unit has its own",
            lambda z: (z <= 0).all(),
        ),
        Misconception(
            "this gives the positions of the dead units: True or False for each unit is asked for",
            lambda z: np.flatnonzero((z <= 0).all(axis=0)),
        ),
        Misconception(
            "this counts the dead units: True or False for each unit is asked for",
            lambda z: (z <= 0).all(axis=0).sum(),
        ),
        Misconception(
            "this calls a unit dead whose z is nan: nan > 0 is False, but nan is not off",
            lambda z: ~(z > 0).any(axis=0),
        ),
        Misconception(
            "this asks for a negative mean: one large positive z among many negative ones is life",
            lambda z: z.mean(axis=0) <= 0,
        ),
        Misconception(
            "this asks whether most examples leave the unit off: about half do in any network",
            lambda z: (z <= 0).mean(axis=0) > 0.5,
        ),
        Misconception(
            "this is the share of examples that leave a unit off: dead means all of them",
            lambda z: (z <= 0).mean(axis=0),
        ),
        Misconception(
            "this gives numbers 0 and 1: True or False is asked for",
            lambda z: (z <= 0).all(axis=0).astype(int),
        ),
        Misconception(
            "this takes a tiny z for 0: it passes a gradient, and the unit can learn",
            lambda z: (z <= 1e-6).all(axis=0),
        ),
    ),
)
