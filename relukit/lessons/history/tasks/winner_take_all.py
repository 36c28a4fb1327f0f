"""A task of lesson 01, its capstone: n rivals that inhibit each other, in steps of time."""

from collections.abc import Callable

import numpy as np

from relukit.checks.comparison import Arguments, Index
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import leading
from relukit.checks.task import Misconception, Task
from relukit.lessons.history.tasks.rates import near

INPUTS = Domain(dtypes=("float64",), low=1e-3, high=999.0, axes=((1, 2, 9, 100),))
INHIBITION = Domain(low=1e-3, high=1.5, signs="+")
STEP = Domain(low=0.01, high=0.2, signs="+", zero=False)
STEPS = Domain(values=(0, 1, 2, 20, 100))


def _run(inputs, w, dt, steps, *, target: Callable | None = None, start: float = 0.0):
    """Return the rates after some steps towards a target, which is max(0, inputs - w others)."""
    rates = np.full(len(inputs), start)
    for _ in range(steps):
        others = rates.sum() - rates
        aim = np.maximum(inputs - w * others, 0) if target is None else target(rates, others)
        rates = rates + dt * (aim - rates)
    return rates


def winner_take_all(inputs, w, dt, steps):
    return _run(inputs, w, dt, steps)


def _reason(arguments: Arguments, index: Index) -> str:
    inputs, w, dt, steps = arguments
    if steps == 0:
        return "without a step all rates are 0"
    before = winner_take_all(inputs, w, dt, steps - 1)
    i = index[0]
    others = float(before.sum() - before[i])
    return (
        f"in the last step it goes from {before[i]:.6g} a part {dt:g} of the way to"
        f" max(0, {inputs[i]:.6g} - {w:g} * {others:.6g})"
    )


def _in_turn(inputs, w, dt, steps):
    rates = np.zeros(len(inputs))
    for _ in range(steps):
        for i in range(len(rates)):
            aim = max(0.0, inputs[i] - w * (rates.sum() - rates[i]))
            rates[i] += dt * (aim - rates[i])
    return rates


def _by_index(inputs, w, dt, steps):
    rates = np.zeros(len(inputs))
    if len(inputs) and steps:
        best = int(np.argmax(inputs))
        rates[best] = max(0.0, inputs[best]) * (1 - (1 - dt) ** steps)
    return rates


def _cut_rates(inputs, w, dt, steps):
    rates = np.zeros(len(inputs))
    for _ in range(steps):
        aim = inputs - w * (rates.sum() - rates)
        rates = np.maximum(rates + dt * (aim - rates), 0)
    return rates


def _case(inputs: list, w: float, dt: float, steps: int) -> Arguments:
    return np.array(inputs, dtype=float), w, dt, steps


def _generated():
    from hypothesis import strategies as st

    inputs = st.lists(st.sampled_from([-1.0, 0.0, 0.5, 1.0, 3.0]), min_size=1, max_size=5)
    return st.tuples(
        inputs.map(lambda values: np.array(values)),
        st.sampled_from([0.0, 0.5, 1.25]),
        st.sampled_from([0.125, 0.2]),
        st.sampled_from([0, 1, 2, 20, 100]),
    )


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found: list[Arguments] = []
    for inputs in leading(INPUTS, "float64", rng, (4,)):
        for steps in (2, 20):
            found.append((inputs, float(rng.uniform(0.3, 1.5)), 0.1, steps))
            found.append((np.append(inputs, np.abs(inputs).max()), 0.5, 0.1, steps))
    for power in np.linspace(-3, np.log10(1.5), 9):
        found.append((rng.uniform(0.5, 3, 4), float(10.0**power), 0.1, 20))
    for dt in np.linspace(0.01, 0.2, 7):
        found.append((rng.uniform(0.5, 3, 4), 0.8, float(dt), 20))
    for n in (1, 2, 9, 100):
        for steps in (0, 1, 2, 20, 100):
            found.append((rng.uniform(-1, 3, n), 1.2 if n < 100 else 0.05, 0.1, steps))
    for layout in LAYOUTS:
        found.append((laid_out(rng.uniform(0.5, 3, 9), layout), 0.7, 0.1, 20))
    return tuple(found)


