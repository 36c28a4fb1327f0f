"""The tasks of lesson 06: their expected values come from elsewhere, their margins are wide."""

import itertools
import pickle
import warnings

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.nn import functional
from wrong_answers import training as answers

from relukit.checks import check
from relukit.checks.call import Caller
from relukit.checks.counterexample import expect, probes, redrawn
from relukit.checks.harnesses.learning import network_of
from relukit.checks.harnesses.power_cut import Interruptible, through_a_power_cut
from relukit.checks.harnesses.reading import DRAWN, as_reader, unseen_letters
from relukit.checks.registry import task
from relukit.datasets import digits, letters
from relukit.lessons.training.tasks.read_letters import BAR, filtering, trained
from relukit.statistics import paired_difference
from relukit.training import Factors, train
from relukit.training.losses import summed_loss


def test_expected_features_are_those_of_scikit_learn_and_constant_ones_are_0():
    compared = constant = 0
    for (x_train, x_test), expected in probes(task("standardize")):
        known = ~np.isnan(x_train).any(axis=0)
        moving = known & (x_train != x_train[0]).any(axis=0)
        if np.abs(x_train).max() < 1e-9:  # scikit-learn takes so small a feature for a constant
            x_train, x_test = x_train * 1e12, x_test * 1e12
        scaler = StandardScaler().fit(x_train.astype(float))
        for x, made in zip((x_train, x_test), expected, strict=True):
            assert made.dtype == (x_train.dtype if x_train.dtype.kind == "f" else "float64")
            assert np.isnan(made[:, ~known]).all()
            assert (made[:, known & ~moving] == 0).all()
            if len(x):
                wanted = scaler.transform(x.astype(float))[:, moving]
                np.testing.assert_allclose(made[:, moving], wanted, rtol=1e-6, atol=1e-6)
                compared += 1
        constant += int((known & ~moving).sum())
    assert compared > 60
    assert constant > 10


def test_digits_have_pixels_that_are_always_0_and_the_reference_keeps_them_at_0():
    data = digits(scaling="raw")
    x_train, x_test = data.x_train.numpy(), data.x_test.numpy()
    black = (x_train == 0).all(axis=0)
    assert black.any()
    train_part, test_part = task("standardize").reference(x_train, x_test)
    assert not train_part[:, black].any()
    assert not test_part[:, black].any()
    assert np.isfinite(train_part).all()


def test_a_small_feature_an_offset_nan_whole_numbers_and_an_empty_test_part_occur():
    inputs = [pair for pair, _ in probes(task("standardize"))]
    assert {x.dtype.name for x, _ in inputs} == {"float32", "float64", "int64"}
    assert any(np.isnan(x).any() for x, _ in inputs)
    assert any(np.isnan(t).any() and not np.isnan(x).any() for x, t in inputs)
    assert any(t.size == 0 for _, t in inputs)
    assert any(0 < np.abs(x).max() < 1e-9 for x, _ in inputs)


def test_expected_steps_are_those_of_torch_to_the_last_digits():
    moved = []
    for (weights, biases, xs, ys, lr, *_), (losses, found) in probes(task("train_step")):
        network = network_of(weights, biases)
        optimizer = torch.optim.SGD(network.parameters(), lr=lr)
        start = torch.cat([p.detach().flatten() for p in network.parameters()]).clone()
        for x, y, loss, wanted in zip(xs, ys, losses, found, strict=True):
            optimizer.zero_grad()
            value = functional.cross_entropy(network(torch.tensor(x)), torch.tensor(y))
            value.backward()
            optimizer.step()
            assert loss == pytest.approx(value.item(), rel=1e-12)
            made = torch.cat([p.detach().flatten() for p in network.parameters()])
            np.testing.assert_allclose(wanted, made.numpy(), rtol=1e-11, atol=1e-11)
        moved.append(bool((made != start).any()))
    assert all(moved)


@pytest.mark.parametrize("place", range(2))
def test_whoever_forgets_to_clear_the_slopes_is_right_once_and_wrong_twice(place):
    chosen = [pair for pair in probes(task("train_step")) if len(pair[0][2]) == 2][place]
    arguments, (_, expected) = chosen
    _, made = Caller(answers.never_cleared, task("train_step").harness).ask(arguments).value
    np.testing.assert_allclose(made[0], expected[0], atol=1e-12)
    assert np.abs(made[1] - expected[1]).max() > 1e-6


def test_what_is_said_of_a_step_names_the_step_and_the_factor():
    def train_step(network, x, y, lr):
        return answers.half(network, x, y, lr)

    assert "every parameter moves 0.5 times as far" in check(train_step).because
    assert "step 1 is right, but in step 2" in check(answers.never_cleared, "train_step").because


