"""A task of lesson 04 on almost silent units: their activity beside that of their layer."""

import numpy as np

from relukit.checks.comparison import Arguments, Index, exact
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import shapes
from relukit.checks.task import Misconception, Task


def _sizes(a):
    return np.abs(a).mean(axis=0, dtype=float)


def dormant_units(a, tau):
    sizes = _sizes(a)
    return sizes <= tau * sizes.mean()


def _reason(arguments: Arguments, index: Index) -> str:
    a, tau = arguments
    sizes = _sizes(a)
    if not sizes.any():
        return "the whole layer is silent, and so is each of its units: all are dormant"
    own, mean = sizes[index[0]], sizes.mean()
    side = "at most" if own <= tau * mean else "above"
    return f"its activity is {own:g} and its layer's mean {mean:g}: {side} {tau:g} times that"


def _layer(*rows: tuple[float, ...], tau: float = 0.25, dtype: str = "float64") -> Arguments:
    return np.array(rows, dtype=dtype), tau


def _generated():
    from hypothesis import strategies as st

    @st.composite
    def layers(draw):
        n, units = draw(st.sampled_from([1, 2, 4])), draw(st.sampled_from([2, 4]))
        size = n * units
        values = draw(st.lists(st.sampled_from([0, 0, 1, -1, 3, 8]), min_size=size, max_size=size))
        tau = draw(st.sampled_from([0.0, 0.125, 0.25, 0.5, 1.0]))
        dtype = draw(st.sampled_from(["float64", "float32"]))
        return np.array(values, dtype=dtype).reshape(n, units), tau

    return layers()


_A = Domain(
    dtypes=("float64", "float32"), low=1e-6, high=9.9e5,
    axes=((1, 2, 9, 100, 10_000), (1, 2, 9, 100)),
)  # fmt: skip
_TAU = Domain(low=0.001, high=1.0, signs="+")


def _drawn(shape: tuple[int, ...], rng: np.random.Generator, *, quiet: float = 1e-4) -> np.ndarray:
    """Return outputs of both signs, of which every second unit's are far smaller."""
    a = rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape)
    a[:, 1::2] *= quiet
    return a


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found = [(_drawn(shape, rng), 0.025) for shape in shapes(_A)]
    for dtype in _A.dtypes:
        for power in np.arange(-5.5, 5.6, 0.5):
            table = (_drawn((9, 6), rng, quiet=1e-3) * 10.0**power).astype(dtype)
            found.append((np.clip(table, -9e5, 9e5), 0.025))
    found += [(laid_out(_drawn((9, 4), rng), layout), 0.025) for layout in LAYOUTS]
    taus = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
    found += [(_drawn((9, 4), rng, quiet=quiet * tau), tau) for tau in taus for quiet in (0.1, 3)]
    for place in (0, 1, 8, 9, 63, 64, 99, 100, 999, 1000, 9998, 9999):  # one loud example
        a = np.zeros((10_000, 2))
        a[place, 0], a[:, 1] = 10_000.0, 1.0
        found.append((a, 0.025))
    found.append((np.array([[1 + 2.0**-30, 7.0]]), 0.25))  # what single precision can't tell
    found += [(np.zeros((3, 4)), 0.025), (np.zeros((3, 4), dtype="float32"), 0.0)]
    return tuple(found)


