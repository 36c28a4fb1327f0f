"""The tasks of lesson 04: their expected values come from elsewhere, their inputs are wide."""

from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
import torch
from torch import nn

from relukit.checks import check
from relukit.checks.counterexample import probes
from relukit.checks.harnesses.keeper import as_keeper
from relukit.checks.registry import task
from relukit.initialization import initialize
from relukit.lessons.dying.experiments import autopsy, meaning
from relukit.lessons.dying.experiments.population import images
from relukit.lessons.dying.tasks.keep_learning import BAR, renewing, tuned
from relukit.lessons.dying.tasks.mend_the_network import ACCURACY
from relukit.lessons.dying.tasks.weights import trained
from relukit.networks import mlp
from relukit.training import LifeLines


def test_expected_dead_units_have_no_output_in_torch():
    for (z,), expected in probes(task("dead_units")):
        a = torch.relu(torch.tensor(z))
        assert np.array_equal((a == 0).all(0).numpy(), expected)


def test_dead_units_meets_nan_infinities_ties_whole_numbers_and_more_than_one_batch():
    arrays = [z for (z,), _ in probes(task("dead_units"))]
    assert {z.dtype.name for z in arrays} >= {"float16", "float32", "float64", "int64"}
    assert any(np.isnan(z).any() for z in arrays)
    assert any(np.isinf(z).any() for z in arrays)
    assert any((z == 0).all() for z in arrays if z.size)
    assert max(len(z) for z in arrays) > 128


def _network(weights, biases):
    layers = []
    for weight, bias in zip(weights, biases, strict=True):
        layers += [nn.Linear(*weight.shape[::-1], dtype=torch.float64), nn.ReLU()]
        with torch.no_grad():
            layers[-2].weight.copy_(torch.tensor(weight))
            layers[-2].bias.copy_(torch.tensor(bias))
    return nn.Sequential(*layers[:-1])


def test_expected_fractions_are_those_that_the_lesson_counts_in_torch():
    seen = set()
    for (weights, biases, x), expected in probes(task("dead_fraction_by_layer")):
        if len(weights) == 1:
            assert expected.shape == (0,)
            continue
        dead = meaning.dead_units(_network(weights, biases), torch.tensor(x))
        assert expected.tolist() == pytest.approx([d.double().mean().item() for d in dead])
        seen |= set(expected.tolist())
    assert len(seen) > 4


def test_expected_probabilities_are_those_of_exact_arithmetic():
    for (width, layers), expected in probes(task("born_dead_probability")):
        with mpmath.workdps(700):
            p = mpmath.mpf(2) ** -width
            assert expected == pytest.approx(float(1 - (1 - p) ** layers), rel=1e-13)
    assert expected > 0


def test_the_probability_bounds_a_share_that_is_counted_over_all_signs():
    """Two units, two layers, one input: 6 weights, of which only the signs matter."""
    born_dead = 0
    for signs in np.ndindex(2, 2, 2, 2, 2, 2):
        first, second = np.array(signs[:2]) * 2 - 1, np.array(signs[2:]).reshape(2, 2) * 2 - 1
        outputs = [np.maximum(second @ np.maximum(first * x, 0), 0) for x in (1, -1)]
        born_dead += not np.any(outputs)
    ((_, bound),) = [pair for pair in probes(task("born_dead_probability")) if pair[0] == (2, 2)]
    assert Fraction(born_dead, 64) <= Fraction(bound)
    assert bound == 7 / 16


def test_expected_life_lines_are_those_of_the_engine():
    for (alive,), expected in probes(task("life_lines")):
        line = LifeLines(torch.tensor(alive))
        counted = (line.births(), line.deaths(), line.revivals())
        for counts, wanted in zip(counted, expected, strict=True):
            assert counts.tolist() == wanted.tolist()


def _deep(alive, layer, *, slope):
    """Return a network whose layers have so many living units, and one dead unit in a layer."""
    rng = torch.Generator().manual_seed(0)
    widths = [2, *[count + 1 for count in alive.tolist()], 3]
    activation = nn.LeakyReLU(slope) if slope else nn.ReLU()
    made = nn.Sequential()
    for i, (n, m) in enumerate(pairwise(widths)):
        linear = nn.Linear(n, m, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.rand(m, n, generator=rng, dtype=torch.float64) - 0.3)
            linear.bias.fill_(0.5 if i < len(alive) else 0.0)
            if i < len(alive):  # the last unit of each hidden layer is off for any input in [0, 1]
                linear.weight[-1] = -linear.weight[-1].abs() - 0.1
                linear.bias[-1] = -1.0
                linear.weight[:-1] = linear.weight[:-1].abs()
        made.append(linear)
        made.append(activation)
    return made[:-1], 2 * (layer - 1)


