"""A task of lesson 01 on Pitts's fibre of 1942: silent, then a straight line, then constant."""

import numpy as np

from relukit.checks.comparison import Arguments, Index
from relukit.checks.domain import Domain
from relukit.checks.sweeps import elementwise
from relukit.checks.task import Misconception, Task
from relukit.lessons.history.tasks.rates import near

DOMAINS = {
    "x": Domain(dtypes=("float64",), special=True),
    "threshold": Domain(values=(0.0, 0.5, 2.0, 40.0)),
    "ceiling": Domain(values=(0.25, 1.0, 6.0, 2.0**21)),
}


def _fibre(x, threshold, ceiling):
    return np.clip(x - threshold, 0, ceiling)


def _reason(arguments: Arguments, index: Index) -> str:
    x, threshold, ceiling = arguments
    above = x[index] - threshold
    if above <= 0:
        return "up to the threshold the fibre is silent, so the output is 0"
    if above >= ceiling:
        return f"here the line has reached the ceiling, so the output is {ceiling:g}"
    return f"between threshold and ceiling the output is x - threshold, here {above:g}"


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    limits = st.sampled_from([0.0, 0.5, 2.0]), st.sampled_from([0.25, 1.0, 6.0])
    return st.tuples(arrays(dtypes=("float64",)), *limits)


def _in_place(x, threshold, ceiling):
    x -= threshold
    x[x < 0] = 0
    x[x > ceiling] = ceiling
    return x


def _case(values: list, threshold: float, ceiling: float) -> Arguments:
    return np.array(values), threshold, ceiling


TASK = Task(
    points=1,
    title="The fibre of Walter Pitts",
    minutes=5,
    difficulty="easy",
    why="In 1942 the curve had a second corner, which networks for phones found again.",
    hints=(
        "Draw it: threshold 2, ceiling 1. Where are its two corners?",
        "The ceiling is one of the output. So the threshold comes off first, and the rest is kept"
        " between 0 and the ceiling.",
        "above = x - threshold",
    ),
    reference=_fibre,
    boundary=(
        _case([3.0], 2.0, 6.0),
        _case([1.0], 2.0, 6.0),
        _case([9.0], 2.0, 6.0),
        _case([7.0], 2.0, 6.0),
        _case([-3.0], 2.0, 6.0),
        _case([2.0], 2.0, 6.0),
        _case([8.0], 2.0, 6.0),
        _case([5.0], 0.0, 1.0),
        _case([np.nan], 2.0, 6.0),
        _case([np.inf], 2.0, 6.0),
        _case([-np.inf], 2.0, 6.0),
        _case([[1.5, 2.25], [2.75, 40.0]], 2.0, 0.5),
        (np.array(2.5), 2.0, 6.0),
        _case([], 2.0, 6.0),
    ),
    compare=near(lambda x, threshold, ceiling: threshold + ceiling, _reason),
    generated=_generated,
    domains=DOMAINS,
    swept=elementwise(DOMAINS),
    misconceptions=(
        Misconception(
            "this cuts the input at the ceiling and takes the threshold off afterwards: the"
            " ceiling is one of the output",
            lambda x, threshold, ceiling: np.maximum(np.minimum(x, ceiling) - threshold, 0),
        ),
        Misconception(
            "the ceiling is not used: from an upper limit on the fibre stays constant",
            lambda x, threshold, ceiling: np.maximum(x - threshold, 0),
        ),
        Misconception(
            "the threshold is not used: the line begins there",
            lambda x, threshold, ceiling: np.clip(x, 0, ceiling),
        ),
        Misconception(
            "the threshold is added: it must be taken off",
            lambda x, threshold, ceiling: np.clip(x + threshold, 0, ceiling),
        ),
        Misconception(
            "above the threshold this passes all of x, with a jump: the line begins at 0",
            lambda x, threshold, ceiling: np.where(x <= threshold, 0.0, np.clip(x, 0, ceiling)),
        ),
        Misconception(
            "this keeps x between threshold and threshold + ceiling: take the threshold off, too",
            lambda x, threshold, ceiling: np.clip(x, threshold, threshold + ceiling),
        ),
        Misconception(
            "this jumps from 0 to the ceiling: in between there is a straight line",
            lambda x, threshold, ceiling: np.where(
                np.isnan(x), x, np.where(x > threshold, ceiling, 0.0)
            ),
        ),
        Misconception(
            "beyond the ceiling this falls back to 0: the fibre stays at the ceiling",
            lambda x, threshold, ceiling: np.where(
                x - threshold > ceiling, 0.0, np.maximum(x - threshold, 0)
            ),
        ),
        Misconception(
            "below the threshold this is negative: a fibre is silent there",
            lambda x, threshold, ceiling: np.minimum(x - threshold, ceiling),
        ),
        Misconception(
            "this folds up what is below the threshold: a fibre is silent there",
            lambda x, threshold, ceiling: np.minimum(np.abs(x - threshold), ceiling),
        ),
        Misconception(
            "this turns nan into 0, because nan > threshold is False: np.clip keeps nan",
            lambda x, threshold, ceiling: np.where(
                x > threshold, np.minimum(x - threshold, ceiling), 0.0
            ),
        ),
        Misconception(
            "this writes its result into x, so the caller's array changes too: build a new array",
            _in_place,
        ),
    ),
)
