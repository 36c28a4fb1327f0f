"""A rate is chosen on validation parts and other seeds, and lies inside its grid."""

import math

import pytest
import torch
from sklearn.model_selection import train_test_split
from torch import nn

from relukit.datasets import adding_problem, digits, moons
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.networks import mlp, recurrent
from relukit.streams import number
from relukit.training import SGD, Factors, Machine, Record, train, tuned, tuning

pytestmark = pytest.mark.usefixtures("one_thread")

X = torch.randn(120, 3, generator=torch.Generator().manual_seed(5))
Y = torch.sin(X.sum(1, keepdim=True))
FEW = torch.ones(1, 2), torch.ones(1, 1)
ALONE = torch.ones(5, 2), torch.tensor([0, 0, 0, 0, 1])


def split(seed):
    return moons(160, noise=0.2, seed=seed)


def net(seed):
    return mlp([2, 8, 2], seed=seed)


def growing(seed):
    return mlp([2, 8 if seed < 200 else 9 + seed % 2, 2], seed=seed)


def shrinking(seed):
    return moons(160 - seed % 200, noise=0.2, seed=seed) if seed >= 200 else split(seed)


def mislabelled(seed):
    data = split(seed)
    labels = data.y_test.clone()
    labels[3] = 5 if seed == 201 else 0
    return data.x_train, data.y_train, data.x_test, labels


def find(**changes):
    options = {"rates": (0.01, 0.1, 1.0), "steps": 20, "seeds": (200, 201), "batch_size": 32,
               "tuning_seeds": (100, 101, 102), "device": "cpu"}  # fmt: skip
    return tuned(changes.pop("network", net), changes.pop("data", split), **options | changes)


def test_the_scores_are_those_of_plain_runs_on_scikit_learns_validation_parts():
    found = find(rates=(0.02, 0.2, 2.0))
    for i, rate in enumerate((0.02, 0.2, 2.0)):
        for j, seed in enumerate((100, 101, 102)):
            data = split(seed)
            x, x_part, y, y_part = train_test_split(
                data.x_train,
                data.y_train,
                test_size=0.2,
                stratify=data.y_train,
                random_state=number(seed, "validation"),
            )
            runs = train(net, (x, y, x_part, y_part), lr=rate, seeds=[seed], steps=20,
                         batch_size=32, device="cpu")  # fmt: skip
            assert found.scores[found.grid.index(rate), j] == runs.values("test_accuracy")[0], i
    means = found.scores.mean(1)
    assert means[found.grid.index(found.rate)] == means.max()
    assert found.tuning_seeds == (100, 101, 102)
    assert found.seeds == (200, 201)


def test_the_runs_are_those_of_train_at_the_chosen_rate_on_fresh_test_parts():
    found = find(optimizer=SGD(momentum=0.9), record=10)
    alone = train(net, split, lr=found.rate, seeds=(200, 201), steps=20, batch_size=32, record=10,
                  optimizer=SGD(momentum=0.9), device="cpu")  # fmt: skip
    assert torch.equal(found.runs.loss, alone.loss)
    assert torch.equal(found.runs.measured["test_loss"], alone.measured["test_loss"])
    assert f"lr {found.rate:g}, {len(found.grid)} tried from" in repr(found)


@pytest.mark.parametrize("rates", [(1e-4, 1e-3), (1e-3, 1e-4), (30.0, 90.0, 270.0)])
def test_a_grid_whose_best_lies_at_an_edge_goes_on_by_its_own_ratio(rates):
    found = find(rates=rates, steps=30)
    assert found.grid[0] < found.rate < found.grid[-1]
    assert set(rates) <= set(found.grid)
    assert len(found.grid) > len(rates)
    ratio = 10 if len(rates) == 2 else 3
    for low, high in zip(found.grid, found.grid[1:], strict=False):
        assert high / low == pytest.approx(ratio, rel=1e-5)
    assert 0.01 <= found.rate <= 30  # what one sees when one tries them all


def test_neither_test_parts_nor_seeds_of_the_verdict_choose_the_rate(monkeypatch):
    seen = []
    monkeypatch.setattr(tuning, "train", lambda *a, **k: seen.append((a[1], k)) or train(*a, **k))
    find()
    *searches, (data, last) = seen
    assert data is split
    assert last["seeds"] == (200, 201)
    for parts, options in searches:
        assert options["seeds"] == (100, 101, 102)
        for seed in options["seeds"]:
            rows = {tuple(x.tolist()) for x in split(seed).x_train}
            assert {tuple(x.tolist()) for x in parts(seed).x_test} <= rows
            assert not rows & {tuple(x.tolist()) for x in split(seed).x_test}


def test_targets_are_chosen_by_their_loss_and_lost_runs_count_as_the_worst():
    found = find(network=lambda seed: mlp([3, 8, 1], seed=seed), data=(X, Y, X, Y),
                 rates=(0.1, 1e3, 1e4))  # fmt: skip
    assert found.scores[found.grid.index(1e3)].isnan().all()
    assert found.rate < 1e3
    assert found.scores[0].max() < 0
    sequences = find(network=lambda seed: recurrent([2, 6, 1], seed=seed),
                     data=lambda seed: adding_problem(60, 5, seed=seed), steps=3)  # fmt: skip
    assert set(sequences.runs.measured) == {"test_loss"}


def test_one_lost_run_pulls_a_rate_down_and_does_not_forbid_it():
    lost = torch.tensor([0.9, math.nan, 0.9])
    found = tuning._means([lost, torch.tensor([0.5, 0.6, 0.5])], 0.0)
    assert found == pytest.approx([0.6, 0.5333333])
    found = tuning._means([-lost, torch.tensor([-9.0, -9.0, -9.0])], -math.inf)
    assert found == [-math.inf, -9.0]


