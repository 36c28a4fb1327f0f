"""Lesson 06's experiments: against closed forms and plain loops, and what the prose states."""

import itertools
import math

import numpy as np
import pytest
import torch
from scipy.stats import kendalltau
from torch import nn
from torch.nn.functional import conv2d, cross_entropy

from relukit.datasets import digits
from relukit.ledger.setting import STATED, Setting
from relukit.lessons.training.experiments import (
    arms,
    coding,
    comparison,
    convolution,
    curves,
    deep,
    linear,
    products,
    recurrence,
    scaling,
    sparsity,
    speed,
    stopping,
    updates,
)
from relukit.networks import autoencoder, mlp, recurrent
from relukit.statistics import paired_difference
from relukit.streams import generator
from relukit.training import Factors, Record, batch, train

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_thread")]


def test_an_arm_at_its_best_is_a_plain_loop_on_the_split_of_its_own_seed():
    found = arms.at_its_best("tanh", rates=(0.03, 0.1, 0.3), steps=4)
    assert found.seeds == tuple(STATED.seeds)
    assert not set(found.tuning_seeds) & set(found.seeds)
    seed, data = STATED.seeds[3], digits(seed=STATED.seeds[3])
    network = mlp(arms.WIDTHS, "tanh", seed=seed)
    optimizer = torch.optim.SGD(network.parameters(), lr=found.rate, momentum=0.9)
    for step in range(4):
        rows = batch(len(data.x_train), 64, seed=seed, step=step)
        optimizer.zero_grad()
        cross_entropy(network(data.x_train[rows]), data.y_train[rows]).backward()
        optimizer.step()
    right = (network(data.x_test).argmax(dim=1) == data.y_test).double().mean().item()
    assert arms.seed_accuracies(found)[3] == pytest.approx(right, abs=2 / 450)


def test_a_changed_setting_reaches_the_network_its_data_and_its_steps():
    setting = Setting(data="mnist1d", width=0.5, depth=3, budget=0.5, rule="adam")
    found = arms.at_its_best("relu", rates=(0.1, 0.3), steps=4, setting=setting)
    shapes = [tuple(p.shape[1:]) for name, p in found.runs.parameters.items() if "weight" in name]
    assert shapes == [(16, 40), (16, 16), (16, 16), (10, 16)]
    assert found.runs.loss.shape[-1] == 2
    assert found.rate < 0.1


