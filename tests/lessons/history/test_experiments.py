"""The helpers of lesson 01's experiments agree with closed forms and with brute force."""

import itertools
import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from scipy import integrate, stats
from scipy.special import expit

from relukit.activations import noisy_relu
from relukit.datasets import digits
from relukit.diagnostics import zeros_at_the_start
from relukit.errors import InvalidValueError
from relukit.ledger import Setting, claims
from relukit.lessons.history.experiments import (
    boltzmann,
    chaos,
    circuits,
    comparison,
    edges,
    noise,
    stages,
)
from relukit.lessons.history.experiments.neurons import firing_rate
from relukit.lessons.history.experiments.readout import Parts, read_out
from relukit.lessons.history.experiments.stepped import noisy_relu_moments, stepped_sigmoid_moments
from relukit.lessons.history.experiments.timeline import KINDS, THEMES, read_timeline, timeline
from relukit.lessons.history.experiments.tobit import (
    censored_sample,
    fit_line,
    fit_tobit,
    fit_unit,
    tobit_mean,
)

pytestmark = pytest.mark.slow
ENTRY = """
[[entry]]
year = 1969
who = "A"
short = "b"
what = "b"
source = "c"
kind = "unit"
theme = "vision"
"""


@pytest.mark.parametrize("strength", [0.1, 0.8, 0.99])
def test_two_units_share_one_steady_state_while_inhibition_is_below_1(strength):
    (state,) = circuits.steady_states(circuits.mutual_inhibition(strength), np.ones(2))
    assert state.stable
    assert np.allclose(state.rates, 1 / (1 + strength))


def test_beyond_1_one_of_two_units_wins_and_the_shared_state_is_unstable():
    states = circuits.steady_states(circuits.mutual_inhibition(1.2), np.ones(2))
    assert {(s.active, s.stable) for s in states} == {((0,), True), ((1,), True), ((0, 1), False)}


def test_every_steady_state_stays_and_only_stable_ones_come_back():
    generator = np.random.default_rng(3)
    for seed in range(8):
        weight, drive = circuits.random_inhibition(seed), generator.uniform(0.5, 1.5, 5)
        states = circuits.steady_states(weight, drive)
        assert any(state.stable for state in states)
        for state in states:
            moved = np.maximum(weight @ state.rates + drive, 0)
            assert np.allclose(moved, state.rates, atol=1e-10)
            pushes = state.rates + 1e-4 * generator.standard_normal((6, 5))
            ends = circuits.settle(weight, drive, np.maximum(pushes, 0), dt=0.2, steps=4000)[-1]
            assert np.allclose(ends, state.rates, atol=1e-5) == state.stable


def test_no_active_unit_is_a_steady_state_without_drive():
    (state,) = circuits.steady_states(circuits.mutual_inhibition(0.5), -np.ones(2))
    assert (state.active, state.stable) == ((), True)


def test_a_course_in_small_steps_follows_an_adaptive_solver():
    weight, drive = circuits.mutual_inhibition(1.2), np.ones(2)
    course = circuits.settle(weight, drive, np.array([0.1, 0.9]), dt=0.001, steps=3000)
    exact = integrate.solve_ivp(
        lambda _, x: -x + np.maximum(weight @ x + drive, 0), (0, 3), [0.1, 0.9], rtol=1e-9
    )
    assert np.allclose(course[-1], exact.y[:, -1], atol=2e-3)


def test_permitted_sets_of_five_units_by_determinants():
    """Sylvester: I - W is positive definite exactly if its leading minors are positive."""
    pairs = [(circuits.random_inhibition(s), u) for s in range(16) for u in circuits.subsets(5)]
    for weight, units in pairs:
        block = np.eye(len(units)) - weight[np.ix_(units, units)]
        minors = [np.linalg.det(block[:k, :k]) for k in range(1, len(units) + 1)]
        assert circuits.is_permitted(weight, units) == (min(minors) > 0)


