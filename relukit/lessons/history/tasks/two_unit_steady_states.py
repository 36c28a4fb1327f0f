"""A task of lesson 01 on two units that inhibit each other: where they settle."""

import numpy as np

from relukit.checks.comparison import Arguments, vector
from relukit.checks.domain import Domain
from relukit.checks.sweeps import magnitudes
from relukit.checks.task import Misconception, Task

ERROR = 1e-6  # of the drive; the task's text states it
INHIBITION = Domain(low=1e-30, high=1e30, signs="+")
DRIVE = Domain(low=1e-30, high=1e30)


def _settled(w, b, *, wins):
    return [(0.0, b), (b, 0.0)] if wins else [(b / (1 + w), b / (1 + w))]


def _states(w, b):
    return _settled(w, b, wins=w > 1) if b > 0 else [(0.0, 0.0)]


def _rates(value: object) -> np.ndarray | None:
    """Return states as an array with a row for each, or None where they are something else."""
    if not isinstance(value, np.ndarray | list | tuple) or getattr(value, "ndim", 1) == 0:
        return None
    rows = [vector(row) for row in value]
    if any(row is None or row.shape != (2,) for row in rows):
        return None
    return np.array(rows).reshape(-1, 2)


def _compare_states(arguments: Arguments, expected: object, got: object) -> str | None:
    w, b = arguments
    rates, wanted = _rates(got), _rates(expected)
    if rates is None or wanted is None:
        return "the answer must be a list of states, each a pair of rates"
    if len(rates) != len(wanted):
        return f"{_count(wanted)} due here, and {_count(rates)} in yours"
    allowed = ERROR * max(b, 0.0)
    if np.all(np.abs(rates - wanted) <= allowed):
        return None
    if np.any(rates < 0):
        return "a rate cannot be negative: max(0, ...) never is"
    still = np.abs(np.maximum(b - w * rates[:, ::-1], 0) - rates).max(axis=1)
    if np.all(still <= allowed):
        return "the states are right, and not sorted: the lower rate of the first unit comes first"
    first = rates[int(np.argmax(still))]
    return f"({first[0]:.6g}, {first[1]:.6g}) does not stay: x must equal max(0, W x + b)"


def _count(rates: np.ndarray) -> str:
    return "one stable state is" if len(rates) == 1 else f"{len(rates)} stable states are"


def _generated_circuit():
    from hypothesis import strategies as st

    from relukit.checks.inputs import eighths

    return st.tuples(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.25, 1.5, 2.0, 3.0]), eighths())


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    drives = magnitudes(DRIVE, "float64", rng, per_decade=1).tolist()
    found = [(w, abs(b)) for w, b in zip(_inhibitions(rng), drives, strict=False)]
    near_1 = [1.0 + side * 10.0**-k for side in (-1, 1) for k in range(1, 9)]
    found += [(w, float(rng.uniform(0.1, 9.0))) for w in near_1]
    return (*found, *zip(rng.choice([0.3, 3.0], len(drives)).tolist(), drives, strict=True))


def _inhibitions(rng: np.random.Generator) -> list[float]:
    """Return inhibitions of every decade, and more where both units stay on."""
    return [*magnitudes(INHIBITION, "float64", rng, per_decade=1).tolist(), *rng.random(8).tolist()]


def _where_driven(states):
    """Return an answer that is right without a positive drive."""
    return lambda w, b: states(w, b) if b > 0 else [(0.0, 0.0)]


def _every_state(w, b):
    if b <= 0 or w < 1:
        return _states(w, b)
    return [(0.0, b), (b / (1 + w), b / (1 + w)), (b, 0.0)]


TASK = Task(
    points=2,
    title="Where two rivals settle",
    minutes=12,
    difficulty="medium",
    why="A circuit of two rectifiers can remember: the same input, and two states to end in.",
    hints=(
        "Which units can be on in a steady state: both, one, or none? What are the rates in each"
        " case, and when is the case consistent?",
        "Both on: x1 = b - w x2 and x2 = b - w x1. One on: it has rate b, and the other is silent"
        " if b - w b <= 0. Push a state a little: with both on, a difference x1 - x2 changes at"
        " the rate (w - 1).",
        "if b <= 0:",
    ),
    reference=_states,
    boundary=(
        (0.5, 1.0),
        (2.0, 1.0),
        (0.0, 1.0),
        (2.0, 3.0),
        (0.999, 1.0),
        (1.001, 1.0),
        (0.5, -1.0),
        (2.0, -1.0),
        (0.5, 0.0),
        (2.0, 0.0),
        (1.5, 1e-9),
    ),
    compare=_compare_states,
    generated=_generated_circuit,
    domains={"w": INHIBITION, "b": DRIVE},
    swept=_swept,
    misconceptions=(
        Misconception(
            "the state with equal rates is in here also where w > 1: it is steady and not stable,"
            " the least push leads away",
            _every_state,
        ),
        Misconception(
            "this gives one state with equal rates always: beyond w = 1 one unit wins",
            _where_driven(lambda w, b: _settled(w, b, wins=False)),
        ),
        Misconception(
            "this gives two winners always: below w = 1 the loser is not silenced, and both share",
            _where_driven(lambda w, b: _settled(w, b, wins=True)),
        ),
        Misconception(
            "this compares w with b: whether one unit wins does not depend on the drive",
            _where_driven(lambda w, b: _settled(w, b, wins=w > b)),
        ),
        Misconception(
            "each of the two units can win: there are two states beyond w = 1",
            lambda w, b: _states(w, b)[-1:],
        ),
        Misconception(
            "the shared rate is b / (1 + w), from x = b - w x: with the other sign the units would"
            " excite each other",
            _where_driven(lambda w, b: _settled(w if w > 1 else -w, b, wins=w > 1)),
        ),
        Misconception(
            "the inhibition is not used in the shared rate: each unit takes w x off the other",
            _where_driven(lambda w, b: _settled(w if w > 1 else 0, b, wins=w > 1)),
        ),
        Misconception(
            "the winner's rate is b: the loser is silent and takes nothing off",
            _where_driven(lambda w, b: _settled(w, b / (1 + w) if w > 1 else b, wins=w > 1)),
        ),
        Misconception(
            "without a positive drive all is silent: rates are never negative",
            lambda w, b: _settled(w, b, wins=w > 1),
        ),
        Misconception(
            "the silent state (0, 0) is in here always: with a drive b > 0 it does not stay",
            _where_driven(lambda w, b: [(0.0, 0.0), *_states(w, b)]),
        ),
        Misconception(
            "this begins with the state in which the first unit wins: sort by its rate",
            lambda w, b: _states(w, b)[::-1],
        ),
        Misconception(
            "this is the number of states: the states themselves are asked for",
            lambda w, b: len(_states(w, b)),
        ),
    ),
)
