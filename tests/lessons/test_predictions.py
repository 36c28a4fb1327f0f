"""What the lessons' questions ask is what their experiments measure: oracles of other making."""

from types import SimpleNamespace

import pytest
import torch
from scipy import stats

from relukit.datasets import digits
from relukit.ledger.setting import STATED
from relukit.lessons.dying.experiments import meaning
from relukit.lessons.history.experiments.timeline import five_curves
from relukit.lessons.initialization.experiments import likeness
from relukit.lessons.variants.experiments import lead
from relukit.lessons.variants.experiments.trained import builder
from relukit.networks import mlp
from relukit.training import tuned


def test_the_years_of_the_five_curves_are_those_of_their_papers():
    years = {"Householder": 1941, "Tobin": 1958, "Fukushima": 1969, "Hahnloser": 2000}
    assert five_curves() == {**years, "Primer": 2021}


@pytest.mark.slow
def test_units_that_are_silent_on_ten_images_are_counted_one_by_one():
    shares = []
    for seed in range(1000, 1016):
        a, silent, units = digits(seed=seed).x_train[:10], 0, 0
        for layer in mlp((64, 32, 32, 32, 10), scheme="he_normal", seed=seed)[:-1]:
            a = layer(a)
            if isinstance(layer, torch.nn.ReLU):
                silent += sum(bool((a[:, unit] == 0).all()) for unit in range(a.shape[1]))
                units += a.shape[1]
        shares.append(100 * silent / units)
    found = meaning.ten_images()["silent on 10 images"]
    assert 100 * found.mean == pytest.approx(sum(shares) / 16)
    low, high = stats.t.interval(0.95, 15, loc=sum(shares) / 16, scale=stats.sem(shares))
    assert (100 * found.low, 100 * found.high) == pytest.approx((low, high))


@pytest.mark.slow
def test_the_cosine_after_each_depth_is_near_to_that_of_infinite_width():
    expected = likeness.predicted_cosines(20)
    for (what, found), layer in zip(likeness.cosines_by_layer().items(), (1, 5, 20), strict=True):
        assert f" {layer} layer" in what
        assert found.mean == pytest.approx(expected[layer], abs=0.02)
        assert found.n == 16


def test_the_lead_is_paired_by_seed_and_read_off_at_its_step(monkeypatch):
    def runs(name, setting):
        assert setting.seeds == range(1000, 1016)
        accuracy = torch.arange(13) / 100 + torch.arange(16).reshape(1, 16, 1) / 10
        measured = accuracy + 0.05 * (name == "silu")
        at = torch.arange(0, 2401, 200)
        return SimpleNamespace(measured_at=at, measured={"test_accuracy": measured})

    monkeypatch.setattr(lead, "trained", runs)
    lead.accuracies.cache_clear()
    shown = lead.lead_of_silu()
    lead.accuracies.cache_clear()  # nobody else is to find these
    for found in shown.values():  # seeds differ much, and pairs not at all
        assert (found.low, found.high) == pytest.approx((5, 5))


@pytest.mark.slow
def test_the_rate_of_the_lead_is_the_best_of_its_grid_for_both_and_lies_inside():
    for name in ("relu", "silu"):
        found = tuned(
            builder(name, "mnist1d"),
            STATED.dataset("mnist1d"),
            rates=lead.RATES,
            steps=lead.STEPS,
            seeds=2,
            tuning_seeds=range(100, 104),
            optimizer="adam",
            progress=False,
        )
        assert found.rate == lead.RATE, (name, found.scores.mean(1))