def test_three_units_can_be_forbidden_though_each_pair_of_them_is_permitted():
    """The lesson's circuit: 125 (and 1235) beside the seven sets that contain the pair 14."""
    weight = circuits.random_inhibition(1)
    forbidden = {s for s in circuits.subsets(5) if not circuits.is_permitted(weight, s)}
    with_the_pair = {s for s in circuits.subsets(5) if {0, 3} <= set(s)}
    assert forbidden == with_the_pair | {(0, 1, 4), (0, 1, 2, 4)}
    assert circuits.above_a_forbidden_pair() == {"permitted sets that contain the pair": 0}


def test_closure_sees_an_exception_in_a_rule_that_is_not_closed(monkeypatch):
    monkeypatch.setattr(circuits, "is_permitted", lambda _, units: len(units) != 2)
    below, above = circuits.closure(np.zeros((3, 3)))
    assert below < 1
    assert above < 1


def test_far_from_the_edge_a_row_of_receptors_has_the_plateau_of_a_uniform_field():
    rates = edges.edge_response(edges.step_of_light())
    assert rates[-1] == pytest.approx(30 / (1 + 2 * edges.REACH * edges.STRENGTH), rel=1e-3)
    assert rates[0] == pytest.approx(10 / (1 + 2 * edges.REACH * edges.STRENGTH), rel=1e-2)
    light = edges.step_of_light()
    assert np.allclose(edges.edge_response(light, strength=0.0), light)
    assert (rates >= 0).all()


@pytest.mark.parametrize("light", [edges.step_of_light(60), edges.gradient_of_light(60)])
def test_without_inhibition_no_transition_is_accentuated(light):
    assert np.allclose(edges.edge_response(light, strength=0.0), light)
    rates = edges.edge_response(light)
    assert rates.max() > 1.02 * rates[-1]
    assert rates.min() < 0.98 * rates[0]


def test_weak_inhibition_at_an_edge_is_a_linear_system():
    light = edges.step_of_light()
    wide = np.pad(light, 36, mode="edge")
    solved = np.linalg.solve(np.eye(len(wide)) - edges.neighbours(len(wide), strength=0.05), wide)
    assert np.allclose(edges.edge_response(light, strength=0.05), solved[36:-36], atol=1e-9)


@pytest.mark.parametrize(("u", "s"), [(0.5, 1.0), (-1.3, 0.4), (2.0, 3.0)])
def test_the_noisy_rate_is_the_integral_of_a_rectified_normal(u, s):
    density = lambda x: x * stats.norm.pdf(x, u, s)  # noqa: E731
    exact, _ = integrate.quad(density, 0, max(u, 0) + 12 * s)
    assert noise.noisy_rate(u, s) == pytest.approx(exact, rel=1e-8)
    assert tobit_mean(u, s) == pytest.approx(exact, rel=1e-8)
    assert noise.noisy_rate(u, 0.0) == max(u, 0.0)


def test_the_power_law_fit_finds_a_power_law():
    u = np.linspace(-1, 2, 100)
    assert np.allclose(noise.power_law_fit(u, 0.2 * (u + 1.6) ** 1.9), (0.2, -1.6, 1.9), rtol=1e-4)


def test_half_widths_solve_the_tuning_without_noise_on_paper():
    for contrast in (1.0, 2.0, 4.0):
        level = (2 * contrast + 1) / (4 * contrast)
        assert noise.half_width(contrast, noise=0.0) == pytest.approx(
            30 * math.sqrt(-2 * math.log(level))
        )
    assert math.isnan(noise.half_width(0.5, noise=0.0))
    for contrast in noise.CONTRASTS:
        width = noise.half_width(contrast)
        assert noise.tuned_rate(width, contrast) == pytest.approx(
            noise.tuned_rate(0.0, contrast) / 2
        )


def test_a_rate_that_no_turn_of_the_bar_halves_has_no_half_width():
    """Noise 4 at contrast 0.5: from a peak at u = 0 the rate falls to that at u = -1 only."""
    foot, peak = noise.noisy_rate(np.array([-1.0, 0.0]), 4.0)
    assert foot > peak / 2
    assert noise.half_width(0.5, noise=4.0) == math.inf


def test_the_tuning_keeps_its_width_only_under_the_conditions_that_the_lesson_names():
    def spread(level, contrasts=noise.CONTRASTS):
        widths = [noise.half_width(c, noise=level) for c in contrasts]
        return max(widths) / min(widths)

    assert spread(1.0) < 1.25
    assert min(spread(0.5), spread(2.0), spread(1.0, (0.25, *noise.CONTRASTS))) > 1.25
    assert noise.half_width(1e4) == pytest.approx(30 * math.sqrt(2 * math.log(2)), rel=1e-3)


