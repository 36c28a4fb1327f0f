"""A task of lesson 04 on following units: how often each was born, died, and came back."""

from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, parts
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import shapes
from relukit.checks.task import Misconception, Task

NAMES = ("births", "deaths", "revivals")


def _falls(alive):
    return (alive[:-1] & ~alive[1:]).sum(axis=0)


def _rises(alive):
    return (~alive[:-1] & alive[1:]).sum(axis=0)


def _births(alive):
    return (~alive[0] & alive.any(axis=0)).astype(int)


def life_lines(alive):
    return _births(alive), _falls(alive), _rises(alive) - _births(alive)


def _counts(value: object) -> np.ndarray | None:
    """Return a value as an array where it is a list or array of real numbers, else None."""
    if isinstance(value, list | tuple):
        whole = all(isinstance(item, int | float | np.ndarray) for item in value)
        value = np.array([np.asarray(item).reshape(-1)[:1] for item in value]) if whole else None
        return None if value is None else value.reshape(-1)
    return value if isinstance(value, np.ndarray) and value.dtype.kind in "biuf" else None


def _compare(arguments: Arguments, expected: tuple, got: Any) -> str | None:
    if isinstance(got, np.ndarray) and got.ndim:
        got = list(got)
    wrong = parts(got, NAMES)
    if wrong:
        return wrong
    (alive,) = arguments
    for name, wanted, part in zip(NAMES, expected, got, strict=True):
        counts = _counts(part)
        if counts is None or counts.shape != wanted.shape:
            return f"{name} must be an array with one number for each unit, {len(wanted)} here"
        off = counts != wanted
        if off.any():
            unit = int(np.argmax(off))
            line = ", ".join("alive" if moment else "dead" for moment in alive[:, unit].tolist())
            return f"{name} of unit {unit} must be {wanted[unit]}: it is {line}"
    return None


def _line(*units: str) -> Arguments:
    """Return units as text, one character a moment: # is alive, . is dead."""
    return (np.array([[mark == "#" for mark in unit] for unit in units]).T.copy(),)


def _generated():
    from hypothesis import strategies as st

    @st.composite
    def lines(draw):
        moments, units = draw(st.integers(4, 12)), draw(st.integers(2, 3))
        size = moments * units
        values = draw(st.lists(st.booleans(), min_size=size, max_size=size))
        return np.array(values, dtype=bool).reshape(moments, units)

    return st.tuples(lines())


def _with(*, births=_births, deaths=_falls, revivals=None):
    """Return an answer of which one part is another."""

    def answer(alive):
        back = _rises(alive) - _births(alive) if revivals is None else revivals(alive)
        return births(alive), deaths(alive), back

    return answer


_DOMAIN = Domain(dtypes=("bool",), axes=((1, 2, 9, 100, 10_000), (0, 1, 2, 9, 100)))


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found = [rng.random(shape) < 0.5 for shape in shapes(_DOMAIN)]
    for moments in (2, 9, 100, 300, 10_000):  # counts that leave the range of a byte, too
        line = np.arange(moments) % 2 == 1
        found.append(np.column_stack([line, ~line, np.zeros_like(line), ~np.zeros_like(line)]))
    for places in ([0, 1], [8, 9], [99, 100], [1000, 1001], [9998, 9999]):
        for alive in (False, True):  # one moment that is not as the others
            table = np.full((10_000, 3), alive)
            table[places, [0, 1]] = not alive
            found.append(table)
    found += [laid_out(rng.random((9, 4)) < 0.5, layout) for layout in LAYOUTS]
    return tuple((alive,) for alive in found)


TASK = Task(
    points=1,
    title="Births, deaths, revivals",
    minutes=10,
    difficulty="medium",
    why="\u201cDead units never come back\u201d is a claim about life lines: count them.",
    hints=(
        "How do you see from two moments in a row that a unit died, and how that it came to life?",
        "alive[:-1] is before and alive[1:] after each pair of moments: combine them with & and ~"
        " and sum over the moments. The first rise of a unit that starts dead is its birth; all"
        " other rises are revivals.",
        "before, after = alive[:-1], alive[1:]",
    ),
    reference=life_lines,
    boundary=(
        _line("#", "."),
        _line("#."),
        _line(".#"),
        _line("#.#"),
        _line(".#."),
        _line(".#.#"),
        _line("..#"),
        _line("#.#.#"),
        _line(".##..#."),
        _line("#.#.", "....", "####", ".#.#"),
        (np.zeros((3, 0), dtype=bool),),
    ),
    compare=_compare,
    generated=_generated,
    domains={"alive": _DOMAIN},
    swept=_swept,
    misconceptions=(
        Misconception(
            "a unit that is alive at the first moment is no birth: nothing is known of before",
            _with(births=lambda alive: alive.any(axis=0).astype(int)),
        ),
        Misconception(
            "these births say which unit is alive at the first moment: a birth is a first rise from"
            " dead to alive",
            _with(births=lambda alive: alive[0].astype(int)),
        ),
        Misconception(
            "every rise counts as a birth here: a unit is born once, later rises are revivals",
            _with(births=_rises),
        ),
        Misconception(
            "every rise counts as a revival here: the first rise of a unit that starts dead is its"
            " birth",
            _with(revivals=_rises),
        ),
        Misconception(
            "these deaths count the moments at which a unit is dead: it dies once, when it goes"
            " from alive to dead",
            _with(deaths=lambda alive: (~alive).sum(axis=0)),
        ),
        Misconception(
            "rises are counted as deaths too: np.diff of True and False says that something"
            " changed, not in which direction",
            _with(deaths=lambda alive: np.diff(alive, axis=0).sum(axis=0)),
        ),
        Misconception(
            "rises and falls are exchanged: dead then alive is a rise",
            lambda alive: (_births(alive), _rises(alive) - _births(alive), _falls(alive)),
        ),
        Misconception(
            "this says whether a unit died and came back: how often is asked for",
            lambda alive: tuple(np.minimum(part, 1) for part in life_lines(alive)),
        ),
        Misconception(
            "this follows the units of one moment instead of the moments of one unit: rows are"
            " moments",
            lambda alive: life_lines(alive.T),
        ),
        Misconception(
            "these deaths are those that last to the end: a unit that came back has died as well",
            _with(deaths=lambda alive: (alive.any(axis=0) & ~alive[-1]).astype(int)),
        ),
        Misconception(
            "np.roll compares the last moment with the first: nothing leads from the end back to"
            " the beginning",
            _with(deaths=lambda alive: (alive & ~np.roll(alive, -1, axis=0)).sum(axis=0)),
        ),
        Misconception(
            "these are totals of the layer: one number for each unit is asked for",
            lambda alive: tuple(part.sum() for part in life_lines(alive)),
        ),
        Misconception(
            "this takes each death for a revival: the last death may be for ever",
            _with(revivals=_falls),
        ),
        Misconception(
            "this takes each death but the last for a revival: the last one may be followed by one"
            " too",
            _with(revivals=lambda alive: np.maximum(_falls(alive) - 1, 0)),
        ),
        Misconception(
            "a unit that is dead at the first moment has not died: it was never seen alive",
            _with(deaths=lambda alive: _falls(alive) + ~alive[0]),
        ),
        Misconception(
            "this gives deaths, revivals, births: births come first",
            lambda alive: (*life_lines(alive)[1:], _births(alive)),
        ),
    ),
)