def test_a_lost_run_counts_as_accuracy_0_also_where_no_run_has_a_label_right(monkeypatch):
    """Accuracies of 0 look like losses of 0: what is measured decides."""
    poor = [0.0, 0.0, math.nan]
    monkeypatch.setattr(tuning, "_scores", lambda runs, _: torch.tensor([poor] * len(runs.loss)))
    assert find().rate == 0.1


def test_rates_may_come_one_by_one():
    found = find(rates=(rate for rate in (0.02, 0.2, 2.0)), seeds=iter((200, 201)),
                 tuning_seeds=iter((100, 101, 102)))  # fmt: skip
    again = find(rates=(0.02, 0.2, 2.0))
    assert found.grid == again.grid
    assert torch.equal(found.scores, again.scores)
    assert torch.equal(found.runs.loss, again.runs.loss)


def test_data_may_be_drawn_from_the_global_stream_and_leave_it_alone():
    def noisy(seed):
        x = torch.randn(120, 2)
        y = (x.sum(1) + 0.1 * torch.randn(120) > 0).long()
        return x[:90], y[:90], x[90:], y[90:]

    torch.manual_seed(0)
    before = torch.get_rng_state()
    found = find(data=noisy)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(1)
    again = find(data=noisy)
    assert torch.equal(found.scores, again.scores)
    assert torch.equal(found.runs.loss, again.runs.loss)
    alone = train(net, noisy, lr=found.rate, seeds=(200, 201), steps=20, batch_size=32,
                  device="cpu")  # fmt: skip
    assert torch.equal(found.runs.loss, alone.loss)


def test_members_in_small_chunks_choose_the_same():
    one, other = find(), find(device=Machine("cpu", 200_000))
    assert torch.equal(one.scores, other.scores)
    assert one.rate == other.rate


def test_an_interrupted_search_is_interrupted_and_does_not_choose(monkeypatch):
    from relukit.training import loop

    def interrupted(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(loop.Chunk, "_update", interrupted)
    with pytest.raises(KeyboardInterrupt):
        find()


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"rates": 0.1}, InvalidValueError, "two or more rates"),
        ({"rates": (0.1, 0.1)}, InvalidValueError, "different values of lr"),
        ({"rates": (0.1, -1)}, InvalidValueError, "lr above 0"),
        ({"seeds": (7, 101)}, InvalidValueError, "got 101 among the tuning seeds"),
        ({"seeds": 101}, InvalidValueError, "got 100 among the tuning seeds"),
        ({"factors": Factors(gain=(1.0, 2.0))}, InvalidValueError, "several of gain"),
        ({"data": [1]}, InvalidTypeError, "a Dataset"),
        ({"data": lambda seed: 3}, InvalidTypeError, "the seed"),
        ({"data": ALONE}, InvalidValueError, "every class"),
        (
            {"data": FEW, "network": lambda seed: mlp([2, 8, 1], seed=seed)},
            InvalidValueError,
            "enough examples for both parts",
        ),
        ({"network": lambda seed: mlp([2, 8, 3], seed=seed)}, InvalidValueError, r"\(2, 2\)"),
        ({"network": growing}, InvalidValueError, "one structure"),
        ({"data": shrinking}, InvalidValueError, "same shapes"),
        (
            {"data": lambda seed: moons(160, noise=0.2 if seed < 200 else 0.0, seed=seed).x_train},
            InvalidTypeError,
            "a Dataset",
        ),
        ({"data": mislabelled}, InvalidValueError, "a label 5"),
        ({"record": "often"}, InvalidTypeError, "every"),
        ({"record": 0}, InvalidValueError, "every"),
        (
            {"record": Record(5, units=True), "network": lambda seed: nn.Linear(2, 2)},
            InvalidValueError,
            "activations that are modules, for record",
        ),
        ({"steps": 0}, InvalidValueError, "steps"),
        ({"seeds": (2**32,)}, InvalidValueError, r"from 0 to 2\*\*32 - 1"),
    ],
)
def test_what_cannot_be_tuned_fairly_is_refused_before_the_training(
    changes, error, words, monkeypatch
):
    monkeypatch.setattr("relukit.training.loop.Chunk.run", lambda *_: pytest.fail("it trained"))
    with pytest.raises(error, match=words):
        find(**changes)


def test_rates_that_lead_nowhere_are_reported():
    with pytest.raises(InvalidValueError, match="stays finite"):
        find(network=lambda seed: mlp([3, 8, 1], seed=seed), data=(X, Y), rates=(1e6, 1e7, 1e8))
    with pytest.raises(InvalidValueError, match="after 8 extensions, got the best at an edge"):
        find(network=lambda seed: mlp([3, 8, 1], seed=seed), data=(X, Y), rates=(1e-3, 1.01e-3),
             steps=2)  # fmt: skip


@pytest.mark.slow
def test_digits_are_tuned_as_the_lessons_do_it():
    found = tuned(
        lambda seed: mlp((64, 32, 32, 10), seed=seed), lambda seed: digits(seed=seed),
        rates=(0.01, 0.03, 0.1, 0.3), steps=300, seeds=range(1000, 1016), device="cpu",
        optimizer=SGD(momentum=0.9),
    )  # fmt: skip
    accuracy = found.runs.interval("test_accuracy")
    assert 0.95 < accuracy.low < accuracy.high < 0.99