def test_the_limits_of_the_likeness_to_a_neuron_are_as_the_lesson_says():
    on = [1 - np.mean(zeros_at_the_start(seed)) for seed in range(16)]
    assert np.mean(on) == pytest.approx(0.5, abs=0.03)
    assert firing_rate(100.0) / firing_rate(50.0) < 1.1


def test_the_widths_that_are_sketched_are_those_of_noise_as_large_as_the_threshold():
    """Half of the peak by a scan of angles, for the five contrasts of the question."""
    degrees = np.linspace(0, 90, 90_001)
    for contrast, width in zip(
        (0.25, 0.5, 1, 2, 4), noise.widths_under_noise().values(), strict=True
    ):
        rate = noise.tuned_rate(degrees, contrast)
        assert width == pytest.approx(degrees[np.argmax(rate < rate[0] / 2)], abs=0.06)


def test_a_model_neuron_is_silent_at_threshold_and_bounded_by_its_refractory_time():
    assert firing_rate(1.0) == 0
    assert firing_rate(0.0) == 0
    assert 490 < firing_rate(1e6) <= 500
    interval = 1000 / firing_rate(2.0) - 2  # ms from reset to threshold
    assert 2.0 * (1 - math.exp(-interval / 20)) == pytest.approx(1.0)


def test_the_exponent_of_a_network_that_cannot_be_chaotic_is_that_of_its_jacobian():
    """All units on, x' = -x + g J x + b (1 - mean): the exponent is the largest real part."""
    n = 40
    matrix = chaos.couplings(0, n)
    symmetric = (matrix + matrix.T)[None] / 2
    course = chaos.run((0.2,), symmetric, wait=600, steps=1200)
    on = course.rates[-1, 0, 0]
    assert (on > 0).all()
    full = 0.2 * symmetric[0].double() - torch.eye(n).double() - chaos.BALANCE / n
    largest = torch.linalg.eigvals(full).real.max().item()
    euler = math.log(1 + chaos.DT * largest) / chaos.DT
    assert course.exponents.item() == pytest.approx(euler, abs=2e-3)


def test_the_common_feedback_holds_back_a_push_of_all_units_together():
    """J = 5.5 / n everywhere: the mean follows m' = -m + 5.5 m + 5 (1 - m) = 5 - m / 2."""
    course = chaos.run((1.0,), torch.full((1, 30, 30), 5.5 / 30), wait=400, steps=100)
    assert course.exponents.item() == pytest.approx(math.log(1 - chaos.DT / 2) / chaos.DT, abs=1e-3)
    assert course.rates[-1].flatten().tolist() == pytest.approx([10.0] * 4, rel=1e-3)


def test_a_network_without_coupling_forgets_a_push_at_the_rate_of_its_units():
    course = chaos.run((1.0,), torch.zeros(2, 30, 30), wait=100, steps=100)
    assert course.exponents.flatten().tolist() == pytest.approx(
        [math.log(1 - chaos.DT) / chaos.DT] * 2, abs=1e-4
    )
    assert course.rates.shape == (100, 2, 1, 4)


def test_as_many_units_are_on_at_rest_as_in_an_endless_network():
    """Sampled: with x = a + z and g^2 E[x_+^2] = 1, the share of x above 0 is that of the root."""
    course = chaos.population()
    for gain, shares in zip(course.gains, course.on.T, strict=True):
        if gain**2 < 2:
            assert shares.mean().item() == pytest.approx(chaos.resting_share(gain), abs=0.02)
    x = stats.norm.ppf(0.681) + np.random.default_rng(0).standard_normal(1_000_000)
    gain = 1 / math.sqrt((np.maximum(x, 0) ** 2).mean())
    assert chaos.resting_share(gain) == pytest.approx(0.681, abs=0.002)


