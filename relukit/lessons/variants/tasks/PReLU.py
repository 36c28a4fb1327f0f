"""A task of lesson 03 on a module: the parametric rectifier, whose slope is learned."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, asks_dtype, form, number, parts
from relukit.checks.domain import Domain
from relukit.checks.harnesses.slopes import as_slope_module
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.notation import tell_apart
from relukit.checks.sweeps import dense, magnitudes, middling, peaked
from relukit.checks.task import Misconception, Task

START = 0.25
PARTS = ("start", "output", "gradient of x", "gradient of the slope")
ERROR = {"float32": 1e-5, "float64": 1e-11}  # relative to what the task's text states
_NUMBERS = Domain(dtypes=("float32", "float64"), low=1e-6, high=1e6)
DOMAINS = {
    "x": _NUMBERS,
    "slope": Domain(values=(0.25, 0.0, 1.0), low=0.01, high=10.0),
    "upstream": _NUMBERS,
}
_SHAPES = ((0,), (1,), (2,), (9,), (100,), (10_000,), (9, 2), (0, 3), (2, 3, 4), (2, 2, 2, 2))


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import arrays

    slopes = st.sampled_from([0.25, 2.0, -0.5, 0.75])
    # a slope of shape (1,) is right too, and would give a 0-d array a dimension
    x = arrays(bound=1e4, nan=False).map(lambda drawn: np.atleast_1d(np.round(drawn, 3)))
    return st.tuples(x, slopes, st.sampled_from([1.0, -0.5])).map(
        lambda drawn: (drawn[0], drawn[1], np.full_like(drawn[0], drawn[2]))
    )


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    slopes = magnitudes(DOMAINS["slope"], "float64", rng).tolist()
    found: list[Arguments] = []

    def add(x, upstream=None):
        slope = slopes[len(found) % len(slopes)]
        again = middling(_NUMBERS, x.dtype.name, x.shape, rng) if upstream is None else upstream
        found.append((x, slope, again))

    for dtype in _NUMBERS.dtypes:
        for x in (magnitudes(_NUMBERS, dtype, rng), dense(_NUMBERS, dtype, rng)):
            add(x, rng.permutation(x))
        for shape in _SHAPES:
            add(middling(_NUMBERS, dtype, shape, rng))
        for layout in LAYOUTS:
            add(*(laid_out(middling(_NUMBERS, dtype, (3, 4), rng), layout) for _ in range(2)))
    for x in peaked(_NUMBERS, "float32", (3,), rng):
        add(x)
        add(middling(_NUMBERS, "float32", (3,), rng), x)
    return tuple(found)


def _off(expected: np.ndarray, got: object, allowed: np.ndarray) -> str | None:
    """Return what is said of the first number that is off by more than allowed, or None."""
    wrong = form(expected, got)
    if wrong:
        return wrong
    with np.errstate(all="ignore"):
        error = np.abs(np.asarray(got).astype(float) - expected)
    far = np.argwhere(~(error <= allowed))
    if not len(far):
        return None
    index = tuple(int(i) for i in far[0])
    place = f" at index {index if len(index) > 1 else index[0]}" if expected.size > 1 else ""
    return f"it is off by {error[index]:.1g}, and {allowed[index]:.1g} is allowed{place}"


def _prelu(x, slope, upstream):
    slopes = np.select([x < 0, x > 0], [slope, 1.0], 0.0).astype(x.dtype)
    total = np.sum(upstream * np.minimum(x, 0), dtype=float)
    return START, slopes * x, slopes * upstream, np.asarray(total, dtype=x.dtype)


@asks_dtype
def _compare(arguments: Arguments, expected: tuple, got: Any) -> str | None:
    x, _, upstream = arguments
    wanted = "PReLU() must be a torch.nn.Module with one learned number"
    because = f"{wanted}, and is {got}" if isinstance(got, str) else parts(got, PARTS)
    if because:
        return because
    error = ERROR[x.dtype.name]
    first, output, x_gradient, slope_gradient = got
    start = number(first)
    start = math.nan if start is None else start
    if not abs(start - START) <= error:
        return f"the slope must start at {START}, and starts at {tell_apart(start, START)[0]}"
    wrong = _off(expected[1], output, error * np.abs(x))
    if wrong:
        return f"the output: {wrong}"
    if x_gradient is None:
        return "no gradient reaches x"
    wrong = _off(expected[2], x_gradient, error * np.abs(upstream))
    if wrong:
        return f"the gradient of x: {wrong}"
    if slope_gradient is None:
        return "no gradient reaches the slope"
    size = np.sum(np.abs(x * upstream), dtype=float)
    made = number(slope_gradient)
    if made is None or not abs(made - float(expected[3])) <= error * size:
        return "the gradient of the slope differs"
    return None


def _module(forward: Callable, *, start: float = START, learned: bool = True) -> Callable:
    """Return what builds a module with this forward(x, slope), as a learner's class does."""

    def build():
        import torch

        class Module(torch.nn.Module):
            def __init__(self):
                super().__init__()
                slope = torch.tensor(start)
                self.slope = torch.nn.Parameter(slope) if learned else slope

            def forward(self, x):
                return forward(x, self.slope.to(x.dtype))

        return Module()

    return build


