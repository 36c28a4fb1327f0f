"""Tasks of lesson 02 on hinges: which sums of rectifiers draw a given line or polyline."""

import numpy as np

from relukit.checks.comparison import Arguments, number, parts, vector
from relukit.checks.notation import tell_apart
from relukit.checks.task import Misconception, Task

LESSON = "02_definitions"
ERROR = 1e-9  # relative to the largest term of the sum; the tasks' texts state it
_SIDES = np.array([-1.0, 1.0, -0.5, 0.5, -2.0, 2.0, 100.0, -100.0])


def _first_gap(
    at: np.ndarray, wanted: np.ndarray, got: np.ndarray, *, size: float, name: str
) -> str | None:
    off = ~(np.abs(got - wanted) <= ERROR * max(1.0, size))
    if not off.any():
        return None
    i = int(np.argmax(off))
    yours, due = tell_apart(got[i], wanted[i])
    return f"at {name} = {at[i]:g} your sum is {yours}, and {due} is due"


def _sides(left, right):
    return np.array([1.0, -1.0]), np.array([right, -left])


def _draw_sides(coefficients: object) -> np.ndarray | str:
    """Return the value of each term at each of _SIDES, or what is wrong with the coefficients."""
    wrong = parts(coefficients, ("weight", "outgoing"))
    if wrong:
        return wrong
    weight, outgoing = (vector(part) for part in coefficients)
    if weight is None or outgoing is None or weight.ndim != 1 or weight.shape != outgoing.shape:
        return "weight and outgoing must be two one-dimensional arrays of the same length"
    return outgoing[:, None] * np.maximum(weight[:, None] * _SIDES, 0.0)


def _compare_sides(arguments: Arguments, expected: object, got: object) -> str | None:
    wanted, terms = _draw_sides(expected), _draw_sides(got)
    if isinstance(terms, str):
        return terms
    size = np.abs(terms).max(initial=0.0)
    return _first_gap(_SIDES, wanted.sum(axis=0), terms.sum(axis=0), size=size, name="x")


def _generated_sides():
    from hypothesis import strategies as st

    from relukit.checks.inputs import eighths

    return st.tuples(eighths(), eighths())


IDENTITY_FROM_RELUS = Task(
    name="identity_from_relus",
    lesson=LESSON,
    points=2,
    title="x and |x| from rectifiers",
    minutes=10,
    difficulty="easy",
    why="A layer of rectifiers loses nothing: it can still pass its input on unchanged.",
    hints=(
        "relu(x) is silent on the left; which input to relu makes it silent on the right?",
        "x = relu(x) - relu(-x) and |x| = relu(x) + relu(-x): only the outgoing factor of the"
        " second unit differs, and it carries the slope on the left.",
        "weight = np.array([1.0, -1.0])",
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


def _hinges(x, y):
    steepness = np.diff(y) / np.diff(x)
    return y[0], np.diff(steepness, prepend=0.0)


def _draw_hinges(x: np.ndarray, coefficients: object) -> np.ndarray | str:
    """Return the value of each term at each point, or what is wrong with the coefficients.

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
        terms = slopes[:, None] * np.maximum(x - x[:-1, None], 0)
    return np.vstack([np.full(x.shape, bias), terms])


def _compare_hinges(arguments: Arguments, expected: object, got: object) -> str | None:
    x = arguments[0]
    wanted, terms = (_draw_hinges(x, coefficients) for coefficients in (expected, got))
    if isinstance(terms, str):
        return terms
    size = np.abs(terms).max()
    with np.errstate(invalid="ignore"):
        total = terms.sum(axis=0)
    return _first_gap(x, wanted.sum(axis=0), total, size=size, name="t")


def _generated_points():
    from hypothesis import strategies as st

    from relukit.checks.inputs import eighths

    def at(xs):
        ys = st.lists(eighths(), min_size=len(xs), max_size=len(xs))
        return ys.map(lambda values: (np.array(sorted(xs)), np.array(values)))

    return st.lists(eighths(), min_size=2, max_size=6, unique=True).flatmap(at)


HINGE_WEIGHTS = Task(
    name="hinge_weights",
    lesson=LESSON,
    points=3,
    title="Draw a polyline with hinges",
    minutes=15,
    difficulty="medium",
    why="One hidden layer of n - 1 rectifiers passes through any n points: width buys shape.",
    hints=(
        "How does the slope of f change where t passes x[i], and what is f left of x[0]?",
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
    misconceptions=(
        Misconception(
            "these are the slopes of the segments: a hinge adds to those before it, so give the"
            " changes of slope",
            lambda x, y: (y[0], np.diff(y) / np.diff(x)),
        ),
        Misconception(
            "the bias is missing: left of x[0] every hinge is silent, and f is y[0] there",
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
            "these are the values y themselves: a hinge's slope says how steeply f turns",
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