TASK = Task(
    points=2,
    title="Almost silent",
    minutes=10,
    difficulty="medium",
    why="A unit needs not be dead to be of no use: on thirty tasks the dormant ones are the sign.",
    hints=(
        "What is small for one layer may be large for another. Beside what is a unit's activity"
        " held?",
        "A unit's activity is the mean of |a| over the examples; the layer's is the mean of its"
        " units' activities. Don't divide: what if the layer's is 0?",
        "size = np.abs(a).mean(axis=0)",
    ),
    reference=dormant_units,
    boundary=(
        _layer((1.0, 1.0)),
        _layer((0.0, 1.0)),
        _layer((0.0, 0.0)),
        _layer((1.0, 7.0)),
        _layer((1.0, 8.0)),
        _layer((-8.0, 8.0, 8.0)),
        _layer((8.0, 1.0), (-8.0, 1.0)),
        _layer((0.0, 4.0), (8.0, 4.0)),
        _layer((0.5, 8.0, 8.0, 8.0), (0.5, 8.0, 8.0, 8.0)),
        _layer((1.0, 8.0), (0.0, 8.0), (0.0, 8.0), (0.0, 8.0)),
        _layer((0.0, 1.0, 0.25), tau=0.0),
        _layer((1.0, 99.0), tau=0.0),
        _layer((1.0, 99.0), tau=0.001),
        _layer((1.0, 1.0), tau=1.0),
        _layer((0.0, 5.0, 1.0), tau=0.5, dtype="float32"),
        _layer((5.0,)),
        _layer((1e-6, 2e-6)),
    ),
    compare=exact(_reason),
    generated=_generated,
    domains={"a": _A, "tau": _TAU},
    swept=_swept,
    misconceptions=(
        Misconception(
            "this asks for outputs of exactly 0: such a unit is dead, and a dormant one is almost"
            " silent",
            lambda a, tau: (a == 0).all(axis=0),
        ),
        Misconception(
            "this holds the activity against tau itself: it is a share of the layer's mean",
            lambda a, tau: _sizes(a) <= tau,
        ),
        Misconception(
            "this takes the mean of a with its sign: a unit that swings between -8 and 8 isn't"
            " silent",
            lambda a, tau: a.mean(axis=0) <= tau * a.mean(axis=0).mean(),
        ),
        Misconception(
            "this takes the size of the mean: it has to be the mean of the size",
            lambda a, tau: np.abs(a.mean(axis=0)) <= tau * np.abs(a.mean(axis=0)).mean(),
        ),
        Misconception(
            "this divides by the layer's activity, and 0 / 0 is nan: in a silent layer all units"
            " are dormant",
            lambda a, tau: _sizes(a) / np.float64(_sizes(a).mean()) <= tau,
        ),
        Misconception(
            "at tau times the mean a unit is dormant, too: at most, not below",
            lambda a, tau: _sizes(a) < tau * _sizes(a).mean(),
        ),
        Misconception(
            "this holds each unit against the largest of its layer: the mean is asked for",
            lambda a, tau: _sizes(a) <= tau * _sizes(a).max(),
        ),
        Misconception(
            "this holds each unit against the sum of its layer: the mean is asked for",
            lambda a, tau: _sizes(a) <= tau * _sizes(a).sum(),
        ),
        Misconception(
            "this holds each unit against the median of its layer: the mean is asked for",
            lambda a, tau: _sizes(a) <= tau * np.median(_sizes(a)),
        ),
        Misconception(
            "this asks it of each example: the rows are examples, the columns are units",
            lambda a, tau: np.abs(a).mean(axis=1) <= tau * np.abs(a).mean(),
        ),
        Misconception(
            "this takes the largest output of a unit: one loud example counts as one, in the mean",
            lambda a, tau: np.abs(a).max(axis=0) <= tau * np.abs(a).max(axis=0).mean(),
        ),
        Misconception(
            "this is True for the active units: the dormant ones are asked for",
            lambda a, tau: _sizes(a) > tau * _sizes(a).mean(),
        ),
        Misconception(
            "this is the share that is dormant: True or False for each unit is asked for",
            lambda a, tau: (_sizes(a) <= tau * _sizes(a).mean()).mean(),
        ),
        Misconception(
            "this gives the positions of the dormant units: True or False for each is asked for",
            lambda a, tau: np.flatnonzero(_sizes(a) <= tau * _sizes(a).mean()),
        ),
        Misconception(
            "this looks at the first batch only: a unit that is quiet there may be loud later",
            lambda a, tau: dormant_units(a[:64], tau),
        ),
    ),
)
