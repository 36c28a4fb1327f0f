"""A task of lesson 01 on the eye: a row of receptors that inhibit their neighbours, settled."""

from collections.abc import Callable

import numpy as np

from relukit.checks.comparison import Arguments, Index
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.task import Misconception, Task
from relukit.lessons.history.tasks.rates import near

LIGHT = Domain(dtypes=("float64",), low=1e-3, high=999.0, signs="+", axes=((1, 2, 9, 100),))
INHIBITION = Domain(low=1e-3, high=0.15, signs="+")
REACH = Domain(values=(1, 2, 3))


def _apart(n: int) -> np.ndarray:
    return np.abs(np.subtract.outer(np.arange(n), np.arange(n)))


def _settled(light: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the rates at which light - weight @ rates, cut at 0, stands still."""
    rates = np.zeros(len(light))
    for _ in range(500):  # two thirds of the way each time, so that any weights here settle
        rates = rates + (np.maximum(light - weight @ rates, 0) - rates) / 1.5
    return rates


def _near(n: int, reach: int) -> np.ndarray:
    apart = _apart(n)
    return ((apart > 0) & (apart <= reach)).astype(float)


def mach_bands(light, inhibition, reach):
    return _settled(light, inhibition * _near(len(light), reach))


def _reason(arguments: Arguments, index: Index) -> str:
    light, inhibition, reach = arguments
    rates, i = mach_bands(*arguments), index[0]
    around = inhibition * float(_near(len(light), reach)[i] @ rates)
    left = f"its light is {light[i]:.6g} and its neighbours take off {around:.6g}"
    return f"{left}, so its rate is {'0' if around >= light[i] else f'{light[i] - around:.6g}'}"


def _weighed(weight: Callable[[int, int], np.ndarray]) -> Callable:
    """Return an answer whose receptors inhibit each other in another way."""
    return lambda light, inhibition, reach: _settled(light, inhibition * weight(len(light), reach))


def _ring(n: int, reach: int) -> np.ndarray:
    apart = np.minimum(_apart(n), n - _apart(n))
    return ((apart > 0) & (apart <= reach)).astype(float)


def _left(n: int, reach: int) -> np.ndarray:
    return np.tril(_near(n, reach))


def _mean(n: int, reach: int) -> np.ndarray:
    near_ones = _near(n, reach)
    return near_ones / np.maximum(near_ones.sum(1, keepdims=True), 1)


def _balance(light, inhibition, reach):
    """Return the steady rates of a row without the cut at 0."""
    return np.linalg.solve(np.eye(len(light)) + inhibition * _near(len(light), reach), light)


def _case(light: list, inhibition: float, reach: int) -> Arguments:
    return np.array(light, dtype=float), inhibition, reach


def _generated():
    from hypothesis import strategies as st

    lights = st.lists(st.sampled_from([0.0, 1.0, 4.0, 30.0]), min_size=1, max_size=8)
    return st.tuples(
        lights.map(lambda values: np.array(values)),
        st.sampled_from([0.0, 0.05, 0.125, 0.15]),
        st.sampled_from([1, 2, 3]),
    )


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found: list[Arguments] = []
    for k in range(-3, 3):
        for reach in (1, 2, 3):
            size = 10.0 ** (k + rng.uniform(0.05, 0.95))
            light = np.maximum(size * rng.uniform(0.1, 1.0, 9), 1e-3)
            found.append((light, float(rng.uniform(0.1, 0.15)), reach))
    for power in np.linspace(-3, np.log10(0.15), 9):
        found.append((rng.uniform(1, 40, 9), float(10.0**power), 2))
    for n in (1, 2, 9, 100):
        for reach in (1, 2, 3):
            light = np.where(rng.random(n) < 0.5, 3.0, 30.0)
            found.append((light, 0.15, reach))
            found.append((np.where(rng.random(n) < 0.3, 0.0, light), 0.12, reach))
    for layout in LAYOUTS:
        found.append((laid_out(rng.uniform(0, 30, 9), layout), 0.15, 3))
    faint, bright = 5e-7, 1 - 0.125 * 5e-7  # rates of two, of which one is hardly on
    found.append((np.array([faint + 0.125 * bright, 1.0]), 0.125, 1))
    return tuple(found)


TASK = Task(
    points=2,
    title="Stripes for a crab",
    minutes=15,
    difficulty="medium",
    why="A row of rectifiers that only subtract finds every border of a picture.",
    hints=(
        "If you knew all rates, how would you get a receptor's rate back? Start with any rates and"
        " do that again and again.",
        "A receptor's rate is its light minus inhibition times the sum of the rates of its"
        " neighbours, cut at 0. Its own rate isn't in the sum, and beyond the ends there is"
        " nobody. New rates come from the old ones, all at once; a hundred rounds or more.",
        "rates = np.zeros_like(light)",
    ),
    reference=mach_bands,
    boundary=(
        _case([4.0], 0.1, 1),
        _case([4.0, 4.0], 0.125, 1),
        _case([1.0, 9.0], 0.15, 1),
        _case([1.0, 30.0], 0.15, 1),
        _case([4.0, 4.0, 4.0], 0.125, 1),
        _case([4.0, 4.0, 4.0], 0.125, 2),
        _case([1.0, 1.0, 8.0, 8.0], 0.125, 1),
        _case([1.0, 1.0, 1.0, 9.0, 9.0, 9.0], 0.15, 2),
        _case([1.0, 1.0, 1.0, 1.0, 30.0, 30.0, 30.0, 30.0], 0.15, 3),
        _case([0.0, 0.0, 5.0], 0.1, 1),
        _case([5.0, 2.0, 7.0], 0.0, 2),
    ),
    compare=near(lambda light, *_: float(light.max()), _reason),
    generated=_generated,
    domains={"light": LIGHT, "inhibition": INHIBITION, "reach": REACH},
    swept=_swept,
    misconceptions=(
        Misconception(
            "this takes off the neighbours' light: it is their rates that inhibit, and these are"
            " lower",
            lambda light, inhibition, reach: np.maximum(
                light - inhibition * _near(len(light), reach) @ light, 0
            ),
        ),
        Misconception(
            "some rate is negative here: cut at 0, in every round",
            _balance,
        ),
        Misconception(
            "this cuts at 0 only at the end: a silent receptor then still frees its neighbours",
            lambda light, inhibition, reach: np.maximum(_balance(light, inhibition, reach), 0),
        ),
        Misconception(
            "this row is a ring: the first receptor and the last one are no neighbours",
            _weighed(_ring),
        ),
        Misconception(
            "each receptor inhibits itself here: only its neighbours do",
            _weighed(lambda n, reach: _near(n, reach) + np.eye(n)),
        ),
        Misconception(
            "here the neighbours excite: their share is taken off, not added",
            lambda light, inhibition, reach: _settled(
                light, -inhibition * _near(len(light), reach)
            ),
        ),
        Misconception(
            "only the neighbours on the left inhibit here: both sides do",
            _weighed(_left),
        ),
        Misconception(
            "only the neighbours on the right inhibit here: both sides do",
            _weighed(lambda n, reach: _left(n, reach).T),
        ),
        Misconception(
            "this takes the mean of the neighbours' rates: their sum is meant",
            _weighed(_mean),
        ),
        Misconception(
            "the reach is not used: the nearest neighbours alone inhibit here",
            _weighed(lambda n, reach: _near(n, 1)),
        ),
        Misconception(
            "all receptors of the row inhibit each other here, however far they are",
            lambda light, inhibition, reach: _settled(
                light, inhibition * (1 - np.eye(len(light))) * 6 / max(6, len(light) - 1)
            ),
        ),
        Misconception(
            "this is one round only: the new rates inhibit too, so go on until nothing changes",
            lambda light, inhibition, reach: np.maximum(
                light
                - inhibition
                * _near(len(light), reach)
                @ np.maximum(light - inhibition * _near(len(light), reach) @ light, 0),
                0,
            ),
        ),
        Misconception(
            "this is the light itself: nobody inhibits anybody",
            lambda light, inhibition, reach: light.copy(),
        ),
        Misconception(
            "this is how much is taken off each receptor: what is left is asked for",
            lambda light, inhibition, reach: light - mach_bands(light, inhibition, reach),
        ),
    ),
)