@pytest.mark.parametrize("velocity", [0.0, 0.5])
def test_what_can_recover_is_what_training_moves(velocity):
    """By brute force: does any step of gradient descent change z of the dead unit?"""
    x = torch.rand(8, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    y = torch.arange(8) % 3
    tried = set()
    for (layer, alive, *more), expected in probes(task("can_it_recover")):
        slope, speed = (*more, 0.0, 0.0)[:2]
        if speed != velocity or abs(slope) not in (0.0, 0.01):
            continue
        made, at = _deep(alive, layer, slope=slope)
        before = made[: at + 1](x)[:, -1].detach()
        assert (before < 0).all()
        optimizer = torch.optim.SGD(made.parameters(), lr=0.1, momentum=0.9 if velocity else 0)
        if velocity:
            for parameter in made[at].parameters():
                push = torch.zeros_like(parameter)
                push[-1] = velocity
                optimizer.state[parameter]["momentum_buffer"] = push
        for _ in range(3):
            optimizer.zero_grad()
            nn.functional.cross_entropy(made(x), y).backward()
            optimizer.step()
        moved = bool((made[: at + 1](x)[:, -1] != before).any())
        assert moved == expected, (layer, alive, slope)
        tried.add((layer > 1, expected))
    assert {answer for _, answer in tried} == ({True} if velocity else {True, False})
    assert {deep for deep, _ in tried} == {True, False}


def test_every_layer_and_both_answers_occur_for_can_it_recover():
    answers = {(layer, e) for (layer, *_), e in probes(task("can_it_recover"))}
    assert answers >= {(layer, e) for layer in (1, 2, 3) for e in (True, False)}


def test_expected_rates_hold_by_definition():
    for (lrs, dead, limit), expected in probes(task("largest_safe_lr")):
        safe = {lr: bool(row.mean() < limit) for lr, row in zip(lrs, dead, strict=True)}
        chain = [lr for lr in lrs if all(safe[other] for other in lrs if other <= lr)]
        assert expected == (max(chain) if chain else 0)


def test_expected_causes_of_death_are_those_of_the_lessons_replay():
    """The lesson's networks are recorded; its own autopsy is the oracle."""
    moments = list(autopsy.replay(3))
    data = images("unit")
    recorded = [d for d in autopsy.deaths(3) if d.seed == 3][:40]
    words = {(1, 0): "own update", (0, 1): "new inputs", (1, 1): "either", (0, 0): "both"}
    first = {}
    for death in recorded:
        first.setdefault((death.layer, death.unit), death)
    for (layer, unit), death in list(first.items())[:12]:
        rows = torch.stack([m.weights[layer - 1][unit] for m in moments]).double().numpy()
        inputs = torch.stack([m.inputs[layer - 1][:, :-1] for m in moments]).double().numpy()
        step, cause = task("autopsy").reference(rows[:, :-1], rows[:, -1], inputs)
        assert step == death.step
        assert cause == words[int(death.by_own_move), int(death.by_inputs)]
        assert inputs.shape[1] == len(data.x_train)
    assert len(first) >= 5


def test_every_cause_of_death_occurs_among_the_inputs():
    causes = [expected[1] for _, expected in probes(task("autopsy"))]
    for cause in ("own update", "new inputs", "either", "both", "none"):
        assert causes.count(cause) >= 3


def test_he_weights_mend_the_network_by_a_wide_margin_and_default_ones_do_not():
    for widths, seed in task("mend_the_network").boundary:
        for scheme, low, high in (("he_normal", ACCURACY + 0.15, 1), ("pytorch", 0, 0.3)):
            made = mlp(widths, seed=seed)
            initialize(made, scheme, seed=seed + 10)
            flat = torch.cat([part.detach().flatten() for part in made.parameters()]).numpy()
            right = trained(widths, seed, flat.tobytes())[2]
            assert low <= right <= high


def test_a_network_that_is_not_mended_is_told_what_happened():
    def mend_the_network(network, seed):
        initialize(network, "normal", std=0.3 / 32, seed=seed)

    outcome = check(mend_the_network)
    assert "the loss is 2.30, as for a network that guesses" in outcome.because
    assert "of the last hidden layer is dead at the start" in outcome.because

    def explodes(network, seed):
        initialize(network, "normal", std=3.0, seed=seed)

    assert "the loss becomes nan" in check(explodes, "mend_the_network").because


def test_mending_leaves_the_global_stream_of_random_numbers_alone():
    before = torch.random.get_rng_state()

    def mend_the_network(network, seed):
        torch.manual_seed(seed)
        initialize(network, "he_normal", seed=seed)

    assert check(mend_the_network)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_learner_who_changes_the_lists_of_a_network_is_told_so():
    def dead_fraction_by_layer(weights, biases, x):
        weights[0] *= 2
        return np.zeros(len(weights) - 1)

    assert "it changes weights in place" in check(dead_fraction_by_layer).because


@pytest.mark.slow
def test_keep_learning_separates_fresh_weights_from_rate_and_decay():
    """Networks that the check trains learn where dormant units begin anew, and not elsewhere."""

    def last(answer):
        return as_keeper(answer, (3,))[0]

    assert last(renewing()) >= BAR
    assert last(tuned(lr=0.01)) < BAR
    assert last(tuned(weight_decay=0.01)) < BAR
    assert last(renewing(into=False)) < BAR