def test_expected_accuracies_are_those_of_the_engine():
    seen = set()
    for (logits, labels), expected in probes(task("accuracy")):
        if not len(labels):
            assert np.isnan(expected)
            continue
        z, y = torch.tensor(logits, dtype=torch.float64)[None], torch.tensor(labels)
        assert float(expected) == int(summed_loss(z, y)[1]) / len(labels)
        seen.add(float(expected))
    assert len(seen) > 4


def test_ties_nan_infinities_whole_numbers_and_many_examples_occur_for_accuracy():
    tables = [logits for (logits, _), _ in probes(task("accuracy"))]
    assert {z.dtype.name for z in tables} == {"float32", "float64", "int64"}
    assert any(np.isinf(z).any() for z in tables)
    assert any(np.isnan(z).any() for z in tables)
    assert any((z == z[:, :1]).all() and z.size for z in tables)
    assert {0, 400} <= {len(z) for z in tables}


def test_expected_penalties_and_slopes_are_those_of_torch():
    activations = set()
    for arguments, (value, gradient) in probes(task("l1_activation_penalty")):
        weights, biases, activation, x, strength = arguments
        network = network_of(weights, biases, activation)
        parameters = list(network.parameters())
        total = sum(0 * p.sum() for p in parameters)
        for place in range(1, len(network), 2):
            total = total + network[: place + 1](torch.tensor(x)).abs().sum() / len(x)
        slopes = torch.autograd.grad(strength * total, parameters)
        assert value == pytest.approx(strength * total.item(), rel=1e-12)
        wanted = torch.cat([slope.flatten() for slope in slopes]).numpy()
        np.testing.assert_allclose(gradient, wanted, rtol=1e-10, atol=1e-12)
        activations.add(activation)
    assert activations == {"ReLU", "LeakyReLU", "Tanh"}


def test_the_penalty_is_the_one_that_the_engine_trains_with():
    """One step of plain descent by the engine, and the same by the answer's slopes."""
    draw = np.random.default_rng(0)
    x, y = torch.tensor(draw.normal(size=(6, 3))), torch.arange(6) % 2
    weights = draw.normal(size=(4, 3)), draw.normal(size=(5, 4)), draw.normal(size=(2, 5))
    biases = tuple(draw.normal(size=n) for n in (4, 5, 2))
    runs = train(
        lambda seed: network_of(weights, biases),
        (x, y),
        lr=0.25,
        steps=1,
        batch_size=6,
        factors=Factors(l1_activations=0.5),
        optimizer="sgd",
        seeds=1,
        progress=False,
    )
    network = network_of(weights, biases)
    penalty, slopes = task("l1_activation_penalty").reference(
        weights, biases, "ReLU", x.numpy(), 0.5
    )
    assert penalty > 0
    functional.cross_entropy(network(x), y).backward()
    sizes = [p.numel() for p in network.parameters()]
    parts = torch.tensor(slopes).split(sizes)
    made = runs.network(seed=0).parameters()
    for p, part, other in zip(network.parameters(), parts, made, strict=True):
        moved = p.detach() - 0.25 * (p.grad + part.reshape(p.shape))
        torch.testing.assert_close(moved, other.detach(), rtol=1e-9, atol=1e-9)


def test_expected_intervals_are_those_of_scipy_and_of_the_course():
    compared = 0
    for (a, b, *level), expected in probes(task("paired_interval")):
        chosen = (*level, 0.95)[0]
        if np.isnan(a.astype(float) - b).any():
            assert np.isnan(expected).all()
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of equal differences
            found = stats.ttest_rel(*map(np.float64, (a, b))).confidence_interval(chosen)
        assert expected == pytest.approx((found.low, found.high), rel=1e-9, abs=1e-12)
        course = paired_difference(a, b, level=chosen).difference
        assert expected == pytest.approx((course.low, course.high), rel=1e-9, abs=1e-12)
        compared += 1
    assert compared > 40


def test_expected_rates_are_best_by_brute_force():
    none = chosen_with_ties = 0
    for (lrs, tuning, fresh), (lr, value) in probes(task("best_lr")):
        means = {
            r: sum(row) / len(row) for r, row in zip(lrs.tolist(), tuning.tolist(), strict=True)
        }
        known = {r: mean for r, mean in means.items() if mean == mean}
        if not known:
            assert np.isnan([lr, value]).all()
            none += 1
            continue
        best = [r for r in known if all(known[r] >= other - 1e-12 for other in known.values())]
        assert lr == min(best)
        chosen_with_ties += len(best) > 1
        row = fresh[lrs.tolist().index(lr)]
        assert value == pytest.approx(row.sum() / len(row), nan_ok=True)
    assert none >= 1
    assert chosen_with_ties >= 5


