"""The reverse task of lesson 02: a test that tells right rectifiers from wrong ones."""

import numpy as np

from relukit.checks.comparison import Arguments
from relukit.checks.harnesses.definitions import as_tester
from relukit.checks.task import Misconception, Task

LESSON = "02_definitions"
RIGHT = (
    "np.maximum(x, 0)",
    "np.where(x < 0, 0, x)",
    "np.clip(x, 0, None)",
    "a loop over the elements",
)
_VALUES = (3.5, -3.0, 0.0, -0.0, 5e-4, -8.0, 8.0, 1e6, np.inf, -np.inf, np.nan)


def _is_right(
    relu,
    *,
    values=_VALUES,
    dtypes=("float64", "float32"),
    matrix=True,
    in_place=True,
    equal_nan=True,
):
    for dtype in dtypes:
        x = np.array(values, dtype=dtype)
        for given in (x, np.tile(x, (2, 1))) if matrix else (x,):
            with np.errstate(invalid="ignore"):
                before, got = given.copy(), np.asarray(relu(given))
            wanted = np.maximum(before, 0)
            if got.shape != wanted.shape or (len(dtypes) > 1 and got.dtype != wanted.dtype):
                return False
            if not np.array_equal(got, wanted, equal_nan=equal_nan):
                return False
            if in_place and not np.array_equal(given, before, equal_nan=True):
                return False
    return True


def _without(*left_out):
    values = tuple(v for v in _VALUES if not any(v is w for w in left_out))
    return lambda relu: _is_right(relu, values=values)


def _reference(relu):
    return relu in RIGHT


def _compare(arguments: Arguments, expected: object, got: object) -> str | None:
    if isinstance(got, np.ndarray) and got.shape == () and got.dtype.kind == "b":
        got = bool(got)
    if not isinstance(got, bool):
        return "the answer must be True for a right rectifier and False for a wrong one"
    if got == expected:
        return None
    return "this rectifier is right, and yours rejects it" if expected else _REASONS[arguments[0]]


_REASONS = {
    name: f"this rectifier is wrong, and yours accepts it: {why}"
    for name, why in {
        "x": "-3 stays -3",
        "np.abs(x)": "-3 becomes 3",
        "np.minimum(x, 0)": "3 becomes 0",
        "np.maximum(x, 0.01 * x)": "-3 becomes -0.03",
        "1.0 where x is 0": "0 becomes 1",
        "np.clip(x, 0, 6)": "8 becomes 6",
        "np.clip(x, 0, 10_000)": "a million becomes 10,000",
        "|x| where x < -6": "-8 becomes 8",
        "0 where |x| < 0.001": "0.0005 becomes 0",
        "x * (x > 0)": "minus infinity becomes nan",
        "np.where(x > 0, x, 0)": "nan becomes 0",
        "always float64": "float32 becomes float64",
        "rounded down": "3.5 becomes 3",
        "np.maximum(x, 0).ravel()": "a matrix becomes a vector",
        "one sign for the whole array": "[3, -3] stays [3, -3]",
        "x[x < 0] = 0": "the caller's array changes",
    }.items()
}

KILL_THE_MUTANTS = Task(
    name="kill_the_mutants",
    lesson=LESSON,
    points=2,
    title="Test somebody's rectifier",
    minutes=15,
    difficulty="medium",
    why="A test that never fails proves nothing: you know what yours is worth by what it rejects.",
    hints=(
        "Which inputs would a wrong rectifier get right by accident, and which would show it?",
        "Compare with np.maximum(x, 0) at ordinary, tiny, huge and special numbers, in two dtypes"
        " and two shapes; np.array_equal has an option equal_nan. Then look at x itself again.",
        "x = np.array([3.5, -3.0, 0.0, ..., np.inf, -np.inf, np.nan])",
    ),
    reference=_reference,
    boundary=tuple((name,) for name in (*RIGHT, *_REASONS)),
    compare=_compare,
    harness=as_tester,
    misconceptions=(
        Misconception("this accepts every rectifier: call it and compare", lambda relu: True),
        Misconception(
            "this rejects every rectifier, right ones too: does it compare nan with nan?"
            " np.array_equal(..., equal_nan=True) takes them as equal",
            lambda relu: _is_right(relu, equal_nan=False),
        ),
        Misconception(
            "this tries ten random numbers: what goes wrong at special ones stays unseen",
            lambda relu: _is_right(
                relu,
                values=np.random.default_rng(0).normal(-0.5, 1, 10),
                dtypes=("float64",),
                matrix=False,
                in_place=False,
            ),
        ),
        Misconception("this never tries nan", _without(np.nan)),
        Misconception("this never tries minus infinity", _without(_VALUES[9])),
        Misconception(
            "this never looks whether x itself has changed: keep a copy and compare",
            lambda relu: _is_right(relu, in_place=False),
        ),
        Misconception(
            "this tries vectors only: a matrix must keep its shape",
            lambda relu: _is_right(relu, matrix=False),
        ),
        Misconception(
            "this tries float64 only: float32 must stay float32",
            lambda relu: _is_right(relu, dtypes=("float64",)),
        ),
        Misconception(
            "this tries 3 and -3 only",
            lambda relu: _is_right(
                relu, values=(3.0, -3.0), dtypes=("float64",), matrix=False, in_place=False
            ),
        ),
    ),
)
