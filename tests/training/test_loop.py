"""What happens inside the step loop: penalties and records of every kind of unit, no waiting."""

import math
import warnings

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from relukit.datasets import adding_problem, moons
from relukit.diagnostics import activations
from relukit.networks import convolutional, gated_mlp, maxout_mlp, mlp, recurrent
from relukit.training import SGD, Adam, Factors, Record, batch, loop, train
from relukit.training.examples import examples_of
from relukit.training.jobs import job_of
from relukit.training.loop import Chunk
from relukit.training.members import members_for
from relukit.training.optimizers import optimizer_named
from relukit.training.population import Population
from relukit.training.settings import Settings
from relukit.training.sweep import sweep_of

pytestmark = pytest.mark.usefixtures("one_thread")

DATA = moons(400, noise=0.2, seed=1)
UNITS = {
    "maxout": lambda seed: maxout_mlp([2, 8, 6, 2], 3, seed=seed, dtype=torch.float64),
    "reglu": lambda seed: gated_mlp([2, 8, 6, 2], "reglu", seed=seed, dtype=torch.float64),
    "swiglu": lambda seed: gated_mlp([2, 8, 6, 2], "swiglu", seed=seed, dtype=torch.float64),
}


@pytest.mark.parametrize("name", UNITS)
@pytest.mark.parametrize("layered", [True, False])
def test_penalty_and_records_count_maxout_and_gated_units(name, layered, monkeypatch):
    if not layered:
        monkeypatch.setattr("relukit.training.loop.is_layered", lambda network, x: False)
    build, x, y = UNITS[name], DATA.x_train.double(), DATA.y_train
    runs = train(build, (x, y), seeds=2, lr=0.05, steps=20, batch_size=40,
                 factors=Factors(l1_activations=0.02),
                 record=Record(20, layers=True, units=True), device="cpu")  # fmt: skip
    alone = build(1)
    rule = torch.optim.SGD(alone.parameters(), 0.05)
    for step in range(20):
        rows, penalty = batch(len(x), 40, seed=1, step=step), 0.0
        a = x[rows]
        for layer in alone:
            a = layer(a)
            if not isinstance(layer, nn.Linear):
                penalty = penalty + 0.02 * a.abs().sum(1).mean()
        loss = nn.functional.cross_entropy(a, y[rows])
        assert math.isclose(runs.loss[1, step].item(), loss.item(), abs_tol=1e-9)
        rule.zero_grad()
        (loss + penalty).backward()
        rule.step()
    hidden = activations(alone, x)
    assert len(runs.alive) == len(hidden) == 2
    for layer, a in enumerate(hidden):
        assert torch.equal(runs.alive[layer].alive[1, -1], (a != 0).any(0))
        zeros = runs.measured["layer_zeros"][1, -1, layer]
        assert zeros == (a == 0).double().mean()
        mean = runs.measured["layer_mean"][1, -1, layer]
        assert math.isclose(mean, a.mean().item(), abs_tol=1e-9)


def test_the_adding_problem_trains_as_it_comes():
    data = adding_problem(200, 12)
    runs = train(lambda seed: recurrent([2, 16, 1], seed=seed), data, seeds=2, lr=0.01, steps=60,
                 optimizer="adam", batch_size=50, device="cpu")  # fmt: skip
    assert set(runs.measured) == {"test_loss"}
    assert (runs.loss[:, -10:].mean(1) < runs.loss[:, :10].mean(1)).all()
    member = runs.network(seed=1)
    gap = (member(data.x_test) - data.y_test).square().mean().item()
    assert math.isclose(runs.values("test_loss")[1], gap, rel_tol=1e-5)


class Cubed(nn.Module):
    """Its outputs are finite where their gradient, times the size of x, is not."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(2))

    def forward(self, x):
        return (x * torch.sqrt(self.weight.abs())).sum(1, keepdim=True)


@pytest.mark.parametrize(("steps", "at"), [(3, 1), (1, 1)])
def test_a_gradient_that_is_not_finite_shows_in_the_next_loss_or_at_the_end(steps, at):
    data = (DATA.x_train, DATA.x_train[:, :1])
    runs = train(lambda seed: Cubed(), data, seeds=2, lr=0.1, steps=steps, device="cpu")
    assert torch.isfinite(runs.loss[:, 0]).all()
    assert runs.diverged.all()
    assert runs.diverged_at.tolist() == [at, at]
    assert runs.loss[:, at:].isnan().all()


class Waiting(TorchDispatchMode):
    """Fails where Python would wait for a device's values."""

    ASKING = ("_local_scalar_dense", "is_nonzero", "nonzero", "item", "equal", "unique")

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func.overloadpacket.__name__
        assert name not in self.ASKING, f"aten::{name} reads a value"
        kwargs = kwargs or {}
        waits = "device" in kwargs and not kwargs.get("non_blocking")
        assert not waits or name != "_to_copy", "a copy between devices"
        return func(*args, **kwargs)


