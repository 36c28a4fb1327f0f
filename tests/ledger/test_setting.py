"""A setting changes what it says, and nothing else."""

import pytest
import torch

from relukit import datasets
from relukit.datasets import digits, load, mnist1d
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.ledger import STATED, Setting
from relukit.ledger import setting as settings
from relukit.networks import mlp
from relukit.training import SGD, Adam, tuned
from relukit.training.tuning import TUNING_SEEDS

WIDTHS = (64, 32, 16, 10)
RATES = (0.01, 0.03, 0.1, 0.3)


def test_as_stated_nothing_changes():
    assert STATED.seeds == range(1000, 1016)
    assert STATED.widths(WIDTHS) == WIDTHS
    assert STATED.steps(300) == 300
    assert STATED.optimizer("adam") == Adam()
    assert STATED.rates(RATES) == STATED.rates(RATES, "adam") == RATES
    assert (STATED.name, STATED.changes) == ("as stated", {})
    assert STATED.only() is STATED
    data, other = STATED.dataset("digits", scaling="raw")(7), digits(scaling="raw", seed=7)
    assert torch.equal(data.x_test, other.x_test)


def test_seeds_that_explored_chose_and_decide_have_nothing_in_common():
    purposes = (settings.EXPLORED, settings.CHOOSING, STATED.seeds)
    assert sum(map(len, purposes)) == len(set().union(*purposes))
    assert {*TUNING_SEEDS} <= {*settings.CHOOSING}
    with pytest.raises(InvalidValueError, match="chosen bounds or learning rates"):
        Setting(seeds=range(settings.CHOOSING[-1], 300))
    assert "0 to 99 explored; 100 to 199 choose" in STATED.purposes
    assert Setting(seeds=range(3000, 3016)).purposes.endswith("3000 to 3015 decide")


def test_every_word_of_the_command_line_changes_its_own_thing():
    found = Setting.parse(seeds="1000:1032", data="mnist1d", width="2x", depth="6",
                          optimizer="adam", steps="5x")  # fmt: skip
    assert found == Setting(range(1000, 1032), "mnist1d", 2.0, 6, "adam", 5.0)
    assert hash(found) == hash(Setting(range(1000, 1032), "mnist1d", 2, 6, "adam", 5))
    assert found.name == "MNIST-1D, width x2, depth 6, Adam, steps x5, seeds 1000 to 1031"
    assert list(found.changes) == ["data", "width", "depth", "optimizer", "steps"]
    assert found.widths(WIDTHS) == (40, 64, 32, 32, 32, 32, 32, 10)
    assert found.steps(300) == 1500
    assert found.optimizer(SGD(momentum=0.9)) == Adam()
    assert Setting.parse() == STATED
    for text, factor in (("0.5x", 0.5), ("3", 3.0), (" 1.5x ", 1.5), (".25x", 0.25), ("2×", 2.0)):
        assert Setting.parse(width=text).width == factor


@pytest.mark.parametrize(
    ("setting", "widths"),
    [
        (Setting(depth=1), (64, 32, 10)),
        (Setting(depth=4), (64, 32, 16, 16, 16, 10)),
        (Setting(width=0.01), (64, 1, 1, 10)),
        (Setting(data="digits"), WIDTHS),
    ],
)
def test_widths_are_scaled_cut_and_lengthened_between_inputs_and_outputs(setting, widths):
    assert setting.widths(WIDTHS) == widths


def test_rates_move_with_the_optimizer_and_keep_their_ratios():
    rules = {"sgd": SGD(), "momentum": SGD(momentum=0.9), "adam": Adam()}
    usual = {"sgd": (0.1, 0.3, 1.0), "momentum": (0.01, 0.03, 0.1), "adam": (0.001, 0.003, 0.01)}
    for own, grid in usual.items():
        for changed, wanted in usual.items():
            assert Setting(rule=changed).rates(grid, rules[own]) == wanted
    assert Setting(rule="adam").rates(RATES) == (0.001, 0.003, 0.01, 0.03)


@pytest.mark.parametrize("name", ["digits", "mnist1d"])
def test_the_shapes_are_those_of_the_data(name):
    data = load(name)
    assert settings.SHAPES[name] == (data.n_features, data.n_classes)


