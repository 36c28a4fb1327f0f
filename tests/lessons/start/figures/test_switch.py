"""The unit as a switch: what it adds up, where its lever stands, and which input is changed."""

import re

import numpy as np
import pytest
from matplotlib.colors import to_hex

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.figures.meaning import OFF, ON
from relukit.lessons.start.figures import switch

CASES = [
    ((2, 1, 3), (1, -2, 0.5), -1),
    ((1, -2, 4, 3), (0.25, -1.5, 2, -8), 9),
    ((0,), (3,), 0),
    ((5, 5), (0, -0.5), 9),
]


def artist(axes, gid: str):
    (found,) = [a for a in axes.get_children() if a.get_gid() == gid]
    return found


def number(axes, gid: str) -> float:
    """Return the number that stands in words of this gid."""
    words = artist(axes, gid).get_text().replace("−", "-")
    (found,) = re.findall(r"-?\d+\.?\d*", words)
    return float(found)


def shown(axes) -> tuple[list[float], list[float], float]:
    n = sum(1 for a in axes.texts if str(a.get_gid()).startswith("input"))
    rows = [[number(axes, f"{row} {i}") for i in range(n)] for row in ("input", "weight")]
    return *rows, number(axes, "bias")


@pytest.mark.parametrize(("inputs", "weights", "bias"), CASES)
def test_what_stands_in_the_circles_follows_from_the_numbers_on_the_wires(inputs, weights, bias):
    for axes in switch(inputs, weights, bias).axes:
        x, w, b = shown(axes)
        z = sum(value * weight for value, weight in zip(x, w, strict=True)) + b
        assert number(axes, "z") == pytest.approx(z, rel=0.01)
        assert number(axes, "out") == pytest.approx(max(z, 0), rel=0.01)
        added = artist(axes, "added").get_text().replace("−", "-")
        assert eval(added.replace("\n", " ")) + b == pytest.approx(z, rel=0.01)
        lever, output = artist(axes, "lever"), artist(axes, "output")
        assert (lever.get_xdata()[0] == lever.get_xdata()[1]) == (z > 0)
        look = ON if z > 0 else OFF
        assert to_hex(output.get_color()).upper() == look["color"]
        assert output.get_marker() == look["marker"]
        assert (output.get_markerfacecolor() == "white") == (z <= 0)
        assert artist(axes, "state").get_text() == f"ReLU: {'on' if z > 0 else 'off'}"
        assert (">" in artist(axes, "why").get_text()) == (z > 0)


@pytest.mark.parametrize(("inputs", "weights", "bias"), CASES)
def test_beside_it_one_input_is_another_and_the_switch_is_thrown(inputs, weights, bias):
    left, right = switch(inputs, weights, bias).axes
    assert shown(left) == (list(inputs), list(weights), bias)
    before, after = shown(left), shown(right)
    assert before[1:] == after[1:]
    (changed,) = np.flatnonzero(np.not_equal(before[0], after[0]))
    assert abs(weights[changed]) == max(map(abs, weights))
    assert number(right, "changed") == inputs[changed]
    assert not [a for a in left.texts if a.get_gid() == "changed"]
    states = [artist(axes, "state").get_text() for axes in (left, right)]
    assert sorted(states) == ["ReLU: off", "ReLU: on"]
    step = np.sign(after[0][changed] - before[0][changed])
    less = list(after[0])
    less[changed] -= step
    z = np.dot(less, weights) + bias
    assert (z > 0) == (states[0] == "ReLU: on") or abs(z) < 1e-9  # one less would not have done


def test_it_says_all_words_that_a_beginner_needs():
    picture = switch()
    words = " ".join(text.get_text() for axes in picture.axes for text in axes.texts)
    for word in ("input", "weight", "bias", "unit", "on", "off", "ReLU", "output"):
        assert word in words
    assert "0.5 comes out" in picture.alt
    assert "−1.5" in picture.alt


@pytest.mark.parametrize(
    "call",
    [
        lambda: switch((1, 2), (1,)),
        lambda: switch((), ()),
        lambda: switch((1,) * 5, (1,) * 5),
        lambda: switch((1, 2), (0, 0)),
        lambda: switch((10,), (1,)),
        lambda: switch((1,), (float("nan"),)),
        lambda: switch((1,), (1,), bias=float("inf")),
        lambda: switch("12", (1, 2)),
        lambda: switch(3, (1,)),
        lambda: switch((1, "2"), (1, 2)),
        lambda: switch((1,), (1,), bias=None),
    ],
)
def test_what_is_no_unit_is_refused_in_three_parts(call):
    with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
        call()
    assert caught.value.do