def test_a_push_on_an_endless_network_neither_grows_nor_shrinks_at_the_root_of_2():
    (critical,) = chaos.critical_gain().values()
    assert critical == pytest.approx(math.sqrt(2))
    assert critical**2 * chaos.resting_share(critical) == pytest.approx(1)
    assert 1.2**2 * chaos.resting_share(1.2) < 1


def test_the_gain_at_which_a_network_turns_is_read_off_straight_lines(monkeypatch):
    rows = [[-4.0, -3, -2, -1, 1, 2, 3], [-1.0, 1, 1, 1, 1, 1, 1]]
    seen = SimpleNamespace(exponents=torch.tensor(rows))
    monkeypatch.setattr(chaos, "population", lambda setting: seen)
    assert chaos.turning_gain().mean == pytest.approx((1.7 + 1.1) / 2)


def test_the_tobit_fit_has_no_gradient_left_and_beats_other_parameters():
    sample = censored_sample(5, n=500)
    x, y = sample.T

    def log_likelihood(a, b, s):
        mean = a + b * x
        return np.where(y > 0, stats.norm.logpdf(y, mean, s), stats.norm.logcdf(0, mean, s)).sum()

    best = np.array(fit_tobit(sample))
    top = log_likelihood(*best)
    for which, step in itertools.product(range(3), (-0.01, 0.01)):
        other = best.copy()
        other[which] += step
        assert log_likelihood(*other) < top


def test_fits_of_noiseless_data_find_the_truth_and_the_line_does_not():
    sample = censored_sample(1, noise=0.0)
    assert np.allclose(fit_unit(sample), (0.5, 1.5), atol=1e-6)
    assert fit_line(sample)[1] < 1.2
    (b, a), x = np.polyfit(*sample.T, 1), sample[:, 0]
    assert np.allclose(fit_line(sample), (a, b))
    assert np.allclose(sample[:, 1], np.maximum(0.5 + 1.5 * x, 0))


def test_the_share_of_zeros_in_censored_data_is_the_normal_one():
    """y is 0 where 0.5 + 1.5 x + z < 0, whose deviation is sqrt(1.5^2 + 1)."""
    zeros = np.mean([(censored_sample(seed)[:, 1] == 0).mean() for seed in range(16)])
    assert zeros == pytest.approx(stats.norm.cdf(-0.5 / math.hypot(1.5, 1)), abs=0.01)


def test_stepped_sigmoid_moments_are_those_of_coins():
    generator = np.random.default_rng(0)
    on = generator.random((100_000, 60)) < expit(1.3 - np.arange(1, 61) + 0.5)
    mean, variance = stepped_sigmoid_moments(1.3)
    assert mean == pytest.approx(on.sum(1).mean(), abs=0.02)
    assert variance == pytest.approx(on.sum(1).var(), abs=0.02)
    assert abs(mean - np.logaddexp(0, 1.3)) < 0.011


@pytest.mark.parametrize("x", [-1.0, 0.0, 2.5])
def test_noisy_relu_moments_are_those_of_a_sample(x):
    drawn = noisy_relu(torch.full((400_000,), x, dtype=torch.float64), seed=1)
    mean, variance = noisy_relu_moments(x)
    assert mean == pytest.approx(drawn.mean().item(), abs=0.005)
    assert variance == pytest.approx(drawn.var().item(), abs=0.006)


def test_the_misread_noise_at_zero_has_half_the_variance():
    """At 0 the logistic is 1/2: variance 1/2 against deviation 1/2, so variance 1/4."""
    right, misread = (noisy_relu_moments(0.0, logistic_is=r)[1] for r in ("variance", "deviation"))
    assert misread == pytest.approx(right / 2)
    assert right == pytest.approx((1 - 1 / math.pi) / 4)


def test_binary_states_are_coins_with_the_sigmoids_probability():
    noise_drawn = torch.randn(200_000, generator=torch.Generator().manual_seed(0))
    states = boltzmann.sampled(torch.tensor(0.7), "binary", noise_drawn)
    assert set(states.unique().tolist()) == {0.0, 1.0}
    assert states.mean().item() == pytest.approx(expit(0.7), abs=0.005)


