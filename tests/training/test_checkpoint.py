"""A killed run goes on to the same bits; workers give the same numbers."""

import os
import signal
import subprocess
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
import torch

from relukit.datasets import moons
from relukit.errors import InvalidTypeError, InvalidValueError
from relukit.networks import mlp
from relukit.training import Adam, Checkpoint, Factors, Machine, Record, train
from relukit.training.dispatch import _run_packed
from relukit.training.jobs import cut

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_thread")]
ROOT = Path(__file__).parents[2]
DATA = moons(200, noise=0.2, seed=1)
OPTIONS = {"lr": [0.01, 0.03], "seeds": 4, "steps": 60, "batch_size": 32, "optimizer": "adam",
           "record": Record(20, layers=True, units=True)}  # fmt: skip
# kills itself inside the second chunk, between two writes
KILLED = """
import os, signal, sys
from relukit.training import loop
from tests.training.test_checkpoint import run, Checkpoint
update, calls = loop.Chunk._update, []
def fatal(self):
    calls.append(0)
    if len(calls) == 60 + 37:
        os.kill(os.getpid(), signal.SIGKILL)
    update(self)
loop.Chunk._update = fatal
run(checkpoint=Checkpoint(sys.argv[1], every=10))
"""


def net(seed):
    return mlp([2, 16, 16, 2], seed=seed)


def run(*, memory=900_000, executor=None, **changes):
    machine = Machine("cpu", memory, executor)
    return train(net, DATA, device=machine, **(OPTIONS | changes))


def same_bits(one, other):
    assert torch.equal(one.loss, other.loss)
    assert torch.equal(one.diverged_at, other.diverged_at)
    for name, value in one.parameters.items():
        assert torch.equal(value, other.parameters[name])
    for name, value in one.measured.items():
        assert torch.equal(value, other.measured[name])
    for line, twin in zip(one.alive, other.alive, strict=True):
        assert torch.equal(line.alive, twin.alive)


def test_a_run_killed_in_the_middle_ends_bit_identical(tmp_path):
    path = tmp_path / "run.pt"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)], cwd=ROOT, capture_output=True, text=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    states = torch.load(path, weights_only=True)["chunks"]
    assert [states[i]["step"] for i in sorted(states)] == [60, 30]
    resumed = run(checkpoint=Checkpoint(path, every=10))
    same_bits(resumed, run())
    assert not resumed.partial
    assert [p.name for p in tmp_path.iterdir()] == ["run.pt"]


def test_a_finished_run_is_read_and_not_trained_again(tmp_path, monkeypatch):
    first = run(checkpoint=tmp_path / "run.pt")
    monkeypatch.setattr("relukit.training.loop.Chunk._update", lambda _: pytest.fail("trained"))
    same_bits(run(checkpoint=tmp_path / "run.pt"), first)


def test_an_interrupted_run_goes_on_from_its_checkpoint(tmp_path, monkeypatch):
    from relukit.training import loop

    update, calls = loop.Chunk._update, []

    def interrupted(self):
        calls.append(0)
        if len(calls) == 33:
            raise KeyboardInterrupt
        update(self)

    monkeypatch.setattr(loop.Chunk, "_update", interrupted)
    assert run(checkpoint=Checkpoint(tmp_path / "run.pt", every=10)).partial
    monkeypatch.undo()
    same_bits(run(checkpoint=Checkpoint(tmp_path / "run.pt", every=10)), run())


@pytest.mark.parametrize("memory", [500_000, 1_300_000, 2**30])
def test_an_interrupted_run_goes_on_with_another_budget_and_executor(tmp_path, monkeypatch, memory):
    from relukit.training import loop

    update, calls = loop.Chunk._update, []

    def interrupted(self):
        calls.append(0)
        if len(calls) == 60 + 33:  # in the second chunk
            raise KeyboardInterrupt
        update(self)

    monkeypatch.setattr(loop.Chunk, "_update", interrupted)
    assert run(checkpoint=Checkpoint(tmp_path / "run.pt", every=10)).partial
    monkeypatch.undo()
    saved = torch.load(tmp_path / "run.pt", weights_only=True)["chunks"]
    assert [state["step"] for state in saved.values()] == [60, 30]
    with ThreadPoolExecutor(2) as pool:
        resumed = run(checkpoint=tmp_path / "run.pt", memory=memory, executor=pool)
    same_bits(resumed, run())
    assert not resumed.partial
    steps_begun = run(checkpoint=tmp_path / "run.pt", memory=memory)
    same_bits(steps_begun, resumed)