TASK = Task(
    points=3,
    title="Capstone: the winner takes all",
    minutes=20,
    difficulty="hard",
    why="Many rivals, one winner: so a circuit chooses, and nobody told it how.",
    hints=(
        "Begin with two rivals and one step. What does each one see of the other, at that moment?",
        "In each step all units look at the same old rates. Each aims at its input minus w times"
        " the sum of the others, cut at 0, and goes a part dt of the way there.",
        "others = rates.sum() - rates",
    ),
    reference=winner_take_all,
    boundary=(
        _case([1.0], 0.5, 0.125, 1),
        _case([1.0], 0.5, 0.125, 2),
        _case([1.0, 1.0], 0.5, 0.125, 2),
        _case([2.0, 1.0], 1.25, 0.2, 2),
        _case([-1.0, 1.0], 0.5, 0.125, 2),
        _case([2.0, 1.0], 1.25, 0.2, 100),
        _case([1.0, 2.0, 3.0], 1.25, 0.125, 100),
        _case([2.0, 2.0], 0.5, 0.2, 100),
        _case([3.0, 1.0, 0.5], 0.0, 0.125, 20),
        _case([1.0, 2.0], 0.5, 0.2, 0),
        _case([-1.0], 0.5, 0.125, 2),
    ),
    compare=near(lambda inputs, *_: float(np.abs(inputs).max()), _reason),
    generated=_generated,
    domains={"inputs": INPUTS, "w": INHIBITION, "dt": STEP, "steps": STEPS},
    swept=_swept,
    misconceptions=(
        Misconception(
            "this moves one unit after the other: all look at the same old rates",
            _in_turn,
        ),
        Misconception(
            "this names the winner by its input: the rates themselves are asked for, and all of"
            " them",
            _by_index,
        ),
        Misconception(
            "some rate is negative here: the aim is cut at 0",
            lambda inputs, w, dt, steps: _run(
                inputs, w, dt, steps, target=lambda rates, others: inputs - w * others
            ),
        ),
        Misconception(
            "this cuts the rates, and not the aim: a unit then falls faster than it should",
            _cut_rates,
        ),
        Misconception(
            "each unit inhibits itself here: only the others do",
            lambda inputs, w, dt, steps: _run(
                inputs,
                w,
                dt,
                steps,
                target=lambda rates, others: np.maximum(inputs - w * rates.sum(), 0),
            ),
        ),
        Misconception(
            "here the others excite: their rates are taken off, not added",
            lambda inputs, w, dt, steps: _run(inputs, -w, dt, steps),
        ),
        Misconception(
            "the inhibition is not used: every unit goes to its own input",
            lambda inputs, w, dt, steps: _run(inputs, 0.0, dt, steps),
        ),
        Misconception(
            "this jumps the whole way in each step: go a part dt of it",
            lambda inputs, w, dt, steps: _run(inputs, w, 1.0, steps),
        ),
        Misconception(
            "this begins with the inputs: all rates begin at 0",
            lambda inputs, w, dt, steps: _run(inputs, w, dt, steps, start=inputs),
        ),
        Misconception(
            "this does one step too few",
            lambda inputs, w, dt, steps: _run(inputs, w, dt, max(steps - 1, 0)),
        ),
        Misconception(
            "this does one step too many",
            lambda inputs, w, dt, steps: _run(inputs, w, dt, steps + 1),
        ),
        Misconception(
            "the units forget nothing here: each step goes to the aim from the rate it has",
            lambda inputs, w, dt, steps: _run(
                inputs,
                w,
                dt,
                steps,
                target=lambda rates, others: rates + np.maximum(inputs - w * others, 0),
            ),
        ),
        Misconception(
            "this takes the mean of the others: their sum is meant",
            lambda inputs, w, dt, steps: _run(inputs, w / max(len(inputs) - 1, 1), dt, steps),
        ),
    ),
)
