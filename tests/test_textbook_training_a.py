"""Lesson 06's experiments on training: their helpers against oracles, and what the prose states."""

import itertools
import math

import numpy as np
import pytest
import torch
from scipy.stats import kendalltau
from torch import nn

from relukit.datasets import digits
from relukit.lessons.training.experiments import (
    arms,
    comparison,
    curves,
    scaling,
    speed,
    stopping,
    updates,
)
from relukit.networks import mlp
from relukit.training import batch


@pytest.fixture(autouse=True)
def one_thread():
    """Networks this small wait for a second thread more than they gain, on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_a_seeds_rate_is_the_best_of_the_others_by_brute_force():
    scores = torch.randn(5, 7, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for seed, chosen in enumerate(arms.best_for_the_others(scores).tolist()):
        others = [j for j in range(7) if j != seed]
        means = [scores[i, others].mean().item() for i in range(5)]
        assert chosen == int(np.argmax(means))


def test_a_seed_has_no_say_in_its_own_rate():
    scores = torch.tensor([[0.0, 0.5, 0.5], [9.0, 0.0, 0.0]])
    assert arms.best_for_the_others(scores).tolist()[0] == 0
    assert arms.at_own_rate(scores).tolist()[0] == 0.0


def test_values_may_be_taken_at_the_rate_that_other_scores_choose():
    scores = torch.tensor([[1.0, 1.0], [0.0, 0.0]])
    values = torch.tensor([[5.0, 6.0], [7.0, 8.0]])
    assert arms.at_own_rate(values, scores).tolist() == [5.0, 6.0]


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
    runs = scaling.scaled("raw")
    position = arms.best_for_the_others(arms.final_accuracy(runs))[2].item()
    network = runs.network(seed=2, lr=scaling.RATES[position])
    before = mlp(arms.WIDTHS, seed=2)[0].weight.norm()
    expected = (network[0].weight.norm() / before).item()
    assert scaling.growth("raw")[2].item() == pytest.approx(expected, rel=1e-5)


def test_wins_are_counted_and_ties_shared_out():
    scores = torch.tensor([[3.0, 1.0, 2.0], [3.0, 2.0, 1.0], [1.0, 2.0, 0.0]])
    assert comparison.shares_of_wins(scores).tolist() == pytest.approx([1.5 / 3, 1 / 3, 0.5 / 3])


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
    found = comparison.differences()
    assert set(found) == set(comparison.ACTIVATIONS) - {"relu"}
    assert {c.verdict for c in found.values()} == {"no difference shown"}
    assert abs(found["selu"].difference.mean) < comparison.MARGIN


def test_in_20_layers_selu_is_ahead_at_every_rate():
    relu = arms.final_accuracy(comparison.deep("relu", "he_normal"))
    selu = arms.final_accuracy(comparison.deep("selu", "lecun_normal"))
    assert ((selu - relu).mean(1) > 0.1).all()


def test_steps_are_counted_to_the_first_measurement_at_the_level():
    class Fake:
        measured_at = torch.tensor([0, 5, 10])
        measured = {  # noqa: RUF012
            "test_accuracy": torch.tensor([[0.1, 0.8, 0.7], [0.1, 0.2, 0.3], [0.76, 0.1, 0.1]])
        }

    assert speed.steps_to(Fake, 0.25).tolist() == [5.0, 15.0, 0.0]


def test_steps_are_taken_at_the_fastest_rate_and_everybody_arrives_there():
    for name, course in (("relu", "digits"), ("tanh", "digits"), ("sigmoid", "digits")):
        steps = speed.steps_to(speed.raced(name, course), 0.25)
        own = speed.own_steps(name, course, 0.25)
        assert own.mean() == steps.mean(1).min()
        assert own.max() <= 110


@pytest.mark.parametrize("arm", [arm for arm in speed.ARMS if "mnist1d" not in arm])
def test_the_fastest_rate_of_a_race_has_a_neighbour_on_either_side(arm):
    means = speed.steps_to(speed.raced(*arm), 0.25).mean(1)
    assert 0 < means.argmin() < len(means) - 1


@pytest.mark.parametrize("name", comparison.ACTIVATIONS)
def test_the_chosen_rate_of_an_activation_has_a_neighbour_on_either_side(name):
    mean = arms.final_accuracy(comparison.compared(name)).mean(1)
    assert 0 < mean.argmax() < len(mean) - 1


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
