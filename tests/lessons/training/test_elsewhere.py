"""What page D7 times and counts: the same networks as the engine's, clocks that wait, rounding."""

import math
import time

import pytest
import torch

from relukit.datasets import digits
from relukit.lessons.training.experiments import elsewhere
from relukit.networks import mlp
from relukit.training import SGD, train

CPU = torch.device("cpu")


def test_a_thousand_ones_end_where_the_ones_are_too_small():
    assert elsewhere.counted() == {"where a thousand ones end": 256.0}
    ones = torch.arange(250, 262, dtype=torch.float32).bfloat16().float().tolist()
    assert 257.0 not in ones
    assert {255.0, 256.0, 258.0} < set(ones)


@pytest.mark.usefixtures("one_thread")
def test_readers_are_the_networks_that_train_trains():
    readers = elsewhere.Readers(range(1000, 1003), half=False)
    readers.learn()
    runs = train(
        lambda seed: mlp(elsewhere.WIDTHS, seed=seed), lambda seed: digits(seed=seed),
        lr=elsewhere.LR, steps=elsewhere.STEPS, batch_size=elsewhere.BATCH,
        seeds=range(1000, 1003), optimizer=SGD(0.9), device="cpu",
    )  # fmt: skip
    assert torch.equal(readers.accuracy(), runs.values("test_accuracy"))
    assert torch.allclose(readers.weights[0].detach(), runs.parameters["0.weight"], atol=1e-4)


@pytest.mark.usefixtures("one_thread")
def test_in_half_the_bits_products_are_rounded_and_weights_are_not():
    readers = elsewhere.Readers(range(1000, 1002), half=True)
    readers.learn()
    assert readers.seen == {
        "products": torch.bfloat16, "weights": torch.float32, "gradients": torch.float32,
    }  # fmt: skip
    assert (readers.accuracy() > 0.85).all()


def test_the_fastest_of_several_times_is_from_the_call_to_the_end(monkeypatch):
    now = iter([0.0, 9.0, 20.0, 23.0, 30.0, 32.0])
    waited = []
    monkeypatch.setattr(time, "perf_counter", lambda: next(now))
    monkeypatch.setattr(elsewhere, "wait", waited.append)
    assert elsewhere.fastest(lambda: None, CPU, rounds=2) == 2.0
    assert waited == 6 * [CPU]


def test_a_queue_gives_the_call_back_before_the_work_is_done():
    back, done = elsewhere.two_clocks().values()
    assert 0 < back < done


@pytest.mark.parametrize("times", [elsewhere.times_of_copies, elsewhere.times_by_batch])
def test_what_is_timed_takes_time(times):
    found = times()
    assert len(found) > 2
    assert all(0 < seconds < math.inf for seconds in found.values())


def test_a_card_is_taken_where_there_is_one_and_its_compiler_is_triton(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert elsewhere.place().type == "cuda"
    monkeypatch.setattr("torch.utils._triton.has_triton", lambda: False)
    assert elsewhere.compiler() is None
    monkeypatch.setattr("torch.utils._triton.has_triton", lambda: True)
    assert elsewhere.compiler() == "Triton"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert elsewhere.compiler() is None


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch's own, of its compiler
@pytest.mark.skipif(elsewhere.compiler() is None, reason="no compiler")
def test_a_compiled_network_is_timed_with_its_first_call():
    found = elsewhere.times_compiled(rounds=1)
    assert found["compiled, the first time"] > found["compiled"] > 0


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_on_cuda_the_page_times_the_card():
    back, done = elsewhere.two_clocks().values()
    assert 0 < back < done
    assert elsewhere.times_of_copies().keys() >= {"the network's answers"}
