"""A task of lesson 04 on the rope that holds: a gradient that is too long is shortened as one."""

import math
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, elements, form, parts
from relukit.checks.domain import Domain
from relukit.checks.layouts import LAYOUTS, laid_out
from relukit.checks.sweeps import shapes
from relukit.checks.task import Misconception, Task

NAMES = ("the weights' part", "the biases' part")
TOLERANCE = 1e-9  # relative; the task's text states it


def _length(weight, bias):
    return math.sqrt((weight**2).sum() + (bias**2).sum())


def _times(weight, bias, factor):
    return weight * factor, bias * factor


def clip_gradients(weight, bias, limit):
    length = _length(weight, bias)
    if not math.isfinite(length):
        return np.zeros_like(weight), np.zeros_like(bias)
    return _times(weight, bias, limit / length if length > limit else 1.0)


def _reason(arguments: Arguments) -> str:
    weight, bias, limit = arguments
    length = _length(weight, bias)
    if not math.isfinite(length):
        return "a gradient with nan or infinity has no direction: zeros are due"
    if length > limit:
        return f"its length is {length:g} over both parts, so all is to be times {limit / length:g}"
    return f"its length is {length:g} over both parts, not above {limit:g}: it stays as it is"


def _compare(arguments: Arguments, expected: tuple, got: Any) -> str | None:
    if said := parts(got, NAMES):
        return said
    for name, wanted, part in zip(NAMES, expected, got, strict=True):
        wrong = form(wanted, part)
        wrong = wrong or elements(
            wanted, np.asarray(part), relative=TOLERANCE, why=lambda index: _reason(arguments)
        )
        if wrong:
            return f"{name}: {wrong}"
    return None


def _gradient(weight: list, bias: list, limit: float) -> Arguments:
    return np.array(weight, dtype=float), np.array(bias, dtype=float), limit


def _generated():
    from hypothesis import strategies as st

    numbers = st.sampled_from([0.0, 1.0, -2.0, 3.0, -4.0, 12.0])

    @st.composite
    def gradients(draw):
        weight = np.array(draw(st.lists(numbers, min_size=6, max_size=6))).reshape(3, 2)
        bias = np.array(draw(st.lists(numbers, min_size=3, max_size=3)))
        return weight, bias, draw(st.sampled_from([0.5, 1.0, 5.0, 13.0, 100.0]))

    return gradients()


_SIZES = (1, 2, 9, 100)
_WEIGHT = Domain(dtypes=("float64",), low=1e-6, high=9.9e5, special=True, axes=(_SIZES, _SIZES))
_BIAS = Domain(dtypes=("float64",), low=1e-6, high=9.9e5, special=True, axes=(_SIZES,))
_LIMIT = Domain(low=1e-3, high=1e3, signs="+", zero=False)


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    def drawn(units: int, inputs: int, size: float = 1.0):
        return size * rng.standard_normal((units, inputs)), size * rng.standard_normal(units)

    found: list[Arguments] = []
    for power in np.arange(-5.0, 5.1, 0.5):
        for limit in (1e-3, 1.0, 1e3):
            found.append((*drawn(3, 2, 10.0**power), limit))
    for exponent in np.arange(-3.0, 3.1, 0.25):  # just above and just below its own length
        weight, bias = drawn(4, 3)
        scale = 10.0**exponent / _length(weight, bias)
        for off in (0.5, 0.9999, 1.0001, 3.0):
            found.append((weight * scale * off, bias * scale * off, 10.0**exponent))
    found += [(*drawn(*shape), limit) for shape in shapes(_WEIGHT) for limit in (0.5, 1e3)]
    for layout in LAYOUTS:
        weight, bias = drawn(9, 4)
        found += [(laid_out(weight, layout), bias, 1.0), (weight, laid_out(bias, layout), 1.0)]
    for sign in (1, -1):
        for power in np.arange(-5.5, 6):
            found.append((np.array([[sign * 3.0 * 10.0**power]]), np.zeros(1), 0.5))
            found.append((np.zeros((1, 1)), np.array([sign * 3.0 * 10.0**power]), 0.5))
    for broken in (math.nan, math.inf, -math.inf):
        weight, bias = drawn(3, 2)
        weight[1, 1] = broken
        found.append((weight, bias, 1.0))
        weight, bias = drawn(3, 2)
        bias[2] = broken
        found.append((weight, bias, 1.0))
    return tuple(found)


def _with_parts(factor):
    """Return an answer that multiplies each part by a factor of its own."""

    def answer(weight, bias, limit):
        if not math.isfinite(_length(weight, bias)):
            return np.zeros_like(weight), np.zeros_like(bias)
        return weight * factor(weight, bias, limit), bias * factor(bias, weight, limit)

    return answer


