"""A task of lesson 02 on one unit: which weight and which bias put its bend at a given place."""

import math
from itertools import cycle
from typing import Any

import numpy as np

from relukit.checks.comparison import Arguments, number, parts
from relukit.checks.domain import Domain
from relukit.checks.notation import tell_apart
from relukit.checks.sweeps import magnitudes
from relukit.checks.task import Misconception, Task

ERROR = 1e-6  # of the slope relative; of the kink too, but absolute near 0; the text states it
SIDES = ("right", "left")
KINK = Domain(low=1e-3, high=1e3)
SLOPE = Domain(low=1e-3, high=1e3, signs="+", zero=False)


def _signed(slope, opens):
    return float(slope if opens == "right" else -slope)


def _hinge_at(kink, slope, opens):
    weight = _signed(slope, opens)
    return weight, -weight * kink


def _compare(arguments: Arguments, expected: tuple[float, float], got: Any) -> str | None:
    wrong = parts(got, ("weight", "bias"))
    if wrong:
        return wrong
    weight, bias = (number(part) for part in got)
    if weight is None or bias is None:
        return f"{'weight' if weight is None else 'bias'} must be one number"
    if not math.isfinite(weight) or not math.isfinite(bias):
        return "weight and bias must be ordinary numbers, and one is nan or infinite"
    return _difference(*expected, weight, bias)


def _difference(due: float, due_bias: float, weight: float, bias: float) -> str | None:
    """Return how a unit differs from the one that is due, or None."""
    if weight == 0 or due == 0:  # the second of a known wrong answer
        same = (weight, bias) == (due, due_bias)
        return None if same else "weight is 0, so the unit is flat and bends nowhere"
    if (weight > 0) != (due > 0):
        side, other = SIDES if weight > 0 else SIDES[::-1]
        return f"your unit is open to the {side}, and it has to be open to the {other}"
    if abs(weight - due) > ERROR * abs(due):
        steep, wanted = tell_apart(abs(weight), abs(due))
        return f"your ramp has steepness {steep}, and {wanted} is due"
    place, kink = -bias / weight, -due_bias / due
    if abs(place - kink) > ERROR * max(1.0, abs(kink)):
        yours, wanted = tell_apart(place, kink)
        return f"your unit bends at x = {yours}, and it has to bend at x = {wanted}"
    return None


def _generated():
    from hypothesis import strategies as st

    from relukit.checks.inputs import eighths

    slopes = st.integers(1, 64).map(lambda n: n / 8)
    return st.tuples(eighths(), slopes, st.sampled_from(SIDES))


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    found: list[Arguments] = []
    for side in SIDES:
        kinks, slopes = (
            magnitudes(domain, "float64", rng, per_decade=2).tolist() for domain in (KINK, SLOPE)
        )
        found += zip(kinks, cycle(slopes), cycle([side]), strict=False)
    return tuple(found)


TASK = Task(
    points=2,
    title="Put the bend where you want it",
    minutes=7,
    difficulty="easy",
    why="A unit can only bend, so where it bends and how steeply is all you can choose.",
    hints=(
        "At the kink the unit just switches: how large is weight * x + bias there?",
        "The weight is the slope of the ramp, and its sign chooses the side: above 0 the unit is"
        " open to the right, below 0 to the left. Then weight * kink + bias = 0 gives the bias.",
        'weight = slope if opens == "right" else -slope',
    ),
    reference=_hinge_at,
    boundary=(
        (1.0, 1.0, "right"),
        (1.5, 2.0, "right"),
        (1.5, 2.0, "left"),
        (-1.0, 3.0, "right"),
        (-2.0, 0.5, "left"),
        (0.0, 2.0, "right"),
        (0.0, 0.25, "left"),
    ),
    compare=_compare,
    generated=_generated,
    domains={"kink": KINK, "slope": SLOPE, "opens": Domain(values=SIDES)},
    swept=_swept,
    misconceptions=(
        Misconception(
            "the bias has the wrong sign: weight * kink + bias must be 0, so they have to cancel",
            lambda kink, slope, opens: (_signed(slope, opens), _signed(slope, opens) * kink),
        ),
        Misconception(
            "this opens to the right whatever is asked for: with a weight below 0 it opens to the"
            " left",
            lambda kink, slope, opens: (slope, -slope * kink),
        ),
        Misconception(
            "this opens to the left whatever is asked for: with a weight above 0 it opens to the"
            " right",
            lambda kink, slope, opens: (-slope, slope * kink),
        ),
        Misconception(
            "right and left are exchanged: a weight above 0 opens to the right",
            lambda kink, slope, opens: (-_signed(slope, opens), _signed(slope, opens) * kink),
        ),
        Misconception(
            "the bias of a unit that opens to the left has the wrong sign: it is -weight * kink,"
            " and the weight is below 0 there",
            lambda kink, slope, opens: (_signed(slope, opens), -slope * kink),
        ),
        Misconception(
            "the bias is the kink itself here: the kink is where weight * x + bias is 0, so it"
            " depends on both",
            lambda kink, slope, opens: (_signed(slope, opens), kink),
        ),
        Misconception(
            "the bias is not multiplied by the slope: with bias -kink the unit bends at"
            " kink / weight",
            lambda kink, slope, opens: (_signed(slope, opens), -kink),
        ),
        Misconception(
            "the bias is not multiplied by the slope: it has the right sign, and the right size"
            " only where the slope is 1",
            lambda kink, slope, opens: (_signed(slope, opens), _signed(-kink, opens)),
        ),
        Misconception(
            "the slope is forgotten: the weight is 1 or -1 here whatever is asked for",
            lambda kink, slope, opens: (_signed(1.0, opens), _signed(-kink, opens)),
        ),
        Misconception(
            "the kink is divided by the weight here: multiply them",
            lambda kink, slope, opens: (_signed(slope, opens), -kink / _signed(slope, opens)),
        ),
        Misconception(
            "the bias is always 0, so the unit always bends at 0",
            lambda kink, slope, opens: (_signed(slope, opens), 0.0),
        ),
        Misconception(
            "weight and bias are exchanged: the weight comes first",
            lambda kink, slope, opens: _hinge_at(kink, slope, opens)[::-1],
        ),
        Misconception(
            "these are the place and the steepness as they came: a bias has to be worked out",
            lambda kink, slope, opens: (kink, _signed(slope, opens)),
        ),
        Misconception(
            "the sign of the kink is lost: a kink at -2 lies left of 0, and its bias has the other"
            " sign than for a kink at 2",
            lambda kink, slope, opens: _hinge_at(abs(kink), slope, opens),
        ),
        Misconception(
            "the weight is upside down: it is the slope itself, and not 1 / slope",
            lambda kink, slope, opens: _hinge_at(kink, 1 / slope, opens),
        ),
    ),
)