def test_a_machine_learns_to_reconstruct_and_a_member_does_not_see_the_others():
    x = torch.stack([digits(seed=seed).x_train for seed in (0, 1)])
    for kind in boltzmann.KINDS:
        both = boltzmann.fit(kind, x, (0, 1), (0.01, 0.03), epochs=2)
        alone = boltzmann.fit(kind, x[1:], (1,), (0.03,), epochs=2)
        assert torch.allclose(both.weight[3], alone.weight[0], atol=1e-4)
        hidden = boltzmann.features(alone.input_of_hidden(x[1:]), kind)
        error = (hidden @ alone.weight.mT + alone.visible_bias - x[1]).square().mean()
        assert error < 0.9 * x[1].square().mean()


def test_images_that_do_not_fill_a_batch_wait_for_the_next_pass(monkeypatch):
    sizes, plain = [], boltzmann.sampled

    def sampled(z, kind, drawn):
        sizes.append(z.shape[1])
        return plain(z, kind, drawn)

    monkeypatch.setattr(boltzmann, "sampled", sampled)
    boltzmann.fit("binary", digits().x_train[None, :131], (0,), (0.1,), epochs=2)
    assert sizes == [64] * 4


def test_a_machine_that_did_not_stay_finite_reads_nothing_and_the_others_keep_their_share():
    parts = Parts.of([digits(seed=seed) for seed in (0, 1)])
    right = boltzmann.accuracy_of("noisy rectified", parts, (0, 1), (0.01, 30.0), epochs=1)
    assert right.shape == (2, 2)
    assert (right[:, 0] > 0.8).all()
    assert (right[:, 1] == 0).all()


def test_a_machines_rate_is_chosen_on_validation_parts_and_other_seeds(monkeypatch):
    asked = []

    def accuracy_of(kind, parts, seeds, rates, *, epochs):
        asked.append((kind, len(parts.x_train[0]), tuple(seeds), rates))
        best = 0.1 if kind == "binary" else 0.03
        score = torch.tensor([0.9 - abs(rate - best) for rate in rates], dtype=torch.float64)
        return score.expand(len(seeds), -1)

    monkeypatch.setattr(boltzmann, "accuracy_of", accuracy_of)
    found = boltzmann.machine_accuracies.__wrapped__(Setting())
    assert found == {kind: (0.9,) * 16 for kind in boltzmann.KINDS}
    for kind, best in zip(boltzmann.KINDS, (0.03, 0.1), strict=True):
        (choosing, measured) = (call for call in asked if call[0] == kind)
        assert choosing[1:] == (1077, tuple(range(100, 108)), boltzmann.RATES)
        assert measured[1:] == (1347, tuple(range(1000, 1016)), (best,))


def test_a_best_rate_at_the_edge_of_the_grid_is_refused(monkeypatch):
    edge = lambda kind, parts, seeds, rates, **_: torch.tensor([rates])  # noqa: E731
    monkeypatch.setattr(boltzmann, "accuracy_of", edge)
    with pytest.raises(InvalidValueError, match="inside"):
        boltzmann.machine_accuracies.__wrapped__(Setting())


def test_an_unknown_kind_of_hidden_unit_is_refused():
    with pytest.raises(InvalidValueError, match="binary"):
        boltzmann.features(torch.zeros(1), "binery")


def test_the_read_out_of_each_member_is_scikit_learns_ridge():
    from sklearn.linear_model import Ridge

    sets = [digits(seed=seed) for seed in (3, 4)]
    parts = Parts.of(sets)
    found = read_out(parts.x_train.double(), parts.x_test.double(), parts)
    for data, share in zip(sets, found, strict=True):
        target = torch.nn.functional.one_hot(data.y_train, 10).double().numpy()
        x = data.x_train.double()
        spread = x.var(0, correction=0).mean().item()
        ridge = Ridge(alpha=1e-2 * spread * len(target)).fit(x.numpy(), target)
        right = (ridge.predict(data.x_test.numpy()).argmax(1) == data.y_test.numpy()).mean()
        assert share.item() == pytest.approx(right)


def test_parts_are_the_members_data_in_order():
    sets = [digits(seed=seed) for seed in (3, 4)]
    some = Parts.of(sets).first(300).at(torch.tensor([1, 1]))
    assert some.x_train.shape == (2, 300, 64)
    for member in range(2):
        assert torch.equal(some.x_train[member], sets[1].x_train[:300])
        assert torch.equal(some.y_test[member], sets[1].y_test)