def test_an_arm_is_trained_as_a_plain_loop_trains_it():
    data = digits()
    runs = arms.sweep_rates("tanh", data, (0.1,), steps=5)
    network = mlp(arms.WIDTHS, "tanh", seed=4)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
    for step in range(5):
        rows = batch(len(data.x_train), 64, seed=4, step=step)
        loss = nn.functional.cross_entropy(network(data.x_train[rows]), data.y_train[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        assert runs.loss[0, 4, step].item() == pytest.approx(loss.item(), rel=1e-4)


def test_growth_is_the_norm_after_training_over_the_norm_before_it():
    found = scaling.best("raw")
    seed = found.seeds[2]
    after = found.runs.network(seed=seed)[0].weight.norm()
    expected = (after / mlp(arms.WIDTHS, seed=seed)[0].weight.norm()).item()
    assert scaling.growth(found)[2].item() == pytest.approx(expected, rel=1e-5)


def test_agreement_is_kendalls_tau_by_counting_pairs():
    scores = torch.randn(5, 6, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    for seed, tau in enumerate(comparison.agreement_with_the_rest(scores)):
        rest = scores[:, [j for j in range(6) if j != seed]].mean(1)
        signs = [
            math.copysign(1, (scores[i, seed] - scores[k, seed]) * (rest[i] - rest[k]))
            for i, k in itertools.combinations(range(5), 2)
        ]
        assert tau == pytest.approx(np.mean(signs))


def test_a_seed_that_ranks_nothing_agrees_with_nothing():
    scores = torch.tensor([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]])
    assert comparison.agreement_with_the_rest(scores)[0] == 0.0


def test_the_two_editions_of_the_tutorial_rank_the_activations_differently():
    """The tables as printed: tanh, ReLU, leaky, ELU, Swish in PyTorch and in JAX."""
    pytorch, jax = (87.59, 88.62, 88.92, 87.27, 88.73), (88.57, 88.65, 88.33, 88.32, 88.33)
    assert kendalltau(pytorch, jax).statistic < 0.5
    assert np.argmax(pytorch) != np.argmax(jax)


def test_all_differences_from_relu_stay_within_the_margin_as_the_lesson_says():
    accuracies = [comparison.accuracies(name) for name in comparison.ACTIVATIONS]
    for rival in accuracies[1:]:
        found = paired_difference(rival, accuracies[0], margin=0.01)
        assert found.verdict == "the same within the margin"


@pytest.mark.parametrize("lr", [0.001, 0.01, 0.03])
def test_in_20_layers_selu_is_ahead_at_every_rate(lr):
    relu, selu = (comparison.deep_at(name, lr) for name in ("relu", "selu"))
    assert np.mean(selu) > np.mean(relu) + 0.1


def test_the_fastest_rate_is_chosen_on_other_seeds_and_most_arrive_soon():
    assert speed.raced("relu", "digits").axes["seed"] == tuple(range(100, 108))
    for name, course in (("relu", "digits"), ("tanh", "digits"), ("sigmoid", "digits")):
        means = speed.raced(name, course).steps_to(0.75).mean(1).tolist()
        rate = speed.fastest(name, course, 0.25)
        assert means[speed.ARMS[name, course][0].index(rate)] == min(means)
        assert speed.own_steps(name, course, 0.25).median() <= 40


def test_in_a_race_twice_the_width_is_twice_the_filters(monkeypatch):
    monkeypatch.setattr(speed, "train", lambda build, *_, **__: build(0))
    for factor, filters in ((1, [4, 8]), (2, [8, 16])):
        setting = Setting(width=factor)
        found = speed.raced.__wrapped__("tanh", "digits, convolutional", setting)
        assert [m.out_channels for m in found if isinstance(m, nn.Conv2d)] == filters


@pytest.mark.parametrize("arm", speed.ARMS)
def test_the_fastest_rate_of_a_race_has_a_neighbour_on_either_side(arm):
    means = speed.raced(*arm).steps_to(0.75).mean(1)
    assert 0 < means.argmin() < len(means) - 1


def test_no_activation_comes_near_six_times_the_steps_of_relu():
    assert speed.ratio("sigmoid", "digits", 0.25).mean() < 4
    assert speed.ratio("tanh", "digits", 0.25).mean() < 1


def test_training_stops_seven_epochs_after_the_last_new_best():
    plain = [0.1] * 20
    assert stopping.stopping_epoch(plain) == 8
    assert stopping.stopping_epoch([*plain[:7], 0.2]) is None
    assert stopping.stopping_epoch([*plain[:7], 0.2, *plain]) == 15
    assert stopping.stopping_epoch(np.linspace(0, 1, 50).tolist()) is None


def test_early_stopping_reports_the_best_that_it_saw():
    assert stopping.reported([0.1, 0.3, *[0.2] * 7, 0.9]) == 0.3
    assert stopping.reported([0.1, 0.3, *[0.2] * 5, 0.9]) == 0.9


def test_stopping_is_decided_on_a_fifth_of_the_training_images_and_not_on_the_test_part():
    right = 270 * stopping.curves()  # of 1,347
    torch.testing.assert_close(right, right.round(), rtol=0, atol=1e-3)
    assert stopping.plateau().loss.shape[-1] == 40 * ((1347 - 270) // 128)


def test_left_alone_all_networks_leave_the_plateau_and_their_loss_falls_on_it():
    assert (stopping.curves()[:, -1] > 0.5).all()
    loss = stopping.plateau().measured["test_loss"].mean(0)
    assert loss[12] < loss[8] < loss[4]
    assert abs(float(loss[8]) - math.log(10)) < 0.05


@pytest.mark.parametrize("gradient", [1.0, -3.0, 2.0**-10])
def test_the_first_step_of_sgd_is_the_rate_times_the_gradient(gradient):
    assert updates.first_step(torch.optim.SGD, gradient) == 0.125 * abs(gradient)


@pytest.mark.parametrize("gradient", [1.0, -3.0, 2.0**-10])
def test_the_first_step_of_adam_is_the_rate_whatever_the_gradient(gradient):
    expected = 0.125 * abs(gradient) / (abs(gradient) + 1e-8)
    assert updates.first_step(torch.optim.Adam, gradient) == pytest.approx(expected, rel=1e-12)


def test_without_a_draw_the_weights_are_those_of_the_seed_itself():
    generator = torch.Generator().manual_seed(5)
    torch.rand(0, generator=generator)
    own, plain = mlp(arms.WIDTHS, seed=generator), mlp(arms.WIDTHS, seed=5)
    assert torch.equal(own[0].weight, plain[0].weight)
    torch.rand(1, generator=generator.manual_seed(5))
    assert not torch.equal(mlp(arms.WIDTHS, seed=generator)[0].weight, plain[0].weight)


def test_a_running_mean_is_the_mean_of_each_window_and_keeps_a_nan():
    loss = torch.tensor([[1.0, 2.0, 6.0, torch.nan]])
    means = curves.smooth(loss, window=3)
    assert means[0, 0] == 3.0
    assert means[0, 1].isnan()


def test_the_loss_decides_what_became_of_a_network():
    half, most = 0.5 * math.log(10), 0.9 * math.log(10)
    ends = [half - 0.01, half + 0.01, most - 0.01, most + 0.01, 300.0, math.inf]
    loss = torch.tensor(ends, dtype=torch.float64)[:, None].expand(6, 20)
    assert curves.fates(loss) == [
        "learn", "on the way", "on the way", "at chance", "at chance", "diverged",
    ]  # fmt: skip


def test_at_rate_1_relu_fails_in_silence_and_leaky_relu_loudly():
    place = curves.RATES.index(1.0)
    assert set(curves.fates(curves.trained("relu").loss[place])) == {"at chance"}
    assert set(curves.fates(curves.trained("leaky_relu").loss[place])) == {"diverged"}


@pytest.mark.parametrize("depth", [1, 2, 6])
def test_the_rescaled_sigmoid_network_computes_what_the_tanh_network_computes(depth):
    x = torch.randn(20, 64, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    tanh = deep.deep_network("tanh, orthogonal", depth, 3).double()
    sigmoid = deep.deep_network("sigmoid, orthogonal", depth, 3).double()
    assert torch.allclose(tanh(x), sigmoid(x), atol=1e-5)
    assert not torch.allclose(tanh(x), deep.deep_network("ReLU, He", depth, 3).double()(x))


@pytest.mark.parametrize("arm", deep.ARMS)
def test_every_arm_has_the_layers_and_the_weights_that_its_name_says(arm):
    network = deep.deep_network(arm, 10, 0)
    layers = [layer for layer in network if isinstance(layer, nn.Linear)]
    assert [layer.out_features for layer in layers] == [32] * 10 + [10]
    assert type(network[1]).__name__.lower() == arm.lower().split(", ")[0]
    middle = torch.stack([layer.weight.detach() for layer in layers[1:-1]])
    if "orthogonal" in arm:
        gain = {"sigmoid": 4.0, "ReLU": math.sqrt(2), "tanh": 1.0}[arm.split(", ")[0]]
        assert torch.allclose(middle @ middle.mT, gain**2 * torch.eye(32), atol=1e-4)
    else:
        expected = {"He": 2 / 32, "Xavier": 1 / 32}[arm.split(", ")[1]]
        assert float(middle.var()) == pytest.approx(expected, rel=0.06)


def test_the_rate_of_an_arm_lies_inside_its_grid_and_other_seeds_have_chosen_it():
    found = deep.best("ReLU, He", 10)
    assert found.grid[0] < found.rate < found.grid[-1]
    assert found.tuning_seeds == tuple(range(100, 104))
    assert found.seeds == tuple(STATED.seeds)


def test_orthogonal_weights_take_tanh_and_sigmoid_past_relu_in_30_layers_as_the_lesson_says():
    found = {arm: np.mean(deep.accuracies(arm, deep.MANY)) for arm in deep.ARMS}
    assert min(found["tanh, orthogonal"], found["sigmoid, orthogonal"]) > found["ReLU, He"] + 0.01
    assert found["sigmoid, Xavier"] < 0.12
    assert found["tanh, Xavier"] > 0.8
    assert found["ReLU, He"] == pytest.approx(2 / 3, abs=0.04)  # two of three
    assert found["ReLU, orthogonal"] == pytest.approx(4 / 5, abs=0.04)  # four of five


def test_a_layer_with_xaviers_weights_and_rectifiers_keeps_half_of_the_mean_square():
    assert np.mean([deep.second_moment_kept(seed) for seed in range(8)]) == pytest.approx(
        0.5, abs=0.01
    )


def test_the_fresh_layer_is_as_wide_as_the_setting_asks(monkeypatch):
    shapes = []
    monkeypatch.setattr(
        deep, "initialize", lambda layer, *_, **__: shapes.append(layer.weight.shape)
    )
    for setting in (STATED, Setting(width=0.25)):
        deep.second_moment_kept(0, setting)
    assert shapes == [(512, 512), (128, 128)]


def test_a_network_that_answers_0_is_counted_as_silent():
    x, y = linear.parabola()
    assert torch.equal(y, x**2)
    nothing = float((y**2).mean())
    assert linear.silent((nothing, nothing / 2, 0.0, nothing + 1e-6, nothing - 1e-6)) == 3


def test_without_penalty_the_plain_loop_gives_what_the_engine_gives():
    data = digits()
    plain = sparsity.train_with_weight_penalty(0.0, lambda seed: data, steps=4, seeds=(0, 5))
    runs = train(
        lambda seed: mlp(sparsity.WIDTHS, scheme="he_normal", seed=seed),
        data,
        lr=sparsity.RATE,
        steps=4,
        batch_size=sparsity.BATCH,
        optimizer="adam",
        seeds=(0, 5),
    )
    for network, seed in zip(plain, (0, 5), strict=True):
        expected = runs.network(seed=seed)(data.x_test)
        assert torch.allclose(network(data.x_test), expected, atol=2e-3)


def test_with_a_penalty_each_seed_is_what_a_plain_loop_of_one_network_gives():
    plain = sparsity.train_with_weight_penalty(
        0.02, lambda seed: digits(seed=seed), steps=4, seeds=(0, 5)
    )
    data = digits(seed=5)
    network = mlp(sparsity.WIDTHS, scheme="he_normal", seed=5)
    start = sum(float(p.detach().abs().sum()) for p in network.parameters() if p.ndim == 2)
    optimizer = torch.optim.Adam(network.parameters(), lr=sparsity.RATE)
    for step in range(4):
        rows = batch(len(data.x_train), sparsity.BATCH, seed=5, step=step)
        loss = cross_entropy(network(data.x_train[rows]), data.y_train[rows])
        loss = loss + 0.02 * sum(p.abs().sum() for p in network.parameters() if p.ndim == 2)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert torch.allclose(plain[1](data.x_test), network(data.x_test), atol=2e-3)
    end = sum(float(p.detach().abs().sum()) for p in plain[1].parameters() if p.ndim == 2)
    assert end < start - 50


def test_steps_to_a_level_are_those_of_the_first_measurement_there_and_102_if_there_is_none():
    assert all(2 <= steps <= 98 and steps % 2 == 0 for steps in sparsity.steps_to_level(0.0))
    assert sparsity.steps_to_level(0.0, level=1.1) == (102,) * 16


@pytest.fixture
def few_codes(monkeypatch):
    """Autoencoders that have hardly been trained, in place of the experiment's."""

    def data(seed):
        drawn = digits(scaling="unit", seed=seed)
        return drawn.x_train, drawn.x_train, drawn.x_test, drawn.x_test

    runs = train(
        lambda seed: autoencoder((64, coding.N_CODES), seed=seed),
        data,
        lr=0.001,
        factors=Factors(l1_activations=coding.PENALTIES),
        steps=2,
        optimizer="adam",
        seeds=2,
        record=Record(every=2, layers=True),
    )
    monkeypatch.setattr(coding, "codes", lambda setting=STATED: runs)
    return runs


def test_zeros_and_errors_of_codes_are_those_of_the_networks(few_codes):
    data = digits(scaling="unit", seed=1)
    network = few_codes.network(seed=1, l1_activations=0.001)
    with torch.no_grad():
        code, image = network.code(data.x_train), network(data.x_test)
    assert coding.zeros(0.001)[1] == pytest.approx(float((code == 0).double().mean()), abs=1e-4)
    error = float((image - data.x_test).square().mean())
    assert coding.errors(0.001)[1] == pytest.approx(error, rel=1e-4)


def test_features_are_the_decoders_columns_of_the_most_used_codes(few_codes):
    images = coding.features(0.01, seed=1, n=3)
    network = few_codes.network(seed=1, l1_activations=0.01)
    used = network.code(digits(scaling="unit", seed=1).x_train).mean(dim=0).tolist()
    order = sorted(range(coding.N_CODES), key=lambda k: -used[k])
    assert images.shape == (3, 8, 8)
    for image, k in zip(images, order, strict=False):
        one = torch.zeros(coding.N_CODES)
        one[k] = 1.0
        added = network.decoder(one) - network.decoder(torch.zeros(coding.N_CODES))
        assert torch.allclose(image.flatten(), added.detach(), atol=1e-6)


def test_the_variance_is_what_the_mean_image_leaves():
    data = digits(scaling="unit")
    train_part, test_part = data.x_train.double().numpy(), data.x_test.double().numpy()
    expected = np.mean((test_part - train_part.mean(axis=0)) ** 2)
    assert coding.variance() == pytest.approx(expected, rel=1e-5)


def test_pooling_and_rectifier_commute_for_the_maximum_only():
    z, pools = torch.tensor([[[-1.0, 1.0], [-1.0, 1.0]]]), convolution.POOLS
    assert pools["average"](z.relu()) == 0.5
    assert pools["average"](z).relu() == 0
    maps = convolution.filter_maps()
    assert torch.equal(pools["max"](maps.relu()), pools["max"](maps).relu())
    assert not torch.equal(pools["average"](maps.relu()), pools["average"](maps).relu())


def test_filter_maps_are_the_convolutions_of_the_images():
    network = convolution.convolutional(scheme="he_normal", seed=2)
    images = digits().x_test.view(-1, 1, 8, 8)
    with torch.no_grad():
        expected = conv2d(images, network[1].weight, network[1].bias, padding=1)
    assert torch.allclose(convolution.filter_maps(2), expected, atol=1e-5)


def test_the_identity_keeps_the_gradient_exactly():
    assert [recurrence.gradient_decades("ReLU, identity", seed) for seed in range(3)] == [0.0] * 3


@pytest.mark.parametrize("arm", ["ReLU, He", "tanh, orthogonal"])
def test_the_gradient_through_time_is_the_product_of_the_steps(arm):
    activation, scheme, *_ = recurrence.ARMS[arm]
    weight = recurrent((2, 100, 1), activation, scheme=scheme, seed=4, dtype=torch.float64)
    weight = weight.recurrent.weight.detach().numpy()
    draws = torch.randn(2, 100, generator=generator(4, "states"), dtype=torch.float64)
    h, back = draws[0].abs().numpy(), draws[1].numpy()
    jacobian = np.eye(100)
    for _ in range(5):
        z = weight @ h
        h = np.tanh(z) if activation == "tanh" else np.maximum(z, 0)
        slope = 1 - h**2 if activation == "tanh" else (z > 0).astype(float)
        jacobian = slope[:, None] * weight @ jacobian
    expected = np.log10(np.linalg.norm(back @ jacobian) / np.linalg.norm(back))
    assert recurrence.gradient_decades(arm, 4, steps=5) == pytest.approx(expected, abs=1e-9)


def test_the_written_out_step_follows_torchs_lstm_over_a_sequence():
    torch.manual_seed(3)
    lstm = nn.LSTM(2, 4, dtype=torch.float64)
    cell = nn.LSTMCell(2, 4, dtype=torch.float64)
    cell.load_state_dict({k.removesuffix("_l0"): v for k, v in lstm.state_dict().items()})
    x = torch.randn(6, 5, 2, dtype=torch.float64)
    outputs, (_, last) = lstm(x)
    h = c = torch.zeros(5, 4, dtype=torch.float64)
    for t in range(6):
        h, c = recurrence.lstm_step(cell, x[t], h, c)
        assert torch.allclose(h, outputs[t], atol=1e-12)
    assert torch.allclose(c, last[0], atol=1e-12)


def test_columns_of_zeros_can_be_left_out_of_a_product():
    generator = torch.Generator().manual_seed(0)
    x, weight = torch.randn(7, 9, generator=generator), torch.randn(9, 4, generator=generator)
    x[:, 2:8] = 0
    assert torch.allclose(products.left_out(x, weight), x @ weight, atol=1e-6)


def test_every_product_is_timed():
    times = products.times_of_products(64, rounds=3)
    assert list(times) == ["no zeros", "50 % zeros", "95 % zeros", "95 % zeros, left out"]
    assert all(seconds > 0 for seconds in times.values())
