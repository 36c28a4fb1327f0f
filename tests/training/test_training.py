"""The engine equals plain loops, and a member does not depend on its company."""

import math
import warnings

import pytest
import torch
from torch import nn
from torch.nn import functional

from relukit import waiting
from relukit.datasets import digits, moons, spirals
from relukit.errors import InvalidTypeError, InvalidValueError, UnavailableError
from relukit.networks import autoencoder, convolutional, gated_mlp, maxout_mlp, mlp, recurrent
from relukit.statistics import interval
from relukit.training import SGD, Adam, Factors, Machine, Record, batch, train
from relukit.training.layered import Layered, is_layered
from relukit.training.members import members_for
from relukit.training.optimizers import optimizer_named
from relukit.training.vectorized import Vectorized

pytestmark = pytest.mark.usefixtures("one_thread")

DATA = moons(200, noise=0.2, seed=1)
X = torch.randn(90, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
PAIR = (DATA.x_train, DATA.x_train)
BATCH_NORM = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2, track_running_stats=False))
REGRESSION = (X, torch.sin(X.sum(1, keepdim=True)))


class Own(nn.Module):
    """A learner's own module: a skip connection, a call of relu, a fixed scale."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(2, 12)
        self.middle = nn.Linear(12, 12)
        self.last = nn.Linear(12, 2)
        self.register_buffer("scale", torch.tensor(0.5))

    def forward(self, x):
        a = torch.relu(self.first(x))
        return self.last(a + self.scale * torch.tanh(self.middle(a)))


def net(seed, activation="relu", dtype=torch.float32):
    return mlp([2, 16, 16, 2], activation, seed=seed, dtype=dtype)


def plain(network, data, optimizer, steps, seed, batch_size, l1=0.0):
    """The loop that people write; returns the loss of each batch."""
    x, y = data
    losses = []
    for step in range(steps):
        rows = batch(len(x), batch_size, seed=seed, step=step)
        hidden, a = [], x[rows]
        for layer in network if isinstance(network, nn.Sequential) else [network]:
            a = layer(a)
            if not isinstance(layer, nn.Linear):
                hidden.append(a)
        rule = functional.mse_loss if y.is_floating_point() else functional.cross_entropy
        loss = rule(a, y[rows])
        penalty = l1 * sum(h.abs().sum(1).mean() for h in hidden) if l1 else 0.0
        optimizer.zero_grad()
        (loss + penalty).backward()
        optimizer.step()
        losses.append(loss.item())
    return torch.tensor(losses, dtype=torch.float64)


RULES = {
    "sgd": (SGD(), lambda p, wd: torch.optim.SGD(p, 0.05, weight_decay=wd)),
    "momentum": (SGD(momentum=0.9), lambda p, wd: torch.optim.SGD(p, 0.05, 0.9, weight_decay=wd)),
    "adam": (Adam(), lambda p, wd: torch.optim.Adam(p, 0.05, weight_decay=wd)),
    "adamw": (Adam(decoupled=True), lambda p, wd: torch.optim.AdamW(p, 0.05, weight_decay=wd)),
}


@pytest.mark.parametrize("activation", ["relu", "gelu", "absolute", "prelu"])
@pytest.mark.parametrize(
    ("rule", "decay"), [("sgd", 0.0), ("momentum", 0.01), ("adam", 0.01), ("adamw", 0.5)]
)
def test_a_population_of_three_equals_three_plain_loops(activation, rule, decay):
    ours, theirs = RULES[rule]
    data = (DATA.x_train.double(), DATA.y_train)
    runs = train(
        lambda seed: net(seed, activation, torch.float64),
        data,
        seeds=3,
        lr=0.05,
        steps=50,
        batch_size=32,
        optimizer=ours,
        factors=Factors(weight_decay=decay),
        device="cpu",
    )
    for seed in range(3):
        alone = net(seed, activation, torch.float64)
        losses = plain(alone, data, theirs(alone.parameters(), decay), 50, seed, 32)
        assert torch.allclose(runs.loss[seed], losses, atol=1e-9, rtol=0)
        for name, value in alone.named_parameters():
            assert torch.allclose(runs.parameters[name][seed], value, atol=1e-9, rtol=0)


@pytest.mark.parametrize("rule", ["momentum", "adam"])
def test_a_learners_own_class_equals_plain_loops_too(rule):
    ours, theirs = RULES[rule]
    runs = train(
        lambda seed: Own().double(), DATA, seeds=[5, 3, 9], lr=0.05, steps=50, optimizer=ours,
        device="cpu", batch_size=20,
    )  # fmt: skip
    data = (DATA.x_train.double(), DATA.y_train)
    for i, seed in enumerate([5, 3, 9]):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            alone = Own().double()
        losses = plain(alone, data, theirs(alone.parameters(), 0.0), 50, seed, 20)
        assert torch.allclose(runs.loss[i], losses, atol=1e-9, rtol=0)


@pytest.mark.parametrize("layered", [True, False])
def test_regression_with_penalised_activations_equals_a_plain_loop(layered, monkeypatch):
    if not layered:
        monkeypatch.setattr("relukit.training.loop.is_layered", lambda network, x: False)
    runs = train(
        lambda seed: mlp([3, 8, 8, 1], seed=seed, dtype=torch.float64), REGRESSION, seeds=2,
        lr=0.05, steps=50, batch_size=30, factors=Factors(l1_activations=[0.0, 0.02]), device="cpu",
    )  # fmt: skip
    for i, l1 in enumerate((0.0, 0.02)):
        alone = mlp([3, 8, 8, 1], seed=1, dtype=torch.float64)
        rule = torch.optim.SGD(alone.parameters(), 0.05)
        losses = plain(alone, REGRESSION, rule, 50, 1, 30, l1)
        assert torch.allclose(runs.loss[i, 1], losses, atol=1e-9, rtol=0)
    assert (runs.loss[0, 1] - runs.loss[1, 1]).abs().max() > 1e-4


class Adding(nn.Module):
    """Adds 1 to an activation after it was made, in the same memory or elsewhere."""

    def __init__(self, in_place):
        super().__init__()
        self.first, self.act, self.last = nn.Linear(2, 4), nn.SiLU(), nn.Linear(4, 2)
        self.in_place = in_place

    def forward(self, x):
        a = self.act(self.first(x))
        return self.last(a.add_(1.0) if self.in_place else a + 1.0)


@pytest.mark.parametrize("in_place", [True, False])
def test_hidden_activations_are_copied_only_where_the_network_changes_them(in_place):
    members = members_for(lambda seed: Adding(in_place), (0, 1))
    into = {n: torch.empty_like(p) for n, p in members.parameters.items()}
    way = Vectorized(members.template, members.parameters, into, {})
    x = DATA.x_train[:9].expand(2, 9, 2)
    (hidden,) = way.outputs(x)[1]
    assert way.copies == in_place
    first = members.template.first
    assert torch.allclose(hidden[0], functional.silu(first(x[0])), atol=1e-6)
    plain, other = (Vectorized(members.template, members.parameters, into, {}) for _ in range(2))
    other.copies = True
    found = []
    for one in (plain, other):
        loss = one.gradient(x, DATA.y_train[:9].expand(2, 9), torch.tensor([0.0, 0.3]))
        found.append([loss, *(value.clone() for value in into.values())])
    for one, two in zip(*found, strict=True):
        assert torch.equal(one, two)


@pytest.mark.parametrize("activation", ["relu", "tanh", "silu", None])
def test_both_ways_through_the_network_give_one_gradient(activation):
    members = members_for(lambda seed: mlp([3, 5, 4, 2], activation, seed=seed), (0, 1))
    assert is_layered(members.template, X)
    x, y = X.float().expand(2, *X.shape), torch.arange(180).view(2, 90) % 2
    found = []
    for kind in (Layered, Vectorized):
        into = {n: torch.empty_like(p) for n, p in members.parameters.items()}
        extra = ({},) if kind is Vectorized else ()
        way = kind(members.template, members.parameters, into, *extra)
        loss = way.gradient(x, y, torch.tensor([0.0, 0.3]))
        found.append([loss, *into.values(), *way.outputs(x)[1]])
    for one, other in zip(*found, strict=True):
        assert torch.allclose(one, other, atol=1e-5)


@pytest.mark.parametrize("rule", [SGD(momentum=0.9), Adam(), Adam(decoupled=True)])
@pytest.mark.parametrize("build", [net, lambda seed: Own()], ids=["layered", "vectorized"])
def test_a_member_is_the_same_alone_and_among_255_others(rule, build):
    options = {"steps": 12, "batch_size": 32, "optimizer": rule, "device": "cpu"}
    many = train(build, DATA, seeds=64, lr=[0.01, 0.03, 0.1, 0.3], **options)
    alone = train(build, DATA, seeds=[41], lr=0.1, **options)
    assert many.loss.shape == (4, 64, 12)
    assert torch.equal(many.loss[2, 41], alone.loss[0])
    for name, value in alone.parameters.items():
        assert torch.equal(many.parameters[name][2, 41], value[0])


def test_nobody_rounds_otherwise_because_it_trains_alone():
    torch.set_num_threads(2)  # two threads can share one product in another way than several
    options = {"lr": 0.03, "steps": 20, "batch_size": 32, "device": "cpu", "optimizer": "adam"}
    several, alone = (
        train(lambda seed: mlp([64, 64, 64, 10], seed=seed), digits(), seeds=seeds, **options)
        for seeds in ([40, 41, 42], [41])
    )
    assert torch.equal(several.loss[1], alone.loss[0])


def test_the_same_seeds_give_the_same_bits():
    runs = [train(net, DATA, seeds=3, lr=0.1, steps=30, device="cpu") for _ in range(2)]
    assert torch.equal(runs[0].loss, runs[1].loss)
    for name, value in runs[0].parameters.items():
        assert torch.equal(value, runs[1].parameters[name])
    assert not torch.equal(runs[0].loss[0], runs[0].loss[1])


def test_numbers_may_come_as_tensors_of_no_dimension():
    runs = train(net, DATA, seeds=torch.tensor(2), lr=torch.tensor(0.5), steps=1, device="cpu")
    assert runs.axes == {"seed": (0, 1)}


def test_the_global_random_stream_is_left_alone():
    before = torch.random.get_rng_state()
    train(Own, DATA, seeds=2, lr=0.1, steps=2)
    assert torch.equal(before, torch.random.get_rng_state())


def test_a_template_is_redrawn_as_a_fresh_module_would_be():
    runs = train(nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 2)), DATA, seeds=2,
                 lr=1e-30, steps=1)  # fmt: skip
    fresh = mlp([2, 4, 2], seed=1)
    assert torch.equal(runs.parameters["0.weight"][1], fresh[0].weight)
    assert torch.equal(runs.parameters["2.bias"][1], fresh[2].bias)


@pytest.mark.parametrize("rule", ["sgd", "adam"])
@pytest.mark.parametrize("build", [net, lambda seed: Own()], ids=["layered", "vectorized"])
def test_a_member_that_diverges_is_frozen_and_touches_nobody(rule, build):
    quiet = {"seeds": 3, "steps": 40, "batch_size": 32, "optimizer": rule, "device": "cpu"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        both = train(build, DATA, lr=[0.1, 1e30], **quiet)
    calm = train(build, DATA, lr=0.1, **quiet)
    assert both.diverged.tolist() == [[False] * 3, [True] * 3]
    assert torch.equal(both.loss[0], calm.loss)
    for seed, step in enumerate(both.diverged_at[1].tolist()):
        assert 0 < step < 40
        curve = both.loss[1, seed]
        assert torch.isfinite(curve[:step]).all()
        assert not torch.isfinite(curve[step])
        assert curve[step + 1 :].isnan().all()
        early = train(build, DATA, lr=1e30, **{**quiet, "steps": step})
        for name, value in both.parameters.items():
            assert torch.equal(value[1, seed], early.parameters[name][seed])
    assert "3 diverged" in repr(both)
    with pytest.raises(InvalidValueError, match="3 of 3 that diverged"):
        both.interval("test_loss", lr=1e30)


def test_a_frozen_member_stays_frozen_where_nobody_may_ask(monkeypatch):
    both = train(net, DATA, lr=[0.1, 1e30], seeds=2, steps=20, device="cpu")
    monkeypatch.setattr("relukit.training.loop.may_ask", lambda device: False)
    masked = train(net, DATA, lr=[0.1, 1e30], seeds=2, steps=20, device="cpu")
    for name, value in both.parameters.items():
        assert torch.equal(value, masked.parameters[name])


def test_runs_name_their_axes_and_give_intervals():
    gains = Factors(gain=[1.0, 2.0])
    runs = train(net, DATA, seeds=4, lr=[0.1, 0.5], factors=gains, steps=30, record=10)
    assert runs.axes == {"lr": (0.1, 0.5), "gain": (1.0, 2.0), "seed": (0, 1, 2, 3)}
    assert runs.measured_at.tolist() == [0, 10, 20, 30]
    assert runs.measured["test_accuracy"].shape == (2, 2, 4, 4)
    values = runs.values("test_loss", lr=0.5, gain=2.0)
    assert torch.equal(values, runs.measured["test_loss"][1, 1, :, -1])
    assert runs.interval("test_loss", lr=0.5, gain=2.0) == interval(values)
    member = runs.network(lr=0.5, gain=2.0, seed=3)
    loss = functional.cross_entropy(member(DATA.x_test), DATA.y_test)
    right = (member(DATA.x_test).argmax(1) == DATA.y_test).double().mean()
    assert math.isclose(loss.item(), values[3].item(), rel_tol=1e-5)
    assert runs.values("test_accuracy", lr=0.5, gain=2.0)[3] == right
    for wrong in ({"lr": 0.5}, {"lr": 0.2, "gain": 1.0}, {"lr": 0.1, "gain": 1.0, "depth": 3}):
        with pytest.raises(InvalidValueError):
            runs.values("test_loss", **wrong)
    with pytest.raises(InvalidValueError, match="quantity"):
        runs.values("accuracy", lr=0.1, gain=1.0)


def test_gain_scales_the_initial_weights_and_not_the_biases():
    runs = train(net, DATA, seeds=2, lr=1e-30, factors=Factors(gain=[1.0, 3.0]), steps=1)
    first = runs.parameters["0.weight"]
    assert torch.equal(first[1], 3 * first[0])
    assert torch.equal(*runs.parameters["0.bias"])


def test_life_lines_and_layers_are_exact_over_the_whole_training_set():
    runs = train(
        lambda seed: mlp([2, 30, 20, 2], scheme="he_normal", bias=True, seed=seed),
        spirals(900), seeds=3, lr=2.0, steps=30, record=Record(1, layers=True, units=True),
        device="cpu",
    )  # fmt: skip
    x = spirals(900).x_train
    for step in (0, 13, 30):
        again = train(
            lambda seed: mlp([2, 30, 20, 2], scheme="he_normal", bias=True, seed=seed),
            spirals(900), seeds=3, lr=2.0, steps=step, device="cpu",
        ) if step else None  # fmt: skip
        for seed in range(3):
            if again is None:
                network = mlp([2, 30, 20, 2], scheme="he_normal", seed=seed)
            else:
                network = again.network(seed=seed)
            for layer in range(2):
                a = network[: 2 * layer + 2](x)
                assert torch.equal(runs.alive[layer].alive[seed, step], (a != 0).any(0))
                for name, value in (
                    ("mean", a.mean()),
                    ("std", a.std(correction=0)),
                    ("zeros", (a == 0).double().mean()),
                ):
                    found = runs.measured[f"layer_{name}"][seed, step, layer]
                    assert math.isclose(found.item(), value.item(), rel_tol=1e-4, abs_tol=1e-6)
    assert sum(int(line.deaths().sum()) for line in runs.alive) > 0


def test_a_kept_network_is_the_one_that_so_many_steps_alone_would_have_trained():
    options = {"seeds": 3, "lr": [0.1, 0.2], "device": "cpu", "optimizer": "adam"}
    runs = train(net, DATA, steps=7, record=Record(3, parameters=True), **options)
    assert runs.measured_at.tolist() == [0, 3, 6, 7]
    assert not [name for name in runs.measured if "parameter" in name]
    for step in (3, 6):
        alone = train(net, DATA, steps=step, **options).network(seed=2, lr=0.2)
        kept = runs.network(seed=2, lr=0.2, step=step)
        for found, expected in zip(kept.parameters(), alone.parameters(), strict=True):
            torch.testing.assert_close(found, expected)
    first, last = (runs.network(seed=2, lr=0.2, step=step)[0].weight for step in (0, 7))
    assert torch.equal(first, net(2)[0].weight)
    assert torch.equal(last, runs.network(seed=2, lr=0.2)[0].weight)


@pytest.mark.parametrize(("record", "step"), [(2, 2), (Record(2, parameters=True), 3)])
def test_a_step_whose_parameters_were_not_kept_is_refused(record, step):
    runs = train(net, DATA, seeds=2, lr=0.1, steps=4, record=record)
    with pytest.raises(InvalidValueError, match="parameters=True"):
        runs.network(seed=0, step=step)


def test_members_in_small_chunks_end_as_in_one(monkeypatch):
    sizes = []
    from relukit.training import loop

    class Counting(loop.Chunk):
        def __init__(self, job, state=None):
            sizes.append(len(job.which))
            super().__init__(job, state)

    monkeypatch.setattr("relukit.training.dispatch.Chunk", Counting)
    options = {"seeds": 5, "lr": [0.1, 0.2], "steps": 20, "record": 5}
    whole = train(net, DATA, device="cpu", **options)
    parts = train(net, DATA, device=Machine("cpu", memory=300_000), **options)
    assert sizes[0] == 10
    assert len(sizes) > 3
    assert torch.equal(whole.loss, parts.loss)
    assert torch.equal(whole.measured["test_loss"], parts.measured["test_loss"])
    with pytest.raises(InvalidValueError, match="budget that holds one member and a copy, 0"):
        train(net, DATA, device=Machine("cpu", memory=1000), **options)


def test_an_interrupt_returns_what_there_is(monkeypatch):
    from relukit.training import loop

    update, calls = loop.Chunk._update, []

    def interrupted(self):
        calls.append(0)
        if len(calls) > 7:
            raise KeyboardInterrupt
        update(self)

    monkeypatch.setattr(loop.Chunk, "_update", interrupted)
    stops = waiting.stops()
    runs = train(net, DATA, seeds=4, lr=0.1, steps=20, device=Machine(memory=300_000), record=5)
    assert runs.partial
    assert waiting.stops() == stops + 1  # so that nobody keeps what is made of it
    assert runs.steps_done[0] == 7
    assert runs.steps_done[-1] == 0
    assert torch.isfinite(runs.loss[0, :7]).all()
    assert runs.loss[0, 7:].isnan().all()
    assert torch.isfinite(runs.measured["test_loss"][0, :2]).all()
    assert runs.measured["test_loss"][0, 2:].isnan().all()
    assert "partial" in repr(runs)


def test_nothing_is_written_to_the_terminal(capfd):
    train(net, DATA, seeds=2, lr=0.1, steps=3)
    assert capfd.readouterr() == ("", "")
    train(net, DATA, seeds=2, lr=0.1, steps=3, progress=True)
    assert "member-steps" in capfd.readouterr().err


def must_not_train(monkeypatch):
    monkeypatch.setattr("relukit.training.loop.Chunk.run", lambda *_: pytest.fail("it trained"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lr": 0}, "lr above 0"),
        ({"lr": -0.1}, "lr above 0"),
        ({"lr": math.nan}, "finite lr"),
        ({"lr": [0.1, math.inf]}, "finite lr"),
        ({"lr": []}, "values of lr"),
        ({"lr": [0.1, 0.1]}, "different values"),
        ({"lr": "0.1"}, "number as lr"),
        ({"steps": 0}, "steps of at least 1"),
        ({"steps": 2.5}, "an integer steps"),
        ({"batch_size": 0}, "batch_size"),
        ({"seeds": 0}, "seeds"),
        ({"seeds": [1, 1]}, "seeds"),
        ({"seeds": [-1]}, "seeds"),
        ({"factors": Factors(weight_decay=-1.0)}, "weight_decay"),
        ({"factors": Factors(gain=0.0)}, "gain above 0"),
        ({"optimizer": "rmsprop"}, "optimizer"),
        ({"device": "moon"}, "device"),
        ({"record": 0}, "every"),
        ({"checkpoint": 3}, "path"),
        ({"data": (torch.ones(0, 2), torch.ones(0, 2))}, "at least 1"),
        ({"data": (torch.ones(3, 2), torch.ones(2, 2))}, "one entry of y"),
        ({"data": (torch.ones(3, 2), torch.tensor([0, 1, 2]))}, "labels from 0 to 1"),
        ({"data": (torch.ones(3, 2), torch.tensor([0, 1, -1]))}, "labels from"),
        ({"data": (torch.ones(3, 2) * math.nan, torch.zeros(3, 2))}, "finite"),
        ({"data": (torch.ones(3, 2), torch.zeros(3, 1))}, "outputs of shape"),
        ({"data": (torch.ones(3, 5), torch.zeros(3, 2))}, "network accepts"),
        ({"data": (torch.ones(3, 2), torch.zeros(3, 2, dtype=torch.int32))}, "labels"),
        ({"data": [[1.0]]}, "Dataset"),
        ({"network": lambda seed: mlp([2, 4, 3], seed=seed)}, "outputs of shape"),
        ({"network": lambda seed: None}, "returns a torch"),
        ({"network": lambda seed: mlp([2, 4 + seed, 2])}, "one structure"),
        ({"network": "mlp"}, "module class"),
        ({"network": nn.Identity}, "parameters to train"),
        ({"network": nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4))}, "running statistics"),
        ({"network": nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5))}, "random numbers"),
        ({"network": nn.Sequential(nn.Linear(2, 4), nn.Sequential(nn.Dropout(0.5)))}, "'1.0'"),
        ({"network": BATCH_NORM}, "mixes the examples"),
        ({"network": nn.LazyLinear(2)}, "know their sizes"),
        ({"network": lambda: net(0)}, "one argument, the seed"),
        ({"network": nn.Linear}, "needs no argument"),
        ({"progress": "yes"}, "progress"),
        ({"device": "meta"}, "device"),
        ({"factors": {"gain": 2.0}}, "Factors"),
        ({"lr": torch.ones(1, 1)}, "number as lr"),
        ({"data": (*PAIR, DATA.x_test, torch.ones(50, 3))}, "one kind"),
        ({"data": (*PAIR, DATA.x_test[:0], torch.ones(0, 2))}, "at least 1"),
        ({"data": (*PAIR, DATA.x_test, None)}, "a tensor y in the test part"),
        ({"network": Own, "record": Record(1, units=True)}, "activations that are modules"),
        ({"network": Own, "factors": Factors(l1_activations=0.1)}, "activations that are modules"),
    ],
)
def test_bad_input_is_refused_before_any_training(changes, words, monkeypatch):
    must_not_train(monkeypatch)
    options = {"network": net, "data": DATA, "lr": 0.1, "steps": 3, "seeds": 2} | changes
    network, data = options.pop("network"), options.pop("data")
    with pytest.raises((InvalidValueError, InvalidTypeError, UnavailableError), match=words):
        train(network, data, **options)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"device": "moon"}, "device"),
        ({"memory": 0}, "memory of at least 1"),
        ({"executor": 3}, "Executor"),
    ],
)
def test_a_machine_that_is_not_there_is_refused(changes, words):
    with pytest.raises((InvalidValueError, InvalidTypeError, UnavailableError), match=words):
        Machine(**changes)


def test_modules_that_keep_state_by_hand_are_refused(monkeypatch):
    must_not_train(monkeypatch)

    class Counting(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(2, 2)
            self.register_buffer("calls", torch.zeros(()))

        def forward(self, x):
            self.calls += 1
            return self.layer(x)

    class Branching(nn.Linear):
        def forward(self, x):
            return super().forward(x) if x.sum().item() > 1e9 else 2 * super().forward(x)

    class Noisy(nn.Linear):
        def forward(self, x):
            return super().forward(x) + torch.rand(2)

    class Remembering(nn.Linear):
        seen = ()

        def forward(self, x):
            self.seen = (*self.seen, x * 1.0)
            return super().forward(x)

    class Dropping(nn.Linear):
        def forward(self, x):
            return nn.functional.dropout(super().forward(x), 0.5)

    class Bare(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(2, 2))

        def forward(self, x):
            return x @ self.weight

    for build, words in (
        (Counting, "changes its state"),
        (lambda seed: Noisy(2, 2), "changes its state"),
        (lambda seed: Branching(2, 2), "vectorize"),
        (lambda seed: Remembering(2, 2), "vectorize"),
        (lambda seed: Dropping(2, 2), "changes its state|vectorize"),
        (Bare(), "reset_parameters"),
    ):
        with pytest.raises(InvalidValueError, match=words):
            train(build, DATA, lr=0.1, steps=2, seeds=2)


IMAGES = torch.randn(60, 64, generator=torch.Generator().manual_seed(1))
SEQUENCES = torch.randn(60, 7, 2, generator=torch.Generator().manual_seed(2))

SUMS = SEQUENCES[:, :, 0].sum(1)[:, None]


@pytest.mark.parametrize(
    ("build", "data"),
    [
        (lambda seed: gated_mlp([2, 8, 8, 2], "swiglu", seed=seed), DATA),
        (lambda seed: maxout_mlp([2, 8, 8, 2], 3, seed=seed), DATA),
        (lambda seed: autoencoder([3, 6, 3], seed=seed), (X.float(), X.float())),
        (lambda seed: recurrent([2, 8, 1], seed=seed), (SEQUENCES, SUMS)),
        (lambda seed: convolutional((4, 4), seed=seed), (IMAGES, torch.arange(60) % 10)),
    ],
    ids=["gated", "maxout", "autoencoder", "recurrent", "convolutional"],
)  # fmt: skip
def test_every_kind_of_network_equals_its_plain_loop(build, data):
    runs = train(build, data, seeds=2, lr=0.01, steps=6, batch_size=20, device="cpu")
    alone, pair = build(1), (data.x_train, data.y_train) if data is DATA else data
    rule = torch.optim.SGD(alone.parameters(), 0.01)
    assert torch.allclose(
        runs.loss[1], plain(alone, pair, rule, 6, 1, 20).float(), rtol=1e-3, atol=1e-5
    )


def test_convolutions_and_normalization_without_state_train():
    x = torch.randn(40, 1, 6, 6, generator=torch.Generator().manual_seed(1))
    build = nn.Sequential(
        nn.Conv2d(1, 3, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.LayerNorm(12),
        nn.Linear(12, 2),
    )  # fmt: skip
    runs = train(build, (x, (x.mean((1, 2, 3)) > 0).long()), seeds=3, lr=0.05, steps=60,
                 batch_size=20, optimizer="adam", record=Record(30, units=True))  # fmt: skip
    assert (runs.loss[:, -1] < runs.loss[:, 0]).all()
    assert runs.alive[0].alive.shape == (3, 3, 3 * 4 * 4)


def test_fixed_parameters_stay_as_they_are():
    def build(seed):
        network = net(seed)
        network[0].weight.requires_grad_(False)
        return network

    runs = train(build, DATA, seeds=2, lr=0.5, steps=5)
    assert "0.weight" not in runs.parameters
    assert torch.equal(runs.network(seed=1)[0].weight, net(1)[0].weight)


@pytest.mark.parametrize("options", [{"momentum": 1.0}, {"momentum": -0.1}, {"momentum": "x"}])
def test_optimizers_refuse_what_is_out_of_range(options):
    with pytest.raises((InvalidValueError, InvalidTypeError)):
        SGD(**options)
    with pytest.raises(InvalidValueError):
        Adam(eps=0.0)
    assert optimizer_named("adam") == Adam()
    assert optimizer_named("adamw") == Adam(decoupled=True)
    with pytest.raises(InvalidTypeError, match="decoupled"):
        Adam(decoupled=1)