def _to(limit, length):
    return min(1.0, limit / length) if length else 1.0


TASK = Task(
    points=1,
    title="Clip a gradient",
    minutes=10,
    difficulty="medium",
    why="Of four ropes, only this one held a network whose steps were too large.",
    hints=(
        "All weights and biases together are one arrow. What may change about it, and what has to"
        " stay?",
        "The length is the root of the sum of all squares, over both parts. Both parts get the same"
        " factor, and it's never above 1.",
        "length = np.sqrt((weight**2).sum() + (bias**2).sum())",
    ),
    reference=clip_gradients,
    boundary=(
        _gradient([[0.6]], [0.8], 1.0),
        _gradient([[3.0]], [4.0], 1.0),
        _gradient([[3.0]], [4.0], 5.0),
        _gradient([[0.3]], [0.4], 1.0),
        _gradient([[0.0]], [0.0], 1.0),
        _gradient([[6.0]], [0.5], 2.0),
        _gradient([[-3.0, 0.0], [0.0, 0.0]], [0.0, 4.0], 2.5),
        _gradient([[1.0, 1.0], [1.0, 1.0]], [0.0, 0.0], 1.0),
        _gradient([[1.0, 2.0]], [-2.0], 0.001),
        _gradient([[math.nan]], [1.0], 1.0),
        _gradient([[1.0, 1.0]], [math.inf], 1.0),
        _gradient([[-math.inf, math.inf]], [0.0], 1.0),
    ),
    compare=_compare,
    generated=_generated,
    domains={"weight": _WEIGHT, "bias": _BIAS, "limit": _LIMIT},
    swept=_swept,
    misconceptions=(
        Misconception(
            "this clips each part by its own length: the direction of the whole gradient changes",
            _with_parts(lambda part, _, limit: _to(limit, math.sqrt((part**2).sum()))),
        ),
        Misconception(
            "this makes short gradients longer: only those above the limit change",
            lambda weight, bias, limit: (
                _times(
                    weight, bias, limit / _length(weight, bias) if _length(weight, bias) else 1.0
                )
                if math.isfinite(_length(weight, bias))
                else (np.zeros_like(weight), np.zeros_like(bias))
            ),
        ),
        Misconception(
            "this clips each number by itself: the gradient then points elsewhere",
            lambda weight, bias, limit: (
                np.clip(weight, -limit, limit),
                np.clip(bias, -limit, limit),
            ),
        ),
        Misconception(
            "a comparison with nan is False, so nan gets through: look for it first",
            lambda weight, bias, limit: _times(
                weight,
                bias,
                limit / _length(weight, bias) if _length(weight, bias) > limit else 1.0,
            ),
        ),
        Misconception(
            "this multiplies by the limit: divide by the length, too",
            lambda weight, bias, limit: _times(
                weight, bias, limit if _length(weight, bias) > limit else 1.0
            ),
        ),
        Misconception(
            "this divides by the length alone: its new length is 1, and not the limit",
            lambda weight, bias, limit: _times(
                weight, bias, 1 / _length(weight, bias) if _length(weight, bias) > limit else 1.0
            ),
        ),
        Misconception(
            "this takes the sum of the squares for the length: its root is asked for",
            lambda weight, bias, limit: _times(
                weight, bias, _to(limit, _length(weight, bias) ** 2)
            ),
        ),
        Misconception(
            "this takes the length of the weights alone: the biases belong to the gradient",
            lambda weight, bias, limit: _times(
                weight, bias, _to(limit, math.sqrt((weight**2).sum()))
            ),
        ),
        Misconception(
            "this adds both lengths: the squares add up, not the lengths",
            lambda weight, bias, limit: _times(
                weight, bias, _to(limit, _length(weight, bias * 0) + _length(weight * 0, bias))
            ),
        ),
        Misconception(
            "this shortens the weights and leaves the biases: both get the same factor",
            lambda weight, bias, limit: (clip_gradients(weight, bias, limit)[0], bias),
        ),
        Misconception(
            "this drops a gradient that is too long: it's shortened, and keeps its direction",
            lambda weight, bias, limit: _times(
                weight, bias, 0.0 if _length(weight, bias) > limit else 1.0
            ),
        ),
        Misconception(
            "this takes the largest number for the length: the root of the sum of squares is meant",
            lambda weight, bias, limit: _times(
                weight, bias, _to(limit, max(np.abs(weight).max(), np.abs(bias).max()))
            ),
        ),
    ),
)