def test_chunks_keep_to_the_borders_of_saved_states():
    saved = {4: {"step": 3, "diverged_at": torch.arange(4), "records": [{"a": torch.arange(4)}]}}
    chunks, shared = cut(10, 3, saved)
    assert [list(chunk) for chunk in chunks.values()] == [[0, 1, 2], [3], [4, 5, 6], [7], [8, 9]]
    assert list(shared) == [4, 7]
    assert shared[4]["diverged_at"].tolist() == [0, 1, 2]
    assert shared[7]["records"][0]["a"].tolist() == [3]
    assert shared[7]["step"] == 3


def test_a_checkpoint_in_a_folder_that_is_not_there_is_refused_before_training(tmp_path):
    with pytest.raises(InvalidValueError, match="folder that is there"):
        run(checkpoint=tmp_path / "no" / "run.pt")


def talking(seed):
    return Talking(2, 2)


class Talking(torch.nn.Linear):
    def forward(self, x):
        warnings.warn("weights of a kind", stacklevel=1)
        return super().forward(x)


def test_a_warning_in_another_process_is_not_lost():
    with warnings.catch_warnings(record=True) as here:
        warnings.simplefilter("always")
        train(talking, DATA, lr=0.1, seeds=2, steps=1, device="cpu")
    with (
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
        warnings.catch_warnings(record=True) as there,
    ):
        warnings.simplefilter("always")
        train(talking, DATA, lr=0.1, seeds=2, steps=1, device=Machine(executor=pool))
    assert {str(w.message) for w in here} == {"weights of a kind"}
    before_training = len(here) - 3  # two measurements and a step
    assert len(there) > before_training
    assert {str(w.message) for w in there} == {"weights of a kind"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lr": [0.01, 0.04]}, r"another lr \(0.01, 0.03\) \(now \(0.01, 0.04\)\)"),
        ({"steps": 61}, "another steps 60"),
        ({"optimizer": Adam(beta1=0.8)}, "another optimizer Adam"),
        ({"factors": Factors(weight_decay=0.1)}, "another weight_decay"),
        ({"network": lambda seed: mlp([2, 16, 16, 2], seed=seed + 1)}, "another initial param"),
        ({"network": lambda seed: mlp([2, 16, 16, 2], "gelu", seed=seed)}, "another network"),
        ({"data": moons(200, noise=0.3, seed=1)}, "another data"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused_by_name(changes, words, tmp_path):
    path = tmp_path / "run.pt"
    run(checkpoint=path, steps=60)
    before = path.read_bytes()
    options = {"network": net, "data": DATA, **OPTIONS, "device": "cpu"} | changes
    network, data = options.pop("network"), options.pop("data")
    with pytest.raises(InvalidValueError, match=words):
        train(network, data, checkpoint=path, **options)
    assert path.read_bytes() == before


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("my notes")
    with pytest.raises(InvalidValueError, match="checkpoint that train wrote"):
        run(checkpoint=path)
    assert path.read_text() == "my notes"
    with pytest.raises((InvalidValueError, InvalidTypeError)):
        Checkpoint(path, every=0)


def test_threads_give_the_same_numbers_and_fill_a_checkpoint(tmp_path):
    with ThreadPoolExecutor(2) as pool:
        spread = run(executor=pool, checkpoint=tmp_path / "run.pt")
    same_bits(spread, run())
    assert len(torch.load(tmp_path / "run.pt", weights_only=True)["chunks"]) >= 2


def _run_packed_and_die(packed):
    if os.environ.get("RELUKIT_TEST_DEATH"):
        os.kill(os.getpid(), signal.SIGKILL)
    return _run_packed(packed)


def test_a_broken_pool_loses_nothing(monkeypatch):
    monkeypatch.setenv("RELUKIT_TEST_DEATH", "1")
    monkeypatch.setattr("relukit.training.dispatch._run_packed", _run_packed_and_die)
    with (
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
        pytest.warns(UserWarning, match="a worker died"),
    ):
        runs = run(executor=pool)
    same_bits(runs, run())


def _run_packed_after_one_death(packed):
    from pathlib import Path

    mark = Path(os.environ["RELUKIT_TEST_MARK"])
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return _run_packed(packed)


def test_a_cluster_gives_the_same_numbers_though_a_worker_is_killed(tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed")
    monkeypatch.setenv("RELUKIT_TEST_MARK", str(tmp_path / "killed"))
    monkeypatch.setattr("relukit.training.dispatch._run_packed", _run_packed_after_one_death)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        runs = run(executor=client.get_executor(), memory=1_300_000)
    assert (tmp_path / "killed").exists()
    assert not runs.partial
    same_bits(runs, run())


def test_what_a_run_left_that_was_killed_while_it_wrote_is_cleared_away(tmp_path):
    left = tmp_path / "run.pt.0123abcd.tmp"
    left.write_bytes(b"half")
    run(checkpoint=tmp_path / "run.pt")
    assert [path.name for path in tmp_path.iterdir()] == ["run.pt"]