def test_data_are_drawn_anew_for_each_seed_out_of_one_pool(monkeypatch):
    calls = []
    monkeypatch.setattr(datasets, "load", lambda *a, **k: calls.append(a) or load(*a, **k))
    settings._pool.cache_clear()
    settings._drawn.cache_clear()
    draw = Setting(data="mnist1d").dataset("digits", scaling="unit")
    one, other, pool = draw(1000), draw(1001), mnist1d()
    assert calls == [("mnist1d",)]
    assert draw(1000) is one
    assert len(one.x_train) == 4000
    assert one.y_test.bincount().sub(100).abs().max() < 25
    assert not torch.equal(one.x_test, other.x_test)
    everything = torch.cat([pool.x_train, pool.x_test])
    for data in (one, other):
        assert torch.equal(
            torch.cat([data.x_train, data.x_test]).sort(0).values, everything.sort(0).values
        )
    raw = STATED.dataset("digits", scaling="raw")
    assert raw(1000).x_test.max() == 16
    assert not torch.equal(raw(1000).x_test, raw(1001).x_test)


def test_an_experiment_says_which_changes_it_can_take():
    changed = Setting(data="mnist1d", budget=2)
    assert changed.only("data", "steps", "width") is changed
    with pytest.raises(InvalidValueError, match="changes of steps, which are what"):
        changed.only("steps")
    with pytest.raises(InvalidValueError, match="the seeds alone"):
        changed.only()


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Setting(seeds=range(1000, 1015)), InvalidValueError, "16 to 10,000 seeds"),
        (lambda: Setting(seeds=range(190, 300)), InvalidValueError, "from 200 to"),
        (lambda: Setting(seeds=[1000]), InvalidTypeError, "a range of seeds"),
        (lambda: Setting(data="minst1d"), InvalidValueError, "did you mean 'mnist1d'"),
        (lambda: Setting(data="moons"), InvalidValueError, "Known names: digits, mnist1d"),
        (lambda: Setting(rule="adamw"), InvalidValueError, "did you mean 'adam'"),
        (lambda: Setting(width=0), InvalidValueError, "width"),
        (lambda: Setting(budget="5x"), InvalidTypeError, "budget"),
        (lambda: Setting(depth=0), InvalidValueError, "depth from 1 to 1000"),
        (lambda: Setting.parse(seeds="1000-1032"), InvalidValueError, "write 1000:1032"),
        (lambda: Setting.parse(seeds="1032:1000"), InvalidValueError, "16 to 10,000 seeds"),
        (lambda: Setting.parse(width="double"), InvalidValueError, "width such as 2x"),
        (lambda: Setting.parse(width="-2x"), InvalidValueError, "width such as 2x"),
        (lambda: Setting.parse(steps="0x"), InvalidValueError, "budget"),
        (lambda: Setting.parse(depth="6x"), InvalidValueError, "depth such as 6"),
        (lambda: Setting.parse(depth="six"), InvalidValueError, "depth such as 6"),
        (lambda: Setting.parse(optimizer="Adam"), InvalidValueError, "did you mean 'adam'"),
        (lambda: STATED.optimizer("rmsprop"), InvalidValueError, "optimizer"),
        (lambda: STATED.dataset("digits", noise=1)(1000), InvalidTypeError, "option of digits"),
        (lambda: STATED.dataset("mnist1d", scaling="raw")(1000), InvalidTypeError, "of mnist1d"),
    ],
)
def test_what_is_no_setting_is_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_a_changed_setting_trains():
    setting = Setting.parse(width="0.5x", depth="1", optimizer="adam", steps="0.1x")
    widths, momentum = setting.widths(WIDTHS), SGD(momentum=0.9)
    found = tuned(
        lambda seed: mlp(widths, seed=seed), setting.dataset("digits"), seeds=setting.seeds,
        rates=setting.rates(RATES), steps=setting.steps(300), tuning_seeds=(100, 101),
        optimizer=setting.optimizer(momentum), device="cpu",
    )  # fmt: skip
    assert found.seeds == tuple(setting.seeds)
    assert found.runs.parameters["0.weight"].shape == (16, 16, 64)
    assert found.runs.interval("test_accuracy").low > 0.5
