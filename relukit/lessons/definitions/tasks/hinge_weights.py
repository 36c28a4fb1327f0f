"""A task of lesson 02 on hinges: which sum of rectifiers draws a given polyline."""

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, number, parts, vector
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import magnitudes, topped
from relukit.checks.task import Misconception, Task
from relukit.lessons.definitions.tasks.gaps import first_gap

HINGE_ERROR = 1e-9  # relative to the largest term of the sum; the task's text states it
POINTS = Domain(
    dtypes=("float64", "int64"), low=1e-30, high=1e30, axes=((2, 9, 100, 1000),), zero=False
)
VALUES = replace(POINTS, zero=True)


def _hinges(x, y):
    steepness = np.diff(y) / np.diff(x)
    return y[0], np.diff(steepness, prepend=0.0)


def _draw_hinges(x: np.ndarray, coefficients: Any) -> np.ndarray | str:
    """Return the sum at each point, or what is wrong with the coefficients.

    The kinks are fixed, so two sums that agree at all points agree between them too.
    """
    wrong = parts(coefficients, ("bias", "slopes"))
    if wrong:
        return wrong
    bias, slopes = number(coefficients[0]), vector(coefficients[1])
    if bias is None:
        return "bias must be one number"
    wanted = (len(x) - 1,)
    if slopes is None or slopes.shape != wanted:
        found = "no array of numbers came" if slopes is None else f"the shape is {slopes.shape}"
        return f"slopes must have shape {wanted}, one for each point but the last: {found}"
    with np.errstate(all="ignore"):
        return bias + np.append(0.0, np.cumsum(np.cumsum(slopes) * np.diff(x)))


def _compare_hinges(arguments: Arguments, expected: tuple, got: object) -> str | None:
    x = arguments[0].astype(float)
    wanted, total = (_draw_hinges(x, coefficients) for coefficients in (expected, got))
    if isinstance(total, str):
        return total
    if isinstance(wanted, str):  # a known wrong answer that is no better
        return wanted
    bias, slopes = expected
    largest = np.abs(slopes * (x[-1] - x[:-1])).max(initial=abs(float(bias)))
    return first_gap(x, wanted, total, allowed=HINGE_ERROR * largest, name="t")


def _generated_points():
    from hypothesis import strategies as st

    from relukit.checks.inputs import eighths

    def at(xs):
        ys = st.lists(eighths(), min_size=len(xs), max_size=len(xs))
        return ys.map(lambda values: (np.array(sorted(xs)), np.array(values)))

    return st.lists(eighths(), min_size=2, max_size=6, unique=True).flatmap(at)


def _swept_points(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found: list[Arguments] = []
    for n, kind, other in product(POINTS.axes[0], POINTS.dtypes, VALUES.dtypes):
        widths = rng.choice([1, 2, 4, 8], n)  # steepness is exact in float32, torch's own choice
        x, y = np.cumsum(widths) - n, rng.integers(-99, 100, n)
        found.append((_of(kind, x, rng), _of(other, y, rng)))
    for layout in LAYOUTS:
        found.append(tuple(laid_out(array, layout) for array in found[len(LAYOUTS) + 1]))
    found.append((found[4][0], np.zeros_like(found[4][1])))
    tops = (magnitudes(domain, "float64", rng, per_decade=1) for domain in (POINTS, POINTS))
    for right, high in zip(*tops, strict=True):
        n = int(rng.integers(2, 7))
        found.append((np.sort(topped(right, n, rng)), topped(high, n, rng)))
    return tuple(found)


def _of(kind: str, whole: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return whole numbers, or where floats are wanted, numbers up to 1 above them."""
    return whole if kind == "int64" else whole + rng.random(whole.shape)


TASK = Task(
    points=3,
    title="Draw a polyline with hinges",
    minutes=10,
    difficulty="medium",
    why="One hidden layer of n - 1 rectifiers passes through any n points: width buys shape.",
    hints=(
        "How does the slope of g change where t passes x[i], and what is g left of x[0]?",
        "Each hinge adds its slope to all that follow, so slopes[i] is the change of steepness at"
        " x[i]; np.diff gives the steepness of each segment, and np.diff again its changes.",
        "steepness = np.diff(y) / np.diff(x)",
    ),
    reference=_hinges,
    boundary=(
        (np.array([0.0, 1.0]), np.array([0.0, 1.0])),
        (np.array([0.0, 2.0]), np.array([1.0, 2.0])),
        (np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0])),
        (np.array([-1.0, 0.0, 2.0]), np.array([1.0, 3.0, 0.0])),
        (np.array([-2.0, -1.0, 0.5, 4.0]), np.array([2.0, -1.0, -1.0, 3.0])),
    ),
    compare=_compare_hinges,
    generated=_generated_points,
    domains={"x": POINTS, "y": VALUES},
    swept=_swept_points,
    misconceptions=(
        Misconception(
            "these are the slopes of the segments: a hinge adds to those before it, so give the"
            " changes of slope",
            lambda x, y: (y[0], np.diff(y) / np.diff(x)),
        ),
        Misconception(
            "the bias is missing: left of x[0] every hinge is silent, and g is y[0] there",
            lambda x, y: (0.0, _hinges(x, y)[1]),
        ),
        Misconception(
            "the first slope is missing: the first hinge starts from slope 0",
            lambda x, y: (y[0], np.append(0.0, np.diff(np.diff(y) / np.diff(x)))),
        ),
        Misconception(
            "the widths are not used: a slope is a difference of y over a difference of x",
            lambda x, y: (y[0], np.diff(np.diff(y), prepend=0.0)),
        ),
        Misconception(
            "the slopes are upside down: a difference of y goes over one of x",
            lambda x, y: (y[0], np.diff(np.diff(x) / np.diff(y), prepend=0.0)),
        ),
        Misconception(
            "every slope has the wrong sign",
            lambda x, y: (y[0], -_hinges(x, y)[1]),
        ),
        Misconception(
            "these are the values y themselves: a hinge's slope says how steeply g turns",
            lambda x, y: (y[0], y[1:]),
        ),
        Misconception(
            "this has one slope too many: nothing has to turn at the last point",
            lambda x, y: (y[0], np.diff(np.diff(y) / np.diff(x), prepend=0.0, append=0.0)),
        ),
        Misconception(
            "bias and slopes are exchanged: the bias comes first",
            lambda x, y: _hinges(x, y)[::-1],
        ),
    ),
)