def test_pooled_features_are_means_of_four_rectified_responses():
    generator = torch.Generator().manual_seed(0)
    image, filters = torch.randn(1, 64, generator=generator), torch.ones(2, 1, 3, 3)
    filters[1] = torch.randn(1, 3, 3, generator=generator)
    found = stages.pooled(image, filters, "absolute value of tanh").view(2, 3, 3)
    pixels, total = image.view(8, 8), 0.0
    for row, column in itertools.product((2, 3), (4, 5)):  # the four places of pooled (1, 2)
        patch = pixels[row : row + 3, column : column + 3]
        total += abs(math.tanh((patch * filters[1, 0]).sum().item()))
    assert found[1, 1, 2].item() == pytest.approx(total / 4, rel=1e-5)


def test_contrast_normalization_ignores_brightness_and_contrast():
    maps = torch.rand(3, 4, 6, 6, generator=torch.Generator().manual_seed(0))
    found = stages.normalized(maps)
    assert torch.allclose(stages.normalized(5 * maps + 2), found, atol=1e-4)
    inner = maps[0, :, 1:4, 2:5]  # the neighbourhood of place (2, 3)
    centred = maps - torch.nn.functional.avg_pool2d(
        torch.nn.functional.pad(maps.mean(1, keepdim=True), (1, 1, 1, 1), "replicate"), 3, 1
    )
    assert centred[0, :, 2, 3].tolist() == pytest.approx((maps[0, :, 2, 3] - inner.mean()).tolist())
    assert stages.normalized(torch.ones(1, 2, 4, 4)).abs().max() < 1e-3


def test_learned_filters_are_centred_and_look_like_patches_of_the_images():
    images = torch.zeros(40, 8, 8)
    images[:, :, 4:] = 1.0  # one upright edge
    filters = stages.learned_filters(images.view(40, 64) + 1e-3 * torch.randn(40, 64), seed=0)
    assert filters.shape == (16, 1, 3, 3)
    assert filters.mean((1, 2, 3)).abs().max() < 1e-5
    strongest = filters[filters.square().sum((1, 2, 3)).argmax(), 0]
    assert torch.allclose(strongest, strongest[:1].expand(3, 3), atol=0.05)
    assert strongest[0, 2] - strongest[0, 0] > 0.5


def test_one_factor_of_a_stage_changes_at_a_time_and_gains_are_against_the_plain_one(monkeypatch):
    shares = {
        (stages.PLAIN, ()): 0.5,
        ("positive part of tanh", ()): 0.6,
        ("absolute value of tanh", ()): 0.4,
        (stages.PLAIN, ("normalize",)): 0.53,
        (stages.PLAIN, ("learned",)): 0.58,
    }

    def accuracy(name=stages.PLAIN, *, setting, **factors):
        assert all(factors.values())
        return tuple(shares[name, tuple(factors)] + 0.001 * seed for seed in range(16))

    monkeypatch.setattr(stages, "stage_accuracies", accuracy)
    gains = [value.mean for value in stages.rectification_matters().values()]
    assert gains == pytest.approx([0.1, -0.1, 0.07, 0.02], abs=1e-6)


def test_a_lead_is_the_first_less_the_second_and_adam_trains_one_arm_alone(monkeypatch):
    level, rules = {"relu": 0.9, "tanh": 0.8, "sigmoid": 0.5}, []

    def accuracies(name, *, setting, **_):
        rules.append((name, setting.rule))
        return tuple(level[name] + 0.001 * seed for seed in range(16))

    monkeypatch.setattr(comparison, "accuracies", accuracies)
    leads = [value.mean for value in comparison.deeper_networks().values()]
    assert leads == pytest.approx([0.4, 0.1] * 2)
    assert [v.mean for v in comparison.tanh_is_more_practical().values()] == pytest.approx(
        [0.3] * 2
    )
    rules.clear()
    comparison.deep_by_the_rectifier()
    assert rules == [("relu", None)] * 3 + [("relu", "adam"), ("tanh", None)]


