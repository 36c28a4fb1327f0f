"""Where members train: a card's memory, workers that are not forked, networks from elsewhere."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from relukit.datasets import moons
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.networks import mlp
from relukit.training import Machine, members, train

DATA = moons(200, noise=0.2, seed=1)


def test_a_card_gives_half_of_its_free_memory_to_those_who_share_it(monkeypatch):
    monkeypatch.setattr(torch, "empty", lambda *size, device: torch.zeros(*size))
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda place: (80 * 2**30, 140 * 2**30))
    assert Machine("cuda").budget == 40 * 2**30
    assert Machine("cuda", memory=2**20).budget == 2**20
    with ThreadPoolExecutor(4) as pool:
        assert Machine("cuda", executor=pool).budget == 10 * 2**30
    assert Machine("cpu").budget == 2**30


def test_what_torch_keeps_of_a_card_for_its_next_tensors_counts_as_free(monkeypatch):
    monkeypatch.setattr(torch, "empty", lambda *size, device: torch.zeros(*size))
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda place: (2 * 2**30, 140 * 2**30))
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda place: 90 * 2**30)
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda place: 10 * 2**30)
    assert Machine("cuda").budget == 41 * 2**30


@pytest.mark.parametrize("name", ["graphs", "tf32"])
def test_what_a_card_may_do_is_yes_or_no(name):
    with pytest.raises(InvalidTypeError, match=f"bool {name}"):
        Machine("cpu", **{name: 1})


def test_a_device_without_float64_refuses_a_network_in_it_by_name(monkeypatch):
    monkeypatch.setattr("relukit.training.machine.widest", lambda device: torch.float32)
    with pytest.raises(
        InvalidValueError, match="float32 on the device 'cpu', which has no float64"
    ):
        train(lambda seed: mlp([2, 4, 2], seed=seed, dtype=torch.float64), DATA, seeds=2, lr=0.1,
              steps=1, device="cpu")  # fmt: skip
    Machine("cpu").refuse(torch.float32)


def test_data_without_values_are_refused_by_name():
    with pytest.raises(InvalidValueError, match="one on the device 'meta'"):
        train(lambda seed: mlp([2, 4, 2], seed=seed), (torch.ones(3, 2, device="meta"),
              torch.zeros(3, dtype=torch.int64)), seeds=2, lr=0.1, steps=1)  # fmt: skip


def test_networks_and_data_of_a_card_are_taken(monkeypatch):
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    build = lambda seed: nn.Linear(2, 2, device="cuda")  # noqa: E731
    there = (DATA.x_train.cuda(), DATA.y_train.cuda())
    before = torch.cuda.get_rng_state()
    runs = [train(build, there, seeds=3, lr=0.1, steps=5) for _ in range(2)]
    assert torch.equal(runs[0].loss, runs[1].loss)
    assert torch.equal(torch.cuda.get_rng_state(), before)


def test_no_worker_is_forked_from_a_process_that_uses_cuda(monkeypatch):
    monkeypatch.setattr(torch, "empty", lambda *size, device: torch.zeros(*size))
    fork, spawn = map(multiprocessing.get_context, ("fork", "spawn"))
    with (
        ProcessPoolExecutor(2, mp_context=fork) as pool,
        pytest.raises(InvalidValueError, match=r"does not survive a fork.*get_context\('spawn'\)"),
    ):
        Machine("cuda", executor=pool)
    assert Machine("cpu", executor=pool).executor is pool
    with ProcessPoolExecutor(2, mp_context=spawn) as pool:
        assert Machine("cuda", executor=pool).workers == 2


def test_a_network_without_values_is_refused_by_name():
    with pytest.raises(InvalidValueError, match="one on the device 'meta'"):
        train(lambda seed: mlp([2, 4, 2], seed=seed).to("meta"), DATA, seeds=2, lr=0.1, steps=1)


def test_a_network_on_another_device_is_copied_and_stays_where_it_is(monkeypatch):
    network, copied = mlp([2, 4, 2], seed=0), []

    class Elsewhere(nn.Module):
        """Says of its values that they are on a card, until it is brought to the CPU."""

        def parameters(self, recurse=True):
            yield SimpleNamespace(is_meta=False, device=torch.device("cuda"))

        def buffers(self, recurse=True):
            yield from ()

        def to(self, place):
            copied.append(place)
            return network

    there = Elsewhere()
    assert members._on_the_cpu(there) is network
    assert copied == ["cpu"]
    assert members._on_the_cpu(network) is network
