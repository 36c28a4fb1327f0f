"""A task of lesson 03 on a fair comparison: as many gated units as plain ones pay for."""

import math

import numpy as np

from relukit.checks.comparison import Arguments, number
from relukit.checks.domain import Domain
from relukit.checks.task import Misconception, Task

WIDTH = Domain(low=2, high=999_999, signs="+", zero=False)
OTHERS = Domain(low=1, high=99_999, signs="+", zero=False)


def plain(width, inputs, outputs, bias):
    """Return the weights and biases of a plain block."""
    return width * (inputs + bias) + outputs * (width + bias)


def gated(width, inputs, outputs, bias):
    """Return the weights and biases of a gated block."""
    return 2 * width * (inputs + bias) + outputs * (width + bias)


def _share(inputs, outputs, bias):
    """Return what a plain unit and a gated one cost, as two whole numbers."""
    return inputs + bias + outputs, 2 * (inputs + bias) + outputs


def matched_width(width, inputs, outputs, bias):
    one, other = _share(inputs, outputs, bias)
    return width * one // other


def _compare(arguments: Arguments, expected: float, got: object) -> str | None:
    value = number(got)
    if value is None:
        return "the answer must be one whole number"
    if value == expected:
        return None
    _, *others = arguments
    have = plain(*arguments)
    if not value.is_integer() or value < 1:
        return "a number of units is a whole number, and at least 1"
    cost = gated(int(value), *others)
    if cost > have:
        return (
            f"{value:,.0f} gated units come to {cost:,} weights and biases, and the plain block has"
            f" {have:,}: at most as many are allowed"
        )
    if value < expected:
        return (
            f"{value:,.0f} gated units come to {cost:,} weights and biases, and the plain block has"
            f" {have:,}: one unit more fits"
        )
    return "the number differs"


def _generated():
    from hypothesis import strategies as st

    few = st.integers(1, 12)
    return st.tuples(st.integers(2, 40), few, few, st.booleans())


def _swept(rng: np.random.Generator) -> tuple[Arguments, ...]:
    def sized(decade: int, top: int) -> int:
        return int(min(10**decade * rng.uniform(1.05, 9.9), top))

    found: list[Arguments] = []
    for bias in (False, True):
        for decade in range(6):
            for _ in range(3):
                width = max(2, sized(decade, 999_999))
                found.append((width, sized(2, 999), sized(1, 99), bias))
                other = sized(min(decade, 4), 99_999)
                found += [(width, other, sized(1, 99), bias), (width, sized(1, 99), other, bias)]
        for _ in range(12):  # exactly as many, one too few, one too many
            inputs, outputs = sized(int(rng.integers(4)), 9_999), sized(int(rng.integers(4)), 9_999)
            one, other = _share(inputs, outputs, bias)
            step = other // math.gcd(one, other)
            found += [
                (step * times + off, inputs, outputs, bias)
                for times in (1, 3, 7)
                for off in (-1, 0, 1)
                if 2 <= step * times + off <= 999_999
            ]
        found.append((999_999, 99_999, 99_999, bias))
        found.append((2, 99_999, 1, bias))
        found.append((2, 1, 99_999, bias))
    return tuple(found)


TASK = Task(
    points=2,
    title="How wide may a gated block be?",
    minutes=8,
    difficulty="easy",
    why="A gate needs weights of its own, so a fair comparison gives a gated block fewer units.",
    hints=(
        "How many weights and biases does one plain hidden unit cost, those behind it counted, too?"
        " And one gated unit?",
        "A plain unit costs inputs + outputs weights, a gated one 2 * inputs + outputs; with biases"
        " it's 1 more for each sum in front. The outputs' own biases are the same in both blocks."
        " Divide, and round down: // does both.",
        "gated_unit = 2 * (inputs + bias) + outputs",
    ),
    reference=matched_width,
    boundary=(
        (3, 1, 1, False),
        (6, 4, 4, False),
        (4, 1, 1, False),
        (5, 2, 2, False),
        (2, 1, 9, False),
        (2, 9, 1, False),
        (7, 1, 1, True),
        (6, 4, 4, True),
        (10, 3, 1, True),
        (10, 1, 3, True),
        (64, 40, 10, True),
        (3072, 768, 768, False),
        (100, 1, 98, True),
    ),
    compare=_compare,
    generated=_generated,
    domains={
        "width": WIDTH,
        "inputs": OTHERS,
        "outputs": OTHERS,
        "bias": Domain(values=(True, False)),
    },
    swept=_swept,
    misconceptions=(
        Misconception(
            "this is half: that leaves out the weights behind the units, which a gate doesn't"
            " double",
            lambda width, inputs, outputs, bias: width // 2,
        ),
        Misconception(
            "this is 2/3, which is right only for as many outputs as inputs and no biases: count"
            " both",
            lambda width, inputs, outputs, bias: 2 * width // 3,
        ),
        Misconception(
            "this rounds up, and then has more weights than the plain block: at most as many are"
            " allowed",
            lambda width, inputs, outputs, bias: (
                -(-width * (inputs + bias + outputs) // (2 * (inputs + bias) + outputs))
            ),
        ),
        Misconception(
            "this rounds to the nearest, and now and then has more weights than the plain block: at"
            " most as many are allowed",
            lambda width, inputs, outputs, bias: round(
                width * (inputs + bias + outputs) / (2 * (inputs + bias) + outputs)
            ),
        ),
        Misconception(
            "this leaves out the biases: with them, each of the two sums of a gated unit has one",
            lambda width, inputs, outputs, bias: matched_width(width, inputs, outputs, False),
        ),
        Misconception(
            "this counts biases in every block: where bias is False there are none",
            lambda width, inputs, outputs, bias: matched_width(width, inputs, outputs, True),
        ),
        Misconception(
            "this gives a gated unit one bias: its value and its gate have one each",
            lambda width, inputs, outputs, bias: (
                width * (inputs + bias + outputs) // (2 * inputs + bias + outputs)
            ),
        ),
        Misconception(
            "this doubles the weights behind the units: the gate doubles those in front of them",
            lambda width, inputs, outputs, bias: (
                width * (inputs + bias + outputs) // (inputs + bias + 2 * outputs)
            ),
        ),
        Misconception(
            "this counts the outputs' own biases in the plain block only: the gated one has them,"
            " too",
            lambda width, inputs, outputs, bias: (
                plain(width, inputs, outputs, bias) // (2 * (inputs + bias) + outputs)
            ),
        ),
        Misconception(
            "this counts the sums, two for each gated unit: the units are asked for",
            lambda width, inputs, outputs, bias: 2 * matched_width(width, inputs, outputs, bias),
        ),
        Misconception(
            "this makes every layer narrower by the root of 2, which is for many wide layers: one"
            " hidden layer has weights to inputs and outputs only",
            lambda width, inputs, outputs, bias: math.floor(width / math.sqrt(2)),
        ),
        Misconception(
            "this is the fraction of the width: the number of units is asked for",
            lambda width, inputs, outputs, bias: (
                matched_width(width, inputs, outputs, bias) / width
            ),
        ),
        Misconception(
            "this is the number of weights and biases: the number of hidden units is asked for",
            lambda width, inputs, outputs, bias: gated(
                matched_width(width, inputs, outputs, bias), inputs, outputs, bias
            ),
        ),
    ),
)