def test_an_arm_is_tuned_on_its_setting_and_measured_on_a_split_for_each_seed(monkeypatch):
    asked = []

    def tuned(build, data, **options):
        asked.append((build(1000), data, options))
        values = {"test_accuracy": torch.full((16,), 0.9)}
        return SimpleNamespace(runs=SimpleNamespace(values=values.__getitem__))

    monkeypatch.setattr("relukit.ledger.arms.tuned", tuned)
    setting = Setting(width=0.5, rule="adam", budget=2)
    arm = comparison.accuracies.__wrapped__("tanh", depth=2, year="1998", setting=setting)
    assert arm == pytest.approx([0.9] * 16)
    ((network, data, options),) = asked
    layers = [m for m in network.modules() if isinstance(m, torch.nn.Linear)]
    assert [(m.in_features, m.out_features) for m in layers] == [(64, 32), (32, 32), (32, 10)]
    assert layers[0].weight.std().item() == pytest.approx(1 / 8, rel=0.1)
    assert options["steps"] == 500
    assert options["seeds"] == setting.seeds
    assert options["rates"] == (0.001, 0.003, 0.01)
    assert not torch.equal(data(1000).x_test, data(1001).x_test)


def test_comparisons_of_two_kinds_of_data_refuse_a_change_of_the_data():
    for experiment in (comparison.deeper_networks, comparison.tanh_is_more_practical):
        with pytest.raises(InvalidValueError, match="MNIST-1D"):
            experiment(Setting(data="mnist1d"))


def test_a_random_network_just_short_of_a_forbidden_set_rests_in_one_state():
    for seed in range(4):
        stretch = circuits.largest_stretch(seed)
        weight = circuits.random_inhibition(seed)
        allowed = weight * (0.9 / stretch / -weight.min())
        assert all(circuits.is_permitted(allowed, units) for units in circuits.subsets(5))
        assert circuits.most_stable_states(seed, strength=0.9 / stretch) == 1
        assert circuits.most_stable_states(seed, strength=1.2) > 1


def test_the_timeline_runs_from_1941_to_2025_and_every_entry_says_all():
    entries = timeline()
    assert (entries[0].year, entries[-1].year) == (1941, 2025)
    assert len(entries) == len({(e.year, e.who, e.what) for e in entries}) >= 60
    assert {e.year for e in entries if e.measured} == {2009, 2010, 2011, 2012, 2013}
    for entry in entries:
        assert entry.who
        assert entry.what.endswith(".")
        assert len(entry.source) > 8
        assert entry.century == (20 if entry.year <= 2000 else 21)


def test_the_filters_of_the_timeline_split_it_without_loss():
    everything = set(timeline())
    for name, values in (("kind", KINDS), ("theme", THEMES), ("century", (20, 21))):
        parts = [timeline(**{name: value}) for value in values]
        assert sum(map(len, parts)) == len(everything)
        assert set().union(*parts) == everything
        assert all(parts)
    some = timeline(kind="network", theme="biology", century=20)
    assert some
    assert all((e.kind, e.theme, e.century) == ("network", "biology", 20) for e in some)


@pytest.mark.parametrize(
    "wrong", [{"kind": "unti"}, {"theme": "music"}, {"century": 19}, {"century": "20"}]
)
def test_a_filter_that_no_entry_could_fit_is_refused(wrong):
    with pytest.raises(InvalidValueError):
        timeline(**wrong)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ENTRY.replace('kind = "unit"', 'kind = "song"'), "song"),
        (ENTRY.replace('who = "A"\n', ""), "who"),
        (ENTRY + "extra = 1\n", "extra"),
        (ENTRY + ENTRY.replace("1969", "1941"), "by year"),
    ],
)
def test_a_damaged_timeline_is_refused(text, message):
    with pytest.raises(InvalidValueError, match=message):
        read_timeline(text)


def test_the_year_2000_belongs_to_the_20th_century():
    one, other = read_timeline(ENTRY.replace("1969", "2000") + ENTRY.replace("1969", "2001"))
    assert (one.century, other.century) == (20, 21)


def test_every_row_that_the_lesson_answers_for_has_a_claim():
    rows = {c.row for c in claims(lesson="01_history")}
    assert {*range(1, 16), *range(22, 26), 41, 42, 59, 60, 77, 91, 93} <= rows
