"""The reverse task of lesson 02: a test that tells right rectifiers from wrong ones."""

from dataclasses import dataclass

import numpy as np

from relukit.checks.comparison import Arguments
from relukit.checks.harnesses.tester import Rectifier, as_tester, rectifier
from relukit.checks.notation import show
from relukit.checks.task import Misconception, Task

_LOOP = "np.array([0 if v < 0 else v for v in x.ravel()], dtype=x.dtype).reshape(x.shape)"
_RIGHT = (
    "np.maximum(x, 0)",
    "np.where(x < 0, 0, x)",
    "np.clip(x, 0, None)",
    "np.where(x < 0, -np.zeros_like(x), x)",  # -0.0 for what is negative
    _LOOP,
)
_ALSO_RIGHT = (
    "np.where(x < -{a}, 0, np.maximum(x, 0))",
    "np.where(x < {a}, np.maximum(x, 0), x)",
    "np.where(x > {a}, x, np.clip(x, 0, None))",
    "np.clip(np.where(x < -{a}, 0, x), 0, None)",
    _LOOP.replace("v < 0", "v < min(0, {a})"),
)


@dataclass(frozen=True)
class _Fault:
    """A way to be wrong.

    Attributes:
        text: of the rectifier in every check.
        others: texts with the same fault, for graders; {a} stands for a number.
        low: the number is drawn from here ...
        high: ... to here: none is harder to find than that of `text`.
    """

    text: str
    others: tuple[str, ...]
    low: float = 0.5
    high: float = 1.5


_FAULTS = (
    _Fault("x.copy()", ("+x", "x * 1", "np.where(x < 0, {a} * x, x)")),
    _Fault("np.abs(x)", ("np.maximum(x, -x)", "np.maximum(x, -{a} * x)")),
    _Fault("np.minimum(x, 0)", ("-np.maximum(-x, 0)", "np.clip(x, None, 0)")),
    _Fault(
        "np.maximum(x, 0.01 * x)",
        ("np.maximum(x, {a} * x)", "np.where(x < 0, {a} * x, x)"),
        0.01,
        0.4,
    ),
    _Fault("np.where(x == 0, 1, np.maximum(x, 0))", ("np.where(x == 0, {a}, np.maximum(x, 0))",)),
    _Fault(
        "np.clip(x, 0, 6)", ("np.clip(x, 0, {a})", "np.minimum(np.maximum(x, 0), {a})"), 4.0, 6.0
    ),
    _Fault(
        "np.clip(x, 0, 10_000)",
        ("np.clip(x, 0, {a})", "np.minimum(np.maximum(x, 0), {a})"),
        100.0,
        1e4,
    ),
    _Fault(
        "np.where(x < -6, -x, np.maximum(x, 0))",
        ("np.where(x < -{a}, -x, np.maximum(x, 0))", "np.where(x < -{a}, x, np.maximum(x, 0))"),
        4.0,
        6.0,
    ),
    _Fault(
        "np.where(np.abs(x) < 1e-9, 0, np.maximum(x, 0))",
        ("np.where(np.abs(x) < {a}, 0, np.maximum(x, 0))", "np.where(x < {a}, 0, x)"),
        1e-9,
        1e-6,
    ),
    _Fault("x * (x > 0)", ("(x > 0) * x", "np.multiply(x, x > 0)")),
    _Fault(
        "np.where(x > 0, x, 0)",
        ("np.fmax(x, 0)", "np.where(np.isnan(x), {a}, np.maximum(x, 0))"),
    ),
    _Fault(
        "np.maximum(x, 0).astype('float64')",
        ("np.maximum(x.astype('float64'), 0)", "np.maximum(x, np.float64(0))"),
    ),
    _Fault(
        "np.floor(np.maximum(x, 0))", ("np.trunc(np.maximum(x, 0))", "np.ceil(np.maximum(x, 0))")
    ),
    _Fault("np.maximum(x, 0).ravel()", ("np.maximum(x, 0).flatten()", "np.maximum(x.ravel(), 0)")),
    _Fault(
        "x if (x > 0).any() else np.zeros_like(x)",
        ("np.where(np.any(x > 0), x, 0)", "np.maximum(x, 0) if (x <= 0).all() else x.copy()"),
    ),
    _Fault(
        "np.maximum(x, 0, out=x)",
        ("np.clip(x, 0, None, out=x)", "np.copyto(x, 0, where=x < 0) or x"),
    ),
)
_SHOWN = (-3.0, 3.5, 0.0, 8.0, -8.0, 1e6, 5e-10, (3.0, -3.0), -np.inf, np.nan)
_VALUES = (3.5, -3.0, 0.0, -0.0, 5e-10, -8.0, 8.0, 1e6, np.inf, -np.inf, np.nan)


