"""The chord under an arc and the errors of many, beside calculus and NumPy's interpolation."""

import numpy as np
import pytest

from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.lessons.definitions.figures import chord


def artists(axes, gid: str) -> list:
    return [artist for artist in axes.get_children() if artist.get_gid() == gid]


def test_the_gap_is_the_one_that_calculus_gives_and_lies_under_its_bound():
    left, _ = chord().axes
    (line,) = artists(left, "chord")
    (a, c) = line.get_xdata()
    assert c - a == pytest.approx(2 * np.pi / 9)
    np.testing.assert_allclose(line.get_ydata(), np.sin([a, c]))
    slope = (np.sin(c) - np.sin(a)) / (c - a)
    widest = np.arccos(slope)  # where the arc runs along the chord
    gap = np.sin(widest) - np.sin(a) - slope * (widest - a)
    said = " ".join(words.get_text() for words in left.texts)
    assert f"gap {gap:.3f}" in said
    assert f"h²/8 allows {(c - a) ** 2 / 8:.3f}" in chord().alt
    assert f"{gap:.3f} at most" in chord().alt
    (arrow,) = artists(left, "gap arrow")
    assert arrow.xy[1] == pytest.approx(np.interp(arrow.xy[0], [a, c], np.sin([a, c])))
    assert arrow.xyann[1] == pytest.approx(np.sin(arrow.xyann[0]))
    assert arrow.xyann[1] - arrow.xy[1] == pytest.approx(gap, rel=1e-4)


def test_measured_errors_are_those_of_chords_and_their_ratios_are_said():
    _, right = chord().axes
    (measured,), (bound,) = artists(right, "measured"), artists(right, "bound")
    counts = [4, 8, 16, 32, 64]
    x = np.linspace(0, 2 * np.pi, 200_001)
    worst = []
    for n in counts:
        points = np.linspace(0, 2 * np.pi, n + 1)
        worst.append(np.abs(np.interp(x, points, np.sin(points)) - np.sin(x)).max())
    np.testing.assert_allclose(measured.get_xdata(), counts)
    np.testing.assert_allclose(measured.get_ydata(), worst, rtol=1e-4)
    np.testing.assert_allclose(bound.get_ydata(), np.pi**2 / 2 / np.square(counts))
    assert (np.asarray(bound.get_ydata()) > measured.get_ydata()).all()
    ratios = [words.get_text() for words in right.texts if words.get_text().startswith("÷")]
    assert ratios == [f"÷ {r:.1f}" for r in np.divide(worst[:-1], worst[1:])]


def test_a_guess_stands_where_it_would_put_32_hinges():
    _, right = chord(2).axes
    (measured,), (diamond, words) = artists(right, "measured"), artists(right, "mine")
    if not hasattr(diamond, "get_xdata"):
        diamond, words = words, diamond
    assert diamond.get_xdata() == [32]
    assert diamond.get_ydata()[0] == pytest.approx(measured.get_ydata()[2] / 2)
    assert words.get_ha() == "left"
    assert not artists(chord().axes[1], "mine")


@pytest.mark.parametrize("guess", [0, -2, float("nan"), "b"])
def test_a_guess_that_is_no_ratio_is_refused(guess):
    with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
        chord(guess)
    assert caught.value.do
