"""A task of lesson 02 on folding the plane: two units that compute exclusive-or."""

from collections.abc import Callable

import numpy as np

from relukit.checks.comparison import Arguments
from relukit.checks.harnesses.two_units import ASKS_FOR_MORE, as_two_units
from relukit.checks.notation import tell_apart
from relukit.checks.task import Misconception, Task

ERROR = 1e-6  # absolute, of each output; the task's text states it
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
_FORMS = {
    "weight": "it must have shape (2, 2), a row for each unit and a column for each input",
    "bias": "it must have shape (2,), a number for each of the two units",
    "outgoing": "it must have shape (2,), a number for each of the two units",
    "offset": "it must be one number",
}


def _exclusive_or(x):
    return (x[:, 0] != x[:, 1]).astype(float)


def _compare(arguments: Arguments, expected: np.ndarray | str, got: object) -> str | None:
    if isinstance(expected, str):  # of a known wrong answer
        return None if got == expected else "the form differs"
    if isinstance(got, str):
        if got == ASKS_FOR_MORE:
            return f"yours is {got}: write def xor_net(), since the same numbers serve all inputs"
        rule = _FORMS.get(got.split(" ")[0], "return weight, bias, outgoing, offset")
        return f"{got}: {rule}"
    if not isinstance(got, np.ndarray) or got.shape != expected.shape:
        return "this is no network"
    (x,) = arguments
    with np.errstate(all="ignore"):
        off = ~(np.abs(got - expected) <= ERROR)
    if not off.any():
        return None
    i = int(np.argmax(off))
    yours, due = tell_apart(got[i], expected[i])
    at = ", ".join(str(value) for value in x[i].tolist())
    return f"at x = ({at}) your network gives {yours}, and {due} is due{_remark(expected, got)}"


def _remark(expected: np.ndarray, got: np.ndarray) -> str:
    """Return what can be said of all four outputs together, "" where nothing can."""
    if not np.isfinite(got).all():
        return ""
    if np.array_equal(got > 0.5, expected > 0.5):
        return (
            "; all four are on the right side of 1/2, but they have to be 0 and 1 themselves, to"
            " within a millionth"
        )
    if abs(got[0] + got[3] - got[1] - got[2]) <= ERROR:
        return (
            "; your four outputs lie on one flat plane, as if no unit ever switched: at which"
            " corners is each unit off?"
        )
    return ""


def _net(*units: tuple[float, float, float, float], offset: float = 0.0) -> Callable[[], tuple]:
    """Return an answer with units of two weights, a bias and an outgoing weight each."""
    table = np.array(units, dtype=float)
    return lambda: (table[:, :2], table[:, 2], table[:, 3], offset)


