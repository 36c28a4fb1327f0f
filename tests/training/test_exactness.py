"""What a card is told about rounding and order, and that torch's settings come back."""

import contextlib

import pytest
import torch
from torch import nn

from relukit.datasets import moons
from relukit.networks import mlp
from relukit.training import Machine, exactness, train
from relukit.training.exactness import exact

CUDA = torch.device("cuda")
HAS_NEW = hasattr(torch.backends.cuda.matmul, "fp32_precision")


@pytest.fixture
def no_card(monkeypatch):
    """Let a device be chosen where there is none."""
    monkeypatch.setattr(torch.cuda, "device", lambda device: contextlib.nullcontext())


def told():
    return [getattr(place, name) for place, name, _ in exactness._settings(tf32=False)]


@pytest.mark.parametrize("tf32", [False, True])
@pytest.mark.parametrize("fails", [False, True])
def test_a_card_is_exact_and_torch_is_as_it_was_afterwards(tf32, fails, no_card):
    before = told()
    with contextlib.suppress(ValueError), exact(CUDA, tf32=tf32):
        assert torch.backends.cudnn.deterministic
        assert not torch.backends.cudnn.benchmark
        if HAS_NEW:
            assert told()[2:] == 3 * ["tf32" if tf32 else "ieee"]
        else:
            assert told()[2:] == 2 * [tf32]
        if fails:
            raise ValueError
    assert told() == before
    assert torch.backends.cuda.matmul.allow_tf32 in (True, False)  # torch still answers


def test_torch_before_29_is_told_in_its_own_words(monkeypatch, no_card):
    class Old:
        allow_tf32, deterministic, benchmark = True, False, True

    cuda, cudnn = Old(), Old()
    monkeypatch.setattr(torch.backends.cuda, "matmul", cuda)
    monkeypatch.setattr(torch.backends, "cudnn", cudnn)
    with exact(CUDA):
        assert (cuda.allow_tf32, cudnn.allow_tf32) == (False, False)
        assert (cudnn.deterministic, cudnn.benchmark) == (True, False)
    assert (cuda.allow_tf32, cudnn.allow_tf32) == (True, True)
    assert (cudnn.deterministic, cudnn.benchmark) == (False, True)


def test_nothing_is_set_on_a_processor():
    with exact(torch.device("cpu"), tf32=True):
        inside = told()
    assert inside == told()


def test_training_is_within_it_and_says_whether_tf32_may_be(monkeypatch):
    asked = []

    @contextlib.contextmanager
    def watching(device, *, tf32):
        asked.append((device.type, tf32))
        yield

    monkeypatch.setattr("relukit.training.loop.exact", watching)
    options = {"lr": 0.1, "steps": 2, "seeds": 2}
    for machine in (Machine("cpu"), Machine("cpu", tf32=True)):
        train(lambda seed: mlp([2, 4, 2], seed=seed), moons(60), device=machine, **options)
    assert asked == [("cpu", False), ("cpu", True)]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_on_cuda_the_same_run_gives_the_same_bits():
    build = nn.Sequential(nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(),
                          nn.Linear(144, 10))  # fmt: skip
    x = torch.randn(300, 64, generator=torch.Generator().manual_seed(0))
    data, options = (x, torch.arange(300) % 10), {"lr": 0.01, "steps": 80, "seeds": 8}
    runs = [train(build, data, device="cuda", **options) for _ in range(2)]
    assert torch.equal(runs[0].loss, runs[1].loss)
    here = train(build, data, device="cpu", **options)
    assert torch.allclose(here.loss[:, :5], runs[0].loss[:, :5], rtol=1e-4)  # no TF32
