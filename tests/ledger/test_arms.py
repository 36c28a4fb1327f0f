"""An arm of a comparison is tuned on the data, the rule and the budget that a setting asks for."""

import pytest

from relukit.datasets import digits
from relukit.ledger import arms
from relukit.ledger.setting import Setting
from relukit.networks import mlp
from relukit.training import SGD, Adam, train

pytestmark = pytest.mark.usefixtures("one_thread")


def build(seed):
    return mlp((64, 8, 10), seed=seed)


def test_the_runs_are_those_of_a_training_at_the_rate_that_was_chosen():
    found = arms.best_of(build, "digits", rates=(0.03, 0.1, 0.3), steps=3)
    again = train(
        build,
        lambda seed: digits(seed=seed),
        lr=found.rate,
        steps=3,
        seeds=range(1000, 1016),
        optimizer=SGD(momentum=0.9),
        progress=False,
    )
    assert found.runs.values("test_accuracy").equal(again.values("test_accuracy"))


def test_a_setting_changes_data_rates_rule_steps_and_seeds(monkeypatch):
    monkeypatch.setattr(arms, "tuned", lambda *given, **options: (given, options))
    setting = Setting(range(2000, 2016), data="mnist1d", rule="adam", budget=2)
    given, options = arms.best_of(
        build, "digits", rates=(0.1, 0.3), steps=5, setting=setting, tuning_seeds=(7,)
    )
    assert given[1](2000).n_features == 40
    expected = {
        "rates": (0.01, 0.03),
        "steps": 10,
        "seeds": range(2000, 2016),
        "tuning_seeds": (7,),
        "optimizer": Adam(),
    }
    assert options.items() >= expected.items()


def test_data_of_its_own_stay(monkeypatch):
    monkeypatch.setattr(arms, "tuned", lambda *given, **_: given)
    own = digits
    setting = Setting(data="mnist1d")
    assert arms.best_of(build, own, rates=(0.1, 0.3), steps=5, setting=setting)[1] is own