TASK = Task(
    points=3,
    title="Exclusive-or from two units",
    minutes=6,
    difficulty="medium",
    why="No straight cut gets all four corners right, and two bends do: now by your own numbers.",
    hints=(
        "Exclusive-or looks at the sum of the inputs, 0, 1 or 2: which output is due for each sum?",
        "Draw the output over the sum s: it goes from 0 up to 1, and back down to 0. One unit makes"
        " it rise from s = 0 on. The other is off up to s = 1, and from there it has to undo the"
        " rise and make it fall as fast: by how much does the slope change there?",
        "weight = np.array([[1.0, 1.0], [1.0, 1.0]])",
    ),
    reference=_exclusive_or,
    boundary=((CORNERS,),),
    compare=_compare,
    harness=as_two_units,
    misconceptions=(
        Misconception(
            "this is or: at (1, 1) the output stays at 1, and it has to come back down to 0, so the"
            " second unit has to take away more there",
            _net((1, 1, 0, 1), (1, 1, -1, -1)),
        ),
        Misconception(
            "this is and, 1 only where both inputs are 1: exclusive-or is 1 where exactly one is",
            _net((1, 1, -1, 1), (0, 0, 0, 0)),
        ),
        Misconception(
            "this is 1 where the inputs are equal: exclusive-or is 1 where they differ",
            _net((1, 1, 0, -1), (1, 1, -1, 2), offset=1),
        ),
        Misconception(
            "this is 0 only where both inputs are 1: at (0, 0) no input is 1, and 0 is due too",
            _net((1, 1, -1, -1), (0, 0, 0, 0), offset=1),
        ),
        Misconception(
            "this adds the two inputs: let the second unit begin at (1, 1), with a bias below 0,"
            " and take away there what is too much",
            _net((1, 0, 0, 1), (0, 1, 0, 1)),
        ),
        Misconception(
            "the second unit adds where it has to take away: its outgoing weight must be below 0",
            _net((1, 1, 0, 1), (1, 1, -1, 2)),
        ),
        Misconception(
            "the second unit is on at every corner: its bias must be below 0, so that it stays off"
            " until both inputs are 1",
            _net((1, 1, 0, 1), (1, 1, 1, -2)),
        ),
        Misconception(
            "no unit has a bias, so both begin to rise at (0, 0): one has to stay off until both"
            " inputs are 1",
            _net((1, 1, 0, 1), (1, 1, 0, -2)),
        ),
        Misconception(
            "both units stay off until both inputs are 1: one of them has to be on for a single 1",
            _net((1, 1, -1, 1), (1, 1, -1, -2)),
        ),
        Misconception(
            "this is right for (1, 0), and (0, 1) is taken for (0, 0): let the second unit look at"
            " the inputs the other way round",
            _net((1, -1, 0, 1), (0, 0, 0, 0)),
        ),
        Misconception(
            "this is right for (0, 1), and (1, 0) is taken for (0, 0): let the second unit look at"
            " the inputs the other way round",
            _net((-1, 1, 0, 1), (0, 0, 0, 0)),
        ),
        Misconception(
            "this gives 1 at (1, 0) and -1 at (0, 1): either an outgoing weight has the wrong sign,"
            " or rows and columns of weight are exchanged; row i belongs to unit i",
            _net((1, -1, 0, 1), (-1, 1, 0, -1)),
        ),
        Misconception(
            "this gives 1 at (0, 1) and -1 at (1, 0): either an outgoing weight has the wrong sign,"
            " or rows and columns of weight are exchanged; row i belongs to unit i",
            _net((1, -1, 0, -1), (-1, 1, 0, 1)),
        ),
        Misconception(
            "this is exclusive-or with a minus sign: turn the signs of outgoing round",
            _net((1, -1, 0, -1), (-1, 1, 0, -1)),
        ),
        Misconception(
            "this is half of exclusive-or: double the outgoing weights",
            _net((1, -1, 0, 0.5), (-1, 1, 0, 0.5)),
        ),
        Misconception(
            "this is twice exclusive-or: halve the outgoing weights",
            _net((1, -1, 0, 2), (-1, 1, 0, 2)),
        ),
        Misconception(
            "this says -1 for no and 1 for yes: 0 and 1 are asked for, so halve the outgoing"
            " weights and set the offset anew",
            _net((1, -1, 0, 2), (-1, 1, 0, 2), offset=-1),
        ),
        Misconception(
            "this is 1 too much everywhere: take 1 off the offset",
            _net((1, -1, 0, 1), (-1, 1, 0, 1), offset=1),
        ),
        Misconception(
            "this gives 1/2 everywhere: that is the best compromise for a straight cut, and with"
            " bends there is no need for one",
            _net((0, 0, 0, 0), (0, 0, 0, 0), offset=0.5),
        ),
        Misconception(
            "this gives 0 everywhere: units that are off at every corner, or that cancel, add"
            " nothing",
            _net((0, 0, 0, 0), (0, 0, 0, 0)),
        ),
        Misconception(
            "this has three units: the sum of the inputs is never below 0, so one unit passes both"
            " of them on, and two are enough",
            _net((1, 0, 0, 1), (0, 1, 0, 1), (1, 1, -1, -2)),
        ),
        Misconception(
            "this has one unit: what it draws is still one straight cut, and that is too little",
            _net((1, 1, 0, 1)),
        ),
        Misconception(
            "is the offset missing? Return it too, and 0.0 where nothing is to be added",
            lambda: _net((1, 1, 0, 1), (1, 1, -1, -2))()[:3],
        ),
    ),
)