def chunk_of(build, rule, data=DATA, steps=9, device="cpu", **factors):
    record = Record(9, layers=device == "meta", units=True, parameters=device == "meta")
    settings = Settings(optimizer_named(rule), steps, 30, record, device)
    factors = {"weight_decay": 0.01, "l1_activations": 0.01} | factors
    sweep = sweep_of(0.01, Factors(**factors), 2)
    population = Population(
        members_for(build, sweep.seeds), examples_of(data, sweep.seeds), settings, sweep
    )
    return Chunk(job_of(population, range(2)))


@pytest.mark.parametrize("rule", ["sgd", "adam"])
@pytest.mark.parametrize("layered", [True, False])
def test_no_step_waits_for_a_value(rule, layered, monkeypatch):
    monkeypatch.setattr("relukit.training.loop.may_ask", lambda device: False)
    if not layered:
        monkeypatch.setattr("relukit.training.loop.is_layered", lambda network, x: False)
    chunk = chunk_of(lambda seed: mlp([2, 8, 8, 2], seed=seed), rule)
    with Waiting():
        for _ in range(9):
            chunk._measure()
            chunk._update()


def test_the_test_for_waiting_sees_a_wait():
    chunk = chunk_of(lambda seed: mlp([2, 8, 8, 2], seed=seed), "sgd")
    with Waiting(), pytest.raises(AssertionError, match="reads a value"):
        chunk._update()


class Apart(Waiting):
    """Fails also where one operation has tensors of two devices, other than single numbers."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        parts = [p for p in tree_leaves((args, kwargs)) if isinstance(p, torch.Tensor) and p.ndim]
        assert len({part.device for part in parts}) < 2, f"{func} has tensors of two devices"
        return super().__torch_dispatch__(func, types, args, kwargs)


def without_state(seed):
    return nn.Sequential(nn.Linear(2, 6), nn.ReLU(), nn.LayerNorm(6), nn.Linear(6, 2))


IMAGES = (torch.randn(60, 64), torch.arange(60) % 10)
SEQUENCES = (torch.randn(60, 7, 2), torch.randn(60, 1))
KINDS = {
    "stack": (lambda seed: mlp([2, 8, 8, 2], "gelu", seed=seed), DATA, 0.01),
    "any module": (without_state, DATA, 0.01),
    "convolutions": (lambda seed: convolutional((3, 4), seed=seed), IMAGES, 0.0),
    "recurrent": (lambda seed: recurrent([2, 8, 1], seed=seed), SEQUENCES, 0.0),
    "a split for each seed": (
        lambda seed: mlp([2, 8, 2], seed=seed),
        lambda seed: moons(100, seed=seed),
        0.01,
    ),
}
STEPPED = [Adam(decoupled=True, clip=0.2, schedule="cosine"), SGD(0.9, nesterov=True, warm_up=3)]


@pytest.mark.parametrize("rule", STEPPED, ids=["adamw", "nesterov"])
@pytest.mark.parametrize("replayed", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_on_another_device_no_tensor_is_left_behind_and_nobody_waits(
    kind, replayed, rule, monkeypatch
):
    """The device "meta" computes nothing, but refuses to mix and to tell values, as a card does."""
    (build, data, l1), called = KINDS[kind], []
    monkeypatch.setattr(loop, "in_rows", lambda device: True)
    monkeypatch.setattr(loop, "may_ask", lambda device: False)
    monkeypatch.setattr(loop, "records_steps", lambda device: replayed)
    monkeypatch.setattr(
        "relukit.training.replay.recorded", lambda body, inputs, _: lambda: body(*inputs)
    )
    move = loop.Chunk._move
    monkeypatch.setattr(loop.Chunk, "_move", lambda *parts: called.append(1) or move(*parts))
    chunk = chunk_of(build, rule, data, steps=60, device="meta", l1_activations=l1)
    assert (chunk.replay is not None) == replayed
    with Apart():
        for _ in range(12):
            chunk._measure()
            chunk._update()
    assert len(called) == 12
    assert len(chunk.records) == 2
    for memory in (*chunk.records[1].values(), chunk.loss, chunk.flat, *chunk.buffers):
        assert memory.is_meta


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_cuda_device_gives_nearly_the_numbers_of_the_cpu():
    options = {"seeds": 4, "lr": [0.05, 1e30], "steps": 30, "batch_size": 50}
    build = UNITS["maxout"]
    here, there = (train(build, DATA, device=device, **options) for device in ("cpu", "cuda"))
    assert there.device.startswith("cuda")
    assert torch.allclose(here.loss[0], there.loss[0], atol=1e-9)
    assert torch.equal(here.diverged, there.diverged)


def test_a_warning_of_the_network_is_not_lost():
    class Talking(nn.Linear):
        def forward(self, x):
            warnings.warn("weights of a kind", stacklevel=1)
            return super().forward(x)

    with pytest.warns(UserWarning, match="weights of a kind"):
        train(lambda seed: Talking(2, 2), DATA, seeds=2, lr=0.1, steps=2, device="cpu")
