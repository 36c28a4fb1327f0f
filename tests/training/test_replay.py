"""Steps that are recorded and replayed do what called ones do; here by a recorder of the CPU."""

import gc
import weakref

import pytest
import torch
from torch import nn

from relukit.datasets import moons
from relukit.networks import mlp
from relukit.training import SGD, Adam, Factors, Machine, Record, loop, replay, train
from relukit.training.replay import WARM, Replay

pytestmark = pytest.mark.usefixtures("one_thread")

DATA = moons(200, noise=0.2, seed=1)
RULES = {
    "sgd": SGD(),
    "nesterov": SGD(0.9, nesterov=True, warm_up=9, schedule="cosine"),
    "adam": Adam(),
    "adamw": Adam(decoupled=True, clip=0.2, schedule="linear"),
}


def layered(seed):
    return mlp([2, 9, 7, 2], "gelu", seed=seed, dtype=torch.float64)


def own(seed):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(
            nn.Linear(2, 6), nn.ReLU(), nn.LayerNorm(6), nn.Linear(6, 2)
        ).double()  # fmt: skip


def by_hand(body, inputs, stream):
    """Stand for a card: replaying fills the same memory from the same inputs, each time."""
    kept = []

    def again():
        found = body(*inputs)
        kept[:] = kept or [found.clone()]
        return kept[0].copy_(found)

    return again


@pytest.fixture
def card(monkeypatch):
    """A CPU that steps as a card does: in rows, without asking, recorded."""
    counted = []

    def recorded(*arguments):
        counted.append(1)
        return by_hand(*arguments)

    monkeypatch.setattr(loop, "in_rows", lambda device: True)
    monkeypatch.setattr(loop, "may_ask", lambda device: False)
    monkeypatch.setattr(loop, "records_steps", lambda device: True)
    monkeypatch.setattr(replay, "recorded", recorded)
    return counted


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("build", [layered, own])
def test_replayed_steps_are_the_steps_that_are_called(build, rule, card):
    options = {
        "lr": [0.02, 0.1], "seeds": 3, "steps": 60, "optimizer": RULES[rule], "batch_size": 60,
        "factors": Factors(weight_decay=0.01), "record": Record(20, units=True),
    }  # fmt: skip
    called = train(build, DATA, device=Machine("cpu", graphs=False), **options)
    assert not card
    replayed = train(build, DATA, device="cpu", **options)
    assert card
    assert torch.allclose(called.loss, replayed.loss, rtol=1e-12, atol=0)
    for name, value in called.parameters.items():
        assert torch.allclose(value, replayed.parameters[name], rtol=0, atol=1e-12), name
    for name, value in called.measured.items():
        assert torch.allclose(value, replayed.measured[name], rtol=1e-12, atol=1e-12), name


def test_who_diverges_in_a_replayed_step_is_frozen_there(card):
    def rooted(seed):
        network = layered(seed)
        with torch.no_grad():
            network[0].bias.fill_(1.0)
        return network

    options = {"lr": [0.1, 8.0, 1e200], "seeds": 2, "steps": 60, "optimizer": SGD()}
    replayed = train(rooted, DATA, device="cpu", **options)
    called = train(rooted, DATA, device=Machine("cpu", graphs=False), **options)
    assert card
    assert called.diverged.any()
    assert torch.equal(called.diverged_at, replayed.diverged_at)
    for name, value in called.parameters.items():
        assert torch.equal(value, replayed.parameters[name]), name


@pytest.mark.parametrize(
    ("steps", "rule"), [(replay.WORTH - 1, "sgd"), (60, type("Watching", (SGD,), {})())]
)
def test_few_steps_and_rules_that_look_at_the_step_are_called(steps, rule, card):
    train(layered, DATA, lr=0.1, seeds=2, steps=steps, optimizer=rule, device="cpu")
    assert not card


def test_what_cannot_be_recorded_is_called_after_a_warning(card, monkeypatch):
    def refused(*arguments):
        raise RuntimeError("operation not permitted when stream is capturing")

    monkeypatch.setattr(replay, "recorded", refused)
    options = {"lr": 0.1, "seeds": 2, "steps": 60}
    with pytest.warns(UserWarning, match=r"not permitted.*Machine\(graphs=False\)"):
        found = train(layered, DATA, device="cpu", **options)
    called = train(layered, DATA, device=Machine("cpu", graphs=False), **options)
    assert torch.equal(found.loss, called.loss)


def test_each_call_does_its_work_once_and_sees_its_own_inputs(monkeypatch):
    monkeypatch.setattr(replay, "recorded", by_hand)
    total = torch.zeros(2)
    replayed = Replay(lambda x: total.add_(x))
    seen = [replayed(torch.full((2,), float(i))).tolist() for i in range(WARM + 4)]
    assert seen == [2 * [i * (i + 1) / 2] for i in range(WARM + 4)]


# what other tests of this process have left is collected, too
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_chunk_that_was_replayed_is_freed_with_its_last_name(card, monkeypatch):
    kept = []
    run = loop.Chunk.run

    def watched(self, *arguments):
        kept.append(weakref.ref(self))
        return run(self, *arguments)

    monkeypatch.setattr(loop.Chunk, "run", watched)
    gc.collect()
    gc.disable()
    try:
        train(layered, DATA, lr=0.1, seeds=2, steps=60, device="cpu")
        assert card
        assert kept[0]() is None
    finally:
        gc.enable()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("build", [layered, own])
def test_on_cuda_replayed_steps_are_the_steps_that_are_launched(build, rule, recwarn):
    options = {
        "lr": [0.02, 0.1], "seeds": 3, "steps": 60, "optimizer": RULES[rule],
        "factors": Factors(weight_decay=0.01), "record": Record(20, units=True),
    }  # fmt: skip
    called = train(build, DATA, device=Machine("cuda", graphs=False), **options)
    replayed = train(build, DATA, device="cuda", **options)
    assert not [one for one in recwarn if "CUDA graph" in str(one.message)]
    assert torch.allclose(called.loss, replayed.loss, rtol=1e-12, atol=0)
    for name, value in called.parameters.items():
        assert torch.allclose(value, replayed.parameters[name], rtol=0, atol=1e-12), name