def test_reporting_the_runs_that_chose_the_rate_is_optimistic_and_fresh_runs_are_not():
    """All rates are equally good; what differs is luck."""
    draw = np.random.default_rng(0)
    lucky, honest = [], []
    for _ in range(2000):
        tuning, fresh = draw.normal(0.9, 0.02, (2, 5, 4))
        lr, value = task("best_lr").reference(np.arange(1.0, 6.0), tuning, fresh)
        lucky.append(tuning[int(lr) - 1].mean())
        honest.append(value)
    assert np.mean(lucky) > 0.908
    assert np.mean(honest) == pytest.approx(0.9, abs=0.001)


def test_the_choice_is_that_of_the_largest_sum_by_brute_force():
    """One seed at a time is left out: that seed is the fresh run."""
    scores = np.random.default_rng(1).integers(0, 8, (5, 6)) / 8
    for seed in range(6):
        others = np.delete(scores, seed, axis=1)
        place = max(range(5), key=[sum(row) for row in others.tolist()].__getitem__)
        lr, value = task("best_lr").reference(np.arange(1.0, 6.0), others, scores[:, [seed]])
        assert (lr, value) == (place + 1, scores[place, seed])


def test_letters_to_read_are_in_fonts_of_their_own_and_the_seed_does_not_draw_them():
    made = unseen_letters(3)
    x_train, y_train, x_test, seed = made.given
    assert x_train.shape == (6000, 400)
    assert x_test.shape == (1500, 400)
    assert np.bincount(made.truth).min() > 50
    assert np.bincount(y_train).min() > 200
    for data in (letters(seed=seed), letters(seed=3)):
        assert not np.array_equal(data.x_test.numpy(), x_test)
    assert not np.array_equal(unseen_letters(4).given[2], x_test)


def test_a_grader_hands_out_letters_and_keeps_their_labels():
    entry = task("read_letters")
    (first,), (second,) = (redrawn(entry, number) for number in (1, 2))
    assert not np.array_equal(first[1][2], second[1][2])
    for number, given in (first, second):
        assert number is None
        assert len(given) == 4
        truth = entry.reference(number, given)[0]
        assert truth.shape == (1500,)
        assert not any(np.array_equal(a, truth) for a in given)


@pytest.mark.parametrize(("errors", "passed"), [(600, True), (601, False)])
def test_the_bar_is_60_per_cent_of_all_images(errors, passed):
    def read_letters(x_train, y_train, x_test, seed):
        labels = unseen_letters(0).truth.copy()
        labels[:errors] = (labels[:errors] + 5) % 26
        return labels

    assert BAR == 0.6
    outcome = check(read_letters)
    assert bool(outcome) == passed
    assert passed or "59.9 % of 1500 letters in new fonts are right" in outcome.because


def test_letters_that_are_mixed_up_are_named_with_how_often():
    truth = unseen_letters(0).truth
    q, o = (truth == "ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(letter) for letter in "QO")

    def read_letters(x_train, y_train, x_test, seed):
        return np.where(q, 14, np.where(o, 16, (truth + (np.arange(1500) % 7) + 1) % 26))

    because = check(read_letters).because
    assert f"Q is read as O ({q.sum()} of {q.sum()})" in because
    assert f"O is read as Q ({o.sum()} of {o.sum()})" in because


@pytest.mark.parametrize("way", ["letters", "sheet"])
def test_who_draws_letters_is_seen(way):
    from importlib import import_module

    module = import_module("relukit.datasets.letters")

    def read_letters(x_train, y_train, x_test, seed):
        module.letters(seed=1) if way == "letters" else module._sheet("cmti10", "A")
        return unseen_letters(0).truth

    before = module._drawn, module._sheet
    assert as_reader(read_letters, (0,)) == DRAWN
    assert not check(read_letters)
    assert before == (module._drawn, module._sheet)


def test_how_an_answer_trains_is_seen():
    _, filters, bent, steps, rate = as_reader(trained(filtering, rate=0.02, steps=7), (0,))
    assert (filters, bent, steps, rate) == (True, True, 7, 0.02)
    _, filters, bent, steps, rate = as_reader(lambda x, y, tests, seed: y[:1500], (0,))
    assert (filters, bent, steps, rate) == (False, False, 0, 0.0)


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2])
def test_filters_are_above_the_bar_on_other_letters(number):
    made = as_reader(answers.more_filters, (number,))[0]
    assert np.mean(np.array(made) == unseen_letters(number).truth) >= BAR + 0.02