def _two_sided(x, slope):
    return x.relu() - slope * (-x).relu()


def _largest(x, slope):
    return x.maximum(slope * x)


TASK = Task(
    points=2,
    title="A slope that is learned",
    minutes=15,
    difficulty="medium",
    why="A module with a parameter of its own is how every learned activation is written in torch.",
    hints=(
        "Which values may a slope take while it is learned, and is max(x, a x) right for a = 2?",
        "torch.nn.Parameter makes a tensor that parameters() finds and an optimizer changes;"
        " torch.where chooses by the sign of x.",
        "self.slope = torch.nn.Parameter(...)",
    ),
    reference=_prelu,
    boundary=tuple(
        (np.array(x, dtype=dtype), slope, np.array(upstream, dtype=dtype))
        for x, slope, upstream, dtype in (
            ([-1.0], 0.25, [1.0], "float32"),
            ([3.0], 0.25, [1.0], "float32"),
            ([-1.0], 2.0, [1.0], "float32"),
            ([-2.0], -0.5, [1.0], "float32"),
            ([-2.0, 4.0, -1.0], 0.5, [1.0, 2.0, -3.0], "float32"),
            ([0.0, 1.0], 0.5, [1.0, 1.0], "float32"),
            ([[-1.5, 2.0], [-0.5, -4.0]], 1.25, [[1.0, -1.0], [0.5, 2.0]], "float64"),
            ([], 0.25, [], "float32"),
        )
    ),
    compare=_compare,
    generated=_generated,
    domains=DOMAINS,
    swept=_swept,
    harness=as_slope_module,
    misconceptions=(
        Misconception(
            "this is max(x, a x), which takes the wrong side once the learned slope a exceeds 1:"
            " choose by the sign of x",
            _module(_largest),
        ),
        Misconception(
            "the slope is a plain number or tensor: only a torch.nn.Parameter is found by"
            " parameters() and learned",
            _module(_two_sided, learned=False),
        ),
        Misconception(
            "the slope is taken out of the graph, so that nothing is learned: item(), data,"
            " detach() or requires_grad=False do that",
            _module(lambda x, slope: _two_sided(x, slope.detach())),
        ),
        Misconception(
            "forward does not use the slope: it keeps the number 0.25",
            _module(lambda x, slope: _two_sided(x, START)),
        ),
        Misconception(
            "x is taken out of the graph, so that no layer before this one can learn",
            _module(lambda x, slope: _two_sided(x.detach(), slope)),
        ),
        Misconception(
            "the slope starts at 0, as ReLU: He et al. start at 0.25",
            _module(_two_sided, start=0.0),
        ),
        Misconception(
            "the slope starts at 0.01, as the leaky rectifier: He et al. start at 0.25",
            _module(_two_sided, start=0.01),
        ),
        Misconception(
            "the slope starts at 1, where the function is a straight line: He et al. start at 0.25",
            _module(_two_sided, start=1.0),
        ),
        Misconception(
            "a x is added on both sides: on the right x alone is due",
            _module(lambda x, slope: x.relu() + slope * x),
        ),
        Misconception(
            "the left side has the wrong sign: -relu(-x) is x there, and relu(-x) is -x",
            _module(lambda x, slope: x.relu() + slope * (-x).relu()),
        ),
        Misconception(
            "the sides are exchanged: the slope belongs to negative x",
            _module(lambda x, slope: slope * x.relu() - (-x).relu()),
        ),
        Misconception(
            "a negative slope is cut off at 0: a learned slope may have any sign",
            _module(lambda x, slope: _two_sided(x, slope.relu())),
        ),
        Misconception(
            "the slope is kept within [0, 1]: a learned slope may take any value",
            _module(lambda x, slope: _two_sided(x, slope.clamp(0, 1))),
        ),
        Misconception(
            "this is ReLU: the slope is there, and forward leaves it out",
            _module(lambda x, slope: x.relu()),
        ),
    ),
)
