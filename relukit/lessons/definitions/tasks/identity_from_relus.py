"""A task of lesson 02 on lines: x, |x| and every other pair of slopes from two rectifiers."""

from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, parts, vector
from relukit.checks.domain import Domain
from relukit.checks.sweeps import in_step
from relukit.checks.task import Misconception, Task
from relukit.lessons.definitions.tasks.gaps import first_gap

SLOPE_ERROR = 1e-6  # relative to the larger slope; the task's text states it
SLOPE = Domain(low=1e-30, high=1e30)
_SIDES = np.array([-1.0, 1.0])  # on each side the sum is a straight line through 0


def _sides(left, right):
    return np.array([1.0, -1.0]), np.array([right, -left])


def _draw_sides(coefficients: Any) -> np.ndarray | str:
    """Return the sum at each of _SIDES, or what is wrong with the coefficients."""
    wrong = parts(coefficients, ("weight", "outgoing"))
    if wrong:
        return wrong
    weight, outgoing = (vector(part) for part in coefficients)
    if weight is None or outgoing is None or weight.ndim != 1 or weight.shape != outgoing.shape:
        return "weight and outgoing must be two one-dimensional arrays of the same length"
    with np.errstate(all="ignore"):
        return (outgoing[:, None] * np.maximum(weight[:, None] * _SIDES, 0.0)).sum(axis=0)


def _compare_sides(arguments: Arguments, expected: object, got: object) -> str | None:
    wanted, total = _draw_sides(expected), _draw_sides(got)
    if isinstance(total, str):
        return total
    if isinstance(wanted, str):  # of a known wrong answer, which then is like no other
        raise TypeError(wanted)
    allowed = SLOPE_ERROR * np.abs(wanted).max()
    return first_gap(_SIDES, wanted, total, allowed=allowed, name="x")


def _generated_sides():
    from hypothesis import strategies as st

    from relukit.checks.inputs import eighths

    return st.tuples(eighths(), eighths())


def _swept_sides(rng: np.random.Generator) -> tuple[Arguments, ...]:
    pairs = [tuple(row) for row in in_step(SLOPE, 2, rng).tolist()]
    alone = [(0.0, pair[1]) if rng.random() < 0.5 else (pair[0], 0.0) for pair in pairs[::8]]
    whole = [tuple(pair) for pair in rng.integers(-9, 10, (4, 2)).tolist()]
    return (*whole, *alone, *pairs)


TASK = Task(
    points=2,
    title="x and |x| from rectifiers",
    minutes=10,
    difficulty="easy",
    why="A layer of ReLUs does not have to lose anything: two of them can pass x on unchanged.",
    hints=(
        "relu(x) is silent on the left; which input to relu makes it silent on the right?",
        "Take the weights 1 and -1. Left of 0 only the second unit speaks, and says -x: by which"
        " outgoing factor do you multiply -x to get left * x?",
        "x = relu(x) - relu(-x), and |x| = relu(x) + relu(-x): only the second factor differs.",
    ),
    reference=_sides,
    boundary=(
        (1.0, 1.0),
        (-1.0, 1.0),
        (0.0, 1.0),
        (1.0, 0.0),
        (0.25, 1.0),
        (2.0, -3.0),
        (-2.0, -0.5),
        (0.0, 0.0),
    ),
    compare=_compare_sides,
    generated=_generated_sides,
    domains={"left": SLOPE, "right": SLOPE},
    swept=_swept_sides,
    several=True,
    misconceptions=(
        Misconception(
            "this draws relu(x) alone: the unit for the left side is missing",
            lambda left, right: (np.array([1.0]), np.array([right])),
        ),
        Misconception(
            "the left side has the wrong sign: relu(-x) is -x there, so its factor is -left",
            lambda left, right: (np.array([1.0, -1.0]), np.array([right, left])),
        ),
        Misconception(
            "left and right are exchanged",
            lambda left, right: (np.array([1.0, -1.0]), np.array([left, -right])),
        ),
        Misconception(
            "this draws |x| whatever is asked for",
            lambda left, right: (np.array([1.0, -1.0]), np.array([1.0, 1.0])),
        ),
        Misconception(
            "this draws x whatever is asked for",
            lambda left, right: (np.array([1.0, -1.0]), np.array([1.0, -1.0])),
        ),
        Misconception(
            "both units have weight 1, so both are silent on the left: one needs weight -1",
            lambda left, right: (np.array([1.0, 1.0]), np.array([right, -left])),
        ),
        Misconception(
            "the slopes stand inside relu, which cuts off a negative one: put them outside",
            lambda left, right: (np.array([right, -left]), np.array([1.0, -1.0])),
        ),
        Misconception(
            "weight and outgoing are exchanged: weight stands inside relu",
            lambda left, right: (np.array([right, -left]), np.array([1.0, 1.0])),
        ),
    ),
)
