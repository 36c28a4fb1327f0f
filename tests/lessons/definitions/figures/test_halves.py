"""Which share of a signal's power a rectifier keeps, against integrals and torch's own layers."""

import math
from fractions import Fraction

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from relukit.errors import InvalidValueError
from relukit.ledger import questions
from relukit.lessons.definitions import figures
from relukit.lessons.definitions.experiments import halves


@given(st.lists(st.floats(-1e3, 1e3), min_size=1).filter(lambda x: any(abs(v) > 1e-3 for v in x)))
def test_a_signal_and_its_mirror_image_share_the_whole_power(values):
    x = torch.tensor(values, dtype=torch.float64)
    assert halves.kept(x) + halves.kept(-x) == pytest.approx(1)
    assert halves.kept(torch.cat([x, -x])) == pytest.approx(0.5)


def test_the_loaded_coin_has_mean_0_and_keeps_what_its_two_faces_say():
    x = halves.signals()["loaded"]
    assert sorted(set(x.tolist())) == [-1, 3]
    assert x.mean() == pytest.approx(0)
    assert halves.kept(torch.as_tensor(x)) == pytest.approx(float(Fraction(9, 4) / 3))
    assert halves.loaded_coin() == {"share of the power kept": pytest.approx(0.75)}


def test_the_values_of_the_normal_signal_are_normal():
    assert stats.kstest(halves.signals()["normal"], "norm").pvalue > 0.99


@pytest.mark.slow
def test_a_fresh_layer_keeps_half_and_trained_ones_more():
    found = halves.shares()
    fresh, first, second = (found[name] for name in halves.LAYERS)
    assert fresh.low < 0.5 < fresh.high
    assert fresh.high < first.low < first.high < second.low
    z = halves.layers()["layer 2, trained"][0]
    by_hand = float((z.clamp(min=0) ** 2).sum() / (z**2).sum())
    assert halves.kept(z) == pytest.approx(by_hand, rel=1e-5)


def test_the_questions_are_answered_by_16_seeds():
    (off,) = halves.biases_of_one().values()
    assert off.n == 16
    # z is normal with variance 2 about the bias: off below -1 / sqrt(2) of its deviation
    assert off.low < stats.norm.cdf(-1 / math.sqrt(2)) < off.high


@pytest.mark.slow
def test_the_picture_shows_the_measured_shares_and_says_which_are_half():
    picture = figures.halves()
    right = picture.axes[-1]
    kept = [bar.get_width() for bar in right.patches if bar.get_gid() == "kept"]
    lost = [bar.get_width() for bar in right.patches if bar.get_gid() == "lost"]
    assert [a + b for a, b in zip(kept, lost, strict=True)] == pytest.approx([100] * 7)
    assert kept[:3] == pytest.approx([50] * 3, abs=0.01)
    assert kept[-1] == pytest.approx(75, abs=0.1)
    assert "half of a sine, a fair coin, ±1, bell-shaped noise, digits, layer 1, fresh" in (
        picture.alt
    )


def test_the_bell_s_bars_hold_everything_and_its_words_are_the_normal_law_s():
    axes = figures.bell().axes[0]
    heights = {
        gid: sum(bar.get_height() for bar in axes.patches if bar.get_gid() == gid)
        for gid in ("on", "off")
    }
    assert sum(heights.values()) == pytest.approx(100, abs=0.2)
    assert heights["off"] == pytest.approx(50, abs=1)
    told = {}
    for text in axes.texts:
        if "below" in text.get_text():
            share, *_, at = text.get_text().replace("\N{MINUS SIGN}", "-").split()
            told[float(at)] = int(share)
    assert told == {
        at: pytest.approx(100 * stats.norm.cdf(at / math.sqrt(2)), abs=1) for at in (-1.5, -0.5, 0)
    }
    (asked,) = (q.asks for q in questions(lesson="02_definitions") if q.id == "bias-of-one")
    assert all(f"{share} %" in asked and f"below {at:g}" in asked for at, share in told.items())


def test_a_bias_moves_the_bell_and_its_title_says_what_is_measured():
    picture = figures.bell(1)
    (off,) = halves.biases_of_one().values()
    assert f"{100 * off.mean:.0f} % are off" in picture.axes[0].get_title(loc="left")
    with pytest.raises(InvalidValueError, match="from -2 to 2"):
        figures.bell(3)