def test_a_run_that_is_never_cut_is_what_a_resumed_one_is_compared_with():
    for arguments, expected in probes(task("resume")):
        method, normalized, before, _, after, seed, halvings = arguments
        run = Interruptible(method, normalized, seed)
        run.advance(before)
        run.lower(halvings)
        run.advance(after)
        assert np.array_equal(expected[2], run.state())
        assert not np.array_equal(expected[0], expected[2])
        through = through_a_power_cut(answers.through_a_file, arguments)
        assert all(np.array_equal(a, b) for a, b in zip(expected, through, strict=True))
    assert all(lost > 0 for (_, _, _, lost, *_), _ in probes(task("resume")))


def test_the_last_bits_of_a_resumed_run_may_differ_and_those_of_float32_may_not():
    arguments, expected = probes(task("resume"))[1]
    compare = task("resume").compare
    state, draws, end = expected
    assert compare(arguments, expected, (state, draws, np.nextafter(end, 2))) is None
    assert compare(arguments, expected, (state, draws, end * (1 + 1e-14))) is None
    assert "ends elsewhere" in compare(
        arguments, expected, (state, draws, end.astype("float32").astype(float))
    )
    assert "other numbers" in compare(arguments, expected, (state, np.nextafter(draws, 2), end))


@pytest.mark.parametrize("name", ["train_step", "l1_activation_penalty", "resume"])
def test_graders_draw_further_inputs_on_which_the_right_answers_pass(name):
    entry = task(name)
    assert len({repr(redrawn(entry, number)) for number in (1, 2)}) == 2
    for arguments in redrawn(entry, 1):
        expected = expect(entry, arguments)
        for answer in (answer for known, answer in answers.RIGHT if known == name):
            made = Caller(answer, entry.harness).ask(arguments).value
            assert entry.compare(arguments, expected, made) is None


@pytest.mark.parametrize("name", ["train_step", "l1_activation_penalty", "resume"])
@pytest.mark.parametrize(
    "odd",
    ["", "text", (), (1.0, None, 2.0), 10**400, np.ones((2, 2), complex), np.array("x" * 3), True],
    ids=repr,
)
def test_whatever_comes_back_is_answered_with_a_sentence(name, odd):
    entry = task(name)
    arguments, expected = probes(entry)[0]
    for place in range(len(expected)):
        for made in (odd, tuple(odd if i == place else e for i, e in enumerate(expected))):
            assert entry.compare(arguments, expected, made)


def test_a_layer_that_is_appended_is_seen():
    outcome = check(answers.appends_a_layer, "train_step")
    assert "must keep its layers" in outcome.because


def test_the_loop_of_the_interrupted_run_is_that_of_torch():
    run, other = Interruptible("SGD", False, 7), Interruptible("SGD", False, 7)
    run.advance(3)
    optimizer = torch.optim.SGD(other.network.parameters(), lr=0.1, momentum=0.9)
    for _ in range(3):
        x = torch.randn(8, 5, generator=other.generator, dtype=torch.float64)
        optimizer.zero_grad()
        nn.CrossEntropyLoss()(other.network(x), x[:, :3].argmax(1)).backward()
        optimizer.step()
    assert np.array_equal(run.state(), other.state())


def test_what_is_said_of_a_resumed_run_names_what_is_missing():
    said = {
        answers.all_but_the_network: "its network is not the one saved",
        answers.two_of_three: "the generator goes on with other numbers",
        answers.without_momentum: "and yet the run ends elsewhere",
    }
    for answer, words in said.items():
        assert words in check(answer, "resume").because


@pytest.mark.parametrize("name", ["train_step", "l1_activation_penalty", "resume"])
def test_what_comes_back_through_a_harness_is_plain_data(name):
    (answer,) = itertools.islice((a for n, a in answers.RIGHT if n == name), 1)
    caller = Caller(answer, task(name).harness)
    for arguments, _ in probes(task(name))[:3]:
        reply = pickle.loads(pickle.dumps(caller.ask(arguments)))
        assert reply.mishap is None
        assert task(name).compare(arguments, task(name).reference(*arguments), reply.value) is None


def test_no_harness_leaves_torchs_random_state_changed():
    before = torch.get_rng_state()

    def resume(network, optimizer, generator, saved=None):
        torch.manual_seed(1)
        return answers.by_deep_copies(network, optimizer, generator, saved)

    assert check(resume)
    assert torch.equal(before, torch.get_rng_state())