def _redrawn(rng: np.random.Generator) -> tuple[Arguments, ...]:
    """Return four right rectifiers and one of each fault, with numbers of their own."""
    right = rng.choice(_ALSO_RIGHT, 4, replace=False)
    texts = [(str(text), 0.5, 9.0) for text in right]
    texts += [(str(rng.choice(fault.others)), fault.low, fault.high) for fault in _FAULTS]
    filled = [text.replace("{a}", f"{rng.uniform(low, high):.4g}") for text, low, high in texts]
    return tuple((filled[i],) for i in rng.permutation(len(filled)))


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
    return _is_right(rectifier(relu))


def _compare(arguments: Arguments, expected: object, got: object) -> str | None:
    if isinstance(got, np.ndarray) and got.shape == () and got.dtype.kind == "b":
        got = bool(got)
    if not isinstance(got, bool):
        return "the answer must be True for a right rectifier and False for a wrong one"
    if got == expected:
        return None
    if expected:
        return "this rectifier is right, and yours rejects it"
    return f"this rectifier is wrong, and yours accepts it: {_fault(rectifier(*arguments))}"


def _fault(relu: Rectifier) -> str:
    """Return the simplest thing that a wrong rectifier does wrong."""
    for values in _SHOWN:
        x = np.array(values, dtype="float32")
        with np.errstate(all="ignore"):
            got, wanted = np.asarray(relu(x.copy())), np.maximum(x, 0)
        if got.shape == x.shape and not np.array_equal(got, wanted, equal_nan=True):
            before, after = (show(array.astype(float)).split(" (")[0] for array in (x, got))
            return f"{before} {'stays' if before == after else 'becomes'} {after}"
    x = np.array([[-3.0]], dtype="float32")
    got = relu(x)
    if x[0, 0] == 0:
        return "the caller's array changes"
    return (
        "a matrix becomes a vector"
        if got.ndim < 2
        else (f"{x.dtype.name} becomes {got.dtype.name}")
    )


TASK = Task(
    points=2,
    title="Test somebody's rectifier",
    minutes=20,
    difficulty="medium",
    why="A test that never fails proves nothing: you know what yours is worth by what it rejects.",
    hints=(
        "Which inputs would a wrong rectifier get right by accident, and which would show it?",
        "Compare with np.maximum(x, 0) at ordinary, tiny, huge and special numbers, in two dtypes"
        " and two shapes; np.array_equal has an option equal_nan. Then look at x itself again.",
        "x = np.array([3.5, -3.0, 0.0, ..., np.inf, -np.inf, np.nan])",
    ),
    reference=_reference,
    boundary=tuple((text,) for text in (*_RIGHT, *(fault.text for fault in _FAULTS))),
    compare=_compare,
    redrawn=_redrawn,
    harness=as_tester,
    misconceptions=(
        Misconception(
            "this says True of every function: call relu, and compare what it returns with what is"
            " due",
            lambda relu: True,
        ),
        Misconception(  # of an answer whose code names nan; of any other, the next one
            "this says False of every function, right ones too, and it tries np.nan, which is not"
            " equal to itself: np.array_equal(..., equal_nan=True) takes two of them as equal",
            lambda relu: _is_right(relu, values=(3.5, np.nan), equal_nan=False),
        ),
        Misconception(
            "this says False of every function, right ones too: a right one turns -1 into 0 and"
            " leaves 2 as it is, so begin by saying True of that",
            lambda relu: False,
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
