"""Small language models: their letters, their rates, and what two referees find."""

import itertools

import numpy as np
import pytest
import torch
from pictures.variants import made

from relukit.lessons.variants.experiments import bits
from relukit.statistics import interval


def test_a_window_is_six_letters_and_the_one_that_follows():
    data = bits.windows(3)
    text = "".join(bits.SYMBOLS[i] for i in bits._letters())
    for x, y in zip(data.x_test[:50], data.y_test[:50], strict=True):
        places = x.view(bits.CONTEXT, -1).argmax(1).tolist()
        letters = "".join(bits.SYMBOLS[i] for i in [*places, int(y)])
        assert letters in text
    assert float(data.x_train.square().mean()) == pytest.approx(1)


def test_what_chooses_a_rate_is_no_part_of_the_test():
    kept, chosen = (bits.windows(5, choosing=choosing) for choosing in (False, True))
    rows = [{tuple(row.tolist()) for row in part.nonzero()[:, 1].view(-1, 6)}
            for part in (kept.x_test, chosen.x_test)]  # fmt: skip
    shared = len(rows[0] & rows[1]) / len(rows[0])
    assert shared < 0.2  # words that come again, and no more


@pytest.mark.slow
@pytest.mark.parametrize("arm", bits.ARMS)
def test_each_model_has_the_rate_that_needs_the_fewest_bits_elsewhere(arm):
    found = bits.tried(arm)
    assert found[bits.OWN[arm]] < min(found.values()) + 0.01
    assert bits.RATES[0] < bits.OWN[arm] < bits.RATES[-1]


@pytest.mark.slow
def test_the_lesson_says_what_the_referees_find():
    at_one = {arm: bits.bits(arm, bits.USUAL) for arm in bits.ARMS}
    best = at_one.pop("ReLU²")
    assert max(best) < min(itertools.chain(*at_one.values()))
    found = bits.two_referees()
    assert found["gap at one rate"].mean == pytest.approx(0.29, abs=0.02)
    assert found["gap at their own rates"].mean == pytest.approx(0.04, abs=0.015)
    assert found["gap at their own rates"].low > 0
    own = {arm: bits.bits(arm, bits.OWN[arm]) for arm in ("ReLU²", "ReLU", "tanh")}
    for arm, told in (("ReLU", (0.035, 0.02, 0.05)), ("tanh", (0.02, -0.01, 0.04))):
        gap = interval([b - a for a, b in zip(own["ReLU²"], own[arm], strict=True)])
        assert (gap.mean, gap.low, gap.high) == pytest.approx(told, abs=0.012)
    for arm, values in {**at_one, "ReLU²": best}.items():
        assert np.mean(bits.bits(arm, bits.OWN[arm])) < np.mean(values) - 0.1


@pytest.mark.slow
def test_the_pictures_show_the_means_of_both_referees_and_the_seeds_of_the_first():
    (axes,) = made("referees").axes
    shown = {a.get_gid(): a.get_xdata() for a in axes.get_lines()}
    written = {a.get_gid(): a.get_text() for a in axes.texts}
    (first,) = made("one referee").axes
    seeds = {a.get_gid(): a.get_xdata() for a in first.get_lines()}
    for arm in bits.ARMS:
        usual, own = bits.bits(arm, bits.USUAL), bits.bits(arm, bits.OWN[arm])
        for values, rate, label in ((usual, "usual", "bits"), (own, "own", "bits of its own")):
            assert list(shown[f"{arm} {rate}"]) == pytest.approx([np.mean(values)])
            assert written[f"{label} {arm}"] == f"{np.mean(values):.2f}"
        assert list(seeds[f"seeds {arm}"]) == pytest.approx(usual)
    assert not [gid for gid in seeds if str(gid).endswith(" own")]


@pytest.mark.slow
def test_what_a_model_writes_goes_on_from_a_word():
    text = bits.written("ReLU", bits.USUAL, letters=20)
    assert text.startswith(" units")
    assert len(text) == 26
    assert set(text) <= set(bits.SYMBOLS)


def test_every_letter_of_the_text_is_known():
    assert torch.bincount(bits._letters(), minlength=27).min() > 0
