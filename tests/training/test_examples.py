"""Where the data come from a function of the seed, each member has a split of its own."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest
import torch
from torch import nn
from torch.nn import functional

from relukit.datasets import Dataset, adding_problem, digits, moons
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.networks import mlp, recurrent
from relukit.training import Factors, Machine, Record, batch, train
from relukit.training.examples import examples_of
from relukit.training.jobs import jobs_for
from relukit.training.members import members_for
from relukit.training.memory import bytes_of_own_examples, members_together
from relukit.training.optimizers import SGD
from relukit.training.population import Population
from relukit.training.settings import Settings
from relukit.training.sweep import sweep_of

pytestmark = pytest.mark.usefixtures("one_thread")

SEEDS = (3, 11, 7)


def split(seed):
    return moons(200, noise=0.2, seed=seed)


def net(seed):
    return mlp([2, 16, 16, 2], seed=seed, dtype=torch.float64)


class Own(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(2, 8), nn.Linear(8, 2)
        self.activation = nn.ReLU()

    def forward(self, x):
        return self.last(self.activation(self.first(x))) + x


@pytest.mark.parametrize("build", [net, lambda seed: Own().double()], ids=["layered", "vectorized"])
def test_a_member_equals_a_plain_loop_on_the_split_of_its_seed(build):
    runs = train(build, split, seeds=SEEDS, lr=[0.05, 0.2], steps=40, batch_size=32, device="cpu")
    for seed in SEEDS:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            alone = build(seed)
        data, losses = split(seed), []
        x, y = data.x_train.double(), data.y_train
        descent = torch.optim.SGD(alone.parameters(), 0.2)
        for step in range(40):
            rows = batch(len(x), 32, seed=seed, step=step)
            loss = functional.cross_entropy(alone(x[rows]), y[rows])
            descent.zero_grad()
            loss.backward()
            descent.step()
            losses.append(loss.item())
        with torch.no_grad():
            output = alone(data.x_test.double())
        i = SEEDS.index(seed)
        found = {name: value[1, i, -1].item() for name, value in runs.measured.items()}
        assert runs.loss[1, i].tolist() == pytest.approx(losses, abs=1e-9)
        loss = functional.cross_entropy(output, data.y_test)
        assert found["test_loss"] == pytest.approx(loss.item(), abs=1e-9)
        right = (output.argmax(1) == data.y_test).double().mean()
        assert found["test_accuracy"] == right.item()


def same(one, other, at):
    assert torch.equal(one.loss[at], other.loss[0])
    for name, value in other.measured.items():
        assert torch.equal(one.measured[name][at], value[0])
    for line, twin in zip(one.alive, other.alive, strict=True):
        assert torch.equal(line.alive[at], twin.alive[0])


@pytest.mark.parametrize("memory", [2**30, 900_000])
def test_a_member_equals_the_run_with_its_one_data_set(memory):
    options = {"steps": 30, "batch_size": 32, "record": Record(10, layers=True, units=True)}
    machine = Machine("cpu", memory)
    runs = train(net, split, seeds=SEEDS, lr=[0.05, 0.2], device=machine, **options)
    assert runs.axes == {"lr": (0.05, 0.2), "seed": SEEDS}
    for i, seed in enumerate(SEEDS):
        same(runs, train(net, split(seed), seeds=[seed], lr=0.2, device="cpu", **options), (1, i))
    everybody = train(net, split(3), seeds=SEEDS, lr=0.2, device="cpu", **options)
    assert not torch.equal(runs.loss[1, 1], everybody.loss[1])


def test_targets_and_sequences_may_differ_by_seed_too():
    def drawn(seed):
        return adding_problem(300, 6, seed=seed)

    def build(seed):
        return recurrent([2, 8, 1], seed=seed)

    runs = train(build, drawn, seeds=[4, 5], lr=0.05, steps=5, device="cpu")
    alone = train(build, drawn(5), seeds=[5], lr=0.05, steps=5, device="cpu")
    assert torch.allclose(runs.loss[1], alone.loss[0], atol=1e-6)
    found, wanted = (r.measured["test_loss"] for r in (runs, alone))
    assert torch.allclose(found[1], wanted[0], atol=1e-6)
    assert found[0, -1] != found[1, -1]


def test_a_tuple_without_a_test_part_is_measured_on_its_own_training_part():
    def drawn(seed):
        data = split(seed)
        return data.x_train, data.y_train

    runs = train(net, drawn, seeds=2, lr=0.1, steps=3, device="cpu")
    network, (x, y) = runs.network(seed=1), drawn(1)
    loss = functional.cross_entropy(network(x.double()), y)
    assert runs.values("test_loss")[1].item() == pytest.approx(loss.item(), rel=1e-9)


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_workers_get_the_splits_of_their_own_seeds(executor):
    options = {"seeds": 6, "lr": 0.2, "steps": 10}
    whole = train(net, split, device="cpu", **options)
    if executor == "threads":
        pool = ThreadPoolExecutor(3)
    else:
        pool = ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    with pool:
        parts = train(net, split, device=Machine("cpu", executor=pool), **options)
    assert torch.equal(whole.loss, parts.loss)
    assert torch.equal(whole.measured["test_loss"], parts.measured["test_loss"])


def population_of(data, seeds, steps=9):
    sweep = sweep_of([0.1, 0.2], Factors(), seeds)
    settings = Settings(SGD(), steps, 32, Record(steps), "cpu")
    networks = members_for(lambda seed: mlp([64, 8, 10], seed=seed), sweep.seeds)
    return Population(networks, examples_of(data, sweep.seeds), settings, sweep)


def test_a_job_that_leaves_takes_only_what_its_seeds_learn():
    population = population_of(lambda seed: digits(seed=seed), range(4))
    jobs, _ = jobs_for(population, 3, {})
    assert [job.positions for job in jobs.values()] == [
        (0, 1, 2),
        (0, 1, 3),
        (2, 3),
    ]
    for job in jobs.values():
        alone = job.alone()
        assert torch.equal(alone.examples.x, population.examples.x[list(job.positions)])
        assert alone.positions == tuple(range(len(job.positions)))
    assert jobs[0].examples is population.examples


def test_the_budget_counts_each_members_own_examples():
    shared = population_of(digits(), 4)
    apart = population_of(lambda seed: digits(seed=seed), 4)
    split = 1797 * (64 * 4 + 8)
    assert bytes_of_own_examples(apart.examples) == split
    assert bytes_of_own_examples(shared.examples) == 0
    budget = 6 * split
    assert members_together(apart, Machine("cpu", budget)) < 6
    assert members_together(shared, Machine("cpu", budget)) > 6


def test_a_checkpoint_knows_the_splits_of_all_seeds(tmp_path):
    options = {
        "seeds": 3,
        "lr": 0.1,
        "steps": 4,
        "device": "cpu",
        "checkpoint": tmp_path / "run.pt",
    }
    first = train(net, split, **options)
    again = train(net, split, **options)
    assert torch.equal(first.loss, again.loss)
    others = [split(0), lambda seed: split(seed if seed < 2 else 9)]
    for other in others:
        with pytest.raises(InvalidValueError, match="another data"):
            train(net, other, **options)


def widened(seed):
    return moons(200 + 8 * seed, seed=seed)


def more_classes(seed):
    data = split(seed)
    parts = (data.x_train, data.y_train, data.x_test, data.y_test)
    return Dataset("moons", *parts, n_classes=2 + seed, source="")


def without_test(seed):
    data = split(seed)
    return (data.x_train, data.y_train, data.x_test, data.y_test)[: 4 - 2 * seed]


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (widened, InvalidValueError, "same shapes.*for seed 0 beside.*for seed 1"),
        (more_classes, InvalidValueError, "classes for every seed"),
        (without_test, InvalidValueError, "same shapes"),
        (lambda: split(0), InvalidTypeError, "function of one argument, the seed"),
        (lambda seed: None, InvalidTypeError, "a function of the seed"),
        (lambda seed: (torch.ones(3, 2), torch.tensor([0, 1, 2])), InvalidValueError, "0 to 1"),
    ],
)
def test_splits_that_do_not_fit_are_refused_before_the_training(data, error, words, monkeypatch):
    monkeypatch.setattr("relukit.training.loop.Chunk.run", lambda *_: pytest.fail("it trained"))
    with pytest.raises(error, match=words):
        train(net, data, seeds=2, lr=0.1, steps=3, device="cpu")
